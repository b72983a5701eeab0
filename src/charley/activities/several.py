"""Several activities in one file: a history of TCX, tracks of GPX, chained FIT files, a triathlon.

Pieces are one activity where the file says so (a multisport session), where they are of different sports and follow
each other within an hour (run, ride, run), and, in GPX, where tracks of one sport do so: loggers begin a new track when
they are switched on again. A piece is two activities where nothing was recorded for many hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise

import numpy as np

from charley.activities import limits
from charley.activities.sports import may_be_run
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.errors import UsageError, Warned
from charley.vocabulary.run import DeveloperField, Recording, Session

TOGETHER_S = 3600.0  # pieces farther apart in time are activities of their own
_LEAST_RECORDS = 20  # fewer behind a silence of hours are stray


@dataclass(frozen=True, slots=True)
class _Unit:
    """Rows that certainly belong together, in file order; first and last believable time (NaN: none)."""

    rows: Index
    sessions: tuple[Session, ...]
    joined: bool
    begin: float
    end: float

    @property
    def sport(self) -> str:
        """The one sport of its sessions, "" where they do not say, or say several."""
        named = {s.sport for s in self.sessions if s.sport}
        return next(iter(named)) if len(named) == 1 else ""


def activities_of(recording: Recording) -> tuple[Recording, ...]:
    """The activities of a file in order of time, each as a recording of its own; the recording itself if it is one.

    An activity without a row is an entry by hand: a session and nothing else. Raises RunFileError (file-limits) for
    more than ``limits.ACTIVITIES``.
    """
    units = [part for unit in _units(recording) for part in _parted(recording, unit)]
    recorded = [u for u in units if u.sessions or np.isfinite(recording.time_unix_s[u.rows]).any()]
    units = recorded or units  # a track without times beside others is a plan
    if len(units) < 2 and len(recording.pieces) < 2:
        return (recording,)
    units.sort(key=lambda unit: (np.isnan(unit.begin), unit.begin))
    groups: list[list[_Unit]] = []
    last_end = -np.inf
    for unit in units:
        if groups and _together(groups[-1][-1], last_end, unit, recording.file_format):
            groups[-1].append(unit)
            last_end = max(last_end, unit.end)
        else:
            groups.append([unit])
            last_end = unit.end
    if len(groups) < 2:
        breaks = tuple(dict.fromkeys((*recording.breaks, *_between(groups[0]))))
        return (replace(recording, breaks=breaks),)
    if len(groups) > limits.ACTIVITIES:
        raise limits.too_large(recording.file_name, f"more than {limits.ACTIVITIES} activities in one file")
    pauses = [np.array(found).reshape(-1, 2) for found in (recording.stops, recording.breaks)]
    return tuple(_activity(recording, group, *pauses) for group in groups)


def chosen(recording: Recording, number: int | None) -> Recording:
    """The activity of that number (from 1, in order of time), else the longest that may be a run; told if several.

    Raises UsageError (usage-value) for a number that the file does not have.
    """
    found = activities_of(recording)
    if number is not None and not 1 <= number <= len(found):
        held = "one activity" if len(found) == 1 else f"{len(found)} activities"
        raise UsageError("usage-value", f"activity {number}, and the file holds {held}", "--activity")
    if len(found) == 1:
        return found[0]
    at = _longest(found) if number is None else number - 1
    which = f"the file holds {len(found)} activities; this is number {at + 1}"
    others = ", ".join(f"{i + 1} ({_described(a)})" for i, a in list(enumerate(found))[:6] if i != at)
    why = "" if number is not None else ", the longest that may be a run"
    note = Warned("several-runs", f"{which} ({_described(found[at])}){why}; the others: {others}")
    return replace(found[at], warnings=(*found[at].warnings, note))


def _longest(found: tuple[Recording, ...]) -> int:
    runs = [i for i, r in enumerate(found) if r.records and (not r.sessions or any(map(may_be_run, r.sessions)))]
    return max(runs or range(len(found)), key=lambda i: _seconds(found[i]))


def _seconds(activity: Recording) -> float:
    said = [s.timer_s or s.elapsed_s for s in activity.sessions if may_be_run(s)]
    if said and all(said):
        return sum(s for s in said if s)
    times = activity.time_unix_s[np.isfinite(activity.time_unix_s)]
    return float(np.ptp(times)) if times.size else 0.0


def _described(activity: Recording) -> str:
    from datetime import UTC, datetime

    times = _believable(activity.time_unix_s)
    day = f"{datetime.fromtimestamp(float(times.min()), UTC):%-d %B %Y}, " if times.size else ""
    sport = "" if activity.sport in ("", "running") else f"{activity.sport}, "
    return f"{day}{sport}{_seconds(activity) / 60:.0f} min"


def _units(recording: Recording) -> list[_Unit]:
    """The pieces that the file tells apart, each with its rows."""
    if len(recording.pieces) < 2:
        return [_unit(recording, np.arange(recording.records), recording.sessions, False)]
    edges = [*(p.first_row for p in recording.pieces), recording.records]
    return [
        _unit(recording, np.arange(begin, end), piece.sessions, piece.joined)
        for piece, begin, end in zip(recording.pieces, edges, edges[1:], strict=False)
        if end > begin or piece.sessions
    ]


def _unit(recording: Recording, rows: Index, sessions: tuple[Session, ...], joined: bool) -> _Unit:
    times = _believable(recording.time_unix_s[rows])
    starts = [s.start_unix_s for s in sessions if s.start_unix_s is not None]
    begin = float(times.min()) if times.size else min(starts, default=np.nan)
    return _Unit(rows, sessions, joined, begin, float(times.max()) if times.size else begin)


def _believable(times: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(times[(times >= limits.EARLIEST_UNIX_S) & (times <= limits.latest_unix_s())])


def _parted(recording: Recording, unit: _Unit) -> list[_Unit]:
    """The unit, parted where hours lie between its sessions, or where XML has no points for hours."""
    if len(unit.sessions) > 1:
        return _by_sessions(recording, unit)
    times = recording.time_unix_s[unit.rows]
    if recording.file_format == "fit" or not times.size or unit.end - unit.begin <= limits.CLOCK_JUMP_S:
        return [unit]
    order = np.argsort(np.where(np.isnan(times), np.inf, times), kind="stable")
    cuts = np.flatnonzero(np.diff(times[order]) > limits.CLOCK_JUMP_S) + 1
    parts = [np.sort(part) for part in np.split(order, cuts)]
    if len(parts) < 2 or min(part.size for part in parts) < _LEAST_RECORDS:
        return [unit]
    only_sport = tuple(Session(s.sport, s.sub_sport) for s in unit.sessions)
    return [_unit(recording, unit.rows[part], only_sport, unit.joined and i == 0) for i, part in enumerate(parts)]


def _by_sessions(recording: Recording, unit: _Unit) -> list[_Unit]:
    timed = [(s.start_unix_s, s.elapsed_s, s) for s in unit.sessions]
    known = sorted(((a, a + b, s) for a, b, s in timed if a is not None and b is not None), key=lambda part: part[0])
    if len(known) < len(unit.sessions):
        return [unit]
    groups: list[list[tuple[float, float, Session]]] = []
    last_end = -np.inf
    for part in known:
        if groups and part[0] - last_end <= limits.CLOCK_JUMP_S:
            groups[-1].append(part)
            last_end = max(last_end, part[1])
        else:
            groups.append([part])
            last_end = part[1]
    if len(groups) < 2:
        return [unit]
    begins = np.array([group[0][0] for group in groups]) - 1.0  # starts are rounded to seconds
    times = recording.time_unix_s[unit.rows]
    of_group = np.clip(np.searchsorted(begins, np.where(np.isnan(times), begins[0], times), side="right") - 1, 0, None)
    return [
        _unit(recording, unit.rows[of_group == i], tuple(s for _, _, s in group), unit.joined and i == 0)
        for i, group in enumerate(groups)
    ]


def _together(before: _Unit, last_end: float, unit: _Unit, file_format: str) -> bool:
    """Whether a unit belongs to the activity that ``before`` is the last unit of, and that ends at ``last_end``."""
    if unit.joined:
        return True
    apart_s = unit.begin - last_end
    if not 0.0 <= apart_s < TOGETHER_S:  # also where a time is unknown, and where two devices recorded at once
        return False
    last, own = before.sport, unit.sport
    return file_format == "gpx" if last == own or not (last and own) else True


def _between(group: list[_Unit]) -> tuple[tuple[float, float], ...]:
    """Breaks from each unit to the next."""
    return tuple((a.end, b.begin) for a, b in pairwise(group) if b.begin > a.end)


def _activity(recording: Recording, group: list[_Unit], stops: Floats, breaks: Floats) -> Recording:
    """The units as a recording, under a name made of its own content: the same whatever else stands in the file."""
    rows = np.concatenate([unit.rows for unit in group])
    begin, end = min(u.begin for u in group), max(u.end for u in group)
    sessions = tuple(s for unit in group for s in unit.sessions)
    sports = {s.sport for s in sessions if s.sport}
    whole = {name: values[rows] for name, values in recording.channels.items()}
    channels = {name: values for name, values in whole.items() if np.isfinite(values).any()}
    digest = sha256(repr(sessions).encode())
    for name, values in (("time", recording.time_unix_s[rows]), *sorted(channels.items())):
        digest.update(name.encode() + values.astype("<f8").tobytes())

    def inside(stretches: Floats) -> tuple[tuple[float, float], ...]:
        return tuple((a, b) for a, b in stretches[(stretches[:, 1] > begin) & (stretches[:, 0] < end)].tolist())

    return replace(
        recording,
        content_sha256=digest.hexdigest(),
        time_unix_s=recording.time_unix_s[rows],
        channels=channels,
        sessions=sessions,
        sport="several" if len(sports) > 1 else next(iter(sports), ""),
        stops=inside(stops),
        breaks=tuple(dict.fromkeys((*inside(breaks), *_between(group)))),
        pieces=(),
        developer=tuple(DeveloperField(f.name, f.unit, f.values[rows]) for f in recording.developer),
    )
