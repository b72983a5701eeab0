"""From strategies to what they do: bodies along the course in the air of the day, and rows for the chance of a cramp.

Nothing is defined here: course, body, reference run, factors and baseline are those of every other answer. Strategies
stand side by side as columns of one simulation; who has finished rests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from charley import body
from charley.answers.history.plan import mean_world
from charley.body.course import RANGES, Course, clothes_worn_clo, course_of
from charley.body.parameters import BodyParameters
from charley.inference.design import RunRows
from charley.planning.race.belief import Belief
from charley.planning.race.strategy import Strategy, Way, by_part, clock_s
from charley.risk.draws import number_draws
from charley.risk.factors import Situation, covariates, stressors, usual_longest_run_m
from charley.risk.hazard import expose
from charley.vocabulary.arrays import Floats
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.race import Air
from charley.vocabulary.units import SECONDS_PER_HOUR

STEP_S = 60.0
COARSE_STEP_S = 120.0  # where only the way to go is asked
PROGRESS = np.linspace(0.0, 1.0, 1001)


@dataclass(frozen=True)
class Setting:
    """What all strategies of one race share. Draws of air are (bodies,), in the order of the belief's bodies."""

    belief: Belief
    way: Way
    air: Air
    temp_shift_c: Floats
    humidity_shift: Floats
    longest_run_m: Floats
    usual_longest_m: Floats
    reference: BodyStates
    level_m_s: Floats
    baseline: Floats  # cumulative hazard of the reference run at PROGRESS, for each body, (points, bodies)

    @property
    def bodies(self) -> BodyParameters:
        """The plausible bodies."""
        return self.belief.bodies


def setting_of(belief: Belief, way: Way, air: Air, seed: int) -> Setting:
    """The race for a runner's bodies, with their reference run: even, own level, flat, mild, habitual drinks."""
    bodies, rng = belief.bodies, np.random.default_rng(np.random.SeedSequence([seed, 21]))
    distance_m = float(way.edges_m[-1])
    ratios = {k: number_draws(f"usual_longest_ratio_{k}", bodies.draws, rng) for k in ("10k", "half", "marathon")}
    usual = usual_longest_run_m(distance_m, ratios)
    own = belief.runner.longest_run_30d_m
    level = body.level_speed_m_s(bodies, way.flat_m)
    reference = body.simulate(body.reference_course(bodies, 1.02 * way.flat_m, level), bodies)
    spread = rng.standard_normal((2, bodies.draws))
    flat = np.broadcast_to((PROGRESS * way.flat_m)[:, None], (PROGRESS.size, bodies.draws))
    exposure = expose(PROGRESS, PROGRESS, flat, np.full(bodies.draws, way.flat_m), {}, mean_world(bodies.draws))
    return Setting(
        belief, way, air, air.temp_sd_c * spread[0], air.humidity_sd * spread[1],
        usual if own is None else np.full(bodies.draws, own), usual, reference, level,
        np.cumsum(exposure.baseline, axis=0),
    )  # fmt: skip


