"""The fast FIT decoder gives exactly what fitdecode gives, on every FIT file of the collection that is whole."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from charley.activities import unpack
from charley.activities.fit import fast as fit_fast
from charley.activities.fit import fitdecode_reader
from charley.activities.fit.frame import parts
from charley.activities.fit.messages import FitMessages
from charley.activities.limits import Deadline
from charley.vocabulary.errors import RunFileError

NO_HURRY_S = 600.0
SHARES = 4  # so that fitdecode's minute can be spread over processes
# From its middle on this file is noise; fitdecode stops at the first doubt, the walk of the manifest and ours go on.
FRAMING_LOST = "hard/missing_bytes_midfile.fit"
# 86 400 records of which fitdecode needs 20 s; it repeats the content of marathon4h.fit six times.
TOO_LONG = "big/ultra24h.fit.gz"


def decoded(path: Path) -> tuple[FitMessages, FitMessages] | None:
    """What both decoders say of a file, None if it holds no FIT."""
    try:
        content = unpack.content(path)
        found, _ = parts(content.data, content.name)
    except RunFileError:
        return None
    if content.kind != "fit":
        return None
    deadline = Deadline(content.name, NO_HURRY_S)
    return fit_fast.messages(content.data, found, deadline), fitdecode_reader.messages(content.data, found, deadline)


def same(a: FitMessages, b: FitMessages) -> list[str]:
    """Names of what differs."""
    wrong = [] if a.records == b.records else [f"records {a.records} and {b.records}"]
    wrong += [] if a.others == b.others else ["sessions, events or file ids"]
    columns_a = {n: v for n, v in a.columns.items() if np.isfinite(v).any()}
    columns_b = {n: v for n, v in b.columns.items() if np.isfinite(v).any()}
    wrong += [f"field {n} only in one" for n in columns_a.keys() ^ columns_b.keys()]
    wrong += [f"developer field {n} only in one" for n in a.developer.keys() ^ b.developer.keys()]
    pairs = [(f"field {n}", columns_a[n], columns_b[n]) for n in columns_a.keys() & columns_b.keys()]
    for name in a.developer.keys() & b.developer.keys():
        (unit_a, values_a), (unit_b, values_b) = a.developer[name], b.developer[name]
        wrong += [] if unit_a == unit_b else [f"unit of {name}"]
        pairs.append((f"developer field {name}", values_a, values_b))
    packed = [m.packed_speed_distance for m in (a, b)]
    if packed[0] is not None and packed[1] is not None:
        pairs.append(("compressed speed and distance", packed[0], packed[1]))
    elif packed[0] is not packed[1]:
        wrong.append("compressed speed and distance only in one")
    return wrong + [name for name, x, y in pairs if not np.array_equal(x, y, equal_nan=True)]


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "data" / "activities"


@pytest.mark.parametrize("share", range(SHARES))
def test_both_decoders_agree_on_every_column_of_every_file(folder: Path, share: int) -> None:
    entries = tomllib.loads((folder / "MANIFEST.toml").read_text(encoding="utf-8"))["file"]
    compared, different = 0, {}
    for entry in entries[share::SHARES]:
        if entry["format"] in ("tcx", "gpx") or entry["file"] in (FRAMING_LOST, TOO_LONG):
            continue
        both = decoded(folder / entry["file"])
        if both is None:
            continue
        compared += 1
        if wrong := same(*both):
            different[entry["file"]] = wrong
    assert different == {}
    assert compared >= 25  # of 126 in all


def test_where_the_framing_is_lost_both_agree_until_fitdecode_gives_up(folder: Path) -> None:
    both = decoded(folder / FRAMING_LOST)
    assert both is not None
    fast, slow = both
    assert fast.records == 1037  # as the independent walk of the manifest counts
    assert slow.records == 918
    for number, values in slow.columns.items():
        assert np.array_equal(fast.columns[number][: slow.records], values, equal_nan=True), number
