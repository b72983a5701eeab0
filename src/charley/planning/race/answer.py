"""One race, answered whole: how long, how likely a cramp and where, what each change buys, a plan within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.finish.finish import Ability, ability
from charley.planning.finish.predictors import Training
from charley.planning.ledger import QUANTILES
from charley.planning.race import levers, limits
from charley.planning.race.belief import Belief
from charley.planning.race.limits import SweatDoubt
from charley.planning.race.plan import Made, as_usual, made_plan, replace_belief
from charley.planning.race.scenario import Outcome, Setting, outcomes, setting_of
from charley.planning.race.strategy import Strategy, way_of
from charley.planning.race.usual import NOBODYS, Usual
from charley.risk.baseline import field_cumulative_hazard
from charley.risk.draws import draw_hazard
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import Note, note
from charley.vocabulary.race import (
    CANNOT_TELL,
    INFEASIBLE,
    OK,
    ChanceAt,
    FrontierPoint,
    Health,
    Race,
    RaceAnswer,
    Refusal,
    Stretch,
)
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR

BODIES = 24
LEVER_BODIES, LEVER_DRAWS = 12, 480
FRONTIER = (0.97, 0.985, 1.0, 1.015, 1.03, 1.045, 1.06, 1.08)
BASE_DRAWS = 500
HALF = 0.5


@dataclass(frozen=True)
class RaceQuestion:
    """A race and what is known of the runner. ``together``: levers that changed at once since the last cramp."""

    race: Race
    belief: Belief
    usual: Usual = NOBODYS
    training: Training | None = None
    doubt: SweatDoubt = field(default_factory=lambda: limits.sweat_doubt(()))
    health: Health = field(default_factory=lambda: Health((), False, True, False, False, False))
    together: tuple[str, ...] = ()
    seed: int = 1


def answer(q: RaceQuestion, n: PlanningNumbers = PLANNING) -> RaceAnswer:
    """The whole answer. Where the race lies outside what the models were fitted on it says so and gives no number."""
    outside = beyond(q, n)
    if outside:
        return _bare(q, outside)
    race = q.race
    way = way_of(race.course, race.stations_m)
    belief = q.belief.thinned(BODIES, q.belief.posterior.draws)
    setting = setting_of(belief, way, race.air, q.seed)
    able = ability(
        race.course.distance_m, way.flat_m, _wbgt(setting), q.belief.runner.bests, q.training, q.belief.bodies, q.seed
    )
    finish = able.said(race.goal_s)
    finish_s = float(race.goal_s or np.median(able.able_s))
    out_of_reach = _out_of_reach(q, able, finish_s, n)
    if out_of_reach is not None:
        bare = _bare(q, ())
        return replace(bare, status=INFEASIBLE, finish=finish, finish_s=finish_s, refusal=out_of_reach)
    usual = q.usual.strategy(finish_s, belief)
    habit = as_usual(usual, setting, n)
    base = habit.likely
    chance = belief.chance(base.rows)
    made = made_plan(race, habit, setting, q.doubt, q.health, n)
    plan = made.plan if isinstance(made, Made) else None
    small = replace_belief(setting, LEVER_BODIES, LEVER_DRAWS)
    small_usual = q.usual.strategy(finish_s, small.belief)
    total_l = float(limits.drink_allowed_l(habit.cool, q.doubt, n)[-1])
    proposed = levers.changes(small_usual, small, total_l, n)
    along = np.arange(1.0, np.floor(race.course.distance_m / METRES_PER_KM) + 1.0) * METRES_PER_KM
    along = np.append(along[along < race.course.distance_m - 1.0], race.course.distance_m)
    by_usual = _by_km(belief, base, setting, along)
    return RaceAnswer(
        status=OK if plan is not None else INFEASIBLE,
        race=race,
        finish_s=finish_s,
        finish=finish,
        chance=Estimate.from_draws(chance),
        chance_of_people=belief.people_differ(base.rows),
        by_km=by_usual,
        stretch=_stretch(by_usual),
        plan=plan,
        plan_by_km=_by_km(belief, made.planned, setting, along) if isinstance(made, Made) else (),
        refusal=made if isinstance(made, Refusal) else None,
        base_rate=_base(race.course.distance_m, "mass", q.seed),
        base_rate_studies=_base(race.course.distance_m, "volunteers", q.seed),
        levers=levers.priced(small_usual, proposed, small, q.health, q.together),
        frontier=_frontier(made.strategy if isinstance(made, Made) else usual, small, able, finish_s, n),
        health=q.health,
        outside=(),
        assumed=_assumed(q, setting, n),
        n_runs=q.belief.n_runs,
        n_cramps=q.belief.n_cramps,
        draws=belief.posterior.draws,
        seed=q.seed,
        finish_quantiles_s=np.quantile(able.expected_s(finish_s), QUANTILES),
        usual_start=float(usual.effort[0]),
        mass_kg=float(np.median(setting.bodies.mass_kg)),
        source_ids=_sources(finish.predicted),
    )


def beyond(q: RaceQuestion, n: PlanningNumbers = PLANNING) -> tuple[Note, ...]:
    """Why the models have nothing to say of this race; () where they do."""
    race, found = q.race, []
    km = race.course.distance_m / METRES_PER_KM
    hours = max((race.goal_s or 4 * SECONDS_PER_HOUR) / SECONDS_PER_HOUR, 0.5)
    temps = race.air.air_temp_c[race.air.hour <= hours + 0.5]
    if not n.shortest_planned_km <= km <= n.longest_planned_km:
        found.append(note("outside-distance", km=km, low=n.shortest_planned_km, high=n.longest_planned_km))
    if temps.max() > n.hottest_planned_c:
        found.append(note("outside-hot", temp_c=float(temps.max()), limit=n.hottest_planned_c))
    if temps.min() < n.coolest_planned_c:
        found.append(note("outside-cold", temp_c=float(temps.min()), limit=n.coolest_planned_c))
    if race.goal_s is not None and race.course.distance_m / race.goal_s < n.slowest_planned_m_s:
        found.append(note("outside-walk", speed_m_s=race.course.distance_m / race.goal_s))
    if q.health.no_plan:
        found.append(note("outside-under-18"))
    return tuple(found)


def _bare(q: RaceQuestion, outside: tuple[Note, ...]) -> RaceAnswer:
    return RaceAnswer(
        status=CANNOT_TELL, race=q.race, finish_s=q.race.goal_s or float("nan"), finish=None, chance=None,
        chance_of_people=None, by_km=(), stretch=None, plan=None, plan_by_km=(), refusal=None, base_rate=None,
        base_rate_studies=None, levers=(), frontier=(), health=q.health, outside=outside, assumed=(),
        n_runs=q.belief.n_runs, n_cramps=q.belief.n_cramps, draws=q.belief.posterior.draws, seed=q.seed,
    )  # fmt: skip


def _out_of_reach(q: RaceQuestion, able: Ability, finish_s: float, n: PlanningNumbers) -> Refusal | None:
    """A target that fewer than one in 100 such runners could hold on a cool day is none; the fastest is that time."""
    fastest = able.fastest_s(n)
    if finish_s >= fastest:
        return None
    measured = "bests" if q.belief.runner.bests or q.belief.learned is not None else "field"
    return Refusal((Note("out-of-reach", values=(("fastest_s", fastest),), detail=(measured,)),), fastest)


def _wbgt(setting: Setting) -> Floats:
    """WBGT over the race for each body's draw of the air."""
    from charley.body.wbgt import wet_bulb_globe_temp_c

    air = setting.air
    first = air.hour <= 4.0
    temp = air.air_temp_c[first].mean() + setting.temp_shift_c
    humidity = np.clip(air.relative_humidity[first].mean() + setting.humidity_shift, 0.05, 1.0)
    sun, wind = (np.full(temp.size, values[first].mean()) for values in (air.solar_w_m2, air.wind_m_s))
    return wet_bulb_globe_temp_c(temp, humidity, sun, wind)


