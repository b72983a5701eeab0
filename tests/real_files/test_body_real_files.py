"""Real files through the readers into the models: every state stays possible, and distance is kept."""

from __future__ import annotations

import numpy as np
import pytest

from body_world import assert_possible
from charley.activities import clean, read
from charley.body import course_from_run, draw_bodies, level_from_run, level_speed_m_s, simulate
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.runner import Intake, Runner, Weather


def _run(path):
    try:
        return clean(read(path))
    except RunFileError:
        return None  # the readers' own tests say which files are refused, and why


@pytest.mark.parametrize("folder", ["fit", "gpx", "tcx"])
def test_any_file_that_is_a_run_gives_possible_states(shared_data, folder):
    files = sorted((shared_data / "data" / "activities" / folder).iterdir())[::2]
    used = 0
    for path in files:
        run = _run(path)
        if run is None or run.distance_m < 500.0:
            continue
        used += 1
        rng = np.random.default_rng(used)
        who = level_from_run(run, Runner(), rng, draw_bodies(Runner(), 4, rng))
        course = course_from_run(run, Weather(), Intake(), rng, who, step_s=20.0)
        states = simulate(course, who)
        assert_possible(states)
        # What was bridged adds to the file's own distance; nothing is lost.
        held = np.nanmax(run.streams.distance_m) - np.nanmin(run.streams.distance_m)
        assert states.distance_m[-1] >= 0.9 * held or "were taken as" in " ".join(course.notes), path.name
        pace = states.flat_distance_m[-1] / states.time_s[-1]
        assert (level_speed_m_s(who, states.flat_distance_m[-1]) > 0.85 * pace).all(), path.name
    assert used >= 3
