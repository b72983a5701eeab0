"""Work grows with a file and not with its square: files of some 10 kB that once took minutes are read in a moment.

Each is read in a process that may use 10 s of processor time, twenty times what it takes now; quadratic work took
twice as long and more, and ended with file-slow.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest

from charley import activities
from charley.activities.fit import profile, reader
from charley.activities.fit.writer import ENUM, UINT8, UINT32, Field, FitWriter
from charley.activities.several import activities_of
from charley.journal.guard import Guarded
from charley.vocabulary.run import Run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
START = 1_000_000_000
RECORDS = 200


def _in_time(work: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    with Guarded(work, "a.fit", cpu_seconds=10) as guarded:
        return guarded.result()


def _with_records() -> FitWriter:
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, ENUM)])
    writer.write(0, 4)
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(5, UINT32), Field(3, UINT8)])
    for second in range(RECORDS):
        writer.write(1, START + second, 300 * second, 150)
    return writer


def test_applications_that_name_themselves_again_and_again() -> None:
    """65 025 developer fields, then 200 000 messages each of which takes those of one application back."""
    writer = _with_records()
    writer.define(2, profile.FIELD_DESCRIPTION, [Field(0, UINT8), Field(1, UINT8), Field(2, UINT8)])
    for index in range(255):
        for number in range(255):
            writer.write(2, index, number, 2)
    writer.define(3, profile.DEVELOPER_ID, [Field(3, UINT8)])
    writer.raw(bytes((3, 7)) * 200_000)
    data = writer.finish()

    def read() -> tuple[int, int]:
        found = reader.read(data, "a.fit")
        return found.records, len(found.developer)

    assert _in_time(read) == (RECORDS, 0)


def test_sessions_of_two_sports_by_turns() -> None:
    """20 000 sessions of 40 s, running and cycling by turns: one activity, 10 000 legs beside the running."""
    writer = _with_records()
    writer.define(2, profile.SESSION, [Field(2, UINT32), Field(5, ENUM), Field(7, UINT32), Field(8, UINT32)])
    for number in range(20_000):
        writer.write(2, START + 50 * number, 1 + number % 2, 40_000, 40_000)
    data = writer.finish()

    def read() -> tuple[int, int]:
        (activity,) = activities_of(reader.read(data, "a.fit"))
        run = activities.clean(activity)
        assert isinstance(run, Run)
        return len(run.other_legs), len(run.warnings)

    legs, _ = _in_time(read)
    assert legs == 10_000


def test_the_heart_rate_of_a_leg_is_the_mean_of_its_own_samples() -> None:
    """Running 0 to 99 s at 150, cycling 100 to 199 s at 120: read off the file that is written here."""
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, ENUM)])
    writer.write(0, 4)
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(5, UINT32), Field(3, UINT8)])
    for second in range(200):
        writer.write(1, START + second, 300 * second, 150 if second < 100 else 120)
    writer.define(2, profile.SESSION, [Field(2, UINT32), Field(5, ENUM), Field(7, UINT32), Field(8, UINT32)])
    writer.write(2, START, 1, 99_000, 99_000)
    writer.write(2, START + 100, 2, 99_000, 99_000)
    run = activities.clean(reader.read(writer.finish(), "a.fit"))
    assert isinstance(run, Run)
    (leg,) = run.other_legs
    assert (leg.sport, leg.heart_rate_bpm) == ("cycling", pytest.approx(120.0))
    assert np.nanmean(run.streams.heart_rate_bpm[:100]) == pytest.approx(150.0)
