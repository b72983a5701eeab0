"""What is kept between two answers: rows of runs and draws of a belief, as bytes, by the hash of what they stand on.

The journal keeps the bytes; this file says what they are. Damaged bytes, and bytes of another version, count as none.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from charley.inference.design import RunRows
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Floats
from charley.vocabulary.compressed import inflate

MOST_BYTES = 64 * 2**20  # a week in minutes, of all factors and bodies, takes 6 MB; two thousand draws take 0.3 MB
_ROWS, _DRAWS = b"charley rows 1\n", b"charley draws 1\n"
UNUSABLE = (ValueError, KeyError, TypeError, IndexError)  # what damaged bytes raise when they are read


class Cache(Protocol):
    """Where the bytes are kept. Each call stands alone; ``keep_*`` may do nothing where nothing can be written."""

    def rows(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Rows kept under these keys."""
        ...

    def keep_rows(self, contents: Mapping[str, bytes]) -> None:
        """Keep rows under their keys."""
        ...

    def draws(self, name: str) -> bytes | None:
        """Draws of the belief that was made from the data of that name."""
        ...

    def keep_draws(self, name: str, draws: int, summary: str, content: bytes) -> None:
        """Keep draws with a short summary (JSON) of what they say."""
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
        "after": r.after_log_h0.tolist(),
    }  # fmt: skip
    return _pack(_ROWS, about, (r.dt_h, r.log_h0, r.covariates.transpose(2, 0, 1)))


def unpack_rows(content: bytes) -> Rows:
    """Rows from bytes of ``pack_rows``; one of UNUSABLE where they are none."""
    about, values = _unpack(_ROWS, content)
    draws, bins, keys = about["draws"], about["bins"], tuple(about["keys"])
    dt_h, log_h0, x = np.split(values, [bins, bins + draws * bins])
    return Rows(
        RunRows(
            dt_h=dt_h,
            log_h0=log_h0.reshape(draws, bins),
            covariates=x.reshape(len(keys), draws, bins).transpose(1, 2, 0),
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


def pack_draws(*posteriors: Posterior) -> bytes:
    """Draws of posteriors as bytes, in single precision."""
    about = [{"shape": p.z.shape, "newest_y": p.newest_y} for p in posteriors]
    return _pack(_DRAWS, about, [p.z for p in posteriors])


def unpack_draws(content: bytes) -> list[tuple[Floats, float]]:
    """Draws (draws, d) and the time of their level, for each posterior that was packed; else one of UNUSABLE."""
    about, values = _unpack(_DRAWS, content)
    sizes = [int(np.prod(part["shape"])) for part in about]
    parts = np.split(values, np.cumsum(sizes))[:-1]
    return [(z.reshape(a["shape"]), float(a["newest_y"])) for z, a in zip(parts, about, strict=True)]


def _pack(head: bytes, about: Any, arrays: Iterable[Floats]) -> bytes:
    """A line that says what it is, a line of JSON, and arrays in single precision; all compressed."""
    numbers = b"".join(a.astype("<f4").tobytes() for a in arrays)
    return zlib.compress(head + json.dumps(about).encode() + b"\n" + numbers, 6)


def _unpack(head: bytes, content: bytes) -> tuple[Any, Floats]:
    plain = inflate(content, MOST_BYTES)
    if not plain.startswith(head):
        raise ValueError(f"these bytes do not begin with {head!r}")
    end = plain.index(b"\n", len(head))
    return json.loads(plain[len(head) : end]), np.frombuffer(plain, "<f4", offset=end + 1).astype(np.float64)
