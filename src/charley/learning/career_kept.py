"""Rows of one run with the names of their factors, and the bytes in which they are kept between answers."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.learning.design import RunRows
from charley.vocabulary.compressed import inflate


@dataclass(frozen=True, slots=True)
class Rows:
    """One run computed: rows of the engine (all factors in the order of ``keys``), and whether it was a hard run."""

    rows: RunRows
    keys: tuple[str, ...]

    def over(self, keys: Sequence[str]) -> RunRows:
        """The same with the factors ``keys``; one that was not told for this run is 0, as nothing is assumed of it."""
        x = self.rows.covariates
        at = {key: i for i, key in enumerate(self.keys)}
        none = np.zeros(x.shape[:2])
        columns = [x[:, :, at[key]] if key in at else none for key in keys]
        return replace(self.rows, covariates=np.stack(columns, axis=2))


_HEAD = b"charley rows 1\n"
MOST_BYTES = 64 * 2**20  # a week in minutes, of all factors and bodies, takes 6 MB


def pack(computed: Rows) -> bytes:
    """Rows as bytes: a line of JSON and single-precision arrays, compressed."""
    r = computed.rows
    draws, bins, _ = r.covariates.shape
    assert r.after_log_h0 is not None
    about = {
        "keys": computed.keys, "draws": draws, "bins": bins, "time_y": r.time_y, "hard": r.hard, "run_id": r.run_id,
        "after": r.after_log_h0.tolist(),
    }  # fmt: skip
    arrays = b"".join(a.astype("<f4").tobytes() for a in (r.dt_h, r.log_h0, r.covariates.transpose(2, 0, 1)))
    return zlib.compress(_HEAD + json.dumps(about).encode() + b"\n" + arrays, 6)


def unpack(content: bytes) -> Rows:
    """Rows from bytes of ``pack``. ValueError (or KeyError, TypeError) where they are none."""
    plain = inflate(content, MOST_BYTES)
    if not plain.startswith(_HEAD):
        raise ValueError("these are no rows")
    end = plain.index(b"\n", len(_HEAD))
    about = json.loads(plain[len(_HEAD) : end])
    values = np.frombuffer(plain, "<f4", offset=end + 1).astype(np.float64)
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


def readable(content: bytes) -> Rows | None:
    """Rows from bytes that may be damaged, or of another version: None where they are not what ``pack`` makes."""
    try:
        return unpack(content)
    except (ValueError, KeyError, TypeError):
        return None
