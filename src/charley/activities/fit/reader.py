"""FIT files: raw messages -> Recording, with units, timer stops, sessions and the device's name."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np

from charley.activities.file_kinds import fit_type_name
from charley.activities.fit import fast, fitdecode_reader
from charley.activities.fit import profile as fit
from charley.activities.fit.frame import parts
from charley.activities.fit.messages import Fields, FitMessages
from charley.activities.limits import CLOCK_JUMP_S, Deadline, plain
from charley.activities.zones import WATCH, offset_s
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import RunFileError, Warned
from charley.vocabulary.run import DeveloperField, Piece, Recording, Session

DEMO_PRODUCT_NAME = "Charley demo"
_LAST_STOP_ROUNDING_S = 5.0  # records that a watch still writes while it is stopped for good


def read(data: bytes, file_name: str) -> Recording:
    """The recording in a FIT file. Raises RunFileError when it is damaged beyond use or no activity."""
    deadline = Deadline(file_name)
    file_parts, warnings = parts(data, file_name)
    known = all(part.protocol <= fit.PROTOCOL for part in file_parts)
    messages = (fast if known else fitdecode_reader).messages(data, file_parts, deadline)
    return recording(messages, file_name, sha256(data).hexdigest(), warnings)


def recording(messages: FitMessages, file_name: str, content_sha256: str, warnings: list[Warned]) -> Recording:
    """Scale and name what a decoder found. Raises RunFileError for a file without records."""
    ids = messages.of(fit.FILE_ID)
    kinds = [int(i[fit.FILE_TYPE]) for i in ids if isinstance(i.get(fit.FILE_TYPE), float)]
    pieces = tuple(_pieces(messages))
    sessions = tuple(s for piece in pieces for s in piece.sessions)
    if kinds and fit.ACTIVITY_FILE not in kinds and not (sessions and messages.records):
        raise RunFileError("not-activity", f"a FIT file of the kind '{fit_type_name(kinds[0])}'", file_name)
    if messages.records == 0 and not any(map(has_figures, sessions)):
        raise RunFileError("no-records", "no samples were recorded in this file", file_name)
    return Recording(
        file_name=file_name,
        file_format="fit",
        content_sha256=content_sha256,
        time_unix_s=messages.columns.get(fit.TIMESTAMP, np.full(messages.records, np.nan)) + fit.FIT_EPOCH_UNIX_S,
        channels=channels_of(messages),
        sessions=sessions,
        sport=common_sport(sessions),
        device=_device(ids),
        stops=_stops(messages, sessions),
        pieces=pieces if len(pieces) > 1 else (),
        **_zone(messages),
        developer=tuple(
            DeveloperField(plain(name), plain(unit), v) for name, (unit, v) in sorted(messages.developer.items())
        ),
        warnings=(*warnings, *messages.warnings),
        demo=any(_is_demo(i) for i in ids),
    )


def _pieces(messages: FitMessages) -> Iterator[Piece]:
    """One piece a part of the chain that holds records or sessions; the sport message speaks where no session does."""
    edges = [*messages.part_rows, messages.records]
    for part, first_row in enumerate(messages.part_rows):
        sessions = tuple(_session(fields) for fields in messages.of_part(part, fit.SESSION))
        if not sessions:
            told = messages.of_part(part, fit.SPORT)[:1]
            sessions = tuple(Session(sport=_sport(s, 0), sub_sport=_sub_sport(s, 1)) for s in told)
        if sessions or edges[part + 1] > first_row:
            yield Piece(first_row, sessions)


def has_figures(session: Session) -> bool:
    """True if a session tells when, how long and how far: enough for an entry by hand."""
    return session.start_unix_s is not None and bool(session.elapsed_s or session.timer_s) and bool(session.distance_m)


def common_sport(sessions: tuple[Session, ...]) -> str:
    """The sport of all sessions, "several" where they differ, "" where none says."""
    sports = {session.sport for session in sessions if session.sport}
    return "several" if len(sports) > 1 else next(iter(sports), "")


def channels_of(messages: FitMessages) -> dict[str, Floats]:
    """Channels of the records with at least one value, in SI."""
    channels: dict[str, Floats] = {}
    for number, quantity in fit.RECORD_FIELDS.items():
        raw = messages.columns.get(number)
        if raw is None:
            continue
        values = (raw / quantity.scale - quantity.offset) * quantity.to_si
        held = channels.get(quantity.channel)
        channels[quantity.channel] = values if held is None else np.where(np.isfinite(held), held, values)
    cadence = messages.columns.get(fit.CADENCE)
    if cadence is not None:
        part = messages.columns.get(fit.FRACTIONAL_CADENCE)
        more = 0.0 if part is None else np.nan_to_num(part) / fit.FRACTIONAL_CADENCE_SCALE
        channels["cadence_spm"] = 2.0 * (cadence + more)  # FIT counts one leg
    if messages.packed_speed_distance is not None:
        for channel, values in _unpack_speed_distance(messages.packed_speed_distance).items():
            held = channels.get(channel)
            channels[channel] = values if held is None else np.where(np.isfinite(held), held, values)
    return {name: values for name, values in channels.items() if np.isfinite(values).any()}


def _unpack_speed_distance(packed: Floats) -> dict[str, Floats]:
    """Speed (12 bits, 1/100 m/s) and distance (12 bits, 1/16 m, rolling over at 256 m) of old foot pods."""
    held = np.isfinite(packed)
    bits = packed[held].astype(np.int64)
    speed, distance = np.full(packed.shape, np.nan), np.full(packed.shape, np.nan)
    speed[held] = (bits & 0xFFF) / 100.0
    rolling = bits >> 12
    steps = np.diff(rolling, prepend=0) & 0xFFF
    distance[held] = np.cumsum(steps) / 16.0
    return {"speed_m_s": speed, "distance_m": distance}


def _session(fields: Fields) -> Session:
    start = _scaled(fields, fit.SESSION_START, 1.0)
    return Session(
        sport=_sport(fields, fit.SESSION_SPORT),
        sub_sport=_sub_sport(fields, fit.SESSION_SUB_SPORT),
        start_unix_s=None if start is None else start + fit.FIT_EPOCH_UNIX_S,
        elapsed_s=_scaled(fields, fit.SESSION_ELAPSED, fit.TIME_SCALE),
        timer_s=_scaled(fields, fit.SESSION_TIMER, fit.TIME_SCALE),
        distance_m=_scaled(fields, fit.SESSION_DISTANCE, fit.DISTANCE_SCALE),
    )


def _stops(messages: FitMessages, sessions: tuple[Session, ...]) -> tuple[tuple[float, float], ...]:
    """Stretches from a stop of the timer to its next start; behind a stop without one, to the last record."""
    stops: list[tuple[float, float]] = []
    stopped_at: float | None = None
    for event in messages.of(fit.EVENT):
        at = _scaled(event, fit.TIMESTAMP, 1.0)
        if event.get(fit.EVENT_KIND) != fit.EVENT_TIMER or at is None:
            continue
        if event.get(fit.EVENT_TYPE) in fit.TIMER_STOPS:
            stopped_at = at if stopped_at is None else stopped_at
        elif event.get(fit.EVENT_TYPE) == fit.TIMER_START and stopped_at is not None:
            if at > stopped_at:
                stops.append((stopped_at + fit.FIT_EPOCH_UNIX_S, at + fit.FIT_EPOCH_UNIX_S))
            stopped_at = None
    if stopped_at is not None:
        stops += _last_stop(stopped_at, messages.columns.get(fit.TIMESTAMP), sessions)
    return tuple(stops)


def _last_stop(stopped_at: float, recorded: Floats | None, sessions: tuple[Session, ...]) -> list[tuple[float, float]]:
    """A watch that was stopped and saved later, where its sessions do not say that the timer went on."""
    last = 0.0 if recorded is None else float(np.nanmax(recorded, initial=0.0))
    after_s = last - stopped_at
    if not _LAST_STOP_ROUNDING_S < after_s < CLOCK_JUMP_S:
        return []
    not_timed = [s.elapsed_s - s.timer_s for s in sessions if s.elapsed_s is not None and s.timer_s is not None]
    if not_timed and sum(not_timed) < after_s / 2:
        return []
    return [(stopped_at + fit.FIT_EPOCH_UNIX_S, last + fit.FIT_EPOCH_UNIX_S)]


def _zone(messages: FitMessages) -> dict[str, Any]:
    """The offset of the watch's clock from UTC, where it notes both."""
    for message, local in fit.LOCAL_TIME.items():
        for fields in messages.of(message):
            there, utc = _scaled(fields, local, 1.0), _scaled(fields, fit.TIMESTAMP, 1.0)
            if there is not None and utc is not None and (found := offset_s(there, utc)) is not None:
                return {"utc_offset_s": found, "zone_from": WATCH}
    return {}


