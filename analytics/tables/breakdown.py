"""The members of a dimension with a metric, ready to draw and to download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from analytics import formats
from analytics.evaluation import change
from analytics.evaluation import value as metric_value
from analytics.metrics import METRICS


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
        *(pl.Series(f"{share}_text", [formats.text(v, "share") for v in frame[share]], pl.String) for share in shares),
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
