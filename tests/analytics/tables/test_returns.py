"""Returns tie to the rows that came back."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.dataset import MONEY_SCALE
from analytics.tables import returns as return_tables
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