def _by_km(belief: Belief, outcome: Outcome, setting: Setting, along_m: Floats) -> tuple[ChanceAt, ...]:
    until_h = np.interp(along_m, setting.way.edges_m, outcome.time_s) / SECONDS_PER_HOUR
    found = belief.chance_by(outcome.rows, until_h)
    return tuple(ChanceAt(float(m), Estimate.from_draws(row)) for m, row in zip(along_m, found, strict=True))


def _stretch(by_km: Sequence[ChanceAt]) -> Stretch | None:
    """The narrowest stretch, in whole kilometres, that holds half of the chance of the whole race."""
    at = np.array([0.0, *(p.at_m for p in by_km)])
    mean = np.array([0.0, *(p.chance.mean for p in by_km)])
    if mean[-1] <= 0:
        return None
    best: tuple[float, float, float] | None = None
    for i in range(at.size - 1):
        j = int(np.searchsorted(mean, mean[i] + HALF * mean[-1]))
        if j < at.size and (best is None or at[j] - at[i] < best[0]):
            best = (float(at[j] - at[i]), float(at[i]), float(at[j]))
    return None if best is None else Stretch(best[1], best[2])


def _base(distance_m: float, group: str, seed: int) -> Estimate:
    """How often a field cramps over such a distance, before anything is known of the runner."""
    hazard = draw_hazard(BASE_DRAWS, np.random.default_rng(seed), group)
    return Estimate.from_draws(-np.expm1(-field_cumulative_hazard(distance_m / METRES_PER_KM, hazard)))


