"""Fewer rows for the same likelihood: bins of a run that hardly differ are merged (whole runs: see ``pooling``).

exp(beta x) with unknown beta has no sufficient statistic. Bins that lie close together become two points with their
mean and their spread along time (Gauss's rule of two points: exact to the third order where covariates change
steadily), weighted by their share of the hazard. What is lost is part of the stored calibration.

A run has rows of two kinds, whose rates are summed: those of the causes, weighted by the baseline hazard, and those of
the background, weighted by time, on which only triggers act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.inference.design import FactorTable, Report, ReportKind, RunRows
from charley.inference.prior import Features, RunnerPrior
from charley.vocabulary.arrays import Floats, Index

# Numerical settings, in units of log hazard under the prior's root-mean-square sensitivity; docs/calibration.md has
# what they cost. The tolerance of a merge falls with the third root of the hazard: rows go where cramps are.
MERGE_TOLERANCE = 0.12  # at TOLERANCE_HAZARD_PER_H
TOLERANCE_HAZARD_PER_H = 0.05
TOLERANCE_LIMITS = (0.02, 1.0)
STAND_IN_TOLERANCE = 0.4
LEAST_SPREAD = 0.02  # below it one point will do
RAMP_SCALE = 1.0  # log hazard that a ramp stands for: triggers of most people are small, of some large
BACKGROUND_SCALE = 0.5  # the background matters less


@dataclass(frozen=True, slots=True)
class Exposure:
    """Merged bins: ``x`` (rows, K + ramps) and the log of the baseline cumulated over each bin, (rows,).

    ``caused`` (rows,): True where causes act, False for the background. ``half_way`` (rows,): the part of its hazard
    that is not put down to how far and how long the run was.
    """

    x: Floats
    log_weight: Floats
    caused: Floats
    half_way: Floats

    @classmethod
    def joined(cls, parts: Sequence[Exposure]) -> Exposure:
        """Rows of all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__slots__))

    def taken(self, chosen: Index | slice) -> Exposure:
        """Some of the rows."""
        return Exposure(self.x[chosen], self.log_weight[chosen], self.caused[chosen], self.half_way[chosen])


@dataclass(frozen=True, slots=True)
class CompressedRun:
    """One run and its report, ready for the likelihood. One ``Exposure`` a body-state draw.

    ``before``: up to the cramp, the start of the interval, or the end. ``within``: the interval, else empty.
    ``event_x`` (draws, K + ramps) and ``event_log_h0``: at an exact cramp. ``copies``: how many alike runs this stands
    for. ``hard``: drivers are judged over it.
    """

    kind: ReportKind
    asked: bool
    time_y: float
    before: tuple[Exposure, ...]
    within: tuple[Exposure, ...]
    event_x: Floats
    event_log_h0: Floats  # (draws,)
    copies: int = 1
    hard: bool = False
    stand_in: CompressedRun | None = None  # few rows, one body: for the way to an answer

    @property
    def loud(self) -> bool:
        """True when it may say much: it was hard, or something came of it."""
        return self.hard or self.kind not in (ReportKind.NONE, ReportKind.NO_REPORT)

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
    """One run with its report in as few rows as ``tolerance`` allows (0: none merged), and its stand-in."""
    close = _compressed(rows, report, table, prior, tolerance)
    return replace(close, stand_in=_compressed(one_body(rows), report, table, prior, STAND_IN_TOLERANCE))


def _compressed(
    rows: RunRows, report: Report, table: FactorTable, prior: RunnerPrior, tolerance: float
) -> CompressedRun:
    kind, end = report.kind, rows.end_h
    columns = np.concatenate([rows.covariates, table.triggers.ramps(rows.stressors)], axis=2)
    event_x, event_log_h0 = np.zeros((rows.draws, columns.shape[2])), np.zeros(rows.draws)
    start = end if report.until_h is None else min(report.until_h, end)
    stop = start
    if report.at_h is not None:
        start = stop = min(report.at_h, end)
        at = rows.at(start)
        event_x, event_log_h0 = columns[:, at], rows.log_h0[:, at]
        if np.isneginf(event_log_h0).any():
            raise ValueError(f"run {rows.run_id}: a cramp at {start:.3f} h, where the baseline hazard is zero")
    elif kind is ReportKind.INTERVAL:
        start, stop = min(report.from_h, end), end if report.to_h is None else min(report.to_h, end)
        if start >= stop:
            raise ValueError(f"run {rows.run_id}: the cramp is said to lie after the run's end at {end:.3f} h")
    merging = _Merging(rows, columns, table, prior, tolerance)
    return CompressedRun(
        kind=kind,
        asked=report.asked,
        time_y=rows.time_y,
        before=merging.between(0.0, start),
        within=merging.between(start, stop) if stop > start else (),
        event_x=event_x,
        event_log_h0=event_log_h0,
        hard=rows.hard,
    )


