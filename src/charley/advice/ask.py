"""Answers to questions in free text, from the graded claims alone: found by the ear, never made up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from charley.advice import evidence_rows
from charley.advice.emergency import OtherLanguage, call_line, in_language
from charley.advice.experience import for_you, in_order
from charley.advice.hearing import Candidate, Found, Heard, find, hear
from charley.advice.hearing.find import INTENT
from charley.advice.relief import muscles
from charley.advice.tables import load
from charley.advice.triage import URGENCIES, ScreenRow, Triage, flags, screen, triage
from charley.vocabulary.errors import UsageError
from charley.vocabulary.experience import Experience, ForYou
from charley.vocabulary.words import words

MOST_ANSWERS = 5
MOST_LETTERS = 2000  # of a question that are searched; warning signs are looked for in all of it
SHIN_CLAIM = "K76"
CALF_STRETCHES = frozenset({"K35", "K42", "K73", "K74", "K75", "K77"})  # claims that bring the toes to the shin
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
    """One graded answer.

    ``headline`` says the verdict, ``told`` is what runners are told, ``log`` what the runner's own log says, or "";
    ``for_you`` is what is said beside it to a runner of this experience.
    """

    claim_id: str
    headline: str
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
    for_you: tuple[ForYou, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """Another part of Charley that answers the question: ``command`` is what to type, or ""."""

    intent: str
    title: str
    text: str
    command: str
    claim_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question. ``danger`` is the triage of the warning signs in its words, None where there are none.

    ``status`` is "ok", or "cannot_tell" where nothing fits: then ``answers`` is empty. ``how`` is "answer", "choice"
    (the first three answers are offered) or "declined". ``leads`` come before the answers. ``ideas`` names the answer
    or lead of each question in a longer text, in order. ``denied`` are signs that the text says are not there, by
    name. ``screen`` holds the screen questions where they must be asked. ``call`` says which number to call;
    ``other_language`` is the answer where the text is in one of the languages that are heard for danger only.
    """

    question: str
    status: str
    how: str
    leads: tuple[Lead, ...]
    answers: tuple[Answer, ...]
    ideas: tuple[str, ...]
    danger: Triage | None
    call: str
    other_language: OtherLanguage | None
    heard: Heard
    denied: tuple[str, ...]
    screen: tuple[ScreenRow, ...]
    examples: tuple[str, ...]


def ask(
    text: str, log: Mapping[str, str] | None = None, country: str | None = None, experience: Experience | None = None
) -> Asked:
    """Answer a question in English; danger words are heard in some other languages too.

    ``log`` maps a theory ("fluid", "pacing" ...), a claim id, or "" for any other, to what the runner's own runs say;
    ``country`` names the one whose emergency number is said; ``experience`` chooses the order of the further answers.
    Raises UsageError for a text without a letter.
    """
    if not any(letter.isalpha() for letter in text):
        raise UsageError("ask-empty", "a question without a letter")
    heard = hear(text)
    foreign = heard.language != "en"
    found = Found("declined", (), (), (), "calf") if foreign else _by_code(text) or find(text[:MOST_LETTERS])
    leads = tuple(_lead(candidate.id.removeprefix(INTENT), found.muscle) for candidate in _leading(found))
    claim_ids = _claim_ids(found, leads)
    if experience is not None and found.how == "answer" and len(found.ideas) < 2:
        claim_ids = in_order(claim_ids, experience)
    answers = tuple(_answer(claim_id, log or {}, experience or Experience()) for claim_id in claim_ids)
    return Asked(
        question=text[:MOST_LETTERS],
        status="ok" if answers else "cannot_tell",
        how=found.how,
        leads=leads,
        answers=answers,
        ideas=tuple(idea.candidates[0].id.removeprefix(INTENT) for idea in found.ideas),
        danger=_danger(heard.signs),
        call=call_line(country),
        other_language=in_language(heard.language, country) if foreign else None,
        heard=heard,
        denied=tuple(flags()[sign].short for sign in heard.denied),
        screen=tuple(row for row in screen() if row.id != "water") if heard.screen else (),
        examples=_examples(),
    )


def _by_code(text: str) -> Found | None:
    """The claim whose code is the whole text ("K12", as answers print it in brackets); None for any other text."""
    code = text.strip().strip("[]()?. ").upper()
    known = evidence_rows.row("claims", code) or any(code == row["id"] for row in load("answers")["answer"])
    if not known:
        return None
    return Found("answer", (Candidate(code, 1.0),), (), (), "calf")


