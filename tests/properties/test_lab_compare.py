"""Published against simulated: standard errors, z, verdicts. Expected values by hand or from the definition."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.lab.compare import in_unit, overall, standard_error, verdict
from charley.lab.protocol import Measure
from charley.vocabulary.laboratory import Simulated
from charley.vocabulary.studies import Outcome

PLAIN = Measure(what="threshold_hz")
numbers = st.floats(-1e3, 1e3)


def outcome(mean, spread, kind, unit="Hz", n=None):
    return Outcome("key", "quantity", unit, "condition", mean, spread, kind, n)


def values(mean, sd=1.0, n=10):
    return Simulated(mean, sd, n, n)


@pytest.mark.parametrize(
    ("row", "n", "expected"),
    [
        (outcome(13.0, 3.0, "SD"), 8, 3.0 / math.sqrt(8)),
        (outcome(13.0, 3.0, "SD", n=4), 8, 1.5),  # its own n goes before that of the experiment
        (outcome(14.9, 1.3, "SE?"), 31, 1.3),
        (outcome(31.2, 2.8, "SE"), 13, 2.8),
        (outcome(3.0, None, "not printed"), 10, None),
        # 31 % of 74: share (22.94 + 2) / 78, its error sqrt(p (1 - p) / 78), in per cent
        (outcome(31.0, None, "count", "%"), 74, 100 * math.sqrt(24.94 / 78 * (1 - 24.94 / 78) / 78)),
        # 8 of 13: share 10 / 17
        (outcome(8.0, None, "count", "of 13"), 13, 13 * math.sqrt(10 / 17 * 7 / 17 / 17)),
    ],
)
def test_standard_error(row, n, expected):
    found = standard_error(row, n)
    assert found == expected if expected is None else found == pytest.approx(expected, rel=1e-12)


def test_all_of_a_few_still_has_an_error():
    assert standard_error(outcome(8.0, None, "count", "of 8"), 8) > 0.3


@given(numbers, numbers, st.floats(0.01, 100))
def test_inside_is_within_two_standard_errors_and_z_says_how_far(found, mean, se):
    word, z = verdict(values(found), mean, se, PLAIN)
    assert z == pytest.approx((found - mean) / se)
    assert word == ("inside" if abs(z) <= 2 else "high" if z > 0 else "low")


@given(numbers, st.floats(0.01, 100), st.floats(0.1, 50))
def test_the_spread_of_the_simulation_makes_no_match(mean, se, sd):
    far = mean + 3 * se
    assert verdict(values(far, sd), mean, se, PLAIN)[0] == "high"


@pytest.mark.parametrize(
    ("right", "found", "word"),
    [
        ("above", 1.0, "right_sign"),
        ("above", -1.0, "wrong_sign"),
        ("below", -1.0, "right_sign"),
        ("below", 1.0, "wrong_sign"),
        ("about", 0.4, "right_sign"),
        ("about", 0.6, "wrong_sign"),
        ("differs", 1.0, "right_sign"),  # error 1 / sqrt(10) = 0.32
        ("differs", 0.5, "wrong_sign"),
        ("differs", 0.0, "wrong_sign"),
    ],
)
def test_where_no_number_exists_the_sign_is_judged(right, found, word):
    row = Measure(what="threshold_hz", right=right, within=0.5)
    assert verdict(values(found), None, None, row) == (word, None)


def test_a_change_without_a_printed_spread_has_a_sign():
    row = Measure(what="threshold_hz", of="after", minus="before")
    assert verdict(values(-3.0), -4.3, None, row)[0] == "right_sign"
    assert verdict(values(3.0), -4.3, None, row)[0] == "wrong_sign"
    assert verdict(values(3.0), 24.0, None, PLAIN)[0] == "no_spread"


def test_nobody_with_a_value_is_no_verdict():
    assert verdict(Simulated(None, None, 0, 8), 13.0, 1.0, PLAIN) == ("no_value", None)


@given(st.lists(st.sampled_from(["inside", "high", "low", "right_sign", "wrong_sign", "cannot", "matched"])))
def test_the_experiment_is_the_sum_of_its_outcomes(verdicts):
    judged = [v for v in verdicts if v in ("inside", "high", "low", "right_sign", "wrong_sign")]
    met = [v for v in judged if v in ("inside", "right_sign")]
    word = overall(verdicts)
    assert (word == "nothing_judged") == (not judged)
    if judged:
        assert word == ("met" if len(met) == len(judged) else "partly" if met else "missed")


def test_a_share_stands_in_the_published_unit():
    assert in_unit(50.0, "of 8", "share") == 4.0
    assert in_unit(50.0, "%", "share") == 50.0
