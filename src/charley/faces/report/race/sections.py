"""The parts of an answer about a race, on a page of its own and in the app: facts, notes, pictures, the plan."""

from __future__ import annotations

from typing import Any

from charley.faces.report.pictures.pair import picture
from charley.faces.report.race import risk_pictures as risk
from charley.faces.report.race import run_pictures, words
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.people import people_differ
from charley.vocabulary.race import RaceAnswer


def facts(a: RaceAnswer, units: str) -> list[tuple[str, str]]:
    """Range, finish and stretch of road, as far as the answer has them, each with its heading."""
    found = (
        [("Range, and runners in general", f"{words.ranges(a)} {people_differ(a.chance_of_people)}".strip())]
        if a.chance is not None
        else []
    )
    found += [("Finish", words.finish(a))] if a.finish is not None else []
    return found + ([("Where", words.stretch(a, units))] if a.stretch is not None else [])


def notes(a: RaceAnswer) -> list[str]:
    """What the answer leaves out, and what the runner's health leaves out of it."""
    return [words.outside_more(n) for n in a.outside] + [words.health(n, typed=False) for n in a.health.notes]


def predictors(a: RaceAnswer) -> list[list[str]]:
    """What each published predictor makes of the runner's races, and why one is not counted; empty without a finish."""
    return [
        [words.PREDICTORS[p.id], f"{words.clock(p.time.middle)} ({words.time_range(p.time)})",
         words.why_not_counted(p.why_not)]
        for p in (a.finish.predicted if a.finish is not None else ())
    ]  # fmt: skip


PREDICTOR_HEADS = ["Predictor, on the flat on a usual day", "your time", "counted?"]


def pictures(a: RaceAnswer, units: str) -> dict[str, Any]:
    """Each with the finding as its heading and its table; what the answer lacks is left out."""
    found: dict[str, Any] = {}
    if a.frontier:
        found["frontier"] = {"heading": words.price(a) or "What a slower race buys"} | picture(
            lambda wide: risk.frontier(a, wide), "Time against chance", words.price(a),
            [("Finish time and chance", *risk.frontier_table(a))], [p.finish_s for p in a.frontier],
        )  # fmt: skip
    if a.by_km:
        found["fan"] = {"heading": words.stretch(a, units) or "The chance along the way"} | picture(
            lambda wide: risk.fan(a, units, wide), "Chance so far", words.stretch(a, units),
            [("Chance of a cramp so far, in 100", *risk.fan_table(a, units))], [p.at_m for p in risk.fan_rows(a)],
        )  # fmt: skip
    if (chance := a.chance) is not None:
        planned = None if a.plan is None else a.plan.chance
        said = f"As you usually race: {words.in_100(chance)}."
        said += "" if planned is None else f" With the plan: {words.in_100(planned)}."
        found["hundred"] = {"heading": "Out of 100 races like this", "said": said} | picture(
            lambda wide: risk.hundred(chance, planned, wide),
            "One hundred races", said,
        )  # fmt: skip
    if any(f.difference is not None for f in a.levers):
        heading = words.changes_line(a.levers)
        found["levers"] = {"heading": heading} | picture(
            lambda wide: risk.levers(a, units, wide), "What each change buys", heading,
            [("Change in the chance of a cramp, in 100", *risk.levers_table(a, units))],
        )  # fmt: skip
    if a.past_cramps or a.frontier_trained:
        found["plane"] = {"heading": "This race beside what you ran in the last 12 weeks"} | picture(
            lambda wide: run_pictures.plane(a, units, wide), "Pace against minutes",
            "The race, what you held in training, and cramps.",
            [("Pace and time", *run_pictures.plane_table(a, units))],
        )  # fmt: skip
    return found


def plan(a: RaceAnswer, units: str) -> dict[str, Any] | None:
    """The plan as a table, with the rule for drinks, and the limits that were kept; None without one."""
    p = a.plan
    if p is None:
        return None
    drinks, food = p.drink_ceiling_l is not None, p.carbohydrate_g_h is not None
    heads = [fig.distance_unit(units), "clock", f"min a {fig.distance_unit(units)}"]
    heads += (["never more than"] if drinks else []) + (["carbs"] if food else [])
    body = []
    for s in p.segments:
        row = [fig.distance(s.to_m, units), fig.clock(s.clock_s), words.pace(s, units).split()[0]]
        row += [words.cups(s.drink_most_l or 0.0, a.race.cup_l) if s.station else ""] if drinks else []
        body.append(row + ([f"{fig.number(s.carbohydrate_g)} g" if s.carbohydrate_g else ""] if food else []))
    notes = [words.limit_note(f) or words.limit(f, units) for f in p.limits]
    return {
        "heading": words.plan_line(a, p, units),
        "table": {"name": "The plan", "heads": heads, "body": body},
        "rule": words.DRINK_RULE if drinks else "",
        "signs": words.DRINK_SIGNS,
        "after": words.NO_MORE_AFTER,
        "limits": notes,
    }
