"""Usual prices: equal to plain loops on random data, whatever way the lines are divided; bulk purchases left out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import lines
from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.lines.engine import Partition
from analytics.lines.shape import Cut
from analytics.lines.unit_prices import finish, merge, work
from data.building.layout import Tables, build
from tests import twins
from tests.random_data import datasets, views

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def middle(values: list[int]) -> int:
    """The lower median."""
    return sorted(values)[(len(values) - 1) // 2]


def twin(data: Dataset, filters: Filters) -> dict[tuple[str, date], tuple[int, int, int | None, int | None]]:
    """Product and month -> units, revenue, discount, usual price."""
    rows = [
        row
        for row in twins.lines_of(data)
        if filters.period.start <= row["day"] <= filters.period.end and twins.kept_row(row, filters.where)
    ]
    sizes, months = defaultdict(list), defaultdict(list)
    for row in rows:
        months[row["product"], row["day"].replace(day=1)].append(row)
        if row["quantity"] > 0 and row["revenue"] > 0:
            sizes[row["product"]].append(row["quantity"].bit_length())
    out = {}
    for (product, month), some in months.items():
        unit: list[Any] = [
            row["revenue"] // row["quantity"]
            for row in some
            if row["quantity"] > 0 and row["revenue"] > 0 and row["quantity"].bit_length() <= middle(sizes[product]) + 1
        ]
        out[product, month] = (
            sum(row["quantity"] for row in some),
            sum(row["revenue"] for row in some),
            sum(row["discount"] for row in some) if data.has("discount") else None,
            middle(unit) if unit else None,
        )
    return out


@given(st.data())
@SLOW
def test_usual_prices_equal_their_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, _ = drawn.draw(views(data))
    found = lines.unit_prices(data, filters)
    columns = ("product", "month", "units", "revenue", "discount", "price")
    got = {row[:2]: row[2:] for row in found.select(columns).rows()}
    assert len(got) == found.height
    assert got == twin(data, filters)
    height = data.lines.collect().height
    at = drawn.draw(st.integers(0, height))
    parts = (Partition(data, Cut(start, rows, True)) for start, rows in ((0, at), (at, height - at)))
    one, other = (work(part, filters) for part in parts)
    assert_frame_equal(finish(data, filters, merge(one, other)), found)
    assert_frame_equal(finish(data, filters, merge(other, one)), found)


def shop(rows: list[tuple[str, int, int]]) -> Dataset:
    """From (day, quantity, unit price in cents)."""
    table = pl.DataFrame(
        [
            {"order_id": f"{n:04d}", "ordered_on": date.fromisoformat(day), "customer_id": f"c{n}", "product_id": "a",
             "product": "a", "quantity": quantity, "revenue": quantity * cents * 100}
            for n, (day, quantity, cents) in enumerate(rows)
        ]
    )  # fmt: skip
    return build(Tables(table, None), name="x", title="x", currency="EUR").dataset()


def test_a_large_order_at_a_discount_is_no_change_of_price() -> None:
    usual = [(f"2024-0{month}-{day:02d}", 1, 1_000) for month in (1, 2, 3) for day in range(1, 6)]
    bulk = [("2024-02-10", 40, 700), ("2024-02-11", 40, 700), ("2024-03-20", 12, 800)]
    data = shop([*usual, *bulk, ("2024-04-01", 40, 700)])
    found = lines.unit_prices(data, lines.history(data))
    assert found["price"].to_list() == [100_000, 100_000, 100_000, None]  # in April nobody bought a usual quantity
    assert found["units"].to_list() == [5, 85, 17, 40]


def test_of_two_prices_in_a_month_the_one_paid_more_often_counts() -> None:
    data = shop([("2024-01-02", 1, 1_000), ("2024-01-05", 2, 900), ("2024-01-09", 1, 900), ("2024-01-30", 3, 900)])
    assert lines.unit_prices(data, lines.history(data))["price"].to_list() == [90_000]
