"""M and H wave of a muscle from single shocks to its nerve, as a laboratory reads them from its electromyogram.

A shock fires motor axons, whose impulses reach the muscle at once (M), and Ia axons, whose impulses go to the cord and
come back by the motor neurons that they fire (H). What a motor axon sends to the cord on its own meets the reflex on
its way and ends it, so that H rises with the current and falls again. Waves are measured from peak to peak in the mean
of the shocks of one current. Motor axons of all sizes answer alike to a current here; in people the large ones answer
first, while the reflex takes the small ones first, so that fewer meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.lab.emg import Impulses
from charley.lab.session import MS_PER_S, Part, Session
from charley.neuromuscular import layout
from charley.neuromuscular.emg import SAMPLE_HZ, electromyogram
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.laboratory import Mark

BEFORE_MS, AFTER_MS = 40, 90  # of a shock, that is read
M_MS = 20  # after a shock, in which the direct wave falls
H_MS = (-8, 25)  # about the time that the path takes, in which the reflex wave falls
SEEN = 0.02  # of the largest M wave: a wave that can be told


@dataclass(frozen=True, slots=True)
class Waves:
    """One value for each current, rising, shape (currents,)."""

    current_pct: Floats  # of that which fires half of the motor axons
    m_uv: Floats  # from peak to peak
    h_uv: Floats
    h_units: Floats  # share of units that fire in the time of the H wave, more than in as long a time before the shock

    @property
    def m_max_uv(self) -> float:
        """The largest M wave; 0 without one."""
        return float(self.m_uv.max(initial=0.0))

    def h_max(self) -> float:
        """The largest H wave as a share of the largest M wave."""
        return float(self.h_uv.max()) / self.m_max_uv if self.m_max_uv > 0.0 else float("nan")

    def h_at(self, m_share: float) -> float:
        """The H wave, as a share of the largest M wave, at the current whose M wave is ``m_share`` of the largest."""
        m = self.m_uv / self.m_max_uv if self.m_max_uv > 0.0 else self.m_uv
        over = np.flatnonzero(m >= m_share)
        if not len(over) or over[0] == 0:
            return float("nan")
        at = slice(over[0] - 1, over[0] + 1)
        return float(np.interp(m_share, m[at], self.h_uv[at])) / self.m_max_uv

    def threshold(self, wave: Floats) -> float:
        """Current at which a wave can first be told, between two that were given; nan where it never can."""
        over = np.flatnonzero(wave >= SEEN * self.m_max_uv) if self.m_max_uv > 0.0 else np.zeros(0, int)
        if not len(over):
            return float("nan")
        at = slice(max(over[0] - 1, 0), over[0] + 1)
        return float(np.interp(SEEN * self.m_max_uv, wave[at], self.current_pct[at]))


def waves(session: Session, marks: list[Mark]) -> Waves:
    """The waves of all shocks of a test, by current. ``marks``: those of the shocks."""
    p = session.p
    path_ms = p.afferent_delay_ms + p.conduction_proximal_ms + p.conduction_distal_ms
    h_from, h_to = (path_ms + edge for edge in H_MS)
    found = []
    for current in sorted({m.value for m in marks}):
        shocks = [_Shock.read(session, m.start_s) for m in marks if m.value == current]
        signal = np.mean([s.signal_uv for s in shocks], axis=0)
        units = np.mean([s.fired(h_from, h_to) - s.fired(h_from - h_to, 0.0) for s in shocks])
        found.append((current, _peak_to_peak(signal, 0, M_MS), _peak_to_peak(signal, h_from, h_to), units))
    return Waves(*np.array(found, dtype=np.float64).reshape(-1, 4).T)


@dataclass(frozen=True, slots=True)
class _Shock:
    """What reached the muscle about one shock; times are milliseconds from it."""

    units: int
    spike_ms: Floats
    spike_unit: Ints
    spike_kind: Ints
    signal_uv: Floats  # from ``BEFORE_MS`` before it on

    @staticmethod
    def read(session: Session, at_s: float) -> _Shock:
        at_ms = round(at_s * MS_PER_S)
        parts: list[Part] = [p for p in session.parts if p.end_ms > at_ms - BEFORE_MS and p.start_ms < at_ms + AFTER_MS]
        none = [np.zeros(0, np.int64)]
        ms, unit, kind = (
            np.concatenate([getattr(p, k) for p in parts] or none) for k in ("spike_ms", "spike_unit", "spike_kind")
        )
        inside = (ms >= at_ms - BEFORE_MS) & (ms < at_ms + AFTER_MS)
        after, unit, kind = ms[inside] - at_ms, unit[inside], kind[inside]
        length = np.array([(BEFORE_MS + AFTER_MS) / MS_PER_S])
        cut = Impulses(session.subject, length, (after + BEFORE_MS) / MS_PER_S, unit, kind)
        signal = electromyogram(cut).signal_uv
        return _Shock(session.subject.units, after.astype(np.float64), unit, kind, signal)

    def fired(self, from_ms: float, to_ms: float) -> float:
        """Share of units that fired by themselves or by reflex."""
        inside = (self.spike_ms >= from_ms) & (self.spike_ms < to_ms) & (self.spike_kind != layout.DIRECT)
        return len(np.unique(self.spike_unit[inside])) / self.units


def _peak_to_peak(signal: Floats, from_ms: float, to_ms: float) -> float:
    first, last = (round((BEFORE_MS + edge) / MS_PER_S * SAMPLE_HZ) for edge in (from_ms, to_ms))
    return float(np.ptp(signal[first:last]))
