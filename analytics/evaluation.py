"""Metrics evaluated: their values, changes and headlines from the measures that reductions return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from analytics.dataset import MONEY_SCALE
from analytics.metrics import METRICS, UNIT_MEASURES


def value(name: str, suffix: str = "") -> pl.Expr:
    """A metric from the measure columns that end in `suffix`, as Float64: money in currency units, shares as 0.42.

    Null where a measure is null or a denominator is not above 0. KeyError for an unknown metric.
    """
    metric = METRICS[name]
    over = _total(metric.plus, suffix) - _total(metric.less, suffix) if metric.less else _total(metric.plus, suffix)
    scale = MONEY_SCALE if metric.unit == "money" else 1
    if not metric.per:
        # Division by a constant may miss the nearest number by a bit; four decimals are all that money has.
        return (over.cast(pl.Float64) / scale).round(4).alias(name + suffix)
    per = _total(metric.per, suffix)
    return pl.when(per > 0).then(over / (per * scale)).alias(name + suffix)


def _total(measures: Iterable[str], suffix: str) -> pl.Expr:
    kinds = {name: pl.Float64() if name in UNIT_MEASURES else pl.Int64() for name in measures}
    return pl.sum_horizontal(*(pl.col(name + suffix).cast(kind) for name, kind in kinds.items()), ignore_nulls=False)


def change(name: str, now: pl.Expr | None = None, base: pl.Expr | None = None) -> pl.Expr:
    """A metric against its base: relative (0.05 = +5 %), or for shares the difference (0.01 = 1 percentage point).

    Of the columns `name` and `name_base`, or of two other expressions of the metric. Null where the base is missing or,
    for relative changes, not above 0.
    """
    now = pl.col(name) if now is None else now
    base = pl.col(f"{name}_base") if base is None else base
    result = now - base if METRICS[name].unit == "share" else pl.when(base > 0).then(now / base - 1)
    return result.alias(f"{name}_change")


Headline = tuple[float | None, float | None, float | None]
"""A metric's value, base value and change."""


def headlines(totals: pl.DataFrame, names: Sequence[str]) -> dict[str, Headline]:
    """Metric -> its headline, from a one-row frame of measures; without a base where the frame has none."""
    if not names:
        return {}
    columns = []
    for name in names:
        compared = all(f"{measure}_base" in totals.columns for measure in METRICS[name].measures)
        now, base = value(name), value(name, "_base") if compared else pl.lit(None, pl.Float64)
        columns.append(
            pl.struct(now.alias("now"), base.alias("base"), change(name, now, base).alias("change")).alias(name)
        )
    result = totals.select(columns).row(0, named=True)
    return {name: (item["now"], item["base"], item["change"]) for name, item in result.items()}


def headline(totals: pl.DataFrame, name: str) -> Headline:
    """A metric's headline, from a one-row frame of measures."""
    return headlines(totals, [name])[name]
