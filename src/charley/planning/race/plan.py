"""The plan of one race: optimised, kept at habit where nothing is gained, held to its limits on a finer simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.race import limits
from charley.planning.race.limits import SweatDoubt
from charley.planning.race.optimise import BODIES, DRAWS, Freedom, optimised
from charley.planning.race.scenario import Outcome, Setting, outcome_of, outcomes, simulated, without_stores
from charley.planning.race.strategy import FUEL_PARTS, Strategy, by_part
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import Note, note
from charley.vocabulary.race import Health, Limit, Plan, Race, Refusal, Segment
from charley.vocabulary.units import SECONDS_PER_HOUR, SODIUM_G_PER_MOL

LEVERS = ("pace", "drink", "sodium", "carbohydrate")
LESS = (1.0, 0.93, 0.85, 0.7, 0.5, 0.0)  # of what may be drunk, until no limit is broken on the finer simulation
SLOWEST = 1.6  # of the target: slower finishes are not looked at for one within the limits
LOOKS, BETWEEN = 2, 8  # how often, and into how many parts, the finishes between are cut
FIRM = 0.97  # of the loss ceiling, so that who asks again for the fastest finish is not refused by a hair


@dataclass(frozen=True)
class Made:
    """A plan with what it was made of: the strategy, and it simulated as it will likely be drunk."""

    plan: Plan
    strategy: Strategy
    planned: Outcome


@dataclass(frozen=True)
class AsUsual:
    """The race as the runner is used to run and drink: as it will likely go, and its states on a cooler day."""

    likely: Outcome
    cool: BodyStates


def as_usual(usual: Strategy, setting: Setting, n: PlanningNumbers = PLANNING) -> AsUsual:
    """The usual strategy on both days."""
    likely, cool = simulated([(usual, setting), (usual, cooler(setting, n))])
    return AsUsual(outcome_of(usual, likely, setting), cool.states)


def made_plan(
    race: Race, habit: AsUsual, setting: Setting, doubt: SweatDoubt, health: Health, n: PlanningNumbers = PLANNING
) -> Made | Refusal:
    """The best plan for the finish of the usual strategy within the limits, or why there is none."""
    usual = habit.likely.strategy
    allowed = limits.drink_allowed_l(habit.cool, doubt, n)
    hours = usual.finish_s / SECONDS_PER_HOUR
    ends = habit.cool.time_s
    most = np.interp(np.arange(1, FUEL_PARTS + 1) / FUEL_PARTS * usual.finish_s, ends, allowed)
    freedom = Freedom(
        drink_most_l=most,
        carbohydrate_most_g_h=n.carbohydrate_most_g_h if hours > n.carbohydrate_long_h else n.carbohydrate_short_g_h,
        sodium=not health.no_sodium,
        carbohydrate="diabetes" not in health.named,
    )
    within = replace(usual, drink_l_h=_within(usual.drink_l_h, most, hours))
    few = replace_belief(setting, BODIES, DRAWS)
    wanted = optimised(_mean_rates(within), few, freedom, n=n)
    chosen, at_habit = _worth_it(within, wanted, setting, health, n)
    return _held(race, chosen, at_habit, setting, doubt, health, habit.likely, n)


def cooler(setting: Setting, n: PlanningNumbers = PLANNING) -> Setting:
    """The same race on a day that turns out cooler than said."""
    return replace(setting, temp_shift_c=setting.temp_shift_c - n.rail_cooler_c)


def replace_belief(setting: Setting, bodies: int, draws: int) -> Setting:
    """The same race for fewer bodies and draws."""
    order = np.argsort(setting.bodies.critical_speed_m_s, kind="stable")
    chosen = order[((np.arange(bodies) + 0.5) * setting.bodies.draws / bodies).astype(int)]
    belief = replace(
        setting.belief, bodies=setting.bodies.picked(chosen), posterior=setting.belief.posterior.equal(draws)
    )
    states = setting.reference
    own = {
        name: values[:, chosen]
        for name in type(states).__slots__
        if name not in ("time_s", "distance_m", "outside") and (values := getattr(states, name)) is not None
    }
    return replace(
        setting,
        belief=belief,
        temp_shift_c=setting.temp_shift_c[chosen],
        humidity_shift=setting.humidity_shift[chosen],
        longest_run_m=setting.longest_run_m[chosen],
        usual_longest_m=setting.usual_longest_m[chosen],
        reference=replace(states, **own),
        level_m_s=setting.level_m_s[chosen],
        baseline=setting.baseline[:, chosen],
    )


def _within(drink_l_h: Floats, most_l: Floats, hours: float) -> Floats:
    """Habitual drink, brought under what may be drunk by the end of each sixth."""
    part_h = hours / FUEL_PARTS
    out = drink_l_h.copy()
    drunk = np.zeros(out.shape[1])
    for j in range(FUEL_PARTS):
        room = np.maximum(most_l[j] - drunk, 0.0) / part_h
        out[j] = np.minimum(out[j], room)
        drunk = drunk + out[j] * part_h
    return out


def _mean_rates(s: Strategy) -> Strategy:
    return replace(
        s,
        drink_l_h=s.drink_l_h.mean(axis=1, keepdims=True),
        sodium_mmol_h=s.sodium_mmol_h.mean(axis=1, keepdims=True),
    )


def _worth_it(
    within: Strategy, wanted: Strategy, setting: Setting, health: Health, n: PlanningNumbers
) -> tuple[Strategy, tuple[str, ...]]:
    """Of what was found only the parts that are worth one in 100 by themselves, and help in nine of ten draws.

    The rest stays as the runner is used to: a drink or a tablet whose sign nobody knows is no plan.
    """
    even = replace(within, effort=np.ones_like(within.effort))
    tried = [within, even, *(_taking(within, wanted, (lever,)) for lever in LEVERS)]
    base, *others = (setting.belief.chance(o.rows) for o in outcomes(tried, setting))

    def worth(other: Floats) -> bool:
        return bool((base - other).mean() >= n.lever_least and (base >= other).mean() >= n.lever_sure)

    even_gain, *gains = (worth(other) for other in others)
    at_habit = [lever for lever, gain in zip(LEVERS, gains, strict=True) if not gain]
    chosen = _taking(within, wanted, [lever for lever in LEVERS if lever not in at_habit])
    if "pace" in at_habit and not np.allclose(within.effort, 1.0):
        # a start faster than the rest is no habit to plan for: even costs nothing
        chosen = replace(chosen, effort=even.effort)
        if even_gain:
            at_habit.remove("pace")
    return chosen, tuple(at_habit)


def _taking(within: Strategy, wanted: Strategy, taken: Sequence[str]) -> Strategy:
    """The first strategy with some levers as the second has them."""
    return replace(
        within,
        effort=wanted.effort if "pace" in taken else within.effort,
        drink_l_h=wanted.drink_l_h if "drink" in taken else within.drink_l_h,
        sodium_mmol_h=wanted.sodium_mmol_h if "sodium" in taken else within.sodium_mmol_h,
        carbohydrate_g_h=wanted.carbohydrate_g_h if "carbohydrate" in taken else within.carbohydrate_g_h,
    )


def _held(
    race: Race,
    chosen: Strategy,
    at_habit: tuple[str, ...],
    setting: Setting,
    doubt: SweatDoubt,
    health: Health,
    usual_outcome: Outcome,
    n: PlanningNumbers,
) -> Made | Refusal:
    coarse, warm = simulated([(chosen, cooler(setting, n)), (chosen, setting)])
    at_stations = np.interp(setting.way.stations_m, setting.way.edges_m, coarse.time_s)
    allowed = limits.drink_allowed_l(coarse.states, doubt, n)
    hours = chosen.finish_s / SECONDS_PER_HOUR
    at_sweat = _at_sweat(chosen, warm.states, n)
    thirst = chosen.drink_l_h.mean() * hours  # what the runner would drink, within the rail
    for less in LESS:
        cups = limits.ceilings_l(less * allowed, coarse.states.time_s, at_stations, race.cup_l)
        share = min(thirst / cups.sum(), 1.0) if cups.sum() > 0 else 0.0
        shown = replace(chosen, station_l=cups), replace(chosen, station_l=cups * share)
        if health.no_drink_figures:  # they drink as they are used to, within the rail
            shown = chosen, chosen
        pairs = [
            (shown[0], without_stores(setting)),
            (shown[0], cooler(setting, n)),
            (shown[1], setting),
            (at_sweat, setting),
        ]
        full, cool, likely, wet = simulated(pairs, n.shown_step_s)
        found = limits.checked(full.states, cool.states, wet.states, setting.bodies, doubt, n)
        broken = [limit for limit in found if not limit.held]
        if not broken or {b.id for b in broken} <= {"loss"}:
            break
    if broken:
        reasons = tuple(note(f"limit-{b.id}", found=b.found, limit=b.limit) for b in broken)
        return Refusal(reasons, fastest_within(chosen, setting, n))
    planned = outcome_of(shown[1], likely, setting)
    plan = _plan(race, chosen, cups, at_habit, setting, health, usual_outcome, full.states, planned, found)
    return Made(plan, chosen, planned)


def fastest_within(target: Strategy, setting: Setting, n: PlanningNumbers = PLANNING) -> float | None:
    """The fastest finish, not faster than the target, at which the loss of mass stays within its ceiling; or None."""
    small = replace_belief(setting, BODIES, DRAWS)

    def within(finishes_s: Floats) -> Bools:
        trials = [_mean_rates(target.at(float(finish_s))) for finish_s in finishes_s]
        dry = simulated([(trial, small) for trial in trials])
        wet = simulated([(_at_sweat(t, run.states, n), small) for t, run in zip(trials, dry, strict=True)])
        losses = [np.median(limits.mass_loss(run.states, small.bodies)) for run in wet]
        return np.array(losses) <= FIRM * n.loss_ceiling

    fast, slow = target.finish_s, SLOWEST * target.finish_s
    for _ in range(LOOKS):
        tried = np.linspace(fast, slow, BETWEEN + 1)
        held = within(tried)
        if not held[-1]:
            return None
        first = int(np.argmax(held))
        if first == 0:
            return float(tried[0])
        fast, slow = tried[first - 1], tried[first]
    return float(slow)


def _at_sweat(strategy: Strategy, states: BodyStates, n: PlanningNumbers) -> Strategy:
    """The strategy with as much drunk as is sweated in its middle body, up to the gut's limit."""
    rate = float(np.median(states.sweat_l[-1])) / (strategy.finish_s / SECONDS_PER_HOUR)
    return replace(strategy, drink_l_h=np.full((FUEL_PARTS, 1), min(rate, n.drink_most_l_h)))


