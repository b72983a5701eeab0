"""How far draws lie from stored long chains, and the normal approximation that must lie too far."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from charley.inference.compress import CompressedRun, compress
from charley.inference.likelihood import Likelihood
from learning_sets import DataSet

REFERENCES = np.load(Path(__file__).parent / "identical" / "learning_references.npz")
MOST_SHIFT, RATIOS, MOST_DISTANCE = 0.10, (0.92, 1.08), 0.06  # bars of the design, for 2,000 draws


@dataclass(frozen=True)
class Distances:
    """Of each unknown: shift of the mean in SDs, ratio of SDs, Kolmogorov-Smirnov distance."""

    names: tuple[str, ...]
    shift: np.ndarray
    ratio: np.ndarray
    distance: np.ndarray

    @property
    def misses(self) -> list[str]:
        """What lies beyond a bar, in words."""
        low, high = RATIOS
        return [
            f"{name}: mean off by {s:.3f} SD, ratio of SDs {r:.3f}, distance {d:.3f}"
            for name, s, r, d in zip(self.names, self.shift, self.ratio, self.distance, strict=True)
            if not (abs(s) <= MOST_SHIFT and low <= r <= high and d <= MOST_DISTANCE)
        ]


def distances(name: str, z: np.ndarray, names: tuple[str, ...]) -> Distances:
    """Draws z (draws, d) against the long chains of a data set."""
    mean, sd, quantiles = (REFERENCES[f"{name}/{k}"] for k in ("mean", "sd", "quantiles"))
    steps, probabilities = np.arange(len(z) + 1) / len(z), np.linspace(0, 1, len(quantiles))
    below = [np.interp(np.sort(column), q, probabilities) for column, q in zip(z.T, quantiles.T, strict=True)]
    apart = [max(np.abs(b - steps[1:]).max(), np.abs(b - steps[:-1]).max()) for b in below]
    return Distances(names, (z.mean(axis=0) - mean) / sd, z.std(axis=0) / sd, np.array(apart))


def packed(data: DataSet) -> list[CompressedRun]:
    """The runs of a data set as the engine takes them."""
    return [compress(r, p, data.table, data.prior) for r, p in zip(data.runs, data.reports, strict=True)]


def laplace(data: DataSet, draws: int, seed: int) -> np.ndarray:
    """Normal draws about the mode with the curvature there: what this posterior must not be answered with."""
    from scipy.optimize import minimize

    layout, runs = data.layout, packed(data)
    likelihood = Likelihood(runs, layout, min(r.time_y for r in runs), dtype=np.float64)

    def downhill(z: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = likelihood.value_and_gradient(z[None])
        prior, pull = layout.log_density(z[None])
        return float(-value[0] - prior[0]), -(slope + pull)[0]

    rng = np.random.default_rng(seed)
    mode = minimize(downhill, 0.1 * rng.standard_normal(layout.dimension), jac=True, method="BFGS").x
    step = 1e-4 * np.eye(layout.dimension)
    curvature = np.array([(downhill(mode + e)[1] - downhill(mode - e)[1]) / 2e-4 for e in step])
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    root = vectors / np.sqrt(np.maximum(values, 0.25))  # the prior has 1: no wider than twice
    return np.asarray(mode + rng.standard_normal((draws, layout.dimension)) @ root.T)
