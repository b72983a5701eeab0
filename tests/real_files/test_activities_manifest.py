"""Every file of the reference collection behaves as its manifest says, to the tolerances of the manifest's readers.

The expected values come from readers that have nothing to do with this project (named in the manifest file by file).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from charley import activities
from charley.activities.sports import is_run
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording

MEAN_HR_TOLERANCE_BPM = 0.01
DISTANCE_TOLERANCE_M = 0.02
TIME_TOLERANCE_S = 0.02

# Where we know better than the manifest: its readers took these zips of one FIT file for a broken FIT file.
ZIPS_OF_ONE_FIT = {
    "fit/863c22_TacxNeo.fit.fit.zip",
    "fit/2d37b2_Fr955v19.28andStryd.fit.fit.zip",
    "fit/7ca7c0_Move_2019_03_17_10_24_32_Running.fit.fit.zip",
}
PARTIAL_SHARE = 0.99
NO_RUN_CODES = {"no-records", "no-times", "too-short", "not-activity"}
ERROR_CODES = {"file-empty", "file-kind", "fit-unreadable", "no-records", "archive-empty", "file-limits"}


@dataclass
class Outcome:
    entry: dict[str, Any]
    recording: Recording | None
    error: RunFileError | None

    @property
    def name(self) -> str:
        return str(self.entry["file"])

    @property
    def ref(self) -> dict[str, Any]:
        return dict(self.entry.get("ref", {}))


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "data" / "activities"


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> list[Outcome]:
    """All files of the collection, each read once."""
    entries = tomllib.loads((folder / "MANIFEST.toml").read_text(encoding="utf-8"))["file"]
    found = []
    for entry in entries:
        try:
            found.append(Outcome(entry, activities.read(folder / entry["file"]), None))
        except RunFileError as error:
            found.append(Outcome(entry, None, error))
    return found


def expected(outcomes: list[Outcome], *words: str) -> list[Outcome]:
    chosen = [o for o in outcomes if o.entry["expected"] in words and o.name not in ZIPS_OF_ONE_FIT]
    assert chosen, f"the manifest holds no file expected to be {words}"
    return chosen


def is_archive(outcome: Outcome) -> bool:
    return outcome.entry["format"] == "zip"


def test_the_collection_is_the_one_that_the_manifest_describes(folder: Path, outcomes: list[Outcome]) -> None:
    assert len(outcomes) == 270
    changed = [
        o.name for o in outcomes if hashlib.sha256((folder / o.name).read_bytes()).hexdigest() != o.entry["sha256"]
    ]
    assert changed == []


def differences(outcome: Outcome) -> list[str]:
    """What the recording says otherwise than the reference."""
    recording, ref = outcome.recording, outcome.ref
    if recording is None:
        return [str(outcome.error)]
    wrong = []

    def compare(what: str, ours: float | None, tolerance: float) -> None:
        if what in ref and (ours is None or not abs(ours - ref[what]) <= tolerance):
            wrong.append(f"{what}: {ours} instead of {ref[what]}")

    heart_rate = recording.channels.get("heart_rate_bpm", np.array([]))
    heart_rate = heart_rate[np.isfinite(heart_rate) & (heart_rate > 0)]
    distance = recording.channels.get("distance_m", np.array([]))
    times = recording.time_unix_s[np.isfinite(recording.time_unix_s)]
    compare("records", recording.records, 0)
    compare("hr_records", heart_rate.size, 0)
    compare("mean_hr", float(heart_rate.mean()) if heart_rate.size else None, MEAN_HR_TOLERANCE_BPM)
    if np.isfinite(distance).any():
        compare("max_record_distance_m", float(np.nanmax(distance)), DISTANCE_TOLERANCE_M)
    if "start_utc" in ref:  # written in whole seconds
        start = datetime.fromisoformat(ref["start_utc"]).timestamp()
        if not times.size or np.floor(times.min()) != start:
            wrong.append(f"start: {times.min() if times.size else None} instead of {start}")
    if recording.file_format == "fit":
        compare("sessions", len(recording.sessions), 0)
        compare("elapsed_s", sum(s.elapsed_s or 0.0 for s in recording.sessions), TIME_TOLERANCE_S)
    elif times.size:
        compare("elapsed_s", float(np.ptp(times)), TIME_TOLERANCE_S)
    if recording.file_format != "gpx":
        compare("timer_s", sum(s.timer_s or 0.0 for s in recording.sessions), TIME_TOLERANCE_S)
        compare("distance_m", sum(s.distance_m or 0.0 for s in recording.sessions), DISTANCE_TOLERANCE_M)
    return wrong


@pytest.mark.parametrize("kind", ["fit", "tcx", "gpx"])
def test_files_that_decode_say_what_independent_readers_say(outcomes: list[Outcome], kind: str) -> None:
    kinds = ("fit", "gz") if kind == "fit" else (kind,)
    files = [
        o for o in expected(outcomes, "decodes") if not is_archive(o) and o.entry["format"] in kinds
    ]  # fmt: skip
    assert {o.name: d for o in files if (d := differences(o))} == {}


def test_zips_with_one_run_among_hostile_entries_give_that_run(outcomes: list[Outcome]) -> None:
    zips = [o for o in expected(outcomes, "decodes") if is_archive(o) and o.entry["stratum"] == "hard"]
    plain = next(o for o in outcomes if o.name == "hard/run.fit.gz")
    assert plain.recording is not None
    found = {o.name: o.recording and o.recording.content_sha256 for o in zips}
    assert found == {o.name: plain.recording.content_sha256 for o in zips}
    assert len(zips) == 3


def test_archives_of_several_activities_are_sent_to_import(outcomes: list[Outcome]) -> None:
    exports = [o for o in outcomes if o.entry["stratum"] == "export"]
    several = [o for o in outcomes if o.name == "zip/c6b7de_HRM-unbucle-resync.zip"]
    assert [o.error and o.error.code for o in exports + several] == ["archive-several"] * 3
    assert all("charley import" in str(o.error) for o in exports + several)


def test_zips_of_one_activity_are_read(outcomes: list[Outcome]) -> None:
    zips = [o for o in expected(outcomes, "see_entries") if o.error is None or o.error.code != "archive-several"]
    zips += [o for o in outcomes if o.name in ZIPS_OF_ONE_FIT]
    assert [str(o.error) for o in zips if o.recording is None] == []
    assert len(zips) == 7


def test_damaged_files_keep_what_was_recorded(outcomes: list[Outcome]) -> None:
    partial = expected(outcomes, "recovers_partial")
    shares = {
        o.name: o.recording.records / o.ref["records"] if o.recording else 0.0 for o in partial if "records" in o.ref
    }
    assert min(shares.values()) >= PARTIAL_SHARE
    silent = [o.name for o in partial if o.recording is None or not o.recording.warnings]
    assert silent == []
    cut_tcx = next(o for o in partial if o.name == "hard/tcx_truncated.tcx")
    assert cut_tcx.recording is not None
    assert (
        cut_tcx.recording.records >= PARTIAL_SHARE * 1011
    )  # counted by eye: complete points before the cut, and one cut


def test_files_that_recover_in_full_do_so_and_say_what_was_wrong(outcomes: list[Outcome]) -> None:
    full = expected(outcomes, "recovers_full_with_warning")
    assert {o.name: d for o in full if (d := differences(o))} == {}
    silent = []
    for outcome in full:
        assert outcome.recording is not None
        if any(is_run(s) for s in outcome.recording.sessions):
            run = activities.clean(outcome.recording)
            if not run.warnings and not run.changes:
                silent.append(outcome.name)
            assert run.elapsed_s < 3 * 3600, f"{outcome.name}: a clock error became a run of {run.elapsed_s} s"
    assert silent == []


def test_what_may_recover_or_fail_never_yields_absurdities(outcomes: list[Outcome]) -> None:
    for outcome in expected(outcomes, "recovers_or_clear_error", "recovers_partial_or_clear_error"):
        if outcome.recording is None:
            continue
        try:
            run = activities.clean(outcome.recording)
        except RunFileError:
            continue
        assert run.elapsed_s < 3 * 3600, outcome.name
        assert run.distance_m < 30_000, outcome.name
        assert np.nanmax(run.streams.speed_m_s) <= 12.5, outcome.name


def test_files_without_a_run_are_refused_with_a_reason(outcomes: list[Outcome]) -> None:
    unexpected = {}
    for outcome in expected(outcomes, "not_an_activity", "no_records"):
        error = outcome.error
        if outcome.recording is not None:
            with pytest.raises(RunFileError) as caught:
                activities.clean(outcome.recording)
            error = caught.value
        if error is None or error.code not in NO_RUN_CODES:
            unexpected[outcome.name] = str(error)
    assert unexpected == {}


def test_broken_files_give_one_clear_line(outcomes: list[Outcome]) -> None:
    codes = {o.name: o.error.code if o.error else "read" for o in expected(outcomes, "clear_error")}
    assert {name: code for name, code in codes.items() if code not in ERROR_CODES} == {}
    lines = [str(o.error) for o in outcomes if o.error is not None]
    assert all("\n" not in line and line.isprintable() and len(line) < 300 for line in lines)


def test_hostile_files_are_refused_by_their_limits(outcomes: list[Outcome]) -> None:
    codes = Counter(o.error.code if o.error else o.name for o in expected(outcomes, "refuse_limits"))
    assert codes == {"file-limits": 3, "xml-entities": 2}


def test_runs_of_the_collection_clean_to_a_sound_grid(outcomes: list[Outcome]) -> None:
    cleaned, refused = 0, []
    for outcome in outcomes:
        recording = outcome.recording
        if recording is None or not any(is_run(s) for s in recording.sessions):
            continue
        try:
            run = activities.clean(recording)
        except RunFileError as error:
            refused.append((error.code, outcome.name))
            continue
        cleaned += 1
        streams = run.streams
        held = streams.distance_m[np.isfinite(streams.distance_m)]
        assert (streams.time_s == np.arange(len(streams))).all(), outcome.name
        assert (np.diff(held) >= 0).all(), outcome.name
        assert np.nanmax(streams.speed_m_s) <= 12.5, outcome.name
        assert (np.abs(streams.grade) <= 0.45).all(), outcome.name
        assert np.isfinite(streams.grade).all(), outcome.name
        assert len(streams) <= 100_000, outcome.name
        assert 0 < run.distance_m < 300_000, outcome.name
        assert run.moving.shape == streams.time_s.shape, outcome.name
        for channel, low, high in (("heart_rate_bpm", 25, 240), ("cadence_spm", 0, 280)):
            values = getattr(streams, channel)
            values = values[np.isfinite(values)]
            assert ((values >= low) & (values <= high)).all(), outcome.name
    assert cleaned >= 80
    assert sorted(refused) == [
        ("no-times", "hard/gpx_no_time.gpx"),
        ("too-short", "fit/353312_B47I2852.fit"),  # 46 s
        ("too-short", "fit/db12d0_garmin-fenix-5-basic.fit"),  # 57 s
        ("too-short", "gpx/f97c0a_garmin_connect.gpx"),  # three points
    ]


def test_swims_and_rides_are_read_but_refused_as_runs(outcomes: list[Outcome]) -> None:
    others = [
        o
        for o in outcomes
        if o.recording is not None and o.recording.sport in ("cycling", "swimming", "rowing", "cross_country_skiing")
    ]
    assert len(others) > 50
    for outcome in others:
        assert outcome.recording is not None
        with pytest.raises(RunFileError, match="not-a-run"):
            activities.require_run(outcome.recording)


def test_the_run_of_a_triathlon_is_used_alone(outcomes: list[Outcome]) -> None:
    recording = next(o.recording for o in outcomes if o.name == "fit/910454_sample_mulitple_header.fit")
    assert recording is not None
    run = activities.clean(recording)
    session = next(s for s in recording.sessions if s.sport == "running")
    assert session.distance_m is not None
    assert run.distance_m == pytest.approx(session.distance_m)
    assert run.streams.distance_m[0] == 0.0
    assert "other-sports" in {w.code for w in run.warnings}


def test_compressed_speed_and_distance_of_an_old_foot_pod_add_up(outcomes: list[Outcome]) -> None:
    """fitdecode's expansion of the packed field gives 10 248.688 m (manifest, disagreements); the session 10 248.67."""
    recording = next(o.recording for o in outcomes if o.name == "fit/bdb23e_compressed-speed-distance.fit")
    assert recording is not None
    assert np.nanmax(recording.channels["distance_m"]) == pytest.approx(10_248.688, abs=1e-3)
    run = activities.clean(recording)
    assert run.distance_m == pytest.approx(10_248.67)
    assert "clock-not-set" in {w.code for w in run.warnings}


def test_developer_fields_are_there_by_name(outcomes: list[Outcome]) -> None:
    named = {o.name: [f.name for f in o.recording.developer] for o in outcomes if o.recording is not None}
    assert sum(bool(names) for names in named.values()) >= 25
    assert "Power" in named["zip/52962e_StrydPower-mutiple-float-values.zip"]
