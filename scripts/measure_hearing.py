"""How well the ear hears: folders of test sets (questions.toml, danger.toml) -> a table.

    .venv/bin/python scripts/measure_hearing.py tests/outside/hearing_second          prints it
    .venv/bin/python scripts/measure_hearing.py --page            writes docs/hearing.md: the sets of tests/outside
    .venv/bin/python scripts/measure_hearing.py --page KEPT       the same with one more column, for a set kept aside
    ... --weights OUT    with the weights in that folder (scripts/fit_hearing.py --without NAME OUT): of sets not met
    ... --missed         also prints what was missed of the first folder (never for a set that is kept aside)

A question: text, right (ids of which any is right; "none" = not ours), register, slips, long. A text of danger: text,
level (emergency, urgent, see_someone, self_care, ask, harmless), signs, denied, worst, kind, language, slips.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charley.advice.hearing import ear, find, hear
from charley.advice.hearing.compile import content
from charley.advice.tables import load
from charley.advice.triage import URGENCIES, triage

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "hearing.md"
TWINS = {
    "cold_white_foot": "cold_pale_foot",
    "saddle_numb": "saddle_numbness",
    "growing_at_little_effort": "little_effort",
}
Row = tuple[str, str]


@dataclass
class Tally:
    """Counts of hits by name of the figure, and lines of what was missed."""

    hits: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, names: Iterable[str], hit: bool) -> None:
        for name in names:
            self.all[name] += 1
            self.hits[name] += hit

    def shown(self, name: str) -> str:
        if not self.all[name]:
            return "–"
        return f"{self.hits[name]}/{self.all[name]} ({100 * self.hits[name] / self.all[name]:.1f} %)"


def measure_questions(rows: list[dict[str, Any]], tally: Tally) -> None:
    known = {
        content(text)
        for target, row in load("hearing/phrases").items()
        for text in row["phrases"]
        if target != "outside"
    }
    for row in rows:
        found = find(row["text"])
        ids = [candidate.id for candidate in found.candidates]
        if row["right"] == ["none"]:
            tally.add(["off-topic: declined"], found.how == "declined")
            if found.how != "declined":
                tally.missed.append(f"NOT DECLINED {found.how} {ids[:3]} | {row['text']}")
            continue
        first = ids[:1] != [] and ids[0] in row["right"]
        three = bool(set(ids[:3]) & set(row["right"]))
        groups = ["", f", {row['register']}"]
        groups += [", with slips"] if row["slips"] else []
        groups += [", long"] if row["long"] else []
        groups += [", intents"] if row["right"][0].startswith("intent:") else []
        same = content(row["text"]) in known
        groups += [", content words of a phrase" if same else ", no phrase's content words"]
        tally.add([f"right first{group}" for group in groups], first)
        tally.add([f"right among three{group}" for group in groups], three)
        tally.add(["first is what its author meant"], ids[:1] == row["right"][:1])
        tally.add(["questions declined or with no answer"], found.how == "declined")
        tally.add(["right first where one answer is given"], first) if found.how == "answer" else None
        if "ideas" not in row:
            tally.add(["one idea, cut into several"], bool(found.ideas))
        for group in row.get("ideas", ()):
            given = {c.id for idea in found.ideas for c in idea.candidates[:1]} or set(ids[:1])
            tally.add(["each idea of several has its answer"], bool(given & set(group)))
        if not first:
            tally.missed.append(
                f"{'SECOND' if three else 'MISSED'} {found.how} {row['right']} {ids[:4]} | {row['text']}"
            )


def measure_danger(rows: list[dict[str, Any]], tally: Tally) -> None:
    for row in rows:
        heard = hear(row["text"])
        urgency = triage(heard.signs).urgency
        rank, level = URGENCIES.index(urgency), row["level"]
        note = f"{level} -> {urgency}{' asked' if heard.screen else ''} {row['signs']} {heard} | {row['text']}"
        if level == "harmless":
            alarm = rank >= 2
            tally.add(["harmless: false alarms (urgent or more)"], alarm)
            tally.add(["harmless: told to see someone"], rank == 1)
            tally.add(["harmless: screen questions"], heard.screen and not alarm)
            tally.add([f"harmless, {row['kind']}: alarm or screen questions"], alarm or heard.screen)
            if alarm or heard.screen or rank:
                tally.missed.append(f"{'FALSE' if alarm else 'SCREEN' if heard.screen else 'SEE'} {note}")
            continue
        if level == "ask":
            tally.add(["only the screen can tell: asked"], heard.screen or rank >= 2)
            if not heard.screen and rank < 2:
                tally.missed.append(f"NOT ASKED {note}")
            continue
        at_level = rank >= URGENCIES.index(level)
        led = at_level or heard.screen or (rank >= 2)
        groups = ["", f", {row['kind']}", f", {level}"] + ([", with slips"] if row["slips"] else [])
        groups += [f", {row['language']}"] if row["language"] != "en" else [", in English"]
        tally.add([f"heard at their level{group}" for group in groups], at_level)
        tally.add(["heard at exactly their level"], urgency == level)
        tally.add(["heard or asked"], led)
        wanted = {TWINS.get(sign, sign) for sign in row["signs"]}
        tally.add(["every sign named"], wanted <= set(heard.signs))
        tally.add(["some sign of the text named"], bool(wanted & set(heard.signs)))
        if row["worst"]:
            tally.add(["worst kind: neither heard nor asked"], not (rank >= 2 or heard.screen))
            tally.add(["worst kind: heard at their level"], at_level)
        denied = {TWINS.get(sign, sign) for sign in row.get("denied", ())}
        if denied:
            tally.add(["denied signs not raised"], not denied & set(heard.signs))
        if not at_level:
            tally.missed.append(f"{'ASKED' if led else 'UNHEARD'}{' WORST' if row['worst'] else ''} {note}")


ORDER = [
    "right first",
    "right among three",
    "off-topic: declined",
    "first is what its author meant",
    "right first where one answer is given",
    "questions declined or with no answer",
    "each idea of several has its answer",
    "heard at their level",
    "heard or asked",
    "worst kind: neither heard nor asked",
    "worst kind: heard at their level",
    "heard at exactly their level",
    "some sign of the text named",
    "every sign named",
    "denied signs not raised",
    "only the screen can tell: asked",
    "harmless: false alarms (urgent or more)",
    "harmless: screen questions",
    "harmless: told to see someone",
]
BARS = {
    "right first": ">= 93 %",
    "right among three": ">= 98 %",
    "off-topic: declined": ">= 90 %",
    "heard at their level": ">= 95 %",
    "heard or asked": ">= 99 %",
    "worst kind: neither heard nor asked": "0",
    "harmless: false alarms (urgent or more)": "<= 3 %",
    "harmless: screen questions": "<= 8 %",
}


SETS = {  # the folders of tests/outside, and what the page calls them
    "hearing": "first set, open half",
    "hearing_kept": "first set, half once kept aside",
    "hearing_second": "second set, open",
    "hearing_third": "third set",
    "hearing_fourth": "fourth set: dangers learnt from since, questions not",
    "hearing_fifth": "fifth set, open half: dangers learnt from since, questions not",
}
KEPT = "a set kept aside"


def table(tallies: list[tuple[str, Tally]]) -> str:
    names = [name for name in ORDER if any(t.all[name] for _, t in tallies)]
    rest = sorted({name for _, t in tallies for name in t.all} - set(names))
    lines = [
        "| what | bar | " + " | ".join(head for head, _ in tallies) + " |",
        "| --- | --- |" + " --- |" * len(tallies),
    ]
    lines += [
        f"| {name} | {BARS.get(name, '')} | " + " | ".join(t.shown(name) for _, t in tallies) + " |"
        for name in (*names, *rest)
    ]
    return "\n".join(lines)


LANGUAGES = {
    "German": "de", "French": "fr", "Spanish": "es", "Portuguese": "pt", "Italian": "it", "Dutch": "nl", "Polish": "pl",
    "Russian": "ru", "Japanese": "ja", "Chinese": "zh",
}  # fmt: skip


def one_form(row: dict[str, Any]) -> dict[str, Any]:
    """A row of danger as this script reads it, from the form in which the second author wrote it."""
    kind, _, language = row["kind"].partition(":")
    level = "ask" if row.get("ask") else "harmless" if row["level"] == "none" else row["level"]
    filled = {"worst": False, "denied": [], "slips": kind == "slips", "language": LANGUAGES.get(language, "en"), **row}
    return {**filled, "kind": kind, "level": level}


def measured(folder: Path, every: int = 1) -> Tally:
    """The tally of a set; ``every`` third row, say, where there is little time."""
    tally = Tally()
    questions = tomllib.loads((folder / "questions.toml").read_text(encoding="utf-8"))["q"]
    danger = tomllib.loads((folder / "danger.toml").read_text(encoding="utf-8"))["t"]
    measure_questions([{"slips": False, "long": False, **row} for row in questions[::every]], tally)
    measure_danger([one_form(row) for row in danger[::every]], tally)
    return tally


def main(arguments: list[str]) -> None:
    folders = [Path(a) for before, a in zip(["", *arguments], arguments, strict=False) if is_folder(before, a)]
    if "--weights" in arguments:
        ear.WEIGHTS = arguments[arguments.index("--weights") + 1]
    columns = [(SETS.get(folder.name, KEPT), measured(folder)) for folder in folders]
    if "--page" in arguments:
        columns = [(head, measured(ROOT / "tests" / "outside" / name)) for name, head in SETS.items()] + columns
        page = PAGE.read_text(encoding="utf-8")
        marked = re.sub(
            r"(<!-- measured -->\n).*?(<!-- end -->)",
            lambda m: m[1] + table(columns) + "\n" + m[2],
            page,
            flags=re.DOTALL,
        )
        PAGE.write_text(marked, encoding="utf-8")
    print(table(columns))
    if "--missed" in arguments:
        print("\n".join(columns[0][1].missed))


def is_folder(before: str, argument: str) -> bool:
    """Whether an argument names a test set."""
    return not argument.startswith("--") and before != "--weights"


if __name__ == "__main__":
    main(sys.argv[1:])
