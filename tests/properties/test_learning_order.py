"""Told in whatever order, the same answer to the last digit; the weights of the way are of its own rows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import career_world as world
from charley.api import history, journal
from charley.inference import sequential, simulated_runners
from charley.inference.compress import compress
from charley.inference.design import Report
from charley.inference.likelihood import Likelihood
from charley.vocabulary.cramp import Cramp

RUNS = 9
MOVED = ("before", "made_at", "warnings")  # what an answer says of earlier answers


def act(path: Path, action: tuple[str, int]) -> None:
    """One thing that a runner does with the journal."""
    what, number = action
    run = world.run_of(number, cramped=number == 8)
    if what == "import":
        journal.add_run(path, run, read_by="test")
    elif what == "race":
        journal.log_about(path, run=run.run_id, effort="race", air_temp_c=15.0)
    elif what == "cramp":
        at_s = world.cramp_s(run)
        journal.log_event(path, "cramp", run=run.run_id, place=Cramp(at_s, at_s, at_s))
    elif what == "none":
        journal.log_event(path, "none", run=run.run_id)
    elif what == "drink":
        journal.log_drink(path, 0.5, run=run.run_id)
    else:
        history.why(path)


def shuffled(seed: int) -> list[tuple[str, int]]:
    """Runs and answers in random order, each answer after its run was imported; questions in between."""
    rng = np.random.default_rng(seed)
    left = [("import", n) for n in range(RUNS)] + [("race", 8), ("cramp", 8), ("drink", 6)]
    left += [("none", n) for n in range(RUNS - 1) if n != 4] + [("why", 0)] * 2
    done: list[tuple[str, int]] = []
    while left:
        there = {n for what, n in done if what == "import"}
        possible = [a for a in left if a[0] == "import" or a[1] in there or (a[0] == "why" and there)]
        chosen = possible[int(rng.integers(len(possible)))]
        left.remove(chosen)
        done.append(chosen)
    return done


def figures(found: Any) -> Any:
    """The answer without what it says of earlier ones."""
    if isinstance(found, dict):
        return {k: figures(v) for k, v in found.items() if k not in MOVED}
    if isinstance(found, (list, tuple)):
        return [figures(v) for v in found]
    return found.tolist() if isinstance(found, np.ndarray) else found


def test_the_order_of_entry_moves_no_digit(tmp_path: Path) -> None:
    """Imports, answers and questions in two random orders; the last answer is the same to the bit."""
    answers = []
    for seed in range(2):
        path = tmp_path / str(seed) / "journal.sqlite"
        path.parent.mkdir()
        for action in shuffled(seed):
            act(path, action)
        answers.append(repr(figures(asdict(history.why(path)))))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_weights_of_the_way_are_those_of_the_runs_themselves(seed: int) -> None:
    """Quiet runs only reweight the draws of the prior: up to a constant, by the likelihood of the runs. Stand-ins say
    where a draw may go, never how much it is believed."""
    table, prior = simulated_runners.sourced_priors()
    table = simulated_runners.with_triggers(table)
    made = simulated_runners.simulate_journal(
        np.random.default_rng(seed), runs=40, races=0, sourced=True, triggers=True
    )
    runs = [compress(r, Report.none(), table, prior) for r in made.runs]
    state = sequential.absorb(sequential.begin(table, prior, 300, seed), runs)
    way = Likelihood(runs, state.layout, state.first_y)
    known = state.log_weights > -50  # single precision of what is kept
    apart = (state.log_weights - way.value(state.z))[known]
    assert known.sum() > 200
    np.testing.assert_allclose(apart, apart[0], atol=1e-3)
