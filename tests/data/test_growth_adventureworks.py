"""The bridge on AdventureWorks: its parts sum to the change to the cent at every grain."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics.dataset import Dataset
from analytics.filters import Filters, where
from analytics.periods import Comparison, Period, compare
from analytics.tables.drivers import price_volume as price_volume_tables

VIEWS = {
    "year on year": (("2021-07-01", "2022-06-30"), "previous_year", {}),
    "half before": (("2022-01-01", "2022-06-30"), "previous_period", {}),
    "one country": (("2021-07-01", "2022-06-30"), "previous_year", {"country": ["Germany", "France"]}),
    "a month": (("2022-06-01", "2022-06-30"), "previous_period", {"category": ["Bikes"]}),
}


@pytest.mark.parametrize("name", VIEWS)
def test_parts_sum_to_the_change(adventureworks_dataset: Dataset, name: str) -> None:
    days, mode, kept = VIEWS[name]
    period = Period(*(date.fromisoformat(day) for day in days))
    comparison: Comparison = compare(period, mode, adventureworks_dataset.first_day)
    filters = Filters(period, comparison, where(kept))
    assert filters.base is not None

    def revenue(one: Period) -> int:
        frame = adventureworks_dataset.lines.filter(pl.col("day").is_between(one.start, one.end))
        for dimension, members in kept.items():
            frame = frame.filter(pl.col(dimension).cast(pl.String).is_in(members))
        return int(frame.select(pl.col("revenue").sum()).collect().item())

    change = revenue(period) - revenue(filters.base)
    for dimensions in price_volume_tables.grains(adventureworks_dataset).values():
        found = price_volume_tables.bridge(adventureworks_dataset, filters, dimensions)
        assert found.residual == 0
        assert sum(found.parts.values()) == change