def without_stores(setting: Setting) -> Setting:
    """The same bodies with nothing coming to the help of their plasma sodium: what a limit on drinking is held to."""
    bodies = replace(setting.bodies, sodium_stores_per_h=np.zeros(setting.bodies.draws))
    return replace(setting, belief=replace(setting.belief, bodies=bodies))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One strategy simulated: its course and states, (steps, bodies), the time at each edge of the way, and rows."""

    strategy: Strategy
    states: BodyStates
    time_s: Floats  # of the edges of the way
    rows: RunRows
    wbgt_c: float

    def row_at(self, at_s: Floats) -> Floats:
        """Indices of the steps that end at or after times."""
        return np.minimum(np.searchsorted(self.states.time_s, at_s - 1e-6), self.states.time_s.size - 1)


def outcomes(strategies: Sequence[Strategy], setting: Setting, step_s: float | None = None) -> list[Outcome]:
    """Each strategy for each body. ``step_s``: 60 s unless given."""
    runs = simulated([(s, setting) for s in strategies], step_s)
    return [outcome_of(strategy, run, setting) for strategy, run in zip(strategies, runs, strict=True)]


def outcome_of(strategy: Strategy, run: Simulated, setting: Setting) -> Outcome:
    """A simulated strategy with its rows."""
    wbgt = run.course.wet_bulb_globe_temp_c()
    rows = rows_of(run.states, run.course, wbgt, strategy, setting)
    return Outcome(strategy, run.states, run.time_s, rows, float(wbgt.mean()))


@dataclass(frozen=True, slots=True)
class Simulated:
    """Bodies along one strategy: its course, their states until the finish, and the time at each edge of the way."""

    course: Course
    states: BodyStates
    time_s: Floats


def simulated(pairs: Sequence[tuple[Strategy, Setting]], step_s: float | None = None) -> list[Simulated]:
    """Each strategy in its own setting, all in one simulation; settings hold equally many bodies."""
    step = STEP_S if step_s is None else step_s
    clocks = [clock_s(s, setting.way) for s, setting in pairs]
    courses = [_course(s, c, setting, step) for (s, setting), c in zip(pairs, clocks, strict=True)]
    states = body.simulate(_side_by_side(courses), body.joined([setting.bodies for _, setting in pairs]))
    m = pairs[0][1].bodies.draws
    own = (_cut(states, course, slice(k * m, (k + 1) * m)) for k, course in enumerate(courses))
    return [Simulated(course, cut, clock) for course, cut, clock in zip(courses, own, clocks, strict=True)]


def rows_of(states: BodyStates, course: Course, wbgt: Floats, strategy: Strategy, setting: Setting) -> RunRows:
    """Rows of a strategy as the engine takes them: baseline and factors along bins of about a minute."""
    every = max(round(STEP_S / course.step_s), 1)
    last = states.time_s.size - 1
    at = np.unique(np.append(np.arange(every - 1, last, every), last)).astype(np.intp)
    bodies, m = setting.bodies, setting.bodies.draws
    up, down = (np.maximum(sign * course.grade, 0.0) * course.speed_m_s * course.step_s for sign in (1.0, -1.0))
    longest = setting.longest_run_m if strategy.longest_run_m is None else np.full(m, strategy.longest_run_m)
    now = Situation(
        raced=np.ones(m, dtype=bool),
        level_speed_m_s=setting.level_m_s,
        level_at_length_m_s=setting.level_m_s,
        planned_m=np.full(m, setting.way.flat_m),
        wbgt_c=np.broadcast_to(wbgt, (course.steps, m)),
        carbohydrate_g_h=np.broadcast_to(strategy.carbohydrate_g_h.mean(axis=0), (m,)),
        longest_run_m=longest,
        usual_longest_m=setting.usual_longest_m,
        climb_m=_summed(up),
        descent_m=_summed(down),
        body_mass_kg=bodies.mass_kg,
        told=setting.belief.told,
    )
    x = covariates(states, setting.reference, at, now)
    met = stressors(states, at, now, x["surge"])
    table, nothing = setting.belief.table, np.zeros((at.size, m))
    stacked = np.stack([x.get(key, nothing).T for key in table.keys], axis=2)
    progress = states.flat_distance_m[at] / states.flat_distance_m[-1]
    risen = np.stack([np.interp(progress[:, i], PROGRESS, setting.baseline[:, i]) for i in range(m)], axis=1)
    dt_h = np.diff(states.time_s[at], prepend=0.0) / SECONDS_PER_HOUR
    added = np.diff(risen, axis=0, prepend=np.zeros((1, m)))
    with np.errstate(divide="ignore"):
        log_h0 = np.log(added / dt_h[:, None]).T
    triggering = np.stack([met[key].T for key in table.triggers.keys], axis=2)
    return RunRows(dt_h=dt_h, log_h0=log_h0, covariates=stacked, hard=True, stressors=triggering)


def _summed(metres: Floats) -> Floats:
    """Metres of each step summed along the course, the strategies' bodies averaged, (steps,)."""
    return np.cumsum(metres if metres.ndim == 1 else metres.mean(axis=1))


