"""The drawing module: what a picture must never do to the data, whatever the data."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.faces.report.pictures import dots
from charley.faces.report.pictures.svg import (
    CLOCK_STEPS,
    DECIMAL_STEPS,
    Box,
    Drawing,
    Scale,
    per_pixel,
    pieces,
    straightened,
    ticks,
    wrap,
)
from charley.vocabulary.estimate import Estimate

VALUES = st.floats(-1e4, 1e4, allow_nan=False)


def decode(data: str) -> list[list[tuple[float, float]]]:
    """Subpaths of path data as drawn here (M, l, h, v, m, z)."""
    subpaths: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, arguments in re.findall(r"([MmLlhvz])([^MmLlhvz]*)", data):
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", arguments)]
        if command in "Mm":
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
            subpaths.append([(x, y)])
            continue
        if command == "l":
            x, y = x + numbers[0], y + numbers[1]
        elif command == "h":
            x += numbers[0]
        elif command == "v":
            y += numbers[0]
        if command != "z":
            subpaths[-1].append((x, y))
    return subpaths


def paths(picture: Drawing, css: str = "line") -> list[str]:
    return re.findall(rf'<path class="{css}" d="([^"]*)"', picture.svg("t", "d", "wide"))


@given(st.lists(st.tuples(st.floats(0, 600), VALUES), min_size=1, max_size=300))
def test_thinning_keeps_the_lowest_and_the_highest_of_each_column(points):
    points.sort(key=lambda p: p[0])
    x, y = (np.array(c) for c in zip(*points, strict=True))
    thin_x, thin_y = per_pixel(x, y)
    assert thin_x.size <= x.size
    assert (thin_x[0], thin_y[0], thin_x[-1], thin_y[-1]) == (x[0], y[0], x[-1], y[-1])
    assert np.all(np.diff(thin_x) >= 0)
    for column in np.unique(np.floor(x)):
        there, kept = y[np.floor(x) == column], thin_y[np.floor(thin_x) == column]
        assert (kept.min(), kept.max()) == (there.min(), there.max())


def test_one_spike_of_one_second_in_a_day_is_still_drawn():
    y = np.full(86_400, 50.0)
    y[43_210] = 3.0
    picture = Drawing("p", 700)
    picture.line(np.linspace(0, 676, y.size), y, "line")
    drawn = decode(paths(picture)[0])[0]
    assert min(v for _, v in drawn) == pytest.approx(3.0)
    assert len(drawn) <= 4 * 677


@given(st.lists(st.one_of(VALUES, st.just(float("nan"))), min_size=1, max_size=200), st.sets(st.integers(1, 199)))
def test_a_line_covers_all_that_was_recorded_and_no_gap(values, lifted):
    y = np.array(values)
    cut = np.zeros(y.size, dtype=bool)
    cut[[i for i in lifted if i < y.size]] = True
    found = list(pieces(y, cut))
    covered = np.concatenate([np.arange(s.start, s.stop) for s in found]) if found else np.array([], dtype=int)
    assert covered.tolist() == np.flatnonzero(np.isfinite(y)).tolist()
    for piece in found:
        assert not cut[piece.start + 1 : piece.stop].any()


@given(st.lists(st.tuples(st.floats(0, 1080), st.floats(0, 900)), min_size=2, max_size=200))
def test_a_path_ends_where_the_data_ends_however_many_steps_it_has(points):
    # Relative steps of rounded values: an error that piled up would show at the end.
    points.sort(key=lambda p: p[0])
    x, y = (np.array(c) for c in zip(*points, strict=True))
    picture = Drawing("p", 1080)
    picture.line(x, y, "line")
    drawn = decode(paths(picture)[0])[0]
    assert drawn[-1] == pytest.approx((x[-1], y[-1]), abs=0.06)
    assert drawn[0] == pytest.approx((x[0], y[0]), abs=0.06)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 90)), min_size=1, max_size=100))
def test_raw_dots_stand_where_the_samples_are(points):
    points.sort(key=lambda p: p[0])
    x, y = (np.array(c) for c in zip(*points, strict=True))
    picture = Drawing("p", 300)
    picture.dots(x, y, "line")
    drawn = [p[0] for p in decode(paths(picture)[0])]
    kept = np.column_stack(per_pixel(x, y))
    assert np.allclose(np.array(drawn), kept, atol=0.06)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4), st.integers(2, 12), st.sampled_from([DECIMAL_STEPS, CLOCK_STEPS]))
def test_ticks_are_round_inside_and_few(lo, span, at_most, steps):
    found = ticks(lo, lo + span, at_most, steps)
    assert len(found) <= at_most
    slack = 1e-6 * (abs(lo) + span)
    assert all(lo - slack <= v <= lo + span + slack for v in found)
    if len(found) > 1:
        step = found[1] - found[0]
        assert any(step == pytest.approx(s) for s in steps)


def test_ticks_of_a_marathon():
    assert ticks(0, 42.195, 10) == [0, 5, 10, 15, 20, 25, 30, 35, 40]


@given(st.text(max_size=200), st.floats(40, 400))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    # A box of a line that could be broken is never wider than asked for.
    picture = Drawing("p", width)
    assert all(picture.box(0, 0, line).x1 <= width + 1e-6 for line in lines if len(line) > 1)


@given(st.text(max_size=60))
def test_text_of_any_kind_stays_text(text):
    picture = Drawing("p", 100)
    picture.text(0, 10, text)
    svg = picture.svg(text, text, "wide")
    assert svg.count("<text") == 1
    inner = re.sub(r"</?(?:svg|title|desc|text)\b[^>]*>", "", svg)
    assert "<" not in inner


def test_an_optional_label_gives_way_and_a_wanted_one_is_kept():
    picture = Drawing("p", 200)
    first = picture.text(10, 20, "first label")
    assert picture.text_if_free([(12, 22, "start")], "second") is None
    moved = picture.text_if_free([(12, 22, "start"), (12, 60, "start")], "second")
    assert moved is not None
    assert not moved.overlaps(first)
    assert picture.text_if_free([(190, 100, "start")], "beyond the edge") is None
    picture.kept_clear = [Box(100, 0, 104, 1000, "")]
    assert picture.text_if_free([(102, 150, "middle")], "on a line") is None


def test_a_scale_without_span_stays_finite():
    assert np.isfinite(Scale(3.0, 3.0, 0.0, 100.0).at(3.0))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=80), st.booleans())
def test_a_straightened_line_is_the_same_to_the_eye(values: list[float], smooth: bool) -> None:
    """No vertex that was dropped lies further than a third of a pixel from the line that is left; both ends stay."""
    x = np.arange(len(values), dtype=np.float64)
    y = np.cumsum(np.array(values)) / 50 if smooth else np.array(values)
    kept_x, kept_y = straightened(x, y)
    assert (kept_x[0], kept_x[-1]) == (x[0], x[-1])
    assert np.abs(np.interp(x, kept_x, kept_y) - y).max() <= 0.3 + 1e-9


@pytest.mark.parametrize("of", [10, 20, 100, 1000])
def test_every_dot_of_a_chance_is_in_the_picture(of):
    """Rows of 20 dots, 12 px apart: the picture is as high as its rows, and as many are filled as the mean says."""
    picture = dots.draw("x", Estimate(0.3, 0.1, 0.5, 0.2, 0.4), of)
    drawn = picture.svg("t", "d", "c")
    circles = re.findall(r'<circle class="(on\d)" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', drawn)
    assert len(circles) == of
    assert picture.height == 12.0 * -(-of // 20)
    for _, x, y, r in circles:
        assert float(r) <= float(x) <= picture.width - float(r)
        assert float(r) <= float(y) <= picture.height - float(r)
    filled, outlined = (sum(css == name for css, *_ in circles) for name in ("on1", "on2"))
    assert (filled, filled + outlined) == (round(0.3 * of), round(0.5 * of))
