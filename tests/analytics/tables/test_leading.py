"""The first rows by a column are those of a table that is sorted as a whole."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics.tables.leading import leading
from tests.random_data import examples

WHOLE = st.integers(-3, 3)
DECIMAL = st.sampled_from((-1.5, 0.0, 0.1, 0.3, 2.5))


@examples(100)
@given(st.one_of(st.lists(WHOLE, max_size=30), st.lists(DECIMAL, max_size=30)), st.integers(1, 12))
def test_leading_rows_are_those_of_the_sorted_table(values: list[float], most: int) -> None:
    rows = pl.DataFrame(
        {"customer": range(len(values)), "value": pl.Series(values, dtype=None if values else pl.Int64)}
    )
    expected = rows.sort("value", "customer", descending=[True, False]).head(most)
    assert_frame_equal(leading(rows, "value", most), expected)
