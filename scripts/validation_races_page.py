"""docs/validation-races.md from the kept comparison: `python scripts/validation_races_page.py`; a test compares them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
Z95 = 1.96
Row = dict[str, Any]


def percent(value: float, decimals: int = 0) -> str:
    return f"{100 * value:.{decimals}f}"


def hit(found: float, said: float, se: float) -> str:
    """Inside the 95 % interval of what was found, or how far beyond it."""
    return "hit" if abs(found - said) <= Z95 * se else f"**miss by {100 * abs(found - said):.0f} points**"


def pacing(found: dict[str, Row]) -> list[str]:
    lines = [
        "## A spring marathon of 2014: who slows in the second half",
        "",
        "Half of the finishers. Tenths by the speed of the first half against the median of the same sex and age, slowest",
        "first. *Second half*: how much slower it was than the first, %. *Slumped*: of 100, those whose pace after 30 km was",
        "more than a fifth slower than before. The course falls, then has its hills from 26 to 34 km; the prediction is for a",
        "flat one on a cool day.",
        "",
    ]
    for sex, name in (("male", "Men"), ("female", "Women")):
        f = found[sex]
        lines += [
            f"**{name}, {f['runners']:,}.** As a whole: second half {percent(f['second_over_first'] - 1, 1)} % slower, "
            f"said {percent(f['second_said'] - 1, 1)}; slumped {percent(f['slowed_after_30'])} of 100, "
            f"said {percent(f['slowed_said'])}.",
            "",
            "| tenth | second half: found (SE) | said | | slumped: found (SE) | said | |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        for k, t in enumerate(f["tenths"], start=1):
            lines.append(
                f"| {k} | {percent(t['second_over_first'] - 1, 1)} ({percent(t['second_se'], 1)}) "
                f"| {percent(t['second_said'] - 1, 1)} | {hit(t['second_over_first'], t['second_said'], t['second_se'])} "
                f"| {percent(t['slowed_after_30'])} ({percent(t['slowed_se'])}) | {percent(t['slowed_said'])} "
                f"| {hit(t['slowed_after_30'], t['slowed_said'], t['slowed_se'])} |"
            )
        lines.append("")
    lines += [
        "**What this says.** The field as a whole comes out about right; who in it slows does not. We let the error of a",
        "first half's pace be the same for fast and slow runners, so the fastest starters of each age had to slow most. In",
        "truth the slowest of each age slow most: they are less trained, or run within less of themselves. A forecast for",
        "one runner does not use that part (it has the runner's own level and goal); any statement about a field would.",
        "",
    ]
    return lines


def hot_year(found: list[Row]) -> list[str]:
    lines = [
        "## The same marathon in the heat of 2004",
        "",
        "Finishers of 2004 against the nine other years from 2001 to 2010. The interval is what one year may differ by without",
        "any heat (95 %).",
        "",
        "| | other years, min | slower in 2004, % (95 %) | said | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for r in found:
        low, high = r["slower"] - Z95 * r["sd"], r["slower"] + Z95 * r["sd"]
        lines.append(
            f"| {r['what']} | {r['cool_min']:.0f} | {percent(r['slower'], 1)} ({percent(low, 1)} to {percent(high, 1)}) "
            f"| {percent(r['said'], 1)} | {hit(r['slower'], r['said'], r['sd'])} |"
        )
    return [
        *lines, "",
        "The slow tenth lost less than the line says: those who would have lost more are missing, as they did not finish, or",
        "started slower. Beyond 3:40 the line is an extrapolation, and a forecast there says so.", "",
    ]  # fmt: skip


def heat(found: Row) -> list[str]:
    bar = "hit" if found["ratio"] <= 1.1 else "**miss**"
    lines = [
        "## Heat in 404 marathon fields",
        "",
        f"{found['rows']:,} finish times against the standing course record, with WBGT measured near the start. Our line has a",
        "level for each place and sex from these rows and its slope from the papers; beside it a smooth curve fitted to the same",
        f"rows. Error {percent(found['rmse'], 2)} % against {percent(found['rmse_smooth'], 2)} %: "
        f"{found['ratio']:.3f} times, at most 1.10: {bar}.",
        "",
        "| place | | races | error, % | smooth curve | % a degree, found | said |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for t in found["places"]:
        slope = "–" if t["slope_percent_per_c"] is None else f"{t['slope_percent_per_c']:.2f}"
        lines.append(
            f"| {t['place']} | {t['sex']} | {t['races']} | {percent(t['rmse'], 2)} | {percent(t['rmse_smooth'], 2)} "
            f"| {slope} | {t['said_percent_per_c']:.2f} |"
        )
    return [
        *lines, "",
        "The winners' slope is flatter than said, places 25 to 300 steeper: the line between two published fields is too",
        "straight. Top places only: ordinary runners lose more.", "",
    ]  # fmt: skip


def climate(found: Row) -> list[str]:
    low, high = found["interval"]
    bar = "hit" if 0.72 <= found["inside"] <= 0.88 else "**miss**"
    return [
        "## The air of a day that nobody knows yet",
        "",
        "The usual temperature by latitude, month and hour; its width was set on a random half of the events of the same file",
        f"({found['width_c']:.1f} °C) and tested once on the other half: {found['events']} events, {found['days']} days. The 80 %",
        f"band held {percent(found['inside'])} % of them (95 % by event: {percent(low)} to {percent(high)}), wanted 72 to 88: {bar}. "
        f"Mean error {found['mean_error_c']:+.1f} °C.",
        "",
    ]  # fmt: skip


def page() -> str:
    found = json.loads((DOCS / "validation-races.json").read_text(encoding="utf-8"))
    return "\n".join([
        "# Race forecasts against real fields",
        "",
        "Made by `python scripts/validate_races.py --compare` and `python scripts/validation_races_page.py`. The predictions",
        "(`docs/validation-races-predicted.json`) were committed before the comparison was run; their numbers came from published",
        "summaries alone (`scripts/calibrate_race.py`). Misses stay. Finishers only: those who stopped are missing, so slowing is",
        "understated.",
        "",
        *pacing(found["pacing"]),
        *hot_year(found["hot_year"]),
        *heat(found["heat"]),
        *climate(found["climate"]),
    ])  # fmt: skip


if __name__ == "__main__":
    (DOCS / "validation-races.md").write_text(page(), encoding="utf-8")
    print("wrote docs/validation-races.md")
