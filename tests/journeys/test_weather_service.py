"""`--weather open-meteo`: answers in the form that the service documents, with made-up figures; no network."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from activity_files import START, Leg, fit, pieces
from charley.api import one_run, open_meteo
from charley.api import race as api
from charley.faces.cli.main import run as charley
from charley.vocabulary.errors import InputError, UsageError
from charley.vocabulary.runner import Weather

TODAY = date(2026, 9, 28)
NOW = datetime(2026, 9, 28, 12, tzinfo=UTC)


def answer(first: date, *, days: int = 2) -> bytes:
    """Hours of so many days: 10 C at midnight and half a degree more each hour of the day, wind in m/s."""
    times = [datetime.combine(first, datetime.min.time()) + timedelta(hours=h) for h in range(24 * days)]
    return json.dumps({
        "latitude": 51.5, "longitude": -0.1, "utc_offset_seconds": 0, "timezone": "GMT",
        "hourly_units": {"time": "iso8601", "temperature_2m": "°C", "relative_humidity_2m": "%",
                         "wind_speed_10m": "m/s", "shortwave_radiation": "W/m²"},
        "hourly": {
            "time": [f"{t:%Y-%m-%dT%H:%M}" for t in times],
            "temperature_2m": [10.0 + 0.5 * t.hour for t in times],
            "relative_humidity_2m": [80 if t.hour < 12 else None for t in times],
            "wind_speed_10m": [3.0] * len(times),
            "shortwave_radiation": [100.0] * len(times),
        },
    }).encode()  # fmt: skip


class Service:
    """Stands where the network would: keeps what was sent."""

    def __init__(self, data: bytes) -> None:
        self.data, self.sent, self.said = data, [], []

    def __call__(self) -> open_meteo.OpenMeteo:
        return open_meteo.OpenMeteo(self.said.append, self.fetch)

    def fetch(self, address: str) -> bytes:
        assert self.said, "it is said before it is sent"
        self.sent.append(address)
        return self.data


def test_a_race_asks_for_its_place_rounded_and_its_day_and_for_nothing_else() -> None:
    service = Service(answer(date(2026, 10, 4)))
    asked = api.race_of(
        api.course(None, 42_195.0), starts_at=datetime(2026, 10, 4, 9), latitude_deg=51.4779, longitude_deg=-0.0015,
        service=service(), now=NOW,
    )  # fmt: skip
    assert asked.air.source == "forecast"
    assert asked.air.air_temp_c[:3] == pytest.approx([14.5, 15.0, 15.5])  # by the clock of the place
    (address,) = service.sent
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "api.open-meteo.com", "/v1/forecast")
    assert parse_qs(parts.query) == {
        "latitude": ["51.5"], "longitude": ["0.0"], "start_date": ["2026-10-04"], "end_date": ["2026-10-05"],
        "hourly": [open_meteo.HOURLY], "wind_speed_unit": ["ms"], "timezone": ["auto"],
    }  # fmt: skip
    (said,) = service.said
    assert said == "sent to api.open-meteo.com: latitude 51.5, longitude 0, 2026-10-04 and the next day"


def test_what_was_told_wins_and_an_answer_without_humidity_leaves_it_as_it_was(tmp_path) -> None:
    """A run of 25 minutes from 8:00 UTC: 14.0 C at 8:00 and 14.5 C at 9:00, so 14.1 C on average."""
    file = tmp_path / "a.fit"
    file.write_bytes(fit(pieces(Leg(1500))[0]))
    run = one_run.read_run(file)
    service = Service(answer(START.date()))
    found = service().over_run(run, Weather(relative_humidity=0.3))
    assert found.air_temp_c == pytest.approx(14.0 + 0.5 * 0.5 * 1500 / 3600, abs=0.01)
    assert found.relative_humidity == 0.3
    assert found.wind_m_s is not None
    assert 0.0 < found.wind_m_s < 3.0  # at the height of a runner
    assert urlsplit(service.sent[0]).netloc == "archive-api.open-meteo.com"
    assert service().over_run(run, Weather(air_temp_c=30.0)).air_temp_c == 30.0


def test_why_says_what_it_sends_and_answers_with_that_temperature(tmp_path, capsys, monkeypatch) -> None:
    file = tmp_path / "a.fit"
    file.write_bytes(fit(pieces(Leg(1500))[0]))
    sent: list[str] = []

    def network(address: str) -> bytes:
        sent.append(address)
        return answer(START.date())

    monkeypatch.setattr(open_meteo, "_over_the_network", network)
    assert charley(["why", str(file), "--draws", "20", "--weather", "open-meteo", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "weather: sent to archive-api.open-meteo.com: latitude 46, longitude -25, 2025-05-04" in err
    assert len(sent) == 1
    assumed = json.dumps(json.loads(out)["assumed"])
    assert charley(["why", str(file), "--draws", "20", "--json"]) == 0
    assert len(sent) == 1
    without = json.dumps(json.loads(capsys.readouterr().out)["assumed"])
    assert "temp" in without
    assert "temp" not in assumed


def test_nothing_of_it_is_loaded_without_the_flag(tmp_path) -> None:
    (tmp_path / "a.fit").write_bytes(fit(pieces(Leg(1500))[0]))
    look = (
        "import sys; from charley.faces.cli.main import run; run(['why', 'a.fit', '--draws', '20']);"
        "run(['race', '--distance', '10k', '--studies']); "
        "print([m for m in sys.modules if m in ('charley.api.open_meteo', 'urllib.request', 'http.client')])"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ((None, 0.0), TODAY),
        ((91.0, 0.0), TODAY),
        ((0.0, 0.0), TODAY + timedelta(days=16)),
        ((0.0, 0.0), date(1939, 1, 1)),
    ],
)
def test_what_cannot_be_known_is_not_asked(place, day) -> None:
    service = Service(b"")
    with pytest.raises(UsageError) as refused:
        service().of_day(*place, day, in_utc=True, today=TODAY)
    assert refused.value.code == "weather-needs"
    assert service.sent == []


def test_a_race_without_a_day_is_told_so() -> None:
    with pytest.raises(UsageError) as refused:
        api.race_of(api.course(None, 10_000.0), latitude_deg=1.0, longitude_deg=1.0, service=Service(b"")(), now=NOW)
    assert refused.value.code == "weather-needs"


@pytest.mark.parametrize(
    "data", [b"", b"<html>no</html>", b'{"error": true, "reason": "limit"}', b'{"hourly": {"time": []}}']
)
def test_an_answer_that_is_none_gets_one_coded_line(data) -> None:
    with pytest.raises(InputError) as refused:
        Service(data)().of_day(1.0, 1.0, TODAY, in_utc=True, today=TODAY)
    assert refused.value.code == "weather-failed"
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("error", [urllib.error.URLError("no route"), TimeoutError("slow"), OSError("reset")])
def test_a_dead_network_gets_one_coded_line(error, monkeypatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", fails)
    with pytest.raises(InputError) as refused:
        open_meteo.OpenMeteo(lambda _: None).of_day(1.0, 1.0, TODAY, in_utc=True, today=TODAY)
    assert refused.value.code == "weather-failed"


def test_no_other_file_of_charley_can_ask_a_network() -> None:
    """Names of modules of the standard library that open connections outwards."""
    source = Path(open_meteo.__file__).parents[1]
    able = [
        path.name
        for path in source.rglob("*.py")
        if any(
            name in path.read_text(encoding="utf-8") for name in ("urllib.request", "http.client", "urlopen", "ftplib")
        )
    ]
    assert able == ["open_meteo.py"]
