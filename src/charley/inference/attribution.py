"""What drives a runner's cramps: the share that would not happen without a factor, and what may be said of it.

Drivers are judged by the preventable fraction over the runner's own hard runs, never by the size of a sensitivity: a
sensitivity to what a runner never meets drives nothing. Against which reference decides what is asked:

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
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Bools, Floats

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
    share of the expected cramps that goes when it, or all of a family, is held at the reference where it exceeds it;
    negative where it helped. ``joint`` (draws,): all at once. ``length`` (draws,): how far and how long, against the
    same runner half way. ``expected`` (draws,): cramps expected in these runs.
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

    AF = 1 - sum_t hazard(x := min(x, reference)) / sum_t hazard.
    """

    def __init__(self, posterior: Posterior, hard_runs: Sequence[RunRows]) -> None:
        if not hard_runs:
            raise ValueError("drivers need at least one hard run to be judged over")
        self.posterior, self.table = posterior, posterior.layout.table
        exposure, hard = _together(hard_runs, posterior)
        self.half_way = exposure.half_way
        self.by = posterior.coefficients.astype(np.float32)  # (draws, K + ramps)
        self.x = exposure.x.astype(np.float32)
        self.caused = exposure.caused.astype(np.float32)[:, None]
        k = len(self.table)
        background = np.where(hard[:, None], posterior.background(True), posterior.background(False))
        level = posterior.level.astype(np.float32)
        linear = (self.x[:, :k] @ self.by[:, :k].T + level) * self.caused
        linear += background.astype(np.float32) * (1 - self.caused)
        linear += self.x[:, k:] @ self.by[:, k:].T + exposure.log_weight.astype(np.float32)[:, None]
        top = linear.max(axis=0)
        self.rate = np.exp(linear - top)
        total = self.rate.sum(axis=0)
        self.rate /= total
        self.expected = np.asarray(total, dtype=np.float64) * np.exp(top.astype(np.float64))

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
            return np.asarray(-np.einsum("rs,rs->s", self.rate, gone), dtype=np.float64)

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
        return Drivers(
            factor=np.stack(factor, axis=1),
            trigger=np.stack(trigger, axis=1) if trigger else np.zeros((self.posterior.draws, 0)),
            family=np.stack(family, axis=1),
            joint=preventable(of(~table.excluded, ~no_trigger)),
            length=np.einsum("rs,r->s", self.rate, 1 - self.half_way).astype(np.float64),
            expected=self.expected,
        )


ACTIVE = float(np.log(2))  # a trigger that doubles the hazard beyond its knee counts as one


def trigger_evidence(posterior: Posterior) -> Floats:
    """Log Bayes factor, (families,), of the log for "some trigger of this family at least doubles the hazard".

    Odds of the posterior over those of the prior; half a draw is added to each side, so that none is beyond all doubt.
    """
    layout = posterior.layout
    triggers = layout.table.family_triggers()
    prior = layout.prior
    u = ACTIVE * prior.trigger_bend / (prior.trigger_bend - ACTIVE)
    mean, sd = prior.trigger_log
    one = 0.5 * erfc((np.log(u) - mean) / (sd * sqrt(2)))
    values = posterior.values[:, layout.trigger]
    found = np.zeros(len(triggers))
    for f, members in enumerate(triggers):
        if members.any():
            before = 1 - (1 - one) ** int(members.sum())
            active = float(posterior.weights @ (values[:, members] > ACTIVE).any(axis=1))
            now = (active * posterior.draws + 0.5) / (posterior.draws + 1)
            found[f] = np.log(now / (1 - now)) - np.log(before / (1 - before))
    return found


def _together(runs: Sequence[RunRows], posterior: Posterior) -> tuple[Exposure, Bools]:
    """Rows of all runs and bodies, each body with its share of the weight, and which of them are of hard runs."""
    found, hard = [], []
    for run in runs:
        for exposure in whole_run(run, posterior.layout.table, posterior.layout.prior, SHARES_TOLERANCE):
            found.append(
                Exposure(exposure.x, exposure.log_weight - np.log(run.draws), exposure.caused, exposure.half_way)
            )
            hard.append(np.full(len(exposure.x), run.hard))
    return Exposure.joined(found), np.concatenate(hard)


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
