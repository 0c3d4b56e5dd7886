"""Returns of a view: a small table, dated by the return, with the dimensions that its source gives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.dataset import NOT_RECORDED, Dataset
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
                # Returns of nobody have the code after the members' and are kept like nobody's lines; the last one
                # stands for -1, a member that is not given.
                of_nobody = NOT_RECORDED in chosen
                keeps = np.array([*(member in chosen for member in data.members[name]), of_nobody, False], np.bool_)
                inside &= keeps[self._columns[name]]
            self._rows = slice(None) if inside.all() else np.flatnonzero(inside)
            self._read: dict[str, Array] = {}
            self._times: dict[str, Array] = {}

    def by(self, request: tuple[Axis, ...]) -> tuple[Array, Array, Array] | None:
        """Rows, units and amount by the request's key; None where the returns do not carry a dimension of the view.

        A return that lacks the dimension's value counts only where nothing is asked of that dimension.
        """
        from analytics.lines import kernels

        named = {one.name for one in request} - {BUCKET, DAY, WEEKDAY}
        if not self.told or not named <= self._columns.keys():
            return None
        units = self._column("quantity")
        key = np.zeros(units.size, np.int64)
        for n, one in enumerate(request):
            code = self._codes(one)
            key = code if n == 0 else np.where((key < 0) | (code < 0), -1, key * one.size + code)
        out = np.zeros((size_of(request), 3), np.int64)
        kernels.add_returns(key, units, self._column("amount"), out)
        return out[:, 0], out[:, 1], out[:, 2]

    def _column(self, name: str) -> Array:
        if name not in self._read:
            self._read[name] = self._columns[name][self._rows].astype(np.int64)
        return self._read[name]

    def _codes(self, one: Axis) -> Array:
        """The code of each return, -1 where it is not given."""
        if one.name not in (BUCKET, DAY, WEEKDAY):
            return self._column(one.name)
        if one.name not in self._times:
            self._times[one.name] = self.clock.codes(one.name)[self._column(DAY) - self.clock.start].astype(np.int64)
        return self._times[one.name]
