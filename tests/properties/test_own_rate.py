"""The runner's own rate beside the causes. Oracles: Bayes' rule run by run, and what must hold of any log."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.evidence.numbers.learning import LEARNING
from charley.inference.own_rate import own_rate

ANSWERS = st.lists(st.booleans(), max_size=12)


def chances(runs: int, seed: int = 0, draws: int = 400) -> np.ndarray:
    """Of each run under each draw of a prior: people differ tenfold, runs too."""
    rng = np.random.default_rng(seed)
    odds = np.exp(rng.normal(-3, 1, (runs, 1)) + rng.normal(0, 2, (1, draws)))
    return odds / (1 + odds)


@given(ANSWERS, st.integers(0, 5))
def test_the_weight_is_that_of_bayes_rule_run_by_run(answers, seed):
    p, y = chances(len(answers), seed), np.array(answers, dtype=bool)
    weight, draws, cramped = LEARNING.own_rate_weight, np.ones(p.shape[1]) / p.shape[1], 0
    found = own_rate(p, y)
    for n, came in enumerate(answers):
        assert found.weight[n] == pytest.approx(weight, abs=1e-9)
        alike = (cramped + found.strength * p[n].mean()) / (n + found.strength)
        by_causes = float(draws @ p[n])
        likelihood = [x if came else 1 - x for x in (alike, by_causes)]
        weight = weight * likelihood[0] / (weight * likelihood[0] + (1 - weight) * likelihood[1])
        draws = draws * (p[n] if came else 1 - p[n])
        draws /= draws.sum()
        cramped += came
    assert found.weight[len(answers)] == pytest.approx(weight, abs=1e-9)


def test_before_any_answer_both_say_the_same():
    found = own_rate(np.zeros((0, 400)), np.zeros(0, dtype=bool))
    by_causes = np.linspace(0, 0.4, 400)
    assert np.array_equal(found.pooled(by_causes, 0.2), by_causes)
    assert found.pooled_mean(0.2, 0.2) == pytest.approx(0.2)


@given(st.integers(1, 12), st.floats(0.001, 0.9))
def test_a_clean_log_never_raises_the_own_rate_and_a_cramped_one_never_lowers_it(runs, before):
    for came in (False, True):
        found = own_rate(chances(runs), np.full(runs, came))
        a, b = found.rate(before)
        assert (a / (a + b) >= before) == came


def test_cramps_where_studies_expect_none_are_foretold_by_the_own_rate():
    """Half of the runs cramp, all of them those of which studies say next to nothing."""
    p = chances(16)
    p[::2] = 0.002 + 0 * p[::2]
    found = own_rate(p, np.arange(16) % 2 == 0)
    assert found.weight[-1] > 0.99
    assert found.pooled_mean(0.002, 0.002) > 0.3


def test_the_draws_have_the_mean_that_is_told():
    found = own_rate(chances(8), np.array([1, 0, 1, 0, 0, 1, 0, 0], dtype=bool))
    by_causes = np.random.default_rng(2).beta(2, 8, 4000)
    told = found.pooled(by_causes, 0.1)
    assert told.mean() == pytest.approx(found.pooled_mean(float(by_causes.mean()), 0.1), abs=0.005)
    assert ((told >= 0) & (told <= 1)).all()


def test_two_kinds_of_muscle_have_draws_of_their_own():
    """Else a draw of many cramps in the calf would be one in the others too, and the range of any leg too wide."""
    found = own_rate(chances(8), np.array([1, 0, 1, 0, 0, 1, 0, 0], dtype=bool))
    by_causes = np.full(4000, 0.2)
    calf, other = found.pooled(by_causes, 0.1, 0), found.pooled(by_causes, 0.1, 1)
    assert abs(np.corrcoef(calf, other)[0, 1]) < 0.05
