"""What is done to the subject: stimulus trains, joint movement, voluntary drive, tendon shocks, cuffs, blocks,
drinks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charley.neuromuscular import reflex_loop
from charley.neuromuscular.parameters import Constants, passive_length
from charley.vocabulary.arrays import Bools, Floats, Ints
from charley.vocabulary.errors import ProtocolError

Profile = tuple[tuple[float, float], ...]  # (time_s, value) points joined by straight lines, constant before and after
MS_PER_S = 1000.0
SITES = ("nerve", "motor_point")


@dataclass(frozen=True, slots=True)
class Train:
    """A train of electrical pulses. Shares 0..1 are the parts of the motor and sensory axons that each pulse fires."""

    start_s: float
    duration_s: float
    frequency_hz: float
    site: str = "nerve"
    motor_share: float = 1.0
    sensory_share: float = 1.0

    def __post_init__(self) -> None:
        if self.site not in SITES:
            raise ProtocolError(
                "protocol-value", f"unknown site {self.site}", next_step=f"Choose from: {', '.join(SITES)}."
            )
        if not (0.0 <= self.motor_share <= 1.0 and 0.0 <= self.sensory_share <= 1.0):
            raise ProtocolError("protocol-value", "a share of axons outside 0 to 1", "stimulus train")
        if not (0.0 < self.frequency_hz <= 200.0 and 0.0 <= self.duration_s < np.inf and self.start_s >= 0.0):
            raise ProtocolError(
                "protocol-value", f"{self.frequency_hz:g} Hz for {self.duration_s:g} s", "stimulus train"
            )

    @property
    def end_s(self) -> float:
        """When the train is over."""
        return self.start_s + self.duration_s

    def pulse_ms(self) -> Ints:
        """Milliseconds at which pulses fall."""
        count = int(np.ceil(self.duration_s * self.frequency_hz - 1e-9))
        return np.round((self.start_s + np.arange(count) / self.frequency_hz) * MS_PER_S).astype(np.int64)


@dataclass(frozen=True, slots=True)
class NerveShock:
    """One shock to the nerve whose Ia impulses reach the cord together, within ``spread_s``, as a test of the reflex
    asks; those of a ``Train`` act over ``volley_time_ms``. Shares 0..1 are the axons that it fires."""

    at_s: float
    motor_share: float
    sensory_share: float
    spread_s: float


@dataclass(frozen=True, slots=True)
class TendonShock:
    """One electrical shock to the tendon: Ib fibres fire at ``rate_hz`` for ``duration_s``."""

    at_s: float
    rate_hz: float = 60.0
    duration_s: float = 0.020


@dataclass(frozen=True, slots=True)
class Vibration:
    """Vibration of the tendon: Ia fibres follow it, one impulse a cycle, in the share that it reaches."""

    start_s: float
    duration_s: float
    frequency_hz: float
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Protocol:
    """All that happens in a simulation, in seconds from its start. None: the muscle's usual test position, no event."""

    trains: tuple[Train, ...] = ()
    joint_angle_deg: Profile | float | None = None
    knee_flexion_deg: Profile | float = 0.0
    voluntary: Profile = ()  # 0..1 of a maximal contraction
    inhibition: Profile = ()  # extra inhibitory conductance on all motor neurons
    nerve_shocks: tuple[NerveShock, ...] = ()
    tendon_shocks: tuple[TendonShock, ...] = ()
    vibrations: tuple[Vibration, ...] = ()
    occlusion_s: tuple[tuple[float, float], ...] = ()  # (start, end) of a closed cuff
    drinks_s: tuple[tuple[float, float], ...] = ()  # (time, strength); strength 1 = pickle juice, 1 ml/kg
    block_from_s: float | None = None  # local anaesthetic on the nerve, proximal to the stimulus
    tendon_organ_cut_from_s: float | None = None
    gamma_static: Profile | float = 1.0
    gamma_dynamic: Profile | float = 1.0

    def rows(self, p: Constants, start_ms: int, end_ms: int) -> Floats:
        """Rows of the loop's inputs for the milliseconds ``start_ms`` to ``end_ms``: shape (ms, COLUMNS)."""
        t = np.arange(start_ms, end_ms) / MS_PER_S
        rows = np.zeros((len(t), reflex_loop.COLUMNS))
        angle = p.test_angle_deg if self.joint_angle_deg is None else self.joint_angle_deg
        rows[:, reflex_loop.PASSIVE_LENGTH] = passive_length(p, _profile(angle, t), _profile(self.knee_flexion_deg, t))
        rows[:, reflex_loop.VOLUNTARY] = p.voluntary_conductance * _profile(self.voluntary, t)
        rows[:, reflex_loop.INHIBITION] = _profile(self.inhibition, t) + _letting_go(p, self.voluntary, t)
        rows[:, reflex_loop.GAMMA_STATIC] = _profile(self.gamma_static, t)
        rows[:, reflex_loop.GAMMA_DYNAMIC] = _profile(self.gamma_dynamic, t)
        for at_s, strength in self.drinks_s:
            since = t - at_s - p.drink_delay_s
            rows[:, reflex_loop.INHIBITION] += (
                p.drink_inhibition * strength * np.where(since > 0, np.exp(-since / p.drink_fade_s), 0)
            )
        for shock in self.tendon_shocks:
            rows[_between(t, shock.at_s, shock.at_s + shock.duration_s), reflex_loop.TENDON_VOLLEY] += shock.rate_hz
        for v in self.vibrations:
            rows[_between(t, v.start_s, v.start_s + v.duration_s), reflex_loop.VIBRATION] += v.share * v.frequency_hz
        for start, end in self.occlusion_s:
            rows[_between(t, start, end), reflex_loop.OCCLUDED] = 1.0
        if self.block_from_s is not None:
            rows[t >= self.block_from_s - 1e-9, reflex_loop.BLOCKED] = 1.0
        if self.tendon_organ_cut_from_s is not None:
            rows[t >= self.tendon_organ_cut_from_s - 1e-9, reflex_loop.TENDON_CUT] = 1.0
        for train in self.trains:
            ms = train.pulse_ms()
            here = ms[(ms >= start_ms) & (ms < end_ms)] - start_ms
            rows[here, reflex_loop.PULSE_MOTOR] = train.motor_share
            reached = p.motor_point_sensory_share if train.site == "motor_point" else 1.0
            rows[here, reflex_loop.PULSE_SENSORY] = train.sensory_share * reached
        for test in self.nerve_shocks:
            at_ms = round(test.at_s * MS_PER_S)
            if start_ms <= at_ms < end_ms:
                rows[at_ms - start_ms, reflex_loop.PULSE_MOTOR] = test.motor_share
            arrives_s = (at_ms + p.afferent_delay_ms) / MS_PER_S  # one impulse in each Ia fibre that was fired
            arriving = _between(t, arrives_s, arrives_s + test.spread_s)
            rows[arriving, reflex_loop.VIBRATION] += test.sensory_share / test.spread_s
        return rows


def _profile(points: Profile | float, t: Floats) -> Floats:
    if isinstance(points, (int, float)):
        return np.full(len(t), float(points))
    if not points:
        return np.zeros(len(t))
    times, values = np.array(points, dtype=float).T
    return np.asarray(np.interp(t, times, values))


def _letting_go(p: Constants, voluntary: Profile, t: Floats) -> Floats:
    """Inhibitory conductance with which a contraction is ended: a muscle is let go, not only left alone.

    The soleus H reflex vanishes while a contraction is released (Schieppati and Crenna 1984). A leaky sum of the fall
    of the effort.
    """
    inhibition = np.zeros(len(t))
    fade = p.letting_go_fade_s
    for (start, before), (end, after) in pairwise(voluntary):
        if after < before and end > start:
            since, left = np.clip(t - start, 0.0, end - start), np.maximum(t - end, 0.0)
            built = (before - after) / (end - start) * fade * -np.expm1(-since / fade)
            inhibition += p.letting_go_inhibition * built * np.exp(-left / fade)
    return inhibition


def _between(t: Floats, start: float, end: float) -> Bools:
    return (t >= start - 1e-9) & (t < end - 1e-9)
