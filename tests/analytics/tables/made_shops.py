"""Small shops made by hand: sales by the day, and years with a season and targets."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from analytics.dataset import MONEY_SCALE, Dataset
from data.building.layout import Tables, build


def seasonal(months: int = 40) -> Dataset:
    """Two products in three countries, with half as much again in each December, and targets of 2025."""
    rows = []
    for n in range(months):
        year, month = 2022 + n // 12, n % 12 + 1
        for name, country, share in (("a", "France", 3), ("b", "Spain", 2), ("b", "Italy", 1)):
            for day in (3, 17, 25):
                money = share * (100 + n) * (1.5 if month == 12 else 1.0)
                rows.append(
                    {"order_id": f"{n}-{country}-{day}", "ordered_on": date(year, month, day), "customer_id": country,
                     "product_id": name, "product": name, "country": country, "quantity": 1,
                     "revenue": round(money * MONEY_SCALE)}
                )  # fmt: skip
    return build(Tables(pl.DataFrame(rows), None, targets=_targets()), name="x", title="x", currency="EUR").dataset()


def _targets() -> pl.DataFrame:
    rows = [(date(2025, month, 1), "France", 1_000 * MONEY_SCALE) for month in range(1, 13)]
    rows += [(date(2025, month, 1), None, 9_999 * MONEY_SCALE) for month in (1, 2)]
    return pl.DataFrame(rows, schema={"month": pl.Date, "country": pl.String, "revenue": pl.Int64}, orient="row")


def daily(days: dict[str, list[int]], start: date = date(2024, 1, 1), customers: int = 7) -> Dataset:
    """Product -> days since the start on which one was sold, at 10 each, to each of so many customers in turn."""
    rows = [
        {"order_id": f"{name}{day:04d}", "ordered_on": start + timedelta(day),
         "customer_id": f"c{day % customers}", "product_id": name, "product": name, "quantity": 1, "revenue": 100_000}
        for name, some in days.items() for day in some
    ]  # fmt: skip
    return build(Tables(pl.DataFrame(rows), None), name="x", title="x", currency="EUR").dataset()
