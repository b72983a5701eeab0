"""What was said, gathered for the engine. Expected values follow from how the priors P16 and P38 are defined
(strength work once a week or more, over 28 days; heels cut by 6 mm or more, within 8 weeks) and from mixing by volume.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from charley.journal import entries, history, runs
from charley.journal.history import everything
from charley.journal.store import Store, open_store
from charley.vocabulary.runner import Intake
from journal_world import START, made_run

NOW = START + timedelta(days=300)
LAST = 100  # the day of the run that is looked at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "journal.sqlite", create=True) as opened:
        yield opened


def add(store: Store, day: int) -> str:
    """A run on that day; its id."""
    run = made_run(day)
    runs.add_run(store, run, read_by="1", now=NOW)
    return run.run_id


def said(store: Store, day: int = LAST) -> dict[str, float]:
    run_id = made_run(day).run_id
    return next(dict(t.about) for t in everything(store.path).runs if t.row.run_id == run_id)


def train(store: Store, *days_before: float) -> None:
    for days in days_before:
        at = START + timedelta(days=LAST - days)
        entries.strength(store, "calf raise", sets=3, repetitions=15, happened_at=at, now=NOW)


@pytest.mark.parametrize(
    ("days_before", "expected"),
    [
        ((2, 9, 16, 27), 1.0),
        ((2, 9, 16), 0.0),
        ((2, 9, 16, 29), 0.0),  # the fourth is older than 28 days
        ((2, 9, 16, -1), 0.0),  # the fourth was after the run
    ],
)
def test_four_strength_sessions_in_28_days_are_training(
    store: Store, days_before: tuple[float, ...], expected: float
) -> None:
    add(store, LAST)
    train(store, *days_before)
    assert said(store) == {"strength_training": expected}


def test_of_strength_and_heels_nothing_is_said_where_nothing_was_told(store: Store) -> None:
    add(store, LAST)
    assert said(store) == {}


def wear(store: Store, day: int, drop_mm: float) -> None:
    entries.shoes(store, "these", run=add(store, day), drop_m=drop_mm / 1000, now=NOW)


@pytest.mark.parametrize(
    ("earlier_day", "earlier_mm", "now_mm", "expected"),
    [
        (LAST - 50, 10, 4, {"recent_drop_reduction": 1.0}),
        (LAST - 50, 11, 5, {"recent_drop_reduction": 1.0}),  # 6 mm, though not in binary fractions
        (LAST - 50, 10, 10, {"recent_drop_reduction": 0.0}),
        (LAST - 50, 4, 10, {"recent_drop_reduction": 0.0}),  # higher heels are no cut
        (LAST - 50, 10, 5, {"recent_drop_reduction": 0.0}),  # 5 mm is no 6
        (LAST - 57, 10, 4, {}),  # longer than 8 weeks ago
    ],
)
def test_heels_lower_by_six_millimetres_within_eight_weeks_count(
    store: Store, earlier_day: int, earlier_mm: float, now_mm: float, expected: dict[str, float]
) -> None:
    wear(store, earlier_day, earlier_mm)
    wear(store, LAST, now_mm)
    assert said(store) == expected


def intake(store: Store) -> Intake:
    return everything(store.path).runs[-1].intake


def test_half_a_litre_keeps_its_sodium_and_carbohydrate(store: Store) -> None:
    add(store, LAST)
    entries.drink(store, 0.5, sodium_mmol_l=20.0, carbohydrate_g_l=60.0, now=NOW)
    found = intake(store)
    assert (found.drink_l, found.drink_sodium_mmol_l, found.drink_carbohydrate_g_l) == (0.5, 20.0, 60.0)


def test_drinks_mix_by_volume(store: Store) -> None:
    """(0.5 l of 20 and 1.5 l of 40) / 2 l = 35; a drink of unknown content says nothing of the mixture."""
    add(store, LAST)
    entries.drink(store, 0.5, sodium_mmol_l=20.0, now=NOW)
    entries.drink(store, 1.5, sodium_mmol_l=40.0, at_s=100.0, now=NOW)
    entries.drink(store, 0.25, at_s=200.0, now=NOW)
    found = intake(store)
    assert found.drink_l == pytest.approx(2.25)
    assert found.drink_sodium_mmol_l == pytest.approx(35.0)
    assert found.drink_carbohydrate_g_l is None


def test_salt_taken_before_the_run_is_no_salt_during_it(store: Store) -> None:
    """1 g of table salt holds 1/58.44 mol of sodium, 17.11 mmol (molar mass of NaCl 58.44 g)."""
    add(store, LAST)
    entries.sodium(store, 17.11, when="during", now=NOW)
    entries.sodium(store, 99.0, when="before", now=NOW)
    assert intake(store).salt_g == pytest.approx(1.0, abs=1e-3)


def test_runs_are_read_in_one_opening_of_the_journal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(3):
        add(store, day)
    opened = []

    def opening(path: Path) -> Store:
        opened.append(path)
        return open_store(path)

    monkeypatch.setattr(history, "open_store", opening)
    told = everything(store.path)
    with told.held_open():
        assert [t.read().run_id for t in told.runs] == [made_run(day).run_id for day in range(3)]
    assert len(opened) == 2  # to gather, and to read all three
