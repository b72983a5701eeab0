"""docs/second-neuron.md stands as it is made from the values that were kept, and those are what the pool gives now."""

from __future__ import annotations

import json

import pytest
import second_neuron

KEPT = json.loads(second_neuron.KEPT.read_text(encoding="utf-8"))


def test_the_page_is_current():
    assert second_neuron.PAGE.read_text(encoding="utf-8") == second_neuron.page(KEPT), (
        "run: python scripts/second_neuron.py --pages"
    )


@pytest.mark.parametrize(("less_hz", "goes_on"), [(0.0, True), (2.0, False)])
def test_the_kept_threshold_of_the_other_pool_is_the_one_that_it_has(less_hz, goes_on):
    pytest.importorskip("numba")
    hz = KEPT["other"]["threshold"] - less_hz
    assert second_neuron.goes_on(second_neuron.other, hz, second_neuron.Way()) is goes_on
