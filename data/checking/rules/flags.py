"""Flags of order lines that only other lines can tell: repeats, overlaps, contradictions, outliers, swapped dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from data.checking.checks import FLAG, GROSS, SOURCE
from data.recipe.recipes import FileSpec
from data.sources import ROW, SourceFile

FLAGS: Final = (
    *("duplicate_lines", "overlapping_files", "contradicting_files", "altered_price", "price_range"),
    *("date_range", "future_date", "swapped_date", "unknown_product", "credit_on_order"),
)
"""Every flag. `credit_on_order` marks a negative row whose order also has a sale."""

PRICE_FACTOR: Final = 10
"""A price so many times above or below the product's median is out of range."""

PRICE_ROWS: Final = 5
"""Rows a product needs before its prices are judged."""

_KEYS: Final = ("order_id", "ordered_on", "customer_id", "product_id", "quantity", GROSS)


def flags(
    frame: pl.LazyFrame,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    names: Collection[str],
    *,
    today: date | None,
    products: pl.DataFrame | None,
    numbered_orders: bool,
    order_column: str = "",
) -> pl.DataFrame:
    """One row per source row: SOURCE, ROW and a Boolean column `FLAG` + name, true where the row breaks the rule.

    `numbered_orders` says that the source itself has order numbers; without them nothing can contradict an order.
    Without `today` no date lies in the future. A running number makes no row different, but in `order_column`.
    """
    there = frame.collect_schema().names()
    slim = frame.select(
        SOURCE, ROW, *(_code(key, frame) for key in _KEYS if key in there)
    ).collect().sort(SOURCE, ROW)  # fmt: skip
    keys = [key for key in _KEYS if key in there]
    made: list[pl.Series | pl.Expr] = []
    for name in names:
        match name:
            case "duplicate_lines":
                made.append(_repeated(opened_files, order_column).alias(FLAG + name))
            case "overlapping_files":
                made.append(_overlapping(slim, keys).alias(FLAG + name))
            case "contradicting_files":
                made.append(_contradicting(slim, keys, numbered_orders).alias(FLAG + name))
            case "altered_price":
                made.append(_altered(slim, keys, numbered_orders).alias(FLAG + name))
            case "price_range":
                made.append(_price_range().alias(FLAG + name))
            case "date_range":
                made.append(_date_range(slim["ordered_on"]).alias(FLAG + name))
            case "future_date":
                late = pl.lit(False) if today is None else pl.col("ordered_on") > today
                made.append(late.fill_null(False).alias(FLAG + name))
            case "swapped_date":
                made.append(_swapped(slim).alias(FLAG + name))
            case "unknown_product":
                made.append(_unknown(frame, slim, products).alias(FLAG + name))
            case "credit_on_order":
                sold = (pl.col("quantity") > 0).any().over("order_id")
                made.append(((pl.col("quantity") < 0) & sold).fill_null(False).alias(FLAG + name))
    return slim.with_columns(made).select(SOURCE, ROW, *(FLAG + name for name in names))


def joined(frame: pl.LazyFrame, found: pl.DataFrame) -> pl.LazyFrame:
    """Order lines with their flags."""
    return frame.join(found.lazy(), on=[SOURCE, ROW], how="left", maintain_order="left")


