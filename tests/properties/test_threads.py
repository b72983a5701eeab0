"""Work shared out to threads is what one after the other would give, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from charley.inference import sequential, simulated_runners, smc
from charley.inference.compress import compress
from charley.inference.design import Report
from charley.parallel import threads


@pytest.mark.parametrize("processors", [1, 2, 3])
def test_the_parts_come_back_in_their_order(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    monkeypatch.setattr(threads, "processors", lambda: processors)
    assert threads.in_threads(lambda n: n**2, range(7)) == [0, 1, 4, 9, 16, 25, 36]


def test_what_goes_wrong_in_a_part_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        threads.in_threads(lambda n: 1 / n, [1, 0, 1])


def test_a_belief_is_the_same_whatever_processors_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs with cramps, so that draws are moved; more draws than one thread takes, and not a multiple of them."""
    table, prior = simulated_runners.sourced_priors()
    made = simulated_runners.simulate_journal(np.random.default_rng(5), runs=16, races=3, sourced=True)
    cramped, quiet = Report.interval(0.0, None, asked=True), Report.none()
    runs = [compress(r, cramped if r.hard else quiet, table, prior) for r in made.runs]
    start, found = sequential.begin(table, prior, 2 * smc.CHUNK + 100, 1), []
    for processors in (1, 3):
        monkeypatch.setattr(threads, "processors", lambda count=processors: count)
        found.append(sequential.absorb(start, runs).z)
    assert len(np.unique(found[0][:, 0])) > start.draws / 2  # moved, not only chosen
    assert not np.isin(found[0][:, 0], start.z[:, 0]).all()
    np.testing.assert_array_equal(*found)
