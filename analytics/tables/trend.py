"""A metric over time with its base, and two metrics over the same buckets."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.evaluation import value as metric_value
from analytics.metrics import MEASURES, METRICS
from analytics.tables import breakdown as breakdown_tables


def trend(frame: pl.DataFrame, name: str, currency: str, *, own_base: int = 0) -> pl.DataFrame:
    """One row per bucket: start, label, value, value_base, change, solid, dashed, texts.

    `solid` is the value where the line is drawn through, `dashed` where it leads into a bucket that the period cuts.
    With `own_base`, whole buckets are compared with the whole one so many buckets before, of the same frame.
    """
    whole = pl.col("whole")
    if own_base:
        earlier = [
            pl.when(whole & whole.shift(own_base)).then(pl.col(measure).shift(own_base)).alias(f"{measure}_base")
            for measure in MEASURES
        ]
        frame = frame.sort("bucket").with_columns(earlier)
    table = breakdown_tables.evaluate(frame.sort("bucket"), name)
    beside_cut = (~whole) | (~whole.shift(-1, fill_value=True)) | (~whole.shift(1, fill_value=True))
    table = table.with_columns(
        pl.when(whole).then("value").alias("solid"),
        pl.when(beside_cut).then("value").alias("dashed"),
        pl.when(whole).then("change").alias("change"),
    )
    columns = ["start", "label", "first", "last", "whole", "value", "value_base", "change", "solid", "dashed"]
    return breakdown_tables.with_texts(table.select(columns), name, currency)


def paired(frame: pl.DataFrame, upper: str, lower: str, currency: str) -> pl.DataFrame:
    """Two metrics over the same buckets: start, label, upper, lower and both as texts."""
    table = frame.sort("bucket").select(
        "start", "label", metric_value(upper).alias("upper"), metric_value(lower).alias("lower")
    )
    return table.with_columns(
        pl.Series(f"{at}_text", [formats.text(v, METRICS[name].unit, currency) for v in table[at]], pl.String)
        for at, name in (("upper", upper), ("lower", lower))
    )
