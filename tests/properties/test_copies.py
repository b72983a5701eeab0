"""Work shared out to copies of a process: what one after the other would give, whatever becomes of the copies."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from charley.parallel import copies


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
