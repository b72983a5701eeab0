"""A short version of the fuzzing (`scripts/fuzz.py`): any bytes have their one answer, for each kind that it knows.

What must hold of a file stands in `scripts/fuzz_targets.py`, for both; here the changes are random, there guided.
"""

from __future__ import annotations

import base64
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import maker_files
from charley.activities.kept import read_and_clean
from charley.journal import own_schema, streams
from charley.vocabulary.journal import FileNotes, OtherActivity

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture(scope="module")
def targets() -> Iterator[Any]:
    sys.path.insert(0, str(SCRIPTS))
    yield import_module("fuzz_targets")
    sys.path.remove(str(SCRIPTS))


def mutate(dice: random.Random) -> Any:
    """What the fuzzer's own changes do, at random: flip, cut, insert, repeat, swap in what has a meaning."""

    def change(data: bytes, most: int) -> bytes:
        out = bytearray(data)
        for _ in range(dice.randrange(1, 5)):
            at = dice.randrange(len(out) + 1)
            match dice.randrange(5):
                case 0 if out:
                    out[at % len(out)] = dice.randrange(256)
                case 1:
                    del out[at : at + dice.randrange(1, 40)]
                case 2:
                    out[at:at] = dice.randbytes(dice.randrange(1, 9))
                case 3:
                    out[at:at] = out[at : at + dice.randrange(1, 80)]
                case 4:
                    out[at:at] = dice.choice(
                        (b"\xff\xff\xff\xff", b"\0\0\0\0", b"1e999", b"-1", b"9999-12-31", b"../x")
                    )
        return bytes(out[:most])

    return change


MAKERS = ("tar", "apple", "samsung-export", "health-connect", *maker_files.BY_KIND)


@pytest.mark.parametrize("kind", ["fit", "tcx", "gpx", "gzip", "zip", "backup", *MAKERS])
def test_the_seeds_are_read(targets: Any, kind: str) -> None:
    for seed in targets.TARGETS[kind].seeds():
        targets.TARGETS[kind].check(seed)


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [*((kind, 60) for kind in ("fit", "tcx", "gpx", "gzip", "zip")), ("backup", 40), *((kind, 30) for kind in MAKERS)],
)
def test_changed_files_have_their_one_answer(targets: Any, kind: str, inputs: int) -> None:
    target = targets.TARGETS[kind]
    seeds = target.seeds()

    @settings(max_examples=inputs, deadline=None)
    @given(seed=st.sampled_from(seeds), number=st.integers(0, 2**32))
    def one(seed: bytes, number: int) -> None:
        dice = random.Random(number)
        change = mutate(dice)
        changed = target.change(seed, target.most_bytes, dice, change) if target.change else change(seed, 10_000)
        target.check(changed)

    one()


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=2000))
def test_any_bytes_as_a_backup_are_refused(targets: Any, data: bytes) -> None:
    targets.restored(data)
    targets.restored(b"SQLite format 3\0" + data)


def test_the_checks_can_fail(targets: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what guards against it, the same checks find a backup that leads out, and a reader that throws."""
    source = tmp_path / "backup"
    source.write_bytes(targets.a_backup())
    with closing(sqlite3.connect(source, isolation_level=None)) as db:
        for table in ("run", "answer", "source_file"):
            db.execute("DROP TRIGGER IF EXISTS answers_stay")
            db.execute(f"UPDATE {table} SET run_id = '../../../pwned'")
        db.execute("UPDATE backup_about SET value = ? WHERE key = 'digest'", (targets.digest(db),))
    targets.restored(source.read_bytes())
    with monkeypatch.context() as unguarded:
        unguarded.setattr(own_schema, "differences", lambda *_: ())
        unguarded.setattr(streams, "is_run_id", lambda _: True)
        with pytest.raises(targets.Wrong, match="outside"):
            targets.restored(source.read_bytes())
    with monkeypatch.context() as broken:
        broken.setattr(targets, "read_and_clean", lambda *_: [][0])
        with pytest.raises(IndexError):
            targets.read(targets.a_gpx())


SESSION_BELOW_ZERO = (
    "DiBUCEECAAAuRklUX+1SAAASAAUCBIYFAQAHBIYIBIYJBIUCAMqaO0EBAAAAAAAAlv/////FxcXFxcXFxQkAAAAAAAAAxcXFxcXFxcXFxQYChAMB"
    "AgEAypo7AAAAAEULlgEB2NjY2NjY2CIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIi2NjY2NgAAAAA2NjY0FQAAEkAVHc="
)


def test_a_way_of_less_than_nothing_is_left_out() -> None:
    """A session whose field for the distance is of a signed kind and below zero (found by the fuzzer)."""
    (found,) = read_and_clean(base64.b64decode(SESSION_BELOW_ZERO), "a.fit", FileNotes())
    assert isinstance(found, OtherActivity)
    assert found.distance_m is None
    assert found.elapsed_s == pytest.approx(0.001)