def warning_signs(text: str) -> tuple[str, ...]:
    """Flag ids that a text tells of, in the order of the table of signs."""
    return hear(text).signs


def _danger(signs: tuple[str, ...]) -> Triage | None:
    """The triage of the signs that are named; None where there are none, or where they ask for nobody."""
    if not signs:
        return None
    outcome = triage(signs)
    return None if outcome.urgency == URGENCIES[0] else outcome


def _leading(found: Found) -> list[Candidate]:
    """The intents that are meant: the first candidate of the text or of one of its ideas, or one of three offered."""
    meant = [idea.candidates[0] for idea in found.ideas if idea.candidates]
    meant += found.candidates[: 3 if found.how == "choice" else 1]
    return [c for c in dict.fromkeys(meant) if c.id.startswith(INTENT)]


def _claim_ids(found: Found, leads: tuple[Lead, ...]) -> list[str]:
    """Ids of the answers: of each idea the first, then what the leads name, then the next best."""
    first = [idea.candidates[0].id for idea in found.ideas if idea.candidates]
    wanted = first + [claim_id for lead in leads for claim_id in lead.claim_ids] + [c.id for c in found.candidates]
    if found.muscle == "shin":  # what lengthens a calf shortens the front of the shin
        wanted = [SHIN_CLAIM, *(claim_id for claim_id in wanted if claim_id not in CALF_STRETCHES)]
    return [claim_id for claim_id in dict.fromkeys(wanted) if not claim_id.startswith(INTENT)][:MOST_ANSWERS]


def _lead(intent: str, muscle: str) -> Lead:
    row = next(row for row in load("intents")["intent"] if row["id"] == intent)
    claim_ids = tuple(claim_id for claim_id in row["claim_ids"] if muscle != "shin" or claim_id not in CALF_STRETCHES)
    command = row["command"] if muscle == "calf" or intent != "stop_now" else f"{row['command']} --muscle {muscle}"
    return Lead(intent, row["title"], row["text"].format(stretch=muscles()[muscle].short), command, claim_ids)


def _examples() -> tuple[str, ...]:
    return tuple(question["text"] for question in evidence_rows.rows("questions")[:5])


# ---------------------------------------------------------------- the answer


def _answer(claim_id: str, log: Mapping[str, str], experience: Experience) -> Answer:
    row = _claim(claim_id)
    supports = tuple(_support(r) for r in row.get("evidence_for", ()))
    against = tuple(_support(r) for r in row.get("evidence_against", ()))
    sources = [s for support in (*supports, *against) for s in support.source_ids]
    return Answer(
        claim_id=claim_id,
        headline=row.get("headline", ""),
        told=row["text"],
        text=row["answer"],
        verdict=row["verdict"],
        verdict_text=row.get("verdict_text", ""),
        grade=row["grade"],
        how_sure=words(f"grade.{row['grade']}"),
        seeds=tuple(row.get("seeds", ())),
        evidence_for=supports,
        evidence_against=against,
        otherwise=tuple(_otherwise(claim_id, tuple(row.get("seeds", ())))),
        log=log.get(claim_id, log.get(row["theory"], log.get("", ""))),
        used_by=row.get("used_by", ""),
        source_ids=tuple(dict.fromkeys([*row.get("source_ids", ()), *sources])),
        for_you=for_you(experience, "ask", claim_id),
    )


def _claim(claim_id: str) -> dict[str, Any]:
    row = evidence_rows.row("claims", claim_id)
    return row or next(row for row in load("answers")["answer"] if row["id"] == claim_id)


def _otherwise(claim_id: str, seeds: tuple[str, ...]) -> Iterator[Otherwise]:
    """The sides of a contradiction that do not make the claim; of a text that says both, what it says beside."""
    for row in evidence_rows.rows("contradictions"):
        if claim_id in row["claim_ids"]:
            sides = tuple((tuple(side["who"]), side["says"]) for side in row["sides"])
            own = max(sides, key=lambda side: len(set(side[0]) & set(seeds)))
            others = [(who, says) for who, says in sides if (who, says) != own]
            apart = ((tuple(name for name in who if name not in seeds), says) for who, says in others)
            named = tuple((who, says) for who, says in apart if who) or tuple(others)
            yield Otherwise(row["about"], named, row["finding"])


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
