"""Signs of danger in ten other languages: which language it is, and which emergency signs it tells of.

Languages with spaces are compared word by word, by stems ("schmerz*"); Japanese and Chinese by pieces of text. Nothing
else is understood in them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WINDOW_WORDS = 12  # within which the parts of a rule must stand
WINDOW_LETTERS = 30  # the same where no spaces are written
FEW_WORDS = 4
SURE_WORDS = 3  # common words of a language that tell it where no sign is heard
DENIES_WORDS = 4  # words before a sign in which it can be denied
DENIES_LETTERS = 3
ENGLISH = frozenset(
    [
        "the",
        "i",
        "my",
        "a",
        "an",
        "and",
        "is",
        "it",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "have",
        "has",
        "had",
        "was",
        "are",
        "you",
        "your",
        "he",
        "she",
        "his",
        "her",
        "that",
        "this",
        "do",
        "does",
        "did",
        "can",
        "what",
        "why",
        "how",
        "when",
        "not",
        "no",
        "be",
        "been",
        "after",
        "during",
        "run",
        "running",
        "me",
        "we",
        "they",
        "but",
        "if",
        "or",
        "so",
        "before",
        "more",
        "than",
        "per",
        "as",
        "day",
    ]
)
TOKEN = re.compile(r"[^\W_]+|[.!?;,\n。！？；]")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss"})
_KANA_MARKS = ("\u3099", "\u309a")


def fold(text: str) -> str:
    """Lower case, without the accents of Latin and Cyrillic letters; kana keep their marks."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower().translate(_LETTERS))
    text = "".join(c for c in text if not unicodedata.combining(c) or c in _KANA_MARKS)
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was heard in a language: its code, and the signs that are told and denied."""

    code: str
    signs: tuple[str, ...]
    denied: tuple[str, ...]


class Languages:
    """The compiled tables of all languages."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self._tables = compiled
        self._common = {code: frozenset(row["common"]) for code, row in compiled.items() if row["common"]}

    def hear(self, text: str) -> Spoken | None:
        """The language and its signs; None for English and for what is no language of ours."""
        folded = fold(text)
        for code in self._codes(folded):
            table = self._tables[code]
            found = _pieces(folded, table) if table["script"] else _words(folded, table)
            told = tuple(sign for sign in table["signs"] if sign in found["told"])
            denied = tuple(sign for sign in table["signs"] if sign in found["denied"] and sign not in found["told"])
            if told or denied or self._sure(folded, code):
                return Spoken(code, told, denied)
        return None

    def _codes(self, folded: str) -> list[str]:
        """The languages that it may be, the likeliest first; empty for English."""
        if re.search(r"[\u3040-\u30ff]", folded):
            return ["ja"]
        if re.search(r"[\u4e00-\u9fff]", folded):
            return ["zh"]
        if re.search(r"[\u0400-\u04ff]", folded):
            return ["ru"]
        words = set(re.findall(r"[^\W\d_]+", folded))
        hits = {code: len(words & common) for code, common in self._common.items()}
        english = len(words & ENGLISH)
        if len(words) <= FEW_WORDS:  # too few to count: any language in which they name a sign
            return sorted(hits, key=lambda code: -hits[code])
        likely = sorted((code for code in hits if hits[code] > english), key=lambda code: -hits[code])
        return likely if english <= 1 or (likely and hits[likely[0]] >= 2 * english) else []

    def _sure(self, folded: str, code: str) -> bool:
        common = self._common.get(code)
        return common is None or len(set(re.findall(r"[^\W\d_]+", folded)) & common) >= SURE_WORDS


def _words(folded: str, table: Mapping[str, Any]) -> dict[str, set[str]]:
    """Signs told and denied in a language with spaces."""
    found: dict[str, set[str]] = {"told": set(), "denied": set()}
    negators = [_matcher(word) for word in table["negators"]]
    for sentence in _sentences(folded, frozenset(table["turns"])):
        if any(_phrase(phrase.split(), sentence) for phrase in table["general"]):
            continue
        idle = {at for phrase in table["idle"] for at in _at(phrase.split(), sentence)}
        ordered = sorted(set(sentence))
        for sign, parts in table["rules"]:
            places = [sorted(_places(part, sentence, ordered)) for part in parts]
            if not all(places):
                continue
            chosen = _nearest(places)
            if chosen is None:
                continue
            denied = any(
                at not in chosen
                and at not in idle
                and _free(sentence, at, place)
                and any(negator(sentence[at]) for negator in negators)
                for place in chosen
                for at in range(max(0, place - DENIES_WORDS), place)
            )
            found["denied" if denied else "told"].add(sign)
    return found


