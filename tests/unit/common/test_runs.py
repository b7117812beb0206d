"""Runs of a row asked for at once, and what of a row is there once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from common.runs import each_once, spread


def test_runs_are_spread_one_after_the_other() -> None:
    assert spread(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]


@given(st.lists(st.integers(0, (1 << 64) - 1)))
def test_each_value_is_there_once_in_order(values: list[int]) -> None:
    assert each_once(np.array(values, np.uint64)).tolist() == sorted({*values})
