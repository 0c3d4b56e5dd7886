"""Codes in place of text: products, places, customers and orders of a dataset's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from analytics.dataset import GEOGRAPHY, NO_CUSTOMER, NOT_RECORDED, PRODUCT_LEVELS
from data.building.members import hierarchy_keys, label_levels, unique_labels
from data.checking.categories import texts

CODE: Final = "__code"
PLACE: Final = "__place"

_MARKED: Final = 4
"""How many times as many values as rows may be possible for them to be marked in a table."""


@dataclass(frozen=True, eq=False)
class Coded:
    """Row i of `table` describes code i.

    `table` has each level as Enum, and under "__LEVEL" as the source names it. Row i of `keys` is a combination of
    source values, with the code that it leads to.
    """

    table: pl.DataFrame
    keys: pl.DataFrame

    @property
    def columns(self) -> list[str]:
        """Source columns that lead to the code."""
        return [column for column in self.keys.columns if column != CODE]

    @property
    def levels(self) -> list[str]:
        """Levels of the hierarchy that the table has, from wide to narrow."""
        return [level for level in (*GEOGRAPHY, *PRODUCT_LEVELS) if level in self.table.columns]


def factorise(columns: Sequence[pl.Series]) -> tuple[pl.Series, pl.DataFrame]:
    """A number for each distinct combination of Categorical columns: per row, and the combinations as text by number.

    Two columns are packed into one integer and numbered, then that number and the next column. So whole columns of
    integers are handled and no text.
    """
    first, *rest = columns
    numbers, present = _numbered(_physical(first), len(texts(first)) + 1)
    combinations = [_text_of(first, present)]
    for column in rest:
        width = len(texts(column)) + 1
        packed = numbers.cast(pl.UInt64) * width + _physical(column)
        numbers, present = _numbered(packed, len(present) * width)
        combinations = [known.gather(present // width) for known in combinations]
        combinations.append(_text_of(column, present % width))
    return numbers, pl.DataFrame(combinations)


def _physical(column: pl.Series) -> pl.Series:
    """Codes of a Categorical column; the first unused one stands for null."""
    return column.to_physical().fill_null(len(texts(column)))


def _numbered(values: pl.Series, bound: int) -> tuple[pl.Series, pl.Series]:
    """The rank of each value among the distinct ones, and those; values are whole numbers from 0 to below `bound`."""
    if bound > _MARKED * len(values):
        present = values.unique().sort()
        return present.search_sorted(values).cast(pl.UInt32), present
    # Marks in a table of all possible values: far cheaper than sorting where there are not many more than rows.
    index = values.to_numpy()
    seen = np.zeros(bound, dtype=bool)
    seen[index] = True
    ranks = np.cumsum(seen, dtype=np.uint32) - 1
    return pl.Series(ranks[index]), pl.Series(np.flatnonzero(seen), dtype=values.dtype)


def _text_of(column: pl.Series, physical: pl.Series) -> pl.Series:
    known = texts(column)
    index = pl.select(pl.when(physical < len(known)).then(physical)).to_series()
    return known.gather(index.cast(pl.UInt32)).alias(column.name)


def joined(frame: pl.DataFrame, other: pl.DataFrame, on: str | Sequence[str]) -> pl.DataFrame:
    """Rows in their order with the columns that `on` leads to; null leads to null."""
    return frame.join(other, on=on, how="left", nulls_equal=True, maintain_order="left")


def code_of(numbers: pl.Series, combinations: pl.DataFrame, coded: Coded) -> pl.Series:
    """The code of each row from the number of its combination."""
    return joined(combinations, coded.keys, coded.columns)[CODE].gather(numbers)


def products(
    result: pl.DataFrame, lookup: pl.DataFrame | None, named_by: Sequence[pl.DataFrame], notes: list[str]
) -> Coded:
    """The products of the combinations found, in hierarchy order.

    A product that the lines put into several categories is one row for each, so that categories tie to the source.
    Names come from the lookup, else from `named_by` (frames of product_id and product), else the id is the name.
    """
    keys = result.columns
    named = result.with_row_index("__found")
    if lookup is not None:
        wanted = [column for column in PRODUCT_LEVELS if column in lookup.columns and column not in keys]
        listed = lookup.select(pl.col("product_id", *wanted).cast(pl.String))
        unlisted = result.join(listed, on="product_id", how="anti")["product_id"].n_unique()
        if unlisted:
            notes.append(f"{unlisted:,} products on the lines are not in the products table: kept under their ids.")
        named = joined(named, listed, "product_id")
    candidates = ["product"] if "product" in named.columns else []
    for number, names in enumerate(named_by):
        candidate = f"__name_{number}"
        named = joined(named, names.select("product_id", pl.col("product").alias(candidate)), "product_id")
        candidates.append(candidate)
    levels = [level for level in PRODUCT_LEVELS if level in named.columns or level == "product"]
    named = (
        named.with_columns(pl.coalesce(*candidates, "product_id").alias("product"))
        .with_columns(pl.col(level).fill_null(NOT_RECORDED) for level in levels)
        .sort(*(key for level in levels for key in hierarchy_keys(level)), "product_id", *keys, nulls_last=True)
    )
    several = named.filter(pl.col("product_id").is_duplicated())["product_id"].n_unique()
    if several:
        notes.append(f"{several:,} products stand in several categories: each is shown apart in each of them.")
    source = named.select(pl.col(level).alias(f"__{level}") for level in levels)
    labels = named.select(
        pl.when(pl.col("product").is_duplicated())
        .then(pl.format("{} · #{}", "product", "product_id"))
        .otherwise("product")
    )
    labels_text = unique_labels(labels.to_series().to_list())
    table = label_levels(named.select(pl.col("product_id"), *levels[:-1]), levels[:-1]).with_columns(
        pl.Series("product", labels_text, dtype=pl.Enum(labels_text))
    )
    codes = result.select(pl.all().gather(named["__found"])).with_row_index(CODE)
    return Coded(table=table.hstack(source), keys=codes)


def places(table: pl.DataFrame, lookup: pl.DataFrame | None) -> Coded:
    """The places of the combinations found, in hierarchy order."""
    named = table
    if "territory_id" in table.columns and lookup is not None:
        named = joined(table, lookup.select(pl.all().cast(pl.String)), "territory_id")
    levels = [level for level in GEOGRAPHY if level in named.columns]
    named = named.with_columns(pl.col(level).fill_null(NOT_RECORDED) for level in levels)
    # Two territories may share one place: the code is the place's, or an order in both would look like two places.
    distinct = named.select(levels).unique().sort(*(key for level in levels for key in hierarchy_keys(level)))
    codes = joined(named.select(levels), distinct.with_row_index(CODE), levels)[CODE]
    source = distinct.select(pl.col(level).alias(f"__{level}") for level in levels)
    return Coded(table=label_levels(distinct, levels).hstack(source), keys=table.with_columns(codes))


def with_others(table: pl.DataFrame, other: pl.DataFrame | None) -> pl.DataFrame:
    """Combinations of the lines, and those that only the other frame has in the columns that both have."""
    shared = [] if other is None else [column for column in table.columns if column in other.columns]
    if other is None or not shared:
        return table
    extra = other.select(pl.col(shared).cast(pl.String)).unique(maintain_order=True)
    extra = extra.join(table, on=shared, how="anti", nulls_equal=True)
    return pl.concat([table, extra], how="diagonal")


def customers(
    bought: pl.Series, returned: pl.Series | None, lookup: pl.DataFrame | None, notes: list[str]
) -> tuple[pl.DataFrame, pl.Series]:
    """Every known customer by code, code 0 being nobody; and the code of each line."""
    by_code = texts(bought).alias("customer_id").to_frame()
    present = by_code[bought.to_physical().unique().drop_nulls()]
    parts = [present]
    if lookup is not None:
        listed = lookup.select(pl.col("customer_id").cast(pl.String))
        unlisted = present.join(listed, on="customer_id", how="anti").height
        if unlisted:
            notes.append(
                f"{unlisted:,} customers on the lines are not in the customers table: kept, without attributes."
            )
        parts.append(listed)
    if returned is not None:
        parts.append(returned.cast(pl.String).alias("customer_id").to_frame())
    known = pl.concat(parts).drop_nulls().unique().sort("customer_id")
    nobody = pl.DataFrame({"customer_id": pl.Series([None], dtype=pl.String)})
    codes = joined(by_code, known.with_row_index(CODE, offset=NO_CUSTOMER + 1), "customer_id")[CODE]
    return pl.concat([nobody, known]), codes.gather(bought.to_physical()).fill_null(NO_CUSTOMER).alias("customer")


def orders(lines: pl.DataFrame, notes: list[str], *, split_days: bool) -> tuple[pl.Series, pl.DataFrame]:
    """The code of each line's order, and the orders by code: order_id, customer, day, place.

    `lines` has order_id (Categorical), customer, day and place. An order has one day, one customer and one place. Where
    the lines of one order number disagree: a line without a customer belongs to the order's customer; several customers
    or places make one order each; several days give the earliest, or one order each with `split_days`.
    """
    number = pl.col("order_id").to_physical()
    lines = lines.with_columns(number.alias("__number"))
    known = pl.col("customer").filter(pl.col("customer") != NO_CUSTOMER).min()
    result = (
        lines.lazy()
        .group_by("__number")
        .agg(
            pl.col("customer").max(),
            pl.col("day").min(),
            pl.col(PLACE).min(),
            (pl.col("customer").min() == NO_CUSTOMER).alias("__nobody"),
            known.alias("__lowest"),
            (pl.col(PLACE).min() != pl.col(PLACE).max()).alias("__places"),
            (pl.col("day").min() != pl.col("day").max()).alias("__days"),
        )
        .collect()
    )
    one_customer = (pl.col("__lowest") == pl.col("customer")) & pl.col("__nobody")
    several = result.select(
        nobody=one_customer.sum(),
        customers=(pl.col("__lowest") != pl.col("customer")).sum(),
        places=pl.col("__places").sum(),
        days=pl.col("__days").sum(),
    ).row(0, named=True)
    key = ["__number"]
    if several["nobody"]:
        notes.append(
            f"{several['nobody']:,} orders name their customer on some lines only: all lines count for that customer."
        )
        only = result.filter(one_customer).select("__number", pl.col("customer").alias("__only"))
        lines = joined(lines, only, "__number")
        lines = lines.with_columns(pl.coalesce("__only", "customer").alias("customer")).drop("__only")
    if several["customers"]:
        notes.append(f"{several['customers']:,} order numbers name several customers: counted as one order for each.")
        key.append("customer")
    if several["places"]:
        notes.append(f"{several['places']:,} order numbers name several places: counted as one order for each.")
        key.append(PLACE)
    if several["days"] and split_days:
        notes.append(f"{several['days']:,} order numbers occur on several days: counted as one order for each day.")
        key.append("day")
    elif several["days"]:
        notes.append(f"{several['days']:,} orders have lines of several days: counted on their earliest day.")
    if len(key) > 1:
        rest = [pl.col(column).min() for column in ("customer", "day", PLACE) if column not in key]
        result = lines.lazy().group_by(key).agg(rest).collect()
    return _order_codes(lines, result, key)


def _order_codes(lines: pl.DataFrame, orders: pl.DataFrame, key: list[str]) -> tuple[pl.Series, pl.DataFrame]:
    """The code of each line's order, and the orders by code; `key` tells orders apart."""
    names = texts(lines["order_id"])
    orders = (
        orders.select("__number", "customer", "day", PLACE)
        .with_columns(names.gather(orders["__number"]).alias("order_id"))
        .sort("customer", "day", "order_id", PLACE)
        .with_row_index("order")
    )
    if len(key) > 1:
        codes = joined(lines.select(key), orders.select("order", *key), key)["order"]
    else:
        by_number = np.zeros(len(names), dtype=np.uint32)
        by_number[orders["__number"].to_numpy()] = orders["order"].to_numpy()
        codes = pl.Series(by_number).gather(lines["__number"])
    return codes.alias("order"), orders.select("order_id", "customer", "day", PLACE)
