"""What drives a runner's cramps: the share that would not happen without a factor, and what may be said of it.

Drivers are judged by the preventable fraction over the runner's own hard runs, never by the size of a sensitivity: a
sensitivity to what a runner never meets drives nothing. It counts runs that would stay without a cramp, not hazard:
where something else makes a cramp sure, a little less of the rest prevents nothing. Which reference decides what is
asked:

    own      each factor at the lower quartile of its peaks over these runs: what makes some of them cramp, others not
    studies  each factor at the reference run: what published slopes would expect

What is there in every hard run has no share against the own reference: the log cannot tell of it. Families are answered
first, by removing all their factors and triggers at once; shares overlap and do not sum to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from charley.inference.compress import Exposure, whole_run
from charley.inference.design import KNEES_SD, FactorTable, RunRows
from charley.inference.forecast import survival
from charley.inference.likelihood import SegmentSum
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Bools, Floats, Singles

SHARES_TOLERANCE = 0.3  # of merged bins: a share is a ratio, and needs fewer rows than a likelihood
OWN_QUANTILE = 0.25  # of the peaks of a factor over the runner's hard runs


@dataclass(frozen=True, slots=True)
class Reference:
    """Where factors and stressors are held: ``factors`` (K,) and ``met`` (T,)."""

    factors: Floats
    met: Floats


def reference_run(table: FactorTable) -> Reference:
    """The reference run of every factor; stressors below every knee."""
    triggers = table.triggers
    return Reference(np.zeros(len(table)), triggers.knee_mean + (KNEES_SD[0] - 4.0) * triggers.knee_sd)


def own_reference(runs: Sequence[RunRows]) -> Reference:
    """The lower quartile, over the runs, of each run's peak of each factor and stressor (bodies averaged)."""
    factors = [r.covariates.mean(axis=0).max(axis=0) for r in runs]
    met = [r.stressors.mean(axis=0).max(axis=0) for r in runs]
    # a peak that was run: between two clusters there is no run to compare with
    return Reference(*(np.quantile(np.array(p), OWN_QUANTILE, axis=0, method="lower") for p in (factors, met)))


@dataclass(frozen=True, slots=True)
class Drivers:
    """Preventable fractions under each draw.

    ``factor`` (draws, K) with the triggers shown with it, ``trigger`` (draws, T) and ``family`` (draws, families):
    share of the runs expected to cramp that does not when it, or all of a family, is held at the reference where it
    exceeds it; negative where it helped. ``joint`` (draws,): all at once. ``length`` (draws,): how far and how long,
    against the same runner half way. ``expected`` (draws,): how many of these runs are expected to cramp.
    """

    factor: Floats
    trigger: Floats
    family: Floats
    joint: Floats
    length: Floats
    expected: Floats

    @property
    def none(self) -> Floats:
        """1 - joint preventable fraction, (draws,): none of these."""
        return np.asarray(1 - self.joint)


