"""Targets against what was sold of the same things."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics import lines
from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters, where
from analytics.periods import Comparison
from analytics.sentences import targets as targets_sentences
from analytics.tables.targets import progress
from tests.analytics.tables.made_shops import seasonal


def test_a_running_months_target_is_that_of_the_days_that_are_over() -> None:
    data = seasonal()
    filters = lines.history(data)
    found = progress.targets(data, filters)
    marks = dict(found.months.select("month", "mark").iter_rows())
    assert marks[date(2025, 3, 1)] == 1_000
    assert marks[date(2025, 4, 1)] == pytest.approx(1_000 * 25 / 30)
    assert marks[date(2025, 5, 1)] == 1_000
    text = targets_sentences.targets(found, date(2025, 1, 1), date(2025, 4, 25), "EUR")
    assert "3 of 3 whole months reached their target. Apr 2025 counts by the 83.3% of its days that are over." in text


def test_targets_compare_like_with_like() -> None:
    data = seasonal()
    filters = lines.history(data)
    found = progress.targets(data, filters)
    assert found.dimensions == ("country",)
    assert found.left_out == 2
    january = found.months.row(0, named=True)
    assert january["target"] == 1_000
    assert january["actual"] == pytest.approx(3 * 3 * 136)  # France alone: it alone has a target
    assert january["attainment"] == pytest.approx(9 * 136 / 1_000)
    april = found.months.filter(pl.col("month") == date(2025, 4, 1)).row(0, named=True)
    assert (found.as_of, april["over"]) == (date(2025, 4, 25), pytest.approx(25 / 30))
    assert found.months.filter(pl.col("month") == date(2025, 5, 1))["actual"].item() is None


def test_the_pace_of_a_year() -> None:
    data = seasonal()
    found = progress.targets(data, lines.history(data))
    sold = progress.sold_by_day(data, lines.history(data), found)
    year = progress.pace(data, sold, found, "year")
    assert year is not None
    assert (year.target, year.days_left) == (12_000, 250)
    assert year.so_far == pytest.approx(9 * (136 + 137 + 138 + 139))
    assert year.needed == pytest.approx((12_000 - year.so_far) / 250)
    assert year.line["due"][-1] == pytest.approx(12_000)
    assert year.chance is not None
    assert year.chance > 0.9  # about 15,500 are on their way
    month = progress.pace(data, sold, found, "month")
    assert month is not None
    assert month.chance == 1.0  # 1,251 of 1,000 are in


def test_targets_refuse_what_they_do_not_carry() -> None:
    data = seasonal()
    narrowed = Filters(lines.history(data).period, Comparison("none", None), where({"product": ["a"]}))
    assert "product" in progress.missing(data, narrowed)
    spain = Filters(lines.history(data).period, Comparison("none", None), where({"country": ["Spain"]}))
    assert progress.targets(data, spain).months.is_empty()


def test_the_last_four_weeks_leave_out_what_has_no_target_now() -> None:
    """Sold so far is what has a target in its month, and so is what the last weeks made a day."""
    data = seasonal()
    filters = lines.history(data)
    plain = pl.DataFrame(
        {"month": [date(2025, month, 1) for month in (1, 2, 3)], "revenue": [100 * MONEY_SCALE] * 3},
    )
    found = progress.targets(data, filters, plain)
    year = progress.pace(data, progress.sold_by_day(data, filters, found), found, "year")
    assert year is not None
    assert year.at_present == 0  # April has sales, and no target
    with_april = pl.concat([plain, plain.head(1).with_columns(month=pl.lit(date(2025, 4, 1)))])
    found = progress.targets(data, filters, with_april)
    known = progress.pace(data, progress.sold_by_day(data, filters, found), found, "year")
    assert known is not None
    assert known.at_present == pytest.approx(3 * 6 * 139 / 28)
