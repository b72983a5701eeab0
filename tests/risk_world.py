"""Runs without a watch: what the tests of the hazard share."""

from __future__ import annotations

import numpy as np

from charley.risk.draws import HazardDraws, draw_hazard
from charley.risk.hazard import Exposure, RunHazard, expose
from charley.risk.person import describe
from charley.vocabulary.arrays import Floats
from charley.vocabulary.runner import Runner


def worlds(draws: int = 2000, field: str = "volunteers", seed: int = 1) -> HazardDraws:
    return draw_hazard(draws, np.random.default_rng(seed), field)


def even_run(
    distance_km: float,
    hazard: HazardDraws,
    effective_km: float | Floats | None = None,
    covariates: dict[str, Floats] | None = None,
    bins: int = 240,
    raced: bool = True,
) -> Exposure:
    """An even-paced run of 5 min a km, on its own distance (a race) unless told otherwise."""
    metres = np.linspace(0.0, distance_km * 1000.0, bins + 1)[1:]
    flat = metres[:, None] * np.ones(hazard.draws)
    on_km = distance_km if effective_km is None else effective_km
    effective = np.broadcast_to(np.asarray(on_km) * 1000.0, (hazard.draws,))
    return expose(metres * 0.3, metres, flat, effective, covariates or {}, hazard, raced=raced)


def of_anybody(run: Exposure, hazard: HazardDraws) -> RunHazard:
    """The run's hazard for somebody of whom nothing was told."""
    return RunHazard(run, describe(Runner(), hazard), hazard)
