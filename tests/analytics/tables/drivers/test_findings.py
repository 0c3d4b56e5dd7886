"""What stands out moved unlike a rest; where the base has none, nothing does."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from analytics import lines
from analytics.filters import Filters, where
from analytics.periods import Comparison, Period
from analytics.tables.drivers import contributions as contributions_tables
from analytics.tables.drivers import findings as finding_tables
from data.building.layout import Tables, build

FIRST = date(2024, 1, 1)


def found(**members: list[str]) -> list[str]:
    """Members that stand out between two halves of 120 days; `New` is sold in the later one only."""
    rows = [
        {"order_id": f"{n:03d}", "ordered_on": FIRST + timedelta(n % 120), "customer_id": f"c{n % 50}",
         "product_id": kind, "product": kind, "category": kind, "country": ("France", "Spain")[n % 7 < 4],
         "quantity": 1, "revenue": 10_000}
        for n in range(960)
        for kind in (["Old", "New"] if n % 120 >= 60 else ["Old"])
    ]  # fmt: skip
    data = build(Tables(pl.DataFrame(rows)), name="x", title="x", currency="EUR").dataset()
    base, now = Period(FIRST, FIRST + timedelta(59)), Period(FIRST + timedelta(60), FIRST + timedelta(119))
    filters = Filters(now, Comparison("custom", base), where(members))
    keys = [(name,) for name in contributions_tables.candidates(data, filters)]
    squares = lines.squares(data, filters, keys, lines.Worth(("revenue",)))
    tables = contributions_tables.contributions(squares, keys, "revenue")
    return [member for mover in finding_tables.findings(data, tables) for member in mover.members]


def test_a_new_member_stands_out_beside_those_that_were_there() -> None:
    assert found()[0] == "New"


def test_nothing_stands_out_where_nothing_was_sold_before() -> None:
    """Each country was once new, and made a part of the whole change."""
    assert found(category=["New"]) == []
