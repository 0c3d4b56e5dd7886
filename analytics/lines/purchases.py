"""Purchase histories: who bought on which days, what their first order was, and the lines of one customer.

They run over the whole history up to a day, so that "first" and "since" never depend on a filtered window.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import NO_CUSTOMER, PRODUCT_LEVELS, Dataset
from analytics.filters import Where
from analytics.lines.axes import enumerated
from analytics.lines.conditions import kept
from analytics.lines.engine import Partition, Reduction, added, joined
from analytics.lines.rows import named

Array = NDArray[Any]
Bought = tuple[Where, date | None, int | None]
"""The filter, the last day, and the one customer that is asked for."""
Grouped = tuple[Where, date, tuple[str, ...], Array]
"""The filter, the last day, the dimensions, and each customer's group."""


def purchases(
    data: Dataset, where: Where = (), until: date | None = None, *, customer: int | None = None
) -> pl.DataFrame:
    """One row per known customer and day with orders, by customer and day, up to `until` or the data's last day.

    `customer` asks for one customer's rows alone.

    Columns: customer (UInt32), day (Date), orders (Int64), revenue and returned (Int64, ten-thousandths). A return
    counts against the customer's latest purchase day up to it. One dated before the customer's first purchase is of
    something that the data does not know, and counts against nobody; so does every return where `can_net` is False.
    """
    return PURCHASES(data, (where, until, customer))


def _purchases(partition: Partition, ask: Bought) -> pl.DataFrame:
    from analytics.lines import kernels

    (where, until, customer), data = ask, partition.data
    inside = _until(data, until)
    if customer is not None:
        theirs = pl.col("customer") == customer
        inside = theirs if inside is None else theirs & inside
    columns = _known(partition, ("customer", "day", "order", "revenue"), where, inside)
    size = columns[0].size
    found = np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int64)
    days = kernels.list_purchases(*columns, *found)
    code, on, orders, revenue = (column[:days].copy() for column in found)
    return pl.DataFrame({"customer": code, "day": pl.Series(on).cast(pl.Date), "orders": orders, "revenue": revenue})


def _net_purchases(data: Dataset, ask: Bought, bought: pl.DataFrame) -> pl.DataFrame:
    where, until, _ = ask
    return _netted(data, bought.rechunk(), where, until)


PURCHASES = Reduction(_purchases, joined, _net_purchases)


def can_net(data: Dataset, where: Where = ()) -> bool:
    """Whether returns can be set against customers: they name the customer and every filtered dimension."""
    carried = () if data.returns is None else data.returns.columns
    return "customer" in carried and all(name in carried for name, _ in where)


def _netted(data: Dataset, frame: pl.DataFrame, where: Where, until: date | None) -> pl.DataFrame:
    none = frame.with_columns(pl.lit(0, pl.Int64).alias("returned"))
    if data.returns is None or not can_net(data, where):
        return none
    back = data.returns.filter(pl.col("customer") != NO_CUSTOMER)
    condition = kept(where, data.members)
    if condition is not None:
        back = back.filter(condition)
    if until is not None:
        back = back.filter(pl.col("day") <= until)
    if back.is_empty() or frame.is_empty():
        return none
    # Purchase days in the order of customer and day, as one number each; a return belongs to the last one not after it.
    bought, returned = (_keys(part) for part in (frame, back))
    order = np.argsort(returned)  # what is looked up in its order is found several times faster
    at = np.searchsorted(bought, returned[order], side="right") - 1
    told = (at >= 0) & (frame["customer"].to_numpy()[at] == back["customer"].to_numpy()[order])
    amounts = np.zeros(frame.height, np.int64)
    np.add.at(amounts, at[told], back["amount"].to_numpy()[order][told])
    return frame.with_columns(pl.Series("returned", amounts))


def _keys(frame: pl.DataFrame) -> Array:
    """Customer and day as one number that sorts like both."""
    days = frame["day"].to_physical().cast(pl.Int64).to_numpy()
    packed: NDArray[Any] = (frame["customer"].cast(pl.Int64).to_numpy() << 32) + days
    return packed


def firsts(data: Dataset, dimension: str) -> pl.DataFrame:
    """One row per known customer who ever bought: customer (UInt32) and member (Enum) of their first order ever.

    Where that order has several members (two categories), the one with the most revenue, at a tie the earlier one.
    """
    dtype = data.schema[dimension]
    if dimension in data.segments:
        buyers = pl.col("first_on").is_not_null()
        people = data.customers.with_row_index("customer").filter(buyers & (pl.col("customer") != NO_CUSTOMER))
        return people.select("customer", pl.col(dimension).cast(dtype).alias("member"))
    return FIRSTS(data, dimension)


