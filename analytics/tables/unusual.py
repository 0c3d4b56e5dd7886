"""Unusual days: which days of a view fell out of line, which members made them, and where a trend shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines
from analytics.dataset import Dataset
from analytics.dates import day_text
from analytics.dimensions import dimension, levels, others
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.grains import ONE_DAY
from analytics.lines import ADDITIVE, Totals
from analytics.metrics import METRICS
from analytics.models import anomalies
from analytics.models.discoveries import discoveries
from analytics.periods import Comparison, Period

Array = NDArray[Any]

Empty = Callable[[], frozenset[date]]

MOST: Final = 10
"""Days that are explained: the most unusual."""

DAYS_BEFORE: Final = anomalies.DAYS_BEFORE
"""Days before a period that its first days are judged by."""

WEEKS_BESIDE: Final = 8
"""Same weekdays before a day whose mean its members are compared with."""

SHIFT: Final = 7
"""Days by which a holiday moves from year to year."""

CLOSED: Final = "closed day: no sales at all, as on others"
"""What a closed day is called where a member would explain another one."""

MAINLY: Final = 0.6
"""A member explains a day where it makes this part of what the day is off."""

BEYOND_SHARE: Final = 1.5
"""... and this many times what its usual share of sales would have made of it."""


def metric_for(metric: str) -> str:
    """The metric that days are judged by: the one asked for where it is orders or a sum over lines, else revenue."""
    if metric == "orders":
        return metric
    return metric if METRICS[metric].kind == "sum" and set(METRICS[metric].measures) <= set(ADDITIVE) else "revenue"


def before(data: Dataset, filters: Filters) -> Filters | None:
    """The same filters over the days that the period's first days are judged by; None where the data has none."""
    start = max(data.first_day, filters.period.start - timedelta(DAYS_BEFORE))
    end = min(filters.period.start - ONE_DAY, data.last_day)
    return Filters(Period(start, end), Comparison("none", None), filters.where) if start <= end else None


