"""Simulated runners whose truth is known: how they run and report, and what is asked of the engine about each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from charley.inference import simulated_runners, smc, streaming
from charley.inference.attribution import drivers
from charley.inference.compress import compress
from charley.inference.design import Report, RunRows
from charley.inference.forecast import chance
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, Layout

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
    "prompts, twitches, hours and nights after, 1 year": Scheme(
        600,
        runs=120,
        races=12,
        years=1.0,
        how=simulated_runners.Reporting(silent=True, asked=True, after=True),
        features=Features(drift_years=1, report_asked=True, twitch=True, after=True, night=True),
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
    rng = np.random.default_rng([7, seed])
    table, prior = simulated_runners.sourced_priors() if scheme.sourced else simulated_runners.fixture_priors()
    layout = Layout(table, prior, scheme.features)
    journal = simulated_runners.simulate_journal(rng, scheme.runs, scheme.races, scheme.years, sourced=scheme.sourced)
    z = layout.draw(1, rng)
    reports = simulated_runners.simulate_reports(rng, journal, layout, layout.natural(z)[0], scheme.how)
    packed = [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)]
    belief = smc.fit(packed, table, prior, DRAWS, seed=seed)
    truth = replace(streaming.start(table, prior, scheme.features, draws=1), z=z)
    return Simulated(truth, journal, reports, belief)


def quantities(p: Posterior, hard: list[RunRows], reference: np.ndarray, longest: RunRows) -> dict[str, np.ndarray]:
    """All that is ranked: unknowns, preventable fractions, the chance of a cramp in the longest run."""
    d = drivers(p, hard, reference)
    out = {name: p.values[:, i] for i, name in enumerate(p.layout.names)}
    out |= {f"share of {k}": d.factor[:, i] for i, k in enumerate(p.layout.table.keys)}
    out |= {f"share of {f}": d.family[:, i] for i, f in enumerate(p.layout.table.family_names)}
    return out | {"unexplained": d.unexplained, "chance in the longest run": chance(p, longest)}
