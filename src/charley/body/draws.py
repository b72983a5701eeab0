"""Plausible bodies for a runner, narrowed by what the person said."""

from __future__ import annotations

import numpy as np

from charley.body.acclimation import acclimation_told
from charley.body.level import level_from_bests, oxygen_at_level
from charley.body.level_curve import usual_steepness
from charley.body.parameters import DRAWN, BodyParameters, table_draws
from charley.body.sweat_match import match_sweat_rate, trial_course
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.runner import RANGES, Runner


def draw_bodies(
    runner: Runner,
    draws: int = 500,
    rng: np.random.Generator | None = None,
    n: BodyNumbers = BODY,
    *,
    female: Bools | None = None,
    age_y: Floats | None = None,
) -> BodyParameters:
    """Plausible bodies for a runner, (draws,) each: what was said is taken, the rest is drawn from the table.

    Bests narrow the level (see level.py); a weighed sweat rate narrows what drives sweating, so that a training run of
    an hour at an easy pace on a mild day sweats that much (``match_sweat_rate`` does the same for a given
    run); a sweat test sets the sodium within its error. Without ``rng`` the seed is 0. ``female`` and ``age_y``,
    (draws,): those of each body, where bodies are the people of a field.
    """
    rng = np.random.default_rng(0) if rng is None else rng

    def drawn(parameter_id: str) -> Floats:
        return table_draws(parameter_id, draws, rng, n)

    def said(value: float | None, otherwise: Floats) -> Floats:
        return otherwise if value is None else np.full(draws, float(value))

    women = (rng.random(draws) < n.female_share).astype(np.float64)
    if runner.sex is not None:
        women = np.full(draws, 1.0 if runner.sex == "female" else 0.0)
    if female is not None:
        women = female.astype(np.float64)
    age = said(runner.age_y, np.clip(drawn("age_y"), *RANGES["age_y"][:2]))
    age = age if age_y is None else age_y
    height = said(runner.height_m, drawn("height_m") * _around_one(women, n.height_female_ratio, n.female_share))
    mass = np.clip(drawn("body_mass_index_kg_m2") * height**2, *RANGES["mass_kg"][:2])
    share = n.female_share
    fat = np.clip(drawn("body_fat") + n.body_fat_female_shift * (women - share), 0.05, 0.5)
    about = dict(runner.about)

    mass = said(runner.mass_kg, mass)
    economy, drag_area = drawn("economy"), drawn("drag_area_m2")
    oxygen_share = drawn("critical_speed_oxygen_share")
    level = level_from_bests(runner.bests, women, age, rng, n)
    sodium = drawn("sweat_sodium_mmol_l")
    if runner.sweat_sodium_mmol_l is not None:
        sodium = runner.sweat_sodium_mmol_l * np.exp(n.sweat_test_sd * rng.standard_normal(draws))

    heart = n.heart_rate_max_at_birth_bpm - n.heart_rate_max_per_y_bpm * age
    heart += n.heart_rate_max_female_bpm * women + drawn("heart_rate_max_error_bpm")
    own = {
        "mass_kg": mass,
        "height_m": height,
        "body_fat": said(runner.body_fat, fat),
        "age_y": age,
        "female": women,
        "economy": economy,
        "critical_speed_m_s": level.critical_speed_m_s,
        "d_prime_m": level.d_prime_m,
        "level_steepness": level.steepness,
        "critical_speed_oxygen_share": oxygen_share,
        "drag_area_m2": drag_area,
        "vo2max_ml_kg_min": oxygen_at_level(level.critical_speed_m_s, economy, oxygen_share, drag_area, mass, n),
        "heart_rate_max_bpm": heart,
        "sweat_sodium_mmol_l": sodium,
        "leg_muscle_share": np.where(women > 0, n.leg_muscle_share_female, n.leg_muscle_share_male),
        "forefoot": np.clip(said(about.get("forefoot"), drawn("forefoot")), 0.0, 1.0),
    }
    if runner.heat_runs_14d is not None:
        own["heat_acclimation"] = np.full(draws, acclimation_told(runner.heat_runs_14d, n))
    rest = {name: drawn(name) for name in DRAWN if name not in own}
    if runner.sweat_sodium_mmol_l is not None:  # measured as the runner is: no state of theirs moves it again
        rest["acclimation_sodium"] = np.zeros(draws)
    bodies = BodyParameters(**own, **rest, numbers=n)
    if runner.sweat_rate_l_h is not None:
        bodies = match_sweat_rate(bodies, trial_course(bodies), runner.sweat_rate_l_h, rng)
    return bodies


def _around_one(female: Floats, ratio: float, share: float) -> Floats:
    """Factor for women and men of that ratio whose mean over the field is 1."""
    men = 1.0 / (1.0 - share + share * ratio)
    return np.where(female > 0, ratio * men, men)


def central_body(draws: int = 1, *, n: BodyNumbers = BODY, **own: float | Floats) -> BodyParameters:
    """A body of the table's central values, ``draws`` times, with what is given taken instead: for checks and examples.

    A man of 70 kg and 1.75 m unless said otherwise; maximal oxygen uptake goes with critical speed unless it is given.
    """
    values: dict[str, Floats] = {}
    named: dict[str, float | Floats] = {
        "mass_kg": 70.0,
        "height_m": 1.75,
        "female": 0.0,
        "leg_muscle_share": n.leg_muscle_share_male,
        "heart_rate_max_bpm": n.heart_rate_max_at_birth_bpm - n.heart_rate_max_per_y_bpm * n.age_y,
        "vo2max_ml_kg_min": np.nan,
        "level_steepness": np.nan,
        **own,
    }
    for name in DRAWN:
        value = named[name] if name in named else getattr(n, name)
        values[name] = np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (draws,)))
    if "vo2max_ml_kg_min" not in own:
        values["vo2max_ml_kg_min"] = oxygen_at_level(
            values["critical_speed_m_s"],
            values["economy"],
            values["critical_speed_oxygen_share"],
            values["drag_area_m2"],
            values["mass_kg"],
            n,
        )
    if "level_steepness" not in own:
        values["level_steepness"] = usual_steepness(values["critical_speed_m_s"], values["d_prime_m"], n)
    return BodyParameters(**values, numbers=n)
