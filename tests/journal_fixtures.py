"""Journals of each format, as files that stay: `python tests/journal_fixtures.py` writes the newest one once.

A journal is kept as SQL text (so that a change of it can be read) with the files of its streams beside it.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from charley.journal import answers, entries, forecasts, migrations, runs, trials
from charley.journal.store import open_store, streams_folder
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import TrialPlan
from journal_world import START, made_run

FOLDER = Path(__file__).parent / "journeys" / "fixtures"
NOW = START + timedelta(days=30)
PLAN = TrialPlan(
    id=None, change="salt", label="Sodium during long runs", made_at=NOW, arms=(True, False, False, True),
    least_distance_m=20_000.0, least_elapsed_s=6000.0, on="with it", off="without it", rule=("each long run counts",),
    limits=("never more than the label says",), expected_information_bits=0.05, runs_to_tell=None,
    usual_risk=Estimate(0.2, 0.1, 0.3, 0.15, 0.25), seed=1,
)  # fmt: skip


def folder_of(number: int) -> Path:
    """Where the journal of a format is kept."""
    return FOLDER / f"journal_format_{number}"


def unpack(number: int, to: Path) -> Path:
    """The journal of a format as a journal on the disk."""
    to.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(to)
    db.executescript((folder_of(number) / "journal.sql").read_text(encoding="utf-8"))
    db.close()
    shutil.copytree(folder_of(number) / "streams", streams_folder(to))
    return to


def write(number: int) -> None:
    """A journal with something in every table of the format."""
    with tempfile.TemporaryDirectory() as there:
        path = Path(there) / "journal.sqlite"
        with open_store(path, create=True) as store:
            fill(store)
            text = "\n".join(store.db.iterdump())
        head = f"PRAGMA application_id = {migrations.APPLICATION_ID};\nPRAGMA user_version = {number};\n"
        folder_of(number).mkdir(parents=True)
        (folder_of(number) / "journal.sql").write_text(head + text + "\n", encoding="utf-8")
        shutil.copytree(streams_folder(path), folder_of(number) / "streams")


def fill(store) -> None:
    """Two runs, and one answer of each kind."""
    with store.writing() as db:
        for number in range(2):
            runs.add_run(store, made_run(number, 120), title=f"Morning run, “{number}”", read_by="0.1", now=NOW)
        last = runs.find(store, "last")
        prompt = answers.ask(store, last, NOW)
        entries.event(store, "none", prompt_id=prompt, now=NOW)
        entries.event(store, "cramp", place=Cramp(60, 60, 60), side="left", severity=3, helped="stretch", now=NOW)
        entries.event(store, "cramp", run=None, phase="night", happened_at=NOW, note="out of the blue", now=NOW)
        slip = entries.weight(store, 69.9, when="before", now=NOW)
        entries.weight(store, 70.1, when="before", now=NOW)
        entries.withdraw(store, slip.id, now=NOW)
        entries.drink(store, 0.5, sodium_mmol_l=20, now=NOW)
        entries.sodium(store, 12, now=NOW)
        entries.sweat_test(store, sweat_rate_l_h=1.1, sweat_sodium_mmol_l=45, method="scales", now=NOW)
        entries.shoes(store, "the blue ones", drop_m=0.008, new=True, now=NOW)
        entries.strength(store, "calf raise", sets=3, repetitions=15, load_kg=10, now=NOW)
        entries.health(store, "condition", "kidney", False, now=NOW)
        entries.baseline(store, cramped_of_ten="3-5", body_mass_kg=70, height_m=1.75, birth_year=1980, now=NOW)
        entries.about(store, effort="race", air_temp_c=24, relative_humidity=0.6, unusual=("ill",), now=NOW)
        if store.format >= 3:
            entries.about(store, change="salt", change_done=True, now=NOW)
        db.execute(
            "INSERT INTO other_activity VALUES ('ride', 'cycling', ?, 3600.0, 30000.0, 'ride.fit', 'not-a-run', ?)",
            (START.timestamp(), NOW.timestamp()),
        )
        db.execute(
            "INSERT INTO source_file VALUES ('abc', 'skipped', NULL, NULL, 'a.fit', 'file-kind', 'A picture', '1', ?)",
            (NOW.timestamp(),),
        )
        if store.format >= 2:
            made = forecasts.add_posterior(
                store,
                model_version="1",
                data_sha256="d" * 64,
                seed=1,
                draws=2,
                made_from="{}",
                content=b"\0\1",
                now=NOW,
            )
            foreseen = forecasts.add_forecast(
                store, model_version="1", posterior_id=made, name="the race", planned_at=NOW, distance_m=42195,
                goal_s=12600, chance_mean=0.3, chance_low=0.1, chance_high=0.5, detail="{}", now=NOW,
            )  # fmt: skip
            forecasts.score(store, foreseen, last, True, NOW)
        if store.format >= 4:
            kept = trials.add(store, PLAN, "1")
        if store.format >= 5 and kept.id is not None:
            trials.end(store, kept.id, NOW)


if __name__ == "__main__":
    newest = migrations.newest_format()
    if folder_of(newest).exists():
        sys.exit(f"the journal of format {newest} is kept already, and what is kept stays")
    write(newest)
