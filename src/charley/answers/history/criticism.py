"""Does the model fit this log? Its patterns are held against logs that the model itself makes (posterior predictive).

Where the log shows what the model hardly ever makes, the answer says so, and the plain table is to be believed. A check
of this kind uses the log twice and is slow to complain; what it does complain of is real.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from charley.answers.history.belief import Belief
from charley.answers.history.tables import fisher
from charley.vocabulary.arrays import Bools
from charley.vocabulary.over_journal import Misfit, PlainTable, PlainTables

RARE = 0.02  # of logs that the model makes
REPLICATED = 1000
DRAWS = 250
LEAST_RUNS, LEAST_CRAMPS = 6, 3

Statistic = Callable[[Bools], float]


def misfits(belief: Belief, tables: PlainTables, seed: int = 1) -> tuple[Misfit, ...]:
    """What this log shows and logs of the model hardly ever do."""
    log = belief.log
    hard = log.answered_hard
    cramped = np.array([log.did_cramp(i) for i in hard], dtype=bool)
    if len(hard) < LEAST_RUNS or cramped.sum() < LEAST_CRAMPS:
        return ()
    some = belief.now.equal(DRAWS)
    chances = np.stack([some.chance(log.rows[i]) for i in hard], axis=1)  # (draws, runs)
    rng = np.random.default_rng(seed)
    logs = rng.random((REPLICATED, len(hard))) < chances[rng.integers(DRAWS, size=REPLICATED)]
    found = [
        _held("count", lambda y: float(y.sum()), cramped, logs, both=True),
        _held("halves", _halves, cramped, logs, both=True),
        _held("spells", _spells, cramped, logs, both=False),
    ]
    if tables.tables:
        best = tables.tables[0]
        found.append(_held("split", _split(best), cramped, logs, both=False, table=best))
    return tuple(m for m in found if m.by_model < RARE)


def _held(
    code: str, statistic: Statistic, cramped: Bools, logs: Bools, *, both: bool, table: PlainTable | None = None
) -> Misfit:
    seen, made = statistic(cramped), np.array([statistic(y) for y in logs])
    above = (1 + float((made >= seen).sum())) / (1 + len(made))
    below = (1 + float((made <= seen).sum())) / (1 + len(made))
    by_model = min(1.0, 2 * min(above, below)) if both else above
    return Misfit(code, by_model, seen, float(made.mean()), None if table is None else table.id)


def _halves(y: Bools) -> float:
    """Cramps of the later half less those of the earlier one."""
    half = y.size // 2
    return float(y[-half:].sum()) - float(y[:half].sum())


def _spells(y: Bools) -> float:
    """Cramped runs that follow a cramped run."""
    return float((y[1:] & y[:-1]).sum())


def _split(table: PlainTable) -> Statistic:
    """How cleanly cramps fall on one side of a table's line."""
    far = np.array([side is True for side in table.sides])
    near = np.array([side is False for side in table.sides])

    def clean(y: Bools) -> float:
        return -float(np.log(fisher(int(y[far].sum()), int(far.sum()), int(y[near].sum()), int(near.sum()))))

    return clean
