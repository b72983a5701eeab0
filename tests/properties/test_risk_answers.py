"""What a person tells moves the chance the way in which the prior's mean points, and in the prior's unit."""

from __future__ import annotations

import numpy as np
import pytest

from career_world import made_run
from charley.answers.one_run.assumptions import SEEN, seen
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import simulate
from charley.evidence import parameters, priors
from charley.risk.factors import FACTORS, FAMILIES, TOLD_ONLY
from charley.risk.hazard import RunHazard
from charley.risk.person import PERSON_FACTORS, describe
from charley.vocabulary.runner import Intake, Runner
from risk_world import worlds

RUN = made_run(0, 1800, 3.4)  # half an hour, the same seed: what differs is the answer alone
WORLDS = worlds(2000, "either")


def hazard_of(runner: Runner, intake: Intake | None = None) -> RunHazard:
    return simulate(Question(RUN, None, runner, intake=intake or Intake(), effort="race", draws=200)).hazard


def noise(key: str, draws: int) -> float:
    """Four standard errors of a mean over so many draws."""
    return float(4 * priors()[key].sd / np.sqrt(draws))


@pytest.mark.parametrize("key", PERSON_FACTORS)
def test_an_answer_of_the_person_moves_the_hazard_as_its_prior_points(key: str) -> None:
    no, yes = (describe(Runner(about=((key, value),)), WORLDS).told for value in (0.0, 1.0))
    halved = 0.5 if key == "family_history" else 1.0  # beside the prone class, which it partly is (its prior's note)
    assert (yes - no).mean() == pytest.approx(halved * priors()[key].mean, abs=noise(key, WORLDS.draws))


@pytest.mark.parametrize("key", sorted(TOLD_ONLY))
def test_an_answer_of_the_run_moves_the_hazard_as_its_prior_points(key: str) -> None:
    no, yes = (hazard_of(Runner(about=((key, value),))) for value in (0.0, 1.0))
    np.testing.assert_allclose(yes.exposure.covariates[key] - no.exposure.covariates[key], 1.0)
    moved = np.log(yes.increments[-1] / no.increments[-1])
    assert moved.mean() == pytest.approx(priors()[key].mean, abs=noise(key, moved.size))


def test_thirty_grams_of_carbohydrate_an_hour_are_one_unit_of_its_prior() -> None:
    """The prior P33 counts 30 g/h; here 20 and 35 g over half an hour, 40 and 70 g/h."""
    less, more = (
        hazard_of(Runner(), Intake(carbohydrate_g=g)).exposure.covariates["carbohydrate"] for g in (20.0, 35.0)
    )
    np.testing.assert_allclose(more - less, 1.0, rtol=1e-3)


def test_every_factor_has_a_prior_a_family_and_words_and_no_words_are_left_over() -> None:
    """A factor without words ends in front of the runner as a defect, and words without a factor are never read."""
    keys = [factor.key for factor in FACTORS]
    assert len(set(keys)) == len(keys)
    assert set(SEEN) == set(keys)
    assert {factor.family for factor in FACTORS} == set(FAMILIES)
    assert set(keys) >= TOLD_ONLY
    for key in keys:
        assert priors()[key].label
        assert "5" in seen(key, np.full(3, 5.0 / SEEN[key][0]))
    for key in PERSON_FACTORS:
        assert priors()[key].label
        assert f"field_{key}" in parameters("risk")
