"""Answers to questions in free text, from the graded claims alone: found by full-text search, never made up.

The index is SQLite's FTS5 in memory, built at each call (about two hundred short rows). A question is cut into ideas:
empty words fall away, words of one meaning are searched together. What covers too little of a question is no answer.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from charley.advice import evidence_rows
from charley.advice.tables import load
from charley.advice.triage import URGENCIES, Triage, triage
from charley.vocabulary.errors import UsageError
from charley.vocabulary.words import words

MOST_ANSWERS = 5
MOST_LETTERS = 2000  # of a question that are searched; warning signs are looked for in all of it
MOST_IDEAS = 40
COVERED = 0.45  # share of the weight of a question's ideas that an answer must hold
ALIKE = 0.5  # share of words that two questions must have in common to count as the same
MENTIONED = 0.4  # what an idea counts where a row mentions it in its answer and is not about it
UNKNOWN_WEIGHT = 2.0  # of an idea that no row knows: enough to keep us from answering what we cannot
WEIGHTS = (6.0, 4.0, 1.5, 0.5)  # of a row's search words, its statement, its answer, the questions that list it
QUESTION_PULL = 0.5  # how far the best matching question lifts the first claim it lists, in units of the best claim
TABLES = {  # the table of a row of evidence by the first letter of its id
    "E": "experiments",
    "R": "risk_factors",
    "I": "incidence",
    "D": "interventions",
    "F": "safety",
    "G": "guidelines",
}
SAID = {  # what is said of such a row
    "E": "{title} ({n} people)",
    "R": "{factor}: {effect} ({population})",
    "I": "{what}: {value} {unit}{range} ({population})",
    "D": "{name}: {effect}",
    "F": "{condition}: {signs}",
    "G": "{when}: {rule}",
}


@dataclass(frozen=True, slots=True)
class Support:
    """One row of evidence for or against: its id, what it says, its sources."""

    id: str
    text: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Where sources contradict each other on this: the sides, and whom the studies side with."""

    about: str
    sides: tuple[tuple[tuple[str, ...], str], ...]  # (who, what they say)
    finding: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One graded answer. ``told`` is what runners are told; ``log`` what the runner's own log says of it, or ""."""

    claim_id: str
    told: str
    text: str
    verdict: str
    verdict_text: str
    grade: str
    how_sure: str
    seeds: tuple[str, ...]
    evidence_for: tuple[Support, ...]
    evidence_against: tuple[Support, ...]
    otherwise: tuple[Otherwise, ...]
    log: str
    used_by: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question. ``danger`` is the triage of the warning signs in its words, None where there are none.

    ``status`` is "ok", or "cannot_tell" where nothing fits: then ``answers`` is empty.
    """

    question: str
    status: str
    answers: tuple[Answer, ...]
    danger: Triage | None
    examples: tuple[str, ...]


def ask(text: str, log: Mapping[str, str] | None = None) -> Asked:
    """Answer a question in English.

    ``log`` maps a theory ("fluid", "pacing" ...) or a claim id to one sentence on the runner's own runs. Raises
    UsageError for a text without a letter.
    """
    plain = _plain(text)
    if not any(letter.isalpha() for letter in plain):
        raise UsageError("ask-empty", "a question without a letter")
    danger = _danger(plain)
    found = _search(plain[:MOST_LETTERS])
    answers = tuple(_answer(claim_id, log or {}) for claim_id in found)
    return Asked(text[:MOST_LETTERS], "ok" if answers else "cannot_tell", answers, danger, _examples())


def warning_signs(text: str) -> tuple[str, ...]:
    """Flag ids whose words occur in a text, in the order of the table."""
    return _signs(_plain(text))


def _plain(text: str) -> str:
    """Lower case, with everything that is no letter or digit as one space."""
    return " ".join(re.sub(r"[\W_]+", " ", text.lower().replace("ß", "ss")).split())


def _signs(plain: str) -> tuple[str, ...]:
    padded = f" {plain} "
    return tuple(
        flag
        for flag, phrases in load("ask")["danger"].items()
        if any(f" {phrase} " in padded or f" {phrase}s " in padded for phrase in phrases)
    )


def _danger(plain: str) -> Triage | None:
    """The triage of the signs that are named; None where there are none, or where they ask for nobody."""
    signs = _signs(plain)
    if not signs:
        return None
    outcome = triage(signs)
    return None if outcome.urgency == URGENCIES[0] else outcome


# ---------------------------------------------------------------- the search


@cache
def _index() -> tuple[list[tuple[str, str]], sqlite3.Connection]:
    """The rows of the index in order (kind, id), and the open database."""
    database = sqlite3.connect(":memory:")
    columns = "words, told, answer, asked"
    database.execute(f"CREATE VIRTUAL TABLE row USING fts5({columns}, tokenize='porter unicode61')")
    asked: dict[str, list[str]] = {}  # the words of a question help to find every claim that it lists
    rows: list[tuple[str, str]] = []
    contents: list[tuple[str, str, str, str]] = []
    for question in evidence_rows.rows("questions"):
        rows.append(("question", question["id"]))
        contents.append((" ".join(question["words"]), question["text"], "", ""))
        for claim_id in question["claim_ids"]:
            asked.setdefault(claim_id, []).extend([question["text"], *question["words"]])
    for claim in evidence_rows.rows("claims"):
        rows.append(("claim", claim["id"]))
        own = load("ask")["claim_words"].get(claim["id"], "")
        told = f"{claim['text']} {claim['theory']}"
        contents.append((own, told, claim["answer"], " ".join(asked.get(claim["id"], ()))))
    for answer in load("answers")["answer"]:
        rows.append(("claim", answer["id"]))
        contents.append((answer["words"], answer["text"], answer["answer"], ""))
    database.executemany(f"INSERT INTO row ({columns}) VALUES (?, ?, ?, ?)", contents)
    return rows, database


@cache
def _meanings() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Words that carry nothing, and for each word those of the same meaning."""
    table = load("ask")
    same = {word: tuple(group) for group in table["same"] for word in group}
    return frozenset(table["empty"].split()), same


