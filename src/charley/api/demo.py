"""The made-up runner's two years, as a journal of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


def fill(journal: Path) -> int:
    """Fill a new journal with the made-up career and all that was said of it; returns how many runs it holds.

    Always the same runs and answers. Raises JournalError; UsageError (write-over) where there is a journal already.
    """
    from charley.activities import demo_career as career
    from charley.journal import entries, runs, streams
    from charley.journal.prepared import prepare
    from charley.journal.store import open_store
    from charley.vocabulary.cramp import Cramp
    from charley.vocabulary.errors import UsageError
    from charley.vocabulary.version import __version__

    if journal.exists():
        raise UsageError("write-over", "there is a journal already", str(journal))
    with open_store(journal, create=True) as store, store.writing():
        entries.baseline(
            store, cramped_of_ten="3-5", body_mass_kg=career.BODY_MASS_KG, height_m=career.HEIGHT_M,
            birth_year=career.BORN, sex=career.SEX,
        )  # fmt: skip
        for outing in career.outings():
            run = outing.run.run_id
            runs.add(store, prepare(outing.run, outing.title), __version__, datetime.now(UTC))
            if outing.hard is not None:
                effort = "race" if outing.hard.race else "hard"
                entries.about(store, run=run, effort=effort, air_temp_c=outing.hard.air_temp_c, relative_humidity=0.65)
            if outing.cramp_s is not None and outing.hard is not None:
                place = Cramp(outing.cramp_s, outing.cramp_s, outing.cramp_s)
                entries.event(
                    store, "cramp", run=run, place=place, side=outing.hard.side, severity=outing.hard.severity
                )
            elif outing.said:
                entries.event(store, outing.said, run=run)
            if outing.weighed_kg is not None and outing.drank_l is not None:
                before, after = outing.weighed_kg
                entries.weights(store, [("before", before), ("after", after)], run=run)
                entries.drink(store, outing.drank_l, run=run)
        streams.settle(store.streams_folder)
    return career.RUNS
