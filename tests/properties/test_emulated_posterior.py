"""Posterior of constants by an emulator: against the exact posterior of a linear model, and a run that was stopped."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from emulated_posterior import Emulator, Prior, draw, emulate, posterior

CONSTANTS, OUTCOMES = 3, 5
RNG = np.random.default_rng(3)
SLOPE = RNG.normal(0.0, 1.5, (CONSTANTS, OUTCOMES))
LEVEL = RNG.normal(0.0, 1.0, OUTCOMES)
WEIGHT = np.array([1.0, 1.0, 0.3, 1.0, 1.0])
PRIOR = Prior(np.array([1.0, -2.0, 5.0]), np.array([0.5, 2.0, 1.0]), np.full(3, -100.0), np.full(3, 100.0))


def exact() -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance in scaled constants: normal prior, linear outcomes with errors of 1 over the weight."""
    precision = np.eye(CONSTANTS) + SLOPE @ (WEIGHT[:, None] * SLOPE.T)
    covariance = np.linalg.inv(precision)
    return -covariance @ SLOPE @ (WEIGHT * LEVEL), covariance


def outcomes(sets: np.ndarray) -> np.ndarray:
    return LEVEL + PRIOR.scaled(sets) @ SLOPE


def test_sets_come_from_the_exact_posterior_of_a_linear_model():
    """Conjugate normal posterior, in closed form."""
    mean, covariance = exact()
    done, kept = posterior(PRIOR, lambda wave, sets: outcomes(sets), WEIGHT, np.inf, 600, (20, 20), (600,))
    found = PRIOR.scaled(done.sets[kept])
    assert len(found) == 600
    assert not kept[:40].any()  # the waves for learning are not kept
    deviation = np.sqrt(np.diag(covariance))
    assert found.mean(axis=0) == pytest.approx(mean, abs=5.0 * deviation.max() / np.sqrt(600))
    assert found.std(axis=0) / deviation == pytest.approx(np.ones(CONSTANTS), abs=0.15)
    assert np.corrcoef(found.T) == pytest.approx(covariance / np.outer(deviation, deviation), abs=0.15)


def test_what_the_emulator_misses_by_chance_widens_the_posterior():
    rng = np.random.default_rng(1)
    scaled = rng.normal(size=(150, CONSTANTS))
    noisy = emulate(scaled, LEVEL + scaled @ SLOPE + 2.0 * rng.normal(size=(150, OUTCOMES)))
    assert noisy.spread == pytest.approx(np.full(OUTCOMES, 2.0), rel=0.25)
    wide, narrow = (
        PRIOR.scaled(draw(PRIOR, Emulator(LEVEL, SLOPE, np.full(OUTCOMES, s)), WEIGHT, 300, rng)).std(axis=0)
        for s in (2.0, 0.0)
    )
    assert (wide > 1.2 * narrow).all()


def test_no_set_leaves_the_range_and_none_above_the_bound_is_kept():
    edge = Prior(PRIOR.middle, PRIOR.sd, PRIOR.middle - 0.2 * PRIOR.sd, PRIOR.middle + 3.0 * PRIOR.sd)
    done, kept = posterior(edge, lambda wave, sets: outcomes(sets), WEIGHT, 12.0, 100, (20,), (60,), most=3)
    assert ((done.sets >= edge.low) & (done.sets <= edge.high)).all()
    assert (done.loss(WEIGHT)[kept] <= 12.0).all()
    assert (done.loss(WEIGHT)[(done.wave >= 1) & ~kept] > 12.0).all()