def swapped_back(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Order lines whose swapped dates have day and month in place again."""
    return frame.with_columns(
        pl.when(pl.col(FLAG + "swapped_date"))
        .then(swapped(pl.col("ordered_on")))
        .otherwise("ordered_on")
        .alias("ordered_on")
    )


def _code(key: str, frame: pl.LazyFrame) -> pl.Expr:
    """Text by its code, so that comparing costs little; null stays null."""
    return pl.col(key).to_physical() if key.endswith("_id") else pl.col(key)


def _repeated(opened_files: Sequence[tuple[SourceFile, FileSpec]], order: str) -> pl.Series:
    """Rows that repeat an earlier row of their file in every column but a running number."""
    parts = []
    for file, _ in opened_files:
        scanned = file.scan()
        names = [name for name in scanned.collect_schema().names() if name != ROW]
        head = scanned.select(pl.col(names).cast(pl.String)).head(1000).collect()
        running = [name for name in names if name != order and _counts_up(head[name])]
        kept = [name for name in names if name not in running] or names
        whole = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in kept], separator="\x1f")
        hashed = scanned.select(whole.hash().alias("hash"), ROW).collect().sort(ROW)
        parts.append(~hashed["hash"].is_first_distinct())
    return pl.concat(parts)


def _counts_up(column: pl.Series) -> bool:
    steps = column.cast(pl.Int64, strict=False).diff().drop_nulls()
    return column.len() > 2 and steps.len() == column.len() - 1 and bool((steps == 1).all())


def _overlapping(slim: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Rows that an earlier file has as well; what is there twice must be there twice in both."""
    if slim[SOURCE].n_unique() < 2:
        return pl.repeat(False, slim.height, dtype=pl.Boolean, eager=True)
    nth = slim.select(*keys, pl.int_range(pl.len()).over(SOURCE, *keys).alias("nth"))
    return ~nth.select(pl.struct(pl.all()).is_first_distinct().alias("first"))["first"]


def _contradicting(slim: pl.DataFrame, keys: Sequence[str], numbered: bool) -> pl.Series:
    """Rows about an order's product of which an earlier file says something else."""
    nothing = pl.repeat(False, slim.height, dtype=pl.Boolean, eager=True)
    if not numbered or slim[SOURCE].n_unique() < 2:
        return nothing
    earlier = pl.col(SOURCE).min().over("order_id", "product_id") < pl.col(SOURCE)
    known = pl.col("order_id").is_not_null() & pl.col("product_id").is_not_null()
    return slim.select((earlier & known).alias("again"))["again"] & ~_overlapping(slim, keys)


def _altered(slim: pl.DataFrame, keys: Sequence[str], numbered: bool) -> pl.Series:
    """Rows that repeat an earlier row of their file at another price."""
    if not numbered:
        return pl.repeat(False, slim.height, dtype=pl.Boolean, eager=True)
    same = [SOURCE, *(key for key in keys if key != GROSS)]
    return slim.select(
        (
            (pl.col(GROSS) != pl.col(GROSS).first().over(same))
            & pl.all_horizontal(pl.col("order_id", "product_id", "quantity").is_not_null())
        )
        .fill_null(False)
        .alias("altered")
    )["altered"]


def _price_range() -> pl.Expr:
    price = (pl.col(GROSS).cast(pl.Float64) / pl.col("quantity")).abs()
    price = pl.when(price.is_finite() & (price > 0)).then(price)
    usual = price.median().over("product_id")
    many = price.count().over("product_id") >= PRICE_ROWS
    far = (price > usual * PRICE_FACTOR) | (price < usual / PRICE_FACTOR)
    return (far & many & pl.col("product_id").is_not_null()).fill_null(False)


def _date_range(days: pl.Series) -> pl.Expr:
    """Days more than a year before or after all but a thousandth (of few rows: a hundredth) of the rows."""
    share = 0.001 if days.len() >= 2000 else 0.01
    low, high = days.to_physical().quantile(share), days.to_physical().quantile(1 - share)
    if low is None or high is None:
        return pl.lit(False)
    day = pl.col("ordered_on").to_physical()
    return ((day < low - 366) | (day > high + 366)).fill_null(False)


def _unknown(frame: pl.LazyFrame, slim: pl.DataFrame, products: pl.DataFrame | None) -> pl.Series | pl.Expr:
    if products is None:
        return pl.lit(False)
    known = products["product_id"].cast(pl.String).unique().to_list()
    found = frame.select(
        SOURCE, ROW, (~pl.col("product_id").cast(pl.String).is_in(known)).fill_null(False).alias("new")
    )
    return found.collect().sort(SOURCE, ROW)["new"]


def swapped(day: pl.Expr) -> pl.Expr:
    """Day and month in each other's place, null where that is no date."""
    return pl.when(day.dt.day() <= 12).then(
        pl.date(day.dt.year(), day.dt.day().cast(pl.Int32), day.dt.month().cast(pl.Int32))
    )


def _swapped(slim: pl.DataFrame) -> pl.Series:
    """Rows of files in order of time whose date fits between its neighbours only with day and month swapped.

    For each file the cheapest way through its dates is sought, each as it stands or swapped, where the cost is the days
    travelled. Files that are in no order of time say nothing.
    """
    parts = []
    for (_,), rows in slim.group_by(SOURCE, maintain_order=True):
        days = rows.select(
            pl.col("ordered_on").to_physical().cast(pl.Int64).alias("day"),
            swapped(pl.col("ordered_on")).to_physical().cast(pl.Int64).alias("swapped"),
        ).with_columns(pl.col("day").fill_null(strategy="forward").fill_null(strategy="backward"))
        parts.append(_cheapest(days))
    return pl.concat(parts) if parts else pl.Series([], dtype=pl.Boolean)


def _cheapest(days: pl.DataFrame) -> pl.Series:
    nothing = pl.repeat(False, days.height, dtype=pl.Boolean, eager=True)
    if days["day"].null_count() or days.height < 20:
        return nothing
    runs = days.with_columns(pl.col("day").rle_id().alias("run"))
    short = runs.group_by("run", maintain_order=True).first()
    day, swapped = short["day"].to_numpy(), short["swapped"].fill_null(np.iinfo(np.int32).max).to_numpy()
    span = int(day.max() - day.min()) + 1
    travelled = int(np.abs(np.diff(day)).sum())
    # Rows in order of time travel their span once; what travels little more has nothing to mend.
    if travelled <= span + 30 or short.height > 500_000:
        return nothing
    cost, back = (0.0, 1.0), []
    for index in range(1, len(day)):
        before = (day[index - 1], swapped[index - 1])
        steps = []
        for state, here in enumerate((day[index], swapped[index])):
            ways = [cost[old] + abs(int(here) - int(before[old])) + state for old in (0, 1)]
            steps.append((min(ways), ways.index(min(ways))))
        cost = (steps[0][0], steps[1][0])
        back.append((steps[0][1], steps[1][1]))
    state = int(cost[1] < cost[0])
    chosen = [state]
    for step in reversed(back):
        state = step[state]
        chosen.append(state)
    chosen.reverse()
    picked = np.where(np.array(chosen) == 1, swapped, day)
    mended = int(np.abs(np.diff(picked)).sum())
    if mended > travelled / 2 or mended > 3 * (int(picked.max() - picked.min()) + 1):
        return nothing
    wrong = pl.Series("wrong", np.array(chosen) == 1) & (short["day"] != short["swapped"]).fill_null(False)
    return wrong.gather(runs["run"])
