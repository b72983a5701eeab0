"""The median without a sort. Oracle: ``numpy.median``."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.vocabulary.arrays import middle


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_middle_is_the_median(values: list[float]) -> None:
    assert middle(np.array(values)) == np.median(values)


@pytest.mark.parametrize("values", [[], [np.nan], [1.0, np.nan, 2.0], [np.nan, np.inf, -np.inf]])
def test_of_nothing_and_of_what_is_unknown_there_is_none(values: list[float]) -> None:
    assert np.isnan(middle(np.array(values)))
