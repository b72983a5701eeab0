"""What drives a runner's cramps: the share that would not happen without a factor, and when that may be said.

Drivers are judged by the preventable fraction over the runner's own hard runs, never by the size of a sensitivity: a
sensitivity to what a runner never meets drives nothing. Families are answered first, by removing all their factors at
once; shares of factors overlap and do not sum to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.learning import LEARNING, LearningNumbers
from charley.inference.compress import whole_run
from charley.inference.design import RunRows
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Bools, Floats

CANNOT_TELL, LEANS, MOST_LIKELY = "cannot_tell", "leans", "most_likely"


@dataclass(frozen=True, slots=True)
class Drivers:
    """Preventable fractions under each draw, and the probability of each to be the largest.

    ``factor`` (draws, K) and ``family`` (draws, families): share of the expected cramps of the hard runs that goes
    when the factor, or all of a family, is held at the reference where it exceeds it; negative where it helped.
    ``joint`` (draws,): all factors at once. ``main_factor`` (K,) and ``main_family`` (families,) sum to 1; a draw in
    which nothing is preventable counts for none and leaves the rest to ``main_none``.
    """

    factor: Floats
    family: Floats
    joint: Floats
    main_factor: Floats
    main_family: Floats
    main_none: float

    @property
    def unexplained(self) -> Floats:
        """1 - joint preventable fraction, (draws,)."""
        return np.asarray(1 - self.joint)


def reference_levels(runs: Sequence[RunRows]) -> Floats:
    """Median of each factor over the time of runs that are not hard, (K,): what is usual for this runner."""
    easy = [r for r in runs if not r.hard] or list(runs)
    return np.asarray(np.median(np.concatenate([r.covariates.mean(axis=0) for r in easy]), axis=0))


def drivers(posterior: Posterior, hard_runs: Sequence[RunRows], reference: Floats | None = None) -> Drivers:
    """Preventable fractions over hard runs against ``reference`` (K,), by default 0, the reference run of each factor.

    AF_k = 1 - sum_t lambda(x_k := min(x_k, ref_k)) / sum_t lambda, at today's level, body states averaged.
    """
    if not hard_runs:
        raise ValueError("drivers need at least one hard run to be judged over")
    table = posterior.layout.table
    held = np.zeros(len(table)) if reference is None else reference
    parts = [(e, r.draws) for r in hard_runs for e in whole_run(r, table, posterior.layout.prior)]
    x = np.concatenate([e.x for e, _ in parts]).astype(np.float32)  # single precision is plenty for a share
    log_weight = np.concatenate([e.log_weight - np.log(draws) for e, draws in parts]).astype(np.float32)
    beta = posterior.sensitivities.astype(np.float32)
    linear = x @ beta.T + log_weight[:, None]  # (rows, draws)
    rate = np.exp(linear - linear.max(axis=0))
    rate /= rate.sum(axis=0)
    excess = np.clip(x - held.astype(np.float32), 0.0, None)

    def preventable(members: Bools) -> Floats:
        gone = -np.expm1(-excess[:, members] @ beta[:, members].T)
        return np.asarray(np.einsum("rs,rs->s", rate, gone), dtype=np.float64)

    factors = [preventable(np.arange(len(table)) == k) for k in range(len(table))]
    families = [preventable(members) for members in table.family_members()]
    factor, family = np.stack(factors, axis=1), np.stack(families, axis=1)
    weights = posterior.weights
    return Drivers(
        factor=factor,
        family=family,
        joint=preventable(~table.excluded),
        main_factor=_largest(factor, weights),
        main_family=_largest(family, weights),
        main_none=float(weights[factor.max(axis=1) <= 0].sum()),
    )


def _largest(share: Floats, weights: Floats) -> Floats:
    """Weight of the draws in which each column is the largest and above 0."""
    some = share.max(axis=1) > 0
    return np.bincount(share.argmax(axis=1)[some], weights[some], share.shape[1]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said. ``code``: CANNOT_TELL, LEANS or MOST_LIKELY. ``leading``: the two likeliest families, with the
    probability of each and what it was from studies alone. ``mostly_studies``: too few own cramps to speak of more.
    ``ranked``: False while there is no own cramp at all; the order is then that of the studies and names no driver.
    """

    code: str
    leading: tuple[tuple[str, float, float], ...]
    mostly_studies: bool
    ranked: bool
    fine_rounding: bool


def verdict(
    families: Sequence[str],
    now: Floats,
    from_studies: Floats,
    cramps: int,
    runs: int,
    n: LearningNumbers = LEARNING,
) -> Verdict:
    """What may be said of the main family, from ``Drivers.main_family`` of the posterior and of the prior.

    Without a cramp the families keep the order of the studies: runs that went well narrow what is believed of factors
    that they held in plenty, but say nothing of why this runner would cramp.
    """
    order = np.argsort(-(now if cramps > 0 else from_studies), kind="stable")[:2]
    top = float(now[order[0]])
    code = CANNOT_TELL
    if cramps > 0 and top >= n.main_driver_likely:
        code = MOST_LIKELY
    elif cramps > 0 and top >= n.main_driver_leans:
        code = LEANS
    return Verdict(
        code=code,
        leading=tuple((families[i], float(now[i]), float(from_studies[i])) for i in order),
        mostly_studies=cramps < n.own_log_speaks_from,
        ranked=cramps > 0,
        fine_rounding=runs >= n.fine_rounding_from,
    )


@dataclass(frozen=True, slots=True)
class CrampAttribution:
    """One cramp, under each draw and factor, (draws, K).

    ``share``: part of the excess of the hazard over the reference (sums to 1 over factors that raised it).
    ``but_for``: chance that such a moment would not have cramped without the factor; these do not sum to 1.
    ``protective``: how much the log hazard was lowered by the factor, 0 where it was not.
    """

    share: Floats
    but_for: Floats
    protective: Floats


def attribute_cramp(posterior: Posterior, x: Floats, reference: Floats | None = None) -> CrampAttribution:
    """Attribution of one cramp at covariates ``x`` (K,) or (body-state draws, K).

    With a_k = beta_k (x_k - ref_k) and A the sum of those above 0, the Aumann-Shapley share of the excess of exp(A)
    over 1 is int_0^1 a_k e^(sA) ds / (e^A - 1) = a_k / A exactly; but for factor k: 1 - exp(-a_k).
    """
    x = np.atleast_2d(x)
    held = np.zeros(x.shape[1]) if reference is None else reference
    share, but_for, protective = (np.zeros(posterior.sensitivities.shape) for _ in range(3))
    for body in x:
        a = posterior.sensitivities * (body - held)
        up = np.clip(a, 0.0, None)
        total = up.sum(axis=1, keepdims=True)
        share += up / np.where(total > 0, total, 1.0)
        but_for += -np.expm1(-up)
        protective += np.clip(-a, 0.0, None)
    m = len(x)
    return CrampAttribution(share / m, but_for / m, protective / m)
