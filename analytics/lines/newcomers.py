"""`newcomers`: the revenue of new and of returning customers in a period as a whole."""

from __future__ import annotations

from operator import add
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.filters import Filters, Where, between
from analytics.lines.axes import day_number
from analytics.lines.engine import Partition, Reduction
from analytics.lines.requests import BUYERS
from analytics.lines.shape import shape
from analytics.periods import Period

Array = NDArray[Any]


def newcomers(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per kind of BUYERS: buyer (Enum), revenue, revenue_base (Int64, ten-thousandths; null without a base).

    New are customers whose first purchase ever falls inside the period, on any of its days; in the base, inside the
    base. No time step has a part in it, and every line of both counts.
    """
    return NEWCOMERS(data, filters)


def _work(partition: Partition, filters: Filters) -> Array:
    """Revenue by period and kind of buyer."""
    periods = (filters.period, filters.base)
    return np.array(
        [_revenue(partition, filters.where, period) if period else [0, 0, 0] for period in periods], np.int64
    )


def _revenue(partition: Partition, where: Where, period: Period) -> list[int]:
    customer, revenue = partition.columns(("customer", "revenue"), where, between(period))
    if not partition.cut.known:
        return [0, 0, int(revenue.sum())]
    new = int(revenue[shape(partition.data).first_on[customer] >= day_number(period.start)].sum())
    return [new, int(revenue.sum()) - new, 0]


def _finish(_data: Dataset, filters: Filters, sums: Array) -> pl.DataFrame:
    base = pl.Series("revenue_base", sums[1] if filters.base else [None] * len(BUYERS), pl.Int64)
    return pl.DataFrame([pl.Series("buyer", BUYERS, pl.Enum(BUYERS)), pl.Series("revenue", sums[0]), base])


NEWCOMERS: Reduction[Filters, Array, pl.DataFrame] = Reduction(_work, add, _finish)
