"""From records at any times to one sample a second: merging, short gaps filled, long ones marked."""

from __future__ import annotations

import numpy as np

from charley.evidence import parameters
from charley.evidence.numbers.activities import ActivitiesNumbers
from charley.vocabulary.arrays import Bools, Floats, Index, quantiles
from charley.vocabulary.evidence import Parameter
from charley.vocabulary.run import Interval


def plausible(channel: str) -> Parameter:
    """The limits of a channel, ``low`` to ``high``: what lies outside is no measurement."""
    return parameters("activities")[f"range_{channel}"]


_ROUNDING_S = 1e-6  # times are sums of decimal fractions
_USUAL_QUANTILE = 0.9


def seconds_of(time_unix_s: Floats) -> Index:
    """The second, counted from the first record, that each record belongs to. Times must not fall."""
    second: Index = np.floor(time_unix_s - time_unix_s[0] + _ROUNDING_S).astype(np.intp)
    return second


def usual_step_s(times: Floats, numbers: ActivitiesNumbers) -> float:
    """Seconds between records that are usual in this file: 1, or up to some tens where a watch saves space.

    ``times`` are in order, in seconds. Longer silences than a recording has (``longest_step_s``) do not count.
    """
    steps = np.diff(times)
    steps = steps[(steps > 0) & (steps <= numbers.longest_step_s)]
    if not steps.size:
        return 1.0
    if steps.min() == steps.max():  # as in most files; a quantile takes longer than all else here
        return max(float(steps[0]), 1.0)
    return max(float(quantiles(steps, (_USUAL_QUANTILE,))[0]), 1.0)


def longest_bridged_s(times: Floats, numbers: ActivitiesNumbers) -> float:
    """The longest silence, in seconds, that is still a part of the recording: a few of its usual steps."""
    return max(numbers.gap_fill_max_s, numbers.gap_usual_steps * usual_step_s(times, numbers))


def last_in_second(second: Index, values: Floats, size: int) -> Floats:
    """The last value recorded in each second, NaN where there is none: for what counts up or has a place."""
    out = np.full(size, np.nan)
    held = np.isfinite(values)
    out[second[held]] = values[held]  # of repeated indices NumPy keeps the last
    return out


def mean_in_second(second: Index, values: Floats, size: int) -> Floats:
    """The mean of the values recorded in each second, NaN where there is none. Some watches split a second."""
    held = np.isfinite(values)
    if not held.any():
        return np.full(size, np.nan)
    if second.size == size and bool((np.diff(second) == 1).all()):
        return np.where(held, values, np.nan)
    count = np.bincount(second[held], minlength=size)
    total = np.bincount(second[held], weights=values[held], minlength=size)
    out = np.full(size, np.nan)
    np.divide(total, count, out=out, where=count > 0)
    return out


def bridged(known: Bools, longest_s: float) -> Bools:
    """``known``, and the seconds between known ones that are at most ``longest_s`` apart."""
    at = np.flatnonzero(known)
    out = known.copy()
    if at.size > 1:
        step = np.diff(at)
        out[at[0] : at[-1]] |= np.repeat(step <= longest_s, step)
    return out


def filled(values: Floats, longest_s: float) -> Floats:
    """``values`` with straight lines between known ones that are at most ``longest_s`` apart; NaN elsewhere."""
    known = np.isfinite(values)
    at = np.flatnonzero(known)
    if at.size < 2 or at.size == values.size:
        return values
    lines = np.interp(np.arange(values.size), at, values[at])
    return np.where(bridged(known, longest_s), lines, np.nan)


def held_through(values: Floats, where: Bools) -> Floats:
    """``values`` with the last known one repeated over missing seconds in which ``where`` is True."""
    last = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(values.size), 0))
    return np.where(np.isnan(values) & where, values[last], values)


def stopped_seconds(
    recorded: Bools, stops: tuple[tuple[float, float], ...], start_unix_s: float, longest_s: float
) -> Bools:
    """Seconds in which the timer was stopped. A silence that but for a few seconds is a stop belongs to it whole."""
    size = recorded.size
    paused = np.zeros(size + 1, dtype=np.intp)
    for begin, end in stops:
        first = min(max(int(np.floor(begin - start_unix_s)) + 1, 0), size)
        after = min(max(int(np.floor(end - start_unix_s)), first), size)
        paused[first] += 1
        paused[after] -= 1
    out = np.cumsum(paused[:-1]) > 0
    if stops:
        for begin_s, end_s in stretches(~recorded):
            stopped = int(out[begin_s:end_s].sum())
            if stopped and end_s - begin_s - stopped <= longest_s:
                out[begin_s:end_s] = True
    return out


def stretches(mask: Bools) -> list[tuple[int, int]]:
    """(first, after last) of each unbroken stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return list(zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True))


def intervals(mask: Bools, kind: str, channel: str = "", longer_than_s: float = 0.0) -> list[Interval]:
    """The stretches of ``mask`` as Intervals, without those of at most ``longer_than_s``."""
    return [
        Interval(float(a), float(b), kind, channel)
        for a, b in stretches(mask)
        if b - a > longer_than_s
    ]  # fmt: skip
