"""The estimate of a span of days that is not over: a month, quarter or year, for the forecast and the targets alike."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import periods
from analytics.dataset import Calendar
from analytics.grains import GRAINS, ONE_DAY, next_start
from analytics.models import forecast, running
from analytics.models.forecast import Forecast
from analytics.models.running import Running
from analytics.periods import Period

Array = NDArray[Any]

UNSEASONAL_WEEKS: Final = 12
"""Whole weeks that a forecast by weeks needs; two years more to know their season."""

SHARES: Final = 24
"""Whole periods that say which share of a total is in by a day."""


def season(grain: str, whole: int) -> int:
    """Periods of a season that `whole` periods can tell: of weeks none before two years are over."""
    return 1 if grain == "week" and whole < forecast.telling(GRAINS[grain].season) else GRAINS[grain].season


def lacking(grain: str, whole: int) -> int:
    """Whole periods that are missing for a forecast that can be tested: few tests say nothing of how close it comes."""
    needed = UNSEASONAL_WEEKS if grain == "week" else forecast.telling(GRAINS[grain].season)
    return max(0, needed - whole)


def steps(history: Period, grain: str, calendar: Calendar) -> tuple[str, int]:
    """The time steps that a history can be forecast by: those asked for or finer ones; and how many of those asked for
    are missing."""
    missing = {
        step: lacking(step, int(periods.buckets(history, step, calendar)["whole"].sum()))
        for step in (grain, *GRAINS[grain].finer)
    }
    return next((step for step, count in missing.items() if not count), grain), missing[grain]


def shares(days: pl.DataFrame, whole: pl.DataFrame, elapsed: int, length: int) -> Array:
    """The share of each of the last SHARES whole periods' totals that was in after `elapsed` of `length` days, shorter
    or longer ones cut at the same part; NaN where they brought nothing. Takes day, value and whole periods (first,
    last)."""
    out = []
    totals = dict(days.iter_rows())
    for first, last in whole.tail(SHARES).select("first", "last").iter_rows():
        size = (last - first).days + 1
        at = min(size, round(elapsed * size / length))
        amounts = [totals.get(first + n * ONE_DAY, 0.0) for n in range(size)]
        total = sum(amounts)
        out.append(min(max(sum(amounts[:at]) / total, 0.0), 1.0) if total > 0 else np.nan)
    return np.array(out)


def estimate(
    days: pl.DataFrame,
    history: Period,
    now: dict[str, Any],
    grain: str,
    whole: pl.DataFrame,
    made: Forecast,
    calendar: Calendar,
) -> Running:
    """The estimate of the running period `now` (start, end, first, value), by months where it consists of them."""
    by_months = to_end(days, history, now["first"], now["end"], calendar) if GRAINS[grain].of_months else None
    if by_months:
        return by_months
    elapsed, length = (history.end - now["first"]).days + 1, (now["end"] - now["start"]).days + 1
    return running.running(float(now["value"]), shares(days, whole, elapsed, length), elapsed / length, made)


def to_end(days: pl.DataFrame, history: Period, first: date, last: date, calendar: Calendar) -> Running | None:
    """What the days from `first` to `last` bring in all, of which those after the history's end are to come.

    Takes one row per day with sales (day, value). Months are carried on, or weeks where there are too few; None where
    there are too few of these as well.
    """
    for grain in ("month", "week"):
        spine = periods.buckets(history, grain, calendar)
        if not lacking(grain, int(spine["whole"].sum())):
            return _carried_on(days, history, first, last, grain, spine)
    return None


def _carried_on(
    days: pl.DataFrame, history: Period, first: date, last: date, grain: str, spine: pl.DataFrame
) -> Running:
    whole = spine.filter("whole")
    starts = spine.select(pl.col("start").alias("day"), "bucket")
    # Sums of floats depend on the order of what is added, and that of a group's rows is not given.
    by_day = days.sort("day").join_asof(starts, on="day", strategy="backward")
    sold = by_day.group_by("bucket", maintain_order=True).agg(pl.col("value").sum())
    series = whole.join(sold, on="bucket", how="left", maintain_order="left")["value"].fill_null(0.0).to_numpy()
    begins, so_far, even = history.end + ONE_DAY, np.zeros(0), 0.0
    now = spine.row(-1, named=True)
    if now["end"] > history.end:
        begins = now["start"]
        elapsed, length = (history.end - begins).days + 1, (now["end"] - begins).days + 1
        so_far, even = shares(days, whole, elapsed, length), elapsed / length
    steps, start, beyond = 0, begins, 0.0
    while start <= last:
        following = next_start(start, grain)
        steps += 1
        beyond = max((following - ONE_DAY - last).days, 0) / (following - start).days
        start = following
    made = forecast.forecast(series, season(grain, series.size), steps)
    inside = days.filter(pl.col("day").is_between(first, history.end))
    return running.running(float(inside["value"].sum()), so_far, even, made, steps, beyond=beyond)