def whole_run(
    rows: RunRows, table: FactorTable, prior: RunnerPrior, tolerance: float = MERGE_TOLERANCE
) -> tuple[Exposure, ...]:
    """A run from start to end without regard to its report, one exposure a body-state draw."""
    columns = np.concatenate([rows.covariates, table.triggers.ramps(rows.stressors)], axis=2)
    return _Merging(rows, columns, table, prior, tolerance).between(0.0, rows.duration_h)


def one_body(rows: RunRows) -> RunRows:
    """The run with the mean of its bodies: a stand-in for the way to an answer, never the answer."""
    if rows.draws == 1:
        return rows
    top = rows.log_h0.max(axis=0)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        log_h0 = np.log(np.exp(rows.log_h0 - safe).mean(axis=0)) + safe
    return RunRows(
        dt_h=rows.dt_h,
        log_h0=log_h0[None],
        covariates=rows.covariates.mean(axis=0, keepdims=True),
        time_y=rows.time_y,
        hard=rows.hard,
        run_id=rows.run_id,
        after_log_h0=rows.after_log_h0,
        stressors=rows.stressors.mean(axis=0, keepdims=True),
        lateness=rows.lateness.mean(axis=0, keepdims=True),
        ended_h=rows.ended_h,
    )


def column_scale(table: FactorTable) -> Floats:
    """How much a unit of each column matters, (K + ramps,), in log hazard; 0 for an excluded factor."""
    return np.concatenate([table.scale, np.full(table.triggers.columns, RAMP_SCALE)])


class _Merging:
    """Bins of a run, merged between any two times; the bodies of a run share their joints."""

    def __init__(
        self, rows: RunRows, columns: Floats, table: FactorTable, prior: RunnerPrior, tolerance: float
    ) -> None:
        self.rows, self.columns, self.tolerance = rows, columns, tolerance
        self.scale = column_scale(table)
        self.factors = len(table)
        self.background = prior.background_log_rate is not None
        self.edges = np.concatenate(([0.0], np.cumsum(rows.dt_h)))
        self.mean = (columns.mean(axis=0) * self.scale)[:, self.scale > 0]
        log_h0 = np.where(np.isfinite(rows.log_h0), rows.log_h0, -80.0).mean(axis=0)
        expected = columns[:, :, : self.factors].mean(axis=0) @ np.where(table.excluded, 0.0, table.prior_mean)
        relative = np.exp(np.clip(np.log(TOLERANCE_HAZARD_PER_H) - log_h0 - prior.level_mean - expected, -30, 30) / 3)
        self.limits = np.clip(tolerance * relative, *TOLERANCE_LIMITS)

    def between(self, start_h: float, stop_h: float) -> tuple[Exposure, ...]:
        """Bins between two times, the first and the last cut to size."""
        held_h = np.clip(self.edges[1:], start_h, stop_h) - np.clip(self.edges[:-1], start_h, stop_h)
        kept = np.flatnonzero(held_h > 0)
        if not kept.size:
            none = np.zeros(0)
            return (Exposure(np.zeros((0, self.scale.size)), none, none, none),) * self.rows.draws
        held = np.log(held_h[kept])
        caused = _two_points(
            self.columns[:, kept],
            self.rows.log_h0[:, kept] + held,
            np.exp(-self.rows.lateness[:, kept]),
            self._joints(self.mean[kept], self.limits[kept]),
            self.scale,
            caused=1.0,
        )
        if not self.background:
            return caused
        ramps = self.columns[:, kept].copy()
        ramps[:, :, : self.factors] = 0.0
        scaled = (ramps.mean(axis=0) * self.scale)[:, self.scale > 0] * BACKGROUND_SCALE
        log_time = np.broadcast_to(held, (self.rows.draws, kept.size))
        joints = self._joints(scaled, np.full(kept.size, min(self.tolerance * 2, TOLERANCE_LIMITS[1])))
        whole = np.ones((self.rows.draws, kept.size))
        quiet = _two_points(ramps, log_time, whole, joints, self.scale, caused=0.0)
        return tuple(Exposure.joined([a, b]) for a, b in zip(caused, quiet, strict=True))

    def _joints(self, scaled: Floats, limits: Floats) -> Index:
        if self.tolerance <= 0:
            return np.arange(len(scaled))
        return joints(scaled, limits)


