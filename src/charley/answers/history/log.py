"""A journal made ready for the engine: each run with its rows, and what was said of it for each kind of muscle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import numpy as np

from charley.answers.history.plan import (
    MUSCLES,
    Career,
    Planned,
    after_of,
    factor_table,
    reports_of,
    runner_prior,
)
from charley.answers.history.rows import Computed
from charley.inference.after_runs import AfterRun
from charley.inference.design import FactorTable, Report, ReportKind, RunRows
from charley.inference.prior import RunnerPrior
from charley.vocabulary.arrays import Floats
from charley.vocabulary.history import Told

HARD_RULES = ("races", "long", "all")  # by which rule the runs were chosen that drivers are judged over
LONG_H = 1.5
FOUR_WEEKS = timedelta(days=28)


@dataclass(frozen=True, repr=False)  # every sample of every run: nobody reads that, least of all in a failing test
class Log:
    """Runs whose channels can be read, in the order of their start, with rows, reports by kind of muscle, and keys.

    ``keys``: of each run's rows, so that what is learnt can be kept under what it stands on.
    """

    told: tuple[Told, ...]
    planned: tuple[Planned, ...]
    rows: tuple[RunRows, ...]
    reports: Mapping[str, tuple[Report, ...]]
    after: tuple[AfterRun, ...]
    table: FactorTable
    priors: Mapping[str, RunnerPrior]
    skipped: tuple[str, ...]

    @cached_property
    def cramped(self) -> list[int]:
        """Indices of the runs with a cramp of any muscle during the run, the earliest first."""
        return [i for i in range(len(self.rows)) if any(self.reports[m][i].cramped for m in MUSCLES)]

    @cached_property
    def answered(self) -> list[int]:
        """Indices of the runs of which something was said about cramps."""
        return [i for i in range(len(self.rows)) if self.reports[MUSCLES[0]][i].kind is not ReportKind.NO_REPORT]

    @cached_property
    def answered_hard(self) -> list[int]:
        """Those of the hard runs of which something was said."""
        answered = set(self.answered)
        return [i for i in self.hard[0] if i in answered]

    @cached_property
    def four_weeks_m(self) -> Floats:
        """The distance run in the 28 days before each run, m, (runs,)."""
        starts = np.array([t.row.started_at.timestamp() for t in self.told])
        metres = np.array([t.row.distance_m for t in self.told])
        since, until = np.searchsorted(starts, starts - FOUR_WEEKS.total_seconds()), np.searchsorted(starts, starts)
        return np.array([metres[a:b].sum() for a, b in zip(since, until, strict=True)])

    @cached_property
    def usual_four_weeks_m(self) -> float:
        """The middle of these, once four weeks are there; 0 where they never are."""
        starts = [t.row.started_at for t in self.told]
        later = [s for s, start in zip(self.four_weeks_m, starts, strict=True) if start - starts[0] > FOUR_WEEKS]
        return float(np.median(later or [0.0]))

    def did_cramp(self, i: int) -> bool:
        """Whether a cramp of any muscle was told of a run."""
        return any(self.reports[m][i].cramped for m in MUSCLES)

    @cached_property
    def hard(self) -> tuple[list[int], str]:
        """The runs that drivers are judged over, and the code of the rule by which they were chosen."""
        hard = [i for i, r in enumerate(self.rows) if r.hard]
        if hard:
            return hard, HARD_RULES[0]
        long = [i for i, r in enumerate(self.rows) if r.end_h >= LONG_H]
        return (long, HARD_RULES[1]) if long else (list(range(len(self.rows))), HARD_RULES[2])

    @property
    def subject(self) -> int:
        """The run that the answer is shown on: the latest that cramped, else the latest hard one."""
        return (self.cramped or self.hard[0])[-1]

    @property
    def lead(self) -> str:
        """The kind of muscle that drivers are judged for: the one with more cramps, the calf where they are equal."""
        count = {m: sum(r.cramped for r in self.reports[m]) for m in MUSCLES}
        return max(MUSCLES, key=lambda m: count[m])


def gather(career: Career, planned: Sequence[Planned], computed: Computed) -> Log:
    """Rows and reports side by side, over one table of factors."""
    pairs = list(zip(planned, computed.rows, strict=True))
    there = [(p, r) for p, r in pairs if r is not None and np.isfinite(r.rows.log_h0).any(axis=1).all()]
    kept = {p.told.row.run_id for p, _ in there}
    table = factor_table()
    rows = tuple(r.over(table.keys) for _, r in there)
    said = [reports_of(p.told) for p, _ in there]
    return Log(
        told=tuple(p.told for p, _ in there),
        planned=tuple(p for p, _ in there),
        rows=rows,
        reports={m: tuple(possible(s[m], r) for s, r in zip(said, rows, strict=True)) for m in MUSCLES},
        after=tuple(_after(p, r) for (p, _), r in zip(there, rows, strict=True)),
        table=table,
        priors={m: runner_prior(career.runner, m, career.seed) for m in MUSCLES},
        skipped=tuple(p.told.row.run_id for p in planned if p.told.row.run_id not in kept),
    )


def _after(planned: Planned, rows: RunRows) -> AfterRun:
    assert rows.after_log_h0 is not None
    return AfterRun(rows.after_log_h0, rows.covariates[:, rows.at(rows.end_h)].mean(axis=0), after_of(planned.told))


def possible(report: Report, rows: RunRows) -> Report:
    """The report with times that the rows have: a cramp while standing belongs to the running before it."""
    end = rows.end_h
    if report.at_h is not None:
        finite = np.asarray(np.isfinite(rows.log_h0).all(axis=0))
        at = rows.at(min(report.at_h, end))
        before = np.flatnonzero(finite[: at + 1])
        some = before if before.size else np.flatnonzero(finite)
        if not some.size:
            return replace(report, kind=ReportKind.NO_REPORT, at_h=None, further_h=())
        if some[-1] != at:
            at_h = float(rows.dt_h[: some[-1] + 1].sum())
            return replace(report, at_h=at_h, further_h=tuple(t for t in report.further_h if t > at_h))
        return replace(report, at_h=min(report.at_h, end))
    if report.kind is ReportKind.INTERVAL and report.from_h >= end:
        return replace(report, from_h=0.0, to_h=None)
    return report
