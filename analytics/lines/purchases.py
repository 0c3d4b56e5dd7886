"""Purchase histories: who bought on which days, what their first order was, and the lines of one customer.

They run over the whole history up to a day, so that "first" and "since" never depend on a filtered window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import GEOGRAPHY, MONEY_SCALE, NO_CUSTOMER, PRODUCT_LEVELS, Dataset
from analytics.filters import Where
from analytics.lines.conditions import kept
from analytics.lines.distinct import run_starts
from analytics.lines.shape import Cut, shape

Array = NDArray[Any]
T = TypeVar("T")


def purchases(
    data: Dataset, where: Where = (), until: date | None = None, *, customer: int | None = None
) -> pl.DataFrame:
    """One row per known customer and day with orders, by customer and day, up to `until` or the data's last day.

    `customer` asks for one customer's rows alone.

    Columns: customer (UInt32), day (Date), orders (Int64), revenue and returned (Int64, ten-thousandths). A return
    counts against the customer's latest purchase day up to it. One dated before the customer's first purchase is of
    something that the data does not know, and counts against nobody; so does every return where `can_net` is False.
    """
    condition = _condition(data, where, until)
    if customer is not None:
        theirs = pl.col("customer") == customer
        condition = theirs if condition is None else theirs & condition

    def read(cut: Cut) -> pl.DataFrame:
        columns = _columns(data, cut, condition, ("customer", "day", "order", "revenue"))
        code, day, order = columns["customer"], columns["day"], columns["order"]
        new_customer = run_starts(code)
        at = np.flatnonzero(run_starts(day) | new_customer)
        return pl.DataFrame(
            {
                "customer": code[at],
                "day": day[at],
                "orders": _sums(run_starts(order) | new_customer, at),
                "revenue": _sums(columns["revenue"], at),
            }
        )

    found = _gathered(data, read)
    schema = pl.Schema({"customer": pl.UInt32, "day": pl.Date, "orders": pl.Int64, "revenue": pl.Int64})
    frame = pl.concat(found).cast(schema) if found else pl.DataFrame(schema=schema)
    return _netted(data, frame, where, until)


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
    at = np.searchsorted(bought, returned, side="right") - 1
    code = frame["customer"].to_numpy()
    told = (at >= 0) & (code[at] == back["customer"].to_numpy())
    amounts = np.zeros(frame.height, np.int64)
    np.add.at(amounts, at[told], back["amount"].to_numpy()[told])
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

    def read(cut: Cut) -> pl.DataFrame:
        columns = _columns(data, cut, None, ("customer", "order", "revenue", dimension))
        starts = np.flatnonzero(run_starts(columns["customer"]))
        lengths = np.diff(starts, append=columns["customer"].size)
        first = np.flatnonzero(columns["order"] == np.repeat(columns["order"][starts], lengths))
        customer, code, revenue = (columns[name][first] for name in ("customer", dimension, "revenue"))
        if dimension not in GEOGRAPHY and dimension not in PRODUCT_LEVELS:
            # An order has one place, and its products come by category; any other member may return within it.
            ordered = np.lexsort((code, customer))
            customer, code, revenue = customer[ordered], code[ordered], revenue[ordered]
        new_customer = run_starts(customer)
        at = np.flatnonzero(run_starts(code) | new_customer)
        customer, code, spent = customer[at], code[at], _sums(revenue, at)
        starts = np.flatnonzero(run_starts(customer))
        most = np.maximum.reduceat(spent, starts) if starts.size else spent
        best = np.flatnonzero(spent == np.repeat(most, np.diff(starts, append=customer.size)))
        best = best[run_starts(customer[best])]
        return pl.DataFrame({"customer": customer[best], dimension: code[best]})

    found = _gathered(data, read)
    if not found:
        return pl.DataFrame(schema={"customer": pl.UInt32, "member": dtype})
    return pl.concat(found).select("customer", pl.col(dimension).cat.to(dtype).alias("member"))


def buyers(
    data: Dataset, where: Where, until: date, dimensions: Sequence[str], group: Array
) -> dict[str, pl.DataFrame]:
    """Dimension -> customers by group and member: group (Int32), member (Enum), customers (Int64), where there are any.

    `group` gives each customer code's group, a whole number from 0, or -1 for those left out. A customer counts once
    for every member that they bought of up to `until`; by an attribute of their own they count once whatever they
    bought, so leave out who bought nothing.
    """
    groups = int(group.max(initial=-1)) + 1
    sizes = {name: len(data.members[name]) for name in dimensions}
    bought = [name for name in dimensions if name not in data.segments]
    condition = _condition(data, where, until)

    def read(cut: Cut) -> dict[str, Array]:
        columns = _columns(data, cut, condition, ("customer", *bought))
        starts = run_starts(columns["customer"])
        of = group[columns["customer"][starts]]
        rank = np.cumsum(starts) - 1
        out = {}
        for name in bought:
            has = np.zeros(of.size * sizes[name], np.bool_)
            has[rank * sizes[name] + columns[name]] = True
            table = has.reshape(of.size, sizes[name])
            out[name] = np.array([table[of == one].sum(axis=0) for one in range(groups)]).reshape(groups, sizes[name])
        return out

    found = _gathered(data, read) if bought else []
    counts = {name: sum((part[name] for part in found), np.zeros((groups, sizes[name]), np.int64)) for name in bought}
    for name in dimensions:
        if name in data.segments:
            code = data.customers[name].to_physical().cast(pl.Int64).fill_null(0).to_numpy()
            inside = group >= 0
            key = group[inside] * sizes[name] + code[inside]
            counts[name] = np.bincount(key, minlength=groups * sizes[name]).reshape(groups, sizes[name])
    return {name: _members(data, name, counts[name]) for name in dimensions}


def _members(data: Dataset, dimension: str, counts: Array) -> pl.DataFrame:
    dtype = data.schema[dimension]
    width = pl.Series([], dtype=dtype).to_physical().dtype
    group, member = np.nonzero(counts)
    return pl.DataFrame(
        {
            "group": pl.Series(group, dtype=pl.Int32),
            "member": pl.Series(member).cast(width).cat.to(dtype),
            "customers": pl.Series(counts[group, member], dtype=pl.Int64),
        }
    )


def of_customer(data: Dataset, customer: int) -> pl.DataFrame:
    """The lines of one customer, by day: order (code), day, product_id, the dimensions as text, quantity, money.

    Money is in currency units. Customer attributes, which are the same on every line, are left out.
    """
    products = data.products.select("product_id").with_row_index("code")
    money = [name for name in ("revenue", "discount", "cost") if data.has(name)]
    dimensions = [name for name in data.members if name not in data.segments and name not in PRODUCT_LEVELS]
    levels = [name for name in reversed(PRODUCT_LEVELS) if name in data.members]
    found = data.lines.filter((pl.col("customer") == customer) & (pl.col("customer") != NO_CUSTOMER)).collect()
    return (
        found.with_columns(pl.col("product").to_physical().cast(pl.UInt32).alias("code"))
        .join(products, on="code", how="left", maintain_order="left")
        .select(
            "order",
            "day",
            "product_id",
            pl.col(levels + dimensions).cast(pl.String),
            data.units(pl.col("quantity").cast(pl.Int64)),
            (pl.col(money) / MONEY_SCALE).round(4),
        )
    )


def _condition(data: Dataset, where: Where, until: date | None) -> pl.Expr | None:
    condition = kept(where, data.members)
    if until is not None and until < data.last_day:
        inside = pl.col("day") <= until
        condition = inside if condition is None else inside & condition
    return condition


def _columns(data: Dataset, cut: Cut, condition: pl.Expr | None, names: tuple[str, ...]) -> dict[str, Array]:
    lines = data.lines.slice(cut.start, cut.rows)
    if condition is not None:
        lines = lines.filter(condition)
    frame = lines.select(pl.col(names).to_physical()).collect()
    return {name: frame[name].to_numpy() for name in names}


def _gathered(data: Dataset, read: Callable[[Cut], T]) -> list[T]:
    """What `read` finds in every slice of known customers, in the lines' order; slices split no customer."""
    cuts = [cut for cut in shape(data).cuts if cut.known]
    workers = min(pl.thread_pool_size(), len(cuts))
    if workers <= 1:
        return [read(cut) for cut in cuts]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(read, cuts))


def _sums(values: Array, at: Array) -> Array:
    """The sum of each run of values that starts at `at`, as differences of the running sum."""
    if not at.size:
        return np.zeros(0, np.int64)
    ends = np.append(at[1:], values.size) - 1
    return np.diff(np.cumsum(values, dtype=np.int64)[ends], prepend=0)
