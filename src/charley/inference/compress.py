"""Fewer rows for the same likelihood: bins of a run that hardly differ are merged (whole runs: see ``pooling``).

exp(beta x) with unknown beta has no sufficient statistic. Bins that lie close together become two points with their
mean and their spread along time (Gauss's rule of two points: exact to the third order where covariates change
steadily), weighted by the baseline hazard. What is lost is part of the stored calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.inference.design import FactorTable, Report, ReportKind, RunRows
from charley.inference.prior import Features, RunnerPrior
from charley.vocabulary.arrays import Floats, Index

# Numerical settings, in units of log hazard under the prior's root-mean-square sensitivity; docs/calibration.md has
# what they cost. The tolerance of a merge falls with the third root of the hazard: rows go where cramps are.
MERGE_TOLERANCE = 0.12  # at TOLERANCE_HAZARD_PER_H
TOLERANCE_HAZARD_PER_H = 0.05
TOLERANCE_LIMITS = (0.02, 1.0)
LEAST_SPREAD = 0.02  # below it one point will do


@dataclass(frozen=True, slots=True)
class Exposure:
    """Merged bins: mean covariates (rows, K) and the log of the baseline hazard cumulated over each bin, (rows,)."""

    x: Floats
    log_weight: Floats


@dataclass(frozen=True, slots=True)
class CompressedRun:
    """One run and its report, ready for the likelihood. One ``Exposure`` a body-state draw.

    ``before``: up to the cramp, the start of the interval, or the end. ``within``: the interval, else empty.
    ``end_x`` (K,): covariates at the end, mean over draws. ``copies``: how many alike runs this one stands for.
    """

    kind: ReportKind
    asked: bool
    time_y: float
    before: tuple[Exposure, ...]
    within: tuple[Exposure, ...]
    event_x: Floats  # (draws, K), zeros unless exact
    event_log_h0: Floats  # (draws,)
    end_x: Floats
    after_log_h0: Floats | None
    after: tuple[bool | None, ...]
    copies: int = 1

    @property
    def draws(self) -> int:
        """Number of body-state draws."""
        return len(self.before)

    @property
    def cramped(self) -> bool:
        """True when a cramp during the run was reported."""
        return self.kind in (ReportKind.EXACT, ReportKind.INTERVAL)


def compress(
    rows: RunRows, report: Report, table: FactorTable, prior: RunnerPrior, tolerance: float = MERGE_TOLERANCE
) -> CompressedRun:
    """One run with its report in as few rows as ``tolerance`` allows (0: none merged). Keep it: it is small."""
    kind, end = report.kind, rows.duration_h
    event_x, event_log_h0 = np.zeros((rows.draws, len(table))), np.zeros(rows.draws)
    start = end if report.until_h is None else min(report.until_h, end)
    stop = start
    if report.at_h is not None:
        start = stop = min(report.at_h, end)
        at = rows.at(start)
        event_x, event_log_h0 = rows.covariates[:, at], rows.log_h0[:, at]
        if np.isneginf(event_log_h0).any():
            raise ValueError(f"run {rows.run_id}: a cramp at {start:.3f} h, where the baseline hazard is zero")
    elif kind is ReportKind.INTERVAL:
        start, stop = min(report.from_h, end), end if report.to_h is None else min(report.to_h, end)
        if start >= stop:
            raise ValueError(f"run {rows.run_id}: the cramp is said to lie after the run's end at {end:.3f} h")
    return CompressedRun(
        kind=kind,
        asked=report.asked,
        time_y=rows.time_y,
        before=_merged(rows, 0.0, start, table, prior, tolerance),
        within=_merged(rows, start, stop, table, prior, tolerance) if stop > start else (),
        event_x=event_x,
        event_log_h0=event_log_h0,
        end_x=rows.covariates[:, -1].mean(axis=0),
        after_log_h0=rows.after_log_h0,
        after=report.after,
    )


def whole_run(
    rows: RunRows, table: FactorTable, prior: RunnerPrior, tolerance: float = MERGE_TOLERANCE
) -> tuple[Exposure, ...]:
    """A run from start to end without regard to its report, one exposure a body-state draw."""
    return _merged(rows, 0.0, rows.duration_h, table, prior, tolerance)


def _merged(
    rows: RunRows, start_h: float, stop_h: float, table: FactorTable, prior: RunnerPrior, tolerance: float
) -> tuple[Exposure, ...]:
    """Bins between two times, the first and the last cut to size, bins without baseline hazard left out, merged."""
    edges = np.concatenate(([0.0], np.cumsum(rows.dt_h)))
    held_h = np.clip(edges[1:], start_h, stop_h) - np.clip(edges[:-1], start_h, stop_h)
    out = []
    for log_h0, x in zip(rows.log_h0, rows.covariates, strict=True):
        kept = (held_h > 0) & np.isfinite(log_h0)
        exposure = Exposure(x[kept], log_h0[kept] + np.log(held_h[kept]))
        log_hazard = log_h0[kept] + prior.level_mean + exposure.x @ np.where(table.excluded, 0.0, table.prior_mean)
        relative = np.exp(np.clip(np.log(TOLERANCE_HAZARD_PER_H) - log_hazard, -30.0, 30.0) / 3)
        limits = np.clip(tolerance * relative, *TOLERANCE_LIMITS) if tolerance > 0 else np.zeros(log_hazard.size)
        out.append(merge_bins(exposure, table.scale, limits))
    return tuple(out)


def merge_bins(exposure: Exposure, scale: Floats, tolerance: Floats) -> Exposure:
    """Consecutive bins joined while their covariates stay close to the joint's first.

    Distance: root of the summed squares of the changes times ``scale``, which is the SD of the change of the log
    hazard under independent priors; it may reach the smallest ``tolerance`` (bins,) of the joint. 0 merges nothing.
    """
    n = exposure.log_weight.size
    if n <= 1 or not tolerance.any():
        return exposure
    scaled = np.ascontiguousarray((exposure.x * scale)[:, scale > 0])
    squared = tolerance**2
    starts, i = [], 0
    while i < n:
        starts.append(i)
        reach = 16  # look ahead in growing steps: most joints are short
        while True:
            change = scaled[i : i + reach] - scaled[i]
            apart = np.einsum("ij,ij->i", change, change) > np.minimum.accumulate(squared[i : i + reach])
            first = int(apart.argmax())
            if apart[first]:
                i += first
                break
            if i + reach >= n:
                i = n
                break
            reach *= 4
    return _two_points(exposure, np.array(starts), scale)


def _two_points(exposure: Exposure, starts: Index, scale: Floats) -> Exposure:
    """Each joint as its mean plus and minus the SD that goes with time, half the weight each."""
    mean = joined(exposure, starts)
    weight = np.exp(exposure.log_weight - exposure.log_weight.max())
    total = np.add.reduceat(weight, starts)
    joint = np.repeat(np.arange(starts.size), np.diff(np.append(starts, weight.size)))
    clock = np.arange(weight.size, dtype=np.float64)
    since = clock - (np.add.reduceat(weight * clock, starts) / total)[joint]
    variance = np.add.reduceat(weight * since**2, starts) / total
    with_time = (
        np.add.reduceat((weight * since)[:, None] * (exposure.x - mean.x[joint]), starts, axis=0) / total[:, None]
    )
    sd = with_time / np.sqrt(np.where(variance > 0, variance, 1.0))[:, None]
    split = np.sqrt(((sd * scale) ** 2).sum(axis=1)) > LEAST_SPREAD
    half = mean.log_weight[split] - np.log(2)
    return Exposure(
        np.concatenate([mean.x[~split], mean.x[split] + sd[split], mean.x[split] - sd[split]]),
        np.concatenate([mean.log_weight[~split], half, half]),
    )


def joined(exposure: Exposure, starts: Index) -> Exposure:
    """Rows from each of ``starts`` to the next as one: their mean, weighted by the baseline hazard."""
    peak = exposure.log_weight.max()
    weight = np.exp(exposure.log_weight - peak)
    total = np.add.reduceat(weight, starts)
    return Exposure(
        np.add.reduceat(exposure.x * weight[:, None], starts, axis=0) / total[:, None], np.log(total) + peak
    )


def features_of(runs: Sequence[CompressedRun], prior: RunnerPrior) -> Features:
    """Processes that these runs speak of."""
    silent = [r for r in runs if r.kind is ReportKind.NO_REPORT]
    times = [r.time_y for r in runs] or [0.0]
    quarter_y = 0.25  # a shorter journal has no old runs
    span = max(times) - min(times)
    return Features(
        drift_years=int(np.ceil(span)) if prior.drift_sd > 0 and span > quarter_y else 0,
        report_asked=any(r.asked for r in silent),
        report_unasked=any(not r.asked for r in silent),
        twitch=any(r.asked and r.kind in (ReportKind.NONE, ReportKind.TWITCH) for r in runs),
        after=any(answer is not None and r.after_log_h0 is not None for r in runs for answer in r.after[:2]),
        night=any(r.after[2] is not None for r in runs),
    )


def level_steps(time_y: float, newest_y: float, years: int) -> Floats:
    """How far each yearly step of the level's random walk counts for a run, (years,): 0 for today, 1 once passed."""
    return np.clip(newest_y - time_y - np.arange(years), 0.0, 1.0)
