"""The runner's plausible bodies through the years: the scales set their sweat, the weeks before a run their level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np

from charley import body
from charley.answers.history.heat import Heat
from charley.answers.history.plan import Career, Planned
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import LEAST_WEIGHED_S
from charley.vocabulary.over_journal import Personal
from charley.vocabulary.run import Run
from charley.vocabulary.runner import BestEffort, Runner
from charley.vocabulary.units import SECONDS_PER_HOUR

POOL = 64  # bodies of the runner from which each run takes its own
KEPT_RUNS = 64  # with their channels in memory: years of runs would fill it


class Bodies:
    """The runner's plausible bodies, with the level that the weeks before a run bear out."""

    def __init__(self, career: Career) -> None:
        self.career = career
        self._runs: dict[int, Run | None] = {}
        self._levelled: dict[tuple[int, tuple[int, ...]], body.BodyParameters] = {}
        self._bests: dict[int, BestEffort | None] = {}
        start, self._sweat, self._level = (np.random.SeedSequence([career.seed, i]) for i in range(3))
        # what is told of heat is of today; each run's own state is that of the weeks before it
        timeless = replace(career.runner, heat_runs_14d=None)
        self.unweighed = body.draw_bodies(timeless, POOL, np.random.default_rng(start))
        self.heat = Heat(career.runs, self.read)

    @cached_property
    def pool(self) -> body.BodyParameters:
        """The runner's bodies, narrowed by what was told and by the scales."""
        return self._weighed(self.unweighed)

    @cached_property
    def anybody(self) -> body.BodyParameters:
        """Bodies of runners of whom nothing is known."""
        return body.draw_bodies(Runner(), POOL, np.random.default_rng(self._sweat))

    def prepare(self) -> None:
        """Work out what every run needs."""
        _ = self.pool

    def read(self, i: int) -> Run | None:
        """The run with its channels; None where they are lost."""
        if i not in self._runs:
            try:
                self._runs[i] = self.career.runs[i].read()
            except CharleyError:
                self._runs[i] = None
            if len(self._runs) > KEPT_RUNS:
                del self._runs[next(iter(self._runs))]
        return self._runs[i]

    def levelled(self, planned: Planned) -> body.BodyParameters:
        """The pool with the level that the best race and the best run of those weeks bear out."""
        self.level([planned])
        return self._levelled[planned.proof, planned.races]

    def level(self, planned: Iterable[Planned]) -> None:
        """Draw the levels of many runs side by side, which takes a fifth of the time that one after another would."""
        shown = {}
        for proof, races in dict.fromkeys((p.proof, p.races) for p in planned):
            if (proof, races) in self._levelled:
                continue
            run = self.read(proof)
            if run is None:
                self._levelled[proof, races] = self.pool
            else:
                plain = replace(self.career.runner, bests=self.bests(races))
                shown[proof, races] = body.shown_by(run, plain, self.pool)
        if shown:
            drawn = body.levelled(list(shown.values()), np.random.default_rng(self._level), self.pool)
            self._levelled.update(zip(shown, drawn, strict=True))

    def bests(self, races: tuple[int, ...]) -> tuple[BestEffort, ...]:
        """What each of these races shows at its best."""
        for j in races:
            if j not in self._bests:
                run = self.read(j)
                self._bests[j] = None if run is None else body.best_stretch(run)
        return tuple(b for j in races if (b := self._bests[j]) is not None)

    def of(self, planned: Planned) -> body.BodyParameters:
        """The bodies of a run: as many of the pool as it gets, evenly over the levels, by turns of the run's own.

        What a training run could have been held for, and with it the hazard, hangs on the level most: bodies picked
        without regard to it would make the same run a harmless or a hard one by chance.
        """
        pool = self.levelled(planned)
        stride = POOL // planned.bodies
        by_level = np.argsort(pool.critical_speed_m_s, kind="stable")
        turn = int(planned.told.row.run_id[:8], 16)  # of the run, not of its place: other runs come and go
        chosen = by_level[np.arange(planned.bodies) * stride + turn % stride]
        return self.in_heat_of(pool.picked(chosen), planned)

    def in_heat_of(self, bodies: body.BodyParameters, planned: Planned) -> body.BodyParameters:
        """The bodies as far acclimated to heat as the runner was at that run."""
        return body.acclimated(bodies, self.heat.before(planned.told.row.started_at))

    def sweat(self) -> list[Personal]:
        """Sweat rate over the weighed runs: as learnt from the scales, and what the model would say of anybody."""
        found = self.weighed_rates(self.unweighed)
        if not found:
            return []
        hours = [c.time_s[-1] / SECONDS_PER_HOUR for c, _, _ in found]
        learnt, anybody = (
            np.mean([body.simulate(c, pool).sweat_l[-1] / h for (c, _, _), h in zip(found, hours, strict=True)], axis=0)
            for pool in (self.pool, self.unweighed)
        )
        basis = f"weighed before and after {len(found)} {'run' if len(found) == 1 else 'runs'}"
        return [
            Personal("sweat_rate", "Sweat rate in runs like those", "L/h", Estimate.from_draws(learnt),
                     Estimate.from_draws(anybody), basis)
        ]  # fmt: skip

    def _weighed(self, pool: body.BodyParameters) -> body.BodyParameters:
        """The pool changed so that it sweats what the scales showed, the mean over all weighed runs."""
        found = self.weighed_rates(pool)
        if not found:
            return pool
        ratio = float(np.mean([np.log(weighed / model) for _, weighed, model in found]))
        course, _, model = found[-1]
        return body.match_sweat_rate(pool, course, model * float(np.exp(ratio)), np.random.default_rng(self._sweat))

    def weighed_rates(self, pool: body.BodyParameters) -> list[tuple[body.Course, float, float]]:
        """Of each weighed run: its course, the sweat rate that the scales showed, and the model's, L/h."""
        found = []
        for i, told in enumerate(self.career.runs):
            if told.weighed_loss_kg is None or told.intake.drink_l is None or told.row.elapsed_s < LEAST_WEIGHED_S:
                continue
            run = self.read(i)
            if run is None:
                continue
            rng = np.random.default_rng(self._sweat)
            then = body.acclimated(pool, self.heat.before(told.row.started_at))
            course = body.course_from_run(run, told.weather, told.intake, rng, then, _COARSE_S)
            states = body.simulate(course, then)
            time_s, lost_kg, drunk_l = told.row.elapsed_s, told.weighed_loss_kg, told.intake.drink_l
            weighed = float(body.sweat_of_scales_l_h(states, time_s, lost_kg, drunk_l).mean())
            if weighed > body.LEAST_SWEAT_L_H:
                found.append((course, weighed, float(states.sweat_l[-1].mean() / (time_s / SECONDS_PER_HOUR))))
        return found


_COARSE_S = 60.0
