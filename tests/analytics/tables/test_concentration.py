"""Concentration of revenue, orders per customer and the gaps between their purchases."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.periods import Period
from analytics.tables.concentration import concentration, gap_bins, gaps, orders_per_customer, quantile
from tests.analytics.tables.made_purchases import START, bought


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_concentration_equals_plain_loops(revenue: list[int]) -> None:
    found = concentration(pl.Series(revenue, dtype=pl.Int64))
    n, total = len(revenue), sum(revenue)
    if total == 0:
        assert found.gini is None
        return
    best = sorted(revenue, reverse=True)
    for top, share in found.shares.items():
        assert share == sum(best[: -(-top * n // 100)]) / total
    gini = sum(abs(a - b) for a in revenue for b in revenue) / (2 * n * total)
    assert found.gini == pytest.approx(gini, abs=1e-9)
    assert found.hhi == pytest.approx(sum((a / total) ** 2 for a in revenue))
    assert found.curve["revenue"][-1] == 1.0
    assert (found.curve["revenue"] <= found.curve["customers"] + 1e-12).all()


def test_orders_and_gaps_are_hand_worked() -> None:
    table = orders_per_customer(pl.Series([1, 1, 4, 5, 9, 10, 25]), pl.Series([1, 2, 3, 4, 5, 6, 7]))
    assert table["customers"].to_list() == [2, 0, 0, 1, 2, 1, 1]
    assert table["revenue"].to_list() == [3, 0, 0, 3, 9, 6, 7]
    rows = [(1, 0, 1, 0), (1, 7, 1, 0), (1, 37, 1, 0), (2, 40, 1, 0), (3, 1, 1, 0), (3, 8, 1, 0)]
    found = gaps(bought(rows), Period(START + timedelta(days=5), START + timedelta(days=40)))
    assert found.rows() == [(7, 2), (30, 1)]
    assert [quantile(found, share) for share in (0.5, 0.9)] == [7, 30]
    assert quantile(found.clear(), 0.9) is None
    bins = gap_bins(found)
    assert bins.filter(pl.col("purchases") > 0).select("days", "purchases").rows() == [("1–7", 2), ("15–30", 1)]
