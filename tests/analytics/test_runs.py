"""Runs of equal values equal itertools' groups; days and months are written as people read them."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.dates import day_text, month_text, short_day_text
from analytics.runs import first_rows, run_starts, run_sums


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(10**12), 10**12)), max_size=30))
def test_runs_are_groups_of_equal_neighbours(rows: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in rows], np.uint32)
    values = np.array([value for _, value in rows], np.int64)
    groups = [list(group) for _, group in groupby(range(len(rows)), key=lambda n: rows[n][0])]
    firsts = first_rows(keys)
    assert firsts.tolist() == [group[0] for group in groups]
    assert np.flatnonzero(run_starts(keys)).tolist() == firsts.tolist()
    assert run_sums(values, firsts).tolist() == [sum(rows[n][1] for n in group) for group in groups]


def test_days_and_months_in_words() -> None:
    day = date(2024, 3, 5)
    assert (day_text(day), short_day_text(day), month_text(day)) == ("5 Mar 2024", "5 Mar", "Mar 2024")
