"""`rows` and `members`: the lines themselves, and the values that filter them."""

from __future__ import annotations

import polars as pl

from analytics.dataset import GEOGRAPHY, MONEY_SCALE, PRODUCT_LEVELS, Dataset
from analytics.filters import Filters, Where, between, kept


def rows(data: Dataset, filters: Filters, limit: int) -> pl.DataFrame:
    """The first `limit` lines of the view, in the dataset's order (customer, day, order, product).

    Columns: row (position in the prepared lines, where the order's own number is kept), day, customer_id, name,
    product_id, the dimensions as text, quantity, and money in currency units.
    """
    frame = data.lines.with_row_index("row").filter(between(filters.period))
    condition = kept(filters.where)
    if condition is not None:
        frame = frame.filter(condition)
    people = data.customers.select("customer_id", "name").with_row_index("customer")
    products = data.products.select("product_id").with_row_index("code")
    money = [name for name in ("revenue", "discount", "cost") if data.has(name)]
    dimensions = [name for name in data.members if name not in data.segments]
    dimensions += list(data.segments)
    return (
        frame.head(limit)
        .collect()
        .join(people, on="customer", how="left", maintain_order="left")
        .with_columns(pl.col("product").to_physical().cast(pl.UInt32).alias("code"))
        .join(products, on="code", how="left", maintain_order="left")
        .select(
            "row", "day", "customer_id", "name", "product_id",
            pl.col(dimensions).cast(pl.String),
            pl.col("quantity").cast(pl.Int64),
            pl.col(money) / MONEY_SCALE,
        )
    )  # fmt: skip


def members(data: Dataset, where: Where, dimension: str) -> list[str]:
    """The members of a dimension that occur with the members kept of the other dimensions of its hierarchy, in order."""
    hierarchy = next((h for h in (GEOGRAPHY, PRODUCT_LEVELS) if dimension in h), (dimension,))
    narrowed = tuple(item for item in where if item[0] in hierarchy and item[0] != dimension)
    if not narrowed:
        return list(data.members[dimension])
    condition = kept(narrowed)
    assert condition is not None
    found = data.lines.filter(condition).select(dimension).unique().collect()
    return found.sort(dimension)[dimension].cast(pl.String).to_list()
