"""Warning signs in whatever an assistant hands over, answered before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from charley.faces.assistant.parts import Part
from charley.vocabulary.errors import UsageError

MOST_LETTERS = 20_000  # that are listened to: of a longer text the two ends
_MOST_STEPS, _MOST_NUMBERS = 4, 6
_NOW = ("emergency", "urgent")


def texts(thing: object, depth: int = 0) -> list[str]:
    """Every text in what was handed over, the names of arguments too, however deep; of a very deep one the top."""
    if isinstance(thing, str):
        return [thing]
    if depth > 20:
        return []
    if isinstance(thing, dict):
        return [text for pair in thing.items() for one in pair for text in texts(one, depth + 1)]
    if isinstance(thing, list):
        return [text for one in thing for text in texts(one, depth + 1)]
    return []


@dataclass(frozen=True, slots=True)
class First:
    """What comes first, if anything. ``only``: nothing else may stand beside it. ``translated``: it was said in the
    language of the danger words."""

    parts: tuple[Part, ...] = ()
    only: bool = False
    translated: bool = False


def first(said: list[str], country: object) -> First:
    """What the warning signs in all that was said ask for."""
    from charley.api import advice

    text = listened_to(said)
    heard = advice.hear(text) if any(letter.isalpha() for letter in text) else None
    if heard is None or not heard.signs:
        return First()
    asked = _help(text, country)
    if asked.urgency in ("self_care", "not_screened"):
        return First()
    foreign = heard.language != "en"
    lead = _in_their_language(heard.language, asked.urgency) if foreign else []
    return First((*lead, *urgent_parts(asked)), only=asked.urgency == "emergency", translated=foreign)


def listened_to(said: list[str]) -> str:
    """All texts as one, each a sentence of its own."""
    text = ".\n".join(one for one in said if one.strip())
    if len(text) <= MOST_LETTERS:
        return text
    return f"{text[: MOST_LETTERS // 2]} {text[-MOST_LETTERS // 2 :]}"


def urgent_parts(asked: Any) -> list[Part]:
    """What to do now: the call, the steps, what not to do."""
    steps = [f"- {step.text}" for step in asked.steps]
    parts = [Part(asked.headline), *(Part(step) for step in steps[:_MOST_STEPS])]
    parts += [Part(step, 3) for step in steps[_MOST_STEPS:]]
    return [*parts, Part(" ".join(asked.do_not), 1), Part(" ".join(asked.changes), 4)]


def _help(text: str, country: object) -> Any:
    from charley.api import advice

    try:
        return advice.help_me(text=text, country=country if isinstance(country, str) else None)
    except UsageError:  # a country that is not known: its line comes afterwards
        return advice.help_me(text=text)


def _in_their_language(language: str, urgency: str) -> list[Part]:
    from charley.api import advice

    said = advice.in_language(language)
    numbers = ", ".join(f"{name} {number}" for name, number in said.numbers[:_MOST_NUMBERS])
    parts = [Part(said.call), Part(numbers), Part(said.stay)] if urgency in _NOW else [Part(said.only_english)]
    return [*parts, Part(said.unchecked, 2)]
