"""Outlook: what the next periods bring, how far off such forecasts were, and how the running period will end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines, periods
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import dimension as dimension_of
from analytics.filters import Filters
from analytics.lines import Totals
from analytics.metrics import METRICS, value
from analytics.models import forecast
from analytics.models.adding_up import add_up
from analytics.models.forecast import Candidates, Forecast
from analytics.models.running import Running, begun
from analytics.periods import ONE_DAY, Comparison, Period
from analytics.tables import running as running_periods

Array = NDArray[Any]

STEPS: Final = {
    "day": 28, "week": 13, "month": 12, "quarter": 4, "year": 2, "fiscal_year": 2, "retail_month": 12, "retail_year": 2,
}  # fmt: skip
"""Periods ahead that are forecast, by grain."""

SHOWN: Final = {"day": 120, "week": 104}
"""Past periods drawn where there are more; 60 otherwise."""

MOST_MEMBERS: Final = 8
"""Members forecast on their own; the others are one."""

OTHERS: Final = "All others"

METHODS: Final = {"theta": "Theta", "seasonal_naive": "Seasonal naive"}
"""What the methods are called."""


@dataclass(frozen=True)
class Outlook:
    """A series and its forecasts, or why there is none."""

    history: pl.DataFrame
    """One row per period from the data's first to the view's last: the columns of `periods.buckets`, value (Float64, in
    the metric's unit). A last one that is not over is not whole."""
    ahead: pl.DataFrame
    """One row per period forecast: start, end, label. The first is the running one, where there is one."""
    grain: str
    """The time steps: those asked for, or finer ones where there are too few of them."""
    lacking: int
    """Whole periods of the time steps asked for that are missing before a forecast by them can be made."""
    theta: Forecast | None = None
    naive: Forecast | None = None
    """The first step of both is the estimate of the running period, where there is one."""
    closer: str = ""
    """The method that was closer in the past beyond chance; empty where neither was."""
    shifted: str = ""
    """The period from which on the series has another level, where it has; the past is brought to that level."""
    running: Running | None = None
    running_days: int = 0
    """Days of the running period that are over."""
    seasonal: bool = True
    """Whether the history is long enough to know a season."""
    intermittent: bool = False
    cut: bool = False
    """Whether the metric is undefined in some period, as a ratio is where nothing was sold."""

    @property
    def drawn(self) -> Forecast | None:
        """The forecast that is drawn and summed."""
        return self.naive if self.closer == "seasonal_naive" else self.theta

    @property
    def beside(self) -> Forecast | None:
        """The other one."""
        return self.theta if self.closer == "seasonal_naive" else self.naive


def past(data: Dataset, filters: Filters) -> Filters:
    """The view's filters over the whole history up to the period's end, compared with nothing."""
    end = min(max(filters.period.end, data.first_day), data.last_day)
    return Filters(Period(data.first_day, end), Comparison("none", None), filters.where)


def outlook(data: Dataset, filters: Filters, metric: str, grain: str) -> Outlook:
    """The forecast of a metric from the end of the view's period on."""
    before = past(data, filters)
    used, missing = running_periods.steps(before.period, grain, data.calendar)
    spine = periods.buckets(before.period, used, data.calendar)
    by_bucket, by_day = Totals(("bucket",)), Totals(("day",))
    result = lines.page(data, before, [by_bucket, by_day], grain=used)
    history = _values(result[by_bucket], spine, metric)
    return _made(data, history, result[by_day], metric, used, before.period, missing)


def _values(result: pl.DataFrame, spine: pl.DataFrame, metric: str) -> pl.DataFrame:
    table = spine.join(
        result.with_columns(value(metric).alias("value")).select("bucket", "value"), on="bucket", how="left"
    )
    table = table.sort("bucket")
    return table if METRICS[metric].kind == "ratio" else table.with_columns(pl.col("value").fill_null(0.0))


def adds_up_over_days(metric: str) -> bool:
    """Whether a period's value is the sum of its days'."""
    return METRICS[metric].kind == "sum" or metric == "orders"


def _made(
    data: Dataset, history: pl.DataFrame, days: pl.DataFrame, metric: str, grain: str, span: Period, lacking: int
) -> Outlook:
    whole = history.filter("whole")
    unfinished = history.filter((pl.col("last") == span.end) & (pl.col("end") > span.end))
    now = unfinished.row(0, named=True) if unfinished.height else None
    season = running_periods.season(grain, whole.height)
    # A history without a season says nothing of times further ahead than it is long.
    steps = STEPS[grain] if season > 1 or grain != "week" else min(STEPS[grain], whole.height // 2)
    ahead = _ahead(data, history, now is not None, grain, max(steps, 1))
    series = whole["value"].to_numpy()
    known = series[~np.isnan(series)] if series.dtype.kind == "f" else series
    cut = known.size < series.size
    if cut or not series.size or running_periods.lacking(grain, known.size):
        return Outlook(history, ahead, grain, lacking, cut=cut)
    both = Candidates(series, season, steps)
    theta, naive, estimate, elapsed = both.theta, both.naive, None, 0
    if now and adds_up_over_days(metric):
        elapsed = (span.end - now["first"]).days + 1
        estimate = running_periods.estimate(_by_day(days, metric), span, now, grain, whole, both.drawn, data.calendar)
        theta, naive = begun(theta, estimate), begun(naive, estimate)
    return Outlook(
        history,
        ahead,
        grain,
        lacking,
        theta,
        naive,
        both.closer,
        str(whole["label"][both.shift.at]) if both.shift else "",
        estimate,
        elapsed,
        season > 1 or forecast.SEASON[grain] == 1,
        forecast.intermittent(series),
    )


def _ahead(data: Dataset, history: pl.DataFrame, unfinished: bool, grain: str, steps: int) -> pl.DataFrame:
    last = history.row(-1, named=True)
    start = last["start"] if unfinished else last["end"] + ONE_DAY
    rows = []
    for _ in range(steps):
        following = periods.next_start(start, grain)
        rows.append((start, following - ONE_DAY, periods.label(start, grain, data.calendar)))
        start = following
    return pl.DataFrame(rows, schema={"start": pl.Date, "end": pl.Date, "label": pl.String}, orient="row")


def _by_day(days: pl.DataFrame, metric: str) -> pl.DataFrame:
    return days.select("day", value(metric).cast(pl.Float64).alias("value"))


def chart_rows(outlook: Outlook, metric: str, currency: str) -> pl.DataFrame:
    """One row per past or coming period: start, label, value (past, whole), forecast (of the closer method), beside (of
    the other), low80, high80, low95, high95, texts. The last whole period also starts the forecast's line."""
    unit = METRICS[metric].unit
    visible = outlook.history.filter("whole").tail(SHOWN.get(outlook.grain, 60))
    columns = dict.fromkeys(("value", "forecast", "beside", "low80", "high80", "low95", "high95"), pl.Float64)
    rows = [
        (start, label, v, *(6 * (None,))) for start, label, v in visible.select("start", "label", "value").iter_rows()
    ]
    if outlook.drawn and outlook.beside and rows:
        rows[-1] = (*rows[-1][:3], *(6 * (rows[-1][2],)))
        (low80, high80), (low95, high95) = (outlook.drawn.bounds(level) for level in forecast.LEVELS)
        for n, (start, label) in enumerate(outlook.ahead.select("start", "label").iter_rows()):
            numbers = (outlook.drawn.mean, outlook.beside.mean, low80, high80, low95, high95)
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
        pl.Series("beside_text", [formats.text(v, unit, currency) for v in table["beside"]], pl.String),
    )


def quality(outlook: Outlook) -> pl.DataFrame:
    """One row per method: method, drawn, mase, coverage80, coverage95 (measured in the backtest), origins."""
    rows = [
        (
            METHODS[made.method],
            made is outlook.drawn,
            made.mase,
            *(made.coverage.get(level) for level in forecast.LEVELS),
            made.origins,
        )
        for made in (outlook.theta, outlook.naive)
        if made
    ]
    schema = {
        "method": pl.String, "drawn": pl.Boolean, "mase": pl.Float64, "coverage80": pl.Float64,
        "coverage95": pl.Float64, "origins": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


# --- Members ----------------------------------------------------------------------------------------------------------


def members(data: Dataset, filters: Filters, metric: str, dimension: str, whole: Outlook) -> pl.DataFrame:
    """Forecasts of a dimension's members, made to add up to the whole's exactly: one row per member and step.

    member (the largest MOST_MEMBERS and OTHERS), rank, step (Int64), units (whole smallest units: ten-thousandths of
    money, else single pieces; they sum to the whole's over the members), value (in the metric's unit), last (of the
    same steps a season before, null where the history is shorter). ValueError for a metric that does not add up, or a
    whole without a forecast.
    """
    if METRICS[metric].kind != "sum" or whole.drawn is None:
        raise ValueError(
            f"{metric} does not add up over members" if whole.drawn else "there is no forecast to add up to"
        )
    names, grid, so_far = _by_member(data, filters, metric, dimension, whole)
    total, season = whole.drawn.mean, running_periods.season(whole.grain, grid.shape[1])
    # A member too young for two seasons of sales still gets a forecast: its zeros are part of its history.
    made = np.stack([Candidates(row, season, total.size).mean for row in grid])
    if whole.running:
        made[:, 0] = so_far + _in_proportion(total[0] - so_far.sum(), made[:, 0])
    scale = MONEY_SCALE if METRICS[metric].unit == "money" else 1
    units = add_up(np.rint(total * scale).astype(np.int64), made * scale)
    last, a_season = np.full(made.shape, np.nan), forecast.SEASON[whole.grain]
    if a_season > 1 and grid.shape[1] >= a_season:
        last = np.stack([forecast.seasonal_naive(row, a_season, total.size) for row in grid])
    rows = [
        (name, n, step, int(units[n, step]), units[n, step] / scale, float(last[n, step]))
        for n, name in enumerate(names)
        for step in range(total.size)
    ]
    schema = {
        "member": pl.String, "rank": pl.Int64, "step": pl.Int64, "units": pl.Int64, "value": pl.Float64,
        "last": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("last").fill_nan(None))


def _in_proportion(amount: float, sizes: Array) -> Array:
    """An amount shared out by sizes, equally where all are 0."""
    whole = np.abs(sizes).sum()
    return np.asarray(amount * (np.abs(sizes) / whole if whole > 0 else np.full(sizes.size, 1 / sizes.size)))


def _by_member(
    data: Dataset, filters: Filters, metric: str, dimension: str, whole: Outlook
) -> tuple[list[str], Array, Array]:
    """The largest members and OTHERS, their values by whole period (a row each), and those of the running period."""
    before, spine = past(data, filters), whole.history
    request = Totals((dimension, "bucket"))
    result = lines.page(data, before, [request], grain=whole.grain)[request].with_columns(value(metric).alias("value"))
    result = result.with_columns(pl.col(dimension).cast(pl.String).fill_null("No customer recorded").alias("member"))
    # Sums of floats depend on the order of what is added, and that of a group's rows is not given.
    result = result.sort("member", "bucket")
    wide = result.filter(pl.col("bucket").is_in(spine.filter("whole")["bucket"].implode()))
    recent = wide.filter(pl.col("bucket") > pl.col("bucket").max() - forecast.SEASON[whole.grain])
    sizes = (
        recent.group_by("member", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("value", "member", descending=[True, False])
    )
    names = sizes["member"]
    first = names.head(MOST_MEMBERS).to_list() if names.len() > MOST_MEMBERS + 1 else names.to_list()
    at = {bucket: n for n, bucket in enumerate(spine["bucket"])}
    row_of = {name: n for n, name in enumerate(first)}
    grid = np.zeros((len(first) + 1, len(at)))
    for name, bucket, amount in result.select("member", "bucket", "value").iter_rows():
        grid[row_of.get(name, len(first)), at[bucket]] += amount
    kept = grid[:, spine["whole"].to_numpy()]
    so_far = grid[:, -1] if whole.running else np.zeros(len(grid))
    if not kept[-1].any() and not so_far[-1] and len(names) == len(first):
        return first, kept[:-1], so_far[:-1]
    return [*first, OTHERS], kept, so_far


def member_bars(table: pl.DataFrame, metric: str, currency: str) -> pl.DataFrame:
    """One row per member: its forecast summed over all steps, against the same steps a season before; the columns of
    `views.breakdown`."""
    unit = METRICS[metric].unit
    whole = table.group_by("member", "rank").agg(
        pl.col("value").sum(),
        pl.when(pl.col("last").is_not_null().all()).then(pl.col("last").sum()).alias("value_base"),
    )
    whole = whole.sort("rank").with_columns(
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
