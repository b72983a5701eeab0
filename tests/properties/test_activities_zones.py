"""The day of a run is the runner's: on the watch, else in the file, else at the place; the same in every command.

Offsets of places are those of the tz database; everything else follows from what was written.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import maker_files as makers
from activity_files import Leg, fit, gpx, one_piece, session_of, tcx
from charley.activities.cleaning import clean
from charley.activities.reading import decode
from charley.activities.zones import offset_at, offset_s
from charley.api import journal as journals
from charley.faces.cli.main import cli
from charley.vocabulary.errors import UsageError
from charley.vocabulary.run import Run

RUN = one_piece(Leg(1800))
HOUR = 3600


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def machine(request) -> Iterator[str]:
    """The zone of the machine."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def as_fit(start: datetime, offset: int | None, positions: bool = False) -> bytes:
    return fit(RUN, [session_of(RUN)], start=start, utc_offset_s=offset, positions=positions)


def run_of(data: bytes, kind: str) -> Run:
    return clean(decode(kind, data, f"made.{kind}"))


@pytest.mark.parametrize("minutes", [-12 * 60, -6 * 60, -210, 0, 120, 345, 570, 765, 14 * 60])
def test_the_watchs_own_clock_names_the_day(machine: str, minutes: int) -> None:
    """A run an hour before and one an hour after midnight on the watch."""
    midnight = datetime(2026, 4, 27, tzinfo=UTC) - timedelta(minutes=minutes)
    for start, day in ((midnight - timedelta(hours=1), 26), (midnight + timedelta(hours=1), 27)):
        run = run_of(as_fit(start, 60 * minutes), "fit")
        assert (run.started_at, run.started_at.day, run.zone_from) == (start, day, "watch")


@pytest.mark.parametrize("zone", ["+4000", "-1300", "+1500"])
def test_an_offset_that_no_zone_has_gives_way_to_the_place(machine: str, zone: str) -> None:
    """The zones of the Earth go from -12 to +14 h; the run is in the Azores, an hour behind UTC in winter."""
    start = datetime(2026, 1, 27, 0, 30, tzinfo=UTC)
    run = run_of(makers.huawei(makers.Made(start=start, samples=1200), zone=zone), "huawei")
    assert (run.started_at, run.started_at.day, run.zone_from) == (start, 26, "place")


def test_an_offset_in_the_times_names_the_day(machine: str) -> None:
    start = datetime(2026, 4, 27, 1, 30, tzinfo=UTC)
    for kind, data in (("gpx", gpx([RUN], start=start)), ("tcx", tcx([[RUN]], start=start))):
        east = rewritten(data, 9.5)
        west = rewritten(data, -6)
        assert (run_of(east, kind).started_at.day, run_of(west, kind).started_at.day) == (27, 26)
        assert run_of(west, kind).zone_from == "file"
        assert run_of(west, kind).started_at == start


def rewritten(data: bytes, hours: float) -> bytes:
    """Each time of a file with an offset from UTC."""
    shift = timedelta(hours=hours)
    sign, minutes = ("-" if hours < 0 else "+"), round(abs(hours) * 60)

    def local(found: re.Match[str]) -> str:
        there = datetime.strptime(found[0], "%Y-%m-%dT%H:%M:%SZ") + shift
        return f"{there:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02d}:{minutes % 60:02d}"

    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", local, data.decode()).encode()


@pytest.mark.parametrize(
    ("latitude", "longitude", "summer_h", "winter_h"),
    [
        (52.1, 5.1, 2, 1),  # Utrecht
        (40.4, -3.7, 2, 1),  # Madrid, an hour and more off the sun
        (41.9, -87.6, -5, -6),  # Chicago
        (22.6, 88.4, 5.5, 5.5),  # Kolkata
        (-37.8, 145.0, 10, 11),  # Melbourne: the summer is the other way round
        (31.2, 121.5, 8, 8),  # Shanghai
    ],
)
def test_a_place_has_the_zone_of_its_nearest_city(latitude, longitude, summer_h, winter_h) -> None:
    for month, hours in ((7, summer_h), (1, winter_h)):
        assert offset_at(latitude, longitude, datetime(2025, month, 15, tzinfo=UTC)) == timedelta(hours=hours)


def test_without_a_list_of_cities_the_sun_names_the_hour(monkeypatch) -> None:
    from charley.activities import zones

    monkeypatch.setattr(zones, "_cities", lambda: ((), np.empty((0, 3))))
    assert offset_at(52.1, 5.1, datetime(2025, 7, 15, tzinfo=UTC)) == timedelta(0)
    assert offset_at(40.0, 116.0, datetime(2025, 7, 15, tzinfo=UTC)) == timedelta(hours=8)


def test_the_place_counts_where_the_file_says_nothing_or_a_watch_shows_utc_far_from_it() -> None:
    """The course of these tests lies off the Azores; moved to 100 degrees east it is at +7 or +8."""
    start = datetime(2025, 5, 4, 23, 30, tzinfo=UTC)
    assert run_of(gpx([RUN], start=start), "gpx").zone_from == "place"
    east = gpx([RUN], start=start).replace(b'lat="46.0000000" lon="-25.', b'lat="14.0000000" lon="100.')
    assert run_of(east, "gpx").started_at.day == 5
    assert run_of(as_fit(start, 0, positions=True), "fit").zone_from == "watch"  # an hour off: the watch may be right


@pytest.mark.parametrize("longitude", ["1e300", "181", "-1e9"])
def test_a_first_position_that_is_nowhere_names_no_zone(longitude: str) -> None:
    """The one behind it does: the course lies off the Azores."""
    odd = gpx([RUN], start=datetime(2025, 5, 4, 12, tzinfo=UTC)).replace(
        b'lon="-25.', f'lon="{longitude}" x="'.encode(), 1
    )
    run = run_of(odd, "gpx")
    assert (run.zone_from, run.started_at.utcoffset()) == ("place", timedelta(0))


@pytest.mark.parametrize(
    ("local", "expected"), [(3600, 3600), (3590, 3600), (20_700, 20_700), (5000, None), (90_000, None)]
)
def test_an_offset_is_a_whole_quarter_of_an_hour_within_the_zones(local: float, expected: float | None) -> None:
    assert offset_s(1e9 + local, 1e9) == expected


def test_every_command_tells_the_same_day(machine: str, tmp_path: Path) -> None:
    """Half past seven in the evening of 26 April on the watch, UTC-6; in UTC it is the 27th."""
    file, journal = tmp_path / "evening.fit", tmp_path / "journal.sqlite"
    file.write_bytes(as_fit(datetime(2026, 4, 27, 1, 30, tzinfo=UTC), -6 * HOUR))

    def charley(*words: str) -> str:
        made = CliRunner().invoke(cli, ["--journal", str(journal), *words], standalone_mode=False)
        assert made.exception is None, (words, made.output, made.exception)
        return made.output

    charley("import", str(file))
    assert "2026-04-26 19:30" in charley("runs")
    shown = charley("runs", "show", "2026-04-26")
    assert "Sun 26 Apr 2026 19:30" in shown
    assert "on your watch" in shown
    assert "26 April 2026" in charley("why", str(file), "--draws", "20")
    assert json.loads(charley("why", str(file), "--draws", "20", "--json"))["run"]["zone_from"] == "watch"
    charley("log", "none", "--run", "2026-04-26")
    with pytest.raises(UsageError, match="journal-unknown-run"):
        journals.get_run(journal, "2026-04-27")
    assert journals.get_run(journal, "2026-04-26").started_at.day == 26