def _device(ids: list[Fields]) -> str:
    for fields in ids:
        maker = fields.get(fit.MANUFACTURER)
        product = fields.get(fit.PRODUCT_NAME, fields.get(fit.PRODUCT))
        if maker is None and product is None:
            continue
        name = fit.MANUFACTURERS.get(int(maker), f"maker {int(maker)}") if isinstance(maker, float) else ""
        name = "" if maker == fit.DEVELOPMENT else name
        model = product if isinstance(product, str) else "" if product is None else f"model {int(product)}"
        return plain(model if model.lower().startswith(name.lower()) else f"{name} {model}")
    return ""


def _is_demo(fields: Fields) -> bool:
    return fields.get(fit.MANUFACTURER) == fit.DEVELOPMENT and fields.get(fit.PRODUCT_NAME) == DEMO_PRODUCT_NAME


def _scaled(fields: Fields, number: int, scale: float) -> float | None:
    value = fields.get(number)
    return value / scale if isinstance(value, float) else None


def _sport(fields: Fields, number: int) -> str:
    value = fields.get(number)
    return fit.SPORTS.get(int(value), str(int(value))) if isinstance(value, float) else ""


def _sub_sport(fields: Fields, number: int) -> str:
    value = fields.get(number)
    return fit.SUB_SPORTS.get(int(value), str(int(value))) if isinstance(value, float) else ""
