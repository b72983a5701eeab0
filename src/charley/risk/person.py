"""The person: one of two classes, a rest that nobody explains, and a frailty of the day.

About three in ten people cramp easily and nearly always again; a log-normal spread alone does not fit what is known
(see the evidence tables). Classes and rest are integrated out with Gauss-Hermite nodes, the day's gamma frailty in
closed form: S(t) = (1 + theta H(t))^(-1/theta).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from charley.evidence import factors, priors
from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
from charley.risk.draws import HazardDraws
from charley.vocabulary.arrays import Floats
from charley.vocabulary.quadrature import gauss_hermite
from charley.vocabulary.runner import CrampHistory, Runner

CLASSES = ("not_prone", "prone")
_NODES = 7


@dataclass(frozen=True, slots=True)
class Person:
    """Offsets of the log hazard and their weights: both of shape (2 classes, nodes, draws); weights sum to 1 a draw.

    ``reference`` is the log cumulative hazard of a not-prone person with rest zero on a marathon at own level;
    ``told`` is what the stated answers add, (draws,).
    """

    offset: Floats
    weight: Floats
    told: Floats

    def class_probability(self) -> Floats:
        """Probability of each class, shape (2, draws)."""
        return np.asarray(self.weight.sum(axis=1))


def survival(cumulative: Floats, person: Person, hazard: HazardDraws) -> Floats:
    """Chance of no cramp so far for cumulative hazards of shape (..., draws) of a not-prone person of rest zero."""
    total = np.zeros_like(cumulative)
    for log_ratio, weight in zip(_flat(person.offset), _flat(person.weight), strict=True):
        total += weight * gamma_survival(cumulative * np.exp(log_ratio), hazard.frailty_variance)
    return total


def survival_by_class(cumulative: Floats, person: Person, hazard: HazardDraws) -> Floats:
    """Chance of no cramp given each class: shape (2, ..., draws)."""
    out = []
    for offsets, weights in zip(person.offset, person.weight, strict=True):
        given = weights / weights.sum(axis=0)
        out.append(
            sum(
                w * gamma_survival(cumulative * np.exp(o), hazard.frailty_variance)
                for o, w in zip(offsets, given, strict=True)
            )
        )
    return np.asarray(np.stack(out))


def gamma_survival(cumulative: Floats, frailty_variance: Floats) -> Floats:
    """(1 + theta H)^(-1/theta): survival with a gamma frailty of mean 1 and variance theta integrated out."""
    return np.asarray(np.exp(-np.log1p(frailty_variance * cumulative) / frailty_variance))


def reference_log_hazard(field_cumulative: Floats, hazard: HazardDraws) -> Floats:
    """Log cumulative hazard of a not-prone person of rest zero at own level, (draws,).

    ``field_cumulative``, (draws,), is what the field shows as a whole. Solved draw by draw, so that a field with
    classes, rest, factors and frailty cramps exactly as often as that: nothing is counted twice.
    """
    target = -np.expm1(-field_cumulative)
    rest, weights = _gauss_hermite(hazard.numbers.field_factor_mean, priors()["residual_frailty_sd"].mean)
    prone = hazard.trait_probability
    low, high = np.full(hazard.draws, -25.0), np.full(hazard.draws, 8.0)  # brackets far outside any race
    for _ in range(40):  # halves the bracket to below 1e-10
        middle = (low + high) / 2
        cramped = np.zeros(hazard.draws)
        for log_ratio, probability in ((0.0, 1 - prone), (hazard.trait_log_ratio, prone)):
            for z, w in zip(rest, weights, strict=True):
                cumulative = np.exp(middle + log_ratio + z)
                cramped += probability * w * (1 - gamma_survival(cumulative, hazard.frailty_variance))
        too_many = cramped > target
        high, low = np.where(too_many, middle, high), np.where(too_many, low, middle)
    return np.asarray((low + high) / 2)


_PIVOT = 4.0  # the shape is matched between a quarter of the field's cumulative hazard and all of it


def personal_shape(field_cumulative: Floats, field_shape: Floats, hazard: HazardDraws) -> tuple[Floats, Floats]:
    """Log cumulative hazard and shape exponent of one person, (draws,) each, from those of the field.

    The field's onset looks earlier than any one person's, since the prone and those with a bad day drop out of it
    first; the exponent is refitted with the hazard, so that the field keeps the onset that was observed.
    """
    whole = reference_log_hazard(field_cumulative, hazard)
    part = reference_log_hazard(field_cumulative / _PIVOT, hazard)
    return whole, field_shape * (whole - part) / np.log(_PIVOT)


def describe(runner: Runner, hazard: HazardDraws) -> Person:
    """The person as far as it was told: answers move the log hazard, a history moves the class by Bayes' rule."""
    told, unexplained_variance = _told(runner, hazard)
    residual_sd = float(np.sqrt(hazard.numbers.residual_sd_with_factors**2 + unexplained_variance))
    rest, node_weights = _gauss_hermite(0.0, residual_sd)
    shape = (2, _NODES, hazard.draws)
    ratio = np.stack([np.zeros(hazard.draws), hazard.trait_log_ratio])[:, None, :]
    offset = np.broadcast_to(ratio + rest[None, :, None] + told, shape).copy()
    probability = np.stack([1 - hazard.trait_probability, hazard.trait_probability])[:, None, :]
    weight = np.broadcast_to(probability * node_weights[None, :, None], shape).copy()
    if runner.history is not None and runner.history.races > 0:
        weight = weight * _history_likelihood(runner.history, offset, hazard)
        weight = weight / weight.sum(axis=(0, 1))
    return Person(offset=offset, weight=weight, told=told)


