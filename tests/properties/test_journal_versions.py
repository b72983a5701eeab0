"""One damaged byte of the header of a journal or a backup locks nobody out for good.

The bytes and what SQLite does with them: https://www.sqlite.org/fileformat2.html, 1.3.3.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from charley.journal import backup, entries, maintenance
from charley.journal.answers import current
from charley.journal.store import open_store
from charley.vocabulary.errors import JournalError
from charley.vocabulary.journal import HealthAnswer

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
BYTES = pytest.mark.parametrize("at", [18, 19], ids=["write", "read"])
VALUES = pytest.mark.parametrize("value", [3, 0xC5])


def told(path):
    with open_store(path) as store:
        return {answer.name for answer in current(store, HealthAnswer)}


def tell(path, name):
    with open_store(path, create=True) as store:
        entries.health(store, "condition", name, True, now=NOW)


def damage(path, at, value):
    data = bytearray(path.read_bytes())
    data[at] = value
    path.write_bytes(data)


@BYTES
@VALUES
def test_a_journal_says_how_it_is_mended_and_is(tmp_path, at, value):
    path = tmp_path / "journal.sqlite"
    tell(path, "kidney")
    damage(path, at, value)
    with pytest.raises(JournalError, match="doctor --repair"):
        tell(path, "heart")
    assert any("damaged byte" in finding.text for finding in maintenance.doctor(path))
    assert any(finding.repaired for finding in maintenance.doctor(path, repair=True))
    tell(path, "heart")
    assert told(path) == {"kidney", "heart"}
    assert maintenance.doctor(path) == ()


@VALUES
def test_a_backup_that_may_only_be_read_is_restored_whole(tmp_path, value):
    path, kept = tmp_path / "journal.sqlite", tmp_path / "kept.charley-backup"
    tell(path, "kidney")
    with open_store(path) as store:
        backup.backup(store, kept)
    damage(kept, 18, value)
    backup.restore(tmp_path / "other.sqlite", kept)
    tell(tmp_path / "other.sqlite", "heart")
    assert told(tmp_path / "other.sqlite") == {"kidney", "heart"}
