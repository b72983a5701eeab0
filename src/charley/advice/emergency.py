"""The numbers to call, from one table that the answers, the phone page and the card share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from charley.advice.tables import load
from charley.vocabulary.errors import UsageError
from charley.vocabulary.words import words


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """One country. ``also`` is a second number that works, ``crisis`` a line for thoughts of suicide; "" = not known.

    ``own`` holds the country's name in the languages that the ear knows, by code. ``seen``: "secondary" or "recalled".
    """

    code: str
    name: str
    number: str
    languages: tuple[str, ...]
    seen: str
    also: str = ""
    crisis: str = ""
    own: tuple[tuple[str, str], ...] = ()

    def named(self, language: str) -> str:
        """The country's name in a language, else in English."""
        return dict(self.own).get(language, self.name)

    @property
    def numbers(self) -> str:
        """Both numbers as they are said: "999 or 112"."""
        return f"{self.number} or {self.also}" if self.also else self.number


@cache
def emergency_numbers() -> dict[str, EmergencyNumber]:
    """All countries, by code ("GB")."""
    rows = load("emergency_numbers")["country"]
    return {
        row["code"]: EmergencyNumber(
            **{**row, "languages": tuple(row["languages"]), "own": tuple(row.get("own", {}).items())}
        )
        for row in rows
    }


def country(code: str) -> EmergencyNumber:
    """The row of a country by its two letters, in either case; UsageError for one that the table does not hold."""
    found = emergency_numbers().get(code.strip().upper())
    if found is None:
        raise UsageError(
            "country-unknown", f"no such country: {code[:20]}", "--country", f"Valid: {', '.join(emergency_numbers())}"
        )
    return found


def call_line(code: str | None = None) -> str:
    """ "Call the emergency number now: ..." in English: of one country, or the usual ones where it is not known."""
    if code is None:
        return words("urgency.emergency")
    row = country(code)
    return words("emergency.in_country", numbers=row.numbers, country=row.name)


def spoken_in(language: str, code: str | None = None) -> tuple[EmergencyNumber, ...]:
    """The countries where a language is spoken, in the order of the table; that one alone where ``code`` names one."""
    if code is not None:
        return (country(code),)
    return tuple(row for row in emergency_numbers().values() if language in row.languages)


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """An answer in the language of the danger words: sentences, then the numbers by country."""

    code: str
    name: str
    call: str
    numbers: tuple[tuple[str, str], ...]
    stay: str
    only_english: str
    unchecked: str


def in_language(language: str, code: str | None = None) -> OtherLanguage:
    """What is said in a language that the ear knows for danger only."""
    table = load(f"hearing/languages/{language}")
    rows = spoken_in(language, code)
    numbers = tuple((row.named(language), " / ".join(filter(None, (row.number, row.also)))) for row in rows)
    european = () if code is not None or language in ("ja", "zh") else (("112", "112"),)
    return OtherLanguage(
        code=language,
        name=table["name"],
        call=table["call"],
        numbers=numbers or european,
        stay=table["stay"],
        only_english=table["only_english"],
        unchecked=table["unchecked"],
    )
