"""Passes over one stretch of road, on a made-up river where the place of every run is known by construction.

The river is one line through the runner's door: a run of so many metres goes up it and comes back, the Harbour
Marathon comes down it from 34.9 km above. So where each run comes by the stretch follows from subtraction.
"""

from __future__ import annotations

import pytest

from charley.activities import demo_career
from charley.answers.history.same_stretch import AFTER_M, BEFORE_M, GRID_M, Looked, stretches

HARBOUR_FROM_SOURCE_M = 34_900.0


@pytest.fixture(scope="module")
def outings():
    return list(demo_career.outings())


def looked(outing, cramp_m=None):
    return Looked(outing.run.run_id, outing.run.distance_m, lambda: outing.run, cramp_m, True)


def of(outings, title, year=None, shortest_m=0.0):
    return next(
        o
        for o in outings
        if o.title == title and year in (None, o.run.started_at.year) and o.run.distance_m >= shortest_m
    )


def test_each_run_passes_where_subtraction_says(outings):
    harbour, before = of(outings, "Harbour Marathon", 2025), of(outings, "Harbour Marathon", 2024)
    long, easy = of(outings, "Long run, hard", 2025), of(outings, "Easy", shortest_m=8000)
    elsewhere = of(outings, "River Marathon", 2025)
    cramp_m = harbour.hard.cramp_m
    (stretch,) = stretches([looked(harbour, cramp_m), *(looked(o) for o in (before, long, easy, elsewhere))])
    assert stretch.length_m == BEFORE_M + AFTER_M
    begins_m = HARBOUR_FROM_SOURCE_M - (cramp_m - BEFORE_M)  # above the door, along the river
    expected = {
        harbour.run.run_id: cramp_m - BEFORE_M,
        before.run.run_id: cramp_m - BEFORE_M,
        long.run.run_id: long.run.distance_m - begins_m,
        easy.run.run_id: easy.run.distance_m - begins_m,
    }
    assert {p.run_id: p.from_m for p in stretch.passes} == pytest.approx(expected, abs=2 * GRID_M)
    assert [p.cramp_at_m for p in stretch.passes if p.cramp_at_m is not None] == pytest.approx(
        [BEFORE_M], abs=2 * GRID_M
    )
    assert stretch.cramps == 1


def test_two_cramps_at_one_spot_share_a_stretch_and_one_far_away_has_its_own(outings):
    harbour, before = of(outings, "Harbour Marathon", 2025), of(outings, "Harbour Marathon", 2024)
    at = harbour.hard.cramp_m
    together = stretches([looked(harbour, at), looked(before, at + 100)])
    assert [s.cramps for s in together] == [2]
    apart = stretches([looked(harbour, at), looked(before, at - 8000)])
    assert [s.cramps for s in apart] == [1, 1]


def test_a_road_that_was_run_once_and_runs_without_positions_give_nothing(outings):
    from dataclasses import replace

    import numpy as np

    harbour, elsewhere = of(outings, "Harbour Marathon", 2025), of(outings, "River Marathon", 2025)
    assert stretches([looked(harbour, 20_000.0), looked(elsewhere)]) == ()
    s = harbour.run.streams
    nowhere = replace(s, latitude_deg=np.full(len(s), np.nan))
    blind = replace(harbour.run, streams=nowhere)
    assert stretches([Looked("a", blind.distance_m, lambda: blind, 20_000.0, True)] * 2) == ()
