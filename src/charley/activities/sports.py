"""Which sport, and is it a run? Refused is only what is clearly another sport; what does not say is taken as a run."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from charley.activities.fit.profile import SPORTS
from charley.evidence.numbers.activities import ACTIVITIES
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording, Run, Session

WALKING_FROM_M_S = 0.5  # slower is standing about
JOGGING_FROM_M_S = 1.6  # our own: people change to walking at about 2, and slow joggers hold on to 1.7
WALKS = frozenset({"walking", "hiking"})
_ON_FOOT = frozenset({"running"}) | WALKS
_VAGUE = frozenset({"", "generic", "training", "fitness_equipment", "multisport", "all", "several"})
_NOT_ON_FOOT_INDOORS = frozenset({"indoor_rowing", "indoor_cycling"})
_WHOLE, _WITHIN = "=", "~"
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d"})  # which no decomposition takes apart


def is_run(session: Session) -> bool:
    """True if the session says that it was done on foot."""
    return session.sport in _ON_FOOT


def may_be_run(session: Session) -> bool:
    """True unless the session says that it was another sport. Sports that FIT's table does not know may be runs."""
    vague = session.sport in _VAGUE or session.sport not in SPORTS.values()
    return is_run(session) or (vague and session.sub_sport not in _NOT_ON_FOOT_INDOORS)


def require_run(recording: Recording) -> None:
    """Raise RunFileError (not-a-run) if every session of the recording is clearly another sport."""
    sports = {session.sport for session in recording.sessions}
    if recording.sessions and not any(may_be_run(session) for session in recording.sessions):
        raise RunFileError("not-a-run", f"the recording is of {' and '.join(sorted(sports))}", recording.file_name)


def is_walk(run: Run) -> bool:
    """True if the file calls it a walk or a hike and its pace is one, or if it says nothing and is slower than anybody
    jogs: a load on the body, but no run for a journal."""
    pace_m_s = _moving_speed_m_s(run.distance_m, run.moving, run.streams.speed_m_s)
    if run.sport in WALKS:
        return pace_m_s < ACTIVITIES.cadence_running_speed_m_s
    return run.sport == "unknown" and pace_m_s < JOGGING_FROM_M_S


def surely_walked(distance_m: float, moving: Bools, speed_m_s: Floats) -> bool:
    """True if it was slower on the whole than anybody jogs for long, whatever the file calls it."""
    return _moving_speed_m_s(distance_m, moving, speed_m_s) < JOGGING_FROM_M_S


def _moving_speed_m_s(distance_m: float, moving: Bools, speed_m_s: Floats) -> float:
    """The speed on the whole, without standing about; infinite where nothing moved."""
    moving_s = float((moving & (speed_m_s > WALKING_FROM_M_S)).sum())
    return distance_m / moving_s if moving_s else float("inf")


@lru_cache(maxsize=1024)
def sport_of(text: str) -> str:
    """FIT's name of the sport that a text in any language names ("Course à pied", "Radfahren"), "" where none does."""
    words = _folded(text)
    padded, best, found = f" {words} ", 0, ""
    for entry, sport in _words():
        mark, word = (entry[0], entry[1:]) if entry[0] in (_WHOLE, _WITHIN) else ("", entry)
        if len(word) > best and (
            word == words if mark == _WHOLE else word in words if mark == _WITHIN else f" {word} " in padded
        ):
            best, found = len(word), sport
    return found


def sport_of_name(text: str) -> str:
    """The sport in a name that is no more than that and a date, as one app writes it ("Cycling 5/8/25 7:05 pm")."""
    words = text.split()
    is_date = len(words) > 1 and words[1][:1].isdigit()
    return sport_of(words[0]) if is_date else ""


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """The entries of ``sport_words.toml``, folded, each with its sport."""
    import tomllib
    from importlib.resources import files

    table = tomllib.loads((files(__package__) / "sport_words.toml").read_text(encoding="utf-8"))
    return tuple(
        ((entry[0] if entry[0] in (_WHOLE, _WITHIN) else "") + _folded(entry.lstrip(_WHOLE + _WITHIN)), sport)
        for sport, entries in table.items()
        for entry in entries
    )


def _folded(text: str) -> str:
    """``text`` in small letters without accents, words of letters and digits with single spaces between them.

    CamelCase is two words: VirtualRide.
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    apart = apart.casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", plain)).split())
