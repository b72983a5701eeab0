"""Median, quantiles and different values without the masked arrays. Oracle: what NumPy gives with them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.vocabulary.arrays import distinct, middle, quantiles


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_middle_is_the_median(values: list[float]) -> None:
    assert middle(np.array(values)) == np.median(values)


@pytest.mark.parametrize("values", [[], [np.nan], [1.0, np.nan, 2.0], [np.nan, np.inf, -np.inf]])
def test_of_nothing_and_of_what_is_unknown_there_is_none(values: list[float]) -> None:
    assert np.isnan(middle(np.array(values)))


LEVEL = st.floats(-1e6, 1e6)
ROWS = st.integers(1, 30).flatmap(lambda n: st.lists(st.lists(LEVEL, min_size=n, max_size=n), max_size=4))


@given(ROWS, st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_quantiles_are_those_of_numpy_to_the_digit(rows: list[list[float]], probabilities: list[float]) -> None:
    for values in ([np.array(rows)] if rows else []) + [np.array(row) for row in rows]:
        np.testing.assert_array_equal(quantiles(values, probabilities), np.quantile(values, probabilities, axis=-1))


def test_a_row_that_holds_what_is_unknown_has_no_quantile() -> None:
    values = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(quantiles(values, (0.0, 0.5)), [[np.nan, 1.0], [np.nan, 2.0]])


@given(st.lists(st.integers(-5, 5), max_size=40))
def test_each_different_value_comes_once_in_order(values: list[int]) -> None:
    np.testing.assert_array_equal(distinct(np.array(values, dtype=int)), np.unique(np.array(values, dtype=int)))
