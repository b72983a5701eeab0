"""One runner's answer as a task for any process: what goes in can be pickled, and so can what comes back.

No file is read and none is written: rows and states that were kept come along, what is new goes back with the answer,
and whoever holds the journal keeps it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from charley.answers.history.answer import answer
from charley.answers.history.learn import learn
from charley.answers.history.model import MODEL
from charley.answers.history.plan import Career, plan
from charley.evidence.tables import tables_sha256
from charley.vocabulary.answer import Why
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.history import AllTold
from charley.vocabulary.version import __version__


@dataclass(slots=True)
class CarriedCache:
    """A cache in memory. What was kept in it is in ``new_rows``, ``new_states`` and ``summary``."""

    kept_rows: Mapping[str, bytes] = field(default_factory=dict)
    kept_states: Mapping[str, bytes] = field(default_factory=dict)
    before: Sequence[tuple[str, datetime, str]] = ()
    new_rows: dict[str, bytes] = field(default_factory=dict)
    new_states: dict[str, bytes] = field(default_factory=dict)
    summary: tuple[str, int, str] | None = None

    def rows(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Rows that came along under these keys."""
        return {key: self.kept_rows[key] for key in keys if key in self.kept_rows}

    def keep_rows(self, contents: Mapping[str, bytes]) -> None:
        """Rows to be carried home."""
        self.new_rows.update(contents)

    def states(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """States that came along under these names."""
        return {name: self.kept_states[name] for name in names if name in self.kept_states}

    def keep_states(self, contents: Mapping[str, bytes]) -> None:
        """States to be carried home."""
        self.new_states.update(contents)

    def keep_summary(self, name: str, draws: int, summary: str) -> None:
        """The summary to be carried home."""
        self.summary = (name, draws, summary)

    def earlier(self) -> Sequence[tuple[str, datetime, str]]:
        """The summaries that came along."""
        return self.before


@dataclass(frozen=True, slots=True)
class Request:
    """A runner by number, and all that their answer stands on."""

    number: int
    history: AllTold
    data_sha256: str
    rows: Mapping[str, bytes]
    states: Mapping[str, bytes]
    earlier: tuple[tuple[str, datetime, str], ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to the request of that number, and what is worth keeping; or why there is none."""

    number: int
    why: Why | None
    error: CharleyError | None
    rows: Mapping[str, bytes]
    states: Mapping[str, bytes]
    summary: tuple[str, int, str] | None


def row_keys(history: AllTold, seed: int) -> list[str]:
    """The keys of the rows that an answer asks for."""
    return [p.key for p in plan(Career(history.runner, history.runs, seed))] if history.runs else []


def answered(asked: Request) -> Answered:
    """The same answer as ``charley why`` gives over the journal."""
    cache = CarriedCache(asked.rows, asked.states, asked.earlier)
    why, error = None, None
    try:
        why = answer(learn(asked.history, cache, asked.data_sha256, asked.seed), asked.seed)
    except CharleyError as found:
        error = found
    return Answered(asked.number, why, error, cache.new_rows, cache.new_states, cache.summary)


def identity() -> str:
    """What must be the same on every worker for the answers to be."""
    return f"charley {__version__}, {MODEL}, tables {tables_sha256()[:16]}"
