"""A run of days is worked out with fewer bodies, so that the memory of an answer is bounded: steps times bodies."""

from __future__ import annotations

import pytest

from charley.answers.one_run.question import LEAST_DRAWS, LONG_RUN_S, Question
from charley.body.course import LONG_STEP_S
from journal_world import made_run

MOST = 500 * LONG_RUN_S / LONG_STEP_S  # values of one state of 500 bodies over the longest run that keeps them all


@pytest.mark.parametrize("hours", [1, 4, 16, 24, 48, 72, 111])
@pytest.mark.parametrize("draws", [20, 200, 500])
def test_steps_times_bodies_are_bounded(hours: float, draws: int) -> None:
    run = made_run(elapsed_s=3600.0 * hours)
    asked = Question(run, draws=draws).affordable()
    steps = 3600 * hours / LONG_STEP_S
    assert asked.draws * steps <= max(MOST, LEAST_DRAWS * steps)
    assert asked.draws <= draws
    assert asked.draws == draws or (hours > 16 and asked.draws >= LEAST_DRAWS)
    assert asked.run is run
