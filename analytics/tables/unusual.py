"""Unusual days: which days of a view fell out of line, and which members made them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import dimension, levels, others
from analytics.filters import Filters
from analytics.lines import ADDITIVE
from analytics.metrics import METRICS, value
from analytics.models import anomalies
from analytics.periods import Comparison, Period

MOST: Final = 10
"""Days that are explained: the most unusual."""

DAYS_BEFORE: Final = 26 * 7
"""Days before a period that its first days are judged by."""

MAINLY: Final = 0.6
"""A member explains a day where it makes this part of what the day is off."""

BEYOND_SHARE: Final = 1.5
"""... and this many times what its usual share of sales would have made of it."""


def metric_for(metric: str) -> str:
    """The metric that days are judged by: the one asked for where it is a sum over lines, else revenue."""
    return metric if METRICS[metric].kind == "sum" and set(METRICS[metric].measures) <= set(ADDITIVE) else "revenue"


def unusual(data: Dataset, filters: Filters, metric: str, *, explained: bool = True) -> pl.DataFrame:
    """One row per anomaly of the period, latest first: day, label, value, usual (in the metric's unit), times (value
    over usual), z, why (in words, empty where not `explained`), texts. Judged by the days before, also those before the
    period."""
    name = metric_for(metric)
    end = min(max(filters.period.end, data.first_day), data.last_day)
    start = max(data.first_day, min(filters.period.start - timedelta(DAYS_BEFORE), end))
    past = Filters(Period(start, end), Comparison("none", None), filters.where)
    found = lines.sums(data, past, ["day"]).select("day", value(name).alias("value"))
    spine = pl.date_range(start, end, eager=True).alias("day").to_frame()
    days = spine.join(found, on="day", how="left", maintain_order="left").with_columns(pl.col("value").fill_null(0.0))
    judged = anomalies.usual(days["value"].to_numpy())
    days = days.with_columns(
        pl.Series("usual", judged.value), pl.Series("z", judged.z), pl.Series("odd", judged.anomalies)
    )
    shown = (
        days.filter(pl.col("odd") & (pl.col("day") >= filters.period.start)).drop("odd").sort("day", descending=True)
    )
    most = shown.sort(pl.col("z").abs(), descending=True).head(MOST)["day"].to_list() if explained else []
    why = _why(data, filters, most)
    currency, unit = data.currency, METRICS[name].unit
    return shown.select(
        "day",
        pl.Series("label", [f"{day:%a} {day.day} {day:%b %Y}" for day in shown["day"]], pl.String),
        "value",
        "usual",
        (pl.col("value") / pl.col("usual")).alias("times"),
        "z",
        pl.Series("why", [why.get(day, "") for day in shown["day"]], pl.String),
        pl.Series("text", [formats.text(v, unit, currency) for v in shown["value"]], pl.String),
        pl.Series("usual_text", [formats.text(v, unit, currency) for v in shown["usual"]], pl.String),
    )


def _why(data: Dataset, filters: Filters, days: list[date]) -> dict[date, str]:
    """Day -> which member made most of it, in revenue, against the mean of the same weekdays of eight weeks before."""
    if not days:
        return {}
    names = [*levels(data, "geography")[:2], *levels(data, "product")[:2], *others(data)]
    names = [name for name in names if name != "product" and len(data.members[name]) > 1]
    back = {day: [day - timedelta(7 * n) for n in range(1, anomalies.WEEKS + 1)] for day in days}
    wanted = sorted({*days, *(day for some in back.values() for day in some)})
    best: dict[date, tuple[float, str]] = {}
    for name in names:
        table = lines.on_days(data, filters.where, wanted, name)
        table = table.with_columns(pl.col(name).cast(pl.String).fill_null(""))
        sold = {
            (day, member): money / MONEY_SCALE for day, member, money in table.select("day", name, "revenue").rows()
        }
        members = table[name].unique().sort().to_list()
        for day in days:
            usual = {m: float(np.mean([sold.get((d, m), 0.0) for d in back[day]])) for m in members}
            off = {m: sold.get((day, m), 0.0) - usual[m] for m in members}
            whole, base = sum(off.values()), sum(usual.values())
            if not whole or base <= 0:
                continue
            member, share = max(((m, off[m] / whole) for m in members), key=lambda pair: pair[1])
            telling = share >= MAINLY and share >= BEYOND_SHARE * usual[member] / base
            if telling and share > best.get(day, (0.0, ""))[0]:
                moved = formats.signed_text(off[member], "money", data.currency)
                best[day] = (share, f"mostly {dimension(name, data).label.lower()} {member} ({moved})")
    return {day: best[day][1] if day in best else "across the board" for day in days}


def marked(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Rows of a trend (start, first, last, value) with `odd`, their value where the bucket has unusual days, else null,
    and `odd_text`, those days in words."""
    said = []
    for first, last in rows.select("first", "last").iter_rows():
        inside = found.filter(pl.col("day").is_between(first, last)).sort("day")
        days = [f"{label}: {text}, usually {usual}" for label, text, usual in
                inside.select("label", "text", "usual_text").head(3).iter_rows()]  # fmt: skip
        more = f"; {inside.height - 3} more" if inside.height > 3 else ""
        said.append("; ".join(days) + more if days else None)
    texts = pl.Series("odd_text", said, pl.String)
    return rows.with_columns(texts, pl.when(texts.is_not_null()).then(pl.col("value")).alias("odd"))
