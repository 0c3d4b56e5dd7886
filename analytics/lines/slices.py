"""`Slice`: some lines read once for all views of a page, and which of them each view keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.filters import Where, between
from analytics.lines.axes import day_number
from analytics.lines.conditions import kept
from analytics.lines.requests import DAY
from analytics.lines.shape import Cut
from analytics.periods import Period

Array = NDArray[Any]

Test = Period | tuple[str, tuple[str, ...]]
"""What a line is kept by: its day lies in a period, or its member of a dimension is one of some."""


def tests_of(data: Dataset, where: Where, period: Period) -> tuple[Test, ...]:
    """The tests of a view; none for a period that keeps every line."""
    whole = period.start <= data.first_day and period.end >= data.last_day
    return where if whole else (*where, period)


class Slice:
    """The lines of a cut as arrays, those of a scanned dataset without the ones that no view keeps."""

    def __init__(self, data: Dataset, cut: Cut, columns: Iterable[str], views: Sequence[tuple[Test, ...]]) -> None:
        self._members = data.members
        names = {DAY, *columns} | {test[0] for tests in views for test in tests if not isinstance(test, Period)}
        lines = data.lines.slice(cut.start, cut.rows)
        if not data.held and all(views):
            lines = lines.filter(reduce(or_, (_condition(data, tests) for tests in views)))
        frame = lines.select(pl.col(sorted(names)).to_physical()).collect(engine="in-memory")
        self._columns = {name: frame[name].to_numpy() for name in frame.columns}
        self._marks: dict[Test, Array] = {}

    def columns(self, names: Sequence[str], tests: tuple[Test, ...]) -> dict[str, Array]:
        """Some columns of the lines that pass all tests."""
        if not tests:
            return {name: self._columns[name] for name in names}
        rows = np.flatnonzero(reduce(and_, map(self._passing, tests)))
        return {name: self._columns[name][rows] for name in names}

    def _passing(self, test: Test) -> Array:
        """Marks of the lines that pass a test; views that share it share them."""
        found = self._marks.get(test)
        if found is None:
            found = self._marks[test] = self._passed(test)
        return found

    def _passed(self, test: Test) -> Array:
        if isinstance(test, Period):
            day = self._columns[DAY]
            return (day >= day_number(test.start)) & (day <= day_number(test.end))
        name, values = test
        chosen = frozenset(values)
        keeps = np.array([member in chosen for member in self._members[name]], np.bool_)
        column, codes = self._columns[name], np.flatnonzero(keeps)
        # One code is compared with, which is faster than looking each line's up.
        return np.asarray(column == codes[0] if codes.size == 1 else keeps[column])


def _condition(data: Dataset, tests: tuple[Test, ...]) -> pl.Expr:
    """The same tests, of which there is at least one, as an expression."""
    parts = [between(test) if isinstance(test, Period) else kept((test,), data.members) for test in tests]
    return reduce(and_, [part for part in parts if part is not None])
