"""Several activities in one file: each is kept as what it is, whatever else stands in the file.

Expected kilometres, minutes and days are those of the legs that were written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from activity_files import (
    START,
    FitSession,
    Leg,
    fit,
    gpx_of,
    gpx_track,
    one_piece,
    session_of,
    shifted,
    tcx_activity,
    tcx_of,
)
from charley.activities import activities_of, clean
from charley.activities.kept import read_and_clean
from charley.activities.reading import decode
from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.journal import FileNotes, OtherActivity
from charley.vocabulary.run import Run

DAYS = (0, 2, 7)
RUNS = tuple(one_piece(Leg(seconds)) for seconds in (1800, 1200, 2400))  # 6.0, 4.0 and 8.0 km


def on_day(day: float):
    return START + timedelta(days=day)


def three_gpx() -> bytes:
    return gpx_of([gpx_track([run], "running", on_day(day)) for day, run in zip(DAYS, RUNS, strict=True)])


def three_tcx(backwards: bool = False) -> bytes:
    activities = [tcx_activity([[run]], "Running", on_day(day)) for day, run in zip(DAYS, RUNS, strict=True)]
    return tcx_of(activities[::-1] if backwards else activities)


def three_fit() -> bytes:
    return b"".join(fit(run, [session_of(run)], start=on_day(day)) for day, run in zip(DAYS, RUNS, strict=True))


def kept(data: bytes, name: str = "many") -> list[Run | OtherActivity | CharleyError]:
    return list(read_and_clean(data, name, FileNotes()))


FILES = [("gpx", three_gpx), ("tcx", three_tcx), ("tcx", lambda: three_tcx(backwards=True)), ("fit", three_fit)]


@pytest.mark.parametrize(("kind", "made"), FILES)
def test_an_import_keeps_each_run_of_a_file(kind: str, made) -> None:
    runs = kept(made())
    assert [round(r.distance_m, -1) for r in runs] == [6000, 4000, 8000]
    assert [r.started_at for r in runs] == [on_day(day) for day in DAYS]
    assert len({r.run_id for r in runs}) == 3
    assert all(not [w for w in r.warnings if w.code in ("several-runs", "clock-jump")] for r in runs)


@pytest.mark.parametrize(("kind", "made"), FILES)
def test_one_is_chosen_by_its_number_else_the_longest_and_it_is_said(kind: str, made) -> None:
    recording = decode(kind, made(), "many")
    longest = clean(recording)
    assert longest.distance_m == pytest.approx(8000, abs=20)
    (told,) = [w.text for w in longest.warnings if w.code == "several-runs"]
    assert "3 activities; this is number 3 (11 May 2025, 40 min), the longest" in told
    assert "1 (4 May 2025, 30 min), 2 (6 May 2025, 20 min)" in told
    second = clean(recording, 2)
    assert second.distance_m == pytest.approx(4000, abs=20)
    assert "this is number 2" in next(w.text for w in second.warnings if w.code == "several-runs")
    with pytest.raises(UsageError, match="3 activities"):
        clean(recording, 4)
    assert clean(activities_of(recording)[0], 1).distance_m == pytest.approx(6000, abs=20)


def test_a_run_has_the_same_name_in_a_longer_history() -> None:
    """A watch's history, exported again with another run in it: the old ones are known."""
    earlier = gpx_of([gpx_track([run], "running", on_day(day)) for day, run in list(zip(DAYS, RUNS, strict=True))[:2]])
    assert [r.run_id for r in kept(earlier)] == [r.run_id for r in kept(three_gpx())][:2]


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
def test_two_runs_of_one_day_are_two(kind: str) -> None:
    morning, evening = RUNS[0], RUNS[1]
    later = START + timedelta(hours=9)
    data = {
        "gpx": gpx_of([gpx_track([morning]), gpx_track([evening], "running", later)]),
        "tcx": tcx_of([tcx_activity([[morning]]), tcx_activity([[evening]], "Running", later)]),
        "fit": fit(morning, [session_of(morning)]) + fit(evening, [session_of(evening)], start=later),
    }[kind]
    assert [round(r.distance_m, -1) for r in kept(data)] == [6000, 4000]


def test_days_within_one_track_are_runs_of_their_own() -> None:
    """A track into which somebody's program put a week."""
    apart = [*RUNS[0], *shifted(RUNS[1], 2 * 86_400)]
    assert [round(r.distance_m, -1) for r in kept(gpx_of([gpx_track([apart])]))] == [6000, 4000]


def test_tracks_that_follow_each_other_soon_are_one_run_with_a_pause() -> None:
    """A logger that is switched off at the lights begins a new track."""
    soon = START + timedelta(minutes=35)
    (run,) = kept(gpx_of([gpx_track([RUNS[0]]), gpx_track([RUNS[1]], "running", soon)]))
    assert (run.distance_m, run.elapsed_s, run.timer_s) == (pytest.approx(10_000, abs=30), 3300, 3000)


def test_other_sports_among_the_tracks_are_kept_as_figures() -> None:
    tracks = [gpx_track([RUNS[i % 3]], sport, on_day(i)) for i, sport in enumerate(["running", "cycling", "walking"])]
    run, ride, walk = kept(gpx_of(tracks))
    assert isinstance(run, Run)
    assert [(o.sport, o.elapsed_s) for o in (ride, walk)] == [("cycling", 1200.0), ("walking", 2400.0)]


