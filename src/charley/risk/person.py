"""The person: one of two classes, a rest that nobody explains, and a frailty of the day.

About three in ten people cramp easily and nearly always again; a log-normal spread alone does not fit what is known
(see the evidence tables). Classes and rest are integrated out with Gauss-Hermite nodes, the day's gamma frailty in
closed form: S(t) = (1 + theta H(t))^(-1/theta).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import comb

import numpy as np

from charley.evidence import factors, parameters, priors
from charley.evidence.numbers.risk import RiskNumbers
from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
from charley.risk.draws import HazardDraws, trigger_draws
from charley.risk.factors import TRIGGERS
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


def survival(cumulative: Floats, person: Person, hazard: HazardDraws, background: Floats | float = 0.0) -> Floats:
    """Chance of no cramp so far for cumulative hazards of shape (..., draws) of a not-prone person of rest zero.

    ``background``: cumulative hazard on which neither class nor rest act.
    """
    total = np.zeros_like(cumulative)
    for log_ratio, weight in zip(_flat(person.offset), _flat(person.weight), strict=True):
        total += weight * gamma_survival(cumulative * np.exp(log_ratio) + background, hazard.frailty_variance)
    return total


def survival_by_class(
    cumulative: Floats, person: Person, hazard: HazardDraws, background: Floats | float = 0.0
) -> Floats:
    """Chance of no cramp given each class: shape (2, ..., draws)."""
    out = []
    for offsets, weights in zip(person.offset, person.weight, strict=True):
        given = weights / weights.sum(axis=0)
        out.append(
            sum(
                w * gamma_survival(cumulative * np.exp(o) + background, hazard.frailty_variance)
                for o, w in zip(offsets, given, strict=True)
            )
        )
    return np.asarray(np.stack(out))


def gamma_survival(cumulative: Floats, frailty_variance: Floats) -> Floats:
    """(1 + theta H)^(-1/theta): survival with a gamma frailty of mean 1 and variance theta integrated out."""
    return np.asarray(np.exp(-np.log1p(frailty_variance * cumulative) / frailty_variance))


@dataclass(frozen=True, slots=True)
class FieldNode:
    """Some of a field's people: by how much a trigger multiplies the hazard in a race (log), their background an hour,
    and how many they are, 0 to 1: among those beyond a knee, or (``beyond`` False) among those who are not."""

    beyond: bool
    trigger: float
    background_per_h: float
    weight: float

    def share(self, distance_km: Floats | float, n: RiskNumbers) -> Floats:
        """How many of a field over a distance they are: the longer the race, the more lie beyond some knee."""
        marathon = 1 - (1 - n.field_beyond_knee) ** len(TRIGGERS)
        beyond = np.minimum(marathon * np.asarray(distance_km) / MARATHON_KM, _MOST_BEYOND)
        return self.weight * (beyond if self.beyond else 1 - beyond)


@cache
def field_nodes(trigger_share: float = 1.0) -> tuple[FieldNode, ...]:
    """A field's triggers and backgrounds in a few nodes: triggers by quantile, the background by Gauss-Hermite.

    ``trigger_share``: of muscles that have this share of all cramps.
    """
    triggers = np.sort(trigger_draws(_FIELD_DRAWS, np.random.default_rng(0), trigger_share))
    edges = (np.array(_FIELD_QUANTILES) * _FIELD_DRAWS).astype(int)
    row = parameters("learning")["background_log_rate"]
    logs, weights = normal_nodes(row.value, row.sd, _BACKGROUND_NODES)
    kinds = [(False, 0.0, 1.0)]
    kinds += [(True, float(triggers[a:b].mean()), (b - a) / _FIELD_DRAWS) for a, b in pairwise(edges)]
    return tuple(
        FieldNode(beyond, trigger, float(np.exp(log)), share * float(w))
        for beyond, trigger, share in kinds
        for log, w in zip(logs, weights, strict=True)
    )


_FIELD_DRAWS = 20_000
_FIELD_QUANTILES = (0.0, 0.85, 0.93, 0.97, 0.99, 1.0)
_BACKGROUND_NODES = 5
_MOST_BEYOND = 0.9


def reference_log_hazard(
    field_cumulative: Floats,
    hazard: HazardDraws,
    distance_km: Floats | float,
    background_share: Floats | float = 1.0,
    trigger_share: float = 1.0,
) -> Floats:
    """Log cumulative hazard of a not-prone person of rest zero at own level, without triggers, (draws,).

    ``field_cumulative``, (draws,), is what the field shows as a whole over a race of ``distance_km``, or in a part of
    it or of its muscles, which has ``background_share`` of the background and triggers of ``trigger_share`` of all
    cramps. Solved draw by draw, so that a field with
    classes, rest, factors, triggers, background and frailty cramps exactly as often: nothing is counted twice.
    """
    target = -np.expm1(-field_cumulative)
    n = hazard.numbers
    rest, weights = normal_nodes(n.field_factor_mean, priors()["residual_frailty_sd"].mean)
    prone, theta = hazard.trait_probability, hazard.frailty_variance
    hours = np.asarray(distance_km) / n.field_speed_km_h
    nodes = [
        (node.share(distance_km, n), node.trigger, node.background_per_h * np.exp(node.trigger))
        for node in field_nodes(trigger_share)
    ]
    people = [
        (probability * w * share, log_ratio + z + trigger, background)
        for log_ratio, probability in ((0.0, 1 - prone), (hazard.trait_log_ratio, prone))
        for z, w in zip(rest, weights, strict=True)
        for share, trigger, background in nodes
    ]
    weight, ratio = np.empty((2, len(people), hazard.draws))
    for i, (share, log_ratio, _) in enumerate(people):
        weight[i], ratio[i] = share, log_ratio
    np.exp(ratio, out=ratio)
    background = np.array([b for _, _, b in people])[:, None] * hours * background_share
    at = np.log(field_cumulative) - 1.5
    for _ in range(_NEWTON):  # increasing and smooth in ``at``: from below it climbs without overshooting far
        cumulative = np.minimum(np.exp(at) * ratio, _MOST)
        total = 1 + theta * (cumulative + background)
        left = np.exp(np.log(total) / -theta)
        missing = target - (weight * (1 - left)).sum(axis=0)
        slope = (weight * cumulative * left / total).sum(axis=0)
        before = at
        at = np.clip(at + np.clip(missing / np.maximum(slope, 1e-12), -2.0, 2.0), _LEAST_LOG, 8.0)
        if np.abs(at - before).max() < _SOLVED:  # the error of a Newton step is far below the step itself
            break
    return np.asarray(at)


def field_survival(cumulative: Floats, distance_km: float, hazard: HazardDraws) -> Floats:
    """Chance of no cramp in a race for cumulative hazards (..., draws) without triggers, for somebody of whom neither
    triggers nor background are known."""
    hours = distance_km / hazard.numbers.field_speed_km_h
    total = np.zeros_like(cumulative)
    for node in field_nodes():
        whole = (cumulative + node.background_per_h * hours) * np.exp(node.trigger)
        total += node.share(distance_km, hazard.numbers) * gamma_survival(whole, hazard.frailty_variance)
    return total


def race_survival(cumulative: Floats, distance_km: float, person: Person, hazard: HazardDraws) -> Floats:
    """The same over what the person may be: ``cumulative`` (draws,) of a not-prone person of rest zero."""
    total = np.zeros_like(cumulative)
    for log_ratio, weight in zip(_flat(person.offset), _flat(person.weight), strict=True):
        total += weight * field_survival(cumulative * np.exp(log_ratio), distance_km, hazard)
    return total


_NEWTON = 12
_SOLVED = 1e-7  # of a log hazard
_MOST = 1e13  # of a cumulative hazard: nobody is left long before
_LEAST_LOG = -25.0  # where the background alone is more than the field shows
_PIVOT = 4.0  # the shape is matched between a quarter of the field's cumulative hazard and all of it


def personal_shape(
    field_cumulative: Floats, field_shape: Floats, hazard: HazardDraws, distance_km: Floats | float
) -> tuple[Floats, Floats]:
    """Log cumulative hazard and shape exponent of one person, (draws,) each, from those of the field.

    The field's onset looks earlier than any one person's, since the prone and those with a bad day drop out of it
    first; the exponent is refitted with the hazard, so that the field keeps the onset that was observed.
    """
    whole = reference_log_hazard(field_cumulative, hazard, distance_km)
    part = reference_log_hazard(field_cumulative / _PIVOT, hazard, distance_km, _PIVOT ** (-1 / field_shape))
    return whole, np.maximum(field_shape * (whole - part) / np.log(_PIVOT), 1.0)


def describe(runner: Runner, hazard: HazardDraws) -> Person:
    """The person as far as it was told: answers move the log hazard, a history moves the class by Bayes' rule."""
    told, known = _told(runner, hazard)
    rest, node_weights = normal_nodes(0.0, personal_rest_sd(known, hazard.numbers))
    shape = (2, _NODES, hazard.draws)
    ratio = np.stack([np.zeros(hazard.draws), hazard.trait_log_ratio])[:, None, :]
    offset = np.broadcast_to(ratio + rest[None, :, None] + told, shape).copy()
    probability = np.stack([1 - hazard.trait_probability, hazard.trait_probability])[:, None, :]
    weight = np.broadcast_to(probability * node_weights[None, :, None], shape).copy()
    if runner.history is not None and runner.history.races > 0:
        weight = weight * _history_likelihood(runner.history, offset, hazard)
        weight = weight / weight.sum(axis=(0, 1))
    return Person(offset=offset, weight=weight, told=told)


