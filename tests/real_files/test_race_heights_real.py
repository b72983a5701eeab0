"""The climb of a real course against what the watch that ran it counted: another maker's figure."""

import math
from pathlib import Path

import pytest

from charley.api.race import course

# Of the reference files, all that hold one outing on foot of 3 km or more with 300 heights and a climb of 50 m or more
# counted by the watch: total_ascent of the session, m, read with fitdecode.
COUNTED_M = {
    "07cbd7_trosku.fit": 142,
    "686414_HRV-Data.fit": 104,
    "701686_6910052863.fit": 1817,
    "846f87_6914448270.fit": 1063,
    "a066d7_activity-small-fenix2-run.fit": 64,
    "c8595a_sample.fit": 126,
    "d5113b_pyselsky.fit": 539,
    "e547ba_IpBike-HRV-Data.fit": 174,
    "e72c0d_2013-02-06-12-11-14.fit": 168,
    "ea51d7_portland.fit": 543,
    "ea56ec_garmin-stamina.fit": 57,
}


@pytest.fixture(scope="module")
def ratios(shared_data: Path) -> dict[str, float]:
    """Our climb over that of the watch."""
    folder = shared_data / "data" / "activities" / "fit"
    return {name: course(folder / name, None).ascent_m / counted for name, counted in COUNTED_M.items()}


def test_nine_in_ten_climbs_lie_within_a_tenth_of_what_the_watch_counted(ratios):
    off = {name: abs(r - 1) for name, r in ratios.items()}
    assert sum(o <= 0.10 for o in off.values()) >= 0.9 * len(off), off
    assert max(off.values()) <= 0.15, off


def test_the_climbs_lean_to_neither_side(ratios):
    assert abs(sum(map(math.log, ratios.values())) / len(ratios)) <= 0.03
