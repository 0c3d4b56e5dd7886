"""Outlook: what the next periods bring, how far off such forecasts were, and how the running period will end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines, periods
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import dimension as dimension_of
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.grains import GRAINS, ONE_DAY, label, next_start
from analytics.lines import Totals
from analytics.metrics import METRICS
from analytics.models import forecast
from analytics.models.forecast import Forecast, Running
from analytics.models.theta import seasonal_naive, theta
from analytics.periods import Comparison, Period

Array = NDArray[Any]

MOST_MEMBERS: Final = 8
"""Members forecast on their own; the others are one."""

OTHERS: Final = "All others"


@dataclass(frozen=True)
class Outlook:
    """A series and its forecasts, or why there is none."""

    history: pl.DataFrame
    """One row per period from the data's first to the view's last: the columns of `periods.buckets`, value (Float64, in
    the metric's unit). A last one that is not over is not whole."""
    ahead: pl.DataFrame
    """One row per period forecast: start, end, label. The first is the running one, where there is one."""
    theta: Forecast | None
    naive: Forecast | None
    lacking: int
    """Whole periods that are missing before a forecast can be made."""
    running: Running | None
    running_days: int
    """Days of the running period that are over."""
    intermittent: bool
    cut: bool = False
    """Whether the metric is undefined in some period, as a ratio is where nothing was sold."""


def past(data: Dataset, filters: Filters) -> Filters:
    """The view's filters over the whole history up to the period's end, compared with nothing."""
    end = min(max(filters.period.end, data.first_day), data.last_day)
    return Filters(Period(data.first_day, end), Comparison("none", None), filters.where)


def outlook(data: Dataset, filters: Filters, metric: str, grain: str) -> Outlook:
    """The forecast of a metric from the end of the view's period on."""
    before = past(data, filters)
    spine = periods.buckets(before.period, grain, data.calendar)
    by_bucket, by_day = Totals(("bucket",)), Totals(("day",))
    result = lines.page(data, before, [by_bucket, by_day], grain=grain)
    history = _values(result[by_bucket], spine, metric)
    return _made(data, history, result[by_day], metric, grain, before.period.end)


def _values(result: pl.DataFrame, spine: pl.DataFrame, metric: str) -> pl.DataFrame:
    table = spine.join(
        result.with_columns(value(metric).alias("value")).select("bucket", "value"), on="bucket", how="left"
    )
    table = table.sort("bucket")
    return table if METRICS[metric].kind == "ratio" else table.with_columns(pl.col("value").fill_null(0.0))


def _made(data: Dataset, history: pl.DataFrame, days: pl.DataFrame, metric: str, grain: str, end: date) -> Outlook:
    season, steps = GRAINS[grain].season, GRAINS[grain].ahead
    whole = history.filter("whole")
    open_now = history.filter((pl.col("last") == end) & (pl.col("end") > end))
    running = open_now if open_now.height else None
    ahead = _ahead(data, history, running, grain, steps)
    series = whole["value"].to_numpy()
    known = series[~np.isnan(series)] if series.dtype.kind == "f" else series
    lacking = max(0, forecast.fewest(season) - known.size)
    if lacking or known.size < series.size:
        return Outlook(history, ahead, None, None, lacking, None, 0, False, cut=known.size < series.size)
    theta = forecast.forecast(series, season, steps)
    naive = forecast.forecast(series, season, steps, method="seasonal_naive")
    estimate, elapsed = None, 0
    if running is not None and METRICS[metric].kind == "sum":
        elapsed = (end - running["first"].item()).days + 1
        share = usual_share(
            _by_day(days, metric), whole, elapsed, (running["end"].item() - running["start"].item()).days + 1
        )
        estimate = forecast.running(float(running["value"].item()), share, theta)
    return Outlook(history, ahead, theta, naive, 0, estimate, elapsed, forecast.intermittent(series))


def _ahead(data: Dataset, history: pl.DataFrame, running: pl.DataFrame | None, grain: str, steps: int) -> pl.DataFrame:
    last = history.row(-1, named=True)
    start = last["start"] if running is not None else last["end"] + ONE_DAY
    rows = []
    for _ in range(steps):
        following = next_start(start, grain)
        rows.append((start, following - ONE_DAY, label(start, grain, data.calendar)))
        start = following
    return pl.DataFrame(rows, schema={"start": pl.Date, "end": pl.Date, "label": pl.String}, orient="row")


def _by_day(days: pl.DataFrame, metric: str) -> pl.DataFrame:
    return days.select("day", value(metric).alias("value"))


def usual_share(days: pl.DataFrame, whole: pl.DataFrame, elapsed: int, length: int) -> float:
    """The share of a period's total that was in after `elapsed` of `length` days: the median of the last 24 whole
    periods, shorter or longer ones cut at the same part. Takes day, value and whole periods (first, last)."""
    shares = []
    totals = dict(days.iter_rows())
    for first, last in whole.tail(24).select("first", "last").iter_rows():
        size = (last - first).days + 1
        at = min(size, round(elapsed * size / length))
        amounts = [totals.get(first + n * ONE_DAY, 0.0) for n in range(size)]
        if sum(amounts) > 0:
            shares.append(sum(amounts[:at]) / sum(amounts))
    return float(np.clip(np.median(shares), 0, 1)) if shares else elapsed / length


def chart_rows(outlook: Outlook, metric: str, currency: str, grain: str) -> pl.DataFrame:
    """One row per past or coming period: start, label, value (past, whole), forecast, naive, low80, high80, low95,
    high95, texts. The last whole period also starts the forecast's line."""
    unit = METRICS[metric].unit
    visible = outlook.history.filter("whole").tail(GRAINS[grain].past)
    columns = dict.fromkeys(("value", "forecast", "naive", "low80", "high80", "low95", "high95"), pl.Float64)
    rows = [
        (start, label, v, *(6 * (None,))) for start, label, v in visible.select("start", "label", "value").iter_rows()
    ]
    if outlook.theta and outlook.naive and rows:
        rows[-1] = (*rows[-1][:3], *(6 * (rows[-1][2],)))
        (low80, high80), (low95, high95) = (outlook.theta.bounds(level) for level in forecast.LEVELS)
        for n, (start, label) in enumerate(outlook.ahead.select("start", "label").iter_rows()):
            numbers = (outlook.theta.mean, outlook.naive.mean, low80, high80, low95, high95)
            rows.append((start, label, None, *(float(values[n]) for values in numbers)))
    table = pl.DataFrame(rows, schema={"start": pl.Date, "label": pl.String, **columns}, orient="row")
    best = pl.coalesce("value", "forecast")
    ranges = [
        f"{formats.text(low, unit, currency)} to {formats.text(high, unit, currency)}" if past is None else ""
        for past, low, high in table.select("value", "low80", "high80").iter_rows()
    ]
    return table.with_columns(
        pl.Series("text", [formats.text(v, unit, currency) for v in table.select(best).to_series()], pl.String),
        pl.Series("range_text", ranges, pl.String),
        pl.Series("naive_text", [formats.text(v, unit, currency) for v in table["naive"]], pl.String),
    )


def quality(outlook: Outlook) -> pl.DataFrame:
    """One row per method: method, mase, coverage80, coverage95 (measured in the backtest), origins."""
    rows = [
        (name, made.mase, *(made.coverage.get(level) for level in forecast.LEVELS), made.origins)
        for name, made in (("Theta", outlook.theta), ("Seasonal naive", outlook.naive))
        if made
    ]
    schema = {
        "method": pl.String, "mase": pl.Float64, "coverage80": pl.Float64, "coverage95": pl.Float64,
        "origins": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


# --- Members ----------------------------------------------------------------------------------------------------------


def members(data: Dataset, filters: Filters, metric: str, grain: str, dimension: str, total: Forecast) -> pl.DataFrame:
    """Forecasts of a dimension's members, made to add up to the total's exactly: one row per member and step.

    member (the largest MOST_MEMBERS and OTHERS), rank, step (Int64), units (whole smallest units: ten-thousandths of
    money, else single pieces; they sum to the total's over the members), value (in the metric's unit), last (of the
    same steps a season before, null where the history is shorter). ValueError for a metric that does not add up.
    """
    if METRICS[metric].kind != "sum":
        raise ValueError(f"{metric} does not add up over members")
    before = past(data, filters)
    spine = periods.buckets(before.period, grain, data.calendar)
    request = Totals((dimension, "bucket"))
    result = lines.page(data, before, [request], grain=grain)[request].with_columns(value(metric).alias("value"))
    result = result.with_columns(pl.col(dimension).cast(pl.String).fill_null("No customer recorded").alias("member"))
    wide = result.join(spine.filter("whole").select("bucket"), on="bucket", how="semi")
    recent = wide.filter(pl.col("bucket") > pl.col("bucket").max() - GRAINS[grain].season)
    names = (
        recent.group_by("member").agg(pl.col("value").sum()).sort("value", "member", descending=[True, False])["member"]
    )
    first = names.head(MOST_MEMBERS).to_list() if names.len() > MOST_MEMBERS + 1 else names.to_list()
    buckets = spine.filter("whole")["bucket"].to_list()
    grid = np.zeros((len(first) + 1, len(buckets)))
    at = {bucket: n for n, bucket in enumerate(buckets)}
    row_of = {name: n for n, name in enumerate(first)}
    for name, bucket, amount in wide.select("member", "bucket", "value").iter_rows():
        grid[row_of.get(name, len(first)), at[bucket]] += amount
    if not grid[-1].any() and len(names) == len(first):
        grid = grid[:-1]
    else:
        first = [*first, OTHERS]
    season, steps = GRAINS[grain].season, total.steps
    # A member too young for two seasons of sales still gets a forecast: its zeros are part of its history.
    made = np.stack([theta(row, season, steps) for row in grid])
    scale = MONEY_SCALE if METRICS[metric].unit == "money" else 1
    if (grid >= 0).all():
        made = np.maximum(made, 0)
    units = forecast.add_up(np.rint(total.mean * scale).astype(np.int64), made * scale)
    last = np.full((len(first), steps), np.nan)
    if season > 1 and grid.shape[1] >= season:
        last = np.stack([seasonal_naive(row, season, steps) for row in grid])
    rows = [
        (name, n, step, int(units[n, step]), units[n, step] / scale, float(last[n, step]))
        for n, name in enumerate(first)
        for step in range(steps)
    ]
    schema = {
        "member": pl.String, "rank": pl.Int64, "step": pl.Int64, "units": pl.Int64, "value": pl.Float64,
        "last": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("last").fill_nan(None))


def member_bars(table: pl.DataFrame, metric: str, currency: str) -> pl.DataFrame:
    """One row per member: its forecast summed over all steps, against the same steps a season before; the columns of
    `views.breakdown`."""
    unit = METRICS[metric].unit
    # Sums of floats depend on the order of what is added, and that of a group's rows is not given.
    whole = (
        table.sort("rank", "step")
        .group_by("member", "rank", maintain_order=True)
        .agg(
            pl.col("value").sum(),
            pl.when(pl.col("last").is_not_null().all()).then(pl.col("last").sum()).alias("value_base"),
        )
    )
    whole = whole.with_columns(
        pl.when(pl.col("value_base") > 0).then(pl.col("value") / pl.col("value_base") - 1).alias("change"),
        (pl.col("value") / pl.col("value").sum()).alias("share"),
        pl.lit(True).alias("selected"),
    )
    return whole.drop("rank").with_columns(
        pl.Series("text", [formats.text(v, unit, currency) for v in whole["value"]], pl.String),
        pl.Series("base_text", [formats.text(v, unit, currency) for v in whole["value_base"]], pl.String),
        pl.Series("change_text", [formats.change_text(v, "count") for v in whole["change"]], pl.String),
        pl.Series("share_text", [formats.text(v, "share") for v in whole["share"]], pl.String),
    )


def dimensions(data: Dataset, filters: Filters) -> list[str]:
    """Dimensions by whose members a total can be told apart; products are too many."""
    names = [name for name in data.members if name != "product" and len(data.members[name]) > 1]
    return [name for name in names if len(filters.members(name)) != 1 and dimension_of(name, data)]
