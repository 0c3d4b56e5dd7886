"""Numbers and days as the sentences say them, and the comparisons that several of them make."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.metrics import METRICS, Metric, change, value


def pairs(table: pl.DataFrame, metric: str, *kept: str) -> pl.DataFrame:
    """The kept columns, `value` and `value_base` of a metric; Enum columns as text."""
    if "value" in table.columns:
        now = pl.col("value").cast(pl.Float64)
        base = pl.col("value_base") if "value_base" in table.columns else pl.lit(None)
    else:
        now = value(metric)
        compared = all(f"{name}_base" in table.columns for name in METRICS[metric].measures)
        base = value(metric, "_base") if compared else pl.lit(None)
    columns = [pl.col(n).cast(pl.String) if table.schema[n] in (pl.Enum, pl.Categorical) else pl.col(n) for n in kept]
    return table.select(*columns, now.alias("value"), base.cast(pl.Float64).alias("value_base"))


def headline(totals: pl.DataFrame, metric: str) -> tuple[float | None, float | None, float | None]:
    pair = pairs(totals, metric)
    return pair.with_columns(change(metric, pl.col("value"), pl.col("value_base")).alias("change")).row(0)


def share_of(values: pl.Series, row: Metric) -> float | None:
    """The largest value's part of all, None where parts do not add up to a whole."""
    parts: list[float] = values.to_list()
    total = sum(parts)
    return max(parts) / total if row.kind == "sum" and total > 0 and min(parts) >= 0 else None


def differences(rows: pl.DataFrame, row: Metric) -> pl.DataFrame:
    """Members with a base and `moved`, value less base. A sum or count that is gone is 0 now, a ratio is unknown."""
    now = pl.col("value") if row.kind == "ratio" else pl.col("value").fill_null(0)
    return rows.with_columns((now - pl.col("value_base")).alias("moved")).drop_nulls("moved")


def moves(rows: pl.DataFrame, row: Metric, currency: str, member: str) -> str:
    moved = differences(rows, row).sort("moved", member, descending=[True, False])
    parts = []
    for word, at, sign in (("rise", 0, 1), ("fall", -1, -1)):
        if moved.height and moved["moved"][at] * sign > 0:
            shown = formats.signed_text(moved["moved"][at], row.unit, currency)
            parts.append(f"biggest {word}: {moved[member][at]} ({shown})")
    joined = "; ".join(parts)
    return f" {joined[0].upper()}{joined[1:]}." if joined else ""


def counted(number: float | None) -> str:
    return formats.text(number, "count")


def percent(share: float | None) -> str:
    return formats.text(share, "share")


def amount(ten_thousandths: int, currency: str) -> str:
    return formats.text(ten_thousandths / MONEY_SCALE, "money", currency)


def signed(ten_thousandths: int, currency: str) -> str:
    return formats.signed_text(ten_thousandths / MONEY_SCALE, "money", currency)


def day(when: date) -> str:
    """A day in English: `9 Dec 2011`."""
    return f"{when.day} {when:%b %Y}"
