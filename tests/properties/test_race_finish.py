"""How long a race takes: what heat may do to it, and that a usual day leaves a prediction as it is."""

from __future__ import annotations

import numpy as np
import pytest

from charley import body
from charley.planning.finish.finish import ability, usual_wbgt_c
from charley.vocabulary.arrays import Floats
from charley.vocabulary.runner import BestEffort, Runner

BESTS = (BestEffort(21_097.5, 6600.0),)


def able(distance_m: float, wbgt_c: float, bests: tuple[BestEffort, ...] = BESTS) -> Floats:
    runner = Runner(mass_kg=70.0, bests=bests)
    bodies = body.draw_bodies(runner, 24, np.random.default_rng(1))
    return ability(distance_m, distance_m, np.full(24, wbgt_c), bests, None, bodies, 1).able_s


def test_on_a_usual_day_the_same_race_takes_what_it_took() -> None:
    # the race that a level is read from was run on a usual day as well
    assert float(np.median(able(21_097.5, usual_wbgt_c()))) == pytest.approx(6600.0, rel=0.02)


def test_warmer_is_slower_and_cooler_faster() -> None:
    times = [float(np.median(able(42_195.0, w))) for w in (5.0, usual_wbgt_c(), 18.0, 25.0)]
    assert times == sorted(times)
    assert times[0] < times[1]


@pytest.mark.parametrize("wbgt_c", [20.0, 26.0])
def test_heat_costs_a_short_race_less_than_a_long_one(wbgt_c: float) -> None:
    usual = usual_wbgt_c()
    cost = [float(np.median(able(d, wbgt_c)) / np.median(able(d, usual))) for d in (5000.0, 21_097.5, 42_195.0)]
    assert 1.0 < cost[0] < cost[1] < cost[2]
