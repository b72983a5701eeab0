"""Simulated runners whose truth is known: how they run and report, and what is asked of the engine about each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from charley.inference import sequential, simulated_runners
from charley.inference.attribution import Drivers, Shares, reference_run
from charley.inference.compress import compress
from charley.inference.design import FactorTable, Report, RunRows
from charley.inference.forecast import chance
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, Layout, RunnerPrior

DRAWS = 500


@dataclass(frozen=True)
class Scheme:
    """One way in which simulated runners run and report."""

    runners: int
    runs: int = 200
    races: int = 15
    years: float = 0.0
    sourced: bool = False
    how: simulated_runners.Reporting = field(default_factory=simulated_runners.Reporting)
    features: Features = field(default_factory=Features)


SCHEMES = {
    "times and quarters": Scheme(1000),
    "small: 40 runs, 4 races": Scheme(1500, runs=40, races=4),
    "150 runs, half in silence": Scheme(
        600, runs=150, races=12, how=simulated_runners.Reporting(silent=True), features=Features(report_unasked=True)
    ),
    "prompts, twitches, 1 year": Scheme(
        600,
        runs=120,
        races=12,
        years=1.0,
        how=simulated_runners.Reporting(silent=True, asked=True),
        features=Features(drift_years=1, report_asked=True, twitch=True),
    ),
    "sourced priors, two classes, 3 years": Scheme(
        1000, runs=150, races=12, years=3.0, sourced=True, features=Features(drift_years=3)
    ),
    "sourced priors, prompts, 20 runs": Scheme(
        3000,
        runs=20,
        races=3,
        sourced=True,
        how=simulated_runners.Reporting(silent=True, asked=True),
        features=Features(report_asked=True, twitch=True),
    ),
}


@dataclass(frozen=True)
class Simulated:
    """One simulated runner: truth as a posterior of a single draw, journal, reports, and what the engine believes."""

    truth: Posterior
    journal: simulated_runners.SimulatedJournal
    reports: list[Report]
    belief: Posterior


def simulate(scheme: Scheme, seed: int) -> Simulated:
    """A runner drawn from the engine's own prior (sourced ones with triggers), and the belief that follows."""
    rng = np.random.default_rng([7, seed])
    table, prior = simulated_runners.sourced_priors() if scheme.sourced else simulated_runners.fixture_priors()
    if scheme.sourced:
        table = simulated_runners.with_triggers(table)
    layout = Layout(table, prior, scheme.features)
    journal = simulated_runners.simulate_journal(
        rng, scheme.runs, scheme.races, scheme.years, sourced=scheme.sourced, triggers=scheme.sourced
    )
    z = layout.draw(1, rng)
    reports = simulated_runners.simulate_reports(rng, journal, layout, layout.natural(z)[0], scheme.how)
    packed = [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)]
    belief = sequential.fit(packed, table, prior, DRAWS, seed=seed)
    return Simulated(as_belief(layout, z), journal, reports, belief)


def as_belief(layout: Layout, z: np.ndarray) -> Posterior:
    """Coordinates (draws, d) as a belief: a truth of one draw, or draws of the prior."""
    return Posterior(layout, z, np.zeros(len(z)), 0.0, 0.0, 0.0, 0, 0)


def prior_draws(
    table: FactorTable, prior: RunnerPrior, features: Features | None = None, draws: int = 1000, seed: int = 0
) -> Posterior:
    """What is believed before any run."""
    layout = Layout(table, prior, features or Features())
    return as_belief(layout, layout.draw(draws, np.random.default_rng(seed)))


def drivers(p: Posterior, hard: list[RunRows]) -> Drivers:
    """Preventable fractions against the reference run."""
    return Shares(p, hard).against(reference_run(p.layout.table))


def leads(shares: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """How often each column of shares (draws, columns) is the largest."""
    return np.bincount(shares.argmax(axis=1), weights, shares.shape[1]) / (
        len(shares) if weights is None else weights.sum()
    )


def quantities(p: Posterior, hard: list[RunRows], longest: RunRows) -> dict[str, np.ndarray]:
    """All that is ranked: unknowns, preventable fractions, the chance of a cramp in the longest run."""
    d = drivers(p, hard)
    out = {name: p.values[:, i] for i, name in enumerate(p.layout.names)}
    out |= {f"share of {k}": d.factor[:, i] for i, k in enumerate(p.layout.table.keys)}
    out |= {f"share of {f}": d.family[:, i] for i, f in enumerate(p.layout.table.family_names)}
    return out | {"none of these": d.none, "chance in the longest run": chance(p, longest)}
