"""Returns tie to the rows that came back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import MONEY_SCALE, NOT_RECORDED
from analytics.filters import Filters, where
from analytics.tables import returns as return_tables
from data.building.layout import Tables, build
from tests import twins
from tests.random_data import datasets, examples, views


@given(st.data())
@examples(40)
def test_returns_tie_to_the_returns(draw: st.DataObject) -> None:
    data = draw.draw(datasets(returns=True))
    filters, _ = draw.draw(views(data))
    why = return_tables.missing(data, filters)
    if why or data.returns is None:
        with pytest.raises(ValueError, match=r"\w"):
            return_tables.returns(data, filters, "EUR")
        return
    found = return_tables.returns(data, filters, "EUR")
    mine = [
        row
        for row in data.returns.to_dicts()
        if filters.period.start <= row["day"] <= filters.period.end and twins.kept_row(row, filters.where)
    ]
    by_product: dict[str, int] = defaultdict(int)
    for row in mine:
        by_product[row["product"]] += row["quantity"]
    assert found.units == sum(by_product.values())
    assert found.amount == pytest.approx(sum(row["amount"] for row in mine) / MONEY_SCALE)
    shown = {row["member"]: row for row in found.products.to_dicts()}
    assert {name: row["returned"] for name, row in shown.items() if row["returned"]} == {
        name: units for name, units in by_product.items() if units
    }
    for row in shown.values():
        if row["rate"] is not None:
            assert row["low"] <= min(row["rate"], 1.0) <= row["high"]


def test_returns_of_nobody_are_kept_where_the_lines_of_nobody_are() -> None:
    """A filter on customers of whom an attribute is not recorded keeps what nobody bought, and once not what of it came
    back."""
    rows = [
        {"order_id": str(n), "ordered_on": date(2024, 5, n + 1), "customer_id": who, "product_id": "a", "product": "a",
         "quantity": 1, "revenue": 10_000}
        for n, who in enumerate([None, None, "c"])
    ]  # fmt: skip
    back = [row | {"returned_on": row["ordered_on"], "amount": 10_000} for row in (rows[0], rows[2])]
    people = pl.DataFrame({"customer_id": ["c"], "name": ["C"], "gender": ["F"]})
    tables = Tables(pl.DataFrame(rows), people, returns=pl.DataFrame(back).drop("ordered_on", "revenue"))
    data = build(tables, name="x", title="x", currency="EUR").dataset()
    every, whole = lines.history(data), lines.Totals()
    for members, sold, returned in (([NOT_RECORDED], 2, 1), (["F"], 1, 1), (["F", NOT_RECORDED], 3, 2)):
        filters = Filters(every.period, every.comparison, where({"gender": members}))
        found = lines.page(data, filters, [whole], grain="year")[whole]
        assert found.select("units", "returned_units").row(0) == (sold, returned)
