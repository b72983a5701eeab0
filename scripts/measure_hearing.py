"""How well the ear hears: one or two folders of a test set (questions.toml, danger.toml) -> a table.

    .venv/bin/python scripts/measure_hearing.py tests/outside/hearing
    .venv/bin/python scripts/measure_hearing.py tests/outside/hearing --page     writes docs/hearing.md, the second column empty
    .venv/bin/python scripts/measure_hearing.py OPEN SEALED --page     writes both columns
    ... --missed     also prints what was missed (never for a set that is kept aside)

A question: text, right (ids of which any is right; "none" = not ours), register, slips, long. A text of danger: text,
level (emergency, urgent, see_someone, ask, harmless), signs, denied, worst, kind, language, slips.
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

from charley.advice.hearing import find, hear
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


HEADS = ("open half", "kept aside, run once")


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


def measured(folder: Path) -> Tally:
    tally = Tally()
    for name, key, measure in (("questions", "q", measure_questions), ("danger", "t", measure_danger)):
        measure(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))[key], tally)
    return tally


def main(arguments: list[str]) -> None:
    folders = [Path(a) for a in arguments if not a.startswith("--")]
    tallies = list(zip(HEADS, (measured(folder) for folder in folders), strict=False))
    print(table(tallies))
    if "--missed" in arguments:
        print("\n".join(tallies[0][1].missed))
    if "--page" in arguments:
        columns = tallies if len(tallies) == len(HEADS) else [*tallies, (HEADS[-1], Tally())]
        page = PAGE.read_text(encoding="utf-8")
        marked = re.sub(
            r"(<!-- measured -->\n).*?(<!-- end -->)",
            lambda m: m[1] + table(columns) + "\n" + m[2],
            page,
            flags=re.DOTALL,
        )
        PAGE.write_text(marked, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
