"""A field of virtual runners: how many will cramp, where and when; and how many runners a trial needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.cohort import CohortAnswer
    from charley.vocabulary.trial_design import TrialDesign

DEFAULT_FIELD = "mild-marathon"
SECONDS_A_RUNNER = 0.0008  # of processor time, as docs/scale.md measures it: for the forecast of a run that is refused


def simulate(
    field: str = DEFAULT_FIELD,
    *,
    runners: int,
    workers: int = 1,
    scheduler: str | None = None,
    seed: int = 1,
    checkpoint: Path | None = None,
    chunk: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CohortAnswer:
    """A field through its race. ``field``: the name of one that comes with Charley, or the path of a file.

    The counts, and so the digest, depend on the field, the runners and the seed alone. With ``workers`` beyond one a
    script needs its ``if __name__ == "__main__":``, as processes are started anew. Raises InputError
    (field-unreadable, field-contradicts, cohort-checkpoint), UsageError (cohort-size). ``scheduler``: the address of a
    Dask cluster that does it instead (extra ``cluster``); then also UsageError: cluster-extra, cohort-scheduler,
    cohort-versions.
    """
    from charley.api.workers import sharing
    from charley.cohort.checkpoint import Checkpoint
    from charley.cohort.field import field_of, field_text
    from charley.cohort.run import Order, identity, run
    from charley.cohort.summary import answer_of

    check_size(runners, workers)
    text, where = field_text(field)
    known = field_of(text, where)
    order = Order(text, runners, seed)
    kept = None if checkpoint is None else Checkpoint(checkpoint)
    with sharing(workers, scheduler, identity) as doers:
        return answer_of(known, order, run(order, doers, kept, chunk, progress), doers)


def check_size(runners: int, workers: int) -> None:
    """Raises UsageError (cohort-size) for no runners, or more than are done in one run, with what it would take."""
    from charley.vocabulary.cohort import MOST_RUNNERS

    if runners < 1:
        raise UsageError("cohort-size", f"{runners} runners", "--runners")
    if runners > MOST_RUNNERS:
        hours = runners * SECONDS_A_RUNNER / 3600.0 / max(workers, 1)
        found = f"{runners:,} runners would take about {hours:,.0f} hours here; the most is {MOST_RUNNERS:,}"
        raise UsageError("cohort-size", found, "--runners")


def design_trial(change: str, *, effect: float, base: float, missed: float | None = None, seed: int = 1) -> TrialDesign:
    """How many runners a trial of a change needs. ``change``: one of ``charley try``; ``effect``: chance of a cramp
    with it over the chance without it, ``base``; ``missed``: share of reports that never come (None: the table's).

    Raises UsageError (trial-unknown, trial-impossible).
    """
    from charley.answers.trials import CHANGES
    from charley.cohort.trial import design
    from charley.evidence.numbers.cohort import COHORT

    if change not in CHANGES:
        raise UsageError("trial-unknown", f"{change[:40]!r}", "--trial", f"Known: {', '.join(CHANGES)}")
    known = CHANGES[change]
    lost = COHORT.report_missed if missed is None else missed
    return design(change, known.label, known.limits, known.slow, effect, base, lost, seed)
