"""To keep a page small that a phone has to hold: its markup, style and search words without what no browser needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AS_IT_STANDS = re.compile(r"(<(style|script|pre)\b.*?</\2>)", re.DOTALL)
_ENDS_A_PARAGRAPH = r"/?(?:p|div|section|aside|ul|form|pre|main|h[1-6])\b"  # HTML Living Standard, 13.1.2.4
STEM = 5  # letters of a search word that are kept; our own choice
OWN = 5  # letters from which the words of a row's own text are searched as they stand, without a place in the index
_LETTERS = 26


def markup(page: str) -> str:
    """The same page without line ends beside tags, end tags that may be left out, and quotes round single words."""
    parts = _AS_IT_STANDS.split(page)
    return "".join(_tight(part) if n % 3 == 0 else part if n % 3 == 1 else "" for n, part in enumerate(parts))


def _tight(part: str) -> str:
    part = re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", part)
    part = re.sub(rf"</p>(?=<{_ENDS_A_PARAGRAPH})|</li>(?=</?(?:li|ul)\b)", "", part)
    return re.sub(r"<\w[^>]*>", lambda tag: re.sub(r'="([^\s"\'=<>`]+)"(?!/)', r"=\1", tag[0]), part)


def style(sheet: str) -> str:
    """The same style sheet without comments, spare spaces, and custom properties that nothing in it uses."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    used = set(re.findall(r"var\(\s*(--[\w-]+)", sheet))
    sheet = re.sub(r"(?<=[{;\s])(--[\w-]+):[^;{}]*;", lambda made: made[0] if made[1] in used else "", sheet)
    sheet = re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", sheet))
    return re.sub(r":\s+", ":", sheet).replace(";}", "}").strip()


def script(text: str) -> str:
    """The same script without whole lines of comment and without indents."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def index(rows: Sequence[tuple[str, str]]) -> str:
    """Search words of rows (text, words apart by spaces) as one string, sorted: per word a digit (letters shared with
    the word before), the other letters, and its rows: A to Z, each ``+`` before a letter moving on by 26 rows.

    A search begins at the start of words, so a word is cut to ``STEM`` letters, and one that begins with another of
    the same row is left out. What the row's own text says in ``OWN`` letters or more is left to the text.
    """
    places: dict[str, list[int]] = {}
    for number, (text, words) in enumerate(rows):
        own = {word[:STEM] for word in re.findall(r"[a-z]+", text.lower()) if len(word) >= OWN}
        known = {word[:STEM] for word in words.split()} | own
        for word in known - own:
            if not any(word != other and len(other) > 3 and word.startswith(other) for other in known):
                places.setdefault(word, []).append(number)
    packed, before = [], ""
    for word in sorted(places):
        shared = next((n for n, (a, b) in enumerate(zip(word, before, strict=False)) if a != b), len(before))
        packed.append(f"{shared}{word[shared:]}{_letters(places[word])}")
        before = word
    return "".join(packed)


def _letters(numbers: Sequence[int]) -> str:
    said, shift = "", 0
    for number in numbers:
        said += "+" * (number // _LETTERS - shift) + chr(ord("A") + number % _LETTERS)
        shift = number // _LETTERS
    return said
