"""Returns of a view: a small table, dated by the return, with the dimensions that its source gives."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.filters import Where, between
from analytics.lines.axes import Axis, Clock, size_of
from analytics.lines.conditions import kept
from analytics.lines.requests import BUCKET, DAY, WEEKDAY

Array = NDArray[Any]


class Returns:
    """The returns of one period under one filter."""

    def __init__(self, data: Dataset, where: Where, clock: Clock) -> None:
        self.data, self.clock = data, clock
        self.carried = frozenset(data.returns.columns if data.returns is not None else ())
        self.told = data.returns is not None and all(name in self.carried for name, _ in where)
        if data.returns is not None and self.told:
            frame = data.returns.lazy().filter(between(clock.period))
            condition = kept(where, data.members)
            self.frame = (frame if condition is None else frame.filter(condition)).collect()

    def by(self, request: tuple[Axis, ...]) -> tuple[Array, Array, Array] | None:
        """Rows, units and amount by the request's key; None where the returns do not carry a dimension of the view.

        A return that lacks the dimension's value counts only where nothing is asked of that dimension.
        """
        named = {one.name for one in request} - {BUCKET, DAY, WEEKDAY}
        if not self.told or not named <= self.carried:
            return None
        key, told = np.zeros(self.frame.height, np.intp), np.ones(self.frame.height, np.bool_)
        for one in request:
            codes = self._codes(one)
            if codes.dtype.kind == "i":
                told &= codes >= 0
            key *= one.size
            key += codes
        size = size_of(request)
        units, amount = self._units, self._amount
        if not told.all():
            key, units, amount = key[told], units[told], amount[told]
        out = np.zeros((3, size), np.int64)
        np.add.at(out[0], key, 1)
        np.add.at(out[1], key, units)
        np.add.at(out[2], key, amount)
        return out[0], out[1], out[2]

    @cached_property
    def _units(self) -> Array:
        return self.frame["quantity"].cast(pl.Int64).to_numpy()

    @cached_property
    def _amount(self) -> Array:
        return self.frame["amount"].to_numpy()

    def _codes(self, one: Axis) -> Array:
        """The code of each return, -1 where it is not given."""
        if one.name in (BUCKET, DAY, WEEKDAY):
            since = self.frame[DAY].to_physical().to_numpy() - np.int32(self.clock.start)
            return (
                since if one.name == DAY else (self.clock.bucket if one.name == BUCKET else self.clock.weekday)[since]
            )
        column = self.frame[one.name].to_physical()
        codes = column.cast(pl.Int64).fill_null(-1).to_numpy() if column.null_count() else column.to_numpy()
        if one.name in self.data.segments and self._nobody is not None:
            return np.where(self._nobody, one.size - 1, codes.astype(np.intp))
        return codes

    @cached_property
    def _nobody(self) -> Array | None:
        """Marks of the returns that no customer brought; None where there is no such return or it is not told."""
        found = (self.frame["customer"] == NO_CUSTOMER).to_numpy() if "customer" in self.carried else np.zeros(0)
        return found if found.any() else None