def _sentences(folded: str, turns: frozenset[str]) -> list[list[str]]:
    out: list[list[str]] = [[]]
    for token in TOKEN.findall(folded):
        if token in ".!?;\n" or token in turns:
            out.append([])
        else:
            out[-1].append(token)
    return [sentence for sentence in out if sentence]


def _matcher(pattern: str) -> Any:
    return (lambda word: word.startswith(pattern[:-1])) if pattern.endswith("*") else (lambda word: word == pattern)


def _stands(pattern: str, ordered: Sequence[str]) -> bool:
    """Whether one of the sorted words is, or begins as, the pattern says."""
    word = pattern.removesuffix("*")
    at = bisect_left(ordered, word)
    return at < len(ordered) and (ordered[at].startswith(word) if pattern.endswith("*") else ordered[at] == word)


def _places(part: Sequence[str], sentence: Sequence[str], ordered: Sequence[str]) -> set[int]:
    """The places of the words of each alternative of a part. ``ordered``: the words of the sentence, each once, sorted:
    most alternatives are told from them not to stand there at all, so that a long text costs no more than it must."""
    found: set[int] = set()
    for alternative in part:
        words = alternative.split("_")
        if words[0].startswith("<"):
            low, high = (float(limit) for limit in words[0].strip("<>").split("-"))
            found |= {at for at, word in enumerate(sentence) if word.isdecimal() and low <= float(word) <= high}
        elif all(_stands(word, ordered) for word in words):
            for at in range(len(sentence) - len(words) + 1):
                if all(_matcher(word)(sentence[at + i]) for i, word in enumerate(words)):
                    found |= set(range(at, at + len(words)))
    return found


def _nearest(places: Sequence[Sequence[int]]) -> tuple[int, ...] | None:
    """One place of each part within the window, all different; None where there is none."""
    best: tuple[int, ...] | None = None
    for at in places[0]:
        chosen = [at]
        for others in places[1:]:
            free = [place for place in others if place not in chosen and abs(place - at) < WINDOW_WORDS]
            if not free:
                break
            chosen.append(min(free, key=lambda place: abs(place - at)))
        else:
            if best is None or max(chosen) - min(chosen) < max(best) - min(best):
                best = tuple(chosen)
    return best


def _free(sentence: Sequence[str], start: int, end: int) -> bool:
    """Whether no comma stands between two places."""
    return "," not in sentence[start:end]


def _phrase(phrase: Sequence[str], sentence: Sequence[str]) -> bool:
    return bool(_at(phrase, sentence))


def _at(phrase: Sequence[str], sentence: Sequence[str]) -> set[int]:
    """The places of the words of a phrase, "*" standing for any one word."""
    found: set[int] = set()
    for at in range(len(sentence) - len(phrase) + 1):
        if all(word in ("*", sentence[at + i]) for i, word in enumerate(phrase)):
            found |= set(range(at, at + len(phrase)))
    return found


def _pieces(folded: str, table: Mapping[str, Any]) -> dict[str, set[str]]:
    """Signs told and denied in a language without spaces."""
    found: dict[str, set[str]] = {"told": set(), "denied": set()}
    for sentence in re.split(r"[.!?;\n。！？；]", folded.replace(" ", "")):
        if any(phrase in sentence for phrase in table["general"]):
            continue
        for sign, parts in table["rules"]:
            spans: list[list[tuple[int, int]]] = [
                [match.span() for piece in part for match in re.finditer(re.escape(piece), sentence)] for part in parts
            ]
            chosen = _together(spans) if all(spans) else None
            if chosen is not None:
                found["denied" if _denied(sentence, chosen, table) else "told"].add(sign)
    return found


def _together(spans: Sequence[Sequence[tuple[int, int]]]) -> tuple[tuple[int, int], ...] | None:
    for first in spans[0]:
        chosen = [first]
        for others in spans[1:]:
            near = [
                span
                for span in others
                if abs(span[0] - first[0]) <= WINDOW_LETTERS and all(span[1] <= c[0] or span[0] >= c[1] for c in chosen)
            ]
            if not near:
                break
            chosen.append(min(near, key=lambda span: abs(span[0] - first[0])))
        else:
            return tuple(chosen)
    return None


def _denied(sentence: str, chosen: Sequence[tuple[int, int]], table: Mapping[str, Any]) -> bool:
    if table["script"] == "han":
        for start, _ in chosen:
            before = sentence[max(0, start - DENIES_LETTERS) : start]
            if any(before.endswith(negator) for negator in table["negators_before"]):
                return True
        return False
    last = max(chosen, key=lambda span: span[1])
    if any(piece in sentence[last[0] : last[1]] for piece in table["keeps"]):
        return False
    return bool(re.match(rf"[^、,]{{0,6}}?(?:{'|'.join(table['negators_after'])})", sentence[last[1] :]))
