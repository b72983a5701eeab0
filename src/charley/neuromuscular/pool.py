"""A motor pool with its muscle, held in arrays: built from a subject and a slow state, run for milliseconds, rested
for minutes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from charley.neuromuscular import layout as at
from charley.neuromuscular import noise, reflex_loop
from charley.neuromuscular.excitability import sensitisation_rate, threshold_shift_mv
from charley.neuromuscular.flow import fast_fatigue_rate, flow_share, metabolite_rate
from charley.neuromuscular.load_kernel import Engine, load
from charley.neuromuscular.muscle import passive_force
from charley.neuromuscular.subject import SlowState, Subject
from charley.neuromuscular.temperature import at_temperature
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.errors import ProtocolError, SimulationError

DEFAULT_STEP_S = 0.0005
ENGINES = ("auto", "kernel", "reference")
SPIKES_PER_UNIT_MS = 0.2  # room for 200 impulses a second from each unit
REST_STEP_S = 0.1
QUIET_MS = 2000.0  # without an impulse; a pool in which noise fires more often than that sits its rests out


class Pool:
    """The loop's state. Not thread-safe itself; pools are independent of each other, so threads may run one each."""

    def __init__(
        self,
        subject: Subject,
        state: SlowState | None = None,
        seed: int = 1,
        dt_s: float = DEFAULT_STEP_S,
        precision: type[np.floating] = np.float64,
        engine: str = "auto",
    ) -> None:
        state = (state or SlowState()).check()
        self.subject, self.seed, self.tick = subject, int(seed), 0
        self.p = at_temperature(subject.constants(), float(state.temperature_c))
        self.steps = round(0.001 / dt_s)
        if self.steps < 1 or abs(self.steps * dt_s - 0.001) > 1e-9:
            raise ProtocolError("protocol-value", f"a step of {dt_s:g} s", next_step="Choose a whole fraction of 1 ms.")
        self._engine = _engine(engine)
        self._build(subject.units, precision)
        self._set_state(subject, state)

    def _build(self, n: int, precision: type[np.floating]) -> None:
        p = self.p
        dt_ms = 1.0 / self.steps
        x = (np.arange(n) + 0.5) / n
        blocks = np.zeros((-(-n // at.WIDTH), at.ROWS, at.WIDTH), precision)

        def put(row: int, values: ArrayLike) -> None:
            flat = np.zeros(blocks.shape[0] * at.WIDTH)
            flat[:n] = values
            blocks[:, row] = flat.reshape(-1, at.WIDTH)

        blocks[:, at.V_SOMA], blocks[:, at.V_DENDRITE] = p.leak_reversal_mv, p.leak_reversal_mv
        put(at.INACTIVATION, 1.0)
        put(at.DRIVE, p.drive_range**-x)
        put(at.PIC_CONDUCTANCE, p.pic_conductance * (1.0 + p.pic_spread * self._stratified_normal(n)))
        ahp_ms = p.ahp_time_small_ms + (p.ahp_time_large_ms - p.ahp_time_small_ms) * x
        put(at.AHP_DECAY, np.exp(-0.5 * dt_ms / ahp_ms))
        self.blocks = blocks.reshape(len(blocks), -1)

        twitch = p.twitch_range**x
        self.units = np.zeros((at.UNIT_ROWS, n))
        self.units[at.TWITCH_FORCE] = twitch / twitch.sum()
        self.units[at.TWITCH_RATE] = 1.0 / (p.twitch_small_ms * (p.twitch_large_ms / p.twitch_small_ms) ** x)
        self.units[at.TERMINAL_SPREAD] = 1.0 + p.terminal_spread * (2.0 * x - 1.0)
        self.units[at.SINCE_SPIKE] = 1e6
        self.units[at.RANK] = (self._shuffled(n, noise.AXON_RANK) + 0.5) / n
        self.axons = np.zeros((4, n), np.uint64)
        self.rings = np.zeros((2, reflex_loop.RING))

        c = np.zeros(at.CONSTANTS)
        c[at.SOMA_STEP] = 0.5 * dt_ms / p.soma_time_constant_ms
        c[at.DENDRITE_STEP] = 0.5 * dt_ms / p.dendrite_time_constant_ms
        c[at.COUPLING_SOMA], c[at.COUPLING_DENDRITE] = p.coupling_soma, p.coupling_dendrite
        c[at.AHP_CONDUCTANCE], c[at.E_LEAK], c[at.E_POTASSIUM] = (
            p.ahp_conductance,
            p.leak_reversal_mv,
            p.potassium_reversal_mv,
        )
        c[at.E_CALCIUM], c[at.E_INHIBITORY], c[at.E_EXCITATORY] = (
            p.calcium_reversal_mv,
            p.inhibitory_reversal_mv,
            p.excitatory_reversal_mv,
        )
        c[at.V_RESET], c[at.STEP], c[at.REFRACTORY_MS], c[at.KICK] = (
            p.reset_mv,
            dt_ms,
            p.refractory_ms,
            p.dendrite_kick_mv,
        )
        c[at.PIC_RELAX], c[at.PIC_SLOPE] = 1.0 - math.exp(-dt_ms / p.pic_time_ms), 1.0 / p.pic_slope_mv
        c[at.SPIKE_THRESHOLD], c[at.PIC_HALF] = p.spike_threshold_mv, p.pic_half_mv
        c[at.EXP_SCALE], c[at.EXP_LIMIT], c[at.ZERO], c[at.ONE], c[at.TWO] = 1.0 / 64.0, 16.0, 0.0, 1.0, 2.0
        c[at.EXP_POWERS :] = [1.0 / math.factorial(k + 1) for k in range(at.EXP_TERMS)]
        self.c = c.astype(precision)

    def _shuffled(self, n: int, stream: int) -> Ints:
        """A permutation of the units that depends on seed and stream alone."""
        with np.errstate(over="ignore"):
            words = noise.bits(noise.address(self.seed, stream, 0), np.arange(n, dtype=np.uint64))
        return np.argsort(np.argsort(words))

    def _stratified_normal(self, n: int) -> Floats:
        """Normal quantiles in random order: pools differ in the order of their units, not in their most excitable
        one."""
        from statistics import NormalDist

        quantiles = np.array([NormalDist().inv_cdf((k + 0.5) / n) for k in range(n)])
        return np.asarray(np.clip(quantiles, -2.0, 2.0)[self._shuffled(n, noise.PIC_RANK)])

    def _set_state(self, subject: Subject, state: SlowState) -> None:
        z = np.zeros(reflex_loop.STATES)
        z[reflex_loop.TRAIT_MV], z[reflex_loop.ION_MV], z[reflex_loop.ADAPTATION] = (
            subject.excitability_mv,
            state.ion_shift_mv,
            state.adaptation,
        )
        z[reflex_loop.PAIN], z[reflex_loop.SPINDLE_GAIN], z[reflex_loop.TENDON_GAIN] = (
            state.pain,
            subject.spindle_gain,
            subject.tendon_organ_gain,
        )
        z[reflex_loop.METABOLITES], z[reflex_loop.SENSITISATION] = state.metabolites, state.sensitisation
        z[reflex_loop.FAST_FATIGUE], z[reflex_loop.SLOW_FATIGUE] = state.fast_fatigue, state.slow_fatigue
        z[reflex_loop.LENGTH] = 0.0  # unsettled: set by the first row
        self.z = z

    def slow_state(self, base: SlowState) -> SlowState:
        """``base`` with what the simulation has changed."""
        from dataclasses import replace

        z = self.z
        return replace(
            base,
            metabolites=float(z[reflex_loop.METABOLITES]),
            fast_fatigue=float(z[reflex_loop.FAST_FATIGUE]),
            slow_fatigue=float(z[reflex_loop.SLOW_FATIGUE]),
            sensitisation=float(z[reflex_loop.SENSITISATION]),
        )

    @property
    def arrays(self) -> at.PoolArrays:
        """The pool as its engine changes it: no copy."""
        return at.PoolArrays(self.blocks, self.units, self.axons, self.z, self.rings)

    def run(self, rows: Floats, record_ms: int = 10) -> tuple[Floats, Ints, Ints, Ints]:
        """Advance over ``rows`` (one a millisecond). Returns records (n, STATES) and spikes: ms since the start,
        unit, kind."""
        ms = len(rows)
        if self.z[reflex_loop.LENGTH] == 0.0:
            self._settle(rows[0])
        record = np.zeros((ms // record_ms + 1, reflex_loop.STATES))
        room = int(SPIKES_PER_UNIT_MS * self.subject.units * ms) + 10 * self.subject.units
        spike_ms, spike_unit, spike_kind = (np.zeros(room, np.int64) for _ in range(3))
        recorder = at.Recorder(record_ms, record, spike_ms, spike_unit, spike_kind)
        seed = np.uint64(self.seed)  # the kernel's own type: one signature, one compilation
        count = self._engine.advance(self.arrays, self.p, self.c, seed, self.tick, rows, self.steps, recorder)
        recorded = (self.tick + ms) // record_ms - self.tick // record_ms
        self.tick += ms
        self._check(count, room)
        return record[:recorded], spike_ms[:count], spike_unit[:count], spike_kind[:count]

    def _settle(self, row: Floats) -> None:
        z, length = self.z, row[reflex_loop.PASSIVE_LENGTH]
        z[reflex_loop.LENGTH] = z[reflex_loop.SPINDLE_SET] = length
        z[reflex_loop.FORCE] = z[reflex_loop.FORCE_BEFORE] = z[reflex_loop.TENDON_FORCE] = passive_force(self.p, length)
        z[reflex_loop.FLOW] = flow_share(self.p, z[reflex_loop.FORCE], 0.0)

    def _check(self, count: int, room: int) -> None:
        membrane = self.blocks.reshape(len(self.blocks), at.ROWS, at.WIDTH)
        potentials = membrane[:, [at.V_SOMA, at.V_DENDRITE]]
        limit_mv = 500.0
        sound = np.isfinite(self.z).all() and np.isfinite(membrane).all() and np.abs(potentials).max() < limit_mv
        if not sound:
            raise SimulationError(
                "simulation-diverged", "a state left its range", f"{self.subject.muscle}, {self.tick / 1000:g} s"
            )
        if count >= room:
            raise SimulationError(
                "simulation-diverged",
                "more than 200 impulses a second from each unit",
                f"{self.subject.muscle}, {self.tick / 1000:g} s",
            )

    def discharge(self, drive: float, inhibition: float, seconds: float) -> Ints:
        """Impulses of each unit, shape (units,), with no reflex, muscle or noise: conductances on all dendrites are
        held.

        The bare membrane equations, for the f-I curve, the map of bistability, convergence and speed.
        """
        counts = np.zeros(self.blocks.shape[0] * at.WIDTH, np.int64)
        excitatory, inhibitory = (np.full(self.steps, value, self.blocks.dtype) for value in (drive, inhibition))
        self._engine.discharge(self.blocks, excitatory, inhibitory, self.c, round(seconds * 1000.0), counts)
        self._check(0, 1)
        return counts[: self.subject.units]

    @property
    def quiet(self) -> bool:
        """True when nothing fires, nothing is under way and every volley has faded: time may be skipped.

        A stray impulse of a unit, one in several seconds of the whole pool, is lost with the time that is skipped.
        """
        z = self.z
        return bool(
            z[reflex_loop.POOL_RATE] < 1e-3
            and z[reflex_loop.COLLATERAL] < 1e-3
            and z[reflex_loop.VOLLEY] < 1e-4
            and not self.axons.any()
            and self.units[at.SINCE_SPIKE].min() > QUIET_MS
        )

    def rest(self, seconds: float, row: Floats) -> None:
        """Skip ``seconds`` in which nothing fires: slow states only, decays exactly and fatigue in steps of 0.1 s."""
        p, z, ms = self.p, self.z, round(seconds * 1000.0)
        membrane = self.blocks.reshape(len(self.blocks), at.ROWS, at.WIDTH)
        target = 1.0 - p.pic_inactivation * membrane[:, at.PIC]
        kept = math.exp(-seconds / p.pic_inactivation_time_s)
        membrane[:, at.INACTIVATION] = target + (membrane[:, at.INACTIVATION] - target) * kept
        membrane[:, at.AHP] = 0.0
        self.units[at.LATE_ADAPTATION] *= math.exp(-seconds / p.late_adaptation_time_s)
        self.units[at.POTASSIUM] *= math.exp(-ms / p.potassium_time_ms)
        self.units[at.PUMP] *= math.exp(-ms / p.pump_time_ms)
        z[reflex_loop.SENSORY_POTASSIUM] *= math.exp(-ms / p.potassium_time_ms)
        z[reflex_loop.SENSORY_PUMP] *= math.exp(-ms / p.pump_time_ms)
        self.units[[at.TWITCH_1, at.TWITCH_2]] = 0.0
        self.units[at.SINCE_SPIKE] += ms
        self.rings[:] = 0.0
        z[
            [
                reflex_loop.POOL_RATE,
                reflex_loop.COLLATERAL,
                reflex_loop.VOLLEY,
                reflex_loop.VELOCITY,
                reflex_loop.ACTIVATION,
            ]
        ] = 0.0
        self._settle(row)
        flow = flow_share(p, z[reflex_loop.FORCE], row[reflex_loop.OCCLUDED])
        steps = max(1, math.ceil(seconds / REST_STEP_S))
        h = seconds / steps
        for _ in range(steps):
            m, fast = z[reflex_loop.METABOLITES], z[reflex_loop.FAST_FATIGUE]
            z[reflex_loop.METABOLITES] += h * metabolite_rate(p, m, 0.0, flow)
            z[reflex_loop.FAST_FATIGUE] += h * fast_fatigue_rate(p, fast, m, flow)
            z[reflex_loop.SENSITISATION] += h * sensitisation_rate(p, z[reflex_loop.SENSITISATION], 0.0)
        z[reflex_loop.PAIN_FELT] *= math.exp(-seconds / p.pain_summation_s)
        z[reflex_loop.SHIFT_MV] = threshold_shift_mv(
            p,
            z[reflex_loop.TRAIT_MV],
            z[reflex_loop.ION_MV],
            z[reflex_loop.FAST_FATIGUE],
            z[reflex_loop.SENSITISATION],
            z[reflex_loop.ADAPTATION],
        )
        self.tick += ms


def _engine(name: str) -> Engine:
    if name not in ENGINES:
        raise ProtocolError("protocol-value", f"unknown engine {name}", next_step=f"Choose from: {', '.join(ENGINES)}.")
    if name != "reference":
        kernel = load()
        if kernel is not None:
            return kernel
        if name == "kernel":
            step = 'Install it: make lab in the folder of the project; or choose the engine "reference".'
            raise ProtocolError("protocol-engine", "Numba is not installed", next_step=step)
    from charley.neuromuscular import reference

    return reference
