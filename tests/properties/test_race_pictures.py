"""Pictures of a race keep their labels apart and inside, at both widths, whatever the answer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from charley.api import race as api
from charley.faces.report.pictures.svg import Drawing
from charley.faces.report.race import risk_pictures as risk
from charley.faces.report.race import run_pictures as runs
from charley.vocabulary.race import Ledger, LedgerRow, RaceAnswer
from charley.vocabulary.runner import Runner, Weather

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def answer(goal_s: float, distance_m: float, temp_c: float) -> RaceAnswer:
    race = api.race_of(api.course(None, distance_m), goal_s=goal_s, weather=Weather(temp_c), now=NOW)
    found = api.forecast(race, runner=Runner(mass_kg=70.0), health=(), now=NOW)
    weeks = tuple((NOW - timedelta(weeks=26 - i), 10_000.0 + 3000.0 * (i % 7)) for i in range(26))
    return replace(
        found,
        past_cramps=((3.4, 9000.0), (3.1, 14_000.0)),
        frontier_trained=((4.0, 1500.0), (3.3, 5400.0), (2.9, 11_000.0)),
        weeks=weeks,
        cramped_at=(weeks[4][0] + timedelta(days=2), weeks[25][0] + timedelta(days=6)),
    )


ANSWERS = [(3.5 * 3600, 42_195.0, 24.0), (2700.0, 10_000.0, 10.0), (4.2 * 3600, 42_195.0, 35.0)]
SAID_S = (12_000.0, 12_600.0, 13_900.0)
CAME = [("River", 0.4, True, 12_900.0), ("A harbour marathon with a long name", 0.05, False, 11_000.0),
        ("", 0.9, None, 15_500.0)]  # fmt: skip
ROWS = [
    LedgerRow(i, name, NOW, NOW, 42_195.0, chance, "f" * 64, True, "run", cramped, finish_s, SAID_S)
    for i, (name, chance, cramped, finish_s) in enumerate(CAME)
]
LEDGER = Ledger(2, 0.2, 0.3, 3, 300.0, 900.0, 0.3, 0.7, 0.29, 0.23, tuple(ROWS))
DRAWN: dict[str, Callable[[RaceAnswer, bool], Drawing]] = {
    "frontier": risk.frontier,
    "fan": lambda a, wide: risk.fan(a, "metric", wide),
    "levers": lambda a, wide: risk.levers(a, "imperial", wide),
    "plane": lambda a, wide: runs.plane(a, "metric", wide),
    "ramp": lambda a, wide: runs.ramp(a, "metric", wide),
    "scorecard": lambda a, wide: runs.scorecard(LEDGER, wide),
}


@pytest.mark.parametrize("asked", ANSWERS)
@pytest.mark.parametrize("name", list(DRAWN))
@pytest.mark.parametrize("wide", [True, False])
def test_no_two_labels_touch_and_none_leaves_the_picture(asked: tuple[float, ...], name: str, wide: bool) -> None:
    picture = DRAWN[name](answer(*asked), wide)
    boxes = picture.boxes
    assert boxes
    for i, box in enumerate(boxes):
        assert box.x0 >= -1.0
        assert box.x1 <= picture.width + 1.0, box.text
        assert box.y1 <= picture.height, box.text
        for other in boxes[i + 1 :]:
            assert not box.overlaps(other), (box.text, other.text)


@pytest.mark.parametrize("asked", ANSWERS)
def test_the_hundred_dots_count_what_is_said(asked: tuple[float, ...]) -> None:
    a = answer(*asked)
    assert a.chance is not None
    planned = None if a.plan is None else a.plan.chance
    drawn = risk.hundred(a.chance, planned, True).svg("t", "d", "")
    both = round(100 * min(a.chance.mean, planned.mean if planned else 1.0))
    assert drawn.count('class="crf"') == both
    assert drawn.count("<circle") == 100


def test_weeks_with_a_cramp_carry_its_mark() -> None:
    drawn = runs.ramp(answer(*ANSWERS[0]), "metric", True).svg("t", "d", "")
    assert drawn.count('class="crf"') == 2
    assert [row[2] for row in runs.ramp_table(answer(*ANSWERS[0]), "metric")[1]].count("1") == 2
