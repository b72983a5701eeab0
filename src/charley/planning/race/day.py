"""Before and after a race, from the runner's own figures, each piece of advice with the grade of its claim."""

from __future__ import annotations

from datetime import datetime, timedelta

from charley.evidence.ledger import claims
from charley.evidence.numbers.body import BODY
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.race import Plan, RaceAnswer
from charley.vocabulary.race_day import AFTER, BEFORE, Advice, Mineral, RaceDay
from charley.vocabulary.units import LITRES_PER_US_FLUID_OUNCE, SODIUM_G_PER_MOL

TOLD_BEFORE_FL_OZ = (16.0, 24.0)  # claim K58, as runners are told it
POTASSIUM_G_PER_MOL, CHLORIDE_G_PER_MOL = 39.098, 35.453
# What runners are told, in the order of the day; "" where no claim of ours covers it.
ADVICE = (
    ("meal", BEFORE, "K63"),
    ("fluid-before", BEFORE, "K58"),
    ("urine", BEFORE, "K60"),
    ("warm-up", BEFORE, "K70"),
    ("stretch-before", BEFORE, "K72"),
    ("relax", BEFORE, ""),
    ("drink-after", AFTER, "K62"),
    ("stretch-after", AFTER, "K73"),
    ("rolling", AFTER, "K65"),
    ("massage", AFTER, "K64"),
    ("warmth-and-ice", AFTER, "K81"),
    ("salt-and-bananas", AFTER, "K56"),
    ("minerals", AFTER, "K57"),
)


def race_day(a: RaceAnswer, n: PlanningNumbers = PLANNING) -> RaceDay:
    """The day around a race. Volumes are within what is lost in the race; none where health forbids figures."""
    start = a.race.starts_at
    asked = claims()
    advice = tuple(
        Advice(key, phase, claim, asked[claim].headline if claim else "", asked[claim].grade if claim else "D")
        for key, phase, claim in ADVICE
    )
    minerals = () if a.plan is None else _minerals(a.plan, n)
    sodium = next((m for m in minerals if m.id == "sodium"), None)
    low, high = (v * a.mass_kg / 1000.0 for v in (n.fluid_before_least_ml_kg, n.fluid_before_most_ml_kg))
    told = [ounces * LITRES_PER_US_FLUID_OUNCE for ounces in TOLD_BEFORE_FL_OZ]
    return RaceDay(
        meal_at=_before(start, n.meal_before_min),
        drink_at=_before(start, 60.0 * n.fluid_before_h),
        drink_before_l=None if a.health.no_drink_figures or a.health.no_plan or not a.mass_kg else (low, high),
        told_before_l=(told[0], told[1]),
        warm_up_min=(n.warm_up_least_min, n.warm_up_most_min),
        advice=advice,
        minerals=minerals,
        bananas_for_sodium=None if sodium is None else sodium.lost_mg.mean / n.banana_sodium_mg,
        salt_suggested=not a.health.no_sodium,
    )


def _before(start: datetime | None, minutes: float) -> datetime | None:
    return None if start is None else start - timedelta(minutes=minutes)


def _minerals(p: Plan, n: PlanningNumbers) -> tuple[Mineral, ...]:
    """Sodium and potassium as simulated, chloride with sodium, calcium and magnesium by volume of sweat."""
    sodium, potassium, sweat = p.sodium_lost_mmol, p.potassium_lost_mmol, p.sweat_l
    return (
        Mineral("sodium", _times(sodium, SODIUM_G_PER_MOL), "bread", n.bread_sodium_mg_100g),
        Mineral(
            "chloride", _times(sodium, n.sweat_chloride_a_sodium * CHLORIDE_G_PER_MOL), "bread",
            n.bread_sodium_mg_100g * CHLORIDE_G_PER_MOL / SODIUM_G_PER_MOL,
        ),
        Mineral("potassium", _times(potassium, POTASSIUM_G_PER_MOL), "banana", n.banana_potassium_mg),
        Mineral("calcium", _times(sweat, BODY.sweat_calcium_ug_ml), "milk", n.milk_calcium_mg_glass),
        Mineral("magnesium", _times(sweat, BODY.sweat_magnesium_ug_ml), "oats", n.oats_magnesium_mg_100g),
    )  # fmt: skip


def _times(e: Estimate, factor: float) -> Estimate:
    """An estimate in another unit."""
    return Estimate(*(factor * v for v in (e.mean, e.low, e.high, e.low50, e.high50, e.median)))
