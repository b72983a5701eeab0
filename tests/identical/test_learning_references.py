"""The engine against stored long chains of another program on every minute, and a normal approximation that must fail.

References: scripts/make_learning_references.py (NumPyro's NUTS, 12,000 draws or more a data set, R-hat below 1.01).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from charley.learning.compress import CompressedRun, compress
from charley.learning.likelihood import Likelihood
from charley.learning.smc import fit
from learning_sets import DATA_SETS, DataSet

REFERENCES = np.load(Path(__file__).with_name("learning_references.npz"))
DRAWS = 2000


def _packed(data: DataSet) -> list[CompressedRun]:
    return [compress(r, p, data.table, data.prior) for r, p in zip(data.runs, data.reports, strict=True)]


def agrees(name: str, z: np.ndarray, names: tuple[str, ...]) -> None:
    """Mean within 0.10 SD, SD within 8 %, Kolmogorov-Smirnov distance at most 0.06, for every unknown."""
    mean, sd, quantiles = (REFERENCES[f"{name}/{k}"] for k in ("mean", "sd", "quantiles"))
    probabilities = np.linspace(0, 1, len(quantiles))
    shift = np.abs(z.mean(axis=0) - mean) / sd
    assert shift.max() <= 0.10, (names[shift.argmax()], shift.max())
    ratio = z.std(axis=0) / sd
    assert ratio.min() >= 0.92, names[ratio.argmin()]
    assert ratio.max() <= 1.08, names[ratio.argmax()]
    steps = np.arange(len(z) + 1) / len(z)
    for i, key in enumerate(names):
        below = np.interp(np.sort(z[:, i]), quantiles[:, i], probabilities)
        distance = max(np.abs(below - steps[1:]).max(), np.abs(below - steps[:-1]).max())
        assert distance <= 0.06, (key, distance)


@pytest.mark.parametrize("name", DATA_SETS)
def test_draws_agree_with_long_chains(name: str) -> None:
    data = DATA_SETS[name]()
    assert data.checksum() == pytest.approx(float(REFERENCES[f"{name}/checksum"]), abs=1e-3), (
        "not the data of the reference"
    )
    assert float(REFERENCES[f"{name}/r_hat"]) < 1.01
    posterior = fit(_packed(data), data.table, data.prior, DRAWS, seed=1)
    agrees(name, posterior.z, posterior.layout.names)


def test_the_ridge_has_two_modes() -> None:
    """Either the shoe is strong, or the calf is and the shoe ordinary: between, the density falls by a fifth."""
    i = DATA_SETS["ridge"]().layout.index["shoe_drop"]
    density, _ = np.histogram(REFERENCES["ridge/quantiles"][1:-1, i], bins=16, range=(-3, 5))
    ordinary, strong = density[:9], density[9:]
    valley = density[ordinary.argmax() : 9 + strong.argmax()].min()
    assert valley < 0.8 * ordinary.max()
    assert valley < 0.8 * strong.max()


def _laplace(data: DataSet, seed: int) -> np.ndarray:
    """Normal draws about the mode with the curvature there: what this posterior must not be answered with."""
    from scipy.optimize import minimize

    layout, runs = data.layout, _packed(data)
    likelihood = Likelihood(runs, layout, max(r.time_y for r in runs), dtype=np.float64)

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
    return np.asarray(mode + rng.standard_normal((DRAWS, layout.dimension)) @ root.T)


@pytest.mark.parametrize("name", ["two", "six", "ridge"])
def test_a_normal_approximation_fails_the_same_comparison(name: str) -> None:
    data = DATA_SETS[name]()
    with pytest.raises(AssertionError):
        agrees(name, _laplace(data, seed=1), data.layout.names)


def test_same_seed_same_draws_other_seed_others() -> None:
    data = DATA_SETS["four"]()
    packed = _packed(data)
    first, again, other = (fit(packed, data.table, data.prior, 200, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.z, again.z)
    assert (first.z != other.z).any()