def days(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per day of the period with sales: day and the measures that add up over days, orders among them."""
    request = Totals(("day",))
    return lines.page(data, Filters(filters.period, Comparison("none", None), filters.where), [request], grain="year")[
        request
    ]


def _series(sold: pl.DataFrame, period: Period, name: str, last_day: date) -> tuple[date, Array, Array]:
    """The first day of what is known, and what each day from then to the period's end sold and in how many orders,
    without gaps."""
    result = sold.select("day", value(name).cast(pl.Float64).fill_null(0.0).alias("value"), "orders")
    start = min([period.start, *result["day"]])
    end = max(min(period.end, last_day), start)
    at = result["day"].to_physical().to_numpy() - (start - date(1970, 1, 1)).days
    inside = (at >= 0) & (at < (end - start).days + 1)
    values, orders = np.zeros((2, (end - start).days + 1))
    values[at[inside]], orders[at[inside]] = result["value"].to_numpy()[inside], result["orders"].to_numpy()[inside]
    return start, values, orders


def judged_days(sold: pl.DataFrame, period: Period, metric: str, last_day: date) -> tuple[int, int]:
    """Days of the period that could be judged, and all of them up to the data's last day."""
    start, values, orders = _series(sold, period, metric_for(metric), last_day)
    inside = anomalies.judged(values, orders).chance[(period.start - start).days :]
    return int((~np.isnan(inside)).sum()), int(inside.size)


def unusual(
    sold: pl.DataFrame, period: Period, metric: str, currency: str, last_day: date, empty: Empty | None = None
) -> pl.DataFrame:
    """One row per anomaly of the period, latest first: day, label, value, usual (in the metric's unit), times (value
    over usual), z (null for a closed day), closed, what (the metric it is judged by), texts. Of all days of the period
    the false discovery rate is held. Takes `days` of the period and before it; days without a row sold nothing, up to
    the data's last day. `empty` gives the `empty_days` of the
    whole dataset, asked for where a day sold nothing: a part of it that does is not closed. Without it, `sold` is taken
    for all of it."""
    name = metric_for(metric)
    start, values, orders = _series(sold, period, name, last_day)
    judged = anomalies.judged(values, orders)
    closed = _closed(orders, judged, start, empty)
    inside = np.arange(values.size) >= (period.start - start).days
    odd = discoveries(np.where(inside & ~closed, judged.chance, np.nan)) | (inside & closed)
    visible = np.flatnonzero(odd)[::-1].tolist()
    days, unit = [start + timedelta(n) for n in visible], formats.estimate(METRICS[name].unit, values.tolist())
    came, usual = values[visible].tolist(), judged.usual[visible].tolist()
    columns = {
        "day": (days, pl.Date),
        "label": ([f"{day:%a} {day_text(day)}" for day in days], pl.String),
        "value": (came, pl.Float64),
        "usual": (usual, pl.Float64),
        "times": ([now / normal if normal > 0 else None for now, normal in zip(came, usual, strict=True)], pl.Float64),
        "z": ([None if closed[n] else float(judged.z[n]) for n in visible], pl.Float64),
        "closed": (closed[visible].tolist(), pl.Boolean),
        "what": ([METRICS[name].label.lower()] * len(days), pl.String),
        "text": ([formats.text(item, unit, currency) for item in came], pl.String),
        "usual_text": ([formats.text(item, unit, currency) for item in usual], pl.String),
    }
    return pl.DataFrame([pl.Series(column, held, dtype) for column, (held, dtype) in columns.items()])


def empty_days(data: Dataset, sold: pl.DataFrame) -> frozenset[date]:
    """The days of the whole history on which nothing at all was sold; takes `days` of that."""
    every = pl.date_range(data.first_day, data.last_day, eager=True)
    # A day may have returns alone.
    open_days = sold.filter(pl.col("lines") > 0)["day"]
    return frozenset(every.filter(~every.is_in(open_days.implode())))


def _closed(orders: Array, judged: anomalies.JudgedDays, start: date, every: Empty | None) -> Array:
    """Marks of closed days: unusual ones without any sales that recur, in this series or around the same date of
    another year."""
    if not judged.empty.any():
        return np.zeros_like(judged.empty)
    days = [start + timedelta(n) for n in range(orders.size)]
    empty = every() if every else frozenset(day for day, sold in zip(days, orders, strict=True) if sold <= 0)
    shut = np.array([day in empty for day in days], bool) & (orders <= 0)
    yearly = np.array([one and _yearly(day, empty) for day, one in zip(days, shut, strict=True)], bool)
    return np.asarray(anomalies.closed(judged.empty, shut) | (judged.empty & yearly))


def _yearly(day: date, empty: frozenset[date]) -> bool:
    """Whether days around the same date of the year before or after are empty, too."""
    return any(day + timedelta(years * 365 + near) in empty for years in (-1, 1) for near in range(-SHIFT, SHIFT + 1))


def explained(data: Dataset, filters: Filters, table: pl.DataFrame, metric: str) -> pl.DataFrame:
    """`unusual` with `why`: which member made most of a day, in words, or that it is a closed day; empty beyond the
    MOST most unusual days, and where the weeks before lie on the other side of a day than what is usual."""
    closed = set(table.filter("closed")["day"])
    most = table.filter(~pl.col("closed")).sort(pl.col("z").abs(), descending=True).head(MOST)
    apart = dict(most.select("day", pl.col("value") - pl.col("usual")).iter_rows())
    why = dict.fromkeys(closed, CLOSED) | _why(data, filters, apart, metric_for(metric))
    return table.with_columns(pl.Series("why", [why.get(day, "") for day in table["day"]], pl.String))


def _why(data: Dataset, filters: Filters, apart: dict[date, float], metric: str) -> dict[date, str]:
    """Day -> which member made most of it, against the mean of the same weekdays of the weeks before; takes how far
    each day lies from what is usual. A member has no part in an order that others are on as well, so orders are
    explained by order lines."""
    if not apart:
        return {}
    days, sides = list(apart), dict.fromkeys(apart, 0.0)
    names = [*levels(data, "geography")[:2], *levels(data, "product")[:2], *others(data)]
    names = [name for name in names if name != "product" and len(data.members[name]) > 1]
    back = {day: [day - timedelta(7 * n) for n in range(1, WEEKS_BESIDE + 1)] for day in days}
    wanted = sorted({*days, *(day for some in back.values() for day in some)})
    amount = pl.col("lines").cast(pl.Float64) if metric == "orders" else value(metric).cast(pl.Float64)
    words = " order lines" if metric == "orders" else ""
    best: dict[date, tuple[float, str]] = {}
    for name, table in lines.on_days(data, filters.where, wanted, names).items():
        table = table.select("day", pl.col(name).cast(pl.String).fill_null(""), amount.fill_null(0).alias("amount"))
        sold = {(day, member): came for day, member, came in table.iter_rows()}
        unit = formats.estimate(METRICS[metric].unit, sold.values())
        members = table[name].unique().sort().to_list()
        for day in days:
            usual = {m: float(np.mean([sold.get((d, m), 0.0) for d in back[day]])) for m in members}
            off = {m: sold.get((day, m), 0.0) - usual[m] for m in members}
            whole, base = sum(off.values()), sum(usual.values())
            sides[day] = whole * apart[day]
            if sides[day] <= 0 or base <= 0:
                continue
            # Of what the sentence says that the day is off, where that is more.
            part = min(1.0, abs(whole / apart[day]))
            member, share = max(((m, part * off[m] / whole) for m in members), key=lambda pair: pair[1])
            telling = share >= MAINLY and share >= BEYOND_SHARE * usual[member] / base
            if telling and share > best.get(day, (0.0, ""))[0]:
                moved = formats.signed_text(off[member], unit, data.currency)
                best[day] = (share, f"mostly {dimension(name, data).label.lower()} {member} ({moved}{words})")
    return {day: best[day][1] if day in best else "across the board" for day in days if sides[day] >= 0}


def in_words(table: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """The days of `unusual` inside each span (start, first, last) in words: start, odd_text; null where there are none.
    With the members that made them where the days are `explained`."""
    sentences = _sentences(table, spans)
    return spans.select("start", pl.Series("odd_text", [sentences[start] for start in spans["start"]], pl.String))


def _sentences(table: pl.DataFrame, spans: pl.DataFrame) -> dict[date, str | None]:
    """Start of each span -> its unusual days in words, None where there are none."""
    days = sorted(table.to_dicts(), key=lambda row: row["day"])
    out: dict[date, str | None] = {}
    for start, first, last in zip(spans["start"], spans["first"], spans["last"], strict=True):
        inside = [row for row in days if first <= row["day"] <= last]
        words = [
            f"{row['label']}: {row['what']} {row['text']}, usually {row['usual_text']}"
            + (f" ({row['why']})" if row.get("why") else "")
            for row in inside[:3]
        ]
        more = f"; {len(inside) - 3} more" if len(inside) > 3 else ""
        out[start] = "; ".join(words) + more if inside else None
    return out


def marked(
    rows: pl.DataFrame, table: pl.DataFrame, spans: pl.DataFrame, *, at: str = "value", prefix: str = ""
) -> pl.DataFrame:
    """Rows of a chart with `start`, with `odd`, their `at` where the bucket has unusual days, else null, and
    `odd_text`, those days in words. `spans` are the buckets (start, first, last); both names can bear a `prefix`."""
    odd, text = f"{prefix}odd", f"{prefix}odd_text"
    sentences = _sentences(table, spans)
    texts = pl.Series(text, [sentences.get(start) for start in rows["start"]], pl.String)
    return rows.with_columns(texts, pl.when(texts.is_not_null()).then(pl.col(at)).alias(odd))
