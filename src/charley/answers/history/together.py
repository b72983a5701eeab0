"""What a squad shares: a population learnt from all journals, and each runner's next hard run with it as their prior.

The joint model (``inference.population``) knows no triggers and no background: it moves the centre and spread of the
sensitivities and the level. Both are taken up again, as any runner has them, when a runner's own runs go through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.answers.history import rows
from charley.answers.history.answer import next_hard_run
from charley.answers.history.belief import believe, compressed
from charley.answers.history.bodies import Bodies
from charley.answers.history.carried import CarriedCache, Request
from charley.answers.history.log import Log, gather
from charley.answers.history.plan import CALF, Career, factor_table, runner_prior
from charley.inference.compress import CompressedRun
from charley.inference.population import Population, learn_population
from charley.inference.prior import Features, Layout
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.roster import Shared, SharedFactor
from charley.vocabulary.runner import Runner

MOST_R_HAT = 1.05  # of split chains: above it they have not settled (Vehtari et al 2021, doi:10.1214/20-BA1221)
TOLD = 0.5  # spreads of the sourced prior by which a centre has to move to be told (own rule)


@dataclass(frozen=True, slots=True)
class RunsOf:
    """The runs of the request of that number, ready for the joint likelihood of the calf."""

    number: int
    runs: tuple[CompressedRun, ...]


def runs_of(asked: Request) -> RunsOf:
    """Of the runs that can be read, what the joint model takes. Raises CharleyError as an answer does."""
    return RunsOf(asked.number, tuple(compressed(_log(asked))[CALF]))


def chance_with(asked: Request, population: Population) -> tuple[int, Estimate]:
    """The chance in the runner's next usual hard run, begun from this population in place of what studies say."""
    log = _log(asked)
    priors = {muscle: population.prior(prior) for muscle, prior in log.priors.items()}
    moved = replace(log, table=population.table(log.table), priors=priors)
    return asked.number, next_hard_run(believe(moved, CarriedCache(), asked.seed)).chance


def shared(runners: Sequence[Sequence[CompressedRun]], seed: int) -> tuple[Population, Shared]:
    """The population, and what of it is worth telling. Raises UsageError (roster-extra)."""
    table, prior = factor_table(), runner_prior(Runner(), CALF, seed)
    population = learn_population(runners, table, prior, seed=seed)
    layout = Layout(table, prior, Features())
    centre, scale = layout.centre_and_scale(layout.sensitivity)
    active = layout.active
    moved = (np.array(population.centre)[active] - centre) / scale
    told = sorted(
        (SharedFactor(table.labels[k], float(by)) for k, by in zip(active, moved, strict=True) if table.positive[k]),
        key=lambda f: -abs(f.moved),
    )
    return population, Shared(
        runners=population.runners,
        cramps=population.cramps,
        r_hat=population.r_hat,
        settled=population.r_hat <= MOST_R_HAT,
        factors=tuple(f for f in told if abs(f.moved) >= TOLD),
    )


def _log(asked: Request) -> Log:
    career = Career(asked.history.runner, asked.history.runs, asked.seed)
    cache = CarriedCache(asked.rows)
    planned, computed = rows.compute(career, cache.rows, Bodies(career))
    return gather(career, planned, computed)
