"""`customers`: one row per known customer of a view."""

from __future__ import annotations

import polars as pl

from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.lines.passes import page
from analytics.lines.requests import CUSTOMER, Totals


def customers(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per known customer who bought in the view, by customer code.

    Columns: customer (UInt32), units, revenue (ten-thousandths), orders (Int64), last_day (Date: of the view's last
    order), and place (Enum): where that was, by country or the level there is.
    """
    request = Totals((CUSTOMER,), compared=False)
    return page(data, filters, [request], grain="year")[request]
