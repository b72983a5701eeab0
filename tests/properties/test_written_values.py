"""What people type is understood, and so is every figure that Charley prints: read again, it is the same figure."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.faces.cli import values
from charley.faces.report.wording import figures as fig
from charley.vocabulary.errors import UsageError
from charley.vocabulary.place import Place, Point, distance_at_m, locate, parse_place, two_ways
from charley.vocabulary.run import Run
from journal_world import made_run

UNITS = st.sampled_from(["metric", "imperial"])
MARATHON_S = 14_400
LONG_RUN = made_run(0, MARATHON_S)  # 43.2 km in four hours


def convert(kind: Any, typed: str) -> Any:
    return kind.convert(typed, None, None)


def code_of(typed: str, run: Run | None = None) -> str:
    """The code of the refusal, "" where the place is understood."""
    try:
        place = parse_place(typed)
        if run is not None:
            locate(place, run)
    except UsageError as error:
        return error.code
    return ""


# ---------------------------------------------------------------- what people type


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        # each by the definition of its unit: international mile, foot and pound; US fluid ounce of 29.5735 mL
        (values.DISTANCE, "20 miles", 20 * 1609.344),
        (values.DISTANCE, "mile 22", 22 * 1609.344),
        (values.DISTANCE, "10k", 10_000.0),
        (values.DISTANCE, "1,500 m", 1500.0),
        (values.DISTANCE, "33,5 km", 33_500.0),
        (values.DISTANCE, "half marathon", 21_097.5),
        (values.VOLUME, "20oz", 20 * 0.0295735295625),
        (values.VOLUME, "16 fl. oz.", 16 * 0.0295735295625),
        (values.VOLUME, "1.5 litres", 1.5),
        (values.HEIGHT, "5ft11in", 71 * 0.0254),
        (values.HEIGHT, "5'11\"", 71 * 0.0254),
        (values.HEIGHT, "5’ 11”", 71 * 0.0254),
        (values.HEIGHT, "5 feet 11", 71 * 0.0254),
        (values.HEIGHT, "1m75", 1.75),
        (values.MASS, "11st 4lb", 158 * 0.45359237),
        (values.MASS, "11 stone", 154 * 0.45359237),
        (values.MASS, "154 lbs", 154 * 0.45359237),
        (values.TEMPERATURE, "64 °F", (64 - 32) / 1.8),
        (values.TEMPERATURE, "−5 °C", -5.0),
        (values.SHARE, "60 per cent", 0.6),
        (values.YEARS, "12", 12.0),
        (values.YEARS, "8 months", 8 / 12),
        (values.YEARS, "1 year 6 months", 1.5),
        (values.STRETCHING, "never", 0.0),
        (values.STRETCHING, "10 minutes a day", 10.0),
    ],
)
def test_a_value_as_people_write_it(kind: Any, typed: str, meant: float) -> None:
    assert convert(kind, typed) == pytest.approx(meant)


@pytest.mark.parametrize(
    ("typed", "distance_m", "time_s"),
    [
        ("marathon=3:45", 42_195.0, 13_500.0),  # 3 min 45 s over a marathon would be 188 m/s
        ("marathon=3:45:10", 42_195.0, 13_510.0),
        ("half=1h40", 21_097.5, 6000.0),
        ("10k=45:00", 10_000.0, 2700.0),
        ("10 miles=70min", 16_093.44, 4200.0),
        ("100k=10:30", 100_000.0, 37_800.0),
        ("Half Marathon=1:40:00", 21_097.5, 6000.0),
    ],
)
def test_a_best_time_is_read_as_a_person_could_have_run_it(typed: str, distance_m: float, time_s: float) -> None:
    best = convert(values.Best(), typed)
    assert (best.distance_m, best.time_s) == pytest.approx((distance_m, time_s))


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("mile 22", Place(Point(22 * 1609.344, "m"))),
        ("20 miles", Place(Point(20 * 1609.344, "m"))),
        ("at 33 km", Place(Point(33_000.0, "m"))),
        ("halfway", Place(Point(0.5, "distance share"))),
        ("Half-way", Place(Point(0.5, "distance share"))),
        ("the finish", Place(Point(1.0, "share"))),
        ("45min", Place(Point(2700.0, "s"))),
        ("45 s", Place(Point(45.0, "s"))),
        ("2h45", Place(Point(9900.0, "s"))),
        ("2 hours and 45 minutes", Place(Point(9900.0, "s"))),
        ("2:45:10", Place(Point(9910.0, "s"))),
        ("30-35km", Place(Point(30_000.0, "m"), Point(35_000.0, "m"))),
        ("between 30 and 35 km", Place(Point(30_000.0, "m"), Point(35_000.0, "m"))),
        ("30 km – 35 km", Place(Point(30_000.0, "m"), Point(35_000.0, "m"))),
        ("mile 20 to 22", Place(Point(20 * 1609.344, "m"), Point(22 * 1609.344, "m"))),
        ("2h-2h30", Place(Point(7200.0, "s"), Point(9000.0, "s"))),
        ("20-mile mark", Place(Point(20 * 1609.344, "m"))),
        ("mile marker 22", Place(Point(22 * 1609.344, "m"))),
        ("at about the 30k mark", Place(Point(30_000.0, "m"))),
        ("around 30 km", Place(Point(30_000.0, "m"))),
        ("~35km", Place(Point(35_000.0, "m"))),
        ("22 miles in", Place(Point(22 * 1609.344, "m"))),
        ("the halfway point", Place(Point(0.5, "distance share"))),
        ("two thirds", Place(Point(2 / 3, "distance share"))),
        ("2:45h", Place(Point(9900.0, "s"))),
        ("45:10 min", Place(Point(2710.0, "s"))),
        ("1.5h", Place(Point(5400.0, "s"))),
        ("5 km to go", Place(Point(5000.0, "to go"))),
        ("last 5km", Place(Point(5000.0, "to go"), open_ended=True)),
        ("in the last mile", Place(Point(1609.344, "to go"), open_ended=True)),
        ("30km+", Place(Point(30_000.0, "m"), open_ended=True)),
        ("from km 30 on", Place(Point(30_000.0, "m"), open_ended=True)),
        ("somewhere after mile 20", Place(Point(20 * 1609.344, "m"), open_ended=True)),
        ("after halfway", Place(Point(0.5, "distance share"), open_ended=True)),
    ],
)
def test_a_place_as_people_write_it(typed: str, place: Place) -> None:
    read = parse_place(typed)
    assert (read.open_ended, read.start.unit) == (place.open_ended, place.start.unit)
    assert read.start.value == pytest.approx(place.start.value)
    assert (read.end is None) == (place.end is None)
    if read.end is not None and place.end is not None:
        assert (read.end.unit, read.end.value) == (place.end.unit, pytest.approx(place.end.value))


@pytest.mark.parametrize(
    "typed", ["33", "the hill", "", "-", "after", "2:75:10", "1:99", "mile", "km", "halfway to 30", "9" * 400 + "km"]
)
def test_what_is_no_place_is_one_line_that_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_place(typed)
    assert refused.value.code == "at-form"
    assert "mile 22" in str(refused.value)


@given(st.text(max_size=30))
def test_no_text_is_more_than_refused(typed: str) -> None:
    for kind in (
        values.DISTANCE,
        values.VOLUME,
        values.MASS,
        values.HEIGHT,
        values.TEMPERATURE,
        values.YEARS,
        values.Best(),
    ):
        try:
            found = convert(kind, typed)
        except UsageError:
            continue
        assert math.isfinite(found if isinstance(found, float) else found.time_s)
    assert code_of(typed) in ("", "at-form")


# ---------------------------------------------------------------- a clock that is two times


def seconds(typed: str, run: Run = LONG_RUN) -> float | None:
    return locate(parse_place(typed), run).at_s


@pytest.mark.parametrize(("typed", "long", "short"), [("0:45", "45min", "45s"), ("2:45", "2:45:00", "0:02:45")])
def test_a_clock_that_may_be_two_times_of_the_run_is_not_guessed(typed: str, long: str, short: str) -> None:
    with pytest.raises(UsageError) as refused:
        seconds(typed)
    assert refused.value.code == "at-two-ways"
    assert f"Write {long} or {short}." in str(refused.value)
    readings = two_ways(typed)
    assert readings is not None
    assert [r.text for r in readings] == [long, short]
    assert seconds(long) == 60 * (seconds(short) or 0)


def test_a_clock_that_can_be_one_time_of_the_run_is_read() -> None:
    assert seconds("45:10") == 2710.0  # 45 hours are longer than the run
    assert seconds("2:45", made_run(0, 3600)) == 165.0
    assert code_of("2:45", made_run(0, 9890)) == "at-two-ways"  # ten seconds short of it: a slip of the clock
    assert two_ways("2:45:10") is None
    assert two_ways("33km") is None


def test_a_distance_from_the_end_is_counted_back_from_it() -> None:
    at_s = seconds("5 km to go")
    assert at_s is not None
    assert distance_at_m(LONG_RUN, at_s) == pytest.approx(LONG_RUN.distance_m - 5000, abs=5)  # 3 m a second
    last = locate(parse_place("last 5 km"), LONG_RUN)
    assert (last.from_s, last.to_s) == (at_s, MARATHON_S)
    assert code_of("last 100 km", LONG_RUN) == ""  # the whole run


def test_a_range_of_clocks_is_asked_about_as_a_whole() -> None:
    with pytest.raises(UsageError) as refused:
        locate(parse_place("1:10-1:20"), LONG_RUN)
    assert "Write 1:10:00-1:20:00 or 0:01:10-0:01:20." in str(refused.value)
    readings = two_ways("1:10-1:20")
    assert readings is not None
    assert [locate(parse_place(r.text), LONG_RUN).to_s for r in readings] == [4800.0, 80.0]


# ---------------------------------------------------------------- what Charley prints


@given(st.floats(0, 43_000), UNITS)
def test_a_distance_that_is_printed_is_understood_again(metres: float, units: str) -> None:
    printed = fig.distance_with_unit(metres, units)
    assert fig.distance_with_unit(convert(values.DISTANCE, printed), units) == printed
    read = parse_place(printed)
    assert (read.start.unit, fig.distance_with_unit(read.start.value, units)) == ("m", printed)
    short = fig.short_distance(metres, units)
    assert fig.short_distance(parse_place(short).start.value, units) == short


@given(st.floats(0, MARATHON_S))
def test_a_time_that_is_printed_is_understood_again_or_asked_about_never_misread(at_s: float) -> None:
    printed = fig.clock(at_s)
    code = code_of(printed, LONG_RUN)
    if code:
        readings = two_ways(printed)
        assert (code, readings is None) == ("at-two-ways", False)
        assert readings is not None
        printed = readings[1].text  # one of the two is what was printed
    assert seconds(printed) == round(at_s)


@given(st.floats(-30, 45), UNITS)
def test_a_temperature_that_is_printed_is_understood_again(celsius: float, units: str) -> None:
    printed = fig.temperature(celsius, units)
    assert fig.temperature(convert(values.TEMPERATURE, printed), units) == printed


@given(st.floats(0.4, 43_195), st.floats(1.0, 10.5))
def test_a_race_time_that_is_printed_is_understood_again(distance_m: float, speed_m_s: float) -> None:
    distance_m += 400.0
    time_s = round(distance_m / speed_m_s)
    if not values.SLOWEST_M_S * 1.01 <= distance_m / max(time_s, 1) <= values.FASTEST_M_S * 0.99:
        return
    best = convert(values.Best(), f"{distance_m:.1f}m={fig.clock(time_s)}")
    assert best.time_s == time_s
