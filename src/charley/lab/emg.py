"""Electromyograms of a session: the room below makes the signal, this file cuts the record and gives the maximal
effort."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from charley.lab.session import MS_PER_S, Part, Session
from charley.neuromuscular import SlowState, Subject, layout
from charley.neuromuscular.emg import Electromyogram, electromyogram
from charley.neuromuscular.protocol import Protocol
from charley.vocabulary.arrays import Floats, Ints

MAXIMAL_S = 3.0  # of effort, for the reference
STEADY_S = 1.0  # from which on it is steady


@dataclass(frozen=True, slots=True)
class Impulses:
    """What an electromyogram is made of: the part of a trace that it reads."""

    subject: Subject
    time_s: Floats
    spike_s: Floats
    spike_unit: Ints
    spike_kind: Ints


def of_parts(subject: Subject, parts: list[Part], start_s: float, end_s: float) -> Electromyogram:
    """Signal from ``start_s`` to ``end_s``, on a clock that starts at 0, without the direct responses to a stimulus."""
    none = [np.zeros(0, np.int64)]
    ms, unit, kind = (
        np.concatenate([getattr(p, k) for p in parts] or none) for k in ("spike_ms", "spike_unit", "spike_kind")
    )
    inside = (ms >= start_s * MS_PER_S) & (ms < end_s * MS_PER_S) & (kind != layout.DIRECT)
    cut = Impulses(subject, np.array([end_s - start_s]), ms[inside] / MS_PER_S - start_s, unit[inside], kind[inside])
    return electromyogram(cut)


@cache
def maximal_uv(subject: Subject, angle_deg: float, seed: int) -> float:
    """Mean rectified signal of a person's maximal effort at a joint angle, rested and with a straight knee."""
    session = Session(subject, SlowState(), seed, angle_deg, Protocol())
    session.effort(0.0, MAXIMAL_S, 1.0)
    session.run(round(MAXIMAL_S * MS_PER_S))
    return of_parts(subject, session.parts, 0.0, MAXIMAL_S).rectified_uv(STEADY_S, MAXIMAL_S)
