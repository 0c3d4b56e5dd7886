"""Presets, comparisons and buckets, against calendars worked out by hand or published."""

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

FIRST, LAST = date(2020, 1, 1), date(2022, 6, 30)
STANDARD = Calendar()
JULY = Calendar(fiscal_start_month=7)
RETAIL = Calendar(week_start=6, retail=True)

days = st.dates(date(2011, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Calendar, week_start=st.integers(0, 6), fiscal_start_month=st.integers(1, 12), retail=st.booleans()
)


@st.composite
def some_periods(draw: st.DrawFn, longest: int = 800) -> Period:
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(0, longest))))


@st.composite
def views(draw: st.DrawFn) -> tuple[Period, str, Calendar]:
    calendar = draw(calendars)
    return draw(some_periods()), draw(st.sampled_from(grains.grains(calendar))), calendar


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


# ---- labels and calendars


@pytest.mark.parametrize(
    ("day", "grain", "calendar", "name"),
    [
        (date(2024, 12, 30), "week", STANDARD, "2025-W01"),
        (date(2021, 1, 3), "week", STANDARD, "2020-W53"),
        (date(2026, 6, 17), "week", STANDARD, "2026-W25"),
        (date(2026, 6, 17), "week", Calendar(week_start=6), "week of 14 Jun 2026"),
        (date(2026, 6, 14), "week", Calendar(week_start=6), "week of 14 Jun 2026"),
        (date(2026, 6, 13), "week", Calendar(week_start=6), "week of 7 Jun 2026"),
        (date(2026, 6, 17), "day", STANDARD, "17 Jun 2026"),
        (date(2026, 6, 17), "month", STANDARD, "Jun 2026"),
        (date(2026, 6, 17), "quarter", STANDARD, "Q2 2026"),
        (date(2026, 12, 31), "quarter", STANDARD, "Q4 2026"),
        (date(2026, 6, 17), "year", STANDARD, "2026"),
        (date(2026, 6, 30), "fiscal_year", JULY, "FY2025/26"),
        (date(2026, 7, 1), "fiscal_year", JULY, "FY2026/27"),
        (date(1999, 7, 1), "fiscal_year", JULY, "FY1999/00"),
        (date(2024, 2, 3), "retail_year", RETAIL, "Retail 2023"),
        (date(2024, 2, 4), "retail_year", RETAIL, "Retail 2024"),
        (date(2024, 2, 3), "retail_month", RETAIL, "P12 2023"),
        (date(2024, 3, 3), "retail_month", RETAIL, "P2 2024"),
    ],
)
def test_labels(day: date, grain: str, calendar: Calendar, name: str) -> None:
    assert grains.label(grains.bucket_start(day, grain, calendar), grain, calendar) == name


@pytest.mark.parametrize(
    ("year", "start", "weeks"),
    [
        # published by the National Retail Federation; 2012, 2017 and 2023 have a 53rd week
        (2011, date(2011, 1, 30), 52),
        (2012, date(2012, 1, 29), 53),
        (2013, date(2013, 2, 3), 52),
        (2016, date(2016, 1, 31), 52),
        (2017, date(2017, 1, 29), 53),
        (2018, date(2018, 2, 4), 52),
        (2022, date(2022, 1, 30), 52),
        (2023, date(2023, 1, 29), 53),
        (2024, date(2024, 2, 4), 52),
        (2025, date(2025, 2, 2), 52),
    ],
)
def test_retail_years(year: int, start: date, weeks: int) -> None:
    assert grains.retail_year_start(year) == start
    end = grains.retail_year_start(year + 1) - timedelta(days=1)
    assert (end - start).days + 1 == weeks * 7
    assert grains.retail_year(start) == grains.retail_year(end) == year


def test_retail_months_are_4_5_4_weeks_and_the_53rd_belongs_to_the_twelfth() -> None:
    year = Period(date(2023, 1, 29), date(2024, 2, 3))
    months = periods.buckets(year, "retail_month", RETAIL)
    lengths = ((months["end"] - months["start"]).dt.total_days() + 1).to_list()
    assert lengths == [28, 35, 28] * 3 + [28, 35, 35]
    assert months["start"][1] == date(2023, 2, 26)
    assert months["whole"].all()


def test_unknown_grain() -> None:
    with pytest.raises(ValueError, match="unknown grain 'hour'"):
        grains.bucket_start(LAST, "hour", STANDARD)


def test_a_calendar_offers_its_own_grains() -> None:
    assert grains.grains(STANDARD) == ["day", "week", "month", "quarter", "year"]
    assert grains.grains(JULY)[-1] == "fiscal_year"
    assert grains.grains(RETAIL)[-2:] == ["retail_month", "retail_year"]
    assert set(grains.grains(Calendar(6, 7, True))) == set(grains.GRAINS)


# ---- buckets


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
        (40, ("last_12_months", "previous_year")),
        (1, ("last_12_months", "previous_year")),
    ],
)
def test_a_dataset_opens_with_a_comparison_that_exists(days: int, expected: tuple[str, str]) -> None:
    last = date(2025, 6, 30)
    first = last - timedelta(days=days - 1)
    assert periods.opening(first, last) == expected
    period = periods.preset(expected[0], first, last)
    assert (periods.compare(period, expected[1], first).base is not None) == (days >= 60)
