"""Targets: how much of them has been reached, what pace the rest needs, and how likely that is.

Only what has a target is compared with it: a country without targets adds to neither side. Months are whole or running;
a running month's target counts by the days that are over.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dates import day_text, month_texts
from analytics.filters import Filters
from analytics.grains import ONE_DAY, STANDARD, bucket_start, grains, next_start
from analytics.periods import Comparison, Period
from analytics.tables.running import to_end

HORIZONS: Final = {name: f"This {name}" for name in grains(STANDARD)[2:]}
"""Spans whose end is looked at, by the calendar; the running one at the view's end."""

RECENT_DAYS: Final = 28
"""Days that say how much is sold a day at present."""


@dataclass(frozen=True)
class Targets:
    """Targets of a view and what was sold of the same things. Money in currency units."""

    months: pl.DataFrame
    """One row per month with a target: month, label, target, actual (null for months to come), over (share of the
    month's days that are over), due (target x over), mark (due, or the target of a month to come: what actual is drawn
    beside), attainment (actual / due), texts."""
    cells: pl.DataFrame
    """One row per month and combination of the targets' dimensions: month, these (text), target, actual, over, due."""
    dimensions: tuple[str, ...]
    """Dimensions that the targets are set by."""
    left_out: int
    """Targets at another level (with other dimensions left open), which would be counted twice."""
    as_of: date


def missing(data: Dataset, filters: Filters, edited: pl.DataFrame | None = None) -> str:
    """Why there is nothing to show, in words; empty where there is. `edited` takes the place of the data's targets."""
    table = data.targets if edited is None else edited
    if table is None or table.is_empty():
        return "This dataset has no targets. Type some below, or add a table: month, revenue, any of its dimensions."
    uncarried = [name for name, _ in filters.where if name not in table.columns]
    if uncarried:
        return f"Targets are not set by {', '.join(uncarried)}; remove that filter to compare with them."
    return ""


def targets(data: Dataset, filters: Filters, edited: pl.DataFrame | None = None) -> Targets:
    """Targets under the view's filters, of all months, against sales up to its end. ValueError where `missing`."""
    why = missing(data, filters, edited)
    given = data.targets if edited is None else edited
    if why or given is None:
        raise ValueError(why)
    table, names, left_out = _one_level(given)
    for name, members in filters.where:
        if name in names:
            table = table.filter(pl.col(name).cast(pl.String).is_in(members))
    table = table.group_by("month", *names).agg(pl.col("revenue").sum().alias("target"))
    as_of = min(max(filters.period.end, data.first_day), data.last_day)
    past = Filters(Period(data.first_day, as_of), Comparison("none", None), filters.where)
    sold = lines.sums(data, past, [*names, "month"]).select(*names, "month", pl.col("revenue").alias("actual"))
    cells = table.join(sold, on=["month", *names], how="left", nulls_equal=True)
    started = pl.col("month") <= as_of
    cells = cells.with_columns(
        (pl.col("target") / MONEY_SCALE),
        pl.when(started).then(pl.col("actual").fill_null(0) / MONEY_SCALE).alias("actual"),
        pl.Series("over", [_over(month, as_of) for month in cells["month"]], pl.Float64),
        *(pl.col(name).cast(pl.String) for name in names),
    )
    # Months before the data begins have targets that nothing can be compared with.
    cells = cells.filter(pl.col("month") >= data.first_day.replace(day=1)).with_columns(
        (pl.col("target") * pl.col("over")).alias("due")
    )
    # Sums of floats depend on the order of what is added, and that of a group's rows is not given.
    cells = cells.sort("month", *names)
    months = cells.group_by("month", maintain_order=True).agg(
        pl.col("target").sum(),
        pl.when(pl.col("actual").is_not_null().any()).then(pl.col("actual").sum()),
        pl.col("over").first(),
        pl.col("due").sum(),
    )
    months = months.with_columns(
        month_texts("month").alias("label"),
        pl.when(pl.col("over") > 0).then("due").otherwise("target").alias("mark"),
        pl.when(pl.col("due") > 0).then(pl.col("actual") / pl.col("due")).alias("attainment"),
    )
    return Targets(_with_texts(months, data.currency), cells, names, left_out, as_of)


