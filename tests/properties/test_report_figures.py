"""Figures as people read them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.faces.report.wording import figures as fig
from charley.vocabulary.estimate import Estimate


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_a_number_is_what_it_rounds_to_with_a_true_minus_and_no_minus_zero(value, decimals):
    text = fig.number(value, decimals)
    assert "-" not in text
    assert float(text.replace(fig.MINUS, "-")) == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-9)
    assert not re.fullmatch(rf"{fig.MINUS}0(\.0+)?", text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_a_dash(value):
    shown = {fig.number(value), fig.figure(value), fig.chance(value), fig.clock(value)}
    assert shown == {fig.NONE}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.0002, "under 0.1"),
        (0.004, "0.4"),
        (0.0096, "1"),
        (0.24, "24"),
        (0.993, "99.3"),
        (0.9999, "over 99.9"),
        (1.0, "100"),
    ],
)
def test_a_chance_is_a_count_in_100_and_never_quite_nothing_or_all(value, text):
    assert fig.chance(value) == text


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_chance_that_is_possible_does_not_read_as_never_or_always(value):
    assert fig.chance(value) not in ("0", "100", "0.0", "100.0")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (80, "1:20"), (9_940, "2:45:40"), (3_599.6, "1:00:00"), (86_400, "24:00:00")]
)
def test_a_clock(seconds, text):
    assert fig.clock(seconds) == text


def test_a_quantity_in_both_systems():
    speed = Estimate(3.36, 3.19, 3.52, 3.3, 3.4)
    # 1000 / 3.36 = 297.6 s; the slow limit of speed is the high limit of pace. A mile is 1609.344 m.
    assert fig.quantity(speed, "m/s", "metric") == "4:58 a km (4:44 to 5:13)"
    assert fig.quantity(speed, "m/s", "imperial") == "7:59 a mi (7:37 to 8:24)"
    mass = Estimate(70.0, 57.0, 84.0, 65.0, 75.0)
    assert fig.quantity(mass, "kg", "metric") == "70 kg (57 to 84)"
    assert fig.quantity(mass, "kg", "imperial") == "154 lb (126 to 185)"
    assert fig.quantity(Estimate(16.0, -3.0, 25.0, 12, 20), "°C", "imperial") == "61 °F (27 to 77)"
    assert fig.quantity(Estimate(0.9, 0.5, 1.4, 0.7, 1.1), "L/h", "metric") == "0.9 L an hour (0.5 to 1.4)"


@given(st.text(max_size=100))
def test_cleaned_text_cannot_draw_on_a_terminal(text):
    cleaned = fig.clean(text)
    assert cleaned.isprintable()
    assert fig.clean(cleaned) == cleaned


def test_words_in_a_row():
    assert fig.listing([]) == ""
    assert fig.listing(["a"]) == "a"
    assert fig.listing(["a", "b", "c"]) == "a, b and c"
    assert fig.lower_first("Water loss") == "water loss"
    assert fig.lower_first("VO2 slow component") == "VO2 slow component"
    assert fig.count(1, "cramp") == "1 cramp"
    assert fig.count(0, "cramp") == "0 cramps"


def test_a_belief_about_a_cause_is_never_finer_than_one_in_a_hundred() -> None:
    """False certainty is what runners dislike: no decimals, and neither never nor always unless it was asked for."""
    assert [fig.belief(p) for p in (0.999, 0.995, 0.904, 0.01, 0.001, 0.0)] == [
        "over 99",
        "over 99",
        "90",
        "1",
        "under 1",
        "0",
    ]
    assert fig.believed(0.999) == "over 99 in 100"
    assert fig.believed(0.34, 10) == fig.told(0.34, 10)
