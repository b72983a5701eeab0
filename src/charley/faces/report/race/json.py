"""A race forecast as plain values, unrounded, under the names of the contract; further keys beside them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from charley import __version__
from charley.faces.report.plain_values import estimate, plain, scalar
from charley.faces.report.race import words
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import Note
from charley.vocabulary.race import ChanceAt, Plan, RaceAnswer

METRIC = "metric"


def render(a: RaceAnswer, generated_at: datetime | None = None) -> dict[str, Any]:
    """All that the answer holds."""
    made = generated_at or datetime.now(UTC)
    return {
        "meta": {
            "tool": "charley",
            "version": __version__,
            "generated_at": made.isoformat(timespec="seconds"),
            "status": a.status,
            "demo": a.demo,
        },
        "race": _race(a),
        "finish_s": scalar(a.finish_s),
        "finish": None if a.finish is None else _finish(a),
        "chance": _maybe(a.chance),
        "chance_of_people": None
        if a.chance_of_people is None
        else dict(zip(("two_of_ten_below", "two_of_ten_above"), map(scalar, a.chance_of_people), strict=True)),
        "base_rate": _maybe(a.base_rate),
        "base_rate_studies": _maybe(a.base_rate_studies),
        "prior_share": scalar(a.prior_share),
        "by_km": _by_km(a.by_km),
        "most_likely": None if a.stretch is None else asdict(a.stretch),
        "levers": [
            {
                "id": f.id,
                "change": words.lever(f, METRIC),
                "chance_difference": _maybe(f.difference),
                "verdict": f.verdict,
                "finish_difference_s": f.finish_difference_s,
                "evidence_grade": f.grade,
                "source_ids": list(f.source_ids),
                "note": None if f.why is None else words.why(f.why),
            }
            for f in a.levers
        ],
        "frontier": [
            {"finish_s": p.finish_s, "chance": estimate(p.chance), "within_limits": p.within_limits} for p in a.frontier
        ],
        "plan": None if a.plan is None else {**_plan(a.plan, a), "by_km": _by_km(a.plan_by_km)},
        "refusal": None
        if a.refusal is None
        else {
            "text": words.refusal(a),
            "reasons": [_note(n) for n in a.refusal.reasons],
            "fastest_s": scalar(a.refusal.fastest_s),
        },
        "outside": [{**_note(n), "text": words.outside(n, METRIC), "more": words.outside_more(n)} for n in a.outside],
        "health": {
            "asked": a.health.asked,
            "named": list(a.health.named),
            "notes": [{"code": n.code, "text": words.health(n)} for n in a.health.notes],
        },
        "assumed": [{**_note(n), "text": words.assumed(n, METRIC)} for n in a.assumed],
        "n_runs": a.n_runs,
        "n_cramps": a.n_cramps,
        "draws": a.draws,
        "seed": a.seed,
        "seal": a.seal or None,
        "ledger": None if a.ledger is None else plain(asdict(a.ledger)),
        "source_ids": list(a.source_ids),
    }


def _race(a: RaceAnswer) -> dict[str, Any]:
    race = a.race
    c, air = race.course, race.air
    return {
        "name": race.name,
        "distance_m": c.distance_m,
        "goal_s": scalar(race.goal_s),
        "starts_at": None if race.starts_at is None else race.starts_at.isoformat(),
        "heights": c.heights,
        "ascent_m": c.ascent_m,
        "ascent_low_m": c.ascent_low_m,
        "ascent_high_m": c.ascent_high_m,
        "stations_m": list(race.stations_m),
        "cup_l": race.cup_l,
        "air": {
            "source": air.source,
            "hour": air.hour.tolist(),
            "air_temp_c": air.air_temp_c.tolist(),
            "relative_humidity": air.relative_humidity.tolist(),
            "wind_m_s": air.wind_m_s.tolist(),
            "solar_w_m2": air.solar_w_m2.tolist(),
            "temp_sd_c": air.temp_sd_c,
            "humidity_sd": air.humidity_sd,
        },
    }


def _finish(a: RaceAnswer) -> dict[str, Any]:
    f = a.finish
    assert f is not None
    return {
        "expected_s": estimate(f.expected),
        "able_s": estimate(f.able),
        "reach": scalar(f.reach),
        "heat_factor": estimate(f.heat_factor),
        "course_factor": f.course_factor,
        "predictors": [
            {
                "id": p.id,
                "time_s": estimate(p.time),
                "counted": p.counted,
                "why": words.why_not_counted(p.why_not),
                "races": [{"distance_m": d, "time_s": t} for d, t in p.races],
                "source_ids": list(p.source_ids),
            }
            for p in f.predicted
        ],
    }


def _plan(p: Plan, a: RaceAnswer) -> dict[str, Any]:
    return {
        "finish_s": p.finish_s,
        "segments": [
            {**asdict(s), "drink_most_cups": None if s.drink_most_l is None else s.drink_most_l / a.race.cup_l}
            for s in p.segments
        ],
        "drink_ml_h": None if p.drink_l_h is None else 1000.0 * p.drink_l_h,
        "drink_ceiling_ml": None if p.drink_ceiling_l is None else 1000.0 * p.drink_ceiling_l,
        "sodium_mg_h": scalar(p.sodium_mg_h),
        "carbohydrate_g_h": scalar(p.carbohydrate_g_h),
        "chance": estimate(p.chance),
        "chance_difference": estimate(p.difference),
        "sweat_l": estimate(p.sweat_l),
        "mass_loss": estimate(p.mass_loss),
        "limits": [
            {
                "id": f.id,
                "found": f.found,
                "limit": f.limit,
                "unit": f.unit,
                "held": f.held,
                "text": words.limit(f, METRIC),
                "note": words.limit_note(f) or None,
            }
            for f in p.limits
        ],
        "at_habit": list(p.at_habit),
        "withheld": [{"code": n.code, "text": words.health(n)} for n in p.withheld],
        "drink_rule": f"{words.DRINK_RULE} {words.DRINK_SIGNS}",
    }


def _by_km(points: tuple[ChanceAt, ...]) -> list[dict[str, Any]]:
    return [{"km": p.at_m / 1000.0, "chance": estimate(p.chance)} for p in points]


def _maybe(value: Estimate | None) -> dict[str, float | None] | None:
    return None if value is None else estimate(value)


def _note(n: Note) -> dict[str, Any]:
    return {"code": n.code, **dict(n.values), **({"detail": list(n.detail)} if n.detail else {})}
