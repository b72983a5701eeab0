"""Numbers and times as programs of all countries write them: in the forms of bug reports and exports."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.activities.texts import moment, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("52.0000000", 52.0),
        ("52,0000000", 52.0),
        ("-4,25", -4.25),
        ("−4.25", -4.25),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1 234,5", 1234.5),
        ("٥٢٫٢٥", 52.25),
        ("۵۲.۲۵", 52.25),
        ("५२.२५", 52.25),
        ("‎52.25‎", 52.25),
        ("1e3", 1000.0),
    ],
)
def test_a_number_of_any_country(text: str, value: float) -> None:
    assert number(text.replace(" ", "\u202f")) == value


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1e999", "--1", "1.2.3", "²", "½"])
def test_what_is_no_number_is_missing(text: str) -> None:
    assert math.isnan(number(text))


EVENING = datetime(2025, 10, 17, 16, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-17T16:04:05Z",
        "2025-10-17T16.04.05Z",  # a culture that writes points
        "۲۰۲۵-۱۰-۱۷T۱۶:۰۴:۰۵Z",
        "٢٠٢٥-١٠-١٧T١٦:٠٤:٠٥Z",
        "2025-10-17T04:04:05 PM Z",
        "2025-10-17 4:04:05 p.m. UTC",
        "10/17/2025 4:04:05 PM +0000",
        "17.10.2025 16:04:05 +00:00",
        "2568-10-17T16:04:05Z",  # years of the Buddha
        "2025-10-17T18:04:05+0200",
        "2025-10-17T18:04:05 GMT+2",
        "1760717045",
        "1760717045000",
        "Oct 17, 2025, 4:04:05 PM Z",
        "17 octobre 2025 16:04:05 Z",
        "17 de outubro de 2025 16:04:05Z",
    ],
)
def test_a_time_of_any_country(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.astimezone(UTC) == EVENING


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:00:01 AM", 0), ("12:00:01 PM", 12), ("1:00:01 PM", 13), ("11:59:59 am", 11), ("下午 3:00:00", 15)],
)
def test_hours_before_and_after_noon(text: str, hour: int) -> None:
    found = moment(f"2025-10-17 {text}")
    assert found is not None
    assert (found.hour, found.tzinfo) == (hour, None)


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-40T00:00:00Z", "99", "2025-10-17T16:04:05+99:99", "T"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text) is None


@settings(deadline=None)
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1)),
    st.integers(-12 * 4, 14 * 4),
    st.sampled_from(
        ["{:%d.%m.%Y %H:%M:%S}", "{:%m/%d/%Y %I:%M:%S %p}", "{:%Y/%m/%d %H.%M.%S}", "{:%b %d, %Y %I:%M:%S %p}"]
    ),
)
def test_a_time_in_any_order_is_the_same_instant(when: datetime, quarters: int, form: str) -> None:
    local = when.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert moment(f"{form.format(local)} {local:%z}") == local


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_no_text_brings_it_down(text: str) -> None:
    moment(text)
    number(text)
