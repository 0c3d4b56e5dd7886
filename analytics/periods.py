"""Periods, what they are compared with, and the buckets of a time axis.

All days are plain dates. Presets are anchored to the last day that has data, never to today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import polars as pl

from analytics.dataset import Calendar
from analytics.dates import day_text, short_day_text
from analytics.formats import count_of
from analytics.grains import ONE_DAY, STANDARD, bucket_start, grains, label, next_start, shift_months, shift_years

CALENDARS: Final = 128
"""Answers that each function of periods alone remembers: whatever the filters are, their buckets are the same."""
PRESETS: Final = {
    "last_12_months": "Last 12 months",
    "ytd": "Year to date",
    "last_90_days": "Last 90 days",
    "last_30_days": "Last 30 days",
    "last_7_days": "Last 7 days",
    "last_year": "Last calendar year",
    "all": "All data",
    "custom": "Custom",
}
COMPARISONS: Final = {
    "previous_year": "Previous year",
    "weekday": "Previous year by weekday",
    "previous_period": "Previous period",
    "none": "No comparison",
    "custom": "Custom",
}


@dataclass(frozen=True, order=True)
class Period:
    """A range of days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    def describe_days(self) -> str:
        """The range with its length: `1 Jan – 30 Jun 2022 (181 days)`."""
        return f"{self.describe()} ({count_of(self.days, 'day')})"

    def when(self) -> str:
        """The range as a sentence goes on: `on 1 Jan 2022`, `in 1 Jan – 30 Jun 2022`."""
        return f"{'on' if self.days == 1 else 'in'} {self.describe()}"

    def describe(self) -> str:
        """The range in English: `1 Jan – 30 Jun 2022`."""
        start, end = self.start, self.end
        if start == end:
            return day_text(end)
        if start.year == end.year:
            return f"{short_day_text(start)} – {day_text(end)}"
        return f"{day_text(start)} – {day_text(end)}"


@dataclass(frozen=True)
class Comparison:
    """The base period of a view, or why there is none."""

    mode: str
    base: Period | None
    refused: str = ""
    """Why nothing can be compared, empty where `base` is given or comparison is switched off."""


def preset(name: str, first_day: date, last_day: date) -> Period:
    """The period that a preset stands for, cut to the days that have data. KeyError for `custom` or an unknown name.

    Twelve months never hold a calendar date twice, so that the previous year ends before they start. Where the last
    calendar year has no data at all it is returned whole, and shows as empty.
    """
    starts = {
        "all": first_day,
        "ytd": date(last_day.year, 1, 1),
        # the later of the two readings: they differ only around 29 February
        "last_12_months": max(shift_months(last_day + ONE_DAY, -12), shift_months(last_day, -12) + ONE_DAY),
        "last_90_days": last_day - timedelta(days=89),
        "last_30_days": last_day - timedelta(days=29),
        "last_7_days": last_day - timedelta(days=6),
        "last_year": date(last_day.year - 1, 1, 1),
    }
    end = date(last_day.year - 1, 12, 31) if name == "last_year" else last_day
    start = starts[name] if end < first_day else max(starts[name], first_day)
    return Period(start, end)


def compare(
    period: Period,
    mode: str,
    first_day: date,
    *,
    custom: Period | None = None,
    grain: str = "month",
    calendar: Calendar = STANDARD,
) -> Comparison:
    """What a period is compared with.

    `previous_year` takes the same calendar dates a year earlier, `weekday` (also used for weeks) 364 days earlier,
    `previous_period` the month, quarter or year (of the calendar, fiscal and retail ones too) before a whole one and
    otherwise as many days just before. A base that starts before the data does is refused. ValueError for an unknown
    mode.
    """
    if mode == "previous_year" and grain == "week":
        mode = "weekday"
    if mode == "none" or (mode == "custom" and custom is None):
        return Comparison("none", None)
    if mode == "previous_year":
        base = Period(shift_years(period.start, -1), shift_years(period.end, -1))
    elif mode == "weekday":
        base = Period(period.start - timedelta(days=364), period.end - timedelta(days=364))
    elif mode == "previous_period":
        base = _period_before(period, calendar)
    elif mode == "custom" and custom is not None:
        base = custom
    else:
        raise ValueError(f"unknown comparison {mode!r}; one of {', '.join(COMPARISONS)}")
    if base.start < first_day:
        why = f"No comparable base: {base.describe()} starts before the data does ({day_text(first_day)})."
        return Comparison(mode, None, why)
    return Comparison(mode, base)


OPENINGS: Final = (
    ("last_12_months", "previous_year"),
    ("last_90_days", "previous_year"),
    ("last_90_days", "previous_period"),
    ("last_30_days", "previous_period"),
    ("last_7_days", "previous_period"),
)
"""Preset and comparison that a dataset may open with, the best first."""


def opening(first_day: date, last_day: date) -> tuple[str, str]:
    """The preset and comparison that a dataset opens with: the first of OPENINGS that has a whole base.

    Days that are not there yet can be compared with nothing: under two years of data twelve months have no base, but
    the last 90 days have. Where none has one, the first stands, and the page says why nothing is compared.
    """
    for name, mode in OPENINGS:
        period = preset(name, first_day, last_day)
        # A period that was cut at the first day has nothing before it, either.
        if compare(period, mode, first_day).base is not None:
            return name, mode
    return OPENINGS[0]


