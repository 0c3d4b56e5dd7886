"""Rules that only other rows can tell: repeats, overlaps, contradictions, outliers, dates in the future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from data.rules import swapped
from data.terms.rows import GROSS, ROW, SOURCE

Flag = pl.Series | pl.Expr
"""One Boolean for each row in the order of SOURCE and ROW, or an expression that gives it."""

PRICE_FACTOR: Final = 10
"""A price so many times above or below the product's median is out of range."""

PRICE_ROWS: Final = 5
"""Rows a product needs before its prices are judged."""

_KEYS: Final = ("order_id", "ordered_on", "customer_id", "product_id", "quantity", GROSS)


@dataclass(frozen=True)
class AllRows:
    """All order lines of a recipe, before any is set aside."""

    frame: pl.LazyFrame
    slim: pl.DataFrame
    """SOURCE, ROW and what tells rows apart, in the order of the files; texts by their code, so that comparing costs
    little."""
    files: Sequence[pl.LazyFrame]
    """Each file's table as it stands."""
    today: date | None
    """The day after which dates lie in the future; None where none does."""
    products: pl.DataFrame | None
    numbered_orders: bool
    """Whether the source itself has order numbers; without them nothing can contradict an order."""
    order_column: str
    """The source column of the order number; empty where there is none."""

    @property
    def keys(self) -> list[str]:
        """The columns that tell rows apart."""
        return [name for name in self.slim.columns if name in _KEYS]

    @property
    def nothing(self) -> pl.Series:
        """No row."""
        return pl.repeat(False, self.slim.height, dtype=pl.Boolean, eager=True)


def slim(frame: pl.LazyFrame) -> pl.DataFrame:
    """What tells rows apart, in the order of the files."""
    there = frame.collect_schema().names()
    codes = (pl.col(key).to_physical() if key.endswith("_id") else pl.col(key) for key in _KEYS if key in there)
    return frame.select(SOURCE, ROW, *codes).collect().sort(SOURCE, ROW)


def duplicate_lines(rows: AllRows) -> Flag:
    """Rows that repeat an earlier row of their file in every column but a running number."""
    parts = []
    for table in rows.files:
        names = [name for name in table.collect_schema().names() if name != ROW]
        head = table.select(pl.col(names).cast(pl.String)).head(1000).collect()
        running = [name for name in names if name != rows.order_column and _counts_up(head[name])]
        kept = [name for name in names if name not in running] or names
        whole = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in kept], separator="\x1f")
        hashed = table.select(whole.hash().alias("hash"), ROW).collect().sort(ROW)
        parts.append(~hashed["hash"].is_first_distinct())
    return pl.concat(parts)


def _counts_up(column: pl.Series) -> bool:
    steps = column.cast(pl.Int64, strict=False).diff().drop_nulls()
    return column.len() > 2 and steps.len() == column.len() - 1 and bool((steps == 1).all())


def overlapping_files(rows: AllRows) -> pl.Series:
    """Rows that an earlier file has as well; what is there twice must be there twice in both."""
    if rows.slim[SOURCE].n_unique() < 2:
        return rows.nothing
    nth = rows.slim.select(*rows.keys, pl.int_range(pl.len()).over(SOURCE, *rows.keys).alias("nth"))
    return ~nth.select(pl.struct(pl.all()).is_first_distinct().alias("first"))["first"]


def contradicting_files(rows: AllRows) -> Flag:
    """Rows about an order's product of which an earlier file says something else."""
    if not rows.numbered_orders or rows.slim[SOURCE].n_unique() < 2:
        return rows.nothing
    earlier = pl.col(SOURCE).min().over("order_id", "product_id") < pl.col(SOURCE)
    known = pl.col("order_id").is_not_null() & pl.col("product_id").is_not_null()
    return rows.slim.select((earlier & known).alias("again"))["again"] & ~overlapping_files(rows)


def altered_price(rows: AllRows) -> Flag:
    """Rows that repeat an earlier row of their file at another price."""
    if not rows.numbered_orders:
        return rows.nothing
    same = [SOURCE, *(key for key in rows.keys if key != GROSS)]
    return rows.slim.select(
        (
            (pl.col(GROSS) != pl.col(GROSS).first().over(same))
            & pl.all_horizontal(pl.col("order_id", "product_id", "quantity").is_not_null())
        )
        .fill_null(False)
        .alias("altered")
    )["altered"]


def price_range(_: AllRows) -> Flag:
    """Prices many times above or below the product's median."""
    price = (pl.col(GROSS).cast(pl.Float64) / pl.col("quantity")).abs()
    price = pl.when(price.is_finite() & (price > 0)).then(price)
    usual = price.median().over("product_id")
    many = price.count().over("product_id") >= PRICE_ROWS
    far = (price > usual * PRICE_FACTOR) | (price < usual / PRICE_FACTOR)
    return (far & many & pl.col("product_id").is_not_null()).fill_null(False)


def date_range(rows: AllRows) -> Flag:
    """Days more than a year before or after all but a thousandth (of few rows: a hundredth) of the rows."""
    days = rows.slim["ordered_on"]
    share = 0.001 if days.len() >= 2000 else 0.01
    low, high = days.to_physical().quantile(share), days.to_physical().quantile(1 - share)
    if low is None or high is None:
        return pl.lit(False)
    day = pl.col("ordered_on").to_physical()
    return ((day < low - 366) | (day > high + 366)).fill_null(False)


def future_date(rows: AllRows) -> Flag:
    """Days after the day of the import."""
    late = pl.lit(False) if rows.today is None else pl.col("ordered_on") > rows.today
    return late.fill_null(False)


def swapped_date(rows: AllRows) -> Flag:
    """Days that fit between their neighbours only with day and month swapped."""
    return swapped.swapped(rows.slim)


def unknown_product(rows: AllRows) -> Flag:
    """Products that the products table does not list."""
    if rows.products is None:
        return pl.lit(False)
    known = rows.products["product_id"].cast(pl.String).unique().to_list()
    new = (~pl.col("product_id").cast(pl.String).is_in(known)).fill_null(False).alias("new")
    return rows.frame.select(SOURCE, ROW, new).collect().sort(SOURCE, ROW)["new"]


def credit_on_order(_: AllRows) -> Flag:
    """Rows below zero whose order also has a sale."""
    sold = (pl.col("quantity") > 0).any().over("order_id")
    return ((pl.col("quantity") < 0) & sold).fill_null(False)
