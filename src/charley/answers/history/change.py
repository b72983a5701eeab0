"""One change to make, at most: harmless, borne out by the log or by graded studies, with what it costs and may buy.

The chance with the change is that of the same run with less of one stressor, under the belief of today. Where nothing
stands out it says so, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.answers.history.belief import Belief
from charley.answers.history.naming import Naming
from charley.evidence.numbers.learning import LEARNING, LearningNumbers
from charley.evidence.numbers.risk import RISK
from charley.inference.design import RunRows
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import OneChange

NOTHING_STANDS_OUT, NOTHING_TO_CHANGE, TOO_LITTLE = "nothing_stands_out", "nothing_to_change", "too_little"
WEIGH_FIRST = "weigh_first"  # drink is the next thing to look at, and nobody is told to drink more unseen


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of one family: how the rows of a run look with it, how much of it there is, and who is never told.

    ``most``: the largest size that makes sense in a run, 0 or less where there is nothing to change.
    """

    code: str
    family: str
    sizes: tuple[float, ...]
    unit: str
    most: Callable[[Belief, RunRows], float]
    changed: Callable[[Belief, RunRows, float], RunRows]
    costs_s: Callable[[Belief, RunRows, float], float]
    refused_with: frozenset[str] = frozenset()
    from_studies: bool = False  # graded B or better: worth trying on a runner whom the log does not tell of


def _column(belief: Belief, key: str) -> int:
    return belief.log.table.keys.index(key)


def _stressor(belief: Belief, key: str) -> int:
    return belief.log.table.triggers.keys.index(key)


def _slower_start(belief: Belief, rows: RunRows, percent: float) -> RunRows:
    """The first part so much slower, the rest as it was: what is left of it in the mean so far falls with distance."""
    x, met = rows.covariates.copy(), rows.stressors.copy()
    share = np.minimum(1.0, RISK.start_share * rows.duration_h / np.cumsum(rows.dt_h))
    met[:, :, _stressor(belief, "fast_start")] -= percent
    met[:, :, _stressor(belief, "pace_excess")] -= percent * share
    pace = _column(belief, "pace_excess")
    x[:, :, pace] = np.maximum(x[:, :, pace] - percent * share, 0.0)
    return replace(rows, covariates=x, stressors=met)


def _start_costs_s(belief: Belief, rows: RunRows, percent: float) -> float:
    return percent / 100 * RISK.start_share * rows.duration_h * 3600


def _eat_more(belief: Belief, rows: RunRows, grams_h: float) -> RunRows:
    """More carbohydrate an hour: what is eaten spares glycogen gram for gram, of some 400 g in the legs."""
    x, met = rows.covariates.copy(), rows.stressors.copy()
    x[:, :, _column(belief, "carbohydrate")] += grams_h / 30.0
    met[:, :, _stressor(belief, "low_fuel")] -= grams_h / 400.0 * np.cumsum(rows.dt_h)
    return replace(rows, covariates=x, stressors=met)


def _cooler(belief: Belief, rows: RunRows, degrees: float) -> RunRows:
    """So much less heat (wet-bulb globe temperature) from start to end."""
    x, met = rows.covariates.copy(), rows.stressors.copy()
    heat = _column(belief, "wbgt")
    x[:, :, heat] = np.maximum(x[:, :, heat] - degrees, 0.0)
    met[:, :, _stressor(belief, "heat")] -= degrees
    return replace(rows, covariates=x, stressors=met)


def _longer_before(belief: Belief, rows: RunRows, percent: float) -> RunRows:
    """The longest run of the month before so much longer: the same run lies less far beyond it."""
    x, met = rows.covariates.copy(), rows.stressors.copy()
    beyond = met[:, :, _stressor(belief, "beyond_longest")]
    left = TENTHS * np.maximum((1 + beyond / TENTHS) / (1 + percent / 100) - 1, 0.0)
    x[:, :, _column(belief, "beyond_longest")] -= beyond - left
    met[:, :, _stressor(belief, "beyond_longest")] = left
    return replace(rows, covariates=x, stressors=met)


def _fresher(belief: Belief, rows: RunRows, size: float) -> RunRows:
    """Begun without what the three days before left in the legs."""
    x = rows.covariates.copy()
    damage = _column(belief, "muscle_damage_recent")
    x[:, :, damage] = np.minimum(x[:, :, damage], 0.0)
    return replace(rows, covariates=x)


