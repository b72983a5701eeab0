"""Plain tables before any model: hard runs counted on two sides of a line, legs, shoes and muscles, with exact tests.

Looking at many tables finds something in pure luck. The best of a log's tables is therefore held against logs in which
the same cramps fall on the same runs by lot (Westfall and Young 1993, ISBN 0471557617): ``by_chance`` is how often luck
makes any of them as clean. Legs and muscles are tested apart, each with its own part of the five in a hundred that a
log without a pattern may show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from charley.answers.history.log import Log
from charley.answers.history.plan import CALF_MUSCLES
from charley.evidence import priors
from charley.vocabulary import journal
from charley.vocabulary.arrays import Bools
from charley.vocabulary.history import Told
from charley.vocabulary.over_journal import LegTable, MuscleTable, PlainTable, PlainTables
from charley.vocabulary.units import SECONDS_PER_HOUR

# Parts of the five in a hundred: a log without a pattern shows one of these, by luck, at most so often.
TABLES_ALPHA, LEG_ALPHA, MUSCLE_ALPHA = 0.025, 0.0225, 0.0025
PERMUTED = 4000
LEAST_SIDE = 2  # runs on each side of a line, for it to be drawn
LEAST_HARD = 6
NEW_SHOE_M = 100_000.0
COMMON_MUSCLES = 0.6  # see ``muscle_table``


@dataclass(frozen=True, slots=True)
class _Line:
    """A table to be: which runs lie beyond its line, and where that is; None for a run of which nothing is known."""

    id: str
    beyond: tuple[bool | None, ...]
    cut: float | None = None
    unit: str = ""
    name: str = ""


def plain_tables(log: Log, alone: Sequence[journal.Event] = (), seed: int = 1) -> PlainTables:
    """All tables of a log, the cleanest first; ``alone``: cramps of no run, which have legs and muscles."""
    hard = log.answered_hard
    cramped = np.array([log.did_cramp(i) for i in hard], dtype=bool)
    lines = _drawable(_lines(log, hard))
    tables: list[PlainTable] = []
    if len(hard) >= LEAST_HARD and 0 < cramped.sum() < len(hard):
        alone_p = [fisher(*_counts(line, cramped)) for line in lines]
        together = _by_chance(lines, cramped, alone_p, seed)
        tables = [_table(line, cramped, p, chance) for line, p, chance in zip(lines, alone_p, together, strict=True)]
    best = sorted(_best_of_each(tables), key=lambda t: (t.by_chance, t.alone))
    return PlainTables(
        hard=len(hard),
        cramped=int(cramped.sum()),
        looked_at=len({line.id for line in lines}),
        tables=tuple(best),
        leg=leg_table(log, alone),
        muscle=muscle_table(log),
    )


# For which family a table speaks, and on which side of its line: beyond it, or short of it.
SPEAKS_FOR = {
    "fast_start": ("pace", True), "heat": ("fluid", True), "drink": ("fluid", False),
    "beyond_longest": ("load", True), "hills": ("load", True), "volume": ("load", False),
}  # fmt: skip


def speaking_for(log: Log) -> dict[str, float]:
    """Of each family with a table that speaks for it, Fisher's p of the cleanest, taken alone."""
    hard = log.answered_hard
    cramped = np.array([log.did_cramp(i) for i in hard], dtype=bool)
    found: dict[str, float] = {}
    for line in _drawable(_lines(log, hard)):
        family, beyond = SPEAKS_FOR.get(line.id, ("", True))
        a, n, b, m = _counts(line, cramped)
        if family and (a * m > b * n if beyond else a * m < b * n):
            found[family] = min(found.get(family, 1.0), fisher(a, n, b, m))
    return found


def _best_of_each(tables: Sequence[PlainTable]) -> list[PlainTable]:
    """Of each kind the line that was cleanest; of shoes the pair."""
    best: dict[str, PlainTable] = {}
    for table in tables:
        if table.id not in best or table.alone < best[table.id].alone:
            best[table.id] = table
    return list(best.values())