class Shares:
    """Preventable fractions over the same hard runs, at today's level, body states averaged: asked once a reference.

    AF = 1 - sum_runs P(x := min(x, reference)) / sum_runs P, P the chance of a first cramp in a run.
    """

    def __init__(self, posterior: Posterior, hard_runs: Sequence[RunRows]) -> None:
        if not hard_runs:
            raise ValueError("drivers need at least one hard run to be judged over")
        self.posterior, self.table = posterior, posterior.layout.table
        self.rows = _Rows.of(hard_runs, posterior)
        self.by = posterior.coefficients.astype(np.float32)  # (draws, K + ramps)
        self.x = self.rows.exposure.x.astype(np.float32)
        self.caused = self.rows.exposure.caused.astype(np.float32)[:, None]
        k = len(self.table)
        background = np.where(self.rows.hard[:, None], posterior.background(True), posterior.background(False))
        level = posterior.level.astype(np.float32)
        linear = (self.x[:, :k] @ self.by[:, :k].T + level) * self.caused
        linear += background.astype(np.float32) * (1 - self.caused)
        linear += self.x[:, k:] @ self.by[:, k:].T + self.rows.exposure.log_weight.astype(np.float32)[:, None]
        self.rate = np.exp(np.minimum(linear, _SURE, out=linear), out=linear)
        self.sums = self.rows.sums(self.rate, np.empty((self.rows.body_share.size, posterior.draws), dtype=np.float32))
        self.expected = self._cramped(self.sums)

    def _cramped(self, cumulative: Floats | Singles) -> Floats:
        """Runs expected to cramp, (draws,), from the cumulative hazard of each run and body."""
        chance = 1 - survival(np.maximum(cumulative.astype(np.float64), 0.0), self.posterior.frailty)
        return np.asarray(self.rows.body_share @ chance)

    def _without(self, gone: Singles) -> Floats:
        """What is prevented, (draws,), where so much of each row's rate (rows, draws) goes. Overwrites ``gone``."""
        gone *= self.rate
        less = self.rows.sums(gone, np.empty_like(self.sums))
        return np.asarray(1 - self._cramped(self.sums - less) / self.expected)

    def against(self, reference: Reference) -> Drivers:
        """The fractions against a reference."""
        table, k = self.table, len(self.table)
        held = np.concatenate([reference.factors, table.triggers.ramps(reference.met)]).astype(np.float32)
        excess = np.clip(self.x - held, 0.0, None)
        excess[:, :k] *= self.caused
        there = excess.any(axis=0)  # most factors never leave their reference

        def preventable(columns: Bools) -> Floats:
            some = columns & there
            if not some.any():
                return np.zeros(self.posterior.draws)
            gone = excess[:, some] @ self.by[:, some].T
            np.negative(gone, out=gone)
            np.expm1(gone, out=gone)
            return self._without(np.negative(gone, out=gone))

        ramps = np.repeat(np.arange(len(table.triggers)), KNEES_SD.size)

        def of(factors: Bools, triggers: Bools) -> Bools:
            return np.concatenate([factors, triggers[ramps] if ramps.size else np.zeros(0, dtype=bool)])

        same = np.array([[key == name for name in table.triggers.factors] for key in table.keys], dtype=bool)
        same = same.reshape(k, len(table.triggers))
        no_factor, no_trigger = np.zeros(k, dtype=bool), np.zeros(len(table.triggers), dtype=bool)
        factor = [preventable(of(np.arange(k) == i, same[i])) for i in range(k)]
        trigger = [preventable(of(no_factor, np.arange(len(no_trigger)) == j)) for j in range(len(no_trigger))]
        families = zip(table.family_members(), table.family_triggers(), strict=True)
        family = [preventable(of(f, t)) for f, t in families]
        late = (1 - self.rows.exposure.half_way[:, None]).astype(np.float32)
        return Drivers(
            factor=np.stack(factor, axis=1),
            trigger=np.stack(trigger, axis=1) if trigger else np.zeros((self.posterior.draws, 0)),
            family=np.stack(family, axis=1),
            joint=preventable(of(~table.excluded, ~no_trigger)),
            length=self._without(np.repeat(late, self.posterior.draws, axis=1)),
            expected=self.expected,
        )


ACTIVE = float(np.log(2))  # a trigger that doubles the hazard beyond its knee counts as one


def trigger_evidence(posterior: Posterior) -> Floats:
    """Log Bayes factor, (families,), of the log for "some trigger of this family at least doubles the hazard".

    Odds of the posterior over those of the prior; half a draw is added to each side, so that none is beyond all doubt.
    """
    before, active = _triggered(posterior)
    found = np.zeros(before.size)
    for f in np.flatnonzero(before):
        now = (float(posterior.weights @ active[:, f]) * posterior.draws + 0.5) / (posterior.draws + 1)
        found[f] = np.log(now / (1 - now)) - np.log(before[f] / (1 - before[f]))
    return found


