"""Runs every experiment of the laboratory and writes what came of it.

    python scripts/make_validation.py             # runs all (about 10 minutes of one core) and writes everything
    python scripts/make_validation.py --only E02  # runs some, and keeps what was kept of the others
    python scripts/make_validation.py --pages     # writes the pages from the table that was kept; a test compares them

Written: src/charley/lab/validation.json (the table), docs/validation.md, docs/lab-keys.md (all keys of a protocol).
"""

from __future__ import annotations

import argparse
import json
import textwrap
from pathlib import Path

from charley.evidence import parameters
from charley.faces.lab_page import words
from charley.faces.report.wording import figures as fig
from charley.lab import last_table, reading, run
from charley.lab.measures import MEASURES
from charley.lab.protocol import Setup
from charley.lab.schema import keys
from charley.vocabulary.laboratory import LabExperiment

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "src" / "charley" / "lab" / last_table.NAME
DOCS = ROOT / "docs"
BODY = "validation-body.md"


def cell(text: object) -> str:
    return str(text).replace("|", "/").strip() or fig.NONE


def filled(text: str) -> list[str]:
    return textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)


def table(header: str, rows: list[tuple[object, ...]]) -> list[str]:
    names = [name.strip() for name in header.split("|")]
    return [
        "| " + " | ".join(names) + " |",
        "|" + " --- |" * len(names),
        *("| " + " | ".join(map(cell, row)) + " |" for row in rows),
    ]


def validation_page(listed: tuple[LabExperiment, ...], kept: dict) -> str:
    """docs/validation.md from the table that was kept."""
    lines = ["# Validation: what the models get right and wrong", ""]
    lines += filled(
        f"Published experiments run again on virtual people, as `charley lab table` does. The body's models against "
        f"published runs stand in [{BODY}]({BODY}). Both pages are made from the code; nothing in them was typed in."
    )
    lines += ["", "## The laboratory", ""]
    lines += [*filled(f"{words.RULE} The simulation's own error is shown and not used."), ""]
    lines += filled(
        "*Set the model*: constants were calibrated on this experiment, so its match is a fit and no test. *Matched*: "
        "the group was moved to the mean threshold that the study started from, because laboratories tested different "
        "people (13 to 31 Hz); shown and not judged. *Sets the scale*: the model has no microvolts, so one condition "
        "sets them."
    )
    lines += ["", *_summary(listed), ""]
    lines += filled(
        f"Made with {_subjects(kept)}, in {round(kept['seconds'] / 60)} minutes; fingerprint of model, protocols and "
        f"numbers: `{kept['fingerprint']}`."
    )
    lines += ["", "### All experiments", ""]
    lines += table(
        "id | experiment | muscle | agree | largest z | set the model",
        [
            (
                f"[{e.id}](#{e.id.lower()})",
                e.title,
                e.muscle,
                words.count(e),
                fig.NONE if e.z is None else fig.number(e.z, 1, plus=True),
                "yes" if e.calibration else "no",
            )
            for e in listed
        ],
    )
    for experiment in listed:
        lines += ["", *_experiment(experiment)]
    lines += ["", "## What each fit used", "", *_fits(listed)]
    lines += ["", "## The body", "", f"Energy, heat, sweat, sodium and races against published runs: [{BODY}]({BODY})."]
    return "\n".join(lines) + "\n"


def _subjects(kept: dict) -> str:
    return (
        "as many people as each protocol says" if kept["subjects"] is None else f"{kept['subjects']} people a condition"
    )


def _summary(listed: tuple[LabExperiment, ...]) -> list[str]:
    rows = []
    for calibration, told in ((True, "that set the model"), (False, "that did not")):
        some = [e for e in listed if e.calibration == calibration]
        outcomes = [o for e in some for o in e.outcomes]
        rows.append(
            (
                f"experiments {told}",
                len(some),
                len(outcomes),
                sum(o.judged for o in outcomes),
                sum(o.met for o in outcomes),
                sum(o.verdict == "cannot" for o in outcomes),
            )
        )
    return table("| experiments | outcomes | judged | agree | cannot be measured", rows)


