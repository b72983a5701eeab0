"""What a runner may say of a run, and what is refused: each has a defined answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from charley.api import journal as verbs
from charley.journal import answers, entries, runs
from charley.journal.store import open_store
from charley.vocabulary.answer import SuggestedStop
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import Drink, Event, HealthAnswer, SodiumTaken, Weighing
from charley.vocabulary.note import note
from journal_world import START, made_run

NOW = START + timedelta(days=30)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "journal.sqlite", create=True) as opened:
        for number in range(3):
            runs.add_run(opened, made_run(number, 3000), read_by="1", now=NOW)
        yield opened


def _code(work) -> str:
    with pytest.raises(UsageError) as caught:
        work()
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_a_cramp_is_told_exactly_or_between_or_somewhere_after(store) -> None:
    entries.event(store, "cramp", place=Cramp(1500, 1500, 1500), side="left", severity=3, helped="stretch", now=NOW)
    entries.event(store, "cramp", place=Cramp(None, 1800, 2000), side="left", now=NOW)
    entries.event(store, "cramp", place=Cramp(None, 2500, 3000), muscle="hamstring", now=NOW)
    entries.event(store, "cramp", now=NOW)
    report = answers.reports(store)[runs.find(store, "last")]
    told = [(c.at_s, c.from_s, c.to_s, c.muscle, c.side, c.severity) for c in report.cramps]
    assert told == [
        (None, 0, 3000, "calf", None, None),
        (1500, 1500, 1500, "calf", "left", 3),
        (None, 1800, 2000, "calf", "left", None),
        (None, 2500, 3000, "hamstring", None, None),
    ]
    assert report.history[0].helped == "stretch"
    assert report.history[0].happened_at == START + timedelta(days=2, seconds=1500)


def test_the_same_tap_twice_is_one_cramp(store) -> None:
    once = entries.event(store, "cramp", place=Cramp(100, 100, 100), severity=2, now=NOW)
    twice = entries.event(store, "cramp", place=Cramp(100.4, 100.4, 100.4), severity=3, now=NOW)
    assert (once.warnings, [w.code for w in twice.warnings]) == ((), ["answer-repeated"])
    report = answers.reports(store)[runs.find(store, "last")]
    assert [c.severity for c in report.cramps] == [3]
    assert len(report.history) == 2


def test_forty_cramps_in_one_run_are_forty_cramps(store) -> None:
    for k in range(40):
        entries.event(store, "cramp", place=Cramp(60.0 * k, 60.0 * k, 60.0 * k), side="right", now=NOW)
    assert len(answers.reports(store)[runs.find(store, "last")].cramps) == 40


def test_an_answer_can_be_corrected_by_its_id(store) -> None:
    wrong = entries.event(store, "cramp", place=Cramp(100, 100, 100), side="left", now=NOW)
    right = entries.event(store, "cramp", place=Cramp(900, 900, 900), side="right", replaces=wrong.id, now=NOW)
    report = answers.reports(store)[runs.find(store, "last")]
    assert [(e.id, e.current) for e in report.history] == [(wrong.id, False), (right.id, True)]
    assert _code(lambda: entries.event(store, "none", replaces=wrong.id, now=NOW)) == "journal-unknown-answer"


def test_what_cannot_be_is_refused_and_changes_nothing(store) -> None:
    at = Cramp(100, 100, 100)
    refused = {
        "journal-outside-run": [
            lambda: entries.event(store, "cramp", place=Cramp(3100, 3100, 3100), now=NOW),
            lambda: entries.event(store, "cramp", place=Cramp(None, 2000, 4000), now=NOW),
            lambda: entries.drink(store, 0.5, at_s=5000, now=NOW),
        ],
        "journal-contradiction": [
            lambda: entries.event(store, "none", muscle="calf", now=NOW),
            lambda: entries.event(store, "none", place=at, now=NOW),
            lambda: entries.event(store, "cramp", place=at, phase="night", now=NOW),
        ],
        "journal-value": [
            lambda: entries.event(store, "cramp", place=Cramp(50, 100, 200), now=NOW),
            lambda: entries.event(store, "cramp", place=Cramp(None, -5, 20), now=NOW),
            lambda: entries.event(store, "cramp", place=at, severity=5, now=NOW),
            lambda: entries.event(store, "cramp", place=at, muscle="wing", now=NOW),
            lambda: entries.event(store, "cramp", place=at, side="middle", now=NOW),
            lambda: entries.weight(store, 7, when="before", now=NOW),
            lambda: entries.weight(store, float("nan"), when="before", now=NOW),
            lambda: entries.drink(store, -1, now=NOW),
            lambda: entries.sodium(store, 5000, now=NOW),
            lambda: entries.sweat_test(store, now=NOW),
            lambda: entries.sweat_test(store, sweat_rate_l_h=12, now=NOW),
            lambda: entries.shoes(store, "  ", now=NOW),
            lambda: entries.strength(store, "raise", sets=0, repetitions=10, now=NOW),
            lambda: entries.health(store, "condition", " ", True, now=NOW),
            lambda: entries.baseline(store, now=NOW),
            lambda: entries.baseline(store, cramped_of_ten="7", now=NOW),
            lambda: entries.baseline(store, birth_year=2026, now=NOW),
            lambda: entries.about(store, now=NOW),
            lambda: entries.about(store, relative_humidity=60, now=NOW),
        ],
        "journal-date": [
            lambda: entries.weight(store, 70, when="other", happened_at=NOW + timedelta(days=9), now=NOW),
            lambda: entries.strength(
                store, "raise", sets=3, repetitions=10, happened_at=datetime(1970, 1, 1, tzinfo=UTC), now=NOW
            ),
            lambda: entries.event(store, "cramp", run=None, phase="night", now=NOW),
        ],
        "journal-unknown-run": [
            lambda: entries.event(store, "none", run="deadbeef", now=NOW),
            lambda: entries.event(store, "none", run="x", now=NOW),
            lambda: entries.event(store, "none", run="2031-01-01", now=NOW),
            lambda: entries.event(store, "none", run="' OR 1=1", now=NOW),
            lambda: entries.event(store, "cramp", run=None, now=NOW),
        ],
        "journal-unknown-answer": [lambda: entries.withdraw(store, 99, now=NOW)],
    }
    before = list(store.db.iterdump())
    for code, attempts in refused.items():
        for attempt in attempts:
            assert _code(attempt) == code
    assert list(store.db.iterdump()) == before


def test_a_cramp_at_night_joins_the_run_of_that_day_or_stands_alone(store) -> None:
    last_end = START + timedelta(days=2, seconds=3000)
    joined = entries.event(store, "cramp", run=None, phase="night", happened_at=last_end + timedelta(hours=15), now=NOW)
    assert joined.run_id == runs.find(store, "last")
    alone = entries.event(store, "cramp", run=None, phase="night", happened_at=last_end + timedelta(hours=30), now=NOW)
    assert alone.run_id is None
    assert [e.id for e in answers.unattached(store)] == [alone.id]
    assert sum(len(r.history) for r in answers.reports(store).values()) == 1


def test_weighing_before_and_after_and_a_warning_for_drinking_too_much(store) -> None:
    entries.weight(store, 70.2, when="before", now=NOW)
    lighter = entries.weight(store, 69.0, when="after", now=NOW)
    assert lighter.warnings == ()
    heavier = entries.weight(store, 70.9, when="after", now=NOW)
    assert "weight-gained" in [w.code for w in heavier.warnings]
    assert "Drinking more than you sweat can make you seriously ill" in heavier.warnings[0].text
    holding = {w.when: w.mass_kg for w in answers.current(store, Weighing)}
    assert holding == {"before": 70.2, "after": 70.9}
    assert len(answers.read(store, Weighing)) == 3


def test_a_total_of_drinks_takes_the_place_of_the_sips_before_it(store) -> None:
    entries.drink(store, 0.2, at_s=600, now=NOW)
    entries.drink(store, 0.3, at_s=1200, now=NOW)
    assert sum(d.volume_l for d in answers.current(store, Drink)) == pytest.approx(0.5)
    total = entries.drink(store, 0.0, now=NOW)
    assert [w.code for w in total.warnings] == ["answer-replaced"]
    assert [d.volume_l for d in answers.current(store, Drink)] == [0.0], "nothing drunk is an answer"
    entries.sodium(store, 10, now=NOW)
    entries.sodium(store, 10, now=NOW)
    assert sum(s.sodium_mmol for s in answers.current(store, SodiumTaken)) == 20


def test_health_answers_take_the_latest_word_of_each_name(store) -> None:
    entries.health(store, "condition", "kidney", True, now=NOW)
    entries.health(store, "medicine", "Blood pressure", True, now=NOW)
    entries.health(store, "condition", "kidney", False, now=NOW)
    assert {(h.name, h.present) for h in answers.current(store, HealthAnswer)} == {
        ("kidney", False),
        ("blood_pressure", True),
    }


def test_the_questionnaire_keeps_what_was_said_field_by_field(store) -> None:
    entries.baseline(store, cramped_of_ten="3-5", body_mass_kg=70, now=NOW)
    entries.baseline(store, body_mass_kg=69, sex="female", now=NOW)
    merged = answers.baseline(store)
    assert (merged.cramped_low, merged.cramped_high, merged.body_mass_kg, merged.sex) == (3, 5, 69, "female")
    run_id = runs.find(store, "last")
    entries.about(store, effort="race", unusual=("ill", "ill"), now=NOW)
    entries.about(store, air_temp_c=24, now=NOW)
    said = answers.about(store, run_id)
    assert said is not None
    assert (said.effort, said.air_temp_c, said.unusual) == ("race", 24, ("ill",))


def test_runs_are_named_by_id_by_day_or_as_the_last(store) -> None:
    first = made_run(0).run_id
    assert runs.find(store, first[:8].upper()) == first
    assert runs.find(store, f"{(START.astimezone()):%Y-%m-%d}") == first
    assert runs.find(store, "last") == made_run(2).run_id
    runs.add_run(store, made_run(0, run_id=first[:6] + "0" * 58, started_at=START + timedelta(hours=5)), read_by="1")
    assert _code(lambda: runs.find(store, first[:6])) == "journal-which-run"


def test_stops_are_suggested_until_they_are_answered(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    for number in range(3):
        verbs.add_run(path, made_run(number, 3000), read_by="1")
    verbs.add_run(path, made_run(3, 1200), read_by="1")  # too short to be asked about

    def detect(run):
        return [SuggestedStop(2000.0, 6000.0, "sudden_stop", 45.0, 176.0, note("neither"))]

    offered = verbs.suggestions(path, detect)
    assert [row.run_id for row, _ in offered] == [made_run(n).run_id for n in (2, 1, 0)]
    place = Cramp(2000, 2000, 2000)
    verbs.log_event(path, "cramp", run=offered[0][0].run_id, place=place, source="suggested")
    verbs.log_event(path, "other_stop", run=offered[1][0].run_id, place=place, source="suggested")
    assert [row.run_id for row, _ in verbs.suggestions(path, detect)] == [made_run(0).run_id]
    states = [verbs.get_report(path, made_run(n).run_id).state() for n in (2, 1)]
    assert states == ["cramp", "not asked"], "a stop that was no cramp says nothing of the rest of the run"
    assert [r.run_id for r in verbs.unanswered(path)] == [made_run(n).run_id for n in (1, 0)]
    assert isinstance(verbs.get_report(path, made_run(2).run_id).history[0], Event)
