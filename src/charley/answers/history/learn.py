"""From all that a journal says to what is believed: rows of every run, the fit, and what moved since last time.

Computed anew only as far as the journal has changed; the cache decides where that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from charley.answers.history import belief as beliefs
from charley.answers.history import rows
from charley.answers.history.belief import Belief
from charley.answers.history.bodies import Bodies
from charley.answers.history.cache import Cache
from charley.answers.history.plan import MODEL, Career, key_of, parameters_hash
from charley.vocabulary.errors import UsageError
from charley.vocabulary.history import AllTold
from charley.vocabulary.over_journal import Before
from charley.vocabulary.version import __version__

ROWS_MODEL, DRAWS_MODEL = (f"{kind} {__version__} {MODEL}" for kind in ("rows", "draws"))
UNDATED = "Say when they were: charley log date 2026-05-03T09:00 --run RUN"


@dataclass(frozen=True)
class Learned:
    """What was told, what is believed of it, and the runner's bodies. ``fresh``: the belief is new since last time."""

    history: AllTold
    belief: Belief
    bodies: Bodies
    before: Before | None
    fresh: bool


def learn(history: AllTold, cache: Cache, data_sha256: str, seed: int) -> Learned:
    """Everything that follows from a journal whose content has this hash. Raises UsageError where it has no runs."""
    if not history.runs:
        if history.undated:
            raise UsageError("journal-no-runs", "no run in the journal has a plausible date", next_step=UNDATED)
        raise UsageError("journal-no-runs", "the journal has no runs")
    career = Career(history.runner, history.runs, seed)
    bodies = Bodies(career)
    planned, computed = rows.compute(career, cache.rows, bodies)
    log = beliefs.gather(career, planned, computed)
    if not log.runs:
        raise UsageError("journal-no-runs", "no run of the journal can be read")
    name = key_of(data_sha256, parameters_hash(), history.runner)
    kept = cache.draws(name)
    belief, content = beliefs.believe(log, seed, kept=kept)
    before = beliefs.before_this(belief, name, cache.earlier())
    if computed.fresh:
        cache.keep_rows(computed.fresh)
    if kept is None:
        cache.keep_draws(name, belief.now.draws, beliefs.summary(belief), content)
    return Learned(history, belief, bodies, before, fresh=kept is None)
