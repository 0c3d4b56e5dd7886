"""Rows that add up others are proved each time: a line that only looks like one stays."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.terms.shaping import Reshaping, shaped, summed
from data.terms.sums import proved

SHAPE = Reshaping(sums=("Day", "Item"), sum_of=("Amount", "1.234,56"), fill_down=("Day",))


def _table(*rows: tuple[str | None, str | None, str]) -> pl.LazyFrame:
    schema = dict.fromkeys(("Day", "Item", "Amount"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index("row", offset=2).lazy()


def _kept(frame: pl.LazyFrame, shape: Reshaping = SHAPE) -> list[tuple[int, str | None]]:
    return shaped(frame, shape, "row").select("row", "Day").collect().rows()


def test_sums_go_and_what_is_none_stays_without_a_day() -> None:
    frame = _table(
        ("d1", "Cup", "1.000,50"), (None, "Pot", "2,00"), (None, None, "1.002,50"), ("d2", "Cup", "3,00"),
        (None, None, "77,00"),
    )  # fmt: skip
    assert _kept(frame) == [(2, "d1"), (3, "d1"), (5, "d2"), (6, None)]
    assert summed(frame, SHAPE, "row").collect()["row"].to_list() == [4]


def test_sums_of_sums_and_sums_above_their_rows() -> None:
    below = [
        ("d1", "Cup", "1,00"),
        (None, None, "1,00"),
        ("d2", "Pot", "4,00"),
        (None, None, "4,00"),
        (None, None, "5,00"),
    ]
    assert [row for row, _ in _kept(_table(*below))] == [2, 4]
    assert [row for row, _ in _kept(_table(*below[::-1]))] == [4, 6]


def test_parts_of_a_shape_name_columns_as_the_file_does_or_as_the_recipe() -> None:
    frame = _table(("d1", "Cup", "1,00"), (None, None, "1,00")).rename({"Day": "Tag", "Item": "Artikel"})
    names = (("Tag", "Day"), ("Artikel", "Item"))
    for sums in (("Tag", "Artikel"), ("Day", "Item")):
        shape = Reshaping(names=names, sums=sums, sum_of=("Amount", "1.234,56"))
        assert [row for row, _ in _kept(frame, shape)] == [2]


def test_a_product_whose_name_begins_like_a_sum_is_sold() -> None:
    frame = _table(("d1", "Cup", "1,00"), ("d1", "Total", "1,00"), ("d2", "Total Care", "9,00"))
    shape = Reshaping(sum_words=("Item",), sum_of=("Amount", "1.234,56"))
    assert [row for row, _ in _kept(frame, shape)] == [2, 4]


CELLS = st.lists(st.tuples(st.sampled_from("lllso"), st.integers(1, 3)), max_size=14)


@given(CELLS)
def test_proved_equals_its_slow_twin(cells: list[tuple[str, int]]) -> None:
    kinds, values = [kind for kind, _ in cells], [float(value) for _, value in cells]

    def holds(n: int, order: range) -> bool:
        before = [m for m in order if (m < n) == (order.step > 0) and m != n]
        starts = [*(m for m in before if kinds[m] == "s"), None]
        for start in starts:
            lines = [m for m in before if kinds[m] == "l" and (start is None or (m > start) == (order.step > 0))]
            if lines and abs(sum(values[m] for m in lines) - values[n]) < 0.001:
                return True
        return False

    size = len(cells)
    expected = [
        kind == "s" and any(holds(n, order) for order in (range(size), range(size - 1, -1, -1)))
        for n, kind in enumerate(kinds)
    ]
    found = proved(
        np.array([k == "s" for k in kinds], bool), np.array(values), np.array([k == "o" for k in kinds], bool)
    )
    assert found.tolist() == expected


@pytest.mark.parametrize("size", [1, 7])
def test_a_marked_row_without_a_number_loses_nothing(size: int) -> None:
    marked = np.arange(size) == size - 1
    values = np.where(marked, np.nan, 1.0)
    assert proved(marked, values, np.zeros(size, bool)).tolist() == marked.tolist()
