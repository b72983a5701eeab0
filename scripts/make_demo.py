"""What is learnt from the made-up runner's two years, worked out once: src/charley/api/demo_learned.zip.

    python scripts/make_demo.py            a minute or two of processor
    python scripts/make_demo.py --check    is it that of this version? (tests/journeys/test_web_demo.py asks the same)

A change of the engine, of a number that rows stand on, or of the made-up runner makes it old. Nothing breaks then: the
first look at the made-up runner works it out again, and takes that long.
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
        pack(journal)


def pack(journal: Path) -> None:
    """All that an answer keeps in a journal, as one file: of no date, so that the same content is the same file."""
    found = sorted(kept(journal))
    index = [
        {"model": model, "key": key, "seed": seed, "draws": draws, "made_from": made_from, "file": f"{number:03d}"}
        for number, (model, key, seed, draws, made_from, _) in enumerate(found)
    ]
    with zipfile.ZipFile(THERE, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.json"), json.dumps(index, indent=0), zipfile.ZIP_DEFLATED)
        for entry, row in zip(index, found, strict=True):
            archive.writestr(zipfile.ZipInfo(entry["file"]), row[5])
    print(f"{THERE}: {len(found)} entries, {THERE.stat().st_size / 1e6:.1f} MB")


def kept(journal: Path) -> list[tuple[str, str, int, int, str, bytes]]:
    """Model, key, seed, number of draws, settings and content of all that answers keep."""
    db = sqlite3.connect(journal)
    found = db.execute("SELECT model_version, data_sha256, seed, draws, made_from, content FROM posterior").fetchall()
    db.close()
    return found


def current() -> bool:
    """Whether an answer about the made-up runner needs nothing that is not there."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.sqlite"
        demo.fill(journal)
        before = len(kept(journal))
        history.why(journal)
        return len(kept(journal)) == before


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if current() else "it is of an older version: python scripts/make_demo.py")
    make()