def _experiment(e: LabExperiment) -> list[str]:
    lines = [f"### {e.id}", "", f"**{e.title}.** {e.muscle}. {e.protocol}. {words.standing(e)}".strip(), ""]
    if e.cannot:
        return [*lines, f"Cannot be expressed: {e.cannot}."]
    if e.note:
        lines += [e.note, ""]
    rows = []
    for o in e.outcomes:
        unit = "" if o.unit == "-" else f" ({o.unit})"
        why = o.note or (o.published_note if o.verdict != "inside" else "")
        se = (
            f" (SE {words.short(o.published_se)})"
            if o.published_se is not None and o.published_mean is not None
            else ""
        )
        rows.append(
            (
                f"{words.name(o)}{unit}",
                words.published(o) + se,
                f"{words.simulated(o.simulated)} {words.how_many(o.simulated)}",
                words.z(o),
                words.verdict(o, e.calibration),
                why,
            )
        )
    lines += table("outcome | published | simulated, mean ± SD | z | verdict | note", rows)
    return [*lines, "", *(f"Source (grade {e.grade}): {c}" for c in e.citations)]


def _fits(listed: tuple[LabExperiment, ...]) -> list[str]:
    lines = filled(
        "Constants of the motor pool that were calibrated, by the experiment that their row names. The procedure "
        "and its result stand in [calibration-neuromuscular.md](calibration-neuromuscular.md)."
    )
    lines.append("")
    known = parameters("neuromuscular")
    rows = [
        (e.id, ", ".join(f"`{k}` = {known[k].value:g} {known[k].unit}" for k in e.set_by_it))
        for e in listed
        if e.set_by_it
    ]
    return lines + table("id | constants", rows)


def keys_page() -> str:
    """docs/lab-keys.md: every key of a protocol and every measure."""
    lines = ["# Keys of a protocol", ""]
    lines += filled(
        "Made from the grammar by `python scripts/make_validation.py --pages`. A key without a dot stands on top of "
        "the file or in a condition; `stretch.to_deg` stands in the table `stretch`. A list may also be one table."
    )
    lines += ["", "## The file", ""]
    own = [("conditions.NAME", "table", fig.NONE, "a condition; it overrides what stands on top, key by key")]
    head = [(f"`{n}`", a, d, h) for n, a, d, h in (*reading.head_keys(), *own)]
    lines += table("key | possible | default | meaning", head)
    lines += ["", "## Who, in what state, what is done", ""]
    lines += table("key | possible | default | meaning", [(f"`{n}`", a, d, h) for n, a, d, h in keys(Setup)])
    lines += ["", "## Measures", "", "Names for `what`.", ""]
    lines += table("measure | unit | meaning", [(f"`{n}`", m.unit, m.help) for n, m in MEASURES.items()])
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """All pages by name; docs/validation.md only where a table was kept."""
    made = {"lab-keys.md": keys_page()}
    kept = last_table.loaded()
    if kept is not None:
        listed = tuple(last_table.filled(run.described(p), kept) for p in reading.shipped().values())
        made["validation.md"] = validation_page(listed, kept)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="only write the pages")
    parser.add_argument("--subjects", type=int, help="virtual subjects in each condition")
    parser.add_argument("--only", nargs="+", metavar="ID", help="experiments to run; the others keep their values")
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    if not asked.pages:
        chosen = [p for p in reading.shipped().values() if asked.only is None or p.experiment in asked.only]
        done = last_table.dumped(
            run.run_table(chosen, asked.subjects, asked.workers, lambda e: print(e.id, words.count(e), flush=True))
        )
        if asked.only is not None and (kept := last_table.loaded()) is not None:
            done = {**done, "seconds": kept["seconds"], "experiments": kept["experiments"] | done["experiments"]}
        STORED.write_text(json.dumps(done, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
