"""What each change would buy: one at a time from the usual way, in the same bodies and the same draws of belief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.evidence import priors
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.race.belief import Belief
from charley.planning.race.scenario import Setting, outcomes
from charley.planning.race.strategy import EVEN, FUEL_PARTS, Strategy
from charley.planning.race.usual import drink_rate, food_rate, sodium_rate
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import Told
from charley.vocabulary.note import Note, note
from charley.vocabulary.race import Health, Lever
from charley.vocabulary.units import SECONDS_PER_HOUR, SODIUM_G_PER_MOL

CLEAR, CANNOT_TELL, WITHHELD = "clear", "cannot_tell", "withheld"
SLOWER = 0.03
LEAST_DRINK_L_H = 0.05  # below it the most that is allowed is no drink to speak of
SODIUM_MG_H = 500.0
LIGHTER = 0.7  # of the clothes worn
FAST_START = 1.01
TOGETHER = 3  # changes at once since the last cramp, from which on none of them can be told
ALIKE = 0.25  # of a rate: within it nothing changed
# The prior that each change works through.
PRIORS = {
    "pace": "pace_excess",
    "start": "pace_excess",
    "walk": "slow_calf_fatigue",
    "drink": "body_mass_loss",
    "sodium": "sodium_fall",
    "carbohydrate": "carbohydrate",
    "clothing": "wbgt",
    "longest": "beyond_longest",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the usual way, and the figures that name it."""

    id: str
    strategy: Strategy
    values: tuple[tuple[str, float], ...]


def changes(
    usual: Strategy, setting: Setting, drink_total_l: float, n: PlanningNumbers = PLANNING
) -> tuple[Change, ...]:
    """Every change that can be made to this way of running. ``drink_total_l``: what the rail allows over the race."""
    hours = usual.finish_s / SECONDS_PER_HOUR
    long = hours > n.carbohydrate_long_h
    food = n.carbohydrate_most_g_h if long else n.carbohydrate_short_g_h
    drink = min(drink_total_l / hours, n.drink_most_l_h)
    slower_s = SLOWER * usual.finish_s
    distance_m = float(setting.way.edges_m[-1])
    longest = float(max(setting.longest_run_m.mean(), setting.usual_longest_m.mean(), 0.75 * distance_m))
    salted = usual.sodium_mmol_h + SODIUM_MG_H / SODIUM_G_PER_MOL
    found = [Change("pace", usual.at(usual.finish_s + slower_s), (("slower_s", slower_s),))]
    first = float(usual.effort[:3].mean())
    if first > FAST_START:
        found.append(Change("start", replace(usual, effort=EVEN), (("fast", first - 1.0),)))
    if setting.way.stations.sum() > 0:
        found.append(Change("walk", replace(usual, walk_s=n.walk_break_s), (("walk_s", n.walk_break_s),)))
    if drink >= LEAST_DRINK_L_H:
        found.append(Change("drink", replace(usual, drink_l_h=np.full((FUEL_PARTS, 1), drink)), (("l_h", drink),)))
    found += [
        Change("sodium", replace(usual, sodium_mmol_h=salted), (("mg_h", SODIUM_MG_H),)),
        Change("carbohydrate", replace(usual, carbohydrate_g_h=np.full((FUEL_PARTS, 1), food)), (("g_h", food),)),
        Change("clothing", replace(usual, clothing=LIGHTER), (("share", 1.0 - LIGHTER),)),
        Change("longest", replace(usual, longest_run_m=longest), (("m", longest),)),
    ]
    return tuple(found)


def priced(
    usual: Strategy,
    proposed: Sequence[Change],
    setting: Setting,
    health: Health,
    together: Iterable[str] = (),
) -> tuple[Lever, ...]:
    """What each change does to the chance of a cramp, the largest first; what cannot be told stands last."""
    base, *others = outcomes([usual, *(c.strategy for c in proposed)], setting)
    found = []
    beliefs = _beliefs(setting.belief)
    for change, outcome in zip(proposed, others, strict=True):
        draws = [b.chance(outcome.rows) - b.chance(base.rows) for b in beliefs]
        found.append(_lever(change, min(draws, key=lambda d: abs(float(d.mean()))), usual, health, together))
    order = {CLEAR: 0, CANNOT_TELL: 1, WITHHELD: 2}
    return tuple(sorted(found, key=lambda f: (order[f.verdict], f.difference.mean if f.difference else 0.0)))


def _beliefs(belief: Belief) -> list[Belief]:
    """Own belief; where the log holds no cramp the studies' beside it: a clean log must not make a lever larger."""
    if belief.learned is None or belief.n_cramps > 0:
        return [belief]
    studies = belief.learned.belief.studies.equal(belief.posterior.draws)
    return [belief, replace(belief, posterior=studies)]


def _lever(change: Change, draws: Floats, usual: Strategy, health: Health, together: Iterable[str]) -> Lever:
    prior = priors()[PRIORS[change.id]]
    difference: Estimate | None = Estimate.from_draws(draws)
    verdict = CLEAR if difference is not None and (difference.high < 0 or difference.low > 0) else CANNOT_TELL
    why: Note | None = None
    if change.id in together:
        verdict, why = CANNOT_TELL, note("changed-together")
    if change.id == "sodium" and health.no_sodium:
        if health.asked or health.named:
            difference, verdict, why = None, WITHHELD, note("no-sodium")
        else:
            why = note("health-unknown")
    if change.id == "drink" and health.no_drink_figures:
        difference, verdict, why = None, WITHHELD, note("no-drink-figures")
    cost_s = change.strategy.finish_s - usual.finish_s
    return Lever(change.id, change.values, difference, verdict, cost_s, prior.grade, prior.source_ids, why)


def changed_together(runs: Sequence[Told]) -> tuple[str, ...]:
    """Levers that changed at once since the last cramp, where they are three or more; else none.

    Compared are what was told of the cramped run and of the runs after it: drink, sodium, carbohydrate an hour, calf
    work, shoes, the change of a trial.
    """
    cramped = [i for i, t in enumerate(runs) if t.report.cramps]
    if not cramped or cramped[-1] == len(runs) - 1:
        return ()
    before, after = runs[cramped[-1]], runs[cramped[-1] + 1 :]
    changed = {name for t in after for name in _differences(before, t)}
    return tuple(sorted(changed)) if len(changed) >= TOGETHER else ()


def _differences(before: Told, after: Told) -> set[str]:
    out = set()
    for lever, rate in (("drink", drink_rate), ("sodium", sodium_rate), ("carbohydrate", food_rate)):
        was, now = rate(before), rate(after)
        if was is not None and now is not None and abs(now - was) > ALIKE * max(was, now, 1e-9):
            out.add(lever)
    told_before, told_after = dict(before.about), dict(after.about)
    for key in told_before.keys() & told_after.keys():
        if told_before[key] != told_after[key]:
            out.add(key)
    out |= {_TRIALS.get(change, change) for change, done in after.changed if done}
    return out


_TRIALS = {"salt": "sodium", "slower-start": "start"}
