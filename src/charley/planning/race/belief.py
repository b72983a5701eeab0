"""What is believed of one runner, as a planner needs it: draws of the chance of a cramp for rows of a run.

The one place where planning touches the engine that learns. From a journal it is that runner's posterior, without one
the studies' prior; either way the same function answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from charley import body
from charley.answers.history.belief import Muscles
from charley.answers.history.learn import Learned
from charley.answers.history.plan import CALF, MUSCLES, factor_table, runner_prior
from charley.answers.history.studies import studies
from charley.body.parameters import BodyParameters
from charley.inference.design import FactorTable, RunRows
from charley.inference.forecast import forecast
from charley.risk.hazard import over_people
from charley.vocabulary.arrays import Floats
from charley.vocabulary.runner import Runner

DRAWS = 960
TWO_OF_TEN = 0.2
POOL = 48  # plausible bodies of a runner without a journal


@dataclass(frozen=True)
class Belief:
    """Posteriors by kind of muscle, and bodies.

    ``told``: answers of the person by key of the prior; ``learned``: the journal, if any.
    """

    posterior: Muscles
    bodies: BodyParameters
    runner: Runner
    told: Mapping[str, float]
    learned: Learned | None = None
    crossed: bool = False  # each world of the studies meets each body: what is asked is averaged over people

    @property
    def table(self) -> FactorTable:
        """The factors and stressors, in the order in which rows hold them."""
        return self.posterior.of[CALF].layout.table

    @property
    def n_runs(self) -> int:
        """Runs that it was learnt from."""
        return 0 if self.learned is None else len(self.learned.belief.log.rows)

    @property
    def n_cramps(self) -> int:
        """Cramps that it was learnt from."""
        return 0 if self.learned is None else len(self.learned.belief.log.cramped)

    def thinned(self, bodies: int, draws: int) -> Belief:
        """The same with fewer bodies, evenly over their levels, and fewer draws."""
        order = np.argsort(self.bodies.critical_speed_m_s, kind="stable")
        chosen = order[((np.arange(bodies) + 0.5) * self.bodies.draws / bodies).astype(int)]
        if self.crossed:
            kept = np.arange(self.posterior.draws).reshape(-1, self.bodies.draws)[: draws // bodies, chosen].ravel()
            return replace(self, posterior=self.posterior.picked(kept), bodies=self.bodies.picked(chosen))
        return replace(self, posterior=self.posterior.equal(draws), bodies=self.bodies.picked(chosen))

    @cached_property
    def shares(self) -> list[Muscles]:
        """For each body the draws that are paired with it."""
        m = self.bodies.draws
        return [
            Muscles({k: replace(p, z=p.z[i::m], log_weights=p.log_weights[i::m]) for k, p in self.posterior.of.items()})
            for i in range(m)
        ]

    def chance(self, rows: RunRows) -> Floats:
        """Chance of a first cramp in a run, (draws,): each draw with its own body, so both uncertainties are in it.

        From studies alone: (worlds,), the mean over the people of each.
        """
        return np.asarray(self._over_people(self._of_each(rows))[0])

    def people_differ(self, rows: RunRows) -> tuple[float, float] | None:
        """The chances that two of ten such runners are below, and two above; None where the runner has a log."""
        if not self.crossed:
            return None
        low, high = np.quantile(self._of_each(rows), (TWO_OF_TEN, 1 - TWO_OF_TEN))
        return float(low), float(high)

    def _of_each(self, rows: RunRows) -> Floats:
        return self._paired([p.chance(one_body(rows, i))[None] for i, p in enumerate(self.shares)])

    def chance_by(self, rows: RunRows, until_h: Floats) -> Floats:
        """The same until each of the times, (points, draws) or (points, worlds)."""
        return self._over_people(
            self._paired([_chance_by(p, one_body(rows, i), until_h) for i, p in enumerate(self.shares)])
        )

    def _paired(self, parts: list[Floats]) -> Floats:
        """Parts (points, draws of a body) put back in the order of the draws."""
        out = np.empty((parts[0].shape[0], self.posterior.draws))
        for i, part in enumerate(parts):
            out[:, i :: self.bodies.draws] = part
        return out

    def _over_people(self, found: Floats) -> Floats:
        """(points, draws), or from studies alone (points, worlds)."""
        return over_people(found, self.bodies.draws) if self.crossed else found


def _chance_by(belief: Muscles, rows: RunRows, until_h: Floats) -> Floats:
    spared = [1 - forecast(p, rows, until_h).by_time.T for p in belief.of.values()]
    return np.asarray(1 - np.prod(spared, axis=0))


def one_body(rows: RunRows, i: int) -> RunRows:
    """The rows of one of the bodies."""
    own = slice(i, i + 1)
    return replace(
        rows,
        log_h0=rows.log_h0[own],
        covariates=rows.covariates[own],
        stressors=rows.stressors[own],
        lateness=rows.lateness[own],
    )


def from_studies(runner: Runner, seed: int = 1) -> Belief:
    """A runner of whom no run is known: bodies as told, sensitivities and level from the published studies."""
    bodies = body.draw_bodies(runner, POOL, np.random.default_rng(np.random.SeedSequence([seed, 11])))
    bodies = bodies.picked(np.argsort(bodies.critical_speed_m_s, kind="stable"))
    priors = {m: runner_prior(runner, m) for m in MUSCLES}
    return Belief(studies(factor_table(), priors, POOL, seed), bodies, runner, dict(runner.about), crossed=True)


def from_journal(learned: Learned, runner: Runner, draws: int = DRAWS, when: datetime | None = None) -> Belief:
    """The runner of a journal: posterior, bodies with the level of the last weeks, answers as they are now.

    ``runner`` holds what is told with the question; where it says nothing the journal's word holds. ``when``: the time
    of the race, until which acclimation to heat fades; None: as after the latest run.
    """
    latest = learned.belief.log.planned[-1]
    merged = merged_runner(runner, latest.runner)
    row = latest.told.row
    if when is not None and when.tzinfo is None:  # the clock of a race is that of the place, taken as the last run's
        when = when.replace(tzinfo=row.started_at.tzinfo)
    heat = learned.bodies.heat.before(max(when or row.started_at, row.started_at + timedelta(seconds=row.elapsed_s)))
    if merged.heat_runs_14d is not None:
        heat = body.acclimation_told(merged.heat_runs_14d)
    bodies = body.acclimated(learned.bodies.levelled(latest), heat)
    told = {**dict(latest.runner.about), **dict(runner.about)}
    return Belief(learned.belief.now.equal(draws), bodies, merged, told, learned)


def merged_runner(first: Runner, second: Runner) -> Runner:
    """What the first says, and the second's word where it says nothing."""
    own = {f: getattr(first, f) for f in Runner.__slots__}
    other = {f: getattr(second, f) for f in Runner.__slots__}
    return Runner(**{f: own[f] if own[f] not in (None, ()) else other[f] for f in Runner.__slots__})
