"""Made-up runs, files and readers for the tests of the journal."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from charley.vocabulary.errors import RunFileError
from charley.vocabulary.journal import FileNotes, FoundFile, OtherActivity
from charley.vocabulary.run import Interval, Run, Streams

START = datetime(2026, 1, 4, 8, 0, tzinfo=UTC)
PANIC = "a panic of compiled code"


class Panic(BaseException):
    """What a reader in Rust throws: no Exception."""


def made_run(number: int = 0, seconds: int = 600, **changes: Any) -> Run:
    """The ``number``-th run of a made-up runner, one a day: channels with the resolution of a watch."""
    noise = np.random.default_rng(number)
    time_s = np.arange(seconds, dtype=np.float64)
    speed = np.round(3 + 0.1 * noise.standard_normal(seconds), 3)
    missing = np.full(seconds, np.nan)
    heart = np.round(150 + np.cumsum(noise.standard_normal(seconds)) / 5)
    heart[seconds // 3 : seconds // 2] = np.nan
    channels = {f.name: missing for f in fields(Streams)} | {
        "time_s": time_s,
        "distance_m": np.round(np.cumsum(speed), 2),
        "speed_m_s": speed,
        "altitude_m": np.round(5 * (100 + np.cumsum(noise.standard_normal(seconds)) / 5)) / 5,
        "heart_rate_bpm": heart,
        "latitude_deg": np.round(48 + time_s * 1e-5, 7),
        "longitude_deg": np.round(11 - time_s * 1e-5, 7),
    }
    values: dict[str, Any] = {
        "run_id": hashlib.sha256(f"run {number}".encode()).hexdigest(),
        "file_name": f"run-{number}.fit",
        "file_format": "fit",
        "started_at": START + timedelta(days=number),
        "elapsed_s": float(seconds),
        "timer_s": float(seconds),
        "distance_m": float(channels["distance_m"][-1]),
        "records": seconds,
        "streams": Streams(**channels),
        "moving": np.arange(seconds) % 100 != 7,
        "intervals": (Interval(7.0, 8.0, "pause"),),
        "device": "a watch",
    }
    return Run(**(values | changes))


def file_of(number: int, **orders: Any) -> bytes:
    """The bytes of a made-up activity file that ``reader`` turns into ``made_run(number)``, or what ``orders`` say."""
    return json.dumps({"number": number} | orders).encode()


def reader(data: bytes, name: str, notes: FileNotes) -> tuple[Run | OtherActivity]:  # noqa: C901 - a branch an order
    """A reader that does as the file says: reads, refuses, panics, hangs, eats memory, or ends its process."""
    orders = json.loads(data)
    match orders.get("do", "read"):
        case "refuse":
            raise RunFileError("file-kind", "this is a JPEG picture", name)
        case "panic":
            raise Panic(PANIC)
        case "spin":
            while True:
                pass
        case "end":
            os._exit(7)
        case "killed":  # from outside, as often as it says, which is kept in a file
            counter = Path(orders["counter"])
            times = int(counter.read_text()) if counter.exists() else 0
            if times < orders["times"]:
                counter.write_text(str(times + 1))
                os.kill(os.getpid(), signal.SIGKILL)
        case "short":
            raise MemoryError
        case "wait":
            time.sleep(orders["seconds"])
        case "ride":
            identity = hashlib.sha256(data).hexdigest()
            start = START + timedelta(days=orders["number"], hours=9)
            return (OtherActivity(identity, "cycling", start, 3600.0, 30_000.0, name, "not-a-run"),)
    run = made_run(orders["number"], orders.get("seconds", 600))
    shift = timedelta(seconds=orders.get("later_s", 0))
    changes = {"run_id": hashlib.sha256(data).hexdigest(), "started_at": run.started_at + shift, "file_name": name}
    return (made_run(orders["number"], orders.get("seconds", 600), **changes),)


def found(*contents: bytes) -> list[FoundFile]:
    """Files as the walk over folders and archives finds them."""
    many = len(contents)
    return [FoundFile(f"folder/{i}.fit", data, None, (i + 1) / many) for i, data in enumerate(contents)]
