"""Presets and comparisons, against days worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import grains, periods
from analytics.periods import Period
from tests.analytics.calendars import FIRST, JULY, LAST, RETAIL, days, some_periods

# ---- the range itself


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2022, 1, 1), date(2022, 6, 30), "1 Jan – 30 Jun 2022 (181 days)"),
        (date(2021, 12, 31), date(2022, 1, 1), "31 Dec 2021 – 1 Jan 2022 (2 days)"),
        (date(2024, 2, 29), date(2024, 2, 29), "29 Feb 2024 (1 day)"),
        (date(2020, 1, 1), date(2022, 12, 31), "1 Jan 2020 – 31 Dec 2022 (1,096 days)"),
    ],
)
def test_a_period_says_its_days(start: date, end: date, words: str) -> None:
    assert Period(start, end).describe_days() == words


# ---- presets


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("all", FIRST, LAST),
        ("ytd", date(2022, 1, 1), LAST),
        ("last_12_months", date(2021, 7, 1), LAST),
        ("last_90_days", date(2022, 4, 2), LAST),
        ("last_30_days", date(2022, 6, 1), LAST),
        ("last_year", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_presets_are_anchored_to_the_last_day_of_the_data(name: str, start: date, end: date) -> None:
    assert periods.preset(name, FIRST, LAST) == Period(start, end)


def test_every_preset_but_custom_is_a_period() -> None:
    for name in periods.PRESETS:
        if name == "custom":
            with pytest.raises(KeyError):
                periods.preset(name, FIRST, LAST)
        else:
            assert periods.preset(name, FIRST, LAST).days > 0


@pytest.mark.parametrize(
    ("last", "start"),
    [
        (date(2024, 2, 28), date(2023, 3, 1)),  # not 28 Feb 2023, which would be there twice
        (date(2024, 2, 29), date(2023, 3, 1)),
        (date(2025, 2, 28), date(2024, 3, 1)),  # whole months, not 29 Feb 2024
        (date(2023, 2, 28), date(2022, 3, 1)),
        (date(2026, 6, 17), date(2025, 6, 18)),
        (date(2025, 12, 31), date(2025, 1, 1)),
    ],
)
def test_twelve_months_end_on_the_last_day(last: date, start: date) -> None:
    assert periods.preset("last_12_months", FIRST, last) == Period(start, last)


@given(days)
@settings(max_examples=60, deadline=None)
def test_twelve_months_and_their_previous_year_never_overlap(last: date) -> None:
    period = periods.preset("last_12_months", date(2000, 1, 1), last)
    base = periods.compare(period, "previous_year", date(2000, 1, 1)).base
    assert base is not None
    assert base.end < period.start
    assert 365 <= period.days <= 366


def test_presets_are_cut_to_the_data() -> None:
    assert periods.preset("last_12_months", date(2022, 5, 4), LAST) == Period(date(2022, 5, 4), LAST)
    assert periods.preset("last_year", date(2021, 3, 9), LAST) == Period(date(2021, 3, 9), date(2021, 12, 31))


def test_last_year_without_data_stays_last_year() -> None:
    assert periods.preset("last_year", date(2022, 3, 1), LAST) == Period(date(2021, 1, 1), date(2021, 12, 31))


# ---- comparisons


def test_year_to_date_is_compared_with_the_same_days_a_year_before() -> None:
    """AdventureWorks ends on 30 June 2022: H1 2022 against H1 2021, not against all of 2021."""
    period = periods.preset("ytd", FIRST, LAST)
    compared = periods.compare(period, "previous_year", FIRST)
    assert compared.base == Period(date(2021, 1, 1), date(2021, 6, 30))
    assert (compared.mode, compared.refused) == ("previous_year", "")


@pytest.mark.parametrize(
    ("start", "end", "base_start", "base_end"),
    [
        (date(2024, 2, 29), date(2024, 2, 29), date(2023, 2, 28), date(2023, 2, 28)),
        (date(2024, 2, 1), date(2024, 2, 29), date(2023, 2, 1), date(2023, 2, 28)),
        (date(2025, 2, 1), date(2025, 2, 28), date(2024, 2, 1), date(2024, 2, 28)),
        (date(2024, 3, 1), date(2025, 2, 28), date(2023, 3, 1), date(2024, 2, 28)),
    ],
)
def test_previous_year_takes_the_same_dates(start: date, end: date, base_start: date, base_end: date) -> None:
    assert periods.compare(Period(start, end), "previous_year", FIRST).base == Period(base_start, base_end)


def test_weekday_mode_goes_back_364_days() -> None:
    friday = Period(date(2024, 11, 29), date(2024, 12, 1))  # Black Friday to Sunday
    base = periods.compare(friday, "weekday", FIRST).base
    assert base == Period(date(2023, 12, 1), date(2023, 12, 3))
    assert base.start.weekday() == friday.start.weekday() == 4


def test_weeks_are_compared_by_weekday() -> None:
    week = Period(date(2022, 6, 6), date(2022, 6, 12))
    compared = periods.compare(week, "previous_year", FIRST, grain="week")
    assert compared.mode == "weekday"
    assert compared.base == Period(date(2021, 6, 7), date(2021, 6, 13))


@pytest.mark.parametrize(
    ("start", "end", "base_start", "base_end"),
    [
        (date(2022, 6, 1), date(2022, 6, 30), date(2022, 5, 1), date(2022, 5, 31)),  # month
        (date(2022, 3, 1), date(2022, 3, 31), date(2022, 2, 1), date(2022, 2, 28)),
        (date(2022, 1, 1), date(2022, 3, 31), date(2021, 10, 1), date(2021, 12, 31)),  # quarter
        (date(2021, 1, 1), date(2021, 12, 31), date(2020, 1, 1), date(2020, 12, 31)),  # year
        (
            date(2022, 2, 1),
            date(2022, 4, 30),
            date(2021, 11, 4),
            date(2022, 1, 31),
        ),  # three months, no quarter: 89 days
        (date(2022, 6, 2), date(2022, 6, 30), date(2022, 5, 4), date(2022, 6, 1)),  # 29 days
        (date(2022, 6, 6), date(2022, 6, 12), date(2022, 5, 30), date(2022, 6, 5)),  # a week
        (date(2022, 6, 6), date(2022, 6, 6), date(2022, 6, 5), date(2022, 6, 5)),
    ],
)
def test_previous_period(start: date, end: date, base_start: date, base_end: date) -> None:
    assert periods.compare(Period(start, end), "previous_period", FIRST).base == Period(base_start, base_end)


def test_a_whole_fiscal_or_retail_year_is_compared_with_the_whole_one_before() -> None:
    fiscal = Period(date(2023, 7, 1), date(2024, 6, 30))
    base = periods.compare(fiscal, "previous_period", FIRST, calendar=JULY).base
    assert base == Period(date(2022, 7, 1), date(2023, 6, 30))
    retail = Period(date(2024, 2, 4), date(2025, 2, 1))
    base = periods.compare(retail, "previous_period", FIRST, calendar=RETAIL).base
    assert base == Period(date(2023, 1, 29), date(2024, 2, 3))


@given(some_periods())
@settings(max_examples=60, deadline=None)
def test_the_previous_period_ends_the_day_before(period: Period) -> None:
    base = periods.compare(period, "previous_period", date(1990, 1, 1)).base
    assert base is not None
    assert base.end == period.start - timedelta(days=1)
    assert abs(base.days - period.days) <= 3  # months differ by up to three days, all else is equal


def test_a_base_before_the_data_is_refused_and_names_both() -> None:
    compared = periods.compare(Period(date(2020, 7, 1), date(2021, 6, 30)), "previous_year", FIRST)
    assert compared.base is None
    assert compared.mode == "previous_year"
    assert compared.refused == (
        "No comparable base: 1 Jul 2019 – 30 Jun 2020 starts before the data does (1 Jan 2020)."
    )
    assert periods.compare(Period(date(2021, 1, 1), LAST), "previous_year", FIRST).base is not None  # starts on it


def test_none_and_custom() -> None:
    period = Period(date(2022, 1, 1), LAST)
    chosen = Period(date(2020, 3, 1), date(2020, 3, 31))
    assert periods.compare(period, "none", FIRST) == periods.Comparison("none", None)
    assert periods.compare(period, "custom", FIRST) == periods.Comparison("none", None)
    assert periods.compare(period, "custom", FIRST, custom=chosen).base == chosen
    with pytest.raises(ValueError, match="unknown comparison 'yesterday'; one of previous_year"):
        periods.compare(period, "yesterday", FIRST)


# ---- shifts


@given(days, st.integers(-40, 40))
@settings(max_examples=80, deadline=None)
def test_shifting_months_keeps_the_day_or_ends_the_month(day: date, months: int) -> None:
    moved = grains.shift_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1000, ("last_12_months", "previous_year")),
        (731, ("last_12_months", "previous_year")),
        (600, ("last_90_days", "previous_year")),
        (300, ("last_90_days", "previous_period")),
        (70, ("last_30_days", "previous_period")),
        (59, ("last_7_days", "previous_period")),
        (14, ("last_7_days", "previous_period")),
        (13, ("last_12_months", "previous_year")),
        (1, ("last_12_months", "previous_year")),
    ],
)
def test_a_dataset_opens_with_a_comparison_that_exists(days: int, expected: tuple[str, str]) -> None:
    last = date(2025, 6, 30)
    first = last - timedelta(days=days - 1)
    assert periods.opening(first, last) == expected
    period = periods.preset(expected[0], first, last)
    assert (periods.compare(period, expected[1], first).base is not None) == (days >= 14)
