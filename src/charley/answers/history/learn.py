"""From all that a journal says to what is believed: rows of every run, the fit, and what moved since last time.

Computed anew only as far as the journal has changed; the cache decides where that is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from charley.answers.history import rows
from charley.answers.history.belief import Belief, believe
from charley.answers.history.bodies import Bodies
from charley.answers.history.cache import Cache
from charley.answers.history.log import gather
from charley.answers.history.naming import Naming, naming
from charley.answers.history.plan import Career, key_of, parameters_hash
from charley.vocabulary.errors import UsageError
from charley.vocabulary.history import AllTold
from charley.vocabulary.over_journal import Before
from charley.vocabulary.progress import Progress, Tell, nobody

UNDATED = "Say when they were: charley log date 2026-05-03T09:00 --run RUN"


@dataclass(frozen=True)
class Learned:
    """What was told, what is believed of it, what may be named, and the runner's bodies. ``fresh``: the answer is new
    since last time."""

    history: AllTold
    belief: Belief
    naming: Naming
    bodies: Bodies
    before: Before | None
    fresh: bool


def learn(history: AllTold, cache: Cache, data_sha256: str, seed: int, tell: Tell = nobody) -> Learned:
    """Everything that follows from a journal whose content has this hash. Raises UsageError where it has no runs."""
    if not history.runs:
        if history.undated:
            raise UsageError("journal-no-runs", "no run in the journal has a plausible date", next_step=UNDATED)
        raise UsageError("journal-no-runs", "the journal has no runs")
    career = Career(history.runner, history.runs, seed)
    bodies = Bodies(career)
    planned, computed = rows.compute(career, cache.rows, bodies, cache.keep_rows, tell, history.held_open)
    log = gather(career, planned, computed)
    if not log.rows:
        raise UsageError("journal-no-runs", "no run of the journal can be read")
    tell(Progress("belief"))
    belief = believe(log, cache, seed)
    found = naming(belief)
    name = key_of(data_sha256, parameters_hash(), history.runner)
    earlier = cache.earlier()
    fresh = all(data != name for data, _, _ in earlier)
    if fresh:
        cache.keep_summary(name, belief.lead.draws, summary(belief, found))
    return Learned(history, belief, found, bodies, before_this(name, earlier), fresh)


def summary(belief: Belief, found: Naming) -> str:
    """The answer in a few figures, as JSON: kept, so that a later answer can say what moved."""
    shares = belief.drivers.family.mean(axis=0).tolist()
    return json.dumps(
        {
            "n_runs": len(belief.log.rows),
            "n_cramps": len(belief.log.cramped),
            "verdict": found.verdict,
            "families": dict(zip(belief.log.table.family_names, shares, strict=True)),
        }
    )


def before_this(name: str, earlier: Sequence[tuple[str, datetime, str]]) -> Before | None:
    """The latest earlier answer that was made from fewer runs or cramps, or from another state of the journal."""
    for data, made_at, text in earlier:
        if data == name:
            continue
        try:
            said = json.loads(text)
            families = tuple((str(k), float(v)) for k, v in said["families"].items())
            return Before(made_at, int(said["n_runs"]), int(said["n_cramps"]), str(said["verdict"]), families)
        except (ValueError, KeyError, TypeError):  # of another version
            continue
    return None