def _ideas(plain: str) -> list[tuple[str, ...]]:
    """The ideas of a question: groups of words, each idea once."""
    empty, same = _meanings()
    ideas: dict[str, tuple[str, ...]] = {}
    for group in same.values():
        for phrase in group:
            if " " in phrase:  # such as "warm up", which is not the same as warm
                plain = plain.replace(phrase, group[0])
    for word in plain.split():
        if word in empty or len(word) == 1 or (word.isdigit() and word not in same):
            continue
        group = same.get(word, (word,))
        ideas.setdefault(group[0], group)
    return list(ideas.values())[:MOST_IDEAS]


def _search(plain: str) -> list[str]:
    """Ids of the claims and answers that fit, best first; empty where too little of the question is covered."""
    rows, database = _index()
    ideas = _ideas(plain)
    if not ideas:
        return _common(set(plain.split()))[:MOST_ANSWERS]
    number = len(rows)
    elsewhere = load("ask")["elsewhere"].split()
    score: dict[int, float] = {}
    covered: dict[int, float] = {}
    weights = 0.0
    for idea in ideas:
        hits, told = _hits(database, idea) if idea[0] not in elsewhere else ({}, frozenset())
        # the fewer rows hold an idea, the more it says
        weight = math.log((number + 1) / (len(hits) + 0.5)) if hits else UNKNOWN_WEIGHT
        weights += weight
        for row, value in hits.items():
            score[row] = score.get(row, 0.0) + value
            covered[row] = covered.get(row, 0.0) + weight * (1.0 if row in told else MENTIONED)
    fits = [row for row in score if covered[row] >= COVERED * weights]
    lift = _lift(rows, score, fits)
    ranked = [
        ((score[row] + lift.get(rows[row][1], 0.0)) * covered[row] / weights, rows[row][1])
        for row in fits
        if rows[row][0] == "claim"
    ]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    return [claim_id for _, claim_id in ranked[:MOST_ANSWERS]]


def _hits(database: sqlite3.Connection, idea: tuple[str, ...]) -> tuple[dict[int, float], frozenset[int]]:
    """Value by row that holds a word of the idea (minus SQLite's bm25, so higher is better), and which are about it."""
    query = " OR ".join(f'"{word}"' for word in idea)  # words are letters, digits and spaces: nothing can be injected
    ranked = database.execute("SELECT rowid, bm25(row, ?, ?, ?, ?) FROM row WHERE row MATCH ?", (*WEIGHTS, query))
    hits = {rowid - 1: -rank for rowid, rank in ranked}
    about = database.execute("SELECT rowid FROM row WHERE row MATCH ?", (f"{{words told asked}} : ({query})",))
    return hits, frozenset(rowid - 1 for (rowid,) in about)


