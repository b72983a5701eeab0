"""The course of a run: what the models are given for each step of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.cost import running_share
from charley.body.heat import habitual_clothing_clo
from charley.body.other_sports import before_and_between, spent
from charley.body.parameters import BodyParameters
from charley.body.run_streams import seconds_of
from charley.body.stride import cadence_spm, contact_time_s
from charley.body.wbgt import wet_bulb_globe_temp_c
from charley.body.weather import DrawnWeather, draw_weather
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.note import Note, assumed
from charley.vocabulary.run import OtherLeg, Run
from charley.vocabulary.runner import Intake, Weather
from charley.vocabulary.units import SECONDS_PER_HOUR, SODIUM_G_PER_MOL, sodium_mg_from_salt_g

LONGEST_STEPS = 720  # two hours at ten seconds, four at twenty: beyond that nothing is learnt from shorter steps
LONG_STEP_S, LONGEST_STEP_S = 60.0, 120.0  # within a day, and beyond it
NOTED_STEP_S = 30.0  # up to here the step moves a chance by some per cent of itself, far less than its interval

# (lowest, highest) that each input may have; a number outside is a defect of whoever built the course.
RANGES = {
    "speed_m_s": (0.0, 12.5),
    "grade": (-2.0, 2.0),
    "cadence_spm": (0.0, 400.0),
    "contact_time_s": (0.02, 5.0),
    "moving": (0.0, 1.0),
    "air_temp_c": (-40.0, 55.0),
    "relative_humidity": (0.0, 1.0),
    "wind_head_m_s": (-40.0, 40.0),
    "wind_m_s": (0.0, 40.0),
    "solar_w_m2": (0.0, 1400.0),
    "clothing_clo": (0.0, 4.0),
    "drink_l_s": (0.0, 2.0),
    "drink_sodium_mmol_l": (0.0, 6000.0),
    "drink_carbohydrate_g_l": (0.0, 2000.0),
    "salt_mmol_s": (0.0, 100.0),
    "carbohydrate_g_s": (0.0, 100.0),
    "other_power_w_kg": (0.0, 60.0),
}


@dataclass(frozen=True, slots=True)
class Course:
    """Inputs of each step, constant within it; arrays of shape (steps,) or (steps, draws), time at the step's end.

    ``moving`` is the share of the step in which the runner moved. ``wind_m_s`` is wind of unknown direction,
    ``wind_head_m_s`` wind from ahead, both at the height of runners. ``salt_mmol_s`` is sodium, ``carbohydrate_g_s``
    carbohydrate, that are not in the drink. ``other_power_w_kg`` is what another sport costs in a step in which nobody
    runs. ``before``: the course of other sports before the run began, in the same steps. ``notes`` say what was bridged
    or assumed.
    """

    time_s: Floats  # (steps,)
    step_s: float
    speed_m_s: Floats
    grade: Floats
    cadence_spm: Floats
    contact_time_s: Floats
    moving: Floats
    air_temp_c: Floats
    relative_humidity: Floats
    wind_head_m_s: Floats
    wind_m_s: Floats
    solar_w_m2: Floats
    clothing_clo: Floats
    drink_l_s: Floats
    drink_sodium_mmol_l: Floats
    drink_carbohydrate_g_l: Floats
    salt_mmol_s: Floats
    carbohydrate_g_s: Floats
    other_power_w_kg: Floats
    notes: tuple[Note, ...] = ()
    before: Course | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.step_s <= LONGEST_STEP_S:
            raise ValueError(f"step_s must be above 0 and at most {LONGEST_STEP_S:g} s, got {self.step_s}")
        steps = self.time_s.shape[0]
        for name, (low, high) in RANGES.items():
            array = getattr(self, name)
            if array.ndim not in (1, 2) or array.shape[0] != steps or array.dtype != np.float64:
                raise ValueError(f"{name}: expected float64 of shape ({steps},) or ({steps}, draws), got {array.shape}")
            if array.size and not (low <= array.min() and array.max() <= high):  # nor for one that is NaN
                raise ValueError(f"{name}: a value outside {low:g} to {high:g}")

    def with_before(self) -> tuple[Course, int]:
        """The course with what came before the run in front of it, and the number of steps of that."""
        if self.before is None:
            return self, 0
        first = self.before
        joined = {name: _stacked(first.by_draw(name), self.by_draw(name)) for name in RANGES}
        steps = first.steps + self.steps
        time_s = self.step_s * np.arange(1.0, steps + 1.0)
        return Course(time_s=time_s, step_s=self.step_s, notes=self.notes, before=None, **joined), first.steps

    @property
    def steps(self) -> int:
        """Number of steps."""
        return int(self.time_s.shape[0])

    def by_draw(self, name: str) -> Floats:
        """An input as (steps, 1) or (steps, draws), to be broadcast against (draws,)."""
        array: Floats = getattr(self, name)
        return array if array.ndim == 2 else array[:, None]

    def wet_bulb_globe_temp_c(self, n: BodyNumbers = BODY) -> Floats:
        """WBGT of each step, (steps, 1) or (steps, draws); see wbgt.py."""
        names = ("air_temp_c", "relative_humidity", "solar_w_m2", "wind_m_s")
        temp_c, humidity, sun_w_m2, wind_m_s = (self.by_draw(name) for name in names)
        return wet_bulb_globe_temp_c(temp_c, humidity, sun_w_m2, wind_m_s, n)


def course_of(speed_m_s: Floats, step_s: float, *, n: BodyNumbers = BODY, **inputs: Floats | float) -> Course:
    """A course from a speed per step, (steps,) or (steps, draws), and further inputs: numbers, (steps,) or (1, draws).

    What is not given is mild: level ground, 12 C, clothes of the season, nothing drunk or eaten; steps and contact by
    the formulas of stride.py.
    """
    steps = speed_m_s.shape[0]
    share = running_share(speed_m_s, n)
    air = inputs.get("air_temp_c", n.reference_air_temp_c)
    given: dict[str, Floats | float] = {
        "speed_m_s": speed_m_s,
        "grade": 0.0,
        "cadence_spm": cadence_spm(speed_m_s, share, n),
        "contact_time_s": contact_time_s(speed_m_s, n),
        "moving": np.where(speed_m_s > n.standing_m_s, 1.0, 0.0),
        "air_temp_c": air,
        "relative_humidity": n.reference_humidity,
        "wind_head_m_s": 0.0,
        "wind_m_s": n.reference_wind_m_s,
        "solar_w_m2": n.reference_solar_w_m2,
        "clothing_clo": habitual_clothing_clo(np.asarray(air, dtype=np.float64), n),
        "drink_l_s": 0.0,
        "drink_sodium_mmol_l": 0.0,
        "drink_carbohydrate_g_l": 0.0,
        "salt_mmol_s": 0.0,
        "carbohydrate_g_s": 0.0,
        "other_power_w_kg": 0.0,
        **inputs,
    }
    unknown = set(given) - set(RANGES)
    if unknown:
        raise TypeError(f"a course has no {', '.join(sorted(unknown))}")
    return Course(
        time_s=step_s * np.arange(1.0, steps + 1.0),
        step_s=step_s,
        notes=(),
        before=None,
        **{name: _spread(value, steps) for name, value in given.items()},
    )


def _stacked(first: Floats, then: Floats) -> Floats:
    """(steps, 1 or draws) on top of (steps, 1 or draws)."""
    columns = max(first.shape[1], then.shape[1])
    return np.concatenate([np.broadcast_to(part, (part.shape[0], columns)) for part in (first, then)])


def _spread(value: Floats | float, steps: int) -> Floats:
    """A number, (steps,), (steps, draws) or (1, draws) as an array whose first axis is the steps; copies nothing."""
    array = np.asarray(value, dtype=np.float64)
    return np.broadcast_to(array, (steps, *array.shape[1:]))


def reference_course(
    bodies: BodyParameters, distance_m: float, speed_m_s: float | Floats, step_s: float = 60.0
) -> Course:
    """An even-paced flat run in mild weather with habitual clothes, drinks and food.

    Parameters: ``speed_m_s``, one or (draws,). It lasts until the slowest draw has covered ``distance_m``; the others
    run on, so read it by ``flat_distance_m``. Beyond a day steps get longer, as in a recorded run.
    """
    n = bodies.numbers
    speed = np.clip(np.asarray(speed_m_s, dtype=np.float64), n.standing_m_s, n.speed_limit_m_s)
    lasts_s = distance_m / float(speed.min())
    step_s *= _longest_step_s(lasts_s) / LONG_STEP_S
    steps = max(int(np.ceil(lasts_s / step_s)), 2)
    return course_of(
        np.broadcast_to(speed, (steps, *speed.shape)),
        step_s,
        clothing_clo=clothes_worn_clo(np.full(bodies.draws, n.reference_air_temp_c), bodies),
        n=n,
        **_habitual_intake(bodies),
    )


def _longest_step_s(lasts_s: float) -> float:
    """A minute, and beyond a day as long as keeps the number of steps."""
    return float(np.clip(np.ceil(LONG_STEP_S * lasts_s / (24 * SECONDS_PER_HOUR)), LONG_STEP_S, LONGEST_STEP_S))


def clothes_worn_clo(air_temp_c: Floats, bodies: BodyParameters) -> Floats:
    """Habitual clothes at air temperatures (draws,), each body in its own way, (1, draws)."""
    n = bodies.numbers
    return np.clip(habitual_clothing_clo(air_temp_c, n) * bodies.clothing_factor, *RANGES["clothing_clo"])[None, :]


def _habitual_intake(bodies: BodyParameters) -> dict[str, Floats | float]:
    return {
        "drink_l_s": bodies.habitual_drink_l_h[None, :] / SECONDS_PER_HOUR,
        "drink_sodium_mmol_l": bodies.habitual_drink_sodium_mmol_l[None, :],
        "drink_carbohydrate_g_l": bodies.habitual_drink_carbohydrate_g_l[None, :],
        "carbohydrate_g_s": bodies.habitual_carbohydrate_g_h[None, :] / SECONDS_PER_HOUR,
    }


def course_from_run(
    run: Run,
    weather: Weather,
    intake: Intake,
    rng: np.random.Generator,
    draws: BodyParameters,
    step_s: float = 10.0,
) -> Course:
    """The course of a recorded run.

    Seconds are averaged into steps; a pause is standing; what has no recording is bridged and noted; steps and contact
    that the watch did not measure come from the formulas of stride.py. Weather and drinks that were not told are drawn
    for each body. A run beyond 2 h gets longer steps, at most 60 s, and beyond a day at most 120 s.
    """
    n = draws.numbers
    seconds = seconds_of(run, n)
    lasts_s = seconds.speed_m_s.shape[0]
    least_s = int(np.ceil(lasts_s / LONGEST_STEPS))
    step = int(min(max(round(step_s), least_s, 1), _longest_step_s(lasts_s)))
    speed, moving = _means(seconds.speed_m_s, step), _means(seconds.moving, step)
    steps = speed.shape[0]
    covered = _means(seconds.speed_m_s * seconds.grade, step)
    grade = np.divide(covered, speed, out=np.zeros(steps), where=speed > 0)  # height over distance
    share = running_share(speed, n)
    notes = list(seconds.notes)
    if step > max(step_s, NOTED_STEP_S):
        notes.append(assumed("long-steps", step_s=float(step)))

    cadence = _measured(run.streams.cadence_spm, step, cadence_spm(speed, share, n), *_PLAUSIBLE_CADENCE)
    contact = _measured(run.streams.contact_time_s, step, contact_time_s(speed, n), *_PLAUSIBLE_CONTACT)
    time_s = step * np.arange(1.0, steps + 1.0)
    air = draw_weather(run, weather, time_s, draws.draws, rng, n)
    elapsed = float(steps * step)
    eaten = _habitual_intake(draws)
    told = {
        "drink_l_s": None if intake.drink_l is None else intake.drink_l / elapsed,
        "drink_sodium_mmol_l": intake.drink_sodium_mmol_l,
        "drink_carbohydrate_g_l": intake.drink_carbohydrate_g_l,
        "carbohydrate_g_s": None if intake.carbohydrate_g is None else intake.carbohydrate_g / elapsed,
    }
    eaten.update({name: value for name, value in told.items() if value is not None})
    if intake.drink_l is None:
        notes.append(assumed("drink-drawn"))
    salt_mmol = sodium_mg_from_salt_g(intake.salt_g or 0.0) / SODIUM_G_PER_MOL
    earlier, between = before_and_between(run.other_legs, elapsed)
    spent_w_kg, wind_m_s = np.zeros(steps), _spread(air.wind_m_s[None, :], steps)
    if between:
        spent_w_kg, riding_m_s = spent(between, draws, 0.0, steps, float(step))
        wind_m_s = _wind(air, riding_m_s)
    if earlier or between:
        notes.append(_told_of(earlier, between))
    return Course(
        time_s=time_s,
        step_s=float(step),
        speed_m_s=speed,
        grade=np.clip(grade, *RANGES["grade"]),
        cadence_spm=cadence,
        contact_time_s=contact,
        moving=moving,
        air_temp_c=_spread(air.air_temp_c[None, :], steps),
        relative_humidity=_spread(air.relative_humidity[None, :], steps),
        wind_head_m_s=np.zeros(steps),  # out and back, round a loop: over a run the wind has no direction
        wind_m_s=wind_m_s,
        solar_w_m2=air.solar_w_m2,
        clothing_clo=_spread(clothes_worn_clo(air.air_temp_c, draws), steps),
        salt_mmol_s=_spread(salt_mmol / elapsed, steps),
        other_power_w_kg=spent_w_kg,
        notes=(*notes, *air.notes),
        before=_before(earlier, draws, air, float(step)) if earlier else None,
        **{name: _spread(value, steps) for name, value in eaten.items()},
    )


def _before(legs: tuple[OtherLeg, ...], bodies: BodyParameters, air: DrawnWeather, step_s: float) -> Course:
    """The course of other sports before a run, in its air, with what the runner usually eats and drinks."""
    n = bodies.numbers
    steps = int(np.ceil(-min(leg.start_s for leg in legs) / step_s))
    power, riding_m_s = spent(legs, bodies, -steps * step_s, steps, step_s)
    return course_of(
        np.zeros(steps),
        step_s,
        n=n,
        air_temp_c=air.air_temp_c[None, :],
        relative_humidity=air.relative_humidity[None, :],
        wind_m_s=_wind(air, riding_m_s),
        solar_w_m2=air.solar_w_m2[:1],
        clothing_clo=clothes_worn_clo(air.air_temp_c, bodies),
        other_power_w_kg=power,
        **_habitual_intake(bodies),
    )


def _wind(air: DrawnWeather, riding_m_s: Floats) -> Floats:
    """The wind, and that of riding, (steps, draws)."""
    return np.minimum(air.wind_m_s[None, :] + riding_m_s[:, None], RANGES["wind_m_s"][1])


def _told_of(earlier: tuple[OtherLeg, ...], between: tuple[OtherLeg, ...]) -> Note:
    names = tuple(dict.fromkeys(leg.sport for leg in (*earlier, *between)))
    before_s, between_s = (sum(leg.duration_s for leg in legs) for legs in (earlier, between))
    return assumed("other-sports", *names, before_s=before_s, between_s=between_s)


_PLAUSIBLE_CADENCE = (60.0, 260.0)
_PLAUSIBLE_CONTACT = (0.1, 0.6)


def _means(per_second: Floats, step: int) -> Floats:
    """Means over steps of ``step`` seconds; the last step is filled up with rest."""
    steps = -(-per_second.shape[0] // step)
    filled = np.zeros(steps * step)
    filled[: per_second.shape[0]] = per_second
    return np.asarray(filled.reshape(steps, step).mean(axis=1))


def _measured(channel: Floats, step: int, otherwise: Floats, low: float, high: float) -> Floats:
    """Mean of what was recorded in each step within plausible limits, else the formula's value."""
    good = np.isfinite(channel) & (channel >= low) & (channel <= high)
    count, total = _means(good.astype(np.float64), step), _means(np.where(good, channel, 0.0), step)
    return np.where(count > 0, total / np.maximum(count, np.finfo(np.float64).tiny), otherwise)