def _plan(
    race: Race,
    chosen: Strategy,
    cups: Floats,
    at_habit: tuple[str, ...],
    setting: Setting,
    health: Health,
    usual_outcome: Outcome,
    full: BodyStates,
    planned: Outcome,
    found: tuple[Limit, ...],
) -> Plan:
    belief, hours = setting.belief, chosen.finish_s / SECONDS_PER_HOUR
    chance, usual = belief.chance(planned.rows), belief.chance(usual_outcome.rows)
    drink = None if health.no_drink_figures else float(cups.sum())
    food = None if "diabetes" in health.named else float(chosen.carbohydrate_g_h.mean())
    sodium = float(chosen.sodium_mmol_h.mean()) * SODIUM_G_PER_MOL
    withheld = [w for w in health.notes if w.code in ("no-sodium", "no-drink-figures", "no-carbohydrate-figures")]
    return Plan(
        finish_s=chosen.finish_s,
        segments=_segments(race, chosen, cups, setting, planned, drink is None, food is None),
        drink_ceiling_l=drink,
        drink_l_h=None if drink is None else drink / hours,
        sodium_mg_h=None if any(w.code == "no-sodium" for w in withheld) else sodium,
        carbohydrate_g_h=food,
        chance=Estimate.from_draws(chance),
        difference=Estimate.from_draws(chance - usual),
        sweat_l=Estimate.from_draws(full.sweat_l[-1]),
        sodium_lost_mmol=Estimate.from_draws(full.sodium_lost_mmol[-1]),
        potassium_lost_mmol=Estimate.from_draws(full.potassium_lost_mmol[-1]),
        mass_loss=Estimate.from_draws(limits.mass_loss(full, setting.bodies)),
        limits=found,
        at_habit=at_habit,
        withheld=tuple(withheld) + _unsure(health),
    )


