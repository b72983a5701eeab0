"""Fewer runs for the same likelihood: quiet runs that are alike stand for each other.

(1/theta) log(1 + theta H) is nearly straight where H is small or alike, so n runs without a cramp count as n copies of
their mean: exact to first order, unlike a Poisson count, which would lose the frailty. Errors are judged on draws from
the prior whose level makes the expected number of cramps that of the log: those that the posterior can reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from charley.inference.compress import CompressedRun, Exposure, joined, level_steps
from charley.inference.design import FactorTable, ReportKind
from charley.inference.likelihood import SegmentSum
from charley.inference.prior import Layout
from charley.vocabulary.arrays import Floats, Singles

Probed = tuple[Floats, Floats, Floats]

PROBES = 300  # draws on which errors are judged,
FAR_PROBES, FAR = 100, 1.5  # some of them this much further out: few cramps leave the posterior the tails of the prior
LEAST_LOG = -80.0  # of a row's hazard: without any row, this is the greatest


@dataclass(frozen=True, slots=True)
class Pooling:
    """How far it may go. ``error``: of the log-likelihood, a group, at the worst probe. ``grid``: cells in which rows
    of a group are joined, in log hazard under the prior's root-mean-square sensitivity."""

    error: float
    grid: float


FINE = Pooling(error=0.0005, grid=0.2)  # for answers; docs/calibration.md has what it costs
COARSE = Pooling(error=0.5, grid=1.0)  # for the way to them


def pooled(
    runs: Sequence[CompressedRun], layout: Layout, newest_y: float, how: Pooling = FINE, seen: Probed | None = None
) -> list[CompressedRun]:
    """Runs with a report other than "none" as they are, all others in groups that stand for ``copies`` runs.

    ``seen``: ``at_probes`` of the same runs, where it is known already.
    """
    quiet = [r for r in runs if r.kind is ReportKind.NONE]
    if not quiet:
        return list(runs)
    f, h, theta = at_probes(runs, layout, newest_y) if seen is None else seen
    # runs that were asked about twitches, and each year of the random walk, stay apart
    years = layout.features.drift_years
    keys = [(r.asked and layout.features.twitch, int(newest_y - r.time_y) if years else 0) for r in quiet]
    out = [r for r in runs if r.kind is not ReportKind.NONE]
    for key in sorted(set(keys)):
        members = np.array([i for i, k in enumerate(keys) if k == key])
        members = members[np.argsort(np.median(h[members], axis=1), kind="stable")]
        lengths = _lengths(f[members], h[members], theta, how.error)
        for last, length in zip(np.cumsum(np.abs(lengths)), lengths, strict=True):
            group = [quiet[i] for i in members[last - abs(length) : last]]
            out.append(group[0] if length < 0 else _average(group, layout.table, how.grid))
    return out


def coarsened(
    runs: Sequence[CompressedRun], layout: Layout, newest_y: float, how: Pooling = COARSE, seen: Probed | None = None
) -> list[CompressedRun]:
    """A cheap stand-in for the whole log: large groups, few rows, and one body a run whose hazard is the mean."""
    grouped = pooled(runs, layout, newest_y, how, seen)
    return [run if run.copies > 1 else _one_body(run, layout.table, how.grid) for run in grouped]


def _one_body(run: CompressedRun, table: FactorTable, grid: float) -> CompressedRun:
    return replace(
        run,
        before=(_thinned(run.before, table, grid),),
        within=(_thinned(run.within, table, grid),) if run.within else (),
        event_x=run.event_x.mean(axis=0, keepdims=True),
        event_log_h0=run.event_log_h0.mean(keepdims=True),
    )


def _average(group: list[CompressedRun], table: FactorTable, grid: float) -> CompressedRun:
    """One run that stands for several, or one body that stands for those of a run."""
    first = group[0]
    if len(group) == 1 and first.draws == 1:
        return first
    exposures = [Exposure(e.x, e.log_weight - np.log(r.draws / first.draws)) for r in group for e in r.before]
    return replace(
        first,
        time_y=float(np.mean([r.time_y for r in group])),
        before=(_thinned(exposures, table, grid, share=1 / (len(group) * first.draws)),),
        event_x=np.zeros((1, len(table))),
        event_log_h0=np.zeros(1),
        after_log_h0=None,
        after=(None,) * len(first.after),
        copies=sum(r.copies for r in group),
    )


