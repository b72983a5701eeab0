"""The personal profile: the risk factors that runners are told of, what studies found, and how much each really moves.

"Moves" is a difference of chances over one race at own pace in mild weather, by the one hazard of the product: with the
runner's own answer against the same runner had it not been said, or, where it was not said, between two typical values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from charley import evidence
from charley.advice.tables import load
from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
from charley.risk.draws import HazardDraws, draw_hazard
from charley.risk.person import describe, race_survival, reference_log_hazard
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import UsageError
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.runner import Runner

ADULT_Y = 18.0
DRAWS = 2000
SEED = 1


@dataclass(frozen=True, slots=True)
class ProfileFactor:
    """One factor. ``said``: what the runner told, or None; ``between``: the two typical values then compared.

    ``moves`` is a difference of chances (of 1). ``published`` holds one line a study, with its spread where printed.
    """

    key: str
    label: str
    said: str | None
    between: str
    moves: Estimate
    can_change: bool
    published: tuple[str, ...]
    grade: str
    claim_ids: tuple[str, ...]
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """``chance`` of a first cramp in a race of ``distance_km`` as told, ``base`` for a runner of whom nothing is known.

    ``prone`` is the probability of the class that cramps easily. Factors keep the order of the table: no ranking.
    """

    distance_km: float
    chance: Estimate
    base: Estimate
    prone: Estimate
    factors: tuple[ProfileFactor, ...]
    draws: int


def profile(runner: Runner, distance_km: float = MARATHON_KM, draws: int = DRAWS, seed: int = SEED) -> Profile:
    """The profile of an adult for one race distance (5 to 56 km; 5 and 10 km are extrapolation).

    Raises UsageError for people under 18: no study of these numbers was done in the young.
    """
    if runner.age_y is not None and runner.age_y < ADULT_Y:
        raise UsageError("profile-under-18", f"age {runner.age_y:g}")
    hazard = draw_hazard(draws, np.random.default_rng(seed))
    chance = _chance(runner, hazard, distance_km)
    return Profile(
        distance_km=distance_km,
        chance=Estimate.from_draws(chance),
        base=Estimate.from_draws(_chance(Runner(), hazard, distance_km)),
        prone=Estimate.from_draws(describe(runner, hazard).class_probability()[1]),
        factors=tuple(_factor(row, runner, hazard, distance_km, chance) for row in load("profile")["factor"]),
        draws=draws,
    )


def _chance(runner: Runner, hazard: HazardDraws, distance_km: float, log_ratio: Floats | float = 0.0) -> Floats:
    """Chance of a first cramp in a race at own level in mild weather, (draws,)."""
    person = describe(runner, hazard)
    return 1 - race_survival(np.exp(_own_level(distance_km, hazard) + log_ratio), distance_km, person, hazard)


def _own_level(distance_km: float, hazard: HazardDraws) -> Floats:
    """Log cumulative hazard of the distance for a not-prone person at own level, (draws,)."""
    return reference_log_hazard(field_cumulative_hazard(distance_km, hazard), hazard, distance_km)


def _factor(
    row: dict[str, Any], runner: Runner, hazard: HazardDraws, distance_km: float, chance: Floats
) -> ProfileFactor:
    key = row["key"]
    said, without = _said(key, runner)
    if said is not None:
        moves = chance - _chance(without, hazard, distance_km)
    elif key == "distance":
        low, high = row["typical"]
        moves = _chance(runner, hazard, high) - _chance(runner, hazard, low)
    elif key == "history":
        moves = _chance(_with_history(runner, 2), hazard, distance_km)
        moves = moves - _chance(_with_history(runner, 0), hazard, distance_km)
    elif key == "pace_excess":
        low, high = row["typical"]
        moves = _chance(runner, hazard, distance_km, hazard.beta[key] * (high - low)) - chance
    else:
        low, high = row["typical"]
        moves = _chance(_with_answer(runner, key, high), hazard, distance_km)
        moves = moves - _chance(_with_answer(runner, key, low), hazard, distance_km)
    rows = [_published(row_id) for row_id in row["rows"]]
    prior = evidence.priors().get({"history": "trait_logHR", "distance": "m_short"}.get(key, key))
    assert prior is not None  # the table names priors of the evidence alone; a test walks it
    return ProfileFactor(
        key=key,
        label=row["label"],
        said=said,
        between="" if said is not None else row.get("typical_text", "no cramp against 2 cramps in 5 long races"),
        moves=Estimate.from_draws(moves),
        can_change=row["can_change"],
        published=tuple(text for text, _ in rows),
        grade=prior.grade,
        claim_ids=tuple(row["claim_ids"]),
        source_ids=tuple(dict.fromkeys([*prior.source_ids, *(s for _, ids in rows for s in ids)])),
    )


def _said(key: str, runner: Runner) -> tuple[str | None, Runner]:
    """What the runner told of a factor, in words, and the same runner without it."""
    told = dict(runner.about)
    rest = replace(runner, about=tuple((k, v) for k, v in runner.about if k != key))
    if key == "history" and runner.history is not None:
        return f"{runner.history.cramped} of {runner.history.races}", replace(runner, history=None)
    if key == "age_decade" and runner.age_y is not None:
        return f"{runner.age_y:g} years", replace(runner, age_y=None)
    if key == "male" and runner.sex is not None:
        return {"male": "man", "female": "woman"}[runner.sex], replace(runner, sex=None)
    if key == "bmi" and runner.mass_kg is not None and runner.height_m is not None:
        return f"{runner.mass_kg / runner.height_m**2:.1f} kg/m²", replace(runner, mass_kg=None)
    if key in told:
        value = told[key]
        return {
            "run_years": "1 year" if value == 1 else f"{round(value, 1):g} years",
            "stretch_habit": f"{value:g} minutes a day" if value else "never",
            "family_history": "yes" if value else "no",
        }.get(key, f"{value:g}"), rest
    return None, runner


def _with_answer(runner: Runner, key: str, value: float) -> Runner:
    return replace(runner, about=(*((k, v) for k, v in runner.about if k != key), (key, value)))


def _with_history(runner: Runner, cramped: int) -> Runner:
    from charley.vocabulary.runner import CrampHistory

    return replace(runner, history=CrampHistory(cramped, 5))


def _published(row_id: str) -> tuple[str, tuple[str, ...]]:
    """One study in a line, and its sources."""
    if row_id.startswith("I"):
        row = next(r for r in evidence.table("incidence") if r["id"] == row_id)
        span = f" ({row['low']} to {row['high']})" if "low" in row else ""
        return f"{row['what']}: {row['value']} {row['unit']}{span}, {row['population']}", tuple(row["source_ids"])
    row = next(r for r in evidence.table("risk_factors") if r["id"] == row_id)
    return f"{row['effect']} ({row['population']})", tuple(row["source_ids"])
