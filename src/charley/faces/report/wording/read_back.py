"""What an answer was understood as, in the words of a runner, so that a slip is seen at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from charley.faces.report.wording.figures import clean, clock, distance_with_unit, listing, temperature
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import LEAST_WEIGHED_S, Weighed
from charley.vocabulary.journal import (
    SEVERITIES,
    About,
    Answer,
    BaselineAnswer,
    Drink,
    Event,
    HealthAnswer,
    RunRow,
    Shoes,
    SodiumTaken,
    StrengthSession,
    SweatTest,
    Weighing,
)
from charley.vocabulary.units import (
    KG_PER_POUND,
    LITRES_PER_US_FLUID_OUNCE,
    SODIUM_G_PER_MOL,
    sodium_mg_from_salt_g,
)
from charley.vocabulary.words import words

DistanceAt = Callable[[float], float]  # metres done at an elapsed time, s
MARATHON_M = (42_000.0, 43_200.0)  # what watches measure over a marathon: nobody runs the line, and few signals hold
_WHEN = {
    "after_0_1h": "within an hour of the finish",
    "after_1_6h": "one to six hours after the finish",
    "night": "in the night",
}
_HEAD = {"none": "No cramp", "skip": "No answer", "other_stop": "A stop that was no cramp"}
_EFFORT = {"race": "a race", "hard": "a hard run", "easy": "an easy run"}


def run_name(row: RunRow, units: str) -> str:
    """ "Marathon of 13 Oct 2018", or the run's own title, or its length."""
    if title := clean(row.title):
        name = title
    elif MARATHON_M[0] <= row.distance_m <= MARATHON_M[1]:
        name = "Marathon"
    else:
        name = f"{distance_with_unit(row.distance_m, units)} run"
    return f"{name} of {_day(row.started_at)}"


def read_back(answer: Answer, units: str, distance_at_m: DistanceAt | None = None) -> str:
    """One sentence or two, without the run's name. ``distance_at_m`` is of the answer's run."""
    said = _SAID[type(answer)](answer, units, distance_at_m)
    return said[:1].upper() + said[1:]


def _drink(told: Drink, units: str, distance_at_m: DistanceAt | None) -> str:
    in_all = "" if told.volume_l == 0 else " in all"
    where = in_all if told.at_s is None else f" at {place(told.at_s, units, distance_at_m)}"
    mixed = [
        f"{_mg(told.sodium_mmol_l)} mg of sodium a litre" if told.sodium_mmol_l is not None else "",
        f"{told.carbohydrate_g_l:g} g of carbohydrate a litre" if told.carbohydrate_g_l is not None else "",
    ]
    with_what = listing([m for m in mixed if m])
    drunk = "nothing drunk" if told.volume_l == 0 else f"{volume(told.volume_l, units)} drunk"
    return f"{drunk}{where}{f', with {with_what}' if with_what else ''}."


def _weighing(told: Weighing, units: str, _: DistanceAt | None) -> str:
    when = {"before": " before the run", "after": " after the run"}.get(told.when, "")
    return f"{mass(told.mass_kg, units)}{when}."


def _sodium(told: SodiumTaken, _: str, __: DistanceAt | None) -> str:
    mg = told.sodium_mmol * SODIUM_G_PER_MOL
    return f"{mg:.0f} mg of sodium ({mg / sodium_mg_from_salt_g(1.0):.1f} g of table salt) {told.when} the run."


def _sweat_test(told: SweatTest, units: str, _: DistanceAt | None) -> str:
    rate, sodium = told.sweat_rate_l_h, told.sweat_sodium_mmol_l
    parts = [
        f"{volume(rate, units)} of sweat an hour" if rate is not None else "",
        f"{sodium:g} mmol/L ({_mg(sodium)} mg/L) of sodium in it" if sodium is not None else "",
        f"at {temperature(told.air_temp_c, units)}" if told.air_temp_c is not None else "",
    ]
    return f"{', '.join(p for p in parts if p)}."


def _shoes(told: Shoes, _: str, __: DistanceAt | None) -> str:
    drop = "" if told.drop_m is None else f", drop {1000.0 * told.drop_m:g} mm"
    return f"{'new shoes' if told.new else 'shoes'}: {clean(told.name)}{drop}."


def _strength(told: StrengthSession, units: str, _: DistanceAt | None) -> str:
    load = "own weight" if told.load_kg == 0 else f"{mass(told.load_kg, units)} on top"
    return f"{clean(told.exercise)}, {told.sets} × {told.repetitions}, {load}, {_day(told.happened_at)}."


def _health(told: HealthAnswer, _: str, __: DistanceAt | None) -> str:
    return f"{told.what}: {clean(told.name).replace('_', ' ')}, {'yes' if told.present else 'no'}."


def _event(event: Event, units: str, distance_at_m: DistanceAt | None) -> str:
    if event.kind in _HEAD:
        there = event.kind == "other_stop" and event.at_s is not None
        where = f" at {place(event.at_s or 0.0, units, distance_at_m)}" if there else _after(event)
        return f"{_HEAD[event.kind]}{where}."
    muscle = (event.muscle or "calf").replace("_", " ")
    who = {
        "left": f"left {muscle}",
        "right": f"right {muscle}",
        "both": "both calves" if muscle == "calf" else f"both sides, {muscle}",
    }.get(event.side or "", muscle)
    kind = "twitch or tightness, " if event.kind == "twitch" else ""
    made = "" if event.severity is None else f", {SEVERITIES[event.severity]}"
    helped = f" What helped: {clean(event.helped)}." if event.helped else ""
    return f"{kind}{who}{_where(event, units, distance_at_m)}{made}.{helped}"