def personal_rest_sd(known: Collection[str], n: RiskNumbers) -> float:
    """SD of the log hazard between people of one class of whom the factors ``known``, by key, were told.

    What nobody explains, and what the core factors that were not told would.
    """
    variance = 0.0
    for key, prior in factors("person").items():
        assert prior.factor is not None
        assert prior.factor.field is not None  # the table refuses a factor of a person without one
        if key not in known and prior.role == "core":
            variance += (prior.mean * prior.factor.field.sd) ** 2
    return float(np.sqrt(n.residual_sd_with_factors**2 + variance))


def _told(runner: Runner, hazard: HazardDraws) -> tuple[Floats, frozenset[str]]:
    """Log-hazard shift of the stated answers, (draws,), and the keys of what was told."""
    values = dict(runner.about)
    if runner.sex is not None:
        values["male"] = float(runner.sex == "male")
    if runner.age_y is not None:
        values["age_decade"] = runner.age_y
    if runner.mass_kg is not None and runner.height_m is not None:
        values["bmi"] = runner.mass_kg / runner.height_m**2
    shift = np.zeros(hazard.draws)
    for key, prior in factors("person").items():
        assert prior.factor is not None
        if key in values:
            shift = shift + hazard.beta[key] * prior.factor.counted(values[key])
    return shift, frozenset(values)


