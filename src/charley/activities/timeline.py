"""Which records make up the run: the right sessions, with a clock that can be believed and runs forwards."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charley.activities import limits
from charley.activities.fit.profile import CLOCK_SET, FIT_EPOCH_UNIX_S
from charley.activities.pauses import stopped_before
from charley.activities.planned import require_recorded
from charley.activities.sports import is_run, may_be_run
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.errors import RunFileError, Warned
from charley.vocabulary.run import Recording, Session

Stretches = tuple[tuple[float, float], ...]

_WINDOW_MARGIN_S = 1.0  # a session's start and end are rounded to seconds


@dataclass(frozen=True, slots=True)
class Timeline:
    """``rows`` of the recording in order of time, their ``time_unix_s`` (never falling), and whose run it is.

    ``stops`` and ``breaks`` are the recording's, on the same clock.
    """

    rows: Index
    time_unix_s: Floats
    stops: Stretches
    breaks: Stretches
    sessions: tuple[Session, ...]
    warnings: tuple[Warned, ...]


def timeline(recording: Recording) -> Timeline:
    """The records of the run. Raises RunFileError (no-times, too-short) if fewer than two bear a usable time."""
    warnings: list[Warned] = []
    time_s, clock_set = _with_clock_set(recording, warnings)
    shift_s = float(np.nanmax(time_s - recording.time_unix_s, initial=0.0))
    stops, breaks = (
        tuple((a + shift_s, b + shift_s) for a, b in stretches) for stretches in (recording.stops, recording.breaks)
    )
    rows = _believable(time_s, warnings) if clock_set else np.flatnonzero(np.isfinite(time_s))
    if rows.size == recording.records == 1:
        raise RunFileError("too-short", "a single sample was recorded", recording.file_name)
    if rows.size < 2:
        raise RunFileError("no-times", "the samples bear no usable times", recording.file_name)
    sessions = _run_sessions(recording, warnings)
    if len(sessions) < len(recording.sessions):
        rows = _within(rows, time_s, sessions)
        stops = (*stops, *_between(sessions))
    rows = _forwards(rows, time_s, warnings)
    require_recorded(recording, rows, time_s[rows])
    whole = time_s[rows]
    rows, times = _without_jumps(rows, whole, stops, sessions, warnings)
    if rows.size == whole.size and times[-1] < whole[-1]:  # a jump was closed
        stops, breaks = (_moved(stretches, whole, times) for stretches in (stops, breaks))
    return Timeline(rows, times, stops, breaks, sessions, tuple(warnings))


def _moved(stretches: Stretches, before: Floats, after: Floats) -> Stretches:
    """``stretches`` on the clock on which the records at ``before`` are at ``after``."""
    if not stretches:
        return ()
    known, at = np.unique(before, return_index=True)
    begins, ends = np.interp(np.array(stretches, dtype=np.float64).T, known, after[at])
    return tuple(zip(begins.tolist(), ends.tolist(), strict=True))


def _with_clock_set(recording: Recording, warnings: list[Warned]) -> tuple[Floats, bool]:
    """Times that a FIT device counted from power-on are moved to where the session began, if that has a date.

    Without one they stay as they are (the run is as good, its date is not), and the answer is False.
    """
    time_s = recording.time_unix_s
    finite = time_s[np.isfinite(time_s)]
    if recording.file_format != "fit" or not finite.size or finite.max() >= FIT_EPOCH_UNIX_S + CLOCK_SET:
        return time_s, True
    starts = [s.start_unix_s for s in recording.sessions if s.start_unix_s is not None]
    dated = [start for start in starts if limits.EARLIEST_UNIX_S <= start <= limits.latest_unix_s()]
    if not dated:
        warnings.append(Warned("clock-not-set", "the watch had no clock: the date of this run is not known"))
        return time_s, False
    warnings.append(Warned("clock-not-set", "the watch had no clock; the samples were set to the session's start"))
    return time_s + (min(dated) - finite[0]), True


def _believable(time_s: Floats, warnings: list[Warned]) -> Index:
    with np.errstate(invalid="ignore"):
        good = (time_s >= limits.EARLIEST_UNIX_S) & (time_s <= limits.latest_unix_s())
    if impossible := int((np.isfinite(time_s) & ~good).sum()):
        text = f"{impossible} samples are from before 2000 or from the future and were left out"
        warnings.append(Warned("clock-impossible", text))
    return np.flatnonzero(good)


def _run_sessions(recording: Recording, warnings: list[Warned]) -> tuple[Session, ...]:
    """The sessions on foot, else those that may be; of an activity of several sports they are the run."""
    feet = [s for s in recording.sessions if is_run(s)] or [s for s in recording.sessions if may_be_run(s)]
    if not any(map(is_run, feet)):
        warnings.append(Warned("sport-unknown", "the file does not say that it is a run; it is taken as one"))
    if not feet or len(feet) == len(recording.sessions):
        return recording.sessions
    return tuple(sorted(feet, key=lambda s: s.start_unix_s or 0.0))


def _end(session: Session) -> float:
    return (session.start_unix_s or 0.0) + (session.elapsed_s or 0.0)


def _between(sessions: tuple[Session, ...]) -> Stretches:
    """From the end of each session to the start of the next."""
    edges = [(_end(a), b.start_unix_s or 0.0) for a, b in pairwise(sessions)]
    return tuple((begin, end) for begin, end in edges if end > begin)


def _within(rows: Index, time_s: Floats, sessions: tuple[Session, ...]) -> Index:
    """Rows that fall in one of the sessions; all rows where the sessions do not say when they were."""
    if any(s.start_unix_s is None or s.elapsed_s is None for s in sessions):
        return rows
    begins = np.sort([(s.start_unix_s or 0.0) - _WINDOW_MARGIN_S for s in sessions])
    ends = np.sort([_end(s) + _WINDOW_MARGIN_S for s in sessions])
    inside = np.searchsorted(begins, time_s[rows], "right") > np.searchsorted(ends, time_s[rows], "left")
    return rows[inside] if inside.sum() > 1 else rows


def _forwards(rows: Index, time_s: Floats, warnings: list[Warned]) -> Index:
    """The largest set of rows whose clock never goes backwards (longest non-decreasing subsequence)."""
    times = time_s[rows]
    if not (np.diff(times) < 0).any():
        return rows
    keep = longest_rising(times)
    text = f"the clock went backwards; {rows.size - keep.size} samples were left out"
    warnings.append(Warned("clock-backwards", text))
    return rows[keep]


def longest_rising(values: Floats) -> Index:
    """Indices of a longest non-decreasing subsequence of finite ``values``, shape (n,), in n log n steps."""
    tails: list[float] = []  # smallest last value of a subsequence of each length
    tail_at: list[int] = []
    before = np.empty(values.size, dtype=np.intp)
    for at, value in enumerate(values.tolist()):
        length = bisect_right(tails, value)
        before[at] = tail_at[length - 1] if length else -1
        if length == len(tails):
            tails.append(value)
            tail_at.append(at)
        else:
            tails[length], tail_at[length] = value, at
    kept = np.empty(len(tails), dtype=np.intp)
    at = tail_at[-1]
    for slot in range(len(tails) - 1, -1, -1):
        kept[slot] = at
        at = before[at]
    return kept


def _without_jumps(
    rows: Index,
    times: Floats,
    stops: tuple[tuple[float, float], ...],
    sessions: tuple[Session, ...],
    warnings: list[Warned],
) -> tuple[Index, Floats]:
    """Close a jump that the session's own length disproves; else keep the piece with the most records."""
    said = [s.elapsed_s for s in sessions]
    session_s = sum(s for s in said if s) if said and all(said) else None
    steps = np.diff(times)
    stopped = np.diff(stopped_before(times, stops))
    cuts = np.flatnonzero((steps > limits.CLOCK_JUMP_S) & (stopped <= steps / 2))
    if cuts.size == 1 and session_s is not None:
        at = int(cuts[0])
        jump_s = times[at + 1] - times[at]
        left_s = session_s - (times[-1] - times[0] - jump_s)  # what the session leaves for this step
        if 0.0 <= left_s <= limits.SESSION_MARGIN_S:
            text = f"the clock jumped by {jump_s / 3600:.1f} h, which the session's length disproves; it was set back"
            warnings.append(Warned("clock-jump", text))
            set_back = np.concatenate([times[: at + 1], times[at + 1 :] - (jump_s - left_s)])
            return _within_a_run(rows, set_back, warnings)
    if times[-1] - times[0] > limits.GRID_SECONDS:  # a stop of a month is no pause
        cuts = np.flatnonzero(steps > limits.CLOCK_JUMP_S)
    if session_s:
        cuts = _also_where_too_long(times, cuts, session_s * limits.SESSION_FACTOR + limits.SESSION_MARGIN_S)
    if cuts.size:
        edges = np.concatenate([[0], np.sort(cuts) + 1, [times.size]])
        largest = int(np.argmax(np.diff(edges)))
        piece = slice(int(edges[largest]), int(edges[largest + 1]))
        text = f"the clock jumped {cuts.size} times by hours; {rows[piece].size} of {rows.size} samples are used"
        warnings.append(Warned("clock-jump", text))
        rows, times = rows[piece], times[piece]
    return _within_a_run(rows, times, warnings)


def _within_a_run(rows: Index, times: Floats, warnings: list[Warned]) -> tuple[Index, Floats]:
    """As much of the samples as one run can hold."""
    if times[-1] - times[0] > limits.GRID_SECONDS:  # many small jumps, a stop of a month: no recording of one run
        inside = times - times[0] <= limits.GRID_SECONDS
        warnings.append(Warned("clock-jump", f"only the first {int(inside.sum())} of {rows.size} samples are used"))
        rows, times = rows[inside], times[inside]
    return rows, times


def _also_where_too_long(times: Floats, cuts: Index, longest_s: float) -> Index:
    """``cuts``, and the largest steps beside them, until what is left is no longer than the session allows."""
    steps = np.diff(times)
    steps[cuts] = 0.0
    excess_s = float(steps.sum()) - longest_s
    order = np.argsort(steps)[::-1]
    order = order[steps[order] > limits.SESSION_MARGIN_S]
    needed = np.concatenate([[0.0], np.cumsum(steps[order])[:-1]]) < excess_s
    return np.concatenate([cuts, order[needed[: order.size]]])
