"""The demo as plain CSV files, as a shop system would hand them over: to try and to measure the import."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from analytics.dataset import MONEY_SCALE, NO_CUSTOMER
from data.generator import calendar, people

LINE_COLUMNS: Final = (
    "order_id",
    "ordered_on",
    "customer_id",
    "product_id",
    "product",
    "category",
    "subcategory",
    "continent",
    "country",
    "region",
    "channel",
    "quantity",
    "unit_price",
    "discount",
    "cost",
)


def csv_lines(dataset_folder: Path, path: Path) -> None:
    """Write one CSV row per order line, by day and order number, holding one month of lines in memory.

    Money is in dollars with two decimals, unit_price before the discount of the whole line, cost of the whole line;
    customer_id is empty where there is none.
    """
    lines = pl.scan_parquet(dataset_folder / "lines.parquet")
    with path.open("wb") as file:
        for month in range(calendar.MONTHS):
            start, end = calendar.month_start(month), calendar.month_start(month + 1)
            rows = _flat(lines.filter(pl.col("day") >= start, pl.col("day") < end), dataset_folder).collect()
            rows.write_csv(file, include_header=month == 0, float_precision=2)


def _flat(lines: pl.LazyFrame, dataset_folder: Path) -> pl.LazyFrame:
    products = pl.read_parquet(dataset_folder / "products.parquet", columns=["product_id"])["product_id"]
    product_id = pl.lit(products).gather(pl.col("product").to_physical())
    money = {name: pl.col(name) / MONEY_SCALE for name in ("discount", "cost")}
    return (
        lines.sort("day", "order", "product")
        .with_columns(
            # Codes follow from the numbers they were given in, so no table of a hundred million customers is joined.
            order_id=numbered("SO", "order"),
            customer_id=pl.when(pl.col("customer") != NO_CUSTOMER).then(numbered("C", "customer")),
            product_id=product_id,
            ordered_on="day",
            unit_price=(pl.col("revenue") + pl.col("discount")) / pl.col("quantity") / MONEY_SCALE,
            **money,
        )
        .select(LINE_COLUMNS)
    )


def csv_customers(dataset_folder: Path, path: Path) -> None:
    """Write one CSV row per customer: id, name, e-mail address, birth date and attributes; empty where not recorded."""
    recorded = [
        pl.when(pl.col(name) != members[-1]).then(pl.col(name)).alias(name) for name, members in people.SEGMENTS.items()
    ]
    customers = pl.scan_parquet(dataset_folder / "customers.parquet").filter(pl.col("customer_id").is_not_null())
    customers.select("customer_id", "name", "email", pl.col("born_on").alias("birth_date"), *recorded).sink_csv(path)


def numbered(prefix: str, code: str) -> pl.Expr:
    """Order and customer numbers, which are their codes behind a prefix, all of one length."""
    return prefix + pl.col(code).cast(pl.String).str.zfill(9)
