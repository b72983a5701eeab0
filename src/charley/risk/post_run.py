"""Cramps in the hours after a run: a process of its own, never added to the chance during the run."""

from __future__ import annotations

import numpy as np

from charley.risk.draws import HazardDraws
from charley.vocabulary.arrays import Floats


def chance_after(chance_during: Floats, hazard: HazardDraws) -> tuple[tuple[str, Floats], ...]:
    """Chance of a cramp in each window after the stop, (draws,) each, from the share of episodes that come then.

    The share (15 %, SD 8) is over all episodes, so episodes after = during * share / (1 - share); within six hours
    they fall off with the half-life.
    """
    half_life_h, window_h = hazard.numbers.after_half_life_h, hazard.numbers.after_window_h
    cumulative = -np.log1p(-np.clip(chance_during, 0.0, 1 - 1e-12))
    after = cumulative * hazard.post_run_share / (1 - hazard.post_run_share)
    whole = 1 - 2 ** (-window_h / half_life_h)
    out = []
    for start, end in ((0.0, 1.0), (1.0, window_h)):
        share = (2 ** (-start / half_life_h) - 2 ** (-end / half_life_h)) / whole
        out.append((f"{start:g}-{end:g} h", np.asarray(-np.expm1(-after * share))))
    return tuple(out)