def test_an_entry_by_hand_is_kept_as_figures() -> None:
    """A session without a record (30.0 km in 3:00:00), a lap without a track."""
    by_fit = fit([], [FitSession(0, 10_800, 10_800, 30_000)])
    totals = "<TotalTimeSeconds>3300</TotalTimeSeconds><DistanceMeters>10000</DistanceMeters>"
    lap = f'<Lap StartTime="2025-05-04T08:00:00Z">{totals}</Lap>'
    by_tcx = tcx_of([f'<Activity Sport="Running">{lap}</Activity>'])
    for data, metres, seconds in ((by_fit, 30_000, 10_800), (by_tcx, 10_000, 3300)):
        (entry,) = kept(data)
        assert (entry.sport, entry.distance_m, entry.elapsed_s) == ("running", metres, seconds)
        assert (entry.started_at, entry.why_no_run) == (START, "no-records")


# ---- several sports ----

RUN_1, RIDE, RUN_2 = Leg(3000, 10 / 3, 150), Leg(4800, 8.333, 140), Leg(1500, 10 / 3, 160)
CHANGE = Leg(89, 1.0, 120)


def multisport(*legs: tuple[int, Leg]) -> bytes:
    """One FIT file of sessions (1 running, 2 cycling, 3 transition, 5 swimming); the counter restarts with each."""
    samples, sessions, start, ground = [], [], 0.0, 0.0
    for sport, leg in legs:
        own = one_piece(leg)
        samples += [replace(s, second=s.second + start, ground_m=s.ground_m + ground) for s in own]
        sessions.append(FitSession(start, leg.seconds, leg.seconds, leg.seconds * leg.speed_m_s, sport))
        start += leg.seconds + 1
        ground += leg.seconds * leg.speed_m_s
    return fit(samples, sessions)


def test_of_a_duathlon_only_the_running_legs_are_running() -> None:
    run, *others = kept(multisport((1, RUN_1), (3, CHANGE), (2, RIDE), (3, CHANGE), (1, RUN_2)))
    assert run.distance_m == pytest.approx(15_000, abs=30)
    assert run.timer_s == pytest.approx(4500, abs=5)
    assert run.elapsed_s == pytest.approx(9482, abs=5)
    assert [w.code for w in run.warnings] == ["other-sports"]
    assert "cycling 40.0 km in 80 min" in run.warnings[0].text
    assert (run.streams.speed_m_s[3100:7900] == 0).all()
    assert not run.moving[3100:7900].any()
    (leg,) = run.other_legs
    assert (leg.sport, leg.start_s, leg.duration_s) == ("cycling", 3091, 4800)
    assert leg.heart_rate_bpm == pytest.approx(140)
    assert [(o.sport, o.elapsed_s) for o in others] == [("cycling", 4800)]


def test_of_a_triathlon_the_run_begins_when_it_begins() -> None:
    run, *others = kept(multisport((5, Leg(1800, 0.8)), (3, CHANGE), (2, RIDE), (3, CHANGE), (1, RUN_1)))
    assert (run.distance_m, run.elapsed_s) == (pytest.approx(10_000, abs=20), 3000)
    assert [(leg.sport, leg.start_s < 0) for leg in run.other_legs] == [("swimming", True), ("cycling", True)]
    assert [o.sport for o in others] == ["swimming", "cycling"]


def test_swimrun_keeps_its_runs_as_legs_of_one() -> None:
    swim = Leg(900, 0.8)
    run, *others = kept(multisport((1, RUN_2), (5, swim), (1, RUN_2), (5, swim), (1, RUN_2)))
    assert run.distance_m == pytest.approx(15_000, abs=40)
    assert run.timer_s == pytest.approx(4500, abs=10)
    assert len(others) == 2


@pytest.mark.parametrize("kind", ["tcx", "gpx"])
def test_a_multisport_session_is_one_activity_in_xml_too(kind: str) -> None:
    starts = (START, START + timedelta(seconds=3120), START + timedelta(seconds=8040))
    legs = [one_piece(leg) for leg in (RUN_1, RIDE, RUN_2)]
    if kind == "tcx":
        names = ("Running", "Biking", "Running")
        inside = [tcx_activity([[leg]], name, start) for leg, name, start in zip(legs, names, starts, strict=True)]
        first, *rest = inside
        whole = f"<MultiSportSession><FirstSport>{first}</FirstSport>" + "".join(
            f"<NextSport>{one}</NextSport>" for one in rest) + "</MultiSportSession>"  # fmt: skip
        data = tcx_of([whole])
    else:
        names = ("running", "cycling", "running")
        data = gpx_of([gpx_track([leg], name, start) for leg, name, start in zip(legs, names, starts, strict=True)])
    run, *others = kept(data)
    assert (run.distance_m, run.timer_s) == (pytest.approx(15_000, abs=30), pytest.approx(4500, abs=10))
    assert [o.sport for o in others] == ["cycling"]


def test_a_swim_and_a_ride_are_no_run() -> None:
    others = kept(multisport((5, Leg(900, 0.8)), (3, CHANGE), (2, RIDE)))
    assert all(isinstance(o, OtherActivity) for o in others)
    assert {"swimming", "cycling"} <= {o.sport for o in others}
