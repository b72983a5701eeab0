"""What would change a figure: whose share is in it, what it would be without each cause, what would narrow it."""

from __future__ import annotations

from typing import Any

from charley.faces.report.race import sections, words
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import first_screen
from charley.vocabulary.answer import Why
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.race import RaceAnswer

CLAIMS = {
    "start": "K11",
    "drink": "K61",
    "sodium": "K02",
    "carbohydrate": "K06",
    "clothing": "K48",
}  # of a race's changes
MOST = 4
LEAST_SHARE = 0.01  # a cause that moves less is not worth a line


def of(answer: Why, units: str) -> dict[str, Any]:
    """For the chance of an answer: of one run, or of the journal's next hard run."""
    per = fig.denominator(answer)
    told = answer.chance if answer.journal is None else answer.journal.next_hard_run.chance
    chance, studies = told.middle, round(100 * answer.prior_share)
    if answer.journal is not None:
        causes: list[tuple[str, Estimate]] = [(f.label, f.share) for f in answer.journal.families]
    else:
        causes = [(d.label, d.share) for d in answer.drivers]
    largest = sorted((c for c in causes if c[1].middle >= LEAST_SHARE), key=lambda c: -c[1].middle)[:MOST]
    screen = first_screen.build(answer, units)
    return {
        "id": "change-number",
        "figure": fig.in_100(told, per),
        "heading": "Without each of these",
        "note": "They overlap, so they don’t add up.",
        "log": 100 - studies,
        "studies": studies,
        "runs": fig.count(answer.n_runs, "run"),
        "cramps": fig.count(answer.n_cramps, "cramp"),
        "what_if": [
            {
                "what": fig.upper_first(label),
                "now": fig.told(chance, per),
                "then": fig.told(chance * (1 - share.middle), per),
                "low": fig.told(chance * (1 - share.high), per),
                "high": fig.told(chance * (1 - share.low), per),
                "claim": "",
            }
            for label, share in largest
        ],
        "general": fig.in_100(answer.base_rate, per),
        "narrow": screen.tell,
        "sources": len(answer.sources),
    }


def of_race(a: RaceAnswer, units: str) -> dict[str, Any] | None:
    """For the chance of a cramp in a race; None where there is none."""
    if a.chance is None:
        return None
    studies = round(100 * a.prior_share)
    moved = [(f, f.difference) for f in a.levers if f.difference is not None and f.verdict != "withheld"]
    largest = sorted(moved, key=lambda m: -abs(m[1].mean))[:MOST]
    return {
        "id": "change-number",
        "figure": words.in_100(a.chance),
        "heading": "With each of these changes",
        "note": "Each by itself, as you usually race otherwise; they don’t add up.",
        "log": 100 - studies,
        "studies": studies,
        "runs": fig.count(a.n_runs, "run"),
        "cramps": fig.count(a.n_cramps, "cramp"),
        "what_if": [
            {"what": words.lever(f, units), "claim": CLAIMS.get(f.id, "")} | _moved(a.chance, d) for f, d in largest
        ],
        "general": "–" if a.base_rate is None else words.in_100(a.base_rate),
        "narrow": _narrows(a),
        "sources": 0,
    }


def _moved(chance: Estimate, by: Estimate) -> dict[str, str]:
    """The chance before and after a change, which comes with its own range."""
    after = [fig.chance(min(max(chance.mean + step, 0.0), 1.0)) for step in (by.mean, by.low, by.high)]
    return {"now": fig.chance(chance.mean), "then": after[0], "low": after[1], "high": after[2]}


def _narrows(a: RaceAnswer) -> str:
    """What to tell or to bring, so that the range gets smaller: the first that is missing."""
    missing = {n.code for n in a.assumed}
    if a.n_runs == 0:
        return "Your own runs, and whether each of them cramped: this is from studies alone."
    if a.n_cramps == 0:
        return "Whether your long runs cramped or not. Silence doesn’t count as “no cramp”."
    if a.race.air.source in ("climate", "usual"):
        return "The air on the day: fill it in when the forecast is out."
    if missing & {"level-field", "level-journal"}:
        return "A race of the last months, marked as one: it says how fast you are now."
    if "sweat" in missing:
        return "Two weighings around a long run: they say how much you sweat."
    return "More long runs that you tell us about, the ones without a cramp too."


def of_finish(a: RaceAnswer) -> dict[str, Any] | None:
    """For the finish time: what each published predictor makes of your races, and what air and hills add."""
    f = a.finish
    if f is None:
        return None
    return {
        "figure": f"{words.clock(f.able.middle)} ({words.time_range(f.able)})",
        "rows": sections.predictors(a),
        "air": words.air_and_hills(f),
        "narrow": "A race of the last months at a length near this one, marked as a race on its page.",
    }  # fmt: skip