def _unsure(health: Health) -> tuple[Note, ...]:
    return tuple(w for w in health.notes if w.code == "health-unknown")


def _segments(
    race: Race, chosen: Strategy, cups: Floats, setting: Setting, planned: Outcome, dry: bool, no_food: bool
) -> tuple[Segment, ...]:
    """From station to station; without stations by fives of kilometres. The last one ends at the finish."""
    way, end = setting.way, float(setting.way.edges_m[-1])
    stops = way.stations_m if way.stations_m.size else np.arange(5000.0, end - 1.0, 5000.0)
    edges = np.concatenate([[0.0], stops, [end]])
    clock = np.interp(edges, way.edges_m, planned.time_s)
    out = []
    for i in range(edges.size - 1):
        station = bool(way.stations_m.size) and i < way.stations_m.size
        hours = (clock[i + 1] - clock[i]) / SECONDS_PER_HOUR
        rate = float(by_part(chosen.carbohydrate_g_h, np.array([(edges[i] + edges[i + 1]) / 2 / end])).mean())
        out.append(
            Segment(
                from_m=float(edges[i]),
                to_m=float(edges[i + 1]),
                speed_m_s=float((edges[i + 1] - edges[i]) / (clock[i + 1] - clock[i])),
                clock_s=float(clock[i + 1]),
                station=station,
                drink_most_l=None if dry else float(cups[i]) if station else 0.0,
                carbohydrate_g=None if no_food else rate * float(hours) if i < edges.size - 2 else 0.0,
            )
        )
    return tuple(out)
