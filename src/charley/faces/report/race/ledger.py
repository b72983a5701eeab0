"""The record of earlier race forecasts, as text and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from charley.faces.report.plain_values import plain
from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.race import Ledger, LedgerRow

FEW = 20


def as_json(found: Ledger) -> dict[str, Any]:
    """All rows and scores as plain values."""
    return {str(key): value for key, value in plain(asdict(found)).items()}


def as_text(found: Ledger, units: str) -> str:
    """Each forecast with what came, then the scores with how little they say."""
    if not found.rows:
        return "No forecast of a race is kept yet: charley race --distance marathon --date 2027-04-11 --goal 3:30:00"
    lines = ["Forecasts of races, sealed before the start", ""]
    lines += [line for row in found.rows for line in _row(row, units)]
    return "\n".join([*lines, "", *scores(found)])


def scores(found: Ledger) -> list[str]:
    """The scores in sentences."""
    out = []
    if found.brier is not None:
        base = (
            ""
            if found.brier_base is None
            else (
                f"; always saying how often runners in general cramp would have got {fig.number(found.brier_base, 2)}"
            )
        )
        out.append(f"Brier score {fig.number(found.brier, 2)}{base}. 0 is perfect.")
    if found.timed and found.crps_s is not None and found.inside_80 is not None and found.inside_50 is not None:
        out.append(
            f"Finish times: off by {words.minutes(found.crps_s)} on the whole (CRPS); interval score "
            f"{words.minutes(found.interval_score_s or 0.0)}."
        )
        out.append(
            f"Inside the 80 % range {fig.number(100 * found.inside_80)} of 100, inside the 50 % range "
            f"{fig.number(100 * found.inside_50)} of 100."
        )
    if 0 < found.timed < FEW:
        out.append(
            f"{fig.upper_first(fig.count(found.timed, 'race'))} {'says' if found.timed == 1 else 'say'} little: these "
            f"shares may be off by {fig.number(100 * (found.coverage_se_80 or 0))} and "
            f"{fig.number(100 * (found.coverage_se_50 or 0))} in 100."
        )
    return out or [
        "None of them has been run yet, or nobody said whether it cramped: charley log none, charley log cramp"
    ]


def _row(row: LedgerRow, units: str) -> list[str]:
    when = "no date" if row.planned_at is None else f"{row.planned_at:%d %b %Y}"
    came = "not run yet"
    if row.run_id is not None:
        cramp = {True: "cramped", False: "no cramp", None: "cramp not logged"}[row.cramped]
        came = f"came {words.clock(row.finish_s or 0.0)}, {cramp}"
    said = "" if row.said is None else f"{words.clock(row.said[0])} to {words.clock(row.said[2])}"
    broken = "" if row.intact else "  changed after it was sealed: not counted"
    name = (fig.clean(row.name) or words.length(row.distance_m, units))[:24]
    return [
        f"{when:<12} {name:<24} said {fig.chance(row.chance):>4} in 100, {said:<13} {came}",
        f"{'':<12} seal {row.seal[:16]}{broken}",
    ]
