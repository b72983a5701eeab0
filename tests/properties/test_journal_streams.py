"""Streams read back as they were stored: within half a step, with the same gaps, unchanged by a second round."""

from __future__ import annotations

import os
import zlib
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from charley.journal import runs, streams
from charley.journal.prepared import prepare
from charley.journal.store import open_store
from charley.journal.streams import STEPS
from charley.vocabulary.errors import JournalError
from charley.vocabulary.run import DeveloperField, Streams
from journal_world import START, made_run

VALUES = st.one_of(st.just(float("nan")), st.floats(-1000, 1000), st.sampled_from([0.0, 0.1, 199.99, -0.005]))


def _equal(a: Streams, b: Streams) -> bool:
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name), equal_nan=True) for f in fields(Streams))


def test_every_channel_but_the_clock_has_a_step() -> None:
    assert set(STEPS) == {f.name for f in fields(Streams)} - {"time_s"}
    for step in STEPS.values():
        assert 1 / step == pytest.approx(round(1 / step)), "the inverse of a step is a whole number"


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 60), st.sampled_from(sorted(STEPS)))
def test_a_value_comes_back_within_half_a_step_and_a_gap_as_a_gap(data: st.DataObject, n: int, channel: str) -> None:
    values = data.draw(arrays(np.float64, n, elements=VALUES))
    run = made_run(seconds=n)
    run = replace(run, streams=replace(run.streams, **{channel: values}))
    back = getattr(streams.decode(streams.encode(run)).streams, channel)
    assert np.array_equal(np.isnan(back), np.isnan(values))
    known = ~np.isnan(values)
    slack = 1e-12  # of the double that holds the value
    assert (np.abs(back - values)[known] <= STEPS[channel] / 2 * (1 + 1e-9) + slack).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 400))
def test_a_second_round_changes_nothing(number: int, seconds: int) -> None:
    run = made_run(number, seconds) if seconds else _empty()
    once = streams.decode(streams.encode(run))
    again = replace(run, streams=once.streams, moving=once.moving, developer=once.developer)
    assert streams.encode(again) == streams.encode(run)
    assert np.array_equal(once.moving, run.moving)


def _empty():
    run = made_run(seconds=1)
    none = np.empty(0)
    return replace(run, streams=Streams(**{f.name: none for f in fields(Streams)}), moving=np.empty(0, dtype=bool))


def test_what_a_watch_writes_comes_back_bit_for_bit() -> None:
    # FIT stores distance in cm, speed in mm/s, altitude in 0.2 m, heart rate in whole beats
    run = made_run(5, 3600)
    assert _equal(streams.decode(streams.encode(run)).streams, run.streams)


@pytest.mark.parametrize("value", [3e6, -3e6, np.inf])
def test_what_does_not_fit_the_steps_is_stored_as_it_is(value: float) -> None:
    run = made_run(seconds=10)
    odd = run.streams.altitude_m.copy()
    odd[3] = value
    run = replace(run, streams=replace(run.streams, altitude_m=odd))
    assert np.array_equal(streams.decode(streams.encode(run)).streams.altitude_m, odd)


def test_fields_of_apps_come_back_as_float32() -> None:
    values = np.array([np.nan, 1 / 3, 251.0, 1e-9])
    run = replace(made_run(seconds=4), developer=(DeveloperField("Form Power", "W", values),))
    (back,) = streams.decode(streams.encode(run)).developer
    assert (back.name, back.unit) == ("Form Power", "W")
    assert np.array_equal(back.values, values.astype(np.float32).astype(np.float64), equal_nan=True)


def test_a_grid_that_does_not_count_seconds_is_refused() -> None:
    run = made_run(seconds=5)
    with pytest.raises(ValueError, match="whole seconds from 0"):
        streams.encode(replace(run, streams=replace(run.streams, time_s=run.streams.time_s + 1)))


def test_a_channel_of_a_newer_version_is_left_alone() -> None:
    run = made_run(seconds=20)
    plain = zlib.decompress(streams.encode(run)).replace(b'"channel":"altitude_m"', b'"channel":"new_thing_"')
    back = streams.decode(zlib.compress(plain)).streams
    assert np.isnan(back.altitude_m).all()
    assert np.array_equal(back.speed_m_s, run.streams.speed_m_s)


@pytest.mark.parametrize("data", [b"", b"no zlib", zlib.compress(b"another file")])
def test_what_is_no_file_of_streams_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        streams.decode(data)


def test_a_name_says_the_content_and_damage_is_seen(tmp_path) -> None:
    data = streams.encode(made_run())
    name = streams.put(tmp_path, data)
    assert streams.put(tmp_path, data) == name, "the same content once more changes nothing"
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    raw = bytearray(data)
    raw[len(raw) // 2] ^= 1
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(JournalError) as caught:
        streams.get(tmp_path, name, "run 1")
    assert caught.value.code == "journal-streams-lost"
    assert streams.put(tmp_path, data) == name, "a damaged file is written again"
    assert len(streams.get(tmp_path, name, "run 1").streams) == 600


def test_channels_are_on_the_disk_before_the_rows_that_name_them(tmp_path, monkeypatch) -> None:
    """Also of a run whose file an import that was ended had left there, perhaps not on the disk yet."""
    synced: set[int] = set()
    really = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.add(os.fstat(handle).st_ino), really(handle)))
    seen: list[bool] = []
    with open_store(tmp_path / "journal.sqlite", create=True) as store:
        left = streams.put(store.streams_folder, streams.encode(made_run(0)))

        def told(statement: str) -> None:
            if statement.startswith("COMMIT"):
                kept = list(store.streams_folder.iterdir())
                seen.append(len(kept) == 3 and all(f.stat().st_ino in synced for f in kept))

        store.db.set_trace_callback(told)
        with store.writing():
            for number in range(3):
                runs.add(store, prepare(made_run(number)), "1", START)
        assert (store.streams_folder / left).stat().st_ino in synced
    assert seen == [True]
