"""A squad: every runner's journal answered, on as many processes or machines as there are, and kept in the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from charley.vocabulary.errors import CharleyError, JournalError, UsageError
from charley.vocabulary.roster import LastCramp, OneRunner, Roster, RosterRow, Shared

if TYPE_CHECKING:
    from charley.answers.history.carried import Answered, Request
    from charley.parallel.tasks import Task, Workers
    from charley.vocabulary.answer import Why

MOST_JOURNALS = 5000
LEAST_TOGETHER = (
    10  # own rule: a runner's own runs are among those that the others begin from, and should be few of them
)


def learn_squad(
    places: Sequence[str | PathLike[str]],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    seed: int = 1,
    together: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Roster:
    """Each runner's answer, as ``charley why`` gives it. ``places``: journals, or folders that hold one or more.

    Answers are kept in the journals one by one as they come, so that nothing is lost when the run is stopped, and only
    journals that have changed since are worked out again. A journal that cannot be answered is a row that says why.
    With ``workers`` beyond one a script needs its ``if __name__ == "__main__":``. ``scheduler``: the address of a Dask
    cluster (extra ``cluster``); its workers get the runs in figures, places included, and no note. ``together``: also
    learn what the squad shares (extra ``roster``), and each chance begun from that. Raises UsageError: roster-empty,
    roster-size, roster-few, roster-extra, usage-value, cluster-extra, cohort-scheduler, cohort-versions; CharleyError:
    cohort-workers.
    """
    from charley.answers.history.carried import identity
    from charley.api.workers import sharing

    if together and find_spec("numpyro") is None:
        raise UsageError("roster-extra", "numpyro is not installed", "--together")
    squad = _Squad(journals_in(places), seed)

    def tell() -> None:
        if progress is not None:
            progress(len(squad.rows), len(squad.journals))

    with sharing(workers, scheduler, identity) as doers:
        kept = squad.take_kept()
        tell()
        for result in doers.run(squad.requests()):
            squad.take(result)
            tell()
        shared = squad.learn_together(doers) if together else None
        rows = tuple(squad.rows[n] for n in range(len(squad.journals)))
        return Roster(rows, kept, doers.name, doers.count, shared)


class _Squad:
    """Journals by number, and the rows of those that are done."""

    def __init__(self, journals: list[tuple[str, Path]], seed: int) -> None:
        self.journals, self.seed = journals, seed
        self.rows: dict[int, RosterRow] = {}

    def take_kept(self) -> int:
        """The answers to journals that stand as they did; how many there are."""
        kept = 0
        for number, (name, journal) in enumerate(self.journals):
            try:
                known = _kept(journal, self.seed)
            except CharleyError as error:
                self.rows[number] = _troubled(name, error)
                continue
            if known is not None:
                self.rows[number], kept = RosterRow(name, one_runner(known)), kept + 1
        return kept

    def requests(self) -> Iterator[Task[Answered]]:
        """What is left to be worked out, read when somebody is free for it."""
        from charley.answers.history.carried import answered
        from charley.parallel.tasks import Task

        for number in [n for n in range(len(self.journals)) if n not in self.rows]:
            name, journal = self.journals[number]
            try:
                yield Task(answered, (_request(number, journal, self.seed),))
            except CharleyError as error:
                self.rows[number] = _troubled(name, error)

    def take(self, result: Answered) -> None:
        """Keep an answer; one that comes again, from a worker that was thought dead, is passed over."""
        if result.number in self.rows:
            return
        name, journal = self.journals[result.number]
        if result.why is not None:
            _keep(journal, result, result.why, self.seed)
            self.rows[result.number] = RosterRow(name, one_runner(result.why))
        elif result.error is not None:
            self.rows[result.number] = _troubled(name, result.error)

    def learn_together(self, doers: Workers) -> Shared:
        """What the runners share; where that has settled, each one's chance begun from it goes into their row."""
        from charley.answers.history.together import chance_with, runs_of, shared
        from charley.parallel.tasks import Task

        there = [n for n, row in sorted(self.rows.items()) if row.found is not None]
        if len(there) < LEAST_TOGETHER:
            found = f"{len(there)} journals with an answer; it takes {LEAST_TOGETHER}"
            raise UsageError("roster-few", found, "--together")

        def requests() -> Iterator[Request]:
            return (_request(n, self.journals[n][1], self.seed) for n in there)

        runs = {r.number: r.runs for r in doers.run(Task(runs_of, (r,)) for r in requests())}
        population, found_shared = shared([runs[n] for n in there], self.seed)
        if found_shared.settled:
            for number, chance in doers.run(Task(chance_with, (r, population)) for r in requests()):
                self.rows[number] = replace(self.rows[number], together=chance)
        return found_shared