def _where(event: Event, units: str, distance_at_m: DistanceAt | None) -> str:
    if event.phase != "during" or event.from_s is None or event.to_s is None:
        return f",{_after(event)}"
    if event.at_s is not None:
        return f", {place(event.at_s, units, distance_at_m)}"
    if event.from_s == 0:
        return ", somewhere in the run"
    return f", between {place(event.from_s, units, distance_at_m)} and {place(event.to_s, units, distance_at_m)}"


def _after(event: Event) -> str:
    return f" {_WHEN[event.phase]}" if event.phase in _WHEN else ""


def _baseline(told: BaselineAnswer, units: str, _: DistanceAt | None) -> str:
    low, high = told.cramped_low, told.cramped_high
    many = "none" if high == 0 else f"{low} to {high}" if low is not None and high is not None else ""
    parts = [
        f"cramps in {many} of your last ten long efforts" if many else "",
        mass(told.body_mass_kg, units) if told.body_mass_kg is not None else "",
        f"{told.height_m:.2f} m" if told.height_m is not None else "",
        f"born {told.birth_year}" if told.birth_year is not None else "",
        told.sex or "",
    ]
    return f"{', '.join(p for p in parts if p)}."


def _about(told: About, units: str, _: DistanceAt | None) -> str:
    parts = [
        _EFFORT.get(told.effort or "", ""),
        temperature(told.air_temp_c, units) if told.air_temp_c is not None else "",
        f"humidity {100.0 * told.relative_humidity:.0f} %" if told.relative_humidity is not None else "",
        *(word.replace("_", " ") for word in told.unusual),
    ]
    if told.change is not None:
        done = "done" if told.change_done == "yes" else "not done"
        parts.append(f"{told.change.replace('_', ' ')}: {done}")
    said = ", ".join(p for p in parts if p)
    return f"{said}." if said else "A note."


def sweat_lines(told: Weighed, rate: Estimate | None, units: str) -> list[str]:
    """What the scales of a run say of sweat: the rate with its margin, or what is missing for one."""
    if told.before_kg is None or told.after_kg is None:
        return []
    lost_kg = told.before_kg - told.after_kg
    if lost_kg < 0:  # more drunk than sweated: the warning says so
        return []
    lighter = words("log.lighter", mass=mass(lost_kg, units))
    if told.intake.drink_l is None:
        return [f"{lighter} {words('log.drink_missing')}", f"  {words('log.drink_command')}"]
    if rate is None:
        short = told.run.elapsed_s < LEAST_WEIGHED_S
        return [f"{lighter} {words('log.too_short' if short else 'log.no_sweat')}"]
    low, middle, high = (rate_figure(v, units) for v in (rate.low, rate.middle, rate.high))
    unit = "fl oz" if units == "imperial" else "L"
    drunk = volume(told.intake.drink_l, units) if told.intake.drink_l else words("log.nothing")
    return [lighter, words("log.sweat_rate", rate=f"{middle} {unit}", low=low, high=high, drunk=drunk)]


def place(at_s: float, units: str, distance_at_m: DistanceAt | None) -> str:
    """ "36.0 km (3:00:24)"; a time below an hour with its unit, since 45:10 alone can be two times."""
    time = clock(at_s) if at_s >= 3600.0 else f"{clock(at_s)} min"
    return time if distance_at_m is None else f"{distance_with_unit(distance_at_m(at_s), units)} ({time})"


def mass(kg: float, units: str) -> str:
    """ "70.2 kg", "154.8 lb"."""
    return f"{kg / KG_PER_POUND:.1f} lb" if units == "imperial" else f"{kg:.1f} kg"


def volume(litres: float, units: str) -> str:
    """ "500 mL", "1.2 L", "20 fl oz"."""
    if units == "imperial":
        return f"{litres / LITRES_PER_US_FLUID_OUNCE:.0f} fl oz"
    return f"{1000.0 * litres:.0f} mL" if litres < 1 else f"{litres:.2f}".rstrip("0").rstrip(".") + " L"


def rate_figure(l_h: float, units: str) -> str:
    """A sweat rate without its unit: to 0.1 L (0.05 L where it is small), or to whole fluid ounces."""
    if units == "imperial":
        return f"{l_h / LITRES_PER_US_FLUID_OUNCE:.0f}"
    return f"{l_h:.1f}" if l_h >= 1 else f"{round(20.0 * l_h) / 20.0:.2f}"


def _mg(mmol: float) -> str:
    return f"{mmol * SODIUM_G_PER_MOL:.0f}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"


_SAID: dict[type[Answer], Callable[[Any, str, DistanceAt | None], str]] = {
    Event: _event,
    Drink: _drink,
    Weighing: _weighing,
    SodiumTaken: _sodium,
    SweatTest: _sweat_test,
    Shoes: _shoes,
    StrengthSession: _strength,
    HealthAnswer: _health,
    BaselineAnswer: _baseline,
    About: _about,
}
