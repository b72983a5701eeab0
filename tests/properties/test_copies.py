"""Work shared out to copies of a process: what one after the other would give, whatever becomes of the copies."""

from __future__ import annotations

import os
import signal
import threading
import time
from multiprocessing import active_children

import numpy as np
import pytest

import career_world as world
from charley.answers.history import belief, rows
from charley.answers.history.log import gather
from charley.answers.history.plan import Career
from charley.parallel import copies
from charley.vocabulary.runner import Runner


@pytest.fixture
def two_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processors, and no thread in the way."""
    monkeypatch.setattr(copies, "processors", lambda: 2)
    monkeypatch.setattr(copies, "can_copy", lambda: True)


@pytest.mark.usefixtures("two_copies")
def test_copies_hold_what_this_process_holds_and_send_back_what_they_find() -> None:
    held, here = {1: "a", 2: "b", 3: "c"}, os.getpid()
    found = list(copies.in_copies(lambda n: (held[n], os.getpid()), [1, 2, 3]))
    assert [value for value, _ in found] == ["a", "b", "c"]
    assert here not in {process for _, process in found}


@pytest.mark.usefixtures("two_copies")
def test_what_copies_that_die_leave_undone_is_done_here() -> None:
    here = os.getpid()

    def work(n: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return n**2

    assert list(copies.in_copies(work, range(5))) == [0, 1, 4, 9, 16]


@pytest.mark.usefixtures("two_copies")
def test_who_stops_listening_waits_for_no_copy() -> None:
    found = copies.in_copies(lambda n: time.sleep(n), [0, 600, 600])
    next(found)
    found.close()  # type: ignore[attr-defined] # a generator, as a KeyboardInterrupt ends it
    assert active_children() == []


@pytest.mark.usefixtures("two_copies")
def test_copies_believe_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up runner whose ninth run, a race, cramped: the draws are the same to the last digit."""
    runs = (*(world.told(n) for n in range(8)), world.told(8, events=(world.event("cramp", at_s=1200.0),)))
    log = gather(Career(Runner(mass_kg=70.0), runs), *rows.compute(Career(Runner(mass_kg=70.0), runs)))
    here = belief.believe(log, world.Nowhere(), 1, 200)
    monkeypatch.setattr(belief, "PACKED", 3)
    there = belief.believe(log, world.Nowhere(), 1, 200)
    for one, other in zip((here.now, here.beforehand), (there.now, there.beforehand), strict=True):
        for muscles in one.of:
            np.testing.assert_array_equal(one.of[muscles].z, other.of[muscles].z)


@pytest.mark.usefixtures("two_copies")
def test_an_error_in_a_copy_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(copies.in_copies(lambda n: 1 / n, [1, 0]))


def test_a_process_with_other_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy has one thread only: what another one holds locked, it would wait for in vain."""
    monkeypatch.setattr(copies, "processors", lambda: 2)
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert list(copies.in_copies(lambda _: os.getpid(), [1, 2])) == [os.getpid()] * 2
    finally:
        end.set()
        other.join()
