"""One run from two devices: nobody runs twice at once.

Two recordings are of one run where they share more than half of the time of the shorter one, whichever came first. The
better one gives start, end, distance and all channels that it has: a watch before a phone, and of equals the first. The
other one only fills channels that the better one lacks. What the runner said of the run moves with its start.

The same track under a shifted clock (by a time zone that somebody forgot) is a copy, told by its places or its pulse.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from charley.journal import answers, readable, streams
from charley.journal.prepared import Prepared
from charley.journal.store import Store
from charley.vocabulary.arrays import Floats
from charley.vocabulary.journal import Drink, Event
from charley.vocabulary.run import Streams
from charley.vocabulary.units import EARTH_RADIUS_M

SHARED = 0.5  # of the time of the shorter recording
FILLED = tuple(f.name for f in fields(Streams) if f.name not in ("time_s", "distance_m", "speed_m_s"))
_FORMATS = ("gpx", "tcx", "fit")  # from the poorer to the richer
_QUARTER_S, _ZONES_S = 900.0, 14 * 3600.0
_CLOCK_SLACK_S, _LENGTH_SLACK_S, _FAR_SLACK = 20.0, 3.0, 0.005  # GPS time is 18 s ahead of UTC
_LONGEST_S = 1e6  # no run is longer; above the seconds that a reader keeps of one
_LOOKED_AT = 8  # runs as long and as far within the zones of the Earth: an honest day has one or two
_SAME_SHARE, _SAME_PLACE_M, _SAME_BPM, _LIVELY_BPM = 0.95, 8.0, 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Twin:
    """A run of the journal that was recorded at the same time (or is a copy under another clock): its row."""

    row: dict[str, Any]
    copy: bool

    @property
    def run_id(self) -> str:
        """Its name in the journal."""
        return str(self.row["run_id"])

    @property
    def content_id(self) -> str:
        """The name of the recording that its channels are from."""
        return str(self._merged.get("main", self.run_id))

    @property
    def filled(self) -> tuple[str, ...]:
        """Channels that another recording of it gave."""
        return tuple(self._merged.get("filled", ()))

    @property
    def _merged(self) -> dict[str, Any]:
        return dict(json.loads(self.row["details"]).get("merged") or {})


def merged_from(details: str) -> str | None:
    """The name of the recording that a row's channels are from, where it is not the row's own; else None."""
    found = (json.loads(details).get("merged") or {}).get("main")
    return None if found is None else str(found)


def find(store: Store, made: Prepared, columns: tuple[str, ...]) -> Twin | None:
    """The run of the journal that ``made`` is another recording of, or None."""
    names = ", ".join(columns)
    dated = "CASE WHEN json_valid(details) THEN json_extract(details, '$.clock.said') END IS NOT 0"
    near = store.db.execute(
        f"SELECT {names} FROM run WHERE demo = ? AND started_unix_s BETWEEN ? AND ? "
        f"AND started_unix_s + elapsed_s >= ? AND {dated} ORDER BY added_unix_s, run_id",
        (made.demo, made.started_unix_s - _LONGEST_S, made.started_unix_s + made.elapsed_s, made.started_unix_s),
    )
    for row in readable.each(near, lambda values: dict(zip(columns, values, strict=True))):
        if _shared(row, made) >= SHARED:
            return Twin(row, copy=False)
    alike = store.db.execute(
        f"SELECT {names} FROM run WHERE demo = ? AND started_unix_s BETWEEN ? AND ? AND abs(elapsed_s - ?) <= ? "
        f"AND abs(distance_m - ?) <= ? AND {dated} "
        f"ORDER BY abs(distance_m - ?), added_unix_s, run_id LIMIT {_LOOKED_AT}",
        (made.demo, made.started_unix_s - _ZONES_S, made.started_unix_s + _ZONES_S, made.elapsed_s, _LENGTH_SLACK_S,
         made.distance_m, _FAR_SLACK * made.distance_m, made.distance_m),
    ).fetchall()  # fmt: skip
    own = streams.decode(made.streams_content).streams if alike else None
    for row in readable.each(alike, lambda values: dict(zip(columns, values, strict=True))):
        away_s = abs(row["started_unix_s"] - made.started_unix_s)
        off_s = abs(away_s - _QUARTER_S * round(away_s / _QUARTER_S))
        if own is not None and off_s <= _CLOCK_SLACK_S and _same_track(store, row, own):
            return Twin(row, copy=True)
    return None


def _shared(row: dict[str, Any], made: Prepared) -> float:
    """Time that both share over that of the shorter one."""
    begin, long_s = row["started_unix_s"], row["elapsed_s"]
    shared = min(made.started_unix_s + made.elapsed_s, begin + long_s) - max(made.started_unix_s, begin)
    return float(shared / max(min(long_s, made.elapsed_s), 1.0))


def better(made: Prepared, twin: Twin) -> bool:
    """True if ``made`` is the recording of a watch beside that of a phone, or richer than the one that is there."""
    row = twin.row
    return not twin.copy and _worth(made.channels, made.file_format, twin.filled, own=True) > _worth(
        row["channels"], row["file_format"], twin.filled, own=False
    )


def _worth(channels: str, file_format: str, filled: tuple[str, ...], *, own: bool) -> tuple[int, int]:
    has = set(json.loads(channels)) - (set() if own else set(filled))
    sensors = len(has & {"heart_rate_bpm", "cadence_spm", "power_w"})
    return min(sensors, 1), _FORMATS.index(file_format) if file_format in _FORMATS else 0


def joined(store: Store, made: Prepared, twin: Twin, *, prefer_made: bool) -> Prepared | None:
    """The better one with the channels that it lacks from the other, under the journal's name; None if nothing changes.

    Raises JournalError where the channels of the journal's run are lost.
    """
    kept = streams.get(store.streams_folder, twin.row["streams_sha256"], f"run {twin.run_id[:8]}")
    new = streams.decode(made.streams_content)
    main, other = (new, kept) if prefer_made else (kept, new)
    main_start, other_start = made.started_unix_s, float(twin.row["started_unix_s"])
    if not prefer_made:
        main_start, other_start = other_start, main_start
    missing = [name for name in FILLED if name != "grade" and not main.streams.has(name) and other.streams.has(name)]
    if not prefer_made and (not missing or twin.copy):
        return None
    shift = round(main_start - other_start)
    given = {name: _moved(getattr(other.streams, name), shift, len(main.streams)) for name in missing}
    if "altitude_m" in missing:
        given["grade"] = np.nan_to_num(_moved(other.streams.grade, shift, len(main.streams)))
    filled = replace(main.streams, **given)
    base = made if prefer_made else _of_row(twin.row)
    details = json.loads(base.details)
    content_id = made.run_id if prefer_made else twin.content_id
    told = sorted({*missing, *(() if prefer_made else twin.filled)})
    details["merged"] = {"main": content_id, "filled": told}
    has = [f.name for f in fields(Streams) if f.name != "time_s" and filled.has(f.name)]
    return replace(
        base,
        run_id=twin.run_id,
        title=twin.row["title"] or made.title,
        channels=json.dumps(has),
        details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        streams_content=streams.encode(replace(main, streams=filled)),
    )


def carry_answers(store: Store, twin: Twin, to_unix_s: float, elapsed_s: float) -> None:
    """Places in the run that the runner told, moved to its new start: each as an answer that replaces the old one."""
    shift_s = float(twin.row["started_unix_s"]) - to_unix_s
    if abs(shift_s) < 1.0:
        return
    for event in answers.current(store, Event, twin.run_id):
        if event.from_s is None or event.to_s is None:
            continue
        at_s, from_s, to_s = (
            None if t is None else min(max(t + shift_s, 0.0), elapsed_s) for t in (event.at_s, event.from_s, event.to_s)
        )
        answers.append(
            store, Event, _told(event), kind=event.kind, phase=event.phase, at_s=at_s, from_s=from_s, to_s=to_s,
            muscle=event.muscle, side=event.side, severity=event.severity, helped=event.helped,
        )  # fmt: skip
    for drink in answers.current(store, Drink, twin.run_id):
        if drink.at_s is not None:
            at_s = min(max(drink.at_s + shift_s, 0.0), elapsed_s)
            answers.append(
                store, Drink, _told(drink), volume_l=drink.volume_l, at_s=at_s,
                sodium_mmol_l=drink.sodium_mmol_l, carbohydrate_g_l=drink.carbohydrate_g_l,
            )  # fmt: skip


def _told(answer: Event | Drink) -> answers.Told:
    return answers.Told(
        answer.run_id, answer.happened_at, answer.answered_at, "import", answer.id, answer.prompt_id, answer.note
    )


def _moved(values: Floats, shift: int, size: int) -> Floats:
    """``values`` on a grid that begins ``shift`` seconds later and has ``size`` seconds."""
    out = np.full(size, np.nan)
    first, after = max(-shift, 0), min(values.size - shift, size)
    if after > first:
        out[first:after] = values[first + shift : after + shift]
    return out


def _same_track(store: Store, row: dict[str, Any], own: Streams) -> bool:
    """True if places, or where there are none a lively pulse, are the same second by second."""
    data = streams.read_raw(store.streams_folder, row["streams_sha256"])
    if data is None:
        return False
    a, b = streams.decode(data).streams, own
    n = min(len(a), len(b))
    if a.has("latitude_deg") and b.has("latitude_deg"):
        north, east = (
            np.radians(a.latitude_deg[:n] - b.latitude_deg[:n]),
            np.radians(a.longitude_deg[:n] - b.longitude_deg[:n]),
        )
        apart = EARTH_RADIUS_M * np.hypot(north, east * np.cos(np.radians(a.latitude_deg[:n])))
        return _mostly(apart <= _SAME_PLACE_M, np.isfinite(apart))
    beats = a.heart_rate_bpm[:n] - b.heart_rate_bpm[:n]
    lively = bool(np.isfinite(a.heart_rate_bpm).any()) and float(np.nanstd(a.heart_rate_bpm)) > _LIVELY_BPM
    return lively and _mostly(np.abs(beats) <= _SAME_BPM, np.isfinite(beats))


def _mostly(same: np.ndarray[Any, np.dtype[np.bool_]], known: np.ndarray[Any, np.dtype[np.bool_]]) -> bool:
    return bool(known.sum() >= 60 and same[known].mean() >= _SAME_SHARE)


def _of_row(row: dict[str, Any]) -> Prepared:
    return Prepared(**{f.name: row[f.name] for f in fields(Prepared) if f.name in row}, streams_content=b"")
