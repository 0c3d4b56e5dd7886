"""Rows of the charts of Retention: cohorts as grid and curves, the wait for a second purchase, the bridge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.metrics import Unit
from analytics.tables import display
from analytics.tables.retention import bridge

COHORT_UNITS: Final[dict[str, Unit]] = {"retention": "share", "revenue": "money", "orders": "number"}


BRIDGE_LABELS: Final = {
    "base": "Base",
    "new": "New",
    "recovered": "Recovered",
    "expansion": "Expansion",
    "contraction": "Contraction",
    "lapsed": "Lapsed",
    "unrecorded": "No customer",
    "now": "This period",
}


def cohort_cells(rows: pl.DataFrame, measure: str, currency: str) -> pl.DataFrame:
    """One row per cell of a cohort grid, k = 0 left out for retention. Takes `cohorts.by_cohort` or `by_group`."""
    unit = COHORT_UNITS[measure]
    visible = rows.filter(pl.col("k") > 0) if measure == "retention" else rows
    value = pl.col(measure) / MONEY_SCALE if unit == "money" else pl.col(measure)
    visible = visible.with_columns(
        value.alias("value"),
        pl.Series("row", [f"{row} ({size:,})" for row, size in visible.select("row", "size").iter_rows()], pl.String),
        pl.col("k").cast(pl.Int64),
    )
    state = (
        pl.when(~pl.col("whole"))
        .then(pl.lit("This period is not over yet"))
        .when(~pl.col("enough"))
        .then(pl.lit("Few customers: mostly chance"))
        .otherwise(pl.lit("Whole period"))
    )
    written = [
        formats.text(v, unit, currency) if unit != "share" else "–" if v is None else f"{v * 100:.0f}%"
        for v in visible["value"]
    ]
    return visible.select(
        "row",
        "row_rank",
        "k",
        "value",
        display.strength(),
        "enough",
        "whole",
        "customers",
        "eligible",
        pl.Series("text", written, pl.String),
        display.texts(visible["customers"], "count", name="customers_text"),
        display.texts(visible["eligible"], "count", name="eligible_text"),
        state.alias("state"),
    )


def cohort_table(cells: pl.DataFrame) -> pl.DataFrame:
    """A cohort grid as people download it: one row per cohort, one column per period since."""
    wide = cells.sort("k", "row_rank").pivot("k", index=["row_rank", "row"], values="value").sort("row_rank")
    return wide.drop("row_rank").rename({"row": "cohort"})


def cohort_curves(
    rows: pl.DataFrame, pooled: pl.DataFrame | None, pooled_name: str, measure: str, currency: str, *, most: int = 6
) -> pl.DataFrame:
    """One row per line and period since, of whole periods with enough customers: row, row_rank, k, value, texts.

    The latest `most` cohorts that are observed for two periods or more, or the largest groups; `pooled` (retention over
    all cohorts) is the line named `pooled_name`.
    """
    unit = COHORT_UNITS[measure]
    kept = rows.filter("whole", "enough")
    known = kept.group_by("row", "row_rank").agg(pl.len().alias("points")).filter(pl.col("points") > 2).sort("row_rank")
    # Cohorts read by date, so the latest are last; groups read by size, so the first are largest.
    chosen = known.tail(most) if pooled is not None else known.head(most)
    lines = kept.join(chosen.select("row"), on="row").select("row", "row_rank", "k", "eligible", pl.col(measure))
    if pooled is not None and measure == "retention" and not kept.is_empty():
        item = pooled.select(
            pl.lit(pooled_name).alias("row"), pl.lit(-1, pl.Int64).alias("row_rank"), "k", "eligible", measure
        )
        lines = pl.concat([lines, item.filter(pl.col("k") <= kept["k"].max())])
    lines = lines.filter(pl.col("k") > 0) if measure == "retention" else lines
    value = pl.col(measure) / MONEY_SCALE if unit == "money" else pl.col(measure)
    visible = lines.select("row", "row_rank", pl.col("k").cast(pl.Int64), value.alias("value"), "eligible")
    return visible.with_columns(
        display.texts(visible["value"], unit, currency),
        display.texts(visible["eligible"], "count", name="eligible_text"),
    ).sort("row_rank", "k")


def waiting(curves: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Share who came back by each day, 1 - survival: series, day, value, low, high and texts. Takes thinned curves.

    The band is drawn only where one series stands alone.
    """
    alone = len(curves) == 1
    frames = [
        curve.select(
            pl.lit(name).alias("series"),
            "day",
            (1 - pl.col("survival")).alias("value"),
            (1 - pl.col("high")).alias("low"),
            (1 - pl.col("low")).alias("high"),
            "at_risk",
        )
        for name, curve in curves.items()
    ]
    visible = pl.concat(frames)
    visible = visible.with_columns(
        display.texts(visible["value"], "share"),
        display.span(visible["low"], visible["high"], "share"),
        display.texts(visible["at_risk"], "count", name="risk_text"),
    )
    return visible if alone else visible.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("low", "high"))


def waterfall(result: bridge.RevenueBridge, currency: str) -> pl.DataFrame:
    """One row per bar: step, member, kind, low, high, end, next (the bar after it), text, customers."""
    rows, at = [], result.base / MONEY_SCALE
    bars: list[tuple[str, float, int | None]] = [("base", at, None)]
    for step, customers, change in result.steps.select("step", "customers", "change").iter_rows():
        if step != "unrecorded" or change:
            bars.append((step, change / MONEY_SCALE, customers))
    bars.append(("now", result.now / MONEY_SCALE, None))
    names = [BRIDGE_LABELS[step] for step, _, _ in bars]
    for number, (step, money, customers) in enumerate(bars):
        whole = step in ("base", "now")
        start, end = (0.0, money) if whole else (at, at + money)
        at = end
        rows.append(
            {
                "step": step,
                "member": names[number],
                "kind": "total" if whole else "rise" if money >= 0 else "fall",
                "low": min(start, end),
                "high": max(start, end),
                "end": end,
                "next": names[number + 1] if number + 1 < len(bars) else None,
                "value": money,
                "text": formats.text(money, "money", currency)
                if whole
                else formats.signed_text(money, "money", currency),
                "customers": customers,
                "customers_text": formats.text(customers, "count"),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"customers": pl.Int64, "next": pl.String})
