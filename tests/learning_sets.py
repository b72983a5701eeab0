"""Simulated journals with a known number of cramps, on which the engine is held against long chains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from charley.inference import simulated_runners
from charley.inference.compress import compress, features_of
from charley.inference.design import FactorTable, Report, RunRows
from charley.inference.prior import Features, Layout, RunnerPrior


@dataclass(frozen=True)
class DataSet:
    table: FactorTable
    prior: RunnerPrior
    runs: tuple[RunRows, ...]
    reports: tuple[Report, ...]

    @property
    def cramps(self) -> int:
        return sum(r.cramped for r in self.reports)

    @property
    def layout(self) -> Layout:
        packed = [compress(r, p, self.table, self.prior) for r, p in zip(self.runs, self.reports, strict=True)]
        return Layout(self.table, self.prior, features_of(packed, self.prior))

    def checksum(self) -> float:
        """Changes with any covariate or report, so that a stored reference cannot be held against other data."""
        of_runs = sum(float(np.sin(r.covariates).sum() + r.log_h0[np.isfinite(r.log_h0)].sum()) for r in self.runs)
        told = sum((i + 1) * (r.at_h or 0.0) + (i + 1) * r.from_h + len(r.kind) for i, r in enumerate(self.reports))
        return round(of_runs + told, 3)


def _found(cramps: int, seed: int, attempt: int, build: Callable[[np.random.Generator], DataSet]) -> DataSet:
    """The simulated data set of that seed; ``attempt`` was the first from 0 on with that many cramps."""
    found = build(np.random.default_rng([seed, attempt]))
    if found.cramps != cramps:
        raise LookupError(f"{found.cramps} cramps, where {cramps} were stored: random numbers are drawn otherwise here")
    return found


def _fixture(runs: int, races: int) -> Callable[[np.random.Generator], DataSet]:
    def build(rng: np.random.Generator) -> DataSet:
        table, prior = simulated_runners.fixture_priors()
        journal = simulated_runners.simulate_journal(rng, runs, races)
        layout = Layout(table, prior, Features())
        truth = layout.natural(layout.draw(1, rng))[0]
        return DataSet(
            table, prior, journal.runs, tuple(simulated_runners.simulate_reports(rng, journal, layout, truth))
        )

    return build


def _triggered(rng: np.random.Generator) -> DataSet:
    """Triggers, knees, and cramps of no known cause."""
    table, prior = simulated_runners.sourced_priors()
    table = simulated_runners.with_triggers(table)
    journal = simulated_runners.simulate_journal(rng, runs=80, races=12, sourced=True, triggers=True)
    layout = Layout(table, prior, Features())
    truth = layout.natural(layout.draw(1, rng))[0]
    return DataSet(table, prior, journal.runs, tuple(simulated_runners.simulate_reports(rng, journal, layout, truth)))


def _ridge(rng: np.random.Generator) -> DataSet:
    """Cramps only where shoe and calf were both unusual: either is strong and the other ordinary."""
    table, prior = simulated_runners.fixture_priors()
    journal = simulated_runners.simulate_journal(rng, runs=120, races=6)
    shoe, calf = table.keys.index("shoe_drop"), table.keys.index("recent_calf")
    runs = []
    for run, unusual in zip(journal.runs, rng.random(120) < 0.15, strict=True):
        x = run.covariates.copy()
        x[:, :, [shoe, calf]] = float(unusual)
        runs.append(replace(run, covariates=x))
    journal = replace(journal, runs=tuple(runs))
    layout = Layout(table, prior, Features())
    truth = layout.natural(np.zeros((1, layout.dimension)))[0]
    truth[0] -= 2.0
    truth[1 + shoe] = 9.0
    return DataSet(table, prior, journal.runs, tuple(simulated_runners.simulate_reports(rng, journal, layout, truth)))


def _states(rng: np.random.Generator) -> DataSet:
    """Three plausible bodies a run, the first of them the true one."""
    table, prior = simulated_runners.fixture_priors()
    journal = simulated_runners.simulate_journal(rng, runs=100, races=10)
    layout = Layout(table, prior, Features())
    truth = layout.natural(layout.draw(1, rng))[0]
    reports = tuple(simulated_runners.simulate_reports(rng, journal, layout, truth))
    bodies = np.exp(0.3 * rng.standard_normal((3, len(table))))
    runs = tuple(
        replace(r, covariates=r.covariates * bodies[:, None, :], log_h0=np.repeat(r.log_h0, 3, axis=0))
        for r in journal.runs
    )
    return DataSet(table, prior, runs, reports)


def _sourced(rng: np.random.Generator) -> DataSet:
    """Two classes of runners, signed factors, three years in which the level drifts, silence about half the runs."""
    table, prior = simulated_runners.sourced_priors()
    journal = simulated_runners.simulate_journal(rng, runs=120, races=12, years=3.0, sourced=True)
    layout = Layout(table, prior, Features(drift_years=3, report_unasked=True))
    truth = layout.natural(layout.draw(1, rng))[0]
    reports = simulated_runners.simulate_reports(rng, journal, layout, truth, simulated_runners.Reporting(silent=True))
    return DataSet(table, prior, journal.runs, tuple(reports))


def _asked(rng: np.random.Generator) -> DataSet:
    """Prompts with twitches, and silence."""
    table, prior = simulated_runners.sourced_priors()
    journal = simulated_runners.simulate_journal(rng, runs=120, races=20, years=1.0, sourced=True)
    layout = Layout(table, prior, Features(drift_years=1, report_asked=True, twitch=True))
    truth = layout.natural(layout.draw(1, rng))[0]
    how = simulated_runners.Reporting(silent=True, asked=True)
    return DataSet(
        table, prior, journal.runs, tuple(simulated_runners.simulate_reports(rng, journal, layout, truth, how))
    )


DATA_SETS: dict[str, Callable[[], DataSet]] = {
    "none": lambda: _found(0, 1, 4, _fixture(200, 15)),
    "one": lambda: _found(1, 2, 5, _fixture(200, 15)),
    "two": lambda: _found(2, 3, 6, _fixture(200, 15)),
    "four": lambda: _found(4, 4, 9, _fixture(150, 12)),
    "six": lambda: _found(6, 5, 71, _fixture(200, 15)),
    "six_again": lambda: _found(6, 6, 28, _fixture(150, 15)),
    "twelve": lambda: _found(12, 7, 41, _fixture(200, 20)),
    "thirty": lambda: _found(30, 8, 68, _fixture(200, 30)),
    "ridge": lambda: _found(14, 9, 7, _ridge),
    "states": lambda: _found(4, 10, 9, _states),
    "sourced_one": lambda: _found(1, 11, 1, _sourced),
    "sourced_five": lambda: _found(5, 12, 30, _sourced),
    "asked": lambda: _found(3, 13, 6, _asked),
    "triggered": lambda: _found(5, 14, 20, _triggered),
}
