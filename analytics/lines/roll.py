"""`Roll`: one row per customer, from blocks that several threads count."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.lines.axes import Axis
from analytics.lines.block import Block
from analytics.lines.requests import DAY

Array = NDArray[Any]


class Roll:
    """One row for each customer code of a dataset, filled as blocks are counted.

    A customer's lines lie in one block, so that several threads can write to one roll: none writes where another does.
    """

    def __init__(self, data: Dataset, place: Axis | None) -> None:
        self.data, self.place = data, place
        height = data.customers.height
        kinds = {"units": np.int64, "revenue": np.int64, "orders": np.int64, "last_day": np.int32}
        self.columns = {name: np.zeros(height, kind) for name, kind in kinds.items()}
        if self.place:
            self.columns["place"] = np.zeros(height, np.min_scalar_type(self.place.size))

    def add(self, block: Block, sums: dict[str, Array]) -> None:
        """Enter a block's customers: their sums, and their last order's day and place."""
        last = np.append(block.customer_first_orders[1:], block.order_starts.size) - 1
        found = sums | {"last_day": block.columns[DAY][block.order_starts[last]]}
        if self.place:
            found["place"] = block.order_codes(self.place)[last]
        for name, column in self.columns.items():
            column[block.customers] = found[name]

    def frame(self) -> pl.DataFrame:
        """One row per customer entered, see `lines.customers`."""
        codes = np.flatnonzero(self.columns["orders"])
        out = [pl.Series("customer", codes, pl.UInt32)]
        # Codes without a gap are a slice, which copies nothing.
        entered = slice(codes[0], codes[-1] + 1) if codes.size and codes[-1] - codes[0] + 1 == codes.size else codes
        for name, column in self.columns.items():
            values = column[entered]
            if name == "place" and self.place:
                enum = self.data.schema[self.place.name]
                width = pl.Series([], dtype=enum).to_physical().dtype
                out.append(pl.Series(name, values, width).cat.to(enum))
            elif name == "last_day":
                out.append(pl.Series(name, values, pl.Int32).cast(pl.Date))
            else:
                out.append(pl.Series(name, values, pl.Int64))
        return pl.DataFrame(out)
