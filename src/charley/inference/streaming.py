"""One more run: draws are reweighted by its likelihood, and walked afresh only when too few still count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.inference.compress import CompressedRun, features_of
from charley.inference.design import FactorTable
from charley.inference.likelihood import Likelihood
from charley.inference.pooling import pooled
from charley.inference.posterior import Effort, Posterior, systematic
from charley.inference.prior import Features, Layout, RunnerPrior
from charley.inference.smc import FIRST_ANGLE, Way, metric_of, move
from charley.vocabulary.arrays import Floats

REJUVENATE_BELOW = 0.5  # effective share of the draws
REJUVENATED_MEMORY = 0.4  # moves go on until every coordinate has forgotten its start to this correlation
LEVEL_AGES_AFTER_Y = 0.25  # a level of a quarter of a year ago is no longer today's


@dataclass(frozen=True, slots=True)
class Update:
    """The belief after one more run. ``refit_due``: it cramped, and a fresh fit would now be worth its time."""

    posterior: Posterior
    rejuvenated: bool
    refit_due: bool


def start(
    table: FactorTable,
    prior: RunnerPrior,
    features: Features | None = None,
    newest_y: float = 0.0,
    draws: int = 1000,
    seed: int = 0,
) -> Posterior:
    """The belief before any run: draws of the prior, with coordinates for the processes that will be reported.

    ``newest_y``: the time that counts as today, on the clock of the runs.
    """
    layout = Layout(table, prior, features or Features())
    z = layout.draw(draws, np.random.default_rng(seed))
    return Posterior(
        layout=layout,
        z=z,
        log_weights=np.zeros(draws),
        newest_y=newest_y,
        log_evidence=0.0,
        runs=0,
        cramps=0,
        effort=Effort(0, 0, 1.0),
    )


def covers(posterior: Posterior, run: CompressedRun) -> bool:
    """True when the posterior has a coordinate for all that this run tells, and its level is still today's."""
    known, told = posterior.layout.features, features_of([run], posterior.layout.prior)
    ages = run.time_y - posterior.newest_y > LEVEL_AGES_AFTER_Y and known.drift_years > 0
    names = ("report_asked", "report_unasked", "twitch", "after", "night")
    return not ages and all(getattr(known, n) or not getattr(told, n) for n in names)


def one_more_run(posterior: Posterior, run: CompressedRun, earlier: Sequence[CompressedRun], seed: int = 0) -> Update:
    """The belief after ``run``; ``earlier`` are the runs behind ``posterior``, needed only for a rejuvenation.

    Raises ValueError when the run tells of a process that the posterior has no coordinate for: ask ``covers`` first,
    and fit afresh where it says no.
    """
    if not covers(posterior, run):
        raise ValueError("this run needs a fresh fit: it tells of something that the belief does not hold yet")
    layout = posterior.layout
    own = Likelihood([run], layout, posterior.newest_y).value_of(posterior.values)
    weights = posterior.weights
    top = own.max()
    gained = float(np.log(weights @ np.exp(own - top)) + top) if np.isfinite(top) else -np.inf
    updated = _with(posterior, run, posterior.log_weights + own, gained)
    if updated.effective_draws >= REJUVENATE_BELOW * posterior.draws:
        return Update(updated, rejuvenated=False, refit_due=run.cramped)
    runs = [*earlier, run]
    rows = pooled(runs, layout, posterior.newest_y)
    way = Way(layout, None, Likelihood(rows, layout, posterior.newest_y, answered=runs))
    rng = np.random.default_rng(seed)
    metric = metric_of(updated.z, updated.weights)
    cloud = way.at(updated.z[systematic(updated.weights, updated.draws, rng)], 1.0)
    cloud, moves, acceptance, _ = move(cloud, way, 1.0, metric, REJUVENATED_MEMORY, FIRST_ANGLE, rng)
    fresh = replace(
        updated,
        z=cloud.z,
        log_weights=np.zeros(updated.draws),
        effort=Effort(posterior.effort.temperatures, posterior.effort.moves + moves, acceptance),
    )
    return Update(fresh, rejuvenated=True, refit_due=run.cramped)


def _with(posterior: Posterior, run: CompressedRun, log_weights: Floats, gained: float) -> Posterior:
    return replace(
        posterior,
        log_weights=log_weights - log_weights.max(),
        log_evidence=posterior.log_evidence + gained,
        runs=posterior.runs + run.copies,
        cramps=posterior.cramps + run.cramped,
    )
