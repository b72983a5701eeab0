"""Weeks of cramps made on purpose raise the threshold (Behringer et al. 2014); the same stimuli without a cramp do
not."""

from __future__ import annotations

import math

from charley.neuromuscular.parameters import Constants


def after_sessions(
    p: Constants, sessions: int, days_between: float, before: float = 0.0, cramped: bool = True
) -> float:
    """Adaptation 0..1 right after the last of ``sessions``. Each one that cramped takes up a part of what is left;
    time takes it back."""
    adaptation = before
    for session in range(sessions):
        if session:
            adaptation *= math.exp(-days_between / p.adaptation_time_d)
        if cramped:
            adaptation += p.adaptation_per_session * (1.0 - adaptation)
    return adaptation


def after_days(p: Constants, adaptation: float, days: float) -> float:
    """Adaptation 0..1 that is left after ``days`` without a session."""
    return adaptation * math.exp(-days / p.adaptation_time_d)
