"""What is kept between two answers: rows of runs and draws of a belief, as bytes, by the hash of what they stand on.

The journal keeps the bytes; this file says what they are. Damaged bytes, and bytes of another version, count as none.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from charley.inference.design import RunRows
from charley.inference.prior import Features
from charley.inference.sequential import State
from charley.vocabulary.arrays import Floats
from charley.vocabulary.compressed import inflate

MOST_BYTES = 64 * 2**20  # a week in minutes, of all factors and bodies, takes 6 MB; two thousand draws take 0.3 MB
_ROWS, _STATES = b"charley rows 2\n", b"charley states 1\n"
UNUSABLE = (ValueError, KeyError, TypeError, IndexError)  # what damaged bytes raise when they are read


class Cache(Protocol):
    """Where the bytes are kept. Each call stands alone; ``keep_*`` may do nothing where nothing can be written."""

    def rows(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Rows kept under these keys."""
        ...

    def keep_rows(self, contents: Mapping[str, bytes]) -> None:
        """Keep rows under their keys."""
        ...

    def states(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """States of the way through a log kept under these names."""
        ...

    def keep_states(self, contents: Mapping[str, bytes]) -> None:
        """Keep states under their names; the oldest of those that no late answer used may go."""
        ...

    def keep_summary(self, name: str, draws: int, summary: str) -> None:
        """Keep a short summary (JSON) of the answer that was made from the data of that name."""
        ...

    def earlier(self) -> Sequence[tuple[str, datetime, str]]:
        """Name, time and summary of the latest beliefs, the latest first."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """One run computed: rows of the engine, all factors in the order of ``keys``."""

    rows: RunRows
    keys: tuple[str, ...]

    def over(self, keys: Sequence[str]) -> RunRows:
        """The same with the factors ``keys``; one that was not told for this run is 0, as nothing is assumed of it."""
        x = self.rows.covariates
        at = {key: i for i, key in enumerate(self.keys)}
        none = np.zeros(x.shape[:2])
        columns = [x[:, :, at[key]] if key in at else none for key in keys]
        return replace(self.rows, covariates=np.stack(columns, axis=2))


def pack_rows(computed: Rows) -> bytes:
    """Rows as bytes."""
    r = computed.rows
    draws, bins, _ = r.covariates.shape
    assert r.after_log_h0 is not None
    about = {
        "keys": computed.keys, "draws": draws, "bins": bins, "time_y": r.time_y, "hard": r.hard, "run_id": r.run_id,
        "after": r.after_log_h0.tolist(), "stressors": r.stressors.shape[2],
        "ended_h": r.ended_h,
    }  # fmt: skip
    arrays = (r.dt_h, r.log_h0, r.lateness, r.covariates.transpose(2, 0, 1), r.stressors.transpose(2, 0, 1))
    return _pack(_ROWS, about, arrays)


def unpack_rows(content: bytes) -> Rows:
    """Rows from bytes of ``pack_rows``; one of UNUSABLE where they are none."""
    about, values = _unpack(_ROWS, content)
    draws, bins, keys = about["draws"], about["bins"], tuple(about["keys"])
    size, met = draws * bins, about["stressors"]
    dt_h, log_h0, late, x, stressors = np.split(values, np.cumsum([bins, size, size, size * len(keys)]))
    return Rows(
        RunRows(
            dt_h=dt_h,
            log_h0=log_h0.reshape(draws, bins),
            covariates=x.reshape(len(keys), draws, bins).transpose(1, 2, 0),
            stressors=stressors.reshape(met, draws, bins).transpose(1, 2, 0),
            lateness=late.reshape(draws, bins),
            ended_h=about["ended_h"],
            time_y=about["time_y"],
            hard=about["hard"],
            run_id=about["run_id"],
            after_log_h0=np.array(about["after"]),
        ),
        keys,
    )


def readable_rows(content: bytes) -> Rows | None:
    """Rows from bytes that may be damaged, or of another version: None where they are not what ``pack_rows`` makes."""
    try:
        return unpack_rows(content)
    except UNUSABLE:
        return None


def pack_states(state: State) -> bytes:
    """A state as bytes, its draws in single precision, in which they are anyway."""
    about = {
        "shape": state.z.shape, "features": asdict(state.layout.features), "first_y": state.first_y,
        "runs": state.runs, "log_evidence": state.log_evidence, "angle": state.angle,
    }  # fmt: skip
    return _pack(_STATES, about, (state.z, state.log_weights))


def readable_states(content: bytes, start: State) -> State | None:
    """A state of the way that begins at ``start`` from bytes of ``pack_states``; None where they are none."""
    try:
        about, values = _unpack(_STATES, content)
        layout = replace(start.layout, features=Features(**about["features"]))
        draws, width = about["shape"]
        if (draws, width) != (start.draws, layout.dimension) or values.size != draws * (width + 1):
            return None
        z, log_weights = np.split(values, [draws * width])
        return replace(
            start,
            layout=layout,
            z=z.reshape(draws, width),
            log_weights=log_weights,
            first_y=about["first_y"],
            runs=about["runs"],
            log_evidence=about["log_evidence"],
            angle=about["angle"],
        )
    except UNUSABLE:
        return None


def _pack(head: bytes, about: Any, arrays: Iterable[Floats]) -> bytes:
    """A line that says what it is, a line of JSON, and arrays in single precision; all compressed."""
    numbers = b"".join(a.astype("<f4").tobytes() for a in arrays)
    return zlib.compress(head + json.dumps(about).encode() + b"\n" + numbers, 1)  # a higher level saves a hundredth


def _unpack(head: bytes, content: bytes) -> tuple[Any, Floats]:
    plain = inflate(content, MOST_BYTES)
    if not plain.startswith(head):
        raise ValueError(f"these bytes do not begin with {head!r}")
    end = plain.index(b"\n", len(head))
    return json.loads(plain[len(head) : end]), np.frombuffer(plain, "<f4", offset=end + 1).astype(np.float64)
