"""One person on the bench: a motor pool, the clock, what is being done to it, and what is recorded.

A session is closed loop: events may be added while it runs, because a cramp's onset is not known before. It knows
nothing of experiments.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from charley.neuromuscular import SlowState, Subject, reflex_loop
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.protocol import NerveShock, Protocol, TendonShock, Train, Vibration
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.laboratory import Mark

MS_PER_S = 1000.0
RECORD_MS = 10
CHUNK_MS = 2000  # rows of what is done are made this many at a time
EDGE_S = 0.05  # in which an effort or an inhibition is taken up or let go
MOVE_S = 1.0  # in which the joint is put somewhere


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the record. A rest that was skipped, as nothing fired, has two rows (its ends) and no impulses."""

    start_ms: int
    end_ms: int
    time_s: Floats
    z: Floats  # (n, loop.STATES)
    spike_ms: Ints
    spike_unit: Ints
    spike_kind: Ints
    skipped: bool = False

    @property
    def rate_hz(self) -> float:
        """Impulses at the muscle per second, summed over the pool."""
        return float(self.z[:, reflex_loop.MUSCLE_SPIKES].sum()) * MS_PER_S / (self.end_ms - self.start_ms)


class Session:
    """A pool under a protocol that grows. All times are seconds of the pool's own clock."""

    def __init__(
        self,
        subject: Subject,
        state: SlowState,
        seed: int,
        angle_deg: float | None,
        base: Protocol,
        background: float = 0.0,
    ) -> None:
        self.pool = Pool(subject, state, seed)
        self.subject, self.state = subject, state
        self.p = self.pool.p
        self.angle_deg = float(self.p.test_angle_deg if angle_deg is None else angle_deg)
        self.background = background
        self.marks: list[Mark] = []
        self.parts: list[Part] = []
        self.forces_held: list[bool] = []  # of each effort with a force to hold, whether the drive could hold it
        self.first = self._base = base
        self._efforts: list[tuple[float, float, float]] = []
        self._inhibitions: list[tuple[float, float, float]] = []
        self._angles: list[tuple[float, float]] = [(0.0, self.angle_deg)]
        self._done: Protocol | None = None

    @property
    def now_s(self) -> float:
        """The clock."""
        return self.pool.tick / MS_PER_S

    # ---- what is done ----

    def train(self, train: Train) -> None:
        """Give a train of pulses."""
        self._add(
            "trains", train, Mark("train", train.start_s, train.end_s, f"{train.frequency_hz:g} Hz", train.frequency_hz)
        )

    def effort(self, start_s: float, end_s: float, level: float) -> None:
        """Contract at will from ``start_s`` to ``end_s``."""
        self._efforts.append((start_s, end_s, level))
        self._changed(Mark("effort", start_s, end_s, f"effort {100 * level:.0f} %", level))

    def hold(self, start_s: float, end_s: float, force: float, rises: tuple[tuple[float, float], ...]) -> None:
        """Contract with a share ``force`` of the maximal voluntary force, by a drive that grows by ``rises``: (seconds
        from the start, what is added)."""
        self._efforts += [(start_s + after_s, end_s, added) for after_s, added in rises]
        self._changed(Mark("effort", start_s, end_s, f"force {100 * force:.0f} %", force))

    def let_go(self) -> None:
        """End any effort now."""
        now = self.now_s
        self._efforts = [(a, min(b, now), v) for a, b, v in self._efforts if a < now]
        ended = [replace(m, end_s=min(m.end_s, now)) if m.kind == "effort" else m for m in self.marks]
        self.marks = [m for m in ended if m.kind != "effort" or m.start_s < now]
        self._done = None

    def inhibit(self, start_s: float, end_s: float, size: float) -> None:
        """Inhibit all motor neurons from elsewhere."""
        self._inhibitions.append((start_s, end_s, size))
        self._changed(Mark("inhibit", start_s, end_s, "inhibition", size))

    def move(self, at_s: float, to_deg: float, in_s: float, for_s: float | None = None) -> None:
        """Move the joint, and back after ``for_s``."""
        before = float(np.interp(at_s, *np.array(self._angles).T))
        points = [(at_s, before), (at_s + in_s, to_deg)]
        if for_s is not None:
            points += [(at_s + in_s + for_s, to_deg), (at_s + 2.0 * in_s + for_s, before)]
        kept = [point for point in self._angles if point[0] < at_s]
        self._angles = kept + points
        self._changed(Mark("stretch", at_s, points[-1][0], f"to {to_deg:+g}°".replace("-", "−"), to_deg))

    def test_reflex(self, shock: NerveShock, current_pct: float) -> None:
        """Give one shock to the nerve, whose reflex is looked at."""
        self._add(
            "nerve_shocks", shock, Mark("reflex", shock.at_s, shock.at_s, f"shock {current_pct:g} %", current_pct)
        )

    def shock(self, at_s: float, rate_hz: float, for_s: float) -> None:
        """Shock the tendon."""
        self._add("tendon_shocks", TendonShock(at_s, rate_hz, for_s), Mark("shock", at_s, at_s + for_s, "tendon shock"))

    def vibrate(self, start_s: float, for_s: float, frequency_hz: float, share: float) -> None:
        """Vibrate the tendon."""
        event = Vibration(start_s, for_s, frequency_hz, share)
        self._add("vibrations", event, Mark("vibration", start_s, start_s + for_s, f"vibration {frequency_hz:g} Hz"))

    def sip(self, at_s: float, strength: float, label: str) -> None:
        """Drink something that acts by its taste."""
        self._add("drinks_s", (at_s, strength), Mark("sip", at_s, at_s, label, strength))

    def cuff(self, start_s: float, for_s: float) -> None:
        """Stop the blood flow."""
        self._add("occlusion_s", (start_s, start_s + for_s), Mark("cuff", start_s, start_s + for_s, "no flow"))

    def block(self, what: str, from_s: float) -> None:
        """Block the nerve above the electrode, or the tendon organ."""
        change: dict[str, Any] = {"block_from_s" if what == "nerve" else "tendon_organ_cut_from_s": from_s}
        self._base = replace(self._base, **change)
        self._changed(Mark("block", from_s, float("inf"), f"{what} blocked"))

    def _add(self, kind: str, event: Any, mark: Mark) -> None:
        change: dict[str, Any] = {kind: (*getattr(self._base, kind), event)}
        self._base = replace(self._base, **change)
        self._changed(mark)

    def _changed(self, mark: Mark) -> None:
        self.marks.append(mark)
        self._done = None

    def protocol(self) -> Protocol:
        """All that is being done, as the pool wants it."""
        if self._done is None:
            self._done = replace(
                self._base,
                joint_angle_deg=tuple(self._angles),
                voluntary=_steps(self._efforts, self.background),
                inhibition=_steps(self._inhibitions, 0.0),
            )
        return self._done

    # ---- time passes ----

    def run(self, ms: int) -> Part:
        """Let ``ms`` milliseconds pass, and record them as one part."""
        pieces = []
        start = self.pool.tick
        for at in range(start, start + ms, CHUNK_MS):
            rows = self.protocol().rows(self.p, at, min(at + CHUNK_MS, start + ms))
            pieces.append(self.pool.run(rows, RECORD_MS))
        z = np.concatenate([piece[0] for piece in pieces])
        spike_ms, unit, kind = (np.concatenate([piece[k] for piece in pieces]) for k in (1, 2, 3))
        first = (start // RECORD_MS + 1) * RECORD_MS
        time_s = (first + RECORD_MS * np.arange(len(z))) / MS_PER_S
        part = Part(start, self.pool.tick, time_s, z, spike_ms, unit, kind)
        self.parts.append(part)
        return part

    def run_to(self, time_s: float) -> None:
        """Let time pass up to ``time_s``."""
        ms = round(time_s * MS_PER_S) - self.pool.tick
        if ms > 0:
            self.run(ms)

    def rest(self, seconds: float, window_ms: int) -> None:
        """Let time pass; once nothing fires and nothing is going on, only the slow states are followed."""
        left = round(MS_PER_S * seconds)
        mark = Mark("rest", self.now_s, self.now_s + seconds)
        while left > window_ms and not self._may_skip(left):
            self.run(window_ms)
            left -= window_ms
        if left > 0 and self._may_skip(left):
            start, before = self.pool.tick, self.pool.z.copy()
            self.pool.rest(left / MS_PER_S, self.protocol().rows(self.p, start, start + 1)[0])
            ends = np.array([start, self.pool.tick]) / MS_PER_S
            nothing = np.zeros(0, np.int64)
            z = np.stack([before, self.pool.z])
            z[:, reflex_loop.MUSCLE_SPIKES] = 0.0
            self.parts.append(Part(start, self.pool.tick, ends, z, nothing, nothing, nothing, skipped=True))
        elif left > 0:
            self.run(left)
        self.marks.append(mark)

    def _may_skip(self, left_ms: int) -> bool:
        """Nothing fires, and the protocol does nothing until ``left_ms`` are over."""
        now, end = self.now_s, self.now_s + left_ms / MS_PER_S
        busy = any(
            m.start_s < end and m.end_s > now for m in self.marks if m.kind not in ("rest", "block", "sip", "cramp")
        )
        return self.pool.quiet and not busy and self.background == 0.0

    def twin(self) -> Session:
        """The same person at the same moment, to try something on: what is done to the one leaves the other alone.

        Shocks that are still to come and only test a reflex are left out.
        """
        other = copy.copy(self)
        if self._base.nerve_shocks:
            other._base, other._done = replace(self._base, nerve_shocks=()), None
        other.parts, other.marks, other.forces_held = [], list(self.marks), []
        other._efforts, other._inhibitions = list(self._efforts), list(self._inhibitions)
        other.pool = copy.copy(self.pool)
        for array in ("blocks", "units", "axons", "z", "rings"):
            setattr(other.pool, array, getattr(self.pool, array).copy())
        return other

    def would_go_on(self, settle_ms: int, window_ms: int, windows: int, rate_hz: float) -> bool:
        """Would the muscle go on by itself, at ``rate_hz`` a unit, if any effort ended now? Tried on a copy."""
        other = self.twin()
        other.let_go()
        other.run(settle_ms)
        return all(other.run(window_ms).rate_hz / self.subject.units >= rate_hz for _ in range(windows))


def _steps(intervals: list[tuple[float, float, float]], base: float) -> tuple[tuple[float, float], ...]:
    """Points of a sum of steps with short edges: shape of a ``Profile``."""
    if not intervals:
        return ((0.0, base),) if base else ()
    times = sorted({t for a, b, _ in intervals for t in (a, a + EDGE_S, b, b + EDGE_S)})
    starts, ends, sizes = np.array(intervals).T
    level = [(np.clip((t - starts) / EDGE_S, 0.0, 1.0) - np.clip((t - ends) / EDGE_S, 0.0, 1.0)) @ sizes for t in times]
    return tuple(zip(times, (base + np.array(level)).tolist(), strict=True))
