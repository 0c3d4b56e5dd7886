"""`customers`: one row per known customer of a view."""

from __future__ import annotations

import polars as pl

from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.lines.passes import page
from analytics.lines.requests import CUSTOMER, Totals


def customers(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per known customer who bought in the view, by customer code.

    Columns: customer (UInt32), lines, units, revenue, orders (Int64), discount and cost (Int64, where the data has
    them), first_day and last_day of the view's purchases (Date), and place (Enum): where the last order was, by country
    or the level there is. Money is in ten-thousandths.
    """
    request = Totals((CUSTOMER,), compared=False)
    return page(data, filters, [request], grain="year")[request]
