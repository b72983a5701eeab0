"""Elapsed time, timer and distance of a run: the device's own totals where its samples bear them out."""

from __future__ import annotations

from dataclasses import dataclass

from charley.evidence.numbers.activities import ActivitiesNumbers
from charley.vocabulary.errors import Warned
from charley.vocabulary.run import Session


@dataclass(frozen=True, slots=True)
class Totals:
    """Seconds from first to last, seconds with the timer on, metres."""

    elapsed_s: float
    timer_s: float
    distance_m: float


def totals(
    sessions: tuple[Session, ...], samples: Totals, gap_s: float, not_run_s: float, numbers: ActivitiesNumbers
) -> tuple[Totals, tuple[Warned, ...]]:
    """The sums over ``sessions`` where they agree with ``samples``, else the samples with a warning.

    ``gap_s``: seconds without samples and without a stop; a device may have stopped its timer there and not said so.
    ``not_run_s``: seconds in which nobody ran while the device's timer may have gone on.
    """
    warnings: list[Warned] = []

    def chosen(what: str, unit: str, said: float | None, low: float, high: float, otherwise: float) -> float:
        if said is None:
            return otherwise
        slack = max(
            {"s": numbers.totals_tolerance_s, "m": numbers.totals_tolerance_m}[unit], numbers.totals_tolerance * high
        )
        if low - slack <= said <= high + slack:
            return said
        if unit == "s" and otherwise <= said <= otherwise + not_run_s + slack:
            return otherwise
        text = f"{what}: the device says {said:.0f} {unit}, its samples {otherwise:.0f} {unit}; the samples are used"
        warnings.append(Warned("totals-disagree", text))
        return otherwise

    elapsed, timer, metres = samples.elapsed_s, samples.timer_s, samples.distance_m
    found = Totals(
        elapsed_s=chosen("elapsed time", "s", _from_first_to_last(sessions), elapsed, elapsed, elapsed),
        timer_s=chosen("timer", "s", _sum([s.timer_s for s in sessions]), timer - gap_s, timer, timer),
        distance_m=chosen("distance", "m", _sum([s.distance_m for s in sessions]), metres, metres, metres),
    )
    return found, tuple(warnings)


def _from_first_to_last(sessions: tuple[Session, ...]) -> float | None:
    """The sum, or, where it is known when they were, the time from the first start to the last end."""
    spans = [(s.start_unix_s, s.elapsed_s) for s in sessions]
    known = [(start, start + long_s) for start, long_s in spans if start is not None and long_s is not None]
    if len(sessions) > 1 and len(known) == len(sessions):
        return max(end for _, end in known) - min(start for start, _ in known)
    return _sum([s.elapsed_s for s in sessions])


def _sum(said: list[float | None]) -> float | None:
    known = [value for value in said if value is not None]
    return sum(known) if known and len(known) == len(said) else None
