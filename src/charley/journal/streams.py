"""A run's channels as one compressed file, named by the SHA-256 of its bytes: it cannot change without its name.

Exactness. A channel is stored in whole multiples of the step below, so that a value read back differs by at most half
a step, a missing value stays missing, and a second round changes nothing. A channel that does not fit (beyond 2^31
steps, or infinite) is stored as it is, in float64. Fields of apps and sensors have no known step: float32, that is a
relative error of at most 6e-8. The steps lie below what any watch resolves.

Layout: zlib over a magic line, one line of JSON that lists the parts with their lengths, and the parts. Integers are
differences of neighbours modulo 2^32, little-endian, their four bytes in planes: most planes are then zero.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zlib
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charley.journal import overwrite
from charley.journal.store import PRIVATE_FILE, make_private_folder
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.compressed import inflate
from charley.vocabulary.errors import JournalError
from charley.vocabulary.run import DeveloperField, Run, Streams

MAGIC = b"charley streams 1\n"
MOST_BYTES = 256 * 2**20  # a week with all channels and forty fields of apps; a day has 6 MB
MOST_PACKED_BYTES = 64 * 2**20  # of the file on the disk
COMPRESSION = 6  # more costs time and gains 2 in 100
STEPS: dict[str, float] = {
    "distance_m": 1e-3,
    "speed_m_s": 1e-4,
    "altitude_m": 1e-3,
    "grade": 1e-6,
    "heart_rate_bpm": 1e-2,
    "cadence_spm": 1e-2,
    "power_w": 1e-2,
    "air_temp_c": 1e-3,
    "contact_time_s": 1e-6,
    "vertical_oscillation_m": 1e-6,
    "step_length_m": 1e-5,
    "latitude_deg": 1e-7,  # 11 mm
    "longitude_deg": 1e-7,
}
_MISSING = np.int32(-(2**31))
_LARGEST = 2.0**31 - 1
_DIGITS = "0123456789abcdef"
_RUN_ID = re.compile(r"[0-9a-f]{64}(?:-[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file of streams holds."""

    streams: Streams
    moving: Bools
    developer: tuple[DeveloperField, ...]


def encode(run: Run | Content) -> bytes:
    """The channels, the mask of moving, and the developer fields of a run, compressed."""
    n = len(run.streams)
    if not np.array_equal(run.streams.time_s, np.arange(n, dtype=np.float64)):
        raise ValueError("time_s: the grid of a run counts whole seconds from 0")
    parts: list[dict[str, Any]] = []
    blobs: list[bytes] = []

    def add(blob: bytes, **about: Any) -> None:
        parts.append({**about, "bytes": len(blob)})
        blobs.append(blob)

    for f in fields(Streams):
        values = getattr(run.streams, f.name)
        if f.name == "time_s" or np.isnan(values).all():
            continue
        steps = _to_steps(values, STEPS[f.name])
        if steps is None:
            add(values.astype("<f8").tobytes(), channel=f.name, coding="float64")
        else:
            add(_planes(steps), channel=f.name, coding="steps", step=STEPS[f.name])
    for d in run.developer:
        add(d.values.astype("<f4").tobytes(), developer=d.name, unit=d.unit, coding="float32")
    add(np.packbits(run.moving).tobytes(), mask="moving", coding="bits")
    head = json.dumps({"samples": n, "parts": parts}, separators=(",", ":"), sort_keys=True).encode()
    return zlib.compress(MAGIC + head + b"\n" + b"".join(blobs), COMPRESSION)


def decode(data: bytes) -> Content:
    """The content of a file of streams. Raises ValueError (or KeyError, TypeError) where it is not one."""
    plain = inflate(data, MOST_BYTES)
    if not plain.startswith(MAGIC):
        raise ValueError("not a file of streams, or of a newer Charley")
    end = plain.index(b"\n", len(MAGIC))
    head = json.loads(plain[len(MAGIC) : end])
    n, at = int(head["samples"]), end + 1
    if not 0 <= n <= 8 * len(plain):  # the mask of moving has a bit a sample
        raise ValueError(f"{n} samples in {len(plain)} bytes")
    known = [f.name for f in fields(Streams)]
    channels = {"time_s": np.arange(n, dtype=np.float64)}
    moving = np.zeros(n, dtype=bool)
    developer = []
    for part in head["parts"]:
        blob, at = plain[at : at + part["bytes"]], at + part["bytes"]
        if "mask" in part:
            moving = np.unpackbits(np.frombuffer(blob, np.uint8), count=n).astype(bool)
        elif "developer" in part:
            values = np.frombuffer(blob, "<f4").astype(np.float64)
            developer.append(DeveloperField(part["developer"], part["unit"], values))
        elif part["channel"] in known:  # a channel that this version does not know is left alone
            steps = part["coding"] == "steps"
            channels[part["channel"]] = (
                _from_planes(blob, part["step"]) if steps else np.frombuffer(blob, "<f8").astype(np.float64)
            )
    channels = {name: channels[name] if name in channels else np.full(n, np.nan) for name in known}
    return Content(Streams(**channels), moving, tuple(developer))


