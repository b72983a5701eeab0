"""The climb of a course is that of the course, whoever recorded it and however often."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.planning.conditions.heights import heights_along

LENGTH_M = 42_195.0
ALONG = np.arange(0.0, LENGTH_M)
SAMPLINGS = ("1s", "smart", "10m", "50m")


def synthetic(number: int) -> tuple[np.ndarray, float]:
    """Heights every metre of a made-up road course, and its true climb: waves on even numbers, lone hills on odd."""
    rng = np.random.default_rng([71, number])
    height = np.zeros_like(ALONG)
    if number % 2 == 0:
        for _ in range(rng.integers(5, 12)):
            length = np.exp(rng.uniform(np.log(1000), np.log(9000)))
            height += (
                rng.uniform(0.008, 0.03) * length / (2 * np.pi) * np.sin(2 * np.pi * (ALONG / length + rng.random()))
            )
    else:
        for _ in range(rng.integers(10, 22)):
            length = np.exp(rng.uniform(np.log(300), np.log(2500)))
            height += (
                rng.uniform(0.02, 0.05) * length * np.exp(-0.5 * ((ALONG - rng.uniform(0, LENGTH_M)) / length) ** 2)
            )
    return height, float(np.clip(np.diff(height), 0.0, None).sum())


def places(sampling: str, rng: np.random.Generator) -> np.ndarray:
    if sampling == "1s":
        return np.arange(0.0, LENGTH_M, 2.9)
    if sampling == "smart":
        at = np.cumsum(rng.choice([3.0, 6.0, 12.0, 20.0, 35.0], 4000))
        return at[at < LENGTH_M]
    return np.arange(0.0, LENGTH_M, float(sampling.removesuffix("m")))


def recorded(at: np.ndarray, height: np.ndarray, fault: str, rng: np.random.Generator) -> np.ndarray:
    true = np.interp(at, ALONG, height)
    if fault == "noise":
        return true + rng.uniform(-3.0, 3.0, at.size)
    if fault == "drift":  # the weather moves a barometer by some metres over hours; it tells fifths of a metre
        drift = 6.0 * np.sin(2 * np.pi * (at / 60_000 + rng.random())) - 10.0 * at / LENGTH_M
        return np.round((true + drift) * 5) / 5
    return true


@pytest.mark.parametrize("number", range(20))
def test_one_course_recorded_in_many_ways_climbs_alike_and_near_the_truth(number):
    height, truth = synthetic(number)
    rng = np.random.default_rng([72, number])
    found = {}
    for fault in ("none", "noise", "drift"):
        for sampling in SAMPLINGS:
            at = places(sampling, rng)
            h = heights_along(at, recorded(at, height, fault, rng))
            found[fault, sampling] = h.ascent_m
            assert h.ascent_low_m <= truth <= h.ascent_high_m, (fault, sampling)
    ascents = np.array(list(found.values()))
    assert np.abs(ascents / truth - 1).max() <= 0.10, found
    for fault in ("none", "noise", "drift"):  # recorded once at 1 s, smart, every 10 and every 50 m
        alike = np.array([found[fault, s] for s in SAMPLINGS])
        assert np.ptp(alike) / alike.mean() <= 0.08, (fault, alike, truth)


@given(st.floats(0.0, 3.0), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_a_flat_course_climbs_next_to_nothing_however_noisy(noise, seed):
    rng = np.random.default_rng(seed)
    at = np.arange(0.0, 20_000.0, 5.0)
    h = heights_along(at, 100.0 + noise * rng.uniform(-1, 1, at.size))
    assert h.ascent_low_m <= 15.0
    assert h.ascent_m <= 30.0  # summed up as recorded it would be thousands


def test_a_lone_climb_is_as_high_as_it_is():
    at = np.arange(0.0, 10_000.0, 10.0)
    h = heights_along(at, np.interp(at, [3000, 6000], [0, 150]))
    assert h.ascent_m == pytest.approx(150.0, rel=0.01)
    assert h.height_m[-1] - h.height_m[0] == pytest.approx(150.0, abs=1.0)


def test_gaps_order_and_doubled_points_do_no_harm():
    at = np.arange(0.0, 10_000.0, 10.0)
    height = 20 * np.sin(at / 700)
    holes = height.copy()
    holes[300:340] = np.nan
    mixed = np.random.default_rng(1).permutation(at.size)
    plain = heights_along(at, height).ascent_m
    again = heights_along(np.append(at[mixed], at[5]), np.append(holes[mixed], height[5])).ascent_m
    assert again == pytest.approx(plain, rel=0.03)


@pytest.mark.parametrize("heights", [[], [5.0], [np.nan, np.nan, 3.0]])
def test_without_two_heights_there_is_no_course(heights):
    with pytest.raises(ValueError, match="at least two heights"):
        heights_along(np.arange(float(len(heights))), np.array(heights))
