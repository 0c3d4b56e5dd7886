"""`newcomers`: the revenue of new and of returning customers in a period as a whole."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.filters import Filters, between
from analytics.lines.axes import day_number
from analytics.lines.conditions import kept
from analytics.lines.requests import BUYERS
from analytics.lines.shape import Cut, Shape, shape
from analytics.periods import Period

Array = NDArray[Any]


def newcomers(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per kind of BUYERS: buyer (Enum), revenue, revenue_base (Int64, ten-thousandths; null without a base).

    New are customers whose first purchase ever falls inside the period, on any of its days; in the base, inside the
    base. No time step has a part in it, and every line of both counts.
    """
    known = shape(data)
    sums = {}
    for name, period in (("revenue", filters.period), ("revenue_base", filters.base)):
        if period:
            parts = [work(data, known, cut, filters, period) for cut in known.cuts]
            sums[name] = reduce(merge, parts, np.zeros(len(BUYERS), np.int64))
    return finish(sums)


def work(data: Dataset, known: Shape, cut: Cut, filters: Filters, period: Period) -> Array:
    """Revenue of one cut by kind of buyer."""
    condition, inside = kept(filters.where, data.members), between(period)
    frame = data.lines.slice(cut.start, cut.rows).filter(inside if condition is None else inside & condition)
    table = frame.select("customer", "revenue").collect()
    customer, revenue = table["customer"].to_numpy(), table["revenue"].to_numpy()
    if not cut.known:
        return np.array([0, 0, revenue.sum()], np.int64)
    new = int(revenue[known.first_on[customer] >= day_number(period.start)].sum())
    return np.array([new, int(revenue.sum()) - new, 0], np.int64)


def merge(first: Array, second: Array) -> Array:
    """Two cuts together."""
    return np.asarray(first + second)


def finish(sums: dict[str, Array]) -> pl.DataFrame:
    """The sums of both periods beside each other."""
    columns = [pl.Series(name, sums.get(name, [None] * len(BUYERS)), pl.Int64) for name in ("revenue", "revenue_base")]
    return pl.DataFrame([pl.Series("buyer", BUYERS, pl.Enum(BUYERS)), *columns])