def name_of(data: bytes) -> str:
    """The name under which the bytes of a file of streams are kept."""
    return hashlib.sha256(data).hexdigest()


def is_name(name: object) -> bool:
    """Whether it can be the name of a file of streams: 64 hexadecimal digits. Anything else in a journal is not ours
    and never becomes a path."""
    return isinstance(name, str) and len(name) == 64 and not name.strip(_DIGITS)


def is_run_id(name: object) -> bool:
    """Whether it can be the id of a run, which an export takes for a name: the hash of its file, and a number where
    the file holds several runs."""
    return isinstance(name, str) and _RUN_ID.fullmatch(name) is not None


def remove(folder: Path, name: object) -> None:
    """Overwrite and remove the file kept under ``name``; nothing is done for what cannot be a name of ours."""
    if is_name(name):
        overwrite.remove(folder / str(name))


def put(folder: Path, data: bytes) -> str:
    """Keep the bytes beside the journal and return their name; whole or not there, and never written twice.

    They may not be on the disk yet: ``store.sync_files`` has them there, of many files at once.
    """
    name = name_of(data)
    target = folder / name
    if read_raw(folder, name) == data:
        return name
    make_private_folder(folder)
    part = folder / f"{name}.{os.getpid()}.part"
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(part, target)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    return name


def get(folder: Path, name: str, about: str) -> Content:
    """The content kept under ``name``. Raises JournalError (journal-streams-lost) where it is gone or damaged."""
    return unpacked(read_raw(folder, name), about, str(folder / name))


def unpacked(data: bytes | None, about: str, where: str) -> Content:
    """The content of these bytes. Raises JournalError (journal-streams-lost) where there are none, or damaged ones."""
    if data is None:
        raise JournalError("journal-streams-lost", f"the channels of {about} are missing or damaged", where)
    try:
        return decode(data)
    except (ValueError, KeyError, TypeError) as error:
        found = f"the channels of {about} cannot be unpacked ({error})"
        raise JournalError("journal-streams-lost", found, where) from error


def read_raw(folder: Path, name: str) -> bytes | None:
    """The bytes kept under ``name`` if they can be read and still are what the name says, else None."""
    if not is_name(name):
        return None
    try:
        with open(folder / name, "rb", opener=_without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_PACKED_BYTES:
                return None
            data = file.read(MOST_PACKED_BYTES + 1)
    except OSError:  # gone, a folder, not ours to read, on a disk that is ill: lost in any case
        return None
    return data if name_of(data) == name else None


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that lies in the place of a file is opened without waiting for somebody who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _to_steps(values: Floats, step: float) -> NDArray[np.int32] | None:
    # divide by the step's inverse: 1e-3 is no double, 1000 is, and n / 1000 gives back the n-th thousandth as read
    scaled = values * round(1 / step)
    missing = np.isnan(scaled)
    if (np.abs(scaled[~missing]) > _LARGEST).any():
        return None
    whole = np.full(values.shape, _MISSING, dtype=np.int32)
    whole[~missing] = np.rint(scaled[~missing]).astype(np.int32)
    return whole


def _planes(whole: NDArray[np.int32]) -> bytes:
    unsigned = whole.astype("<i4").view("<u4")
    differences = unsigned.copy()
    differences[1:] -= unsigned[:-1]  # modulo 2^32
    return differences.view(np.uint8).reshape(-1, 4).T.tobytes()


def _from_planes(blob: bytes, step: float) -> Floats:
    planes = np.frombuffer(blob, np.uint8).reshape(4, -1)
    differences = np.empty((planes.shape[1], 4), np.uint8)
    for byte, plane in enumerate(planes):  # four times as fast as to transpose them all
        differences[:, byte] = plane
    whole = np.cumsum(differences.view("<u4").ravel(), dtype=np.uint32).view(np.int32)
    values = whole / round(1 / step)
    values[whole == _MISSING] = np.nan
    return values
