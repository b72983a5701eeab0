"""The network of the ear: it is read as it was fitted, and tells apart what a sum of words cannot."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from charley.advice.hearing import ear
from charley.advice.hearing.network import Network

ROOT = Path(__file__).resolve().parents[2]
TOLD = [["my", "heart", "stopped", "<.>"], ["the", "calf", "sank", "<.>"]]  # the same words, joined the other way:
HARMLESS = [["my", "heart", "sank", "<.>"], ["the", "calf", "stopped", "<.>"]]


@pytest.fixture(scope="module")
def fit():
    sys.path.insert(0, str(ROOT / "scripts"))
    spec = importlib.util.spec_from_file_location("fit_network", ROOT / "scripts" / "fit_network.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fit_network"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    sys.path.pop(0)
    return module


@pytest.fixture(scope="module")
def rows():
    levels = ("some", "urgent", "emergency")
    tokens = [[words] for words in (*TOLD, *HARMLESS)] * 400
    return [("", levels if at % 4 < 2 else ()) for at in range(len(tokens))], tokens


def test_windows_tell_apart_what_the_same_words_say_in_another_order(fit, rows):
    learnt = Network(fit.fitted(*rows, [1.0] * len(rows[1]), "none"))
    told = [learnt.scores([learnt.see(words)])["urgent"] for words in TOLD]
    harmless = [learnt.scores([learnt.see(words)])["urgent"] for words in HARMLESS]
    assert min(told) > 0 > max(harmless)


def test_what_is_read_at_run_time_scores_as_what_was_fitted(fit, rows):
    """To the width of a step of the rows, which are kept as whole numbers."""
    names, model = fit.fit(*rows, [1.0] * len(rows[1]))
    learnt = Network(fit.fitted(*rows, [1.0] * len(rows[1]), "none"))
    text = [["my", "heart", "stopped", "and", "sank", "<.>"], ["the", "calf", "<?>"]]
    place = {name: at for at, name in enumerate(names)}
    one = fit.Text(fit.numbered([text], place)[0], (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    expected = model.run(fit.batch([one]), learning=False)[0][0]
    scores = learnt.scores([learnt.see(words) for words in text])
    assert list(scores.values()) == pytest.approx(expected, abs=0.1)


def test_the_slope_is_that_of_the_loss(fit):
    """Against differences of the loss (central, 1e-4 to each side), with nothing dropped."""
    drawn = np.random.default_rng(1)
    model = fit.Model(6, 3, drawn)
    model._kept = lambda shape, learning, share=0.0: np.ones(shape)
    model.weights = {name: value.astype(np.float64) for name, value in model.weights.items()}
    texts = [
        fit.Text(((1, 2, 3), (4,)), (1.0, 0.0, 1.0), (2.0, 2.0, 0.5)),
        fit.Text(((5, 2, 1, 1, 3, 4),), (0.0, 1.0, 0.0), (1.0, 1.0, 0.0)),
    ]
    of = fit.batch(texts)
    model.drawn = type("Never", (), {"random": lambda self, shape: np.ones(shape)})()

    def loss():
        out = model.run(of, learning=False)[0]
        each = np.log1p(np.exp(out)) - of.holds * out
        return float((each * of.weights).sum() / out.size)

    _, slopes = model.run(of, learning=True)
    for name, value in model.weights.items():
        slope = np.zeros_like(value)
        slope[slopes[name][0]] = slopes[name][1]
        for at in drawn.integers(0, value.size, 6):
            place = np.unravel_index(at, value.shape)
            kept = value[place]
            value[place] = kept + 1e-4
            more = loss()
            value[place] = kept - 1e-4
            less = loss()
            value[place] = kept
            assert slope[place] == pytest.approx((more - less) / 2e-4, abs=2e-5), (name, place)


def test_a_text_of_no_words_has_a_score():
    assert set(ear._network().scores([ear._network().see([])])) == {"some", "urgent", "emergency"}
