"""From all runs of a journal to one answer: what drives this runner's cramps, and whether that can be told.

Rows of runs and reports go through the engine once for the belief, and once without the latest cramped run for the
chance that this run had beforehand. Families are answered first; without a cramp nothing is ranked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from charley.answers.history.cache import UNUSABLE, pack_draws, unpack_draws
from charley.answers.history.plan import Career, Planned, factor_table, report_of, runner_prior
from charley.answers.history.rows import Computed
from charley.evidence import factors, priors
from charley.evidence.numbers.learning import LEARNING
from charley.inference import streaming
from charley.inference.attribution import CANNOT_TELL, MOST_LIKELY, Drivers, Verdict, drivers, verdict
from charley.inference.compress import CompressedRun, compress, features_of
from charley.inference.design import FactorTable, Report, ReportKind, RunRows
from charley.inference.posterior import Posterior
from charley.inference.prior import Layout, RunnerPrior
from charley.inference.smc import fit
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import Told
from charley.vocabulary.over_journal import Before

DRAWS = 1000
HARD_RULES = (
    "races and all-out efforts",
    "runs of an hour and a half or more, since the journal has no race",
    "all runs, since the journal has neither a race nor a long run",
)
_LONG_H = 1.5


@dataclass(frozen=True, repr=False)  # every sample of every run: nobody reads that, least of all in a failing test
class Log:
    """A journal made ready for the engine: runs whose channels can be read, each with its rows and its report."""

    told: tuple[Told, ...]
    planned: tuple[Planned, ...]
    rows: tuple[RunRows, ...]
    reports: tuple[Report, ...]
    runs: tuple[CompressedRun, ...]
    table: FactorTable
    prior: RunnerPrior
    skipped: tuple[str, ...]

    @property
    def cramped(self) -> list[int]:
        """Indices of the runs with a cramp during the run, the earliest first."""
        return [i for i, r in enumerate(self.reports) if r.cramped]

    @property
    def answered(self) -> list[int]:
        """Indices of the runs of which something was said about cramps."""
        return [i for i, r in enumerate(self.reports) if r.kind is not ReportKind.NO_REPORT]

    def hard(self) -> tuple[list[int], str]:
        """The runs that drivers are judged over, and by which rule they were chosen."""
        hard = [i for i, r in enumerate(self.rows) if r.hard]
        if hard:
            return hard, HARD_RULES[0]
        long = [i for i, r in enumerate(self.rows) if r.duration_h >= _LONG_H]
        return (long, HARD_RULES[1]) if long else (list(range(len(self.rows))), HARD_RULES[2])


def gather(career: Career, planned: Sequence[Planned], computed: Computed) -> Log:
    """Rows and reports side by side, over one table of factors."""
    pairs = list(zip(planned, computed.rows, strict=True))
    there = [(p, r) for p, r in pairs if r is not None and np.isfinite(r.rows.log_h0).any(axis=1).all()]
    kept = {p.told.row.run_id for p, _ in there}
    keys = frozenset(k for _, r in there for k in r.keys) & factors("told").keys()
    table, prior = factor_table(keys), runner_prior(career.runner, career.seed)
    rows = tuple(r.over(table.keys) for _, r in there)
    reports = tuple(possible(report_of(p.told), r) for (p, _), r in zip(there, rows, strict=True))
    return Log(
        told=tuple(p.told for p, _ in there),
        planned=tuple(p for p, _ in there),
        rows=rows,
        reports=reports,
        runs=tuple(compress(r, report, table, prior) for r, report in zip(rows, reports, strict=True)),
        table=table,
        prior=prior,
        skipped=tuple(p.told.row.run_id for p in planned if p.told.row.run_id not in kept),
    )


def possible(report: Report, rows: RunRows) -> Report:
    """The report with times that the rows have: a cramp while standing belongs to the running before it."""
    end = rows.duration_h
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


@dataclass(frozen=True)
class Belief:
    """What is believed after the log, before it, and without its latest cramped run; with the drivers of each."""

    log: Log
    now: Posterior
    studies: Posterior
    beforehand: Posterior
    drivers: Drivers
    drivers_from_studies: Drivers
    verdict: Verdict
    hard: tuple[int, ...]
    hard_rule: str

    @property
    def ranked(self) -> bool:
        """False while there is no cramp to learn from."""
        return self.verdict.ranked

    def single(self) -> tuple[str | None, float]:
        """The one factor that may be named, with the probability that no other's share is larger."""
        best = int(self.drivers.main_factor.argmax())
        p = float(self.drivers.main_factor[best])
        family = self.log.table.families[best]
        named = self.verdict.code == MOST_LIKELY and family == self.verdict.leading[0][0] and p > 1 / 2
        return (self.log.table.keys[best] if named else None), p


