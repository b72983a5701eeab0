"""Numbers and times as programs of all countries write them: local digits, decimal commas, points in times, AM and PM.

The ordinary form is read at once; only what is none goes the long way.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

NAN = math.nan
_SIGNS = str.maketrans({
    "٫": ".", "٬": "", "−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": "", "'": "",
    **dict.fromkeys("\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069", ""),  # marks of direction
})  # fmt: skip
_AM = ("am", "a.m", "vorm", "午前", "上午", "오전", "ق.ظ", "ص")
_PM = ("pm", "p.m", "nachm", "午後", "下午", "오후", "ب.ظ", "م")
_MONTHS = (  # how the months begin in the languages of the large platforms, without accents
    ("jan", "gen", "ene"), ("feb", "fev"), ("mar", "maa", "mae", "mrz"), ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei", "maj"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "aou", "ago"),
    ("sep", "set"), ("oct", "okt", "ott", "out"), ("nov",), ("dec", "dez", "dic"),
)  # fmt: skip
_BUDDHIST_YEARS = range(2443, 2743)  # 543 ahead: 1900 to 2199
_TIME = r"(\d{1,2})[:.h時时시]\s?(\d{1,2})(?:[:.m分분]\s?(\d{1,2})(?:[.,:](\d+))?)?"
_ZONE = r"(Z|UTC|GMT)?\s?([+-]\d{1,2}:?\d{2}|[+-]\d{1,2})?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年년]\s?(\d{1,2})[-/.月월]\s?(\d{1,2})[日일.]?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})[.,]?\s(?:de\s)?)?([^\W\d_]{3,})[.,]?\s(?:de\s)?(?:(\d{1,2}),?\s)?(\d{4})")


def number(text: str) -> float:
    """The number that a text is, NaN where it is none (or not finite)."""
    try:
        value = float(text)
    except ValueError:
        value = _unusual_number(text)
    return value if math.isfinite(value) else NAN


def _unusual_number(text: str) -> float:
    """Of comma and point the later one is the decimal sign; a lone comma is one too, several are thousands."""
    plain = ascii_digits(text).replace(" ", "")
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        plain = plain.replace("," if comma < point else ".", "").replace(",", ".")
    elif comma >= 0:
        plain = plain.replace(",", "." if plain.count(",") == 1 else "")
    try:
        return float(plain)
    except ValueError:
        return NAN


def ascii_digits(text: str) -> str:
    """``text`` with the digits of every script as 0 to 9, and with its signs and blanks in their plain form."""
    if text.isascii():
        return text.replace("'", "")
    return "".join(
        str(unicodedata.digit(c)) if c.isdecimal() and not c.isascii() else c for c in text.translate(_SIGNS)
    )


def moment(text: str) -> datetime | None:
    """The time that a text is, aware where it names its zone; None where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return _unusual_moment(text)
    return _gregorian(found) if found.year in _BUDDHIST_YEARS else found


def _gregorian(found: datetime) -> datetime | None:
    try:
        return found.replace(year=found.year - 543)
    except ValueError:  # a leap day of the wrong year
        return None


def _unusual_moment(text: str) -> datetime | None:
    plain = ascii_digits(text).strip()[:80]
    if re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", plain):
        whole = plain.split(".")[0]
        return datetime.fromtimestamp(float(plain) / (1000.0 if len(whole) == 13 else 1.0), UTC)
    day, rest = _day(plain)
    if day is None:
        return None
    year, month, date = day
    clock = re.search(_TIME, rest)
    hour = minute = second = micro = 0
    if clock:
        hour, minute, second = (int(g or 0) for g in clock.group(1, 2, 3))
        micro = int(((clock.group(4) or "0") + "000000")[:6])
        hour = _of_the_day(hour, rest[: clock.start()] + rest[clock.end() :])
    zone = re.search(_ZONE + r"\W*$", rest[clock.end() :] if clock else "")
    try:
        found = datetime(year - 543 if year in _BUDDHIST_YEARS else year, month, date, hour, minute, second, micro)
        return found.replace(tzinfo=_offset(zone.group(1), zone.group(2))) if zone and any(zone.groups()) else found
    except ValueError:
        return None


def _day(plain: str) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month and day, and what stands behind them. Of two small numbers the day is first, but with slashes."""
    if found := _YEAR_FIRST.search(plain):
        return (int(found[1]), int(found[2]), int(found[3])), plain[found.end() :]
    if found := _YEAR_LAST.search(plain):
        first, second = int(found[1]), int(found[3])
        if found[2] == "/" and first <= 12:
            first, second = second, first
        return (int(found[4]), second, first), plain[found.end() :]
    if (found := _NAMED.search(plain)) and (date := found[1] or found[3]) and (month := _month(found[2])):
        return (int(found[4]), month, int(date)), plain[found.end() :]
    return None, plain


def _month(word: str) -> int:
    """The number of a month by its name, 0 for another word."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return next((i for i, names in enumerate(_MONTHS, start=1) if plain.startswith(names)), 0)


def _of_the_day(hour: int, around: str) -> int:
    """The hour from 0 to 23 of one that may be said to be before or after noon."""
    words = around.lower()
    if hour == 12 and any(word in words for word in _AM):
        return 0
    return hour + 12 if hour < 12 and any(word in words for word in _PM) else hour


def _offset(utc: str | None, text: str | None) -> timezone:
    if not text:
        return UTC
    sign, digits = (-1 if text[0] == "-" else 1), text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
