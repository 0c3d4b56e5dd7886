"""Numbers, intervals and customers as tables and charts show them.

Money comes in as ten-thousandths where a column is whole, and leaves in currency units. `strength` is a cell's value as
a share of the largest, so that a text on it can stay readable.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.metrics import Unit

ROOM: Final = 1.16
"""How far an axis reaches beyond its largest value, for the text that stands there."""


def texts(values: pl.Series, unit: Unit, currency: str = "", name: str = "text") -> pl.Series:
    """The values as people read them."""
    return pl.Series(name, [formats.text(value, unit, currency) for value in values], pl.String)


def span(low: pl.Series, high: pl.Series, unit: Unit, currency: str = "") -> pl.Series:
    """Intervals as people read them: `12.1% to 15.3%`."""
    pairs = zip(texts(low, unit, currency), texts(high, unit, currency), strict=True)
    return pl.Series("interval_text", [f"{a} to {b}" if a != "–" else "–" for a, b in pairs], pl.String)


def strength(column: str = "value") -> pl.Expr:
    most = pl.col(column).max()
    return pl.when(most > 0).then((pl.col(column) / most).clip(0)).otherwise(0.0).fill_nan(0).alias("strength")


def people(data: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with customer_id and name in front, money in currency units; keeps `customer`, the code."""
    named = data.customers.select("customer_id", "name")[rows["customer"]]
    money = [n for n in ("money", "recent", "revenue", "now", "base", "change") if rows.schema.get(n) == pl.Int64]
    return rows.select("customer", *named, pl.exclude("customer", *money), pl.col(money) / MONEY_SCALE).select(
        "customer", "customer_id", "name", pl.exclude("customer", "customer_id", "name")
    )


def ranges(
    rows: pl.DataFrame, member: str, value: str, unit: Unit, currency: str = "", *, size: str, low: str, high: str
) -> pl.DataFrame:
    """Values with intervals, in the rows' order: member, value, low, high, enough, edge (room) and texts."""
    visible = rows.select(
        pl.col(member).cast(pl.String).alias("member"),
        pl.col(value).alias("value"),
        pl.col(low).alias("low"),
        pl.col(high).alias("high"),
        pl.col(size).alias("customers"),
        "enough",
    )
    return visible.with_columns(
        (pl.col("high").max() * ROOM).alias("edge"),
        texts(visible["value"], unit, currency),
        span(visible["low"], visible["high"], unit, currency),
        texts(visible["customers"], "count", name="size_text"),
    )


def columns(rows: pl.DataFrame, member: str, value: str, unit: Unit) -> pl.DataFrame:
    """Counts by step with their share of all: member, value, share, value_text, share_text, short."""
    total = float(rows[value].sum() or 0)
    visible = rows.select(
        pl.col(member).alias("member"),
        pl.col(value).alias("value"),
        (pl.col(value) / total if total else pl.lit(None, pl.Float64)).alias("share"),
    )
    return visible.with_columns(
        texts(visible["value"], unit, name="value_text"),
        texts(visible["share"], "share", name="share_text"),
        pl.Series("short", [_whole_percent(share) for share in visible["share"]], pl.String),
    )


def _whole_percent(share: float | None) -> str:
    return "" if not share else "<1%" if share < 0.005 else f"{share * 100:.0f}%"
