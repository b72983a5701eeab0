"""Which change would tell most, and what it may cost: the next run worth running otherwise.

A design is the runner's usual hard run with one factor, or all of a family, brought down towards its reference. None
may add a stressor or carry more risk than the usual run. Asked is which family-level change helps this runner most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.evidence.numbers.learning import LEARNING
from charley.inference.attribution import Reference
from charley.inference.design import FactorTable, RunRows
from charley.inference.forecast import hazards
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Bools, Floats, Index, Singles

LEFT_OF_A_FACTOR = 0.1  # a change seldom takes a factor away altogether
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Design:
    """A run that could be run: ``key`` and ``label`` of the factor or family that is brought down; "" is the usual."""

    key: str
    label: str
    run: RunRows
    family: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one design is worth: information in bits, expected risk, and the utility that orders them."""

    design: Design
    information_bits: float
    risk: float
    utility_bits: float


def designs(usual: RunRows, table: FactorTable, reference: Reference) -> list[Design]:
    """The usual run, then it with each factor and each family brought down that it has above the reference."""
    triggers = table.triggers
    above = (usual.covariates > reference.factors).any(axis=(0, 1)) & ~table.excluded
    met = (usual.stressors > reference.met).any(axis=(0, 1))

    def lowered(factors: Bools, stressors: Bools) -> RunRows:
        x, m = usual.covariates, usual.stressors
        down = np.where(x > reference.factors, reference.factors + LEFT_OF_A_FACTOR * (x - reference.factors), x)
        less = np.where(m > reference.met, reference.met + LEFT_OF_A_FACTOR * (m - reference.met), m)
        return replace(usual, covariates=np.where(factors, down, x), stressors=np.where(stressors, less, m))

    out = [Design("", "as usual", usual)]
    for k, key in enumerate(table.keys):
        with_it = np.array([f == key for f in triggers.factors], dtype=bool).reshape(len(triggers))
        if above[k] or (with_it & met).any():
            out.append(Design(key, table.labels[k], lowered(np.arange(len(table)) == k, with_it)))
    members = zip(table.family_names, table.family_members(), table.family_triggers(), strict=True)
    for name, factors, stressors in members:
        if (factors & above).any() or (stressors & met).any():
            out.append(Design(name, name, lowered(factors, stressors), family=True))
    return out


def adds_a_stressor(design: RunRows, usual: RunRows, reference: Reference) -> bool:
    """True when any factor or stressor lies further above its reference than in the usual run, at any time."""
    if design.covariates.shape != usual.covariates.shape or design.stressors.shape != usual.stressors.shape:
        return True

    def rise(now: Floats, then: Floats, held: Floats) -> bool:
        return bool((np.clip(now - held, 0, None) - np.clip(then - held, 0, None) > 1e-9).any())

    return (
        rise(design.covariates, usual.covariates, reference.factors)
        or rise(design.stressors, usual.stressors, reference.met)
        or bool((design.log_h0 > usual.log_h0 + 1e-9).any())
    )


def outcome_probabilities(posterior: Posterior, run: RunRows, parts: int = QUARTERS) -> Singles:
    """Probability of no cramp and of a first cramp in each part of the run, under each draw: (draws, 1 + parts)."""
    theta = posterior.frailty[:, None]
    part_of = np.minimum((np.cumsum(run.dt_h) / run.duration_h * parts - 1e-9).astype(np.intp), parts - 1)
    until = (part_of[:, None] <= np.arange(parts)).astype(np.float32)  # a product with it sums up to each part's end
    until *= run.dt_h.astype(np.float32)[:, None]
    total = np.zeros((posterior.draws, parts + 1))
    for body in range(run.draws):
        cumulative = hazards(posterior, run, body).T @ until
        survival = np.exp(-np.log1p(theta * cumulative.astype(np.float64)) / theta)
        total[:, 0] += survival[:, -1]
        total[:, 1:] += -np.diff(survival, axis=1, prepend=1.0)
    return (total / run.draws).astype(np.float32)


def expected_information_bits(outcomes: Singles, answer: Index, weights: Floats) -> Floats:
    """Mutual information between the ``answer`` of each draw and the outcome of each design, in bits, (designs,).

    H(answer) + H(result) - H(answer, result) from the same draws: ``outcomes`` (designs, draws, results), ``answer``
    (draws,), ``weights`` (draws,) that sum to 1.
    """
    count, draws, _ = outcomes.shape
    each = np.zeros((int(answer.max()) + 1, draws), dtype=np.float32)
    each[answer, np.arange(draws)] = weights
    joint = np.matmul(each, outcomes).astype(np.float64)  # (designs, answers, results)
    of_answer, of_result = joint.sum(axis=2), joint.sum(axis=1)
    bits = _entropy(of_answer) + _entropy(of_result) - _entropy(joint.reshape(count, -1))
    return np.asarray(np.maximum(bits, 0.0))


def _entropy(p: Floats) -> Floats:
    return np.asarray(-(p * np.log2(np.maximum(p, 1e-300))).sum(axis=-1))


def best_change(outcomes: Singles, candidates: Sequence[Design]) -> Index:
    """Index among the family designs of the one with the least risk under each draw, (draws,)."""
    families = [i for i, d in enumerate(candidates) if d.family]
    return np.asarray(outcomes[families, :, 0].argmax(axis=0))


def propose(posterior: Posterior, candidates: Sequence[Design], reference: Reference) -> list[Proposal]:
    """Designs in the order of information minus the cost of the cramps to expect; the first candidate is the usual run.

    A design that adds a stressor, or whose expected risk is above the usual run's, is left out, not ranked low.
    """
    if not any(d.family for d in candidates):
        return []
    usual = candidates[0]
    outcomes = np.stack([outcome_probabilities(posterior, d.run) for d in candidates])
    weights = posterior.weights
    bits = expected_information_bits(outcomes, best_change(outcomes, candidates), weights)
    risks = 1 - outcomes[:, :, 0].astype(np.float64) @ weights
    cost = LEARNING.experiment_cramp_cost_bits
    kept = [
        Proposal(d, float(b), float(r), float(b - cost * r))
        for d, b, r in zip(candidates, bits, risks, strict=True)
        if r <= risks[0] and not adds_a_stressor(d.run, usual.run, reference)
    ]
    return sorted(kept, key=lambda p: -p.utility_bits)
