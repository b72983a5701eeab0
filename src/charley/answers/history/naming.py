"""What may be named from a log, and what not: "none of these" is a candidate like the others.

A family is named when the log as a whole bears it out (see ``attribution.trigger_evidence``), when the hard runs alone
(see ``contrast``) or its plain table do, and when the lower limit of its share, against the runner's own hard runs and
at even odds, clears a margin. Two that clear all and rose and fell together are named together, and so is one with how
far and how long. What is there in every hard run cannot be named from the log: there is nothing to compare it with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.answers.history.belief import Belief
from charley.answers.history.contrast import contrast_evidence
from charley.answers.history.tables import speaking_for
from charley.evidence.numbers.learning import LEARNING, LearningNumbers
from charley.inference.attribution import trigger_evidence
from charley.vocabulary.arrays import Bools, Floats

CANNOT_TELL, NAMED, MOST_LIKELY = "cannot_tell", "named", "most_likely"
LEAST_HARD_RUNS = 4
LEAST_STUDIES = 0.1  # share against the reference run from which "always there" is worth saying
STILL = 1e-9  # SD of what does not move at all
LEAST_CONTRAST = 0.03  # mean share against the own hard runs, before the log, below which there is none


@dataclass(frozen=True, slots=True)
class Naming:
    """``named`` (families,), in the table's order; ``verdict``: CANNOT_TELL, NAMED or MOST_LIKELY. ``together``: the
    named rose and fell together. ``with_length``: what is named rose and fell with how long the runs were.
    ``always_there`` (families,): in every hard run, so that the log cannot tell."""

    verdict: str
    named: Bools
    together: bool
    with_length: bool
    evidence: Floats
    always_there: Bools
    enough: bool  # cramps and hard runs enough to name anything


def naming(belief: Belief, n: LearningNumbers = LEARNING) -> Naming:
    """Judge the families of a log."""
    log = belief.log
    low = np.quantile(belief.family_at_even_odds, 0.1, axis=0)
    evidence = trigger_evidence(belief.lead)
    cramps = sum(r.cramped for r in log.reports[log.lead])
    enough = cramps >= n.own_log_speaks_from and len(belief.hard) >= LEAST_HARD_RUNS
    clear = (low > n.named_share) & enough
    named = clear & (evidence > n.named_evidence)
    if named.any():
        named &= contrast_evidence(belief) > n.named_contrast
    if clear.any():
        said = speaking_for(log)
        agree = np.array([said.get(name, 1.0) <= n.named_table for name in log.table.family_names])
        named |= clear & agree & (evidence > n.named_evidence_with_table)
    firmly = named & (low > n.named_share_firmly)
    contrast = belief.drivers_before.family.mean(axis=0)
    studies = belief.drivers_of_studies.family.mean(axis=0)
    return Naming(
        verdict=MOST_LIKELY if firmly.any() else NAMED if named.any() else CANNOT_TELL,
        named=named,
        together=bool(named.sum() > 1 and together(belief, named)),
        with_length=bool(named.any() and with_length(belief, named)),
        evidence=evidence,
        always_there=(studies > LEAST_STUDIES) & (contrast < LEAST_CONTRAST),
        enough=enough,
    )


def together(belief: Belief, chosen: Bools, n: LearningNumbers = LEARNING) -> bool:
    """Whether the stressors of these families rose and fell together over the hard runs."""
    place = _strongest(belief, chosen)
    if place.std(axis=0).min() < STILL:
        return True
    r = np.asarray(np.corrcoef(place.T))
    return bool(np.abs(r[np.triu_indices(len(r), 1)]).max() > n.together_correlation)


def with_length(belief: Belief, chosen: Bools, n: LearningNumbers = LEARNING) -> bool:
    """Whether the stressor of one of these families rose and fell with how long the hard runs were."""
    place, hours = _strongest(belief, chosen), np.array([r.duration_h for r in belief.hard])
    if min(place.std(axis=0).min(), hours.std()) < STILL:
        return False
    return any(np.corrcoef(column, hours)[0, 1] > n.together_correlation for column in place.T)


def _strongest(belief: Belief, chosen: Bools) -> Floats:
    """How far each hard run came beyond the knee of the strongest trigger of each of these families, (runs, chosen)."""
    triggers = belief.log.table.triggers
    peaks = np.array([r.stressors.mean(axis=0).max(axis=0) for r in belief.hard])
    place = (peaks - triggers.knee_mean) / triggers.knee_sd
    of = belief.log.table.family_triggers()[chosen]
    values = belief.lead.values[:, belief.lead.layout.trigger].mean(axis=0)
    return np.asarray(place[:, [int(np.argmax(np.where(members, values, -1.0))) for members in of]])
