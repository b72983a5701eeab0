"""Long work that is stopped stays stopped, whoever asks, until the reader goes on; then it is done after all."""

from __future__ import annotations

import time

import pytest

from charley.faces.web.work import Waiting, Work


def test_what_is_stopped_waits_for_the_reader_and_is_done_when_they_go_on() -> None:
    """The process that was ended does none of it: a dead one must not be given the next task."""
    work = Work(workers=1)
    try:
        with pytest.raises(Waiting) as begun:
            work.answer("why", "Sleeping", time.sleep, 600)
        assert not begun.value.stopped
        task = work.find("why")
        assert task is not None
        while task.state == "waiting":
            time.sleep(0.01)
        work.stop("why")
        with pytest.raises(Waiting) as stopped:
            work.answer("why", "Sleeping", time.sleep, 600)
        assert stopped.value.stopped
        work.go_on("why")
        again = work.start("why", "Sleeping", time.sleep, 0)
        assert again.ended.wait(60)
        assert (again.state, again.error) == ("done", None)
    finally:
        work.close()
