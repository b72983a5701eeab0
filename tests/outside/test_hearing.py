"""The ear on questions and texts of danger written by other hands, who saw neither phrases nor code.

``hearing/`` and ``hearing_kept/`` are two halves of one author's set, ``hearing_second/`` is of another author. All
have been read and learnt from since they were first met, so what they give here may only stay; docs/hearing.md tells
what they gave before.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from charley.advice.hearing.compile import content
from charley.advice.tables import load

ROOT = Path(__file__).resolve().parents[2]
OPEN = Path(__file__).parent / "hearing"
AT_LEAST = {
    "right first": 0.975,
    "right among three": 0.99,
    "off-topic: declined": 0.94,
    "heard at their level": 0.97,  # 1.0 before what was learnt weighed these less beside 16,000 other texts
    "heard or asked": 0.99,
    "only the screen can tell: asked": 0.99,
}
AT_MOST = {
    "one idea, cut into several": 0.10,
    "worst kind: neither heard nor asked": 0.0,
    "harmless: false alarms (urgent or more)": 0.01,
    "harmless: screen questions": 0.04,
}
OTHERS = {"hearing_kept": 4, "hearing_second": 4}  # of which every fourth row is tried
OTHERS_AT_LEAST = {"right first": 0.95, "right among three": 0.98, "off-topic: declined": 0.9, "heard or asked": 0.95}
OTHERS_AT_MOST = {"worst kind: neither heard nor asked": 0.0, "harmless: false alarms (urgent or more)": 0.11}
COPIED = 14  # wordings whose content words are those of a phrase, by chance; a jump is a leak


@pytest.fixture(scope="module")
def measured():
    spec = importlib.util.spec_from_file_location("measure_hearing", ROOT / "scripts" / "measure_hearing.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure_hearing"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module, module.measured(OPEN)


@pytest.mark.parametrize(("figure", "least"), AT_LEAST.items(), ids=AT_LEAST)
def test_what_is_right_stays_right(measured, figure, least):
    _, tally = measured
    assert tally.all[figure] > 0
    assert tally.hits[figure] / tally.all[figure] >= least, tally.shown(figure)


@pytest.mark.parametrize(("figure", "most"), AT_MOST.items(), ids=AT_MOST)
def test_what_is_wrong_stays_rare(measured, figure, most):
    _, tally = measured
    assert tally.all[figure] > 0
    assert tally.hits[figure] / tally.all[figure] <= most, tally.shown(figure)


@pytest.mark.parametrize("name", OTHERS)
def test_what_the_other_sets_give_stays(measured, name):
    module, _ = measured
    tally = module.measured(Path(__file__).parent / name, OTHERS[name])
    for figure, least in OTHERS_AT_LEAST.items():
        assert tally.hits[figure] / tally.all[figure] >= least, (figure, tally.shown(figure))
    for figure, most in OTHERS_AT_MOST.items():
        assert tally.hits[figure] / tally.all[figure] <= most, (figure, tally.shown(figure))


def test_no_wording_of_the_test_set_was_copied_into_the_phrases(measured):
    module, tally = measured
    assert tally.all["right first, content words of a phrase"] <= COPIED
    phrases = {phrase.lower() for row in load("hearing/phrases").values() for phrase in row["phrases"]}
    rows = module.tomllib.loads((OPEN / "questions.toml").read_text(encoding="utf-8"))["q"]
    assert [
        row["text"] for row in rows if row["text"].lower().rstrip("?") in phrases and len(content(row["text"])) > 3
    ] == []
