"""Answers are only ever added, and what holds follows from the history alone."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charley.journal import answers, entries, glance, runs
from charley.journal.store import open_store
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import Event
from journal_world import START, made_run

NOW = START + timedelta(days=30)
PLACES = st.floats(0, 599).map(lambda s: Cramp(s, s, s))
SAID = st.one_of(
    st.tuples(st.just("none"), st.none()),
    st.tuples(st.just("skip"), st.none()),
    st.tuples(st.sampled_from(["cramp", "twitch"]), PLACES),
    st.tuples(st.just("undo"), st.integers(0, 30)),
)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "journal.sqlite", create=True) as opened:
        runs.add_run(opened, made_run(), read_by="1", now=NOW)
        yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, max_size=12))
def test_history_only_grows_and_what_holds_never_contradicts_itself(store, said) -> None:
    store.db.execute("BEGIN")
    try:
        run_id = runs.find(store, "last")
        before: list[Event] = []
        given_ids: list[int] = []
        for kind, what in said:
            if kind == "undo":
                target = given_ids[what % len(given_ids)] if given_ids else 0
                with suppress(UsageError):  # it held no more
                    entries.withdraw(store, target, now=NOW)
            else:
                given_ids.append(entries.event(store, kind, place=what, now=NOW).id)
            report = answers.reports(store)[run_id]
            assert [_said(e) for e in report.history[: len(before)]] == [_said(e) for e in before]
            assert len(report.history) >= len(before)
            assert glance.said(store).get(run_id, "not asked") == report.state()
            assert glance.cramps_in_runs(store).get(run_id, 0) == len(report.cramps) == glance.cramps(store)
            before = list(report.history)
            kinds = {e.kind for e in report.events}
            assert not ("none" in kinds and kinds & {"cramp", "twitch"})
            assert (report.no_cramp is None) or not report.cramps
            if kind not in ("undo", "skip"):
                assert report.history[-1].current, "the latest word holds"
    finally:
        store.db.execute("ROLLBACK")


def _said(e: Event) -> tuple:
    return (e.id, e.kind, e.at_s, e.phase, e.answered_at)


def test_withdrawing_what_replaced_brings_back_what_was_replaced(store) -> None:
    first = entries.event(store, "cramp", place=Cramp(100, 100, 100), now=NOW)
    none = entries.event(store, "none", now=NOW)
    assert [w.code for w in none.warnings] == ["answer-replaced"]
    taken_back = entries.withdraw(store, none.id, now=NOW)
    (report,) = answers.reports(store).values()
    assert [e.id for e in report.events] == [first.id]
    entries.withdraw(store, taken_back.id, now=NOW)
    (report,) = answers.reports(store).values()
    assert [e.id for e in report.events] == [none.id], "a withdrawal can be withdrawn"


def test_rows_that_were_told_cannot_be_changed(store) -> None:
    entries.event(store, "cramp", place=Cramp(100, 100, 100), now=NOW)
    answers.ask(store, runs.find(store, "last"), NOW)
    for change in ("UPDATE answer SET note = 'x'", "UPDATE event SET at_s = 5", "UPDATE prompt SET asked_unix_s = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            store.db.execute(change)


def test_silence_is_not_none(store) -> None:
    (report,) = answers.reports(store).values()
    assert (report.state(), report.no_cramp) == ("not asked", None)
    prompt = answers.ask(store, report.run_id, NOW)
    (report,) = answers.reports(store).values()
    assert (report.state(), report.no_cramp) == ("asked", None)
    assert [p.answered for p in report.prompts] == [False]
    entries.event(store, "skip", prompt_id=prompt, now=NOW)
    (report,) = answers.reports(store).values()
    assert (report.state(), report.no_cramp) == ("skipped", None)
    entries.event(store, "none", prompt_id=prompt, now=NOW)
    (report,) = answers.reports(store).values()
    assert report.state() == "none"
    assert report.no_cramp is not None
    assert report.no_cramp.until_s == 600
    assert [p.answered for p in report.prompts] == [True]


def test_the_phases_of_a_run_are_answered_apart(store) -> None:
    entries.event(store, "none", now=NOW)
    entries.event(store, "cramp", phase="after_1_6h", now=NOW)
    entries.event(store, "none", phase="night", now=NOW)
    (report,) = answers.reports(store).values()
    assert {p: report.state(p) for p in ("during", "after_0_1h", "after_1_6h", "night")} == {
        "during": "none",
        "after_0_1h": "not asked",
        "after_1_6h": "cramp",
        "night": "none",
    }
    assert report.cramps == ()