def _nothing_s(belief: Belief, rows: RunRows, size: float) -> float:
    return 0.0


def _start(belief: Belief, rows: RunRows) -> float:
    """How much faster than own level a run began, %; who began slower has nothing to change there."""
    start: Floats = rows.stressors[:, -1, _stressor(belief, "fast_start")]
    above = float(start.mean())
    return above + 1.0 if above >= LEAST_START else 0.0


def _heat(belief: Belief, rows: RunRows) -> float:
    """By how much a cool hour would have been cooler, °C."""
    return float(rows.stressors[:, :, _stressor(belief, "heat")].mean()) - COOL_WBGT_C


def _beyond_longest(belief: Belief, rows: RunRows) -> float:
    """By how much the run went beyond the longest one of the month before, %, and a size more."""
    beyond = 100 / TENTHS * float(rows.stressors[:, -1, _stressor(belief, "beyond_longest")].mean())
    return beyond + 10.0 if beyond > 1.0 else 0.0


def _tired_legs(belief: Belief, rows: RunRows) -> float:
    """What hard days before had left in the legs, in units of its prior."""
    return 3.0 if float(rows.covariates[:, 0, _column(belief, "muscle_damage_recent")].mean()) > 0.1 else 0.0


def _any(belief: Belief, rows: RunRows) -> float:
    return np.inf


LEAST_START = 1.0  # %
COOL_WBGT_C = 8.0  # of the coolest hour that one can hope for on a day worth racing: our own assumption
TENTHS = 10.0  # the factor counts tens of per cent beyond the longest recent run
CHANGES = (
    _Change(
        "slower_start",
        "pace",
        (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0),
        "%",
        _start,
        _slower_start,
        _start_costs_s,
        from_studies=True,
    ),
    _Change("eat_more", "fatigue", (20.0, 30.0), "g/h", _any, _eat_more, _nothing_s, frozenset({"diabetes"})),
    _Change("longer_before", "load", (10.0, 20.0, 30.0, 50.0), "%", _beyond_longest, _longer_before, _nothing_s),
    _Change("easy_days", "load", (3.0,), "days", _tired_legs, _fresher, _nothing_s),
    _Change("cooler", "fluid", (3.0, 5.0, 8.0), "°C", _heat, _cooler, _nothing_s),
)
MOST_OF_IT = 0.7  # of the gain of the largest size: the smallest that reaches it is told


def one_change(belief: Belief, found: Naming, health: Sequence[str] = (), n: LearningNumbers = LEARNING) -> OneChange:
    """The change with the greatest gain among those that may be told, or why there is none."""
    log = belief.log
    hard = set(log.hard[0])
    cramped = [i for i in log.cramped if i in hard]
    subject = (cramped or log.hard[0])[-1]
    rows = log.rows[subject]
    without = belief.now.chance(rows)
    families = log.table.family_names
    best: tuple[float, OneChange] | None = None
    reason = NOTHING_STANDS_OUT
    for change in CHANGES:
        by_log = bool(found.named[families.index(change.family)])
        if not (by_log or change.from_studies) or change.refused_with & set(health):
            continue
        sizes = [s for s in change.sizes if s <= change.most(belief, rows)]
        if not sizes:
            reason = NOTHING_TO_CHANGE if reason != TOO_LITTLE else reason
            continue
        tried = {s: belief.now.chance(change.changed(belief, rows, s)) for s in sizes}
        most = max(float((without - chance).mean()) for chance in tried.values())
        size = next(s for s, chance in tried.items() if float((without - chance).mean()) >= MOST_OF_IT * most)
        with_it, gain = tried[size], without - tried[size]
        if gain.mean() < n.change_least_gain or (by_log and np.quantile(gain, 0.1) <= 0):
            reason = TOO_LITTLE
            continue
        made = OneChange(
            code=change.code,
            family=change.family,
            by="log" if by_log else "studies",
            size=size,
            unit=change.unit,
            run_id=rows.run_id,
            started_at=log.told[subject].row.started_at,
            without=Estimate.from_draws(without),
            with_it=Estimate.from_draws(with_it),
            costs_s=change.costs_s(belief, rows, size),
        )
        if best is None or gain.mean() > best[0]:
            best = float(gain.mean()), made
    if best is None and found.named[families.index("fluid")]:
        reason = WEIGH_FIRST
    return best[1] if best else OneChange(reason, None, "", 0.0, "", rows.run_id, None, None, None, 0.0)