def _thinned(exposures: Sequence[Exposure], table: FactorTable, grid: float, share: float | None = None) -> Exposure:
    """Sum of hazards times ``share`` (default: their mean), rows joined that fall into one cell of the grid."""
    x = np.concatenate([e.x for e in exposures])
    log_weight = np.concatenate([e.log_weight for e in exposures]) + np.log(share or 1 / len(exposures))
    kept = table.scale > 0
    if len(x) < 2 or not kept.any():
        return Exposure(x, log_weight)
    cells = np.round(x[:, kept] * table.scale[kept] / grid).astype(np.int64)
    order = np.lexsort(cells.T)
    fresh = np.concatenate(([True], (np.diff(cells[order], axis=0) != 0).any(axis=1)))
    return joined(Exposure(x[order], log_weight[order]), np.flatnonzero(fresh))


def at_probes(runs: Sequence[CompressedRun], layout: Layout, newest_y: float) -> Probed:
    """Log-likelihood and mean hazard of the quiet runs, (quiet runs, probes), and theta of the probes."""
    quiet = [r for r in runs if r.kind is ReportKind.NONE]
    if not quiet:
        return np.zeros((0, PROBES)), np.zeros((0, PROBES)), np.zeros(PROBES)
    years = layout.features.drift_years
    z = layout.draw(PROBES, np.random.default_rng(0))
    z[:FAR_PROBES] *= FAR
    values = layout.natural(z)
    slopes, theta = values[:, layout.slopes], values[:, layout.index["frailty"]]
    table_slopes = np.zeros((PROBES, len(layout.table)))
    table_slopes[:, layout.active] = slopes[:, : layout.active.size]
    steps = np.array([level_steps(r.time_y, newest_y, years) for r in quiet]).reshape(len(quiet), years)
    others = [r for r in runs if r.kind is not ReportKind.NONE]
    log_rates = [_log_rates(some, table_slopes) for some in (quiet, others) if some]
    top = np.max([rates.max(axis=0, initial=LEAST_LOG) for rates in log_rates], axis=0)  # the level is set below
    hazard = _hazards(quiet, log_rates[0] - top) * np.exp(steps @ slopes[:, layout.active.size :].T)[:, None, :]
    total = hazard.mean(axis=1).sum(axis=0)
    if others:
        total = total + _hazards(others, log_rates[1] - top).mean(axis=1).sum(axis=0)
    hazard *= (sum(r.cramped for r in runs) + 1) / np.maximum(total, 1e-300)
    if layout.features.twitch:  # "nothing" also rules out twitches, so that more is at stake
        asked = np.array([r.asked for r in quiet])
        hazard[asked] *= 1 + values[:, layout.index["twitch_excess"]]
    f = -np.log1p(theta * hazard) / theta
    return np.log(np.exp(f).mean(axis=1)), hazard.mean(axis=1), theta


def _log_rates(runs: Sequence[CompressedRun], slopes: Floats) -> Singles:
    """Log of the hazard cumulated over each row of these runs, all body states, at level 0: (rows, probes)."""
    exposures = [e for r in runs for e in r.before]
    x = np.concatenate([e.x for e in exposures]).astype(np.float32)
    log_weight = np.concatenate([e.log_weight for e in exposures]).astype(np.float32)
    return np.asarray(x @ slopes.T.astype(np.float32) + log_weight[:, None])


def _hazards(runs: Sequence[CompressedRun], log_rates: Singles) -> Floats:
    """Cumulative hazard of each run and body state: (runs, most body states, probes)."""
    most = max(r.draws for r in runs)
    exposures = [e for r in runs for e in r.before]
    lengths = np.array([e.log_weight.size for e in exposures], dtype=np.intp)
    each = SegmentSum(lengths)(np.exp(log_rates))[:-1]
    if most == 1:
        return each[:, None, :]
    first = np.concatenate(([0], np.cumsum([r.draws for r in runs])))
    return np.stack([np.resize(each[a:b], (most, each.shape[1])) for a, b in pairwise(first)])


def _lengths(f: Floats, h: Floats, theta: Floats, error: float) -> list[int]:
    """Greedy lengths of groups along the order of the runs; -1 for a run whose bodies must stay apart."""
    none = np.zeros((1, f.shape[1]))
    sum_f, sum_h = np.concatenate((none, np.cumsum(f, axis=0))), np.concatenate((none, np.cumsum(h, axis=0)))
    out, i = [], 0
    while i < len(f):
        length, reach = 0, 8
        while True:  # look ahead in growing steps
            n = np.arange(length + 1, min(length + reach, len(f) - i) + 1)[:, None]
            if not n.size:
                break
            mean = (sum_h[i + n[:, 0]] - sum_h[i]) / n
            gone = np.abs(sum_f[i + n[:, 0]] - sum_f[i] + n * np.log1p(theta * mean) / theta).max(axis=1) > error
            length += int(gone.argmax()) if gone.any() else n.size
            if gone.any():
                break
            reach *= 2
        out.append(length or -1)
        i += max(length, 1)
    return out
