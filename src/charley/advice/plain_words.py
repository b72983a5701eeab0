"""The check of what people read: banned words, a chance without its range, sentences that are too hard.

It runs over the tables of text and the page templates that ``data/plain_words.toml`` lists; a test holds them to it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charley.advice.tables import load

PACKAGE = Path(__file__).resolve().parents[1]
CHANCE = re.compile(r"(?:\d|\}\}) in 100")
RANGE = re.compile(
    r"\d( fewer)? to [\d.]+|\}\} to \{\{|range \}\}|no interval read|interval not printed|middle \d+ in 100"
)
INLINE = "a|b|i|em|span|small|code|strong"


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of text that people read: the file, the place in it, and the text."""

    file: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must be said differently."""

    text: Text
    what: str

    def __str__(self) -> str:
        return f"{self.text.file}, {self.text.place}: {self.what}"


def automated_readability_index(text: str) -> float:
    """US school grade that a text asks for, 4.71 letters per word + 0.5 words per sentence - 21.43.

    Senter and Smith 1967, AMRL-TR-66-220. Letters and digits count, white space and signs do not. 0.0 for no words.
    """
    sentences = [s for s in re.split(r"[.!?:;]+(?=\s|$)|\n", text) if re.search(r"\w", s)]
    words = re.findall(r"[\w'’-]+", text)
    if not words or not sentences:
        return 0.0
    characters = sum(len(re.sub(r"[^\w]", "", word)) for word in words)
    return 4.71 * characters / len(words) + 0.5 * len(words) / len(sentences) - 21.43


def reading_age(text: str) -> float:
    """Age in years at which a text is read with ease: the school grade and five years."""
    return automated_readability_index(text) + 5.0


def texts() -> Iterator[Text]:
    """Every piece of text of the files that are listed."""
    for pattern in load("plain_words")["tables"]:
        for path in sorted(PACKAGE.glob(pattern)):
            yield from _from_table(path)
    for pattern in load("plain_words")["templates"]:
        for path in sorted(PACKAGE.glob(pattern)):
            yield from _from_template(path)
    for pattern in load("plain_words")["modules"]:
        for path in sorted(PACKAGE.glob(pattern)):
            yield from _from_module(path)


def findings(text: Text) -> Iterator[Finding]:
    """What is wrong with a piece of text."""
    rules = load("plain_words")
    for pattern, instead in rules["banned"].items():
        found = re.search(pattern, text.text, re.IGNORECASE)
        if found:
            yield Finding(text, f"says {found[0]!r}; {instead}")
    if text.file in rules["figures_stand_in_rows"] or text.file.endswith(".py"):
        return  # code puts its sentences together from parts; what comes out is held by the tests of the report
    for sentence in re.split(r"(?<=[.!?])\s+", text.text):
        if CHANCE.search(sentence) and not RANGE.search(sentence) and not _compared(sentence):
            yield Finding(text, f"a figure in 100 without its range or what it is compared with: {sentence!r}")


def _compared(sentence: str) -> bool:
    """A published share beside the share of the others is its own base rate; its range stands in the evidence row."""
    return bool(re.search(r"\bagainst\b|\bof the others\b|\band of\b", sentence))


def _from_table(path: Path) -> Iterator[Text]:
    unread = frozenset(load("plain_words")["unread"])
    for place, text in _strings(tomllib.loads(path.read_text(encoding="utf-8")), "", unread):
        yield Text(path.name, place, " ".join(text.split()))


def _strings(node: Any, place: str, unread: frozenset[str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, dict):
        here = f"{place} {node['id']}".strip() if "id" in node else place
        for key, value in node.items():
            if key not in unread:
                yield from _strings(value, f"{here}.{key}", unread)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value, place, unread)


def _from_template(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    source = re.sub(r"<style>.*?</style>|<svg.*?</svg>|\{#.*?#\}|\{%-?.*?-?%\}", "\n", source, flags=re.DOTALL)
    source = re.sub(rf"</?(?:{INLINE})\b[^>]*>", "", source)
    for number, line in enumerate(re.sub(r"<[^>]+>", "\n", source).splitlines(), 1):
        if re.search(r"[A-Za-z]{2}", re.sub(r"\{\{.*?\}\}", "", line)):
            yield Text(path.name, f"text {number}", line.strip())


def _from_module(path: Path) -> Iterator[Text]:
    """Sentences that stand in code: string constants of three words or more, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    docs = {
        id(first.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for first in node.body[:1]
        if isinstance(first, ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr):
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{{}}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | docs:
            text = node.value
        if len(re.findall(r"[A-Za-z]{2,}", text)) >= 3 and " " in text:  # a code or an id is no sentence
            yield Text(path.name, f"line {node.lineno}", " ".join(text.split()))
