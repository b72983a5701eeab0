"""What the runner's own log says of a claim: one sentence or two, by claim, from the summary that `why` left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from charley.vocabulary.words import words

if TYPE_CHECKING:
    from charley.vocabulary.own_runs import OwnRuns

ANY = ""  # the key of what is said of a claim on which a log can say nothing
FEW_RUNS = 50  # below, shares are told of 10, as in every answer over a journal
METRES = {"metric": (1000.0, "km"), "imperial": (1609.344, "mi")}
WINDOWS = ("own.during", "own.first_hour", "own.hours_after", "own.night")


def own_log(own: OwnRuns | None, units: str = "metric") -> dict[str, str]:
    """Sentences by claim id, and ``ANY`` for all other claims; empty where there is no log."""
    if own is None:
        return {}
    if not own.answered:
        return {ANY: words("own.silent", runs=_count(own.runs, "run"))}
    if not own.cramps:
        return {ANY: words("own.no_cramp", answered=own.answered)}
    counts = words("own.counts", cramps=_count(own.cramps, "cramp"), answered=own.answered)
    if own.summary is None:
        return {ANY: f"{counts} {words('own.not_worked_out')}"}
    said = {ANY: words("own.silent_on_this")}
    for claim_id, about in own.summary["claims"].items():
        told = _claim(about, own, own.summary, units)
        if told is not None:
            stale = words("own.stale") if own.stale else ""
            said[claim_id] = " ".join(s for s in (counts, told, stale) if s)
    return said


def _claim(about: Sequence[str], own: OwnRuns, summary: Mapping[str, Any], units: str) -> str | None:
    """What follows the counts, "" where they say it all; None where the log says nothing of it."""
    counted = [_COUNTED[name](own, summary, units) for name in about if name in _COUNTED]
    if counted:
        return max(counted, key=len)
    factors = [summary["factors"][name] for name in about if name in summary["factors"]]
    families = {f"family {row['id']}": row for row in summary["families"]}
    rows = factors or [families[name] for name in about if name in families]
    return _share(max(rows, key=lambda row: row["share"][0]), summary) if rows else None


def _share(row: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    """How many of the cramps would not have come without it, and whether the log is enough to say so."""
    of = 10 if summary["runs"] < FEW_RUNS else 100
    middle, low, high = (round(of * share) for share in row["share"])
    if middle <= 0:
        told = words("own.hardly", factor=row["label"], high=max(high, 1), of=of)
    else:
        told = words("own.without", factor=row["label"], middle=middle, low=_minus(low), high=high, of=of)
    if not summary["tells"]:
        return f"{told} {words('own.too_few')}"
    return f"{told} {words('own.first', family=summary['families'][0]['label'].lower())}"


def _often(own: OwnRuns, summary: Mapping[str, Any], units: str) -> str:
    return words("own.often") if own.answered < FEW_ANSWERED else ""


FEW_ANSWERED = 10  # own rule: fewer runs than that say little of how often


def _places(own: OwnRuns, summary: Mapping[str, Any], units: str) -> str:
    if summary["places"] is None:
        return ""
    many, low, middle, high = summary["places"]
    metres, unit = METRES[units]
    low, middle, high = (f"{place / metres:.0f}" for place in (low, middle, high))
    if low == high:
        return words("own.one_place", many=many, middle=middle, unit=unit)
    return words("own.places", many=many, low=low, middle=middle, high=high, unit=unit)


def _windows(own: OwnRuns, summary: Mapping[str, Any], units: str) -> str:
    told = [words(key, many=many) for key, many in zip(WINDOWS, summary["windows"], strict=True) if many]
    return words("own.windows", parts=", ".join(told)) if told else ""


def _muscles(own: OwnRuns, summary: Mapping[str, Any], units: str) -> str:
    calf = sum(many for muscle, many in summary["muscles"].items() if muscle.endswith("calf"))
    return words("own.muscles", calf=calf, all=sum(summary["muscles"].values()))


_COUNTED: dict[str, Callable[[OwnRuns, Mapping[str, Any], str], str]] = {
    "often": _often,
    "places": _places,
    "windows": _windows,
    "muscles": _muscles,
}


def _count(many: int, one: str) -> str:
    return f"{many} {one}{'' if many == 1 else 's'}"


def _minus(number: int) -> str:
    return f"\N{MINUS SIGN}{-number}" if number < 0 else str(number)
