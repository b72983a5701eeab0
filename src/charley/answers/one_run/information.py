"""What would tell more: the information that an answer or a measurement is expected to bring, from the draws.

The quantity asked about is the log of this person's hazard over this run, class and rest included. An input that
explains the share r2 of its variance brings -1/2 log2(1 - r2) bits in the Gaussian reading; computed, not asserted.
"""

from __future__ import annotations

import numpy as np

from charley.vocabulary.arrays import Floats, distinct

_BINS = 8  # quantile bins: enough to see a bend, few enough that 500 draws fill them


def explained_share(known: Floats, wanted: Floats) -> float:
    """Share of the variance of ``wanted`` that knowing ``known`` would remove, 0..1, (draws,) each.

    One minus the mean variance within quantile bins (or within equal values, where there are few), corrected for the
    bins' own degrees of freedom.
    """
    total = float(wanted.var())
    if total <= 0.0 or known.size != wanted.size or float(np.ptp(known)) == 0.0:
        return 0.0
    values = distinct(known)
    if values.size <= _BINS + 3:
        groups = [wanted[known == v] for v in values]
    else:
        groups = np.array_split(wanted[np.argsort(known, kind="stable")], _BINS)
    n, used = wanted.size, sum(g.size > 0 for g in groups)
    if n <= used:
        return 0.0
    within = sum(float(((g - g.mean()) ** 2).sum()) for g in groups if g.size) / (n - used)
    return float(np.clip(1 - within / (total * n / (n - 1)), 0.0, 1.0))


def bits(share: float) -> float:
    """Expected information in bits of an input that removes ``share`` of the variance."""
    return float(0.5 * -np.log2(max(1 - share, 1e-12))) if share > 0 else 0.0


def narrowing(share: float) -> float:
    """Expected cut of the spread (SD), 0..1."""
    return float(1 - np.sqrt(1 - share))