def _course(strategy: Strategy, clock: Floats, setting: Setting, step_s: float) -> Course:
    """The course of one strategy for all bodies; its last step may end after the finish."""
    way, air, bodies = setting.way, setting.air, setting.bodies
    steps = int(np.ceil(strategy.finish_s / step_s - 1e-9))
    ends = step_s * np.arange(steps + 1.0)
    place = np.interp(ends, clock, way.edges_m)
    height = np.concatenate([[0.0], np.cumsum(np.diff(way.edges_m) * way.grade)])
    covered = np.diff(place)
    rise = np.diff(np.interp(place, way.edges_m, height))
    hours = (ends[:-1] + step_s / 2) / SECONDS_PER_HOUR
    share = (place[:-1] + place[1:]) / 2 / way.edges_m[-1]
    taken = np.minimum(strategy.finish_s - ends[:-1], step_s) / step_s  # of the last step only a part is run

    def along(values: Floats) -> Floats:
        return np.interp(hours, air.hour, values)

    temp = along(air.air_temp_c)[:, None] + setting.temp_shift_c
    low, high = RANGES["air_temp_c"]
    temp = np.clip(temp, low, high)
    humidity = np.clip(along(air.relative_humidity)[:, None] + setting.humidity_shift, 0.05, 1.0)
    drink, sodium, food = (
        by_part(rate, share) * taken[:, None] / SECONDS_PER_HOUR
        for rate in (strategy.drink_l_h, strategy.sodium_mmol_h, strategy.carbohydrate_g_h)
    )
    if strategy.station_l is not None:
        at = np.minimum((np.interp(way.stations_m, way.edges_m, clock) / step_s).astype(int), steps - 1)
        drink = np.bincount(at, strategy.station_l, steps)[:, None] / step_s
    clothing = clothes_worn_clo(temp.mean(axis=0), bodies) * strategy.clothing
    return course_of(
        covered / step_s,
        step_s,
        n=bodies.numbers,
        grade=np.divide(rise, covered, out=np.zeros(steps), where=covered > 0),
        air_temp_c=temp,
        relative_humidity=humidity,
        wind_m_s=along(air.wind_m_s),
        solar_w_m2=along(air.solar_w_m2),
        clothing_clo=clothing,
        drink_l_s=drink,
        salt_mmol_s=sodium,
        carbohydrate_g_s=food,
    )


_RESTING = frozenset({"speed_m_s", "grade", "moving", "drink_l_s", "salt_mmol_s", "carbohydrate_g_s"})


def _side_by_side(courses: Sequence[Course]) -> Course:
    """Courses as columns, bodies within strategies; what ends earlier rests."""
    steps = max(c.steps for c in courses)
    inputs: dict[str, Any] = {}
    for name in RANGES:
        columns = []
        widest = max(c.by_draw(name).shape[1] for c in courses)
        m = max(c.air_temp_c.shape[1] for c in courses)
        for course in courses:
            values = course.by_draw(name)
            full = np.zeros((steps, m)) if name in _RESTING else np.repeat(values[-1:], steps, axis=0)
            full = np.broadcast_to(full, (steps, m)).copy()
            full[: course.steps] = values
            columns.append(full)
        alike = widest == 1 and len(courses) == 1
        inputs[name] = columns[0][:, 0].copy() if alike else np.concatenate(columns, axis=1)
    step_s = courses[0].step_s
    return Course(time_s=step_s * np.arange(1.0, steps + 1.0), step_s=step_s, notes=(), **inputs)


def _cut(states: BodyStates, course: Course, columns: slice) -> BodyStates:
    """The states of one strategy until its finish."""
    own = {
        f.name: getattr(states, f.name)[: course.steps, columns]
        for f in fields(BodyStates)
        if f.name not in ("time_s", "distance_m", "outside")
    }
    speed = course.by_draw("speed_m_s").mean(axis=1)
    return BodyStates(time_s=course.time_s, distance_m=np.cumsum(speed) * course.step_s, outside=states.outside, **own)
