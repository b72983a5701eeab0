"""The run strip: what is missing stays in its place, what breaks is named, and the cramp is where it was said."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from charley.faces.report import render_why_text
from charley.faces.report.strip import rows, strip, strip_words
from charley.faces.report.wording import figures, place
from report_cases import answer, visible


def test_a_missing_channel_keeps_its_place_in_grey():
    with_all = [r.key for r in rows.build(answer("marathon"), "metric")]
    without = rows.build(answer("only position"), "metric")
    assert [r.key for r in without] == with_all
    assert [r.key for r in without if r.kind == "missing"] == ["heart", "cadence", "air"]
    assert "Not in the file. It would help to place your own level if you give no best time." in visible(
        "only position"
    )


def heart_row(bpm: np.ndarray) -> rows.Row:
    """The row of the heart rate, where the watch had said this."""
    one = answer("marathon")
    tracks = tuple(replace(t, mean=bpm) if t.key == "heart" else t for t in one.strip.tracks)
    listed = rows.build(replace(one, strip=replace(one.strip, tracks=tracks)), "metric")
    return next(r for r in listed if r.key == "heart")


def test_a_scale_holds_what_belongs_to_a_channel_and_not_its_outliers():
    """Three quartile ranges, and three quarters of the least span, are what a fence leaves room for at least."""
    size = answer("marathon").strip.time_s.size
    noisy = 150 + 10 * np.random.default_rng(1).standard_normal(size)
    row = heart_row(noisy)
    assert row.lo <= noisy.min() < noisy.max() <= row.hi
    spiked = noisy.copy()
    spiked[size // 2] = 400.0
    assert heart_row(spiked).hi < 250
    flat = np.full(size, 150.0)
    row = heart_row(flat)
    assert (row.lo, row.hi) == (140.0, 160.0)  # the least span of a heart rate is 20
    flat[::10] = 155.0
    assert heart_row(flat).hi >= 155


@pytest.mark.parametrize(
    ("kind", "words"),
    [("pause", "paused"), ("latitude_deg", "no position"), ("power_w", "no power"), ("air_temp_c", "no temperature")],
)
def test_a_break_is_named_also_where_it_has_no_name_of_its_own(kind, words):
    assert strip_words.break_name(kind) == words
    one = answer("marathon")
    named = replace(one, strip=replace(one.strip, breaks=((100.0, 160.0, kind),)))
    assert [line[1:] for line in strip_words.breaks_table(named, "metric")] == [[words, "1:00"]]


def test_a_lost_signal_breaks_the_line_and_is_named():
    one = answer("marathon")
    listed = rows.build(one, "metric")
    picture = strip.draw(one, listed, "metric", True).svg("t", "d", "wide")
    data = re.search(r'class="q-heart l thin" d="([^"]*)"', picture)[1]
    lost = next(b for b in one.strip.breaks if b[2] == "heart_rate_bpm")
    axis = listed[0].axis
    left, right = (216 + 676 * axis.at(s) / axis.hi for s in lost[:2])
    assert right - left > 10
    x = 0.0
    for command, first in re.findall(r"([Mlhv]) ?(-?\d*\.?\d+)", data):
        before, x = x, float(first) if command == "M" else x + float(first) * (command in "lh")
        assert command == "M" or not (before < right - 3 and x > left + 3), "the line runs across the lost signal"
    assert "no pulse" in picture
    assert "paused 1:20" in picture
    assert "no recording 0:45" in picture


def test_a_pause_lifts_the_pen_of_the_model_too():
    one = answer("no cramp")
    water = next(r for r in rows.build(one, "metric") if r.key == "water")
    assert np.isfinite(water.mean).all()  # so it is the pause alone that breaks the line
    silent = rows.silent(water, one.strip.breaks)
    assert len(silent) == 3
    drawn = strip.draw(one, rows.build(one, "metric"), "metric", True).svg("t", "d", "wide")
    assert re.search(r'class="q-water l" d="([^"]*)"', drawn)[1].count("M") == 1 + len(silent)
    # A channel that is lost breaks its own line only.
    heart = next(r for r in rows.build(one, "metric") if r.key == "heart")
    assert len(rows.silent(heart, one.strip.breaks)) == 4


def test_what_the_model_says_after_the_cramp_is_pale_from_there_on():
    one = answer("marathon")
    listed = rows.build(one, "metric")
    at = 216 + 676 * listed[0].axis.at(place.of(one).from_s) / listed[0].axis.hi
    drawn = strip.draw(one, listed, "metric", True).svg("t", "d", "wide")
    for css in ("q-water l after", "q-hazard l dash after"):
        start = float(re.search(rf'class="{css}" d="M([\d.]+) ', drawn)[1])
        assert start == pytest.approx(at, abs=1.0)
    assert "after" not in strip.draw(answer("no cramp"), rows.build(answer("no cramp"), "metric"), "metric", True).svg(
        "t", "d", "wide"
    )


def test_an_exact_cramp_is_a_line_and_a_range_is_hatched():
    exact, between = (
        strip.draw(answer(c), rows.build(answer(c), "metric"), "metric", True) for c in ("marathon", "between")
    )
    assert 'class="crh"' not in exact.svg("t", "d", "wide")
    assert 'class="crh"' in between.svg("t", "d", "wide")
    # Two limits, each in two parts: the row of the missing heart rate lies between them.
    assert between.svg("t", "d", "wide").count('class="cr"') == 4
    assert exact.svg("t", "d", "wide").count('class="cr"') == 1


def test_the_strip_shows_what_the_answer_holds_just_before_the_cramp():
    one = answer("marathon")
    spot = place.of(one)
    shown = {r.key: r for r in rows.build(one, "metric")}
    i = np.flatnonzero(one.strip.time_s <= spot.from_s)[-1]
    water = one.strip.track("water")
    assert shown["water"].value == figures.number(100 * water.mean[i], 1)
    assert shown["water"].under == (
        f"{figures.number(100 * water.low[i], 1)} to {figures.number(100 * water.high[i], 1)}",
    )
    rate = 100 * one.hazard.rate_per_h[np.flatnonzero(one.hazard.time_s <= spot.from_s)[-1]]
    assert shown["hazard"].value == figures.figure(rate)
    minute = one.strip.track("heart").mean[(one.strip.time_s > spot.from_s - 60) & (one.strip.time_s <= spot.from_s)]
    assert shown["heart"].value == figures.number(float(np.nanmedian(minute)))


def test_next_to_no_hazard_looks_like_it():
    rows_of = {r.key: r for r in rows.build(answer("next to nothing"), "metric")}
    hazard = rows_of["hazard"]
    assert hazard.hi >= 1
    assert (hazard.value, hazard.under) == ("under 0.001", ("under 0.001",))
    assert "nder 0.1 in 100 (under 0.1)" in " ".join(render_why_text(answer("next to nothing")).split())