def _lift(rows: list[tuple[str, str]], score: dict[int, float], fits: list[int]) -> dict[str, float]:
    """What the best matching question adds to the claims it lists, to the first the most."""
    asked = [row for row in fits if rows[row][0] == "question"]
    if not asked:
        return {}
    best = rows[max(asked, key=lambda row: score[row])][1]
    listed = next(question for question in evidence_rows.rows("questions") if question["id"] == best)["claim_ids"]
    highest = max((value for row, value in score.items() if rows[row][0] == "claim"), default=0.0)
    return {claim_id: QUESTION_PULL * highest / (1 + place) for place, claim_id in enumerate(listed)}


def _common(spoken: set[str]) -> list[str]:
    """The claims of a question of nothing but everyday words ("who gets cramps?"): those of the question most like it.

    Where none is much like it, a question that names cramps or calves is taken for the first one of all.
    """
    questions = evidence_rows.rows("questions")
    alike = [len(spoken & own) / len(spoken | own) for own in (set(_plain(q["text"]).split()) for q in questions)]
    if max(alike) >= ALIKE:
        return list(questions[alike.index(max(alike))]["claim_ids"])
    return list(questions[0]["claim_ids"]) if spoken & {"cramp", "cramps", "cramping", "calf", "calves"} else []


def _examples() -> tuple[str, ...]:
    return tuple(question["text"] for question in evidence_rows.rows("questions")[:5])


# ---------------------------------------------------------------- the answer


def _answer(claim_id: str, log: Mapping[str, str]) -> Answer:
    row = _claim(claim_id)
    supports = tuple(_support(r) for r in row.get("evidence_for", ()))
    against = tuple(_support(r) for r in row.get("evidence_against", ()))
    sources = [s for support in (*supports, *against) for s in support.source_ids]
    return Answer(
        claim_id=claim_id,
        told=row["text"],
        text=row["answer"],
        verdict=row["verdict"],
        verdict_text=row.get("verdict_text", ""),
        grade=row["grade"],
        how_sure=words(f"grade.{row['grade']}"),
        seeds=tuple(row.get("seeds", ())),
        evidence_for=supports,
        evidence_against=against,
        otherwise=tuple(_otherwise(claim_id)),
        log=log.get(claim_id, log.get(row["theory"], "")),
        used_by=row.get("used_by", ""),
        source_ids=tuple(dict.fromkeys([*row.get("source_ids", ()), *sources])),
    )


def _claim(claim_id: str) -> dict[str, Any]:
    rows = (*evidence_rows.rows("claims"), *load("answers")["answer"])
    return next(row for row in rows if row["id"] == claim_id)


def _otherwise(claim_id: str) -> Iterator[Otherwise]:
    for row in evidence_rows.rows("contradictions"):
        if claim_id in row["claim_ids"]:
            sides = tuple((tuple(side["who"]), side["says"]) for side in row["sides"])
            yield Otherwise(row["about"], sides, row["finding"])


def _support(row_id: str) -> Support:
    """A row of an evidence table, read alone: parsing whole tables would cost more than the search."""
    row = evidence_rows.row(TABLES[row_id[0]], row_id)
    if row is None:  # an experiment that is kept for the acceptance of the model: the publication alone
        source_ids = tuple((evidence_rows.row("kept_aside", row_id) or {})["source_ids"])
        cited = [(evidence_rows.row("sources", source_id) or {})["citation"] for source_id in source_ids]
        return Support(row_id, " ".join(cited), source_ids)
    said = SAID[row_id[0]].format_map(_Blank(row, range=_range(row)))
    return Support(row_id, said[:1].upper() + said[1:], tuple(row["source_ids"]))


def _range(row: dict[str, Any]) -> str:
    """The middle 95 in 100 of a share: as printed, or Wilson's interval where only the number of people is known."""
    low, high = row.get("low"), row.get("high")
    if low is None and row.get("unit") == "%" and row.get("n"):
        share, people, z = row["value"] / 100, row["n"], 1.96
        middle = share + z * z / (2 * people)
        half = z * math.sqrt(share * (1 - share) / people + z * z / (4 * people * people))
        low, high = (round(100 * (middle + side * half) / (1 + z * z / people), 1) for side in (-1, 1))
    return "" if low is None else f", {low} to {high}"


class _Blank(dict[str, Any]):
    """A row whose missing figures read as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