def _one_level(table: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """The targets of the level that most of them are set at, its dimensions, and how many others there are.

    A target for all countries beside one for each would count twice.
    """
    names = [name for name in table.columns if name not in ("month", "revenue")]
    if not names:
        return table, (), 0
    given = table.select(pl.concat_str([pl.col(name).is_not_null().cast(pl.Int8).cast(pl.String) for name in names]))
    levels = given.to_series()
    most = levels.value_counts(sort=True).row(0)[0]
    kept = table.filter(levels == most)
    used = tuple(name for name, flag in zip(names, most, strict=True) if flag == "1")
    return kept, used, table.height - kept.height


def _over(month: date, as_of: date) -> float:
    """Share of a month's days up to and with a day."""
    days = monthrange(month.year, month.month)[1]
    return float(np.clip(((as_of - month).days + 1) / days, 0, 1))


def _with_texts(months: pl.DataFrame, currency: str) -> pl.DataFrame:
    return months.with_columns(
        pl.Series("text", [formats.text(v, "money", currency) for v in months["actual"]], pl.String),
        pl.Series("target_text", [formats.text(v, "money", currency) for v in months["target"]], pl.String),
        pl.Series("mark_text", [formats.text(v, "money", currency) for v in months["mark"]], pl.String),
        pl.Series("attainment_text", [formats.text(v, "share") for v in months["attainment"]], pl.String),
    )


def by_member(targets: Targets, dimension: str, first: date, last: date, currency: str) -> pl.DataFrame:
    """Attainment of a dimension's members over months from `first` to `last` that have begun, furthest behind first:
    member, actual, due, gap (actual - due), attainment, moved (the gap, for bars), texts."""
    inside = pl.col("month").is_between(first.replace(day=1), last)
    table = targets.cells.filter(inside & pl.col("actual").is_not_null()).group_by(
        pl.col(dimension).alias("member"), maintain_order=True
    )
    rows = table.agg(pl.col("actual", "due").sum()).with_columns((pl.col("actual") - pl.col("due")).alias("gap"))
    rows = rows.with_columns(
        pl.when(pl.col("due") > 0).then(pl.col("actual") / pl.col("due")).alias("attainment"),
        pl.col("gap").alias("moved"),
    ).sort("gap", "member")
    return rows.with_columns(
        pl.Series("text", [formats.signed_text(v, "money", currency) for v in rows["gap"]], pl.String),
        pl.Series("change_text", [f"{formats.text(v, 'share')} of target" for v in rows["attainment"]], pl.String),
    )


@dataclass(frozen=True)
class Pace:
    """Where a month, quarter or year will end, against its target. Money in currency units."""

    first: date
    last: date
    target: float
    so_far: float
    due: float
    """Target of the days that are over."""
    days_left: int
    needed: float
    """Money a day that the days left must bring to reach the target."""
    at_present: float
    """Money a day over the last RECENT_DAYS."""
    expected: float | None
    """So far and the forecast of the rest; null where the history is too short for one."""
    low: float | None
    high: float | None
    """80 % interval of that."""
    chance: float | None
    """How likely the target is reached, from the forecast's interval."""
    line: pl.DataFrame
    """One row per day: day, actual (sum so far, null for days to come), due (target by then)."""


def horizon(as_of: date, name: str) -> tuple[date, date]:
    """First and last day of the month, quarter or year that holds a day."""
    first = bucket_start(as_of, name, STANDARD)
    return first, next_start(first, name) - ONE_DAY


def sold_by_day(data: Dataset, filters: Filters, targets: Targets) -> pl.DataFrame:
    """`lines.sums` by day, and by the dimensions of the targets, up to the targets' day: what every `pace` takes."""
    past = Filters(Period(data.first_day, targets.as_of), Comparison("none", None), filters.where)
    return lines.sums(data, past, [*targets.dimensions, "day"])


def pace(data: Dataset, sold: pl.DataFrame, targets: Targets, name: str) -> Pace | None:
    """The pace towards the target of the running month, quarter or year; None where it has none.

    Takes `sold_by_day`.
    Sold and forecast is what has a target in each month; what is forecast has one in a month to come.
    """
    first, last = horizon(targets.as_of, name)
    inside = targets.cells.filter(pl.col("month").is_between(first, last))
    target = float(inside["target"].sum())
    if inside.is_empty() or target <= 0:
        return None
    so_far, due = float(inside["actual"].sum()), float(inside["due"].sum())
    days = _daily(data, sold, targets, first)
    left = (last - targets.as_of).days
    recent = days.filter(pl.col("day") > targets.as_of - timedelta(RECENT_DAYS))["value"].sum() / RECENT_DAYS
    made = to_end(days, Period(data.first_day, targets.as_of), first, last, data.calendar) if left else None
    done = None if left else float(so_far >= target)
    return Pace(
        first, last, target, so_far, due, left,
        needed=max(0.0, target - so_far) / left if left else 0.0,
        at_present=float(recent),
        expected=made.mean if made else so_far if not left else None,
        low=made.low if made else so_far if not left else None,
        high=made.high if made else so_far if not left else None,
        chance=made.chance(target) if made else done,
        line=_line(days, inside, targets.as_of, first, last),
    )  # fmt: skip


def _daily(data: Dataset, sold: pl.DataFrame, targets: Targets, first: date) -> pl.DataFrame:
    """Sales a day of what has a target: before `first`, of what has one from then on; day, value, without gaps."""
    names = list(targets.dimensions)
    table = sold.with_columns(
        *(pl.col(name).cast(pl.String) for name in names), pl.col("day").dt.truncate("1mo").alias("month")
    )
    now = targets.cells.filter(pl.col("month") >= first).select("month", *names).unique()
    before, since = table.filter(pl.col("day") < first), table.filter(pl.col("day") >= first)
    if names:
        before = before.join(now.select(names).unique(), on=names, how="semi", nulls_equal=True)
    table = pl.concat([before, since.join(now, on=["month", *names], how="semi", nulls_equal=True)])
    spine = pl.date_range(data.first_day, targets.as_of, eager=True).alias("day").to_frame()
    days = table.group_by("day").agg((pl.col("revenue").sum() / MONEY_SCALE).alias("value"))
    return spine.join(days, on="day", how="left", maintain_order="left").with_columns(pl.col("value").fill_null(0.0))


def _line(days: pl.DataFrame, inside: pl.DataFrame, as_of: date, first: date, last: date) -> pl.DataFrame:
    spine = pl.date_range(first, last, eager=True).alias("day").to_frame()
    monthly = inside.group_by("month", maintain_order=True).agg(pl.col("target").sum())
    table = spine.with_columns(pl.col("day").dt.truncate("1mo").alias("month")).join(
        monthly, on="month", how="left", maintain_order="left"
    )
    a_day = pl.col("target").fill_null(0) / pl.col("day").dt.month_end().dt.day().cast(pl.Int64)
    table = table.with_columns(a_day.cum_sum().alias("due")).join(days, on="day", how="left", maintain_order="left")
    actual = pl.when(pl.col("day") <= as_of).then(pl.col("value").fill_null(0).cum_sum())
    return table.select("day", actual.alias("actual"), "due")


def line_texts(pace: Pace, currency: str) -> pl.DataFrame:
    """The pace line with label, text and due_text."""
    line = pace.line
    return line.with_columns(
        pl.Series("label", [day_text(day) for day in line["day"]], pl.String),
        pl.Series("text", [formats.text(v, "money", currency) for v in line["actual"]], pl.String),
        pl.Series("due_text", [formats.text(v, "money", currency) for v in line["due"]], pl.String),
    )