def subject(log: Log) -> int:
    """The run that the answer is shown on: the latest that cramped, else the latest hard one."""
    return (log.cramped or log.hard()[0])[-1]


def believe(log: Log, seed: int, draws: int = DRAWS, kept: bytes | None = None) -> tuple[Belief, bytes]:
    """Fit the log, or take up the draws of an earlier fit; returns the belief and its draws as bytes."""
    about = subject(log)
    others = [r for i, r in enumerate(log.runs) if i != about or not log.reports[about].cramped]
    if kept is None or not _usable(kept, log, others):
        now = fit(log.runs, log.table, log.prior, draws, seed)
        without = now if len(others) == len(log.runs) else fit(others, log.table, log.prior, draws, seed)
        kept = pack_draws(now, without)
    stored = zip((log.runs, others), unpack_draws(kept), strict=True)
    now, without = (_taken_up(log, runs, z, newest) for runs, (z, newest) in stored)
    newest = max(r.time_y for r in log.runs)
    studies = streaming.start(log.table, log.prior, features_of(log.runs, log.prior), newest, draws, seed)
    chosen, rule = log.hard()
    over = [log.rows[i] for i in chosen]
    found, from_studies = drivers(now, over), drivers(studies, over)
    families = log.table.family_names
    said = verdict(families, found.main_family, from_studies.main_family, len(log.cramped), len(log.runs))
    lead = float(now.weights @ found.family[:, families.index(said.leading[0][0])]) if said.leading else 0.0
    if said.mostly_studies or lead < LEARNING.driver_least_share:
        said = replace(said, code=CANNOT_TELL)  # nearly all from studies, or hardly anything that it explains
    return Belief(log, now, studies, without, found, from_studies, said, tuple(chosen), rule), kept


def _usable(kept: bytes, log: Log, others: Sequence[CompressedRun]) -> bool:
    """Whether these bytes are draws of this log's unknowns; damaged ones are made anew."""
    try:
        widths = [z.shape[1] for z, _ in unpack_draws(kept)]
    except UNUSABLE:
        return False
    expected = [Layout(log.table, log.prior, features_of(runs, log.prior)).dimension for runs in (log.runs, others)]
    return widths == expected


def _taken_up(log: Log, runs: Sequence[CompressedRun], z: Floats, newest_y: float) -> Posterior:
    blank = streaming.start(log.table, log.prior, features_of(runs, log.prior), newest_y, 2)
    cramps = sum(r.cramped for r in runs)
    return replace(blank, z=z, log_weights=np.zeros(len(z)), runs=len(runs), cramps=cramps)


def share(posterior: Posterior, values: Floats) -> Estimate:
    """Summary of a quantity known under each draw."""
    from charley.inference.forecast import estimate

    return estimate(posterior, values)


def grade_of(key: str) -> tuple[str, str, tuple[str, ...]]:
    """Label, grade and sources of a factor."""
    prior = priors()[key]
    return prior.label, prior.grade, prior.source_ids


def summary(belief: Belief) -> str:
    """The answer in a few figures, as JSON: kept with the draws, so that a later answer can say what moved."""
    return json.dumps(
        {
            "n_runs": len(belief.log.runs),
            "n_cramps": len(belief.log.cramped),
            "verdict": belief.verdict.code,
            "prior_share": belief.now.prior_share(),
            "families": dict(zip(belief.log.table.family_names, belief.drivers.main_family.tolist(), strict=True)),
        }
    )


def before_this(belief: Belief, name: str, earlier: Sequence[tuple[str, datetime, str]]) -> Before | None:
    """The latest earlier answer that was made from fewer runs or cramps, or from another state of the journal."""
    for data, made_at, text in earlier:
        if data == name:
            continue
        try:
            said = json.loads(text)
            families = tuple((str(k), float(v)) for k, v in said["families"].items())
            return Before(
                made_at, int(said["n_runs"]), int(said["n_cramps"]), str(said["verdict"]),
                float(said["prior_share"]), families,
            )  # fmt: skip
        except (ValueError, KeyError, TypeError):  # of another version
            continue
    return None
