"""What a person tells moves the chance the way in which the prior's mean points, and in the prior's unit."""

from __future__ import annotations

import numpy as np
import pytest

from career_world import made_run
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import Simulated, simulate
from charley.api.about import check, tellable
from charley.evidence import factors, priors
from charley.faces.cli.main import run
from charley.risk.hazard import RunHazard
from charley.risk.person import describe
from charley.vocabulary.errors import UsageError
from charley.vocabulary.runner import Intake, Runner
from risk_world import worlds

RUN = made_run(0, 1800, 3.4)  # half an hour, the same seed: what differs is the answer alone
WORLDS = worlds(2000, "either")


def lived_by(runner: Runner, intake: Intake | None = None) -> Simulated:
    return simulate(Question(RUN, None, runner, intake=intake or Intake(), effort="race", draws=200))


def hazard_of(runner: Runner) -> RunHazard:
    return lived_by(runner).hazard


def noise(key: str, draws: int) -> float:
    """Four standard errors of a mean over so many draws."""
    return float(4 * priors()[key].sd / np.sqrt(draws))


@pytest.mark.parametrize("key", factors("person"))
def test_an_answer_of_the_person_moves_the_hazard_as_its_prior_points(key: str) -> None:
    """One more unit of the prior, from where an answer begins to count."""
    factor = factors("person")[key].factor
    assert factor is not None
    no, yes = (describe(Runner(about=((key, factor.above + n * factor.per),)), WORLDS).told for n in (0, 1))
    halved = 0.5 if key == "family_history" else 1.0  # beside the prone class, which it partly is (its prior's note)
    assert (yes - no).mean() == pytest.approx(halved * priors()[key].mean, abs=noise(key, WORLDS.draws))


@pytest.mark.parametrize("key", factors("told"))
def test_an_answer_of_the_run_moves_the_hazard_as_its_prior_points(key: str) -> None:
    no, yes = (hazard_of(Runner(about=((key, value),))) for value in (0.0, 1.0))
    np.testing.assert_allclose(yes.exposure.covariates[key] - no.exposure.covariates[key], 1.0)
    moved = np.log(yes.increments[-1] / no.increments[-1])
    assert moved.mean() == pytest.approx(priors()[key].mean, abs=noise(key, moved.size // yes.people))


def test_thirty_grams_of_carbohydrate_an_hour_are_one_unit_of_its_prior() -> None:
    """The prior P33 counts 30 g/h; here 20 and 35 g over half an hour, 40 and 70 g/h."""
    less, more = (lived_by(Runner(), Intake(carbohydrate_g=g)).lived.covariates["carbohydrate"] for g in (20.0, 35.0))
    np.testing.assert_allclose(more - less, 1.0, rtol=1e-3)


@pytest.mark.parametrize(
    ("about", "of_run", "found"),
    [
        ([("moonphase", 1.0)], True, "unknown key"),
        ([("load_jump", 1.0)], True, "unknown key"),  # a prior, but none that a person tells
        ([("pace_excess", 9.0)], True, "unknown key"),  # computed from the run
        ([("bmi", 25.0)], True, "--mass and --height"),
        ([("male", 1.0)], True, "--sex"),
        ([("statin", 1.0), ("statin", 0.0)], True, "told twice"),
        ([("statin", 7.0)], True, "yes or no"),
        ([("run_years", float("nan"))], True, "0 to 80"),
        ([("forefoot", 1.0)], False, "about one run"),
    ],
)
def test_an_answer_that_would_be_passed_over_is_refused(
    about: list[tuple[str, float]], of_run: bool, found: str
) -> None:
    with pytest.raises(UsageError, match=found) as error:
        check(about, of_run=of_run)
    assert (error.value.code, error.value.where) == ("usage-value", "--about")
    check([("statin", 1.0), ("run_years", 12.0)], of_run=False)


@pytest.mark.parametrize(("verb", "of_run"), [("why", True), ("profile", False)])
def test_the_help_lists_the_keys_that_the_verb_uses(
    capsys: pytest.CaptureFixture[str], verb: str, of_run: bool
) -> None:
    assert run([verb, "--help"]) == 0
    said = capsys.readouterr().out
    said = " ".join(said.split("Keys of --about:")[1].split())
    for key, factor in tellable(of_run=True).items():
        assert (f"{key} {factor.about}" in said) == (of_run or factor.how == "person"), key
