"""The posterior of the motor pool's constants: its page, what was kept, and a run that was stopped and goes on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import posterior_neuromuscular as made  # noqa: E402
from calibration_published import PUBLISHED, Row  # noqa: E402

from charley.evidence import parameters  # noqa: E402
from charley.parallel.tasks import ThisProcess  # noqa: E402

KEPT = json.loads(made.KEPT.read_text(encoding="utf-8"))


def test_the_page_is_current():
    assert made.PAGE.read_text(encoding="utf-8") == made.page(KEPT), "run: posterior_neuromuscular.py --pages"


def test_the_sets_lie_within_the_table_and_the_bound():
    sets, known = np.array(KEPT["sets"]), parameters("neuromuscular")
    assert sets.shape == (len(KEPT["loss"]), len(KEPT["constants"]))
    assert len(sets) >= 200
    assert len({tuple(row) for row in KEPT["sets"]}) == len(sets)
    assert max(KEPT["loss"]) <= KEPT["bound"] + 0.05
    for column, name in zip(sets.T, KEPT["constants"], strict=True):
        assert column.min() >= known[name].low - 1e-3 * abs(known[name].low)
        assert column.max() <= known[name].high + 1e-3 * abs(known[name].high)


def test_the_loss_of_what_was_kept_is_that_of_its_outcomes():
    """Squares of errors, each z cut at 10, with the calibration's weights."""
    published, error = np.array([[o[2], o[3]] for o in KEPT["outcomes"]]).T
    weight = np.array([0.3 if o[1] == "activity of a unit, intact (s)" else 1.0 for o in KEPT["outcomes"]])
    z = made.standardised(np.array(KEPT["found"], float), published, error)
    assert (weight * z**2).sum(axis=1) == pytest.approx(np.array(KEPT["loss"]), rel=0.02, abs=0.3)


def test_a_run_that_was_stopped_goes_on_where_it_stood(tmp_path, monkeypatch):
    done = []

    def quick(values, seed=1):
        if len(done) == stop:
            raise KeyboardInterrupt
        done.append(seed)
        first, second = (values[name] for name in made.CONSTANTS[:2])
        return [Row("-", "first", first), Row("-", "both", first + second)]

    monkeypatch.setitem(PUBLISHED, ("-", "first"), (1.2, 0.1))
    monkeypatch.setitem(PUBLISHED, ("-", "both"), (2.0, 0.3))
    monkeypatch.setattr(made, "short_rows", quick)
    monkeypatch.setattr(sys.modules["emulated_posterior"], "STEPS", 50)
    run = lambda path: made.run(ThisProcess(), path, (6,), (4,), 4)  # noqa: E731
    stop = -1
    whole, needed = run(tmp_path / "whole.jsonl"), len(done)
    done.clear()
    stop = 9
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "stopped.jsonl")
    stop = -1
    assert run(tmp_path / "stopped.jsonl") == whole
    assert len(done) == needed + 1  # the rows are named once more, and no set is simulated twice
