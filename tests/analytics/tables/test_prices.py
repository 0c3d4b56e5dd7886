"""A product's prices over time, by hand."""

from __future__ import annotations

from analytics import lines
from analytics.tables import prices
from tests.analytics.tables.made_shops import daily


def test_price_history_by_hand() -> None:
    data = daily({"a": [0, 1, 40], "b": [2]})
    rows = prices.history(prices.months(data, lines.history(data)), "EUR")
    assert rows.select("label", "price", "units").rows() == [("Jan 2024", 10.0, 3)]  # February is not over