def _lines(log: Log, hard: Sequence[int]) -> list[_Line]:
    """Every line that is drawn: at a fixed place, and in the middle of this runner's own runs."""
    out: list[_Line] = []
    for kind, unit, fixed, value in _KINDS:
        values = [value(log, i) for i in hard]
        known = [v for v in values if v is not None]
        if not known:
            continue
        cuts = {c for c in (fixed, float(np.median(known)) if kind in _OWN_MIDDLE else None) if c is not None}
        out += [_Line(kind, tuple(None if v is None else v >= cut for v in values), cut, unit) for cut in sorted(cuts)]
    out += [_Line(chip, tuple(chip in log.told[i].unusual for i in hard)) for chip in ("tight_calves", "bad_sleep")]
    pairs = [log.told[i].shoes for i in hard]
    for pair in sorted({p for p in pairs if p is not None}):
        out.append(_Line("pair", tuple(None if p is None else p == pair for p in pairs), name=pair))
    return out


def _drawable(lines: Sequence[_Line]) -> list[_Line]:
    """Lines with runs enough on both sides, each split once."""
    out: dict[tuple[bool | None, ...], _Line] = {}
    for line in lines:
        known = [b for b in line.beyond if b is not None]
        if min(sum(known), len(known) - sum(known)) >= LEAST_SIDE:
            mirrored = tuple(None if b is None else not b for b in line.beyond)
            if line.beyond not in out and mirrored not in out:
                out[line.beyond] = line
    return list(out.values())


def _fast_start(log: Log, i: int) -> float | None:
    return float(log.rows[i].stressors[:, -1, log.table.triggers.keys.index("fast_start")].mean())


def _beyond_longest(log: Log, i: int) -> float | None:
    longest = log.planned[i].runner.longest_run_30d_m
    return None if not longest else log.told[i].row.distance_m / longest - 1


def _temperature(log: Log, i: int) -> float | None:
    return log.told[i].weather.air_temp_c


def _drunk(log: Log, i: int) -> float | None:
    told = log.told[i]
    return (
        None if told.intake.drink_l is None else told.intake.drink_l / max(told.row.elapsed_s / SECONDS_PER_HOUR, 0.1)
    )


def _climb(log: Log, i: int) -> float | None:
    rows = log.rows[i]
    return float(rows.stressors[:, -1, log.table.triggers.keys.index("descent")].mean()) * 100.0


def _distance(log: Log, i: int) -> float | None:
    return log.told[i].row.distance_m


def _hour(log: Log, i: int) -> float | None:
    at = log.told[i].row.started_at.astimezone()
    return at.hour + at.minute / 60


def _summer(log: Log, i: int) -> float | None:
    return float(5 <= log.told[i].row.started_at.month <= 10)


def _volume(log: Log, i: int) -> float | None:
    """Distance of the 28 days before, against the middle of the log's: below 1, less than usual."""
    usual = log.usual_four_weeks_m
    return None if usual <= 0 else float(log.four_weeks_m[i] / usual)


def _shoe_m(log: Log, i: int) -> float | None:
    """Distance that the pair had done before, with the runs of this log."""
    pair = log.told[i].shoes
    return None if pair is None else sum(t.row.distance_m for t in log.told[:i] if t.shoes == pair)


_Value = Callable[[Log, int], float | None]
_KINDS: tuple[tuple[str, str, float | None, _Value], ...] = (
    ("fast_start", "% above own level", 4.0, _fast_start),
    ("distance", "m", None, _distance),
    ("beyond_longest", "longer than the longest run", 0.1, _beyond_longest),
    ("heat", "°C", 18.0, _temperature),
    ("drink", "L/h", 0.4, _drunk),
    ("hills", "m", None, _climb),
    ("volume", "of the usual four weeks", 0.8, _volume),
    ("shoe_age", "m", NEW_SHOE_M, _shoe_m),
    ("hour", "h", 10.0, _hour),
    ("summer", "May to October", 1.0, _summer),
)
_OWN_MIDDLE = frozenset({"fast_start", "distance", "heat", "hills"})