def _frontier(
    strategy: Strategy, setting: Setting, able: Ability, finish_s: float, n: PlanningNumbers
) -> tuple[FrontierPoint, ...]:
    """Finish time against chance, run as planned otherwise; times that nobody could hold are left out."""
    few = replace(
        strategy,
        station_l=None,
        drink_l_h=strategy.drink_l_h.mean(axis=1, keepdims=True),
        sodium_mmol_h=strategy.sodium_mmol_h.mean(axis=1, keepdims=True),
    )
    times = [finish_s * f for f in FRONTIER if finish_s * f >= able.fastest_s(n)]
    found = outcomes([few.at(t) for t in times], setting)
    return tuple(
        FrontierPoint(
            t,
            Estimate.from_draws(setting.belief.chance(o.rows)),
            float(np.median(limits.mass_loss(o.states, setting.bodies))) <= n.loss_ceiling,
        )
        for t, o in zip(times, found, strict=True)
    )


def _assumed(q: RaceQuestion, setting: Setting, n: PlanningNumbers) -> tuple[Note, ...]:
    """What nobody told and was taken from elsewhere, as keys with figures."""
    runner, air, out = q.belief.runner, q.race.air, []
    km = q.race.course.distance_m / METRES_PER_KM
    out.append(
        Note("air", values=(("temp_c", float(air.air_temp_c[0])), ("sd_c", air.temp_sd_c)), detail=(air.source,))
    )
    if q.race.course.heights == "flat":
        out.append(note("course-flat"))
    if not runner.bests:
        out.append(note("level-field" if q.belief.learned is None else "level-journal"))
    if runner.mass_kg is None:
        out.append(note("mass", kg=float(np.median(setting.bodies.mass_kg))))
    out.append(note("sweat", weighings=float(q.doubt.weighings), sd=q.doubt.log_sd))
    if q.usual.drink_l_h is None:
        out.append(note("drink-usual", l_h=float(np.median(setting.bodies.habitual_drink_l_h))))
    if q.usual.races == 0:
        out.append(note("start-even"))
    if runner.longest_run_30d_m is None:
        out.append(note("longest-usual", m=float(np.median(setting.longest_run_m))))
    if km < 21.0:
        out.append(note("short-race", km=km))
    hot, cool = float(air.air_temp_c.max()), float(air.air_temp_c.min())
    if hot > 30.0 or cool < 10.0:
        out.append(note("air-carried-on", low=10.0, high=30.0))
    return tuple(out)


def _sources(predicted: Sequence[object]) -> tuple[str, ...]:
    own = [i for p in predicted for i in getattr(p, "source_ids", ())]
    return tuple(dict.fromkeys([*own, "ely-2007", "knechtle-2019", "hew-butler-2015", "sawka-2007", "thomas-2016"]))
