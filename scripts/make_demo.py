"""What is learnt from the made-up runner's two years, worked out once: src/charley/api/demo_learned.zip.

    python scripts/make_demo.py            half a minute of processor
    python scripts/make_demo.py --check    is it that of this version? (tests/journeys/test_web_demo.py asks the same)

A change of the engine, of a number that rows stand on, or of the made-up runner makes it old. Nothing breaks then: the
first look at the made-up runner works it out again, and takes that half minute.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

from charley.api import demo, history

THERE = Path(demo.__file__).with_name(demo.LEARNED)


def make() -> None:
    """Fill, answer, and keep what the journal kept."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.sqlite"
        demo.fill(journal, learned=False)
        history.why(journal)
        rows, (draws,) = kept(journal)
    about = {
        "rows_model": rows[0][0], "draws_model": draws[0], "name": draws[1], "draws": draws[2], "summary": draws[3],
    }  # fmt: skip
    with zipfile.ZipFile(THERE, "w") as archive:
        for name, content in [
            ("about.json", json.dumps(about, indent=1).encode()),
            *((f"rows/{row[1]}", row[4]) for row in sorted(rows)),
            ("draws", draws[4]),
        ]:
            archive.writestr(zipfile.ZipInfo(name), content)  # of no date, so that the same content is the same file
    print(f"{THERE}: {THERE.stat().st_size / 1e6:.1f} MB")


def kept(journal: Path) -> tuple[list[tuple], list[tuple]]:
    """Model, key, number of draws, settings and content of what a journal keeps: of its runs, and of the belief."""
    with sqlite3.connect(journal) as db:
        found = db.execute("SELECT model_version, data_sha256, draws, made_from, content FROM posterior").fetchall()
    db.close()
    return [f for f in found if f[0].startswith("rows ")], [f for f in found if f[0].startswith("draws ")]


def current() -> bool:
    """Whether an answer about the made-up runner needs nothing that is not there."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.sqlite"
        demo.fill(journal)
        before = [len(part) for part in kept(journal)]
        history.why(journal)
        return [len(part) for part in kept(journal)] == before


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if current() else "it is of an older version: python scripts/make_demo.py")
    make()
