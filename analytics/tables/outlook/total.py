"""Outlook: what the next periods bring, how far off such forecasts were, and how the running period will end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines, periods
from analytics.dataset import Dataset
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.grains import GRAINS, ONE_DAY, label, next_start
from analytics.lines import Totals
from analytics.metrics import METRICS
from analytics.models import forecast
from analytics.models.forecast import Candidates, Forecast
from analytics.models.running import Running, begun
from analytics.periods import Comparison, Period
from analytics.tables import running as running_periods

Array = NDArray[Any]

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
    seasonal: bool = True
    """Whether the history is long enough to know a season."""
    intermittent: bool = False
    cut: bool = False
    """Whether the metric is undefined in some period, as a ratio is where nothing was sold."""

    @property
    def untold(self) -> bool:
        """Whether the data cannot tell the metric at all under the view's filters."""
        return self.cut and self.history["value"].null_count() == self.history.height

    @property
    def empty(self) -> bool:
        """Whether there are whole periods and none of them has anything of the metric."""
        whole = self.history.filter("whole")["value"]
        return whole.count() > 0 and not (whole != 0).any()

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
    known = result.select("bucket", value(metric).alias("value"), pl.lit(True).alias("sold"))
    table = spine.join(known, on="bucket", how="left").sort("bucket")
    # A period without lines has nothing of a sum; what cannot be told of those there are stays unknown.
    untold = known.height > 0 and known["value"].null_count() == known.height
    nothing = pl.col("sold").is_null() & pl.lit(METRICS[metric].kind != "ratio" and not untold)
    return table.with_columns(pl.when(nothing).then(0.0).otherwise("value").alias("value")).drop("sold")


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
    ahead = GRAINS[grain].ahead
    steps = ahead if season > 1 or grain != "week" else min(ahead, whole.height // 2)
    coming = _ahead(data, history, now is not None, grain, max(steps, 1))
    series = whole["value"].cast(pl.Float64).to_numpy()
    known = series[~np.isnan(series)]
    cut = known.size < series.size
    if cut or not series.any() or running_periods.lacking(grain, known.size):
        return Outlook(history, coming, grain, lacking, cut=cut)
    both = Candidates(series, season, steps)
    theta, naive, estimate = both.theta, both.naive, None
    if now and adds_up_over_days(metric):
        estimate = running_periods.estimate(_by_day(days, metric), span, now, grain, whole, both.drawn, data.calendar)
        theta, naive = begun(theta, estimate), begun(naive, estimate)
    return Outlook(
        history,
        coming,
        grain,
        lacking,
        theta,
        naive,
        both.closer,
        str(whole["label"][both.shift.at]) if both.shift else "",
        estimate,
        season > 1 or GRAINS[grain].season == 1,
        forecast.intermittent(series),
    )


def _ahead(data: Dataset, history: pl.DataFrame, unfinished: bool, grain: str, steps: int) -> pl.DataFrame:
    last = history.row(-1, named=True)
    start = last["start"] if unfinished else last["end"] + ONE_DAY
    rows = []
    for _ in range(steps):
        following = next_start(start, grain)
        rows.append((start, following - ONE_DAY, label(start, grain, data.calendar)))
        start = following
    return pl.DataFrame(rows, schema={"start": pl.Date, "end": pl.Date, "label": pl.String}, orient="row")


def _by_day(days: pl.DataFrame, metric: str) -> pl.DataFrame:
    return days.select("day", value(metric).cast(pl.Float64).alias("value"))


def chart_rows(outlook: Outlook, metric: str, currency: str) -> pl.DataFrame:
    """One row per past or coming period: start, label, value (past, whole), forecast (of the closer method), beside (of
    the other), low80, high80, low95, high95, texts. The last whole period also starts the forecast's line."""
    unit = formats.estimate(METRICS[metric].unit, outlook.history["value"])
    visible = outlook.history.filter("whole").tail(GRAINS[outlook.grain].past)
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
        " to ".join(formats.interval(low, high, unit=unit, currency=currency)) if past is None else ""
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
