"""One customer: found by name or id, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from analytics.dataset import NO_CUSTOMER
from analytics.grains import shift_months
from analytics.tables.segments.rfm import BY_SCORES, score_by

FOUND: Final = 20
"""Customers that a search lists."""

_BETWEEN: Final = "\x1f"
"""Stands between id and name in a key. It counts as a blank where words are typed, so none of them holds it."""

SCORED: Final = 8
"""Quarter ends, the data's last day among them, at which scores are told."""


def directory(customers: pl.DataFrame) -> pl.DataFrame:
    """One row per known customer who bought, by name and id: customer (code), and key: id and name in lower case.

    The order is made once, so that a search need not sort what it finds.
    """
    low = [
        pl.col(name).fill_null("").str.to_lowercase().str.replace_all(_BETWEEN, " ", literal=True).alias(name)
        for name in ("customer_id", "name")
    ]
    return (
        customers.with_row_index("customer")
        .filter((pl.col("customer") != NO_CUSTOMER) & pl.col("first_on").is_not_null())
        .select("customer", *low)
        .sort("name", "customer_id")
        .select("customer", pl.concat_str("customer_id", "name", separator=_BETWEEN).alias("key"))
    )


def find(known: pl.DataFrame, customers: pl.DataFrame, words: str, most: int = FOUND) -> pl.DataFrame:
    """The customers whose id or name holds every word typed: customer, customer_id, name; likeliest first.

    That is: the id itself, ids that begin so, names that begin so, then the others; by name and id among equals.
    Takes the `directory` of the customers.
    """
    typed = " ".join(words.lower().split())
    key, result = pl.col("key"), pl.Series("customer", [], pl.UInt32)
    if typed:
        holds = pl.all_horizontal(key.str.contains(word, literal=True) for word in typed.split())
        hits = known.filter(holds)
        likely = (
            key.str.starts_with(typed + _BETWEEN),
            key.str.starts_with(typed),
            key.str.contains(_BETWEEN + typed, literal=True),
            pl.lit(True),
        )
        firsts = pl.concat([hits.filter(item).head(most)["customer"] for item in likely])
        result = firsts.unique(maintain_order=True).head(most)
    return pl.DataFrame([result, *customers.select("customer_id", "name")[result]])


@dataclass(frozen=True)
class Facts:
    """One customer up to a day. Money in ten-thousandths."""

    first_on: date
    last_on: date
    since: int
    """Days from the last purchase to the day."""
    days: int
    """Days with a purchase."""
    orders: int
    revenue: int
    returned: int
    gap: float | None
    """Mean days between purchase days; None with one."""


def facts(purchases: pl.DataFrame, as_of: date) -> Facts | None:
    """Takes `lines.purchases` of one customer up to that day; None where they had not bought yet."""
    if purchases.is_empty():
        return None
    days = purchases["day"]
    first, last = days[0], days[-1]
    return Facts(
        first_on=first,
        last_on=last,
        since=(as_of - last).days,
        days=purchases.height,
        orders=int(purchases["orders"].sum()),
        revenue=int(purchases["revenue"].sum()),
        returned=int(purchases["returned"].sum()),
        gap=(last - first).days / (purchases.height - 1) if purchases.height > 1 else None,
    )


def scored_days(first_day: date, last_day: date, most: int = SCORED) -> list[date]:
    """The last day of the data and the ends of the quarters before it that have data, in order."""
    start = date(last_day.year, last_day.month - (last_day.month - 1) % 3, 1)
    ends: list[date] = []
    while len(ends) < most - 1:
        end = date.fromordinal(start.toordinal() - 1)
        if end < first_day:
            break
        ends.append(end)
        start = shift_months(start, -3)
    return [*reversed(ends), last_day]


def scores(
    values: Sequence[tuple[date, Facts | None]], least: Mapping[date, Mapping[str, tuple[int | None, ...]]]
) -> pl.DataFrame:
    """One row per date at which the customer had bought: day, r, f, m, fm, group (text).

    Takes the customer's facts and everybody's `rfm.thresholds` at those dates.
    """
    epoch, rows = date(1970, 1, 1), []
    for day, known in values:
        if known is None:
            continue
        edges = least[day]
        r = score_by(edges["r"], (known.last_on - epoch).days)
        f, m = score_by(edges["f"], known.orders), score_by(edges["m"], known.revenue - known.returned)
        fm = (f + m + 1) // 2
        rows.append((day, r, f, m, fm, BY_SCORES[r][fm - 1]))
    whole = dict.fromkeys(("r", "f", "m", "fm"), pl.Int64)
    return pl.DataFrame(rows, schema={"day": pl.Date, **whole, "group": pl.String}, orient="row")


def orders_over_time(table: pl.DataFrame, grain: str, until: date) -> pl.DataFrame:
    """One row per month or quarter from the first order to a day, also without orders: start, orders, revenue.

    Takes `lines.of_customer` up to that day; `grain` is `1mo` or `1q`.
    """
    bought = table.group_by(pl.col("day").dt.truncate(grain).alias("start")).agg(
        pl.col("order").n_unique().cast(pl.Int64).alias("orders"), pl.col("revenue").sum()
    )
    if bought.is_empty():
        return bought.select("start", "orders", "revenue")
    spine = pl.DataFrame({"start": pl.date_range(bought["start"].min(), until, grain, eager=True)})  # type: ignore[arg-type]
    joined = spine.join(bought, on="start", how="left", maintain_order="left")
    return joined.with_columns(pl.col("orders").fill_null(0), pl.col("revenue").fill_null(0.0))


def spent_on(table: pl.DataFrame, level: str) -> pl.DataFrame:
    """One row per member of a level that a customer bought of, most revenue first: member, revenue, units, orders.

    Takes `lines.of_customer`.
    """
    return (
        table.group_by(pl.col(level).alias("member"))
        .agg(
            pl.col("revenue").sum(),
            pl.col("quantity").sum().round(4).alias("units"),
            pl.col("order").n_unique().cast(pl.Int64).alias("orders"),
        )
        .sort("revenue", "member", descending=[True, False])
    )
