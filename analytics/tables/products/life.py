"""Product life: what was launched, grows, declines, or is no longer sold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters
from analytics.lines import MOMENTS, Worth
from analytics.models.discoveries import discoveries, two_sided
from analytics.tables.drivers.chance import own_variance

Array = NDArray[Any]

STAGES: Final = {
    "Launched": "first sold inside the period, with at least 60 days of data before",
    "Growing": "more lines than in the comparison, beyond chance",
    "Steady": "no more and no fewer lines than chance allows",
    "Declining": "fewer lines than in the comparison, beyond chance",
    "Discontinued": "not sold for 60 days and for 8 times its usual gap between selling days",
}
"""Stage -> when an item is in it, in the order drawn."""

MOVING: Final = "moving"
"""Stands for those three stages that chance decides between."""

LINES: Final = Worth(("lines",))

QUIET_DAYS: Final = 60
"""Days without a sale after which an item may count as discontinued, and of data before a launch."""

QUIET_GAPS: Final = 8
"""Usual gaps without a sale after which it does: by chance that happens to one item in 3,000."""


def product_life(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per product with sales in the period or the base, or launched or discontinued since the base began:
    member, stage, first_day, last_day, revenue, revenue_base (currency units), change, lines, lines_base.

    First and last days are of the whole history up to the period's end, unfiltered; sales are the view's. Without a
    base nothing grows or declines. Most revenue of either period first.
    """
    end = filters.period.end
    sold = lines.sums(data, filters, ["product"])
    table = lines.lives(data, end).join(sold, on="product", how="inner")
    base = filters.base
    days = (filters.period.days / base.days) if base else 1.0
    gap = (pl.col("last_day") - pl.col("first_day")).dt.total_days() / pl.max_horizontal(pl.col("selling_days") - 1, 1)
    quiet = (pl.lit(end) - pl.col("last_day")).dt.total_days()
    gone = (quiet > QUIET_DAYS) & (quiet > QUIET_GAPS * gap) & (pl.col("selling_days") >= 3)
    # Where sales began later than the data did: what the first days sell had a past that nobody knows.
    launched = (pl.col("first_day") >= filters.period.start) & (
        pl.col("first_day") >= data.first_day + timedelta(QUIET_DAYS)
    )
    stage = pl.when(gone).then(pl.lit("Discontinued")).when(launched).then(pl.lit("Launched")).otherwise(pl.lit(MOVING))
    table = table.with_columns(stage.alias("stage"))
    if base:
        squares = lines.squares(data, filters, [("product",)], LINES).by[("product",)]
        table = table.join(squares.select("product", *MOMENTS), on="product", how="left")
    errors = _errors(table, days) if base else np.zeros(table.height)
    moving = (table["stage"] == MOVING).to_numpy()
    called = pl.Series(discoveries(np.where(moving, two_sided(errors), np.nan)), dtype=pl.Boolean)
    grows = pl.when(called & (pl.Series(errors) > 0)).then(pl.lit("Growing")).when(called).then(pl.lit("Declining"))
    stage = pl.when(pl.col("stage") == MOVING).then(grows.otherwise(pl.lit("Steady"))).otherwise("stage")
    table = table.with_columns(stage.alias("stage"))
    money = [(pl.col(name) / MONEY_SCALE).alias(name) for name in ("revenue", "revenue_base")]
    change = pl.when(pl.col("revenue_base") > 0).then(pl.col("revenue") / pl.col("revenue_base") - 1)
    return table.select(
        pl.col("product").cast(pl.String).alias("member"),
        "stage", "first_day", "last_day", *money, change.alias("change"), "lines", "lines_base",
    ).sort(pl.max_horizontal("revenue", "revenue_base"), "member", descending=[True, False])  # fmt: skip


def _errors(table: pl.DataFrame, days: float) -> Array:
    """How many standard errors, over customers, each product sold more lines than its base's in as many days.

    Lines are whole, and so is what a customer's lines move the difference by, so half a step of it is taken off
    (Yates's correction for continuity): without it a chance in a thousand is said to be a third less.
    """
    lines_now, lines_base = (table[name].fill_null(0).cast(pl.Float64).to_numpy() for name in ("lines", "lines_base"))
    moves, sold = lines_now - lines_base * days, lines_now + lines_base * days
    square = own_variance(np.asarray(days), *(table[name].fill_null(0.0).to_numpy() for name in MOMENTS[:3]))
    half_step = square / np.where(sold > 0, sold, 1.0)
    certain = np.sign(moves) * np.maximum(np.abs(moves) - half_step, 0.0)
    return np.asarray(np.where(square > 0, certain / np.sqrt(np.where(square > 0, square, 1.0)), 0.0))


def by_stage(life: pl.DataFrame) -> pl.DataFrame:
    """One row per stage: stage, items, revenue, revenue_base (currency units), meaning."""
    result = life.group_by("stage").agg(
        pl.len().cast(pl.Int64).alias("items"), pl.col("revenue").sum(), pl.col("revenue_base").sum()
    )
    every = pl.DataFrame({"stage": list(STAGES), "meaning": list(STAGES.values())})
    joined = every.join(result, on="stage", how="left", maintain_order="left")
    return joined.with_columns(pl.col("items", "revenue", "revenue_base").fill_null(0))


def bars(stages: pl.DataFrame, currency: str) -> pl.DataFrame:
    """`by_stage` as bars: member (the stage), value (items), text, value_base and texts of revenue."""
    texts = [formats.text(items, "count") for items in stages["items"]]
    return stages.with_columns(
        pl.col("stage").alias("member"),
        pl.col("items").cast(pl.Float64).alias("value"),
        pl.lit(None, pl.Float64).alias("value_base"),
        pl.lit(True).alias("selected"),
        pl.Series("text", texts, pl.String),
        pl.Series("share_text", [formats.text(v, "money", currency) for v in stages["revenue"]], pl.String),
        pl.Series("base_text", [formats.text(v, "money", currency) for v in stages["revenue_base"]], pl.String),
        pl.lit("–").alias("change_text"),
    )