def journals_in(places: Sequence[str | PathLike[str]]) -> list[tuple[str, Path]]:
    """Name and file of each journal: named itself, or in a folder, or in the folders of that one.

    Raises UsageError (roster-empty) for a place without any, (roster-size) for more than ``MOST_JOURNALS``.
    """
    from charley.journal.store import journal_file

    found: dict[Path, str] = {}
    for place in places:
        own = journal_file(place)
        there = [own] if _is_journal(own) else [p for p in _within(Path(place).expanduser()) if _is_journal(p)]
        if not there:
            raise UsageError("roster-empty", "there is no journal", str(place))
        for path in there:
            found.setdefault(path, _name(path))
        if len(found) > MOST_JOURNALS:
            raise UsageError("roster-size", f"{len(found)} journals and more; the most is {MOST_JOURNALS}", str(place))
    return [(name, path) for path, name in found.items()]


def _within(folder: Path) -> Iterator[Path]:
    from charley.journal.store import journal_file

    with suppress(OSError, ValueError):  # a folder that may not be looked into, or a name with a zero byte
        for path in sorted(folder.iterdir()):
            yield journal_file(f"{path}/") if path.is_dir() else path


def _is_journal(path: Path) -> bool:
    """By its name, so that a damaged one is said to be so, or by its first page."""
    from charley.journal.names import says_it_is_ours
    from charley.journal.store import FILE_NAME

    try:
        return path.is_file() and (path.name == FILE_NAME or says_it_is_ours(path))
    except (OSError, ValueError):
        return False


def _name(path: Path) -> str:
    from charley.journal.store import FILE_NAME

    return (path.absolute().parent.name or str(path)) if path.name == FILE_NAME else path.stem


def _kept(journal: Path, seed: int) -> Why | None:
    """The answer that was kept when the journal stood as it does now."""
    from charley.api.history import kept_answer
    from charley.api.journal import data_sha256

    return kept_answer(journal, data_sha256(journal), seed)


def _request(number: int, journal: Path, seed: int) -> Request:
    from charley.answers.history.carried import Request, row_keys
    from charley.api.history import JournalCache
    from charley.api.journal import data_sha256
    from charley.journal.history import carried

    state = data_sha256(journal)
    history, cache = carried(journal), JournalCache(journal, seed)
    rows, states = cache.rows(row_keys(history, seed)), cache.states(None)
    name = state if history.runs else ""
    return Request(number, history, name, dict(rows), dict(states), tuple(cache.earlier()), seed)


def _keep(journal: Path, result: Answered, why: Why, seed: int) -> None:
    """Into the journal with all that was worked out; one that may only be read keeps nothing."""
    from charley.api.history import JournalCache, keep_answer, keep_forecast
    from charley.api.journal import data_sha256
    from charley.api.own_runs import leave_summary

    over, cache = why.journal, JournalCache(journal, seed)
    assert over is not None
    with suppress(JournalError):
        state = data_sha256(journal)
        cache.keep_rows(result.rows)
        cache.keep_states(result.states)
        if result.summary is not None:
            cache.keep_summary(*result.summary)
            keep_forecast(journal, over.next_hard_run)
        keep_answer(journal, state, why, seed)
        leave_summary(journal, why)


def _troubled(name: str, error: CharleyError) -> RosterRow:
    return RosterRow(name, None, error.code, error.found)


def one_runner(why: Why) -> OneRunner:
    """The few figures of an answer over a journal that a coach asks for."""
    over = why.journal
    assert over is not None
    last = max(over.cramps, key=lambda c: c.started_at, default=None)
    silent = [r for r in over.runs if not r.answered]
    return OneRunner(
        n_runs=why.n_runs,
        n_cramps=len(over.cramps),
        n_answered=over.n_answered,
        verdict=over.verdict,
        ranked=over.ranked,
        together=over.together,
        leading=tuple(f.label for f in over.families if f.named),
        chance=over.next_hard_run.chance,
        distance_m=over.next_hard_run.distance_m,
        last_cramp=None if last is None else LastCramp(
            last.started_at, last.at_m, last.from_m, last.to_m, last.run_distance_m
        ),
        would_tell=why.would_tell,
        silent=len(silent),
        latest_silent=max((r.started_at for r in silent), default=None),
        after_runs=sum(h.cramped for h in over.hours_after),
        early=sum(g.cramps for g in over.groups if g.id == "symptomatic"),
        demo=why.run.demo,
    )  # fmt: skip