def _counts(line: _Line, cramped: Bools) -> tuple[int, int, int, int]:
    """Cramped and all runs beyond the line, cramped and all on this side of it."""
    beyond = np.array([b is True for b in line.beyond])
    near = np.array([b is False for b in line.beyond])
    return int(cramped[beyond].sum()), int(beyond.sum()), int(cramped[near].sum()), int(near.sum())


@cache
def fisher(a: int, n: int, b: int, m: int) -> float:
    """Fisher's exact test, both sides: chance that the margins alone split a of n against b of m as far, or further."""
    total = a + b
    ways = [comb(n, k) * comb(m, total - k) for k in range(max(0, total - m), min(n, total) + 1)]
    mine = comb(n, a) * comb(m, b)
    return sum(w for w in ways if w <= mine) / sum(ways)


def _by_chance(lines: Sequence[_Line], cramped: Bools, alone: Sequence[float], seed: int) -> list[float]:
    """For each table, how often the cleanest of all would be as clean if cramps fell on runs by lot."""
    rng = np.random.default_rng(seed)
    shuffled = np.array([rng.permutation(cramped) for _ in range(PERMUTED)], dtype=np.int64)
    least = np.ones(PERMUTED)
    for line in lines:
        beyond = np.array([b is True for b in line.beyond])
        near = np.array([b is False for b in line.beyond])
        n, m = int(beyond.sum()), int(near.sum())
        met, which = np.unique(np.stack([shuffled @ beyond, shuffled @ near]), axis=1, return_inverse=True)
        each = np.array([fisher(int(a), n, int(b), m) for a, b in met.T])
        least = np.minimum(least, each[which.ravel()])
    found: list[float] = []
    for p in alone:
        luck = (1 + float((least <= p * (1 + 1e-9)).sum())) / (1 + PERMUTED)
        found.append(min(luck, p * len(lines)) if p * len(lines) < 10 / PERMUTED else luck)
    return found


def _table(line: _Line, cramped: Bools, alone: float, by_chance: float) -> PlainTable:
    a, n, b, m = _counts(line, cramped)
    return PlainTable(
        id=line.id,
        name=line.name,
        cut=line.cut,
        unit=line.unit,
        beyond_cramped=a,
        beyond_runs=n,
        other_cramped=b,
        other_runs=m,
        alone=alone,
        by_chance=by_chance,
        stands_out=by_chance <= TABLES_ALPHA,
        sides=line.beyond,
    )


def binomial_tail(k: int, n: int, p: float) -> float:
    """Chance of at least k of n."""
    return float(sum(comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(k, n + 1)))


def leg_table(log: Log, alone: Sequence[journal.Event] = ()) -> LegTable:
    """Left against right: one leg a run or night, so that a cramp that comes back in the same run counts once."""
    sides = [side for t in log.told if (side := _first_side(t)) is not None]
    sides += [e.side for e in alone if e.kind == "cramp" and e.side in ("left", "right")]
    left, right = sides.count("left"), sides.count("right")
    most, told = max(left, right), left + right
    p = min(1.0, 2 * binomial_tail(most, told, 0.5)) if told else 1.0
    return LegTable(left, right, "left" if left >= right else "right", p, stands_out=p <= LEG_ALPHA)


def _first_side(told: Told) -> str | None:
    sides = [e.side for e in told.report.events if e.kind == "cramp"]
    return next((s for s in sides if s in ("left", "right")), None)


def muscle_table(log: Log) -> MuscleTable:
    """Which muscle cramps came in; another than the calf stands out where the calf's usual share makes it unlikely."""
    muscles = [t.report.cramps[0].muscle for t in log.told if t.report.cramps]
    counts = {m: muscles.count(m) for m in dict.fromkeys(muscles)}
    others = {m: c for m, c in counts.items() if m not in CALF_MUSCLES}
    most = max(others, key=lambda m: others[m], default=None)
    told, calf = len(muscles), sum(counts.values()) - sum(others.values())
    p = 1.0
    if most is not None:
        p = binomial_tail(others[most], told, (1 - priors()["calf_share"].mean) * COMMON_MUSCLES)
    return MuscleTable(tuple(counts.items()), calf, most, p, stands_out=most is not None and p <= MUSCLE_ALPHA)
