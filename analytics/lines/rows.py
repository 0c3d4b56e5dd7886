"""The lines themselves: the first of a view, the days of some orders, and the values that filter them."""

from __future__ import annotations

from operator import add
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters, Where, between
from analytics.lines.engine import Partition, Reduction, joined
from analytics.lines.shape import shape


def rows(data: Dataset, filters: Filters, limit: int) -> pl.DataFrame:
    """The first `limit` lines of the view, in the dataset's order (customer, day, order, product).

    Columns: order (the order's code, by which its own number is found), day, customer_id, name, product_id, the
    dimensions as text, quantity, and money in currency units.
    """
    return named(data, ROWS(data, (filters, limit)))


def _rows(partition: Partition, ask: tuple[Filters, int]) -> pl.DataFrame:
    filters, limit = ask
    return partition.view(filters.where, between(filters.period)).head(limit).collect()


def _first(_data: Dataset, ask: tuple[Filters, int], found: pl.DataFrame) -> pl.DataFrame:
    return found.head(ask[1])


ROWS = Reduction(_rows, joined, _first)


def named(data: Dataset, found: pl.DataFrame) -> pl.DataFrame:
    """Lines with their texts, see `rows`."""
    people = data.customers.select("customer_id", "name").with_row_index("customer")
    products = data.products.select("product_id").with_row_index("code")
    money = [name for name in ("revenue", "discount", "cost") if data.has(name)]
    dimensions = [name for name in data.members if name not in data.segments] + list(data.segments)
    return (
        found.join(people, on="customer", how="left", maintain_order="left")
        .with_columns(pl.col("product").to_physical().cast(pl.UInt32).alias("code"))
        .join(products, on="code", how="left", maintain_order="left")
        .select(
            "order", "day", "customer_id", "name", "product_id",
            pl.col(dimensions).cast(pl.String),
            data.units(pl.col("quantity").cast(pl.Int64)),
            (pl.col(money) / MONEY_SCALE).round(4),  # division by a constant may miss the nearest number by a bit
        )
    )  # fmt: skip


def order_days(data: Dataset, orders: pl.Series) -> pl.DataFrame:
    """One row per order code asked for that the lines have: order (UInt32), ordered_on (Date)."""
    return ORDER_DAYS(data, orders.drop_nulls().unique().cast(pl.UInt32).alias("order"))


def _placed(partition: Partition, orders: pl.Series) -> pl.DataFrame:
    days = partition.lines.select("order", pl.col("day").alias("ordered_on"))
    return days.join(orders.to_frame().lazy(), on="order", how="semi").unique().collect()


ORDER_DAYS: Reduction[pl.Series, pl.DataFrame, pl.DataFrame] = Reduction(_placed, joined)


def members(data: Dataset, where: Where, dimension: str) -> list[str]:
    """The members of a dimension that occur with the members kept of the other dimensions of its hierarchy, in order.

    Nothing is asked of the lines: which place lies in which, and which product in which category, is known.
    """
    inside = next((of for of in shape(data).inside.values() if dimension in of), {})
    narrowing = [(name, values) for name, values in where if name in inside and name != dimension]
    if not narrowing:
        return list(data.members[dimension])
    occurs = inside[dimension] >= 0
    for name, values in narrowing:
        codes = [code for code, member in enumerate(data.members[name]) if member in values]
        occurs = occurs & np.isin(inside[name], codes)
    return [data.members[dimension][code] for code in np.unique(inside[dimension][occurs]).tolist()]


def revenue(data: Dataset) -> int:
    """Revenue of all lines in ten-thousandths, summed from them once."""
    if data not in _KNOWN:
        _KNOWN[data] = REVENUE(data, None)
    return _KNOWN[data]


def _revenue(partition: Partition, _ask: None) -> int:
    return int(partition.lines.select(pl.col("revenue").sum()).collect().item())


REVENUE: Reduction[None, int, int] = Reduction(_revenue, add)

_KNOWN: WeakKeyDictionary[Dataset, int] = WeakKeyDictionary()
