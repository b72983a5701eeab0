"""The made-up runner's two years, as a journal of its own, and what was learnt from it beforehand."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charley.activities.demo_career import Outing
    from charley.journal.store import Store

LEARNED = (
    "demo_learned.zip"  # made by scripts/make_demo.py: rows and draws under their keys; a key that is old is unused
)
_SEED = 1


def fill(journal: Path, *, learned: bool = True) -> int:
    """Fill a new journal with the made-up career and all that was said of it; returns how many runs it holds.

    Always the same runs and answers, so that what was ``learned`` from them before this version was made can be put
    in beside them. Raises JournalError; UsageError (write-over) where there is a journal already.
    """
    from charley.activities import demo_career as career
    from charley.journal import entries
    from charley.journal.store import open_store
    from charley.vocabulary.errors import UsageError

    if journal.exists():
        raise UsageError("write-over", "there is a journal already", str(journal))
    with open_store(journal, create=True) as store, store.writing():
        for number, outing in enumerate(career.outings()):
            if number == 0:
                entries.baseline(
                    store, cramped_of_ten="3-5", body_mass_kg=career.BODY_MASS_KG, height_m=career.HEIGHT_M,
                    birth_year=career.BORN, sex=career.SEX, now=outing.run.started_at,
                )  # fmt: skip
            _keep(store, outing)
    if learned:
        _put_learned(journal)
    return career.RUNS


def _keep(store: Store, outing: Outing) -> None:
    """One run and what was said of it, an hour after its end."""
    from charley.journal import entries, runs
    from charley.journal.prepared import prepare
    from charley.vocabulary.cramp import Cramp
    from charley.vocabulary.version import __version__

    run, hard, now = outing.run.run_id, outing.hard, outing.run.started_at + timedelta(hours=6)
    runs.add(store, prepare(outing.run, outing.title), __version__, now)
    if hard is not None:
        effort = "race" if hard.race else "hard"
        entries.about(
            store, run=run, effort=effort, air_temp_c=hard.air_temp_c, relative_humidity=0.65, now=now
        )  # fmt: skip
    if outing.cramp_s is not None and hard is not None:
        place = Cramp(outing.cramp_s, outing.cramp_s, outing.cramp_s)
        entries.event(store, "cramp", run=run, place=place, side=hard.side, severity=hard.severity, now=now)
    elif outing.said:
        entries.event(store, outing.said, run=run, now=now)
    if outing.weighed_kg is not None and outing.drank_l is not None:
        before, after = outing.weighed_kg
        entries.weights(store, [("before", before), ("after", after)], run=run, now=now)
        entries.drink(store, outing.drank_l, run=run, now=now)


def _put_learned(journal: Path) -> None:
    """Put what was worked out beside the runs; what is under keys of another version is never looked at."""
    from charley.journal import forecasts
    from charley.journal.store import open_store

    kept = files("charley.api") / LEARNED
    if not kept.is_file():
        return
    now = datetime.now(UTC)
    with kept.open("rb") as file, zipfile.ZipFile(file) as archive, open_store(journal) as store, store.writing():
        for entry in json.loads(archive.read("index.json")):
            forecasts.add_posterior(
                store, model_version=entry["model"], data_sha256=entry["key"], seed=entry["seed"],
                draws=entry["draws"], made_from=entry["made_from"], content=archive.read(entry["file"]), now=now,
            )  # fmt: skip
