"""Sizes of trials: against printed ones and textbooks, and simulated trials against the closed formulas."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from charley.api.cohort import design_trial
from charley.cohort.trial import TRIALS, Pool, crossover_trials, pairs_needed, parallel_trials, pool_of
from charley.faces.cli.main import run as cli
from charley.inference.trial import runs_an_arm
from charley.vocabulary.errors import UsageError

PAGE = Path(__file__).parents[2] / "docs/trial-design.md"


def test_a_fifth_fewer_at_twenty_takes_about_1450_an_arm() -> None:
    """Two proportions, 0.20 and 0.16, 5 in 100 both sides, power 0.8: 1447 (Fleiss 1981; R's power.prop.test)."""
    assert runs_an_arm(0.2, 0.16) == 1447
    found = design_trial("salt", effect=0.8, base=0.2)
    assert found.parallel.formula == 1447
    assert found.parallel.simulated == pytest.approx(1447, rel=0.06)
    assert found.parallel.power == pytest.approx(0.8, abs=0.03)
    assert found.parallel.asked == pytest.approx(found.parallel.simulated / 0.9, abs=1)
    assert found.crossover.simulated < found.parallel.simulated
    assert found.crossover.simulated == pytest.approx(found.crossover.formula, rel=0.12)
    assert [s.power for s in found.small] == sorted(s.power for s in found.small) or found.small[0].power < 0.08
    assert all(one.told_by[-1][1] < 0.5 for one in found.one_runner)


def test_pairs_of_mcnemar() -> None:
    """Connor 1987 by hand, 25 and 5 of 100 in one race alone: (1.96 sqrt(0.3) + 0.8416 sqrt(0.26))^2 / 0.04 = 56.4."""
    assert pairs_needed(0.25, 0.05) == 57


def test_trials_of_nothing_see_it_five_times_in_a_hundred() -> None:
    """Size of a test: 5 in 100 by construction."""
    rng, chance = np.random.default_rng(1), np.full(50, 0.2)
    nothing = Pool(chance, chance)
    for seen in (parallel_trials(nothing, 600, rng), crossover_trials(nothing, 600, rng)):
        assert binomtest(int(seen.sum()), TRIALS, 0.05).pvalue > 1e-4


def test_the_pool_cramps_as_often_as_said() -> None:
    pool = pool_of(0.8, 0.2)
    assert pool.without.mean() == pytest.approx(0.2, abs=1e-6)
    assert pool.with_it.mean() == pytest.approx(0.16, abs=1e-6)
    assert (pool.with_it <= pool.without).all()
    less, more = pool.discordant
    assert less - more == pytest.approx(0.04, abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"effect": 1.0},
        {"effect": 0.0},
        {"effect": float("nan")},
        {"base": 0.0},
        {"base": 1.2},
        {"effect": 2.5, "base": 0.6},
        {"missed": 1.0},
        {"effect": 0.999},
    ],
)
def test_impossible_trials_are_one_coded_line(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError) as refused:
        design_trial("salt", **{"effect": 0.8, "base": 0.2, **wrong})
    assert refused.value.code == "trial-impossible"


def test_the_command_designs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["cohort", "--trial", "salt", "--effect", "0.5", "--base", "0.3", "--json"]) in (0, None)
    made = json.loads(capsys.readouterr().out)["trial"]
    assert made["parallel"]["formula"] == runs_an_arm(0.3, 0.15)
    assert cli(["cohort", "--trial", "strength", "--effect", "0.5", "--base", "0.3"]) in (0, None)
    said = capsys.readouterr().out
    assert f"{made['parallel']['simulated']:,d} runners in each arm" in " ".join(said.split())
    assert "ethics" in said
    assert "Leave the crossover out" in said
    assert cli(["cohort", "--trial", "magnets"]) == 2
    assert "[trial-unknown]" in capsys.readouterr().err


def test_the_page_shows_the_formula() -> None:
    rows = re.findall(
        r"^\| (\d+) of 100 \| ([\d.]+) \| \d+ % \| ([\d,]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) == 12
    for base, changed, arm in rows:
        assert runs_an_arm(int(base) / 100, float(changed) / 100) == pytest.approx(int(arm.replace(",", "")), abs=1)
