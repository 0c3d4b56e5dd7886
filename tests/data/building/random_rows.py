"""Random order lines, whose few values repeat under several parents, and the dataset that they become."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from analytics.dataset import NOT_RECORDED
from data.building.layout import Prepared, Tables, build

Row = dict[str, Any]

# Few values, so that names repeat under several parents, and some that look like labels made by the layout.
NAMES = st.sampled_from(["A", "a", "B", "A · B", "A · #1", NOT_RECORDED, None])
IDS = st.sampled_from(["1", "2", "3", "01", "A"])

ROW = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from([f"O{number}" for number in range(8)]),
        "ordered_on": st.integers(0, 3).map(lambda days: date(2024, 2, 27) + timedelta(days)),
        "customer_id": st.one_of(st.none(), IDS),
        "product_id": IDS,
        "product": NAMES,
        "category": NAMES,
        "subcategory": NAMES,
        "continent": NAMES,
        "country": NAMES,
        "channel": NAMES,
        "quantity": st.integers(1, 40_000),
        "revenue": st.integers(-(10**12), 10**12),
        "cost": st.integers(0, 10**12),
    }
)
SCHEMA = {
    **dict.fromkeys(
        (
            "order_id",
            "customer_id",
            "product_id",
            "product",
            "category",
            "subcategory",
            "continent",
            "country",
            "channel",
        ),
        pl.String,
    ),
    "ordered_on": pl.Date,
    "quantity": pl.Int64,
    "revenue": pl.Int64,
    "cost": pl.Int64,
}
CUSTOMERS = pl.DataFrame(
    {
        "customer_id": ["1", "2", "9"],
        "name": ["Ada", None, "Ola"],
        "age": ["10", "9", None],
        "channel": ["x", "y", "z"],
        "region": ["n", None, "s"],
    }
)


def built(rows: list[Row], *, split_days: bool = False, **tables: Any) -> Prepared:
    lines = pl.DataFrame(rows, schema=SCHEMA)
    return build(Tables(lines=lines, **tables), name="random", title="Random", currency="EUR", split_days=split_days)


ROWS = st.lists(ROW, min_size=1, max_size=30)