def _history_likelihood(history: CrampHistory, offset: Floats, hazard: HazardDraws) -> Floats:
    """Probability of ``cramped`` of ``races`` past long races, shape of ``offset`` (each race with its own day)."""
    n = hazard.numbers
    day, weights = normal_nodes(n.field_factor_mean, n.field_factor_sd)
    reference = reference_log_hazard(field_cumulative_hazard(MARATHON_KM, hazard), hazard, MARATHON_KM)
    chance = np.zeros_like(offset)
    for z, w in zip(day, weights, strict=True):
        chance += w * (1 - field_survival(np.exp(reference + offset + z), MARATHON_KM, hazard))
    cramped, races = history.cramped, history.races
    return np.asarray(comb(races, cramped) * chance**cramped * (1 - chance) ** (races - cramped))


def history_of_two(history: CrampHistory, person: Person, own: Floats, other: Floats, hazard: HazardDraws) -> Floats:
    """Likelihood of a history of which no muscle was told, shape of ``person.offset``, for one of two kinds of muscle.

    ``own`` and ``other``, (draws,): log cumulative hazard of a marathon for each kind. Their offsets are independent;
    the other kind's is integrated out.
    """

    def chance(reference: Floats) -> Floats:
        day, weights = normal_nodes(hazard.numbers.field_factor_mean, hazard.numbers.field_factor_sd)
        return np.asarray(
            sum(
                w * (1 - gamma_survival(np.exp(reference + person.offset + z), hazard.frailty_variance))
                for z, w in zip(day, weights, strict=True)
            )
        )

    mine, theirs = chance(own), chance(other)
    c, n = history.cramped, history.races
    total = np.zeros_like(mine)
    for p, w in zip(_flat(theirs), _flat(person.weight), strict=True):
        any_muscle = 1 - (1 - mine) * (1 - p)
        total += w * any_muscle**c * (1 - any_muscle) ** (n - c)
    return np.asarray(comb(n, c) * total)


def normal_nodes(mean: float, sd: float, count: int = _NODES) -> tuple[Floats, Floats]:
    """Nodes and weights of a normal distribution (weights sum to 1)."""
    nodes, weights = gauss_hermite(count)
    return mean + sd * nodes, weights / weights.sum()


def _flat(array: Floats) -> Floats:
    return array.reshape(-1, array.shape[-1])


def drawn_offset(person: Person, rng: np.random.Generator) -> Floats:
    """One draw of class and rest for each world, (draws,)."""
    weights = person.weight.reshape(-1, person.weight.shape[-1])
    offsets = person.offset.reshape(weights.shape)
    pick = (rng.random(weights.shape[1]) > np.cumsum(weights, axis=0)).sum(axis=0)
    return np.asarray(np.take_along_axis(offsets, np.minimum(pick, weights.shape[0] - 1)[None], axis=0)[0])
