"""The hazard of a first cramp along one run: baseline, shape, person and factors in one place.

    h(t) = [ background + exp(reference(D) + class + rest + told) d(f^k)/dt exp(sum_k beta_k x_k(t)) ] trigger(t)
    trigger(t) = exp(sum_j trigger_j ramp((m_j(t) - knee_j) / width_j)),       f = flat distance / D, ramp: logistic

Defined once; what the loop of nerves says of the threshold frequency is shown beside it and does not enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from charley.evidence import parameters
from charley.risk.baseline import field_cumulative_hazard, shape_exponent
from charley.risk.draws import HazardDraws
from charley.risk.factors import TRIGGERS
from charley.risk.person import Person, gamma_survival, personal_shape, survival, survival_by_class
from charley.risk.post_run import chance_after
from charley.vocabulary.answer import Hazard
from charley.vocabulary.arrays import Bools, Floats, Index, quantiles
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR

HALF_WAY = 0.5  # of the effective distance: what comes later is put down to how far and how long it was


@dataclass(frozen=True, slots=True)
class Exposure:
    """A run as the hazard sees it, for a not-prone person of rest zero. Bins end at ``time_s``, shape (bins,).

    ``baseline`` holds the cumulative hazard that each bin adds without any factor, (bins, draws); ``covariates`` maps
    the key of a factor to x, (bins, draws).
    """

    time_s: Floats
    distance_m: Floats
    progress: Floats  # f at the end of each bin, (bins, draws)
    lateness: Floats  # log hazard beyond that of half way, from the shape alone, (bins, draws); 0 before half way
    baseline: Floats
    covariates: Mapping[str, Floats]
    stressors: Mapping[str, Floats]  # what personal triggers answer to, by key, (bins, draws)
    raced: Bools | bool = True  # a race or an all-out effort, (draws,)


def expose(
    time_s: Floats,
    distance_m: Floats,
    flat_distance_m: Floats,
    effective_distance_m: Floats,
    covariates: Mapping[str, Floats],
    hazard: HazardDraws,
    stressors: Mapping[str, Floats] | None = None,
    raced: Bools | bool = True,
    baseline_of: tuple[Floats, Floats] | None = None,
) -> Exposure:
    """The run's baseline along its bins. ``flat_distance_m`` is (bins, draws), ``effective_distance_m`` (draws,).

    ``baseline_of``: what ``baseline_shape`` finds, where it is known already.
    """
    log_hazard, exponent = baseline_of or baseline_shape(effective_distance_m / METRES_PER_KM, hazard)
    progress = np.clip(flat_distance_m / effective_distance_m, 0.0, 1.0)
    risen = progress**exponent
    added = np.diff(risen, axis=0, prepend=np.zeros((1, hazard.draws)))
    baseline = np.exp(log_hazard) * added
    lateness = (exponent - 1) * np.log(np.maximum(progress, HALF_WAY) / HALF_WAY)
    return Exposure(time_s, distance_m, progress, lateness, baseline, covariates, stressors or {}, raced)


def baseline_shape(distance_km: Floats | float, hazard: HazardDraws) -> tuple[Floats, Floats]:
    """Log cumulative hazard and shape exponent of one person over an effective distance, (draws,) each."""
    return personal_shape(
        field_cumulative_hazard(distance_km, hazard), shape_exponent(distance_km, hazard), hazard, distance_km
    )


@dataclass(frozen=True)
class RunHazard:
    """The hazard of one run for one person, over draws of plausible worlds: computed once, then asked.

    ``people`` draws in a row share what the studies leave open and differ in who the runner is (see ``crossing``):
    answers are averaged over them, one a world, so that their spread is that of the studies alone. Every answer comes
    from the same ``increments``; nothing below computes them again.
    """

    exposure: Exposure
    person: Person
    draws: HazardDraws
    people: int = 1

    def over_people(self, values: Floats) -> Floats:
        """The mean over the people of each world: (..., draws) becomes (..., worlds)."""
        return over_people(values, self.people)

    @cached_property
    def triggered(self) -> Floats:
        """By how much the person's triggers multiply the hazard of each bin (log), (bins, draws)."""
        total = np.zeros_like(self.exposure.baseline)
        for key, met in self.exposure.stressors.items():
            total += self.draws.trigger[key] * self.ramp(key, met)
        return total

    def ramp(self, key: str, met: Floats | float) -> Floats:
        """How far beyond the person's knee of a stressor, 0 to 1."""
        width = RAMP_WIDTH_SD * knee_sd(key)
        return np.asarray(1 / (1 + np.exp(-np.clip((met - self.draws.knee[key]) / width, -40.0, 40.0))))

    @cached_property
    def increments(self) -> Floats:
        """Cumulative hazard that each bin adds for a not-prone person of rest zero, factors included, (bins, draws)."""
        total = self.triggered.copy()
        for key, x in self.exposure.covariates.items():
            total += self.draws.beta[key] * x
        return np.asarray(self.exposure.baseline * np.exp(total))

    @cached_property
    def background(self) -> Floats:
        """Cumulative hazard of no known cause that each bin adds to any person's, (bins, draws)."""
        hours = np.diff(self.exposure.time_s, prepend=0.0) / SECONDS_PER_HOUR
        easy = np.where(self.exposure.raced, 0.0, self.draws.background_easy)
        return np.asarray(self.draws.background_per_h * np.exp(easy + self.triggered) * hours[:, None])

    @cached_property
    def total(self) -> Floats:
        """Cumulative hazard of the whole run for a not-prone person of rest zero, without background, (draws,)."""
        return np.asarray(self.increments.sum(axis=0))

    @cached_property
    def chance_of_each(self) -> Floats:
        """Chance of a first cramp during the run, class and rest averaged, (draws,)."""
        return 1 - survival(self.total, self.person, self.draws, self.background.sum(axis=0))

    @cached_property
    def chance(self) -> Floats:
        """Chance of a first cramp during the run, (worlds,)."""
        return self.over_people(self.chance_of_each)

    def chance_by_class(self) -> Floats:
        """The same given each class of ``person.CLASSES``, (2, worlds)."""
        return self.over_people(1 - survival_by_class(self.total, self.person, self.draws, self.background.sum(axis=0)))

    def after(self) -> tuple[tuple[str, Floats], ...]:
        """Chance of a cramp in each window after the run, a process of its own; (window, (worlds,))."""
        return tuple((w, self.over_people(c)) for w, c in chance_after(self.chance_of_each, self.draws))

    def rate(self) -> Hazard:
        """First cramps per hour among such runners who have had none so far, with its bands, along the bins."""
        time_s = self.exposure.time_s
        cumulative = np.cumsum(self.increments, axis=0)
        background = np.cumsum(self.background, axis=0)
        left = self.over_people(survival(cumulative, self.person, self.draws, background))
        hours = np.maximum(np.diff(time_s, prepend=0.0), 1e-9) / SECONDS_PER_HOUR
        log_left = np.log(np.maximum(left, 1e-300))
        per_hour = -np.diff(log_left, axis=0, prepend=np.zeros((1, left.shape[1]))) / hours[:, None]
        low, low50, high50, high = quantiles(per_hour, (0.1, 0.25, 0.75, 0.9))
        return Hazard(
            time_s=time_s,
            distance_m=self.exposure.distance_m,
            rate_per_h=per_hour.mean(axis=1),
            low=low,
            high=high,
            low50=low50,
            high50=high50,
        )

    def preventable(self, keys: Iterable[str], until_s: float = float("inf")) -> Floats:
        """Share of the hazard up to ``until_s`` that goes with the factors ``keys`` at the reference, (worlds,).

        The triggers shown with them go as well.

        1 - sum lambda(x_k := min(x_k, reference)) / sum lambda, for a person of the mean hazard of those that this one
        may be. Negative where the factor lowered the hazard. People count by their chance of a cramp: it is a share of
        the cramps in such runs.
        """
        bins = self.exposure.time_s <= until_s
        if not bins.any():
            bins[0] = True
        person = (self.person.weight * np.exp(self.person.offset)).sum(axis=(0, 1))
        caused, background = self.increments[bins] * person, self.background[bins]
        less, fewer = np.zeros_like(caused), np.zeros_like(caused)
        chosen = sorted(set(keys))  # in an order of its own: sums are the same to the last digit
        for key in chosen:
            less += self.draws.beta[key] * np.maximum(self.exposure.covariates[key][bins], 0.0)
        for trigger in TRIGGERS:
            if trigger.driver in chosen and trigger.key in self.exposure.stressors:
                met = self.exposure.stressors[trigger.key][bins]
                fewer += self.draws.trigger[trigger.key] * self.ramp(trigger.key, met)
        left = (caused * np.exp(-less - fewer) + background * np.exp(-fewer)).sum(axis=0)
        share = 1 - left / np.maximum((caused + background).sum(axis=0), 1e-300)
        cramps = np.maximum(self.chance_of_each, 1e-300)
        return self.over_people(cramps * share) / self.over_people(cramps)

    def least_and_most(self, person: Index, beyond: float = 0.2) -> tuple[float, float]:
        """The chances that a share ``beyond`` of such people are below, and above, by how people differ alone.

        ``person``, (draws,): who each draw is. What the studies leave open is averaged for each of them, and for each
        class and rest that they may have.
        """
        offset, weight = (rows.reshape(-1, self.draws.draws) for rows in (self.person.offset, self.person.weight))
        cumulative = self.total * np.exp(offset) + self.background.sum(axis=0)
        found = 1 - gamma_survival(cumulative, self.draws.frailty_variance)
        who = (person + np.arange(len(offset))[:, None] * (person.max() + 1)).ravel()
        weights = np.bincount(who, weight.ravel())
        chances = np.bincount(who, (weight * found).ravel()) / np.maximum(weights, 1e-300)
        order = np.argsort(chances)
        below = np.cumsum(weights[order]) / weights.sum()
        low, high = (float(chances[order][np.searchsorted(below, q)]) for q in (beyond, 1 - beyond))
        return low, high


def over_people(found: Floats, people: int) -> Floats:
    """What was found of draws that are ``people`` of each world in a row, (..., draws), as its means, (..., worlds)."""
    return np.asarray(found.reshape(*found.shape[:-1], -1, people).mean(axis=-1))


RAMP_WIDTH_SD = 0.4  # of a ramp, in SDs of its knee, as the engine has it


def knee_sd(key: str) -> float:
    """SD of the prior of a knee."""
    return parameters("risk")[f"knee_{key}"].sd
