"""Returns of a view: a small table, dated by the return, with the dimensions that its source gives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.filters import Where
from analytics.lines.axes import Axis, Clock, size_of
from analytics.lines.requests import BUCKET, DAY, WEEKDAY
from analytics.lines.shape import Shape

Array = NDArray[Any]


class Returns:
    """The returns of one period under one filter."""

    def __init__(self, data: Dataset, known: Shape, where: Where, clock: Clock) -> None:
        self.data, self.clock, self._columns = data, clock, known.returns
        self.told = data.returns is not None and all(name in self._columns for name, _ in where)
        if self.told:
            day = self._columns[DAY]
            inside = (day >= clock.start) & (day <= clock.end)
            for name, values in where:
                chosen = frozenset(values)
                # The last one stands for -1, a member that is not given.
                keeps = np.array([*(member in chosen for member in data.members[name]), False], np.bool_)
                inside &= keeps[self._columns[name]]
            self._rows = np.flatnonzero(inside)

    def by(self, request: tuple[Axis, ...]) -> tuple[Array, Array, Array] | None:
        """Rows, units and amount by the request's key; None where the returns do not carry a dimension of the view.

        A return that lacks the dimension's value counts only where nothing is asked of that dimension.
        """
        named = {one.name for one in request} - {BUCKET, DAY, WEEKDAY}
        if not self.told or not named <= self._columns.keys():
            return None
        key, told = np.zeros(self._rows.size, np.intp), np.ones(self._rows.size, np.bool_)
        for one in request:
            codes = self._codes(one)
            told &= codes >= 0
            key *= one.size
            key += codes
        units, amount = self._column("quantity"), self._column("amount")
        if not told.all():
            key, units, amount = key[told], units[told], amount[told]
        out = np.zeros((3, size_of(request)), np.int64)
        np.add.at(out[0], key, 1)
        np.add.at(out[1], key, units)
        np.add.at(out[2], key, amount)
        return out[0], out[1], out[2]

    def _column(self, name: str) -> Array:
        return self._columns[name][self._rows]

    def _codes(self, one: Axis) -> Array:
        """The code of each return, -1 where it is not given."""
        if one.name in (BUCKET, DAY, WEEKDAY):
            since = self._column(DAY) - self.clock.start
            return (
                since if one.name == DAY else (self.clock.bucket if one.name == BUCKET else self.clock.weekday)[since]
            )
        codes = self._column(one.name)
        if one.name in self.data.segments and "customer" in self._columns:
            return np.where(self._column("customer") == NO_CUSTOMER, one.size - 1, codes)
        return codes
