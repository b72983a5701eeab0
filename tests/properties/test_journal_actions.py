"""Journal actions in any order, some of them cut short at any call that changes something: what was said is kept."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.api import journal as verbs
from charley.journal import backup, maintenance
from charley.journal.importing import import_runs
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import CharleyError
from journal_world import file_of, found, made_run, reader

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="what is cut short is a fork")
CHANGES = {"execute", "executemany", "backup", "write", "fsync", "open", "replace", "rename", "link", "unlink", "mkdir"}
Action = tuple[str, int, int | None]  # what, with which number, cut short before which change (None: not at all)


def do(what: str, number: int, path: Path) -> int | None:
    """One action; the id of an answer that is confirmed with it."""
    match what:
        case "import":
            import_runs(path, found(file_of(number, seconds=60)), reader, read_by="1", workers=0)
        case "cramp":
            second = float(number % 60)
            return verbs.log_event(path, "cramp", place=Cramp(second, second, second)).id
        case "none":
            return verbs.log_event(path, "none").id
        case "undo":
            verbs.withdraw_answer(path, 1 + number % 5)
        case "weights":
            return verbs.log_weights(path, [("before", 70.0), ("after", 69.0)])[-1].id
        case "backup":
            verbs.make_backup(path, path.with_name(f"backup-{number}"))
        case "restore":
            made = sorted(path.parent.glob("backup-*"))
            verbs.restore_backup(path, made[number % len(made)] if made else path)
        case "doctor":
            maintenance.doctor(path, repair=True)
    return None


def cut_short(work: Callable[[], int | None], before: int) -> tuple[bool, int | None]:
    """The work in a fork that ends itself just before so many changes. Whether it was done, and what it confirmed."""
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        left = before

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal left
            if event == "c_call" and getattr(argument, "__name__", "") in CHANGES:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        with suppress(BaseException):
            sys.setprofile(count)
            said = work()
            sys.setprofile(None)
            os.write(tells, str(said or 0).encode())
            code = 0
        os._exit(code)
    os.close(tells)
    with os.fdopen(hears) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0, int(said) if said and int(said) else None


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["import", "cramp", "none", "undo", "weights", "backup", "restore", "doctor"]),
        st.integers(0, 6),
        st.one_of(st.none(), st.integers(1, 60)),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(actions=ACTIONS)
def test_whatever_is_cut_short_what_was_said_is_kept(actions: list[Action]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "journal.sqlite"
        verbs.add_run(path, made_run(20, 60), read_by="1")
        verbs.log_event(path, "none", note="said at the beginning")
        told: set[int] = {1}
        kept: dict[str, set[int]] = {}  # what each backup holds
        for what, number, before in actions:
            known = sorted(folder.glob("backup-*"))
            try:
                if before is None:
                    done, said = True, do(what, number, path)
                else:
                    done, said = cut_short(lambda w=what, n=number: do(w, n, path), before)  # type: ignore[misc]
            except CharleyError:
                done, said = False, None
            if said:
                told |= {said}
            name = f"backup-{number}"
            if what == "backup" and (folder / name).exists() and name not in kept:
                kept[name] = set(told)
                assert backup.verify(folder / name).streams == len({r.run_id for r in verbs.list_runs(path)})
            if what == "restore" and known and maintenance.copies(path):
                held = kept[known[number % len(known)].name]
                there = answers_of(path)
                assert held <= there or told <= there, "the old journal or the new one"
                if done or not told <= there:
                    told = set(held)
            assert [f for f in maintenance.doctor(path) if f.grave] == []
            assert told <= answers_of(path), f"after {what}"
            for row in verbs.list_runs(path):
                assert len(verbs.get_run(path, row.run_id).streams) == row.samples
    finally:
        shutil.rmtree(folder)


def answers_of(path: Path) -> set[int]:
    """Ids of all answers that the journal holds, whether they hold now or not."""
    from charley.journal.store import open_store

    with open_store(path) as store:
        return {i for (i,) in store.db.execute("SELECT id FROM answer")}
