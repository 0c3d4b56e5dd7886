"""What a chart shows: a metric read off the reductions' frames, ready to draw and to download.

Every function takes frames of measures (see `analytics.lines`) and returns one row per mark. `value` and `value_base`
are in the metric's unit (currency units, counts, shares as 0.42), `change` is relative or, for shares, a difference;
`text` columns carry the same numbers as people read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.metrics import MEASURES, METRICS, change
from analytics.metrics import value as metric_value


def evaluate(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add `value`, `value_base` and `change` of a metric to a frame of measures."""
    now, base = metric_value(name), metric_value(name, "_base")
    return frame.with_columns(now.alias("value"), base.alias("value_base"), change(name, now, base).alias("change"))


def with_texts(frame: pl.DataFrame, name: str, currency: str, shares: Sequence[str] = ()) -> pl.DataFrame:
    """Add `text`, `base_text` and `change_text`, the numbers as people read them, and a text of each share named."""
    unit = METRICS[name].unit
    return frame.with_columns(
        pl.Series("text", [formats.text(v, unit, currency) for v in frame["value"]], pl.String),
        pl.Series("base_text", [formats.text(v, unit, currency) for v in frame["value_base"]], pl.String),
        pl.Series("change_text", [formats.change_text(v, unit) for v in frame["change"]], pl.String),
        *(pl.Series(f"{one}_text", [formats.text(v, "share") for v in frame[one]], pl.String) for one in shares),
    )


def breakdown(frame: pl.DataFrame, member: str, name: str, *, kept: Sequence[str] = ()) -> pl.DataFrame:
    """One row per member of a dimension, best first: member, value, value_base, change, share, margin, selected.

    `share` is of all members together and given for sums only; `selected` marks the members that a filter keeps, all
    where none is set.
    """
    now, base, text = metric_value(name), metric_value(name, "_base"), pl.col(member).cast(pl.String)
    share = pl.when(now.sum() != 0).then(now / now.sum()) if METRICS[name].kind == "sum" else pl.lit(None, pl.Float64)
    return frame.select(
        text.alias("member"),
        now.alias("value"),
        base.alias("value_base"),
        change(name, now, base).alias("change"),
        share.alias("share"),
        metric_value("margin"),
        (text.is_in(list(kept)) if kept else pl.lit(True)).alias("selected"),
    ).sort("value", "member", descending=[True, False], nulls_last=True)


def bars(rows: pl.DataFrame, name: str, currency: str) -> pl.DataFrame:
    """Rows of a `breakdown` to be drawn: with their numbers as texts."""
    return with_texts(rows, name, currency, ("share", "margin"))


A_YEAR: Final = {
    "week": 52,
    "month": 12,
    "quarter": 4,
    "year": 1,
    "fiscal_year": 1,
    "retail_month": 12,
    "retail_year": 1,
}
"""Grain -> buckets in a year."""


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
    table = evaluate(frame.sort("bucket"), name)
    beside_cut = (~whole) | (~whole.shift(-1, fill_value=True)) | (~whole.shift(1, fill_value=True))
    table = table.with_columns(
        pl.when(whole).then("value").alias("solid"),
        pl.when(beside_cut).then("value").alias("dashed"),
        pl.when(whole).then("change").alias("change"),
    )
    columns = ["start", "label", "first", "last", "whole", "value", "value_base", "change", "solid", "dashed"]
    return with_texts(table.select(columns), name, currency)


def movers(table: pl.DataFrame, name: str, currency: str, *, most: int = 5) -> pl.DataFrame:
    """The members whose value rose and fell most: member, moved (difference to the base), text; rises first.

    Takes a `breakdown` table.
    """
    unit = METRICS[name].unit
    # a sum or count that is gone is 0 now, a ratio that is gone is unknown
    now = pl.col("value") if METRICS[name].kind == "ratio" else pl.col("value").fill_null(0)
    moved = table.select("member", "change", (now - pl.col("value_base")).alias("moved"))
    moved = moved.filter(pl.col("moved") != 0).sort("moved", "member", descending=[True, False])
    rises = int((moved["moved"] > 0).sum())
    up, down = moved.head(min(rises, most)), moved.tail(min(moved.height - rises, most))
    both = pl.concat([up, down])
    return both.select(
        "member",
        pl.Series("change_text", [formats.change_text(v, unit) for v in both["change"]], pl.String),
        "moved",
        pl.Series("text", [formats.signed_text(v, unit, currency) for v in both["moved"]], pl.String),
        pl.Series("rank", range(both.height), pl.Int64),
    )


def paired(frame: pl.DataFrame, upper: str, lower: str, currency: str) -> pl.DataFrame:
    """Two metrics over the same buckets: start, label, upper, lower and both as texts."""
    table = frame.sort("bucket").select(
        "start", "label", metric_value(upper).alias("upper"), metric_value(lower).alias("lower")
    )
    return table.with_columns(
        pl.Series(f"{at}_text", [formats.text(v, METRICS[name].unit, currency) for v in table[at]], pl.String)
        for at, name in (("upper", upper), ("lower", lower))
    )


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def heatmap(cells: pl.DataFrame, name: str, currency: str) -> pl.DataFrame:
    """One row per cell: first and last day of its month in the period, column and row (text) with ranks, value, text.

    Takes the cells of `sales.heatmap`. More than 24 months are shown by the latest 24.
    """
    latest = cells["start"].unique().sort().tail(24)
    table = cells.filter(pl.col("start").is_in(latest.implode())).select(
        "first",
        "last",
        pl.col("start").alias("month"),
        pl.col("start").dt.strftime("%b %y").alias("column"),
        pl.col("start").rank("dense").cast(pl.Int64).alias("column_rank"),
        pl.col("weekday").cast(pl.Int64).replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String).alias("row"),
        pl.col("weekday").cast(pl.Int64).alias("row_rank"),
        pl.col("weekday"),
        "value",
    )
    texts = [formats.text(v, METRICS[name].unit, currency) for v in table["value"]]
    return table.with_columns(pl.Series("text", texts, pl.String)).sort("column_rank", "row_rank")


