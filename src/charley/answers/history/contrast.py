"""What the hard runs alone say for a trigger: which of them cramped, and nothing else.

A trigger that is met in races and never in easy runs explains why races cramp, whatever does it; and the place of a
cramp within its run may fall on a trigger by luck. What is left when both are set aside is the contrast between this
runner's own hard runs, on which a cause is to be judged.
"""

from __future__ import annotations

from charley.answers.history.belief import DRAWS, Belief, seed_of
from charley.inference import sequential
from charley.inference.attribution import trigger_evidence
from charley.inference.compress import compress
from charley.inference.design import Report
from charley.vocabulary.arrays import Floats

LATEST = 60  # answered hard runs: more would take longer than the answer, and older ones hold less of today


def contrast_evidence(belief: Belief) -> Floats:
    """Log Bayes factor, (families,), for "some trigger of this family at least doubles the hazard", from the answered
    hard runs alone, each known to have cramped or not."""
    log = belief.log
    prior, reports = log.priors[log.lead], log.reports[log.lead]
    runs = [compress(log.rows[i], _without_place(reports[i]), log.table, prior) for i in log.answered_hard[-LATEST:]]
    return trigger_evidence(sequential.fit(runs, log.table, prior, DRAWS, seed_of(log.lead, 1)))


def _without_place(report: Report) -> Report:
    """A cramp somewhere in its run. Until it came in another muscle, this one held."""
    return Report.interval(0.0, None, asked=report.asked) if report.cramped else report