def _told(runner: Runner, hazard: HazardDraws) -> tuple[Floats, float]:
    """Log-hazard shift of the stated answers, (draws,), and the variance that the unstated core ones leave."""
    values = dict(runner.about)
    if runner.sex is not None:
        values["male"] = float(runner.sex == "male")
    if runner.age_y is not None:
        values["age_decade"] = runner.age_y
    if runner.mass_kg is not None and runner.height_m is not None:
        values["bmi"] = runner.mass_kg / runner.height_m**2
    shift = np.zeros(hazard.draws)
    variance = 0.0
    for key, prior in factors("person").items():
        assert prior.factor is not None
        assert prior.factor.field is not None  # the table refuses a factor of a person without one
        if key in values:
            shift = shift + hazard.beta[key] * prior.factor.counted(values[key])
        elif prior.role == "core":
            variance += (prior.mean * prior.factor.field.sd) ** 2
    return shift, variance


def _history_likelihood(history: CrampHistory, offset: Floats, hazard: HazardDraws) -> Floats:
    """Probability of ``cramped`` of ``races`` past long races, shape of ``offset`` (each race with its own day)."""
    n = hazard.numbers
    day, weights = _gauss_hermite(n.field_factor_mean, n.field_factor_sd)
    reference = reference_log_hazard(field_cumulative_hazard(MARATHON_KM, hazard), hazard)
    chance = np.zeros_like(offset)
    for z, w in zip(day, weights, strict=True):
        chance += w * (1 - gamma_survival(np.exp(reference + offset + z), hazard.frailty_variance))
    cramped, races = history.cramped, history.races
    return np.asarray(comb(races, cramped) * chance**cramped * (1 - chance) ** (races - cramped))


def _gauss_hermite(mean: float, sd: float) -> tuple[Floats, Floats]:
    """Nodes and weights of a normal distribution (weights sum to 1)."""
    nodes, weights = gauss_hermite(_NODES)
    return mean + sd * nodes, weights / weights.sum()


def _flat(array: Floats) -> Floats:
    return array.reshape(-1, array.shape[-1])


def drawn_offset(person: Person, rng: np.random.Generator) -> Floats:
    """One draw of class and rest for each world, (draws,)."""
    weights = person.weight.reshape(-1, person.weight.shape[-1])
    offsets = person.offset.reshape(weights.shape)
    pick = (rng.random(weights.shape[1]) > np.cumsum(weights, axis=0)).sum(axis=0)
    return np.asarray(np.take_along_axis(offsets, np.minimum(pick, weights.shape[0] - 1)[None], axis=0)[0])
