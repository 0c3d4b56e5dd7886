"""ABC, matrix and life of products, by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters
from analytics.periods import Period, compare
from analytics.tables.products import abc as abc_tables
from analytics.tables.products import life
from analytics.tables.products import matrix as matrix_tables
from tests.analytics.tables.made_shops import daily


def items(revenue: dict[str, int], units: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        [{"product": n, "revenue": r * MONEY_SCALE, "units": units, "lines": 1} for n, r in revenue.items()]
    )


def test_abc_by_hand() -> None:
    table = abc_tables.classes(items({"a": 60, "b": 15, "c": 10, "d": 8, "e": 4, "f": 3, "g": 0, "h": -5}), "product")
    # 60 -> 60 %, b -> 75 %, c crosses 80 %: still A; d -> 93 %, e crosses 95 %: still B; what is not above 0 is C
    assert dict(table.select("member", "abc").iter_rows()) == {
        "a": "A", "b": "A", "c": "A", "d": "B", "e": "B", "f": "C", "g": "C", "h": "C",
    }  # fmt: skip
    classes = {row["abc"]: row for row in abc_tables.by_class(table).to_dicts()}
    assert classes["A"]["share"] == pytest.approx(0.85)
    assert classes["C"]["items"] == 3
    assert abc_tables.curve(table, "USD")["cumulative"][-1] == pytest.approx(1.0)


def test_abc_where_nothing_is_above_zero() -> None:
    assert set(abc_tables.classes(items({"a": 0, "b": -1}), "product")["abc"]) == {"C"}


def test_matrix_by_hand() -> None:
    frame = pl.DataFrame(
        {"product": ["a", "b", "c", "new"], "revenue": [800_000, 150_000, 50_000, 70_000],
         "revenue_base": [700_000, 200_000, 20_000, 0], "cost": [1, 1, 1, 1]}
    )  # fmt: skip
    table = {row["member"]: row for row in matrix_tables.matrix(frame, "product", "USD").to_dicts()}
    assert set(table) == {"a", "b", "c"}
    assert table["a"]["quadrant"] == "Large, gaining"  # +14.3 % against +8.7 % of all three
    assert table["b"]["quadrant"] == "Small, losing"
    assert table["c"]["quadrant"] == "Small, gaining"
    assert table["c"]["drawn"] == pytest.approx(1.5)


def test_product_life() -> None:
    data = daily(
        {
            "always": list(range(0, 730, 2)),
            "launched": list(range(500, 730, 5)),
            "gone": list(range(0, 450, 3)),
            "rare": [0, 200, 400, 600],
            "growing": [*range(0, 365, 20), *range(365, 730, 3)],
        },
        customers=31,
    )
    period = Period(date(2025, 1, 1), date(2025, 12, 30))
    filters = Filters(period, compare(period, "previous_year", data.first_day))
    stages = dict(life.product_life(data, filters).select("member", "stage").iter_rows())
    assert stages == {
        "always": "Steady", "launched": "Launched", "gone": "Discontinued", "rare": "Steady", "growing": "Growing",
    }  # fmt: skip
