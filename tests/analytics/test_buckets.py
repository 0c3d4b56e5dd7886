"""Buckets of a period, each with the days of its base; worked out by hand, and on random periods."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import grains, periods
from analytics.dataset import Calendar
from analytics.periods import Period
from tests.analytics.calendars import FIRST, LAST, RETAIL, STANDARD, some_periods, views


def test_cut_buckets_say_so() -> None:
    table = periods.buckets(Period(date(2026, 4, 10), date(2026, 6, 17)), "month", STANDARD)
    assert table["label"].to_list() == ["Apr 2026 (from 10 Apr)", "May 2026", "Jun 2026 (to 17 Jun)"]
    assert table["whole"].to_list() == [False, True, False]
    both = periods.buckets(Period(date(2026, 6, 3), date(2026, 6, 17)), "month", STANDARD)
    assert both["label"].to_list() == ["Jun 2026 (3 Jun to 17 Jun)"]


@given(views())
@settings(max_examples=80, deadline=None)
def test_buckets_partition_the_period(view: tuple[Period, str, Calendar]) -> None:
    period, grain, calendar = view
    rows = periods.buckets(period, grain, calendar).rows(named=True)
    assert [row["bucket"] for row in rows] == list(range(len(rows)))
    assert rows[0]["first"] == period.start
    assert rows[-1]["last"] == period.end
    for before, after in pairwise(rows):
        assert after["start"] == before["end"] + timedelta(days=1)
        assert after["first"] == before["last"] + timedelta(days=1)
    assert len({row["label"] for row in rows}) == len(rows)
    for row in rows:
        assert row["start"] <= row["first"] <= row["last"] <= row["end"]
        assert row["whole"] == (row["start"] >= period.start and row["end"] <= period.end)
        for day in (row["first"], row["last"]):
            assert grains.bucket_start(day, grain, calendar) == row["start"]

    placed = periods.bucket_of_days(period, grain, calendar)
    every = [period.start + timedelta(days=n) for n in range(period.days)]
    assert placed["day"].to_list() == every
    assert placed.schema == {"day": pl.Date, "bucket": pl.Int32}
    twin = {day: row["bucket"] for row in rows for day in every if row["first"] <= day <= row["last"]}
    assert dict(placed.iter_rows()) == twin


@given(views(), st.sampled_from(["previous_year", "weekday", "previous_period", "custom"]), some_periods())
@settings(max_examples=80, deadline=None)
def test_every_base_day_meets_one_bucket(view: tuple[Period, str, Calendar], mode: str, custom: Period) -> None:
    period, grain, calendar = view
    compared = periods.compare(period, mode, date(1990, 1, 1), custom=custom, grain=grain, calendar=calendar)
    assert compared.base is not None
    placed = periods.base_bucket_of_days(compared.base, period, compared.mode, grain, calendar)
    assert placed.schema == {"day": pl.Date, "bucket": pl.Int32}
    assert placed["day"].to_list() == [compared.base.start + timedelta(days=n) for n in range(compared.base.days)]
    last = periods.buckets(period, grain, calendar).height - 1
    numbers = placed["bucket"].to_list()
    met = [number for number in numbers if number <= last]
    assert met == sorted(met)
    assert all(0 <= number <= last + 1 for number in numbers)


@given(views(), st.sampled_from(["previous_year", "weekday", "previous_period"]))
@settings(max_examples=80, deadline=None)
def test_days_meet_one_day_or_none(view: tuple[Period, str, Calendar], mode: str) -> None:
    period, _, calendar = view
    compared = periods.compare(period, mode, date(1990, 1, 1), grain="day", calendar=calendar)
    assert compared.base is not None
    placed = periods.base_bucket_of_days(compared.base, period, compared.mode, "day", calendar)["bucket"].to_list()
    met = [number for number in placed if number < period.days]
    assert len(met) == len(set(met))
    assert list(periods.comparable_buckets(compared.base, period, compared.mode, "day", calendar)) == met


def test_months_meet_the_month_a_year_before() -> None:
    period, base = Period(date(2022, 1, 1), LAST), Period(date(2021, 1, 1), date(2021, 6, 30))
    placed = periods.base_bucket_of_days(base, period, "previous_year", "month", STANDARD)
    assert all(day.month - 1 == bucket for day, bucket in placed.iter_rows())


def test_whole_months_meet_bucket_by_bucket() -> None:
    """June has 30 days and May 31: the 31st still belongs to the one month compared."""
    june, may = Period(date(2022, 6, 1), LAST), Period(date(2022, 5, 1), date(2022, 5, 31))
    assert periods.base_bucket_of_days(may, june, "previous_period", "month", STANDARD)["bucket"].to_list() == [0] * 31
    quarter, before = Period(date(2022, 4, 1), LAST), Period(date(2022, 1, 1), date(2022, 3, 31))
    placed = periods.base_bucket_of_days(before, quarter, "previous_period", "month", STANDARD)
    assert all(day.month - 1 == bucket for day, bucket in placed.iter_rows())


def test_a_53rd_week_is_compared_week_by_week() -> None:
    """Retail 2023 has 53 weeks, 2024 52: by weekday each week meets the one 52 weeks before."""
    period = Period(date(2024, 2, 4), date(2025, 2, 1))
    compared = periods.compare(period, "previous_year", FIRST, grain="week", calendar=RETAIL)
    assert compared.base == Period(date(2023, 2, 5), date(2024, 2, 3))
    placed = periods.base_bucket_of_days(compared.base, period, compared.mode, "week", RETAIL)
    assert placed.group_by("bucket").len().sort("bucket")["len"].to_list() == [7] * 52


def test_by_day_the_29th_of_february_meets_none() -> None:
    base, period = Period(date(2024, 2, 28), date(2024, 3, 1)), Period(date(2025, 2, 28), date(2025, 3, 1))
    placed = periods.base_bucket_of_days(base, period, "previous_year", "day", STANDARD)
    assert placed["bucket"].to_list() == [0, 2, 1]
    placed = periods.base_bucket_of_days(base, period, "previous_year", "month", STANDARD)
    assert placed["bucket"].to_list() == [0, 0, 1]
    leap, before = Period(date(2024, 2, 28), date(2024, 3, 1)), Period(date(2023, 2, 28), date(2023, 3, 1))
    assert periods.comparable_buckets(before, leap, "previous_year", "day", STANDARD) == (0, 2)


def test_days_that_reach_beyond_a_shorter_month_meet_none() -> None:
    january, february = Period(date(2022, 1, 1), date(2022, 1, 31)), Period(date(2022, 2, 1), date(2022, 2, 28))
    placed = periods.base_bucket_of_days(january, february, "previous_period", "day", STANDARD)
    assert placed["bucket"].to_list() == [*range(28), 28, 28, 28]
    assert periods.comparable_buckets(february, january, "previous_period", "day", STANDARD) == tuple(range(28))


# ---- coarser grains


@pytest.mark.parametrize(
    ("grain", "length", "drawn"),
    [
        ("day", 400, "day"),
        ("day", 401, "week"),
        ("week", 2700, "week"),
        ("week", 2900, "month"),
        ("year", 9000, "year"),
    ],
)
def test_coarsen(grain: str, length: int, drawn: str) -> None:
    start = date(2001, 1, 1)  # a Monday
    period = Period(start, start + timedelta(days=length - 1))
    assert periods.coarsen(grain, period, STANDARD) == drawn


@given(views())
@settings(max_examples=40, deadline=None)
def test_coarsened_buckets_are_few(view: tuple[Period, str, Calendar]) -> None:
    period, grain, calendar = view
    assert periods.buckets(period, periods.coarsen(grain, period, calendar), calendar).height <= 400