def at_even_odds(posterior: Posterior) -> Floats:
    """Weights of the draws, (families, draws), each summing to 1: as if before the log it had been even odds whether
    some trigger of this family at least doubles the hazard.

    How many people have a trigger is an assumption; what a log says of one runner must not hang on it.
    """
    before, active = _triggered(posterior)
    out = np.tile(posterior.weights, (before.size, 1))
    for f in np.flatnonzero(before):
        out[f] *= np.where(active[:, f], (1 - before[f]) / before[f], 1.0)
    return np.asarray(out / out.sum(axis=1, keepdims=True))


def _triggered(posterior: Posterior) -> tuple[Floats, Bools]:
    """Whether some trigger of each family at least doubles the hazard: chance before the log, (families,), and under
    each draw, (draws, families)."""
    layout = posterior.layout
    triggers = layout.table.family_triggers()
    prior = layout.prior
    u = ACTIVE * prior.trigger_bend / (prior.trigger_bend - ACTIVE)
    mean, sd = prior.trigger_log
    one = 0.5 * erfc((np.log(u) - mean) / (sd * sqrt(2)))
    values = posterior.values[:, layout.trigger] > ACTIVE
    active = np.stack([values[:, members].any(axis=1) for members in triggers], axis=1)
    return 1 - (1 - one) ** triggers.sum(axis=1), active


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of all runs and bodies, which of them are of ``hard`` runs, and how they sum up: to one for each body of
    each run, which has ``body_share`` of its run."""

    exposure: Exposure
    hard: Bools
    sums: SegmentSum
    body_share: Floats

    @classmethod
    def of(cls, runs: Sequence[RunRows], posterior: Posterior) -> _Rows:
        """Merged as a share allows it."""
        table, prior = posterior.layout.table, posterior.layout.prior
        bodies = [(run, e) for run in runs for e in whole_run(run, table, prior, SHARES_TOLERANCE)]
        lengths = np.array([len(e.x) for _, e in bodies], dtype=np.intp)
        return cls(
            Exposure.joined([e for _, e in bodies]),
            np.repeat([run.hard for run, _ in bodies], lengths),
            SegmentSum(lengths),
            np.array([1 / run.draws for run, _ in bodies]),
        )


@dataclass(frozen=True, slots=True)
class CrampAttribution:
    """One cramp, under each draw, (draws, K) and for triggers (draws, T).

    ``but_for``, ``triggered``: chance that such a moment would not have cramped without the factor, without the
    trigger; these do not sum to 1. ``protective``: how much the log hazard was lowered by the factor, 0 where it was
    not.
    """

    but_for: Floats
    triggered: Floats
    protective: Floats


def attribute_cramp(posterior: Posterior, run: RunRows, at_h: float) -> CrampAttribution:
    """Attribution of one cramp in a run, against the reference run.

    Without factor k the part of the hazard that has causes falls by exp(-beta_k x_k), the background stays; without a
    trigger both fall.
    """
    table, k = posterior.layout.table, len(posterior.layout.table)
    by, knees, at = posterior.coefficients, KNEES_SD.size, run.at(at_h)
    background = np.exp(posterior.background(run.hard))
    but_for, triggered, protective = (np.zeros((posterior.draws, n)) for n in (k, len(table.triggers), k))
    for body in range(run.draws):
        a = posterior.sensitivities * run.covariates[body, at]
        causes = np.exp(np.minimum(run.log_h0[body, at] + posterior.level + a.sum(axis=1), _SURE))
        share = causes / (causes + background)
        but_for += share[:, None] * -np.expm1(-np.clip(a, 0.0, None))
        protective += share[:, None] * np.clip(-a, 0.0, None)
        ramps = table.triggers.ramps(run.stressors[body, at]) * by[:, k:]
        triggered += -np.expm1(-ramps.reshape(posterior.draws, len(table.triggers), knees).sum(axis=2))
    m = run.draws
    return CrampAttribution(but_for / m, triggered / m, protective / m)


_SURE = 80.0