def _period_before(period: Period, calendar: Calendar) -> Period:
    before = period.start - ONE_DAY
    for grain in grains(calendar)[2:]:
        starts_whole = bucket_start(period.start, grain, calendar) == period.start
        if starts_whole and next_start(period.start, grain) - ONE_DAY == period.end:
            return Period(bucket_start(before, grain, calendar), before)
    return Period(period.start - timedelta(days=period.days), before)


def coarsen(grain: str, period: Period, calendar: Calendar, *, most: int = 400) -> str:
    """The grain itself, or the next coarser one that draws at most `most` points over the period."""
    order = grains(STANDARD)
    while grain in order[:-1] and len(_edges(period, grain, calendar)) > most:
        grain = order[order.index(grain) + 1]
    return grain


def _edges(period: Period, grain: str, calendar: Calendar) -> list[date]:
    edges, start = [], bucket_start(period.start, grain, calendar)
    while start <= period.end:
        edges.append(start)
        start = next_start(start, grain)
    return edges


@lru_cache(maxsize=CALENDARS)
def buckets(period: Period, grain: str, calendar: Calendar) -> pl.DataFrame:
    """One row per bucket of the period, in order, without gaps.

    Columns: bucket (Int32, 0 ...), start and end (Date: the whole bucket), first and last (Date: its part inside the
    period), label (text, with `from`, `to` or both where it is cut), whole (bool).
    """
    rows = []
    for index, start in enumerate(_edges(period, grain, calendar)):
        end = next_start(start, grain) - ONE_DAY
        first, last = max(start, period.start), min(end, period.end)
        name = label(start, grain, calendar)
        if first > start and last < end:
            name += f" ({short_day_text(first)} to {short_day_text(last)})"
        elif last < end:
            name += f" (to {short_day_text(last)})"
        elif first > start:
            name += f" (from {short_day_text(first)})"
        rows.append((index, start, end, first, last, name, first == start and last == end))
    columns = {"bucket": pl.Int32, "start": pl.Date, "end": pl.Date, "first": pl.Date, "last": pl.Date,
               "label": pl.String, "whole": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


@lru_cache(maxsize=CALENDARS)
def bucket_of_days(period: Period, grain: str, calendar: Calendar) -> pl.DataFrame:
    """One row per day of the period: day (Date), bucket (Int32, as in `buckets`)."""
    table = buckets(period, grain, calendar)
    days = pl.date_range(period.start, period.end, eager=True).alias("day").to_frame()
    return days.join_asof(table.select("start", "bucket").rename({"start": "day"}), on="day", strategy="backward")


@lru_cache(maxsize=CALENDARS)
def base_bucket_of_days(base: Period, period: Period, mode: str, grain: str, calendar: Calendar) -> pl.DataFrame:
    """One row per day of the base period: day (Date), bucket (Int32) of `buckets(period)` that it is compared with.

    Days of `previous_year` and `weekday` meet the day a year or 364 days later; by day, the 29 February of another year
    meets none. Other bases meet bucket by bucket where both periods begin with a bucket, otherwise by elapsed days. A
    day that meets none, as those that reach beyond the period, has the bucket after the last.
    """
    days = [base.start + timedelta(days=n) for n in range(base.days)]
    none = len(_edges(period, grain, calendar))
    if mode == "previous_year":
        matching = [shift_years(day, 1) for day in days]
    elif mode == "weekday":
        matching = [day + timedelta(days=364) for day in days]
    elif all(bucket_start(p.start, grain, calendar) == p.start for p in (base, period)):
        return bucket_of_days(base, grain, calendar).with_columns(pl.col("bucket").clip(upper_bound=none))
    else:
        matching = [period.start + (day - base.start) for day in days]
    lookup = dict(bucket_of_days(period, grain, calendar).iter_rows())
    at = [lookup.get(max(day, period.start), none) for day in matching]
    if mode == "previous_year" and grain == "day":
        at = [
            none if day.day == 29 and to.day == 28 else bucket
            for day, to, bucket in zip(days, matching, at, strict=True)
        ]
    return pl.DataFrame({"day": days, "bucket": at}, schema={"day": pl.Date, "bucket": pl.Int32})


@lru_cache(maxsize=CALENDARS)
def weekdays_by_month(period: Period, calendar: Calendar) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per day of the period: day (Date), bucket (Int32, its month), weekday (Int32, Monday 0). And one row per
    month and weekday that it has: bucket, weekday, days (Int32, how many there are), the other columns of `buckets`."""
    weekday = (pl.col("day").dt.weekday().cast(pl.Int32) - 1).alias("weekday")
    days = bucket_of_days(period, "month", calendar).with_columns(weekday)
    counted = days.group_by("bucket", "weekday").agg(pl.len().cast(pl.Int32).alias("days"))
    return days, counted.join(buckets(period, "month", calendar), on="bucket").sort("bucket", "weekday")


COMPARABLE: Final = 0.8
"""Least part of a bucket's days that its base must have. Months differ by a tenth, retail months by a fifth."""


@lru_cache(maxsize=CALENDARS)
def comparable_buckets(base: Period, period: Period, mode: str, grain: str, calendar: Calendar) -> tuple[int, ...]:
    """The buckets of the period that enough days of the base are compared with."""
    own = bucket_of_days(period, grain, calendar).group_by("bucket").len("own")
    met = base_bucket_of_days(base, period, mode, grain, calendar).group_by("bucket").len("met")
    enough = pl.col("met") >= COMPARABLE * pl.col("own")
    return tuple(own.join(met, on="bucket").filter(enough)["bucket"].sort())
