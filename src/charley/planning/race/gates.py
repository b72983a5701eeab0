"""Health before advice: what may be said to whom. Nobody who was not asked counts as healthy.

Conditions and medicines are those of the journal, or named with the question; each takes away what is a matter for
whoever treats the runner.
"""

from __future__ import annotations

from collections.abc import Iterable

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.note import Note, note
from charley.vocabulary.race import Health
from charley.vocabulary.runner import Runner

# No sodium, potassium or pickle juice: kidneys, heart, liver, blood pressure, pregnancy and what is taken for them.
NO_SODIUM = frozenset(
    {"kidney", "heart", "liver", "high_blood_pressure", "pregnancy", "low_sodium_before"}
    | {"blood_pressure", "diuretic", "ace_inhibitor", "arb", "spironolactone", "lithium", "heart_rhythm"}
)
# How much to drink is for whoever treats them: a litre too many, or too few, does more harm there.
NO_DRINK_FIGURES = frozenset(
    {"kidney", "heart", "liver", "pregnancy", "low_sodium_before", "diuretic", "lithium", "spironolactone"}
)
NO_CARBOHYDRATE_FIGURES = frozenset({"diabetes"})
SEE_FIRST = frozenset({"heart", "kidney", "liver", "pregnancy", "low_sodium_before", "clot_before", "heart_rhythm"})
LOW_ENERGY = "low_energy"  # missed periods, stress fractures, weight that fell: told, never guessed from a photo
NAMES = tuple(sorted(NO_SODIUM | NO_DRINK_FIGURES | NO_CARBOHYDRATE_FIGURES | SEE_FIRST | {LOW_ENERGY}))


def health_of(named: Iterable[str], asked: bool, runner: Runner, n: PlanningNumbers = PLANNING) -> Health:
    """What may be advised. ``asked``: conditions and medicines were asked about, so that "none" was said."""
    has = frozenset(named)
    minor = runner.age_y is not None and runner.age_y < n.adult_from_y
    thin = (
        runner.mass_kg is not None
        and runner.height_m is not None
        and runner.mass_kg / runner.height_m**2 < n.low_energy_bmi
    )
    notes: list[Note] = []
    if has & SEE_FIRST:
        notes.append(Note("see-first", detail=tuple(sorted(has & SEE_FIRST))))
    if has & NO_SODIUM:
        notes.append(Note("no-sodium", detail=tuple(sorted(has & NO_SODIUM))))
    elif not asked:
        notes.append(note("health-unknown"))
    if has & NO_DRINK_FIGURES:
        notes.append(Note("no-drink-figures", detail=tuple(sorted(has & NO_DRINK_FIGURES))))
    if has & NO_CARBOHYDRATE_FIGURES:
        notes.append(Note("no-carbohydrate-figures", detail=tuple(sorted(has & NO_CARBOHYDRATE_FIGURES))))
    if thin or LOW_ENERGY in has:
        notes.append(note("low-energy"))
    if minor:
        notes.append(note("under-18"))
    return Health(
        named=tuple(sorted(has)),
        asked=asked,
        no_sodium=bool(has & NO_SODIUM) or not asked or minor,
        no_drink_figures=bool(has & NO_DRINK_FIGURES),
        no_plan=minor,
        low_energy=thin or LOW_ENERGY in has,
        notes=tuple(notes),
    )
