"""Simulate a protocol on a subject and keep what a laboratory would have recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.neuromuscular import layout as at
from charley.neuromuscular import reflex_loop
from charley.neuromuscular.flow import pressure_mmhg
from charley.neuromuscular.pool import DEFAULT_STEP_S, Pool
from charley.neuromuscular.protocol import Protocol
from charley.neuromuscular.subject import SlowState, Subject
from charley.vocabulary.arrays import Bools, Floats, Ints
from charley.vocabulary.errors import ProtocolError

CHUNK_MS = 2000  # rows of the protocol are made this many at a time
LONGEST_S = 7200.0


@dataclass(frozen=True, slots=True)
class Trace:
    """What was recorded. Series have shape (n,) on ``time_s``; spikes are impulses that reached the muscle, shape
    (spikes,)."""

    subject: Subject
    time_s: Floats
    unit_rate_hz: Floats  # impulses at the muscle per unit and second, mean over the pool
    pic_activation: Floats  # mean over the pool, 0..1
    pic_availability: Floats  # 1 - slow inactivation
    ia_hz: Floats
    ii_hz: Floats
    ib_hz: Floats
    renshaw_hz: Floats
    excitatory_conductance: Floats  # natural drive of the smallest unit, leak conductances
    inhibitory_conductance: Floats  # Ib and Renshaw
    force: Floats  # fraction of maximum
    force_n: Floats
    fibre_length: Floats  # optimal fibre lengths
    activation: Floats
    pressure_mmhg: Floats
    flow: Floats  # share of what the muscle would take
    metabolites: Floats
    fast_fatigue: Floats
    slow_fatigue: Floats
    sensitisation: Floats
    shift_mv: Floats
    spike_s: Floats
    spike_unit: Ints
    # 0 from the motor neuron, 1 straight from the stimulus, 2 from the axon's own after-discharge
    spike_kind: Ints
    end_state: SlowState
    seed: int
    dt_s: float


def simulate(
    subject: Subject | None = None,
    state: SlowState | None = None,
    protocol: Protocol | None = None,
    duration_s: float = 10.0,
    seed: int = 1,
    dt_s: float = DEFAULT_STEP_S,
    record_hz: float = 100.0,
    precision: type[np.floating] = np.float64,
    engine: str = "auto",
) -> Trace:
    """Run ``protocol`` for ``duration_s``.

    Same subject, state, protocol and seed give the same trace on any machine with the same arithmetic and on any
    number of threads. ``engine``: "kernel" (Numba), "reference" (NumPy), "auto" (kernel where Numba is installed).
    ``dt_s`` must divide 1 ms.

    Raises ProtocolError for an impossible request, SimulationError when a state leaves its range (nothing is returned
    then).
    """
    subject, state, protocol = subject or Subject(), state or SlowState(), protocol or Protocol()
    if not 0.0 < duration_s <= LONGEST_S:
        raise ProtocolError(
            "protocol-value", f"a duration of {duration_s:g} s", next_step=f"Choose up to {LONGEST_S:g} s."
        )
    if not 0.1 <= record_hz <= 1000.0:
        raise ProtocolError("protocol-value", f"recording at {record_hz:g} Hz", next_step="Choose 0.1 to 1000 Hz.")
    pool = Pool(subject, state, seed, dt_s, precision, engine)
    return record(pool, state, protocol, duration_s, record_ms=round(1000.0 / record_hz))


def record(pool: Pool, state: SlowState, protocol: Protocol, duration_s: float, record_ms: int = 10) -> Trace:
    """Run a pool that may have a past for ``duration_s`` under ``protocol``, whose clock is the pool's."""
    start, end = pool.tick, pool.tick + round(duration_s * 1000.0)
    parts = []
    for chunk in range(start, end, CHUNK_MS):
        parts.append(pool.run(protocol.rows(pool.p, chunk, min(chunk + CHUNK_MS, end)), record_ms))
    z = np.concatenate([part[0] for part in parts])
    spike_ms, unit, kind = (np.concatenate([part[k] for part in parts]) for k in (1, 2, 3))
    first = (start // record_ms + 1) * record_ms
    time_s = (first + record_ms * np.arange(len(z))) / 1000.0
    force = z[:, reflex_loop.TENDON_FORCE]
    return Trace(
        subject=pool.subject,
        time_s=time_s,
        unit_rate_hz=z[:, reflex_loop.MUSCLE_SPIKES] / (record_ms / 1000.0) / pool.subject.units,
        pic_activation=z[:, reflex_loop.PLATEAU],
        pic_availability=z[:, reflex_loop.INACTIVATION_MEAN],
        ia_hz=z[:, reflex_loop.IA],
        ii_hz=z[:, reflex_loop.II],
        ib_hz=z[:, reflex_loop.IB],
        renshaw_hz=z[:, reflex_loop.RENSHAW],
        excitatory_conductance=z[:, reflex_loop.G_EXCITATORY] + z[:, reflex_loop.VOLLEY],
        inhibitory_conductance=z[:, reflex_loop.G_TENDON] + z[:, reflex_loop.G_RENSHAW],
        force=force,
        force_n=force * pool.p.maximal_force_n,
        fibre_length=z[:, reflex_loop.LENGTH],
        activation=z[:, reflex_loop.ACTIVATION],
        pressure_mmhg=pressure_mmhg(pool.p, force),
        flow=z[:, reflex_loop.FLOW],
        metabolites=z[:, reflex_loop.METABOLITES],
        fast_fatigue=z[:, reflex_loop.FAST_FATIGUE],
        slow_fatigue=z[:, reflex_loop.SLOW_FATIGUE],
        sensitisation=z[:, reflex_loop.SENSITISATION],
        shift_mv=z[:, reflex_loop.SHIFT_MV],
        spike_s=spike_ms / 1000.0,
        spike_unit=unit,
        spike_kind=kind,
        end_state=pool.slow_state(state),
        seed=pool.seed,
        dt_s=0.001 / pool.steps,
    )


def natural(trace: Trace) -> Bools:
    """Spikes that the stimulus did not cause directly."""
    return np.asarray(trace.spike_kind != at.DIRECT)
