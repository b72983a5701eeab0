"""What a run has counted so far, on the disk: written whole or not at all, read only by the same question."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from charley.cohort.tally import SHAPES, Tally
from charley.vocabulary.errors import InputError


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A file. ``load`` before, ``save`` now and then."""

    path: Path

    def load(self, question: str) -> tuple[Tally, list[tuple[int, int]]] | None:
        """Counts and the ranges of runners that they are of; None where there is no file yet.

        Raises InputError (cohort-checkpoint) for the checkpoint of another question or version, or a broken one; the
        file stays as it is.
        """
        if not self.path.exists():
            return None
        try:
            with open(self.path, "rb") as file, np.load(file, allow_pickle=False) as data:
                asked = str(data["question"])
                counts = {name: np.array(data[name], dtype=np.int64) for name in SHAPES}
                done = [(int(a), int(n)) for a, n in data["done"]]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise InputError("cohort-checkpoint", "it cannot be read as a checkpoint", str(self.path)) from error
        if asked != question:
            raise InputError("cohort-checkpoint", _differs(asked, question), str(self.path))
        if any(counts[name].shape != shape for name, shape in SHAPES.items()):
            raise InputError("cohort-checkpoint", "its tables are of another shape", str(self.path))
        return Tally(counts), done

    def save(self, question: str, tally: Tally, done: list[tuple[int, int]]) -> bool:
        """True if it was written; False where the disk would not take it, and then the earlier file is still whole."""
        part = self.path.with_name(f".{self.path.name}.part")
        try:
            with open(part, "wb") as file:
                ranges = np.array(done, dtype=np.int64).reshape(-1, 2)
                np.savez_compressed(
                    file, allow_pickle=False, question=np.array(question), done=ranges, **dict(tally.counts)
                )
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError:
            part.unlink(missing_ok=True)
            return False
        return True


_NAMES = {"runners": "number of runners"}


def _differs(asked: str, question: str) -> str:
    """Which parts of two questions differ, in words."""
    try:
        before, now = json.loads(asked), json.loads(question)
        names = [_NAMES.get(name, name) for name in now if before.get(name) != now[name]]
    except (ValueError, AttributeError):
        names = []
    return f"it is of another {' and '.join(names) or 'question'}"
