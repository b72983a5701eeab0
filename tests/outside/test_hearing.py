"""The ear on questions and texts of danger written by another hand, who saw neither phrases nor code.

``hearing/`` holds the half that the ear was developed on, ``hearing_kept/`` the half that was opened once, when it was
done. What either gives may only rise; docs/hearing.md shows both.
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
    "heard at their level": 0.99,
    "heard or asked": 0.99,
    "only the screen can tell: asked": 0.99,
}
AT_MOST = {
    "one idea, cut into several": 0.10,
    "worst kind: neither heard nor asked": 0.0,
    "harmless: false alarms (urgent or more)": 0.01,
    "harmless: screen questions": 0.04,
}
KEPT = Path(__file__).parent / "hearing_kept"
KEPT_AT_LEAST = {"right first": 0.82, "right among three": 0.92, "heard at their level": 0.76, "heard or asked": 0.82}
KEPT_AT_MOST = {"worst kind: neither heard nor asked": 0.102, "harmless: false alarms (urgent or more)": 0.128}
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


def test_what_the_kept_half_gave_may_only_rise(measured):
    module, _ = measured
    tally = module.measured(KEPT)
    for figure, least in KEPT_AT_LEAST.items():
        assert tally.hits[figure] / tally.all[figure] >= least, tally.shown(figure)
    for figure, most in KEPT_AT_MOST.items():
        assert tally.hits[figure] / tally.all[figure] <= most, tally.shown(figure)


def test_no_wording_of_the_test_set_was_copied_into_the_phrases(measured):
    module, tally = measured
    assert tally.all["right first, content words of a phrase"] <= COPIED
    phrases = {phrase.lower() for row in load("hearing/phrases").values() for phrase in row["phrases"]}
    rows = module.tomllib.loads((OPEN / "questions.toml").read_text(encoding="utf-8"))["q"]
    assert [
        row["text"] for row in rows if row["text"].lower().rstrip("?") in phrases and len(content(row["text"])) > 3
    ] == []