def customer_mix(frame: pl.DataFrame, currency: str) -> pl.DataFrame:
    """One row per bucket and kind of customer: start, label, kind, rank, value (currency units), text, share_text.

    Takes buckets with returning_revenue, new_revenue and unrecorded_revenue.
    """
    columns = {
        "Returning customers": "returning_revenue",
        "New customers": "new_revenue",
        "No customer recorded": "unrecorded_revenue",
    }
    total = frame.select(pl.sum_horizontal(columns.values()).alias("total"))["total"]
    parts = [
        frame.select(
            "start",
            "label",
            pl.lit(kind).alias("kind"),
            pl.lit(rank).alias("rank"),
            (pl.col(column) / MONEY_SCALE).alias("value"),
            pl.when(total > 0).then(pl.col(column) / total).alias("share"),
        )
        for rank, (kind, column) in enumerate(columns.items())
        if rank < 2 or (frame[column] != 0).any()
    ]
    rows = pl.concat(parts)
    return rows.with_columns(
        pl.Series("text", [formats.text(v, "money", currency) for v in rows["value"]], pl.String),
        pl.Series("share_text", [formats.text(v, "share") for v in rows["share"]], pl.String),
    )


def customer_mix_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`customer_mix` with one row per bucket and one column per kind."""
    return rows.pivot("kind", index="label", values="value", maintain_order=True)


def top_customers(ranking: pl.DataFrame) -> pl.DataFrame:
    """A ranking with its money in currency units."""
    table = ranking.with_columns(pl.col("revenue") / MONEY_SCALE)
    return table.with_columns(pl.col("place").cast(pl.String)) if "place" in table.columns else table


def behaviour(frame: pl.DataFrame, name: str, currency: str, *, most: int = 12) -> pl.DataFrame:
    """One row per cell: the `most` places with the highest revenue by the latest 24 buckets, as `heatmap` gives it."""
    revenue = frame.group_by("place").agg(pl.col("revenue").sum()).sort("revenue", descending=True).head(most)
    latest = frame["start"].unique().sort().tail(24)
    cells = evaluate(frame.join(revenue.select("place"), on="place"), name)
    cells = cells.filter(pl.col("start").is_in(latest.implode())).select(
        pl.col("label").alias("column"),
        pl.col("start").rank("dense").cast(pl.Int64).alias("column_rank"),
        pl.col("place").cast(pl.String).alias("row"),
        "value",
    )
    order = revenue.select(pl.col("place").cast(pl.String).alias("row")).with_row_index("row_rank")
    cells = cells.join(order, on="row").with_columns(pl.col("row_rank").cast(pl.Int64)).sort("column_rank", "row_rank")
    return cells.with_columns(
        pl.Series("text", [formats.text(v, METRICS[name].unit, currency) for v in cells["value"]], pl.String)
    )


def side_by_side(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Breakdown tables of several metrics joined by member: member and one column per metric."""
    joined: pl.DataFrame | None = None
    for name, table in tables.items():
        part = table.select("member", pl.col("value").alias(name))
        joined = part if joined is None else joined.join(part, on="member", how="left", maintain_order="left")
    if joined is None:
        raise ValueError("side_by_side needs at least one table")
    return joined


def segment(frame: pl.DataFrame, name: str, currency: str, *, kept: Sequence[str] = ()) -> pl.DataFrame:
    """The groups of one customer attribute in the order given: the columns of `bars`."""
    order = {member: rank for rank, member in enumerate(frame["member"].to_list())}
    table = breakdown(frame, "member", name, kept=kept)
    return bars(table.sort(pl.col("member").replace_strict(order, return_dtype=pl.Int64)), name, currency)


def groups(parts: Mapping[str, pl.DataFrame], labels: Mapping[str, str], columns: int) -> list[pl.DataFrame]:
    """The groups of several attributes in at most so many columns of about one height, in the order given.

    `parts` are attributes with their `segment` table. A column has a row for each attribute's name and for each group:
    dimension, row (four digits, h or m, and the words to show: it sorts as drawn), said (the row in words), reach
    and reach_base (value and base by the largest of all), then the columns of `segment`; null beside a name.
    """
    ends = [value for part in parts.values() for name in ("value", "value_base") for value in part[name].drop_nulls()]
    most = max((abs(value) for value in ends), default=0) or 1
    height, done = sum(part.height + 1 for part in parts.values()), 0
    out: list[list[pl.DataFrame]] = [[] for _ in range(columns)]
    for name, part in parts.items():
        # An attribute stands where its middle falls.
        column = out[int((done + (part.height + 1) / 2) * columns / height)]
        done += part.height + 1
        label = pl.lit(labels[name])
        rows = part.with_columns(
            pl.lit("m").alias("kind"),
            pl.col("member").alias("words"),
            pl.format("{}: {}, {}", label, pl.col("member"), pl.col("text")).alias("said"),
            (pl.col("value", "value_base") / most).name.replace("value", "reach"),
        )
        heading = pl.DataFrame({"kind": "h", "words": [labels[name]], "text": ""})
        column.append(pl.concat([heading, rows], how="diagonal").with_columns(pl.lit(name).alias("dimension")))
    number = pl.int_range(pl.len()).cast(pl.String).str.zfill(4)
    return [
        pl.concat(column).with_columns(pl.concat_str(number, "kind", "words").alias("row")).drop("kind", "words")
        for column in out
        if column
    ]