def joints(scaled: Floats, limits: Floats) -> Index:
    """First bins of the joints: consecutive bins are joined while they stay within reach of the joint's first.

    Distance: root of the summed squares of the changes of ``scaled`` (bins, columns), which is the SD of the change of
    the log hazard under independent priors; it may reach the smallest of ``limits`` (bins,) in the joint.
    """
    n, squared = len(scaled), limits**2
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
    return np.array(starts, dtype=np.intp)


def _two_points(
    x: Floats, log_weight: Floats, half_way: Floats, starts: Index, scale: Floats, *, caused: float
) -> tuple[Exposure, ...]:
    """Each joint of each body as its mean plus and minus the SD that goes with time, half the weight each.

    ``x`` (draws, bins, columns), ``log_weight`` and ``half_way`` (draws, bins), the joints the same for all.
    """
    bins = x.shape[1]
    top = log_weight.max(axis=1, keepdims=True)
    weight = np.exp(log_weight - np.where(np.isfinite(top), top, 0.0))
    total = np.add.reduceat(weight, starts, axis=1)
    per = np.where(total > 0, total, 1.0)
    joint = np.repeat(np.arange(starts.size), np.diff(np.append(starts, bins)))
    mean = np.add.reduceat(x * weight[..., None], starts, axis=1) / per[..., None]
    early = np.add.reduceat(half_way * weight, starts, axis=1) / per
    with np.errstate(divide="ignore"):
        log_total = np.log(total) + np.where(np.isfinite(top), top, 0.0)
    clock = np.arange(bins, dtype=np.float64)
    since = clock - (np.add.reduceat(weight * clock, starts, axis=1) / per)[:, joint]
    variance = np.add.reduceat(weight * since**2, starts, axis=1) / per
    moved = (weight * since)[..., None] * (x - mean[:, joint])
    sd = np.add.reduceat(moved, starts, axis=1) / per[..., None]
    sd /= np.sqrt(np.where(variance > 0, variance, 1.0))[..., None]
    spread = np.sqrt(((sd * scale) ** 2).sum(axis=2)) > LEAST_SPREAD
    out = []
    for body in range(x.shape[0]):
        some = total[body] > 0
        one, two = some & ~spread[body], some & spread[body]
        half = log_total[body, two] - np.log(2)
        rows = np.concatenate([mean[body, one], mean[body, two] + sd[body, two], mean[body, two] - sd[body, two]])
        out.append(
            Exposure(
                rows,
                np.concatenate([log_total[body, one], half, half]),
                np.full(len(rows), caused),
                np.concatenate([early[body, one], early[body, two], early[body, two]]),
            )
        )
    return tuple(out)


def features_of(runs: Sequence[CompressedRun], prior: RunnerPrior) -> Features:
    """Processes that these runs speak of; the first of them is where the level begins to drift."""
    silent = [r for r in runs if r.kind is ReportKind.NO_REPORT]
    times = [r.time_y for r in runs] or [0.0]
    quarter_y = 0.25  # a shorter journal has no old runs
    span = max(times) - min(times)
    return Features(
        drift_years=int(np.ceil(span)) if prior.drift_sd > 0 and span > quarter_y else 0,
        report_asked=any(r.asked for r in silent),
        report_unasked=any(not r.asked for r in silent),
        twitch=any(r.asked and r.kind in (ReportKind.NONE, ReportKind.TWITCH) for r in runs),
    )


def level_steps(time_y: float, first_y: float, years: int) -> Floats:
    """How far each yearly step of the level's random walk has been taken at a time, (years,): 0 before it, 1 after."""
    return np.clip(time_y - first_y - np.arange(years), 0.0, 1.0)
