"""The hazard of a first cramp along one run: baseline, shape, person and factors in one place.

    h(t) = exp(reference(D) + class + rest + told) * d(f^k)/dt * exp(sum_k beta_k x_k(t)),   f = flat distance / D

Defined once; what the loop of nerves says of the threshold frequency is shown beside it and does not enter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from charley.risk.baseline import field_cumulative_hazard, shape_exponent
from charley.risk.draws import HazardDraws
from charley.risk.person import Person, personal_shape, survival, survival_by_class
from charley.vocabulary.answer import Hazard
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Exposure:
    """A run as the hazard sees it, for a not-prone person of rest zero. Bins end at ``time_s``, shape (bins,).

    ``baseline`` holds the cumulative hazard that each bin adds without any factor, (bins, draws); ``covariates`` maps
    the key of a factor to x, (bins, draws).
    """

    time_s: Floats
    distance_m: Floats
    progress: Floats  # f at the end of each bin, (bins, draws)
    baseline: Floats
    covariates: Mapping[str, Floats]

    def log_factor(self, hazard: HazardDraws, without: frozenset[str] = frozenset()) -> Floats:
        """Sum of beta_k x_k, (bins, draws); factors in ``without`` are held at the reference where they exceed it."""
        total = np.zeros_like(self.baseline)
        for key, x in self.covariates.items():
            total += hazard.beta[key] * (np.minimum(x, 0.0) if key in without else x)
        return total

    def increments(self, hazard: HazardDraws, without: frozenset[str] = frozenset()) -> Floats:
        """Cumulative hazard that each bin adds, factors included, (bins, draws)."""
        return np.asarray(self.baseline * np.exp(self.log_factor(hazard, without)))


def expose(
    time_s: Floats,
    distance_m: Floats,
    flat_distance_m: Floats,
    effective_distance_m: Floats,
    covariates: Mapping[str, Floats],
    hazard: HazardDraws,
) -> Exposure:
    """The run's baseline along its bins. ``flat_distance_m`` is (bins, draws), ``effective_distance_m`` (draws,)."""
    distance_km = effective_distance_m / METRES_PER_KM
    log_hazard, exponent = personal_shape(
        field_cumulative_hazard(distance_km, hazard), shape_exponent(distance_km, hazard), hazard
    )
    progress = np.clip(flat_distance_m / effective_distance_m, 0.0, 1.0)
    risen = progress**exponent
    added = np.diff(risen, axis=0, prepend=np.zeros((1, hazard.draws)))
    baseline = np.exp(log_hazard) * added
    return Exposure(time_s, distance_m, progress, baseline, covariates)


def chance_draws(exposure: Exposure, person: Person, hazard: HazardDraws) -> Floats:
    """Chance of a first cramp during the run, one value a draw."""
    total = exposure.increments(hazard).sum(axis=0)
    return 1 - survival(total, person, hazard)


def chance_by_class(exposure: Exposure, person: Person, hazard: HazardDraws) -> Floats:
    """The same given each class of ``person.CLASSES``, shape (2, draws)."""
    total = exposure.increments(hazard).sum(axis=0)
    return 1 - survival_by_class(total, person, hazard)


def rate(exposure: Exposure, person: Person, hazard: HazardDraws) -> Hazard:
    """First cramps per hour among such runners who have had none so far, with its bands, along the bins."""
    cumulative = np.cumsum(exposure.increments(hazard), axis=0)
    log_survival = np.log(np.maximum(survival(cumulative, person, hazard), 1e-300))
    hours = np.maximum(np.diff(exposure.time_s, prepend=0.0), 1e-9) / SECONDS_PER_HOUR
    per_hour = -np.diff(log_survival, axis=0, prepend=np.zeros((1, hazard.draws))) / hours[:, None]
    low, low50, high50, high = np.quantile(per_hour, (0.1, 0.25, 0.75, 0.9), axis=1)
    return Hazard(
        time_s=exposure.time_s,
        distance_m=exposure.distance_m,
        rate_per_h=per_hour.mean(axis=1),
        low=low,
        high=high,
        low50=low50,
        high50=high50,
    )


def preventable(exposure: Exposure, hazard: HazardDraws, keys: frozenset[str], until_s: float = float("inf")) -> Floats:
    """Share of the hazard up to ``until_s`` that goes when the factors ``keys`` are held at the reference, (draws,).

    1 - sum lambda(x_k := min(x_k, reference)) / sum lambda. Negative where the factor lowered the hazard.
    """
    bins = exposure.time_s <= until_s
    if not bins.any():
        bins[0] = True
    whole = exposure.increments(hazard)[bins].sum(axis=0)
    without = exposure.increments(hazard, keys)[bins].sum(axis=0)
    return np.asarray(1 - without / np.maximum(whole, 1e-300))


def preventable_estimate(
    exposure: Exposure, hazard: HazardDraws, keys: frozenset[str], until_s: float = float("inf")
) -> Estimate:
    """Summary of ``preventable`` over the draws."""
    return Estimate.from_draws(preventable(exposure, hazard, keys, until_s))