def _firsts(partition: Partition, dimension: str) -> pl.DataFrame:
    from analytics.lines import kernels

    columns = _known(partition, ("customer", "order", dimension, "revenue"))
    spent = np.zeros(len(partition.data.members[dimension]), np.int64)
    who, member = np.empty(columns[0].size, np.uint32), np.empty(columns[0].size, np.uint32)
    size = kernels.list_firsts(*columns, spent, who, member)
    members = enumerated(partition.data, dimension, member[:size]).alias("member")
    return pl.DataFrame([pl.Series("customer", who[:size].copy()), members])


FIRSTS: Reduction[str, pl.DataFrame, pl.DataFrame] = Reduction(_firsts, joined)


def buyers(
    data: Dataset, where: Where, until: date, dimensions: Sequence[str], group: Array
) -> dict[str, pl.DataFrame]:
    """Dimension -> customers by group and member: group (Int32), member (Enum), customers (Int64), where there are any.

    `group` gives each customer code's group, a whole number from 0, or -1 for those left out. A customer counts once
    for every member that they bought of up to `until`; by an attribute of their own they count once whatever they
    bought, so leave out who bought nothing.
    """
    counts = BUYERS(data, (where, until, tuple(name for name in dimensions if name not in data.segments), group))
    for name in dimensions:
        if name in data.segments:
            code = data.customers[name].to_physical().cast(pl.Int64).fill_null(0).to_numpy()
            size, inside, groups = len(data.members[name]), group >= 0, int(group.max(initial=-1)) + 1
            key = group[inside] * size + code[inside]
            counts[name] = np.bincount(key, minlength=groups * size).reshape(groups, size)
    return {name: _members(data, name, counts[name]) for name in dimensions}


def _buyers(partition: Partition, ask: Grouped) -> tuple[Array, ...]:
    from analytics.lines import kernels

    (where, until, dimensions, group), data = ask, partition.data
    groups, out = int(group.max(initial=-1)) + 1, []
    customer, *codes = _known(partition, ("customer", *dimensions), where, _until(data, until))
    of = group[customer]
    nobody = of < 0
    customer, of = np.where(nobody, np.uint32(0), customer), np.where(nobody, 0, of).astype(np.uint32)
    for name, code in zip(dimensions, codes, strict=True):
        size, key = len(data.members[name]), of.copy()
        kernels.extend(key, size, code)
        counts, seen = np.zeros((groups * size, 1), np.int64), np.full(groups * size, kernels.UNSEEN, np.uint32)
        if groups:
            kernels.count_customers(key, customer, np.zeros(key.size, np.uint8), seen, counts)
        out.append(counts.reshape(groups, size))
    return tuple(out)


def _by_dimension(_data: Dataset, ask: Grouped, counts: tuple[Array, ...]) -> dict[str, Array]:
    return dict(zip(ask[2], counts, strict=True))


BUYERS = Reduction(_buyers, added, _by_dimension)


def _members(data: Dataset, dimension: str, counts: Array) -> pl.DataFrame:
    group, member = np.nonzero(counts)
    columns = pl.Series("group", group, pl.Int32), enumerated(data, dimension, member).alias("member")
    return pl.DataFrame([*columns, pl.Series("customers", counts[group, member], pl.Int64)])


def of_customer(data: Dataset, customer: int) -> pl.DataFrame:
    """The lines of one customer, by day: order (code), day, product_id, the dimensions as text, quantity, money.

    Money is in currency units. Customer attributes, which are the same on every line, are left out.
    """
    hidden = ("customer_id", "name", *PRODUCT_LEVELS, *data.segments)
    levels = [name for name in reversed(PRODUCT_LEVELS) if name in data.members]
    found = OF_CUSTOMER(data, customer)
    return named(data, found).select(
        "order", "day", "product_id", *levels, pl.exclude("order", "day", "product_id", *hidden)
    )


def _of_customer(partition: Partition, customer: int) -> pl.DataFrame:
    return partition.view(inside=(pl.col("customer") == customer) & (pl.col("customer") != NO_CUSTOMER)).collect()


OF_CUSTOMER: Reduction[int, pl.DataFrame, pl.DataFrame] = Reduction(_of_customer, joined)


def _until(data: Dataset, until: date | None) -> pl.Expr | None:
    return pl.col("day") <= until if until is not None and until < data.last_day else None


def _known(
    partition: Partition, names: tuple[str, ...], where: Where = (), inside: pl.Expr | None = None
) -> list[Array]:
    """Columns of the lines that name their customer."""
    return partition.columns(names, where, inside if partition.cut.known else pl.lit(False))
