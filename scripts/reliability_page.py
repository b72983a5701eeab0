"""docs/reliability.md from docs/reliability.json: what the fuzzer and the kills found, as their scripts left it.

    python scripts/reliability_page.py     makes the page anew

`fuzz.py --report` and `kill_minus_nine.py --keep` add their figures by ``keep``. Nothing in the page is typed by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
FIGURES, PAGE = DOCS / "reliability.json", DOCS / "reliability.md"
GOAL = 1_000_000  # inputs of each kind

TEXT = """# Reliability

What was tried to break Charley, how often, and what came of it. Made by `scripts/reliability_page.py` from
`reliability.json`, which holds what the scripts below left behind. What is promised, and against whom:
[security](security.md).

## Fuzzing

`scripts/fuzz.py` changes files that Charley's own writers made, guided by which lines of Charley an input reaches, and
holds each result to what must be true of any bytes (`scripts/fuzz_targets.py`): a run that can be kept and read back,
the figures of another activity, or one line with a code; in less than 3 s of processor time and 500 MB; a backup is
refused, or gives a whole journal with the same rows and no file elsewhere. The goal is {goal} inputs of each kind, and
100 000 of each kind that one maker writes.

{fuzz}

"Faults" counts places, not inputs. Those that are mended have a test of their own. Inputs are added up over campaigns,
each on Charley as it was then; the corpus is that of the last one. The work can be stopped and goes on where it was:
`python scripts/fuzz.py --state FOLDER`. It needs `pip install 'charley[fuzz]'`. The test suite runs the same
checks on a few hundred inputs of each kind.

## Kills

`scripts/kill_minus_nine.py` ends import, log, migrate, backup and restore with SIGKILL: a third at a random time, the
others just before a random call that changes something. After each one the journal must open and be whole, what was
confirmed must be there, and a backup must be whole or have no name; in the end the interrupted work is repeated, and the
journal must equal one that was never interrupted.

{kills}

The test suite kills 210 times.

## Requests of an assistant

`scripts/fuzz_mcp.py` sends requests to `charley mcp` over its own standard input and output: tools with arguments that
are missing, unknown, of the wrong kind, hostile or far too long, lines that are no request, lines that are no JSON. Each
request of a tool must have its answer of at most 2,000 bytes, the line of warning signs at its end, and a code where it
could not be answered; the server must live on, with nothing on its standard error.

{mcp}

The test suite sends 250.

## Backups of each format

A backup made by the Charley of each journal format ({formats}) is restored in a test, opens in the newest format, and
keeps every row.
"""


def page(figures: dict[str, Any]) -> str:
    """The text of the page."""
    rows = ["| kind | inputs | of the goal | processor time | corpus | faults open | mended | until |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"]  # fmt: skip
    for kind, row in sorted(figures.get("fuzz", {}).items()):
        share = f"{100 * row['inputs'] / row.get('goal', GOAL):.0f} %"
        spent = f"{row['cpu_s'] / 60:.0f} min"
        rows.append(
            f"| {kind} | {row['inputs']:,} | {share} | {spent} | {row['corpus']:,} | {row['faults']} | {row['mended']} | "
            f"{row['until']} |".replace(",", " ")
        )
    kills = ["| seed | work | kills | lost |", "| ---: | --- | ---: | --- |"]
    for run in figures.get("kills", []):
        for work, done in run["work"].items():
            kills.append(f"| {run['seed']} | {work} | {done} | {run['lost'] or 'nothing'} |")
    mcp = [
        "| seed | requests | answered | refused with a code | processor time | until |",
        "| ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    if asked := figures.get("mcp"):
        mcp.append(
            f"| {asked['seed']} | {asked['inputs']:,} | {asked['answered']:,} | {asked['refused']:,} | "
            f"{asked['cpu_s'] / 60:.0f} min | {asked['until']} |".replace(",", " ")
        )
    formats = sorted(
        p.name.rsplit("_", 1)[1] for p in (DOCS.parent / "tests/journeys/fixtures").glob("journal_format_*")
    )
    return TEXT.format(
        goal=f"{GOAL:,}".replace(",", " "),
        fuzz="\n".join(rows),
        kills="\n".join(kills),
        mcp="\n".join(mcp),
        formats=f"1 to {formats[-1]}",
    )


def figures() -> dict[str, Any]:
    """What is kept."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def keep(name: str, found: Any) -> None:
    """Keep figures under a name, and make the page anew."""
    kept = figures() | {name: found}
    FIGURES.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(page(figures()), encoding="utf-8")
    sys.exit(0)
