"""Quiet runs that are alike stand for each other: one run in place of several, for the way to an answer.

(1/theta) log(1 + theta H) is nearly straight where H is small or alike, so n runs without a cramp count as n copies of
their mean: exact to first order, unlike a Poisson count, which would lose the frailty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from charley.inference.compress import CompressedRun, Exposure
from charley.vocabulary.arrays import Floats

GRID = 0.6  # cells in which rows are joined, in log hazard under the prior's root-mean-square sensitivity


def averaged(runs: Sequence[CompressedRun], scale: Floats) -> CompressedRun:
    """One run that stands for several of one kind, each of one body. ``scale``: see ``compress.column_scale``."""
    first = runs[0]
    if len(runs) == 1:
        return first
    whole = Exposure.joined([e for r in runs for e in r.before])
    mean = replace(whole, log_weight=whole.log_weight - np.log(len(runs)))
    return replace(
        first,
        time_y=float(np.mean([r.time_y for r in runs])),
        before=(thinned(mean, scale),),
        copies=sum(r.copies for r in runs),
    )


def thinned(exposure: Exposure, scale: Floats) -> Exposure:
    """Rows that fall into one cell of a grid joined to their mean, weighted by the baseline hazard."""
    if len(exposure.x) < 2:
        return exposure
    cells = np.column_stack([np.round(exposure.x * scale / GRID), exposure.caused]).astype(np.int64)
    order = np.lexsort(cells.T)
    fresh = np.concatenate(([True], (np.diff(cells[order], axis=0) != 0).any(axis=1)))
    starts = np.flatnonzero(fresh)
    weight = np.exp(exposure.log_weight[order] - exposure.log_weight.max())
    total = np.add.reduceat(weight, starts)

    def mean(values: Floats) -> Floats:
        by_weight = values[order] * (weight[:, None] if values.ndim == 2 else weight)
        summed = np.add.reduceat(by_weight, starts, axis=0)
        return np.asarray(summed / (total[:, None] if values.ndim == 2 else total))

    return Exposure(
        x=mean(exposure.x),
        log_weight=np.log(total) + exposure.log_weight.max(),
        caused=exposure.caused[order][starts],
        half_way=mean(exposure.half_way),
    )
