"""Questions to all runs of a journal together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from charley.vocabulary.errors import JournalError, Warned
from charley.vocabulary.progress import Progress, Tell, nobody

if TYPE_CHECKING:
    from charley.answers.history.learn import Learned
    from charley.vocabulary.answer import Why
    from charley.vocabulary.history import Told
    from charley.vocabulary.over_journal import Foretold, Proposed, TrackRecord
    from charley.vocabulary.stretch import Stretch

MOST_LOOKED_AT = 1500  # runs, the latest, whose ways are compared
NEXT_HARD_RUN = "next hard run"  # the name of the forecast that is kept with each new answer


def why(journal: Path, *, seed: int = 1, tell: Tell = nobody) -> Why:
    """Why do my calves cramp, over all runs of the journal? ``tell`` hears how far it is."""
    from charley.api import advice
    from charley.api.journal import unreadable_runs
    from charley.api.own_runs import experience_of, leave_summary, own_runs

    found = _whole(journal, seed, tell)
    left_out = tuple(
        Warned("journal-run-left-out", f"run {run_id} ({name}): its row in the journal cannot be read")
        for run_id, name in unreadable_runs(journal)
    )
    with suppress(JournalError):  # a journal that may only be read is answered from all the same
        leave_summary(journal, found)
    own = experience_of(own_runs(journal))
    return replace(found, warnings=(*found.warnings, *left_out), for_you=advice.for_you(own, "why"))


def _whole(journal: Path, seed: int, tell: Tell) -> Why:
    """The answer that was kept when the journal stood as it does and the same Charley was asked, else one made anew."""
    from charley.api.journal import data_sha256

    state = data_sha256(journal)
    kept = kept_answer(journal, state, seed)
    if kept is not None:
        return kept
    from charley.answers.history.answer import answer

    known = learned(journal, seed, tell)
    tell(Progress("answer"))
    made = answer(known, seed)
    keep_answer(journal, state, made, seed)
    return made


def kept_answer(journal: Path, state: str, seed: int) -> Why | None:
    """The answer that was kept for a journal that says this (the hash of its data), by this installation."""
    from charley.answers.history.kept import readable_answer

    content = JournalCache(journal, seed).answer(state)
    return None if content is None else readable_answer(content)


def keep_answer(journal: Path, state: str, made: Why, seed: int) -> None:
    """Keep the answer to a journal that said this, unless something was told meanwhile or channels were lost."""
    from charley.answers.history.kept import pack_answer
    from charley.api.journal import data_sha256

    lost = made.journal is not None and made.journal.skipped  # channels may be there again the next time
    if not lost and data_sha256(journal) == state:
        JournalCache(journal, seed).keep_answer(state, pack_answer(made))


def learned(journal: Path, seed: int, tell: Tell = nobody) -> Learned:
    """What follows from the journal; what is new is kept in it, with a forecast of the next usual hard run."""
    from charley.answers.history.answer import next_hard_run
    from charley.answers.history.learn import learn
    from charley.api.journal import data_sha256
    from charley.journal.history import everything

    told = everything(journal)
    cache = JournalCache(journal, seed)
    found = learn(told, cache, data_sha256(journal) if told.runs else "", seed, tell)
    if found.fresh:
        with suppress(JournalError):  # a journal that may only be read is answered from all the same
            keep_forecast(journal, next_hard_run(found.belief))
    return found


def keep_forecast(journal: Path, ahead: Foretold) -> None:
    """The chance of a cramp in the next usual hard run, said now, so that it can be held against what comes."""
    from charley.answers.history.model import ANSWERS_MODEL
    from charley.api.journal import add_forecast

    distance_m, chance = ahead.distance_m, ahead.chance
    add_forecast(
        journal, model_version=ANSWERS_MODEL, posterior_id=None, name=NEXT_HARD_RUN, planned_at=None,
        distance_m=distance_m, goal_s=None, chance_mean=chance.mean, chance_low=chance.low, chance_high=chance.high,
        detail="{}", now=datetime.now(UTC),
    )  # fmt: skip


def track_record(journal: Path, *, seed: int = 1) -> TrackRecord:
    """How good forecasts were; those whose run has come and was answered are scored now."""
    from charley.answers.track_record import due, record
    from charley.api.journal import list_forecasts, list_outcomes, score_forecast

    belief = learned(journal, seed).belief
    made = list_forecasts(journal)
    scored = {(o.forecast_id, o.run_id, o.cramped) for o in list_outcomes(journal)}
    with suppress(JournalError):
        for forecast, run_id, cramped in due(made, belief.log):
            if (forecast.id, run_id, cramped) not in scored:
                score_forecast(journal, forecast.id, run_id, cramped, datetime.now(UTC))
    return record(belief, made, list_outcomes(journal), seed)


def propose_runs(journal: Path, *, seed: int = 1, tell: Tell = nobody) -> tuple[Proposed, ...]:
    """Which way of running the usual hard run would tell most, without adding a stressor.

    ``tell`` hears how far it is.
    """
    from charley.answers.history.answer import proposed

    known = learned(journal, seed, tell)
    tell(Progress("answer"))
    return proposed(known.belief)


def same_stretch(journal: Path) -> tuple[Stretch, ...]:
    """The stretches of road on which cramps came, with all passes over them; of at most ``MOST_LOOKED_AT`` runs."""
    from charley.answers.history.same_stretch import Looked, stretches
    from charley.journal.history import everything

    def place_m(told: Told) -> float | None:
        exact = next((e for e in told.report.cramps if e.at_s is not None), None)
        if exact is None or exact.at_s is None:
            return None
        distance = told.read().streams.distance_m
        return float(distance[min(int(exact.at_s), len(distance) - 1)])

    history = everything(journal)
    runs = history.runs[-MOST_LOOKED_AT:]
    states = [told.report.state() for told in runs]
    with history.held_open():
        return stretches([
            Looked(
                told.row.run_id, told.row.distance_m, told.read, place_m(told) if state == "cramp" else None,
                state in ("cramp", "none"),
            )
            for told, state in zip(runs, states, strict=True)
        ])  # fmt: skip


class JournalCache:
    """Rows and draws kept in the journal's file; a journal that may only be read keeps nothing."""

    def __init__(self, journal: Path, seed: int) -> None:
        self._journal, self._seed = journal, seed

    def rows(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Rows kept under these keys."""
        from charley.answers.history.model import ROWS_MODEL
        from charley.journal.history import computed

        return computed(self._journal, ROWS_MODEL, keys)

    def keep_rows(self, contents: Mapping[str, bytes]) -> None:
        """Keep rows under their keys."""
        from charley.answers.history.model import ROWS_MODEL
        from charley.journal.history import keep_computed

        with suppress(JournalError):
            keep_computed(self._journal, ROWS_MODEL, self._seed, dict(contents))

    def states(self, names: Iterable[str] | None) -> Mapping[str, bytes]:
        """States kept under these names; None: all."""
        from charley.answers.history.model import STATES_MODEL
        from charley.journal.history import computed

        return computed(self._journal, STATES_MODEL, names)

    def keep_states(self, contents: Mapping[str, bytes]) -> None:
        """Keep states under their names, and let the oldest go: each is a tenth of a megabyte."""
        from charley.answers.history.model import STATES_MODEL
        from charley.journal.history import keep_computed

        with suppress(JournalError):
            keep_computed(self._journal, STATES_MODEL, self._seed, dict(contents), most=MOST_STATES)

    def keep_summary(self, name: str, draws: int, summary: str) -> None:
        """Keep a short summary of the answer that was made from the data of that name."""
        from charley.answers.history.model import ANSWERS_MODEL
        from charley.api.journal import add_posterior

        with suppress(JournalError):
            add_posterior(
                self._journal, model_version=ANSWERS_MODEL, data_sha256=name, seed=self._seed, draws=draws,
                made_from=summary, content=b"", now=datetime.now(UTC),
            )  # fmt: skip

    def earlier(self) -> Sequence[tuple[str, datetime, str]]:
        """Name, time and summary of the latest answers, the latest first."""
        from charley.answers.history.model import ANSWERS_MODEL
        from charley.journal.history import latest_posteriors

        return latest_posteriors(self._journal, ANSWERS_MODEL)

    def answer(self, data_sha256: str) -> bytes | None:
        """The whole answer that was kept for a journal that says this."""
        from charley.answers.history.kept import name_of
        from charley.answers.history.model import WHOLE_MODEL
        from charley.journal.history import computed

        name = name_of(data_sha256, self._seed, self.earlier())
        return computed(self._journal, WHOLE_MODEL, [name]).get(name)

    def keep_answer(self, data_sha256: str, content: bytes) -> None:
        """Keep the whole answer to a journal that says this, in place of older ones."""
        from charley.answers.history.kept import name_of
        from charley.answers.history.model import WHOLE_MODEL
        from charley.journal.history import keep_computed

        contents = {name_of(data_sha256, self._seed, self.earlier()): content}
        with suppress(JournalError):
            keep_computed(self._journal, WHOLE_MODEL, self._seed, contents, most=MOST_ANSWERS)


MOST_STATES = 48  # states and beliefs of the latest answers
MOST_ANSWERS = 2  # whole answers, of half a megabyte each
