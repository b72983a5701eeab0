"""SQLite's locks on a journal outlast whatever else its process does with the files beside it.

A process loses all its locks on a file as soon as it closes any handle to it (POSIX, fcntl(2)). Byte 128 of ``-shm`` is
held while a connection is open: https://www.sqlite.org/walformat.html, 2.3. Where nobody holds it, the next program
takes itself for the first and cuts the file short, and whoever still reads it is ended by SIGBUS.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from charley.journal import entries
from charley.journal.names import in_the_way
from charley.journal.store import open_store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of another kind")
ASK = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except OSError:
        print("held")
"""


def held(journal):
    asked = [sys.executable, "-c", ASK, f"{journal}-shm"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "held\n"


def test_a_second_look_at_a_journal_takes_no_lock_from_the_first(tmp_path):
    path = tmp_path / "journal.sqlite"
    with open_store(path, create=True) as store:
        entries.health(store, "condition", "kidney", False)
        assert held(path)
        with open_store(path) as again:
            assert held(path)
            entries.health(again, "condition", "heart", False)
        assert held(path)


def test_an_index_that_another_process_begins_is_in_nobodys_way(tmp_path):
    """SQLite cuts a new index to 3 bytes, then writes the last byte of each page of 4,096 up to the end of a region
    (os_unix.c, unixLockSharedMemory and unixShmMap); a file of another size is none of its own."""
    path, index = tmp_path / "journal.sqlite", tmp_path / "journal.sqlite-shm"
    for size in (0, 3, *range(4096, 2 * 32_768 + 1, 4096)):
        index.write_bytes(bytes(size))
        assert in_the_way(path) is None, size
    for size in (1, 100, 4095, 4097, 32_767):
        index.write_bytes(bytes(size))
        assert in_the_way(path) == index, size
