"""Shops in which nothing changed between two periods, made of real order lines and of invented ones.

A shop of real lines is bootstrapped: the customers of some months are drawn with replacement into both periods, each
with all their lines (an order without a customer for itself), so that both periods come from one and the same shop.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.filters import Filters
from analytics.lines import history
from analytics.periods import Comparison, Period
from benchmarks import demo
from data.building.layout import Tables, build
from data.prepare import prepare
from data.recipe import recipes
from data.store import store

Array = NDArray[Any]

SHARED: Final = Path(os.environ.get("SALES_PUBLIC", Path(__file__).resolve().parents[3] / "shared" / "data"))
"""Folder with the public files, which are no part of the project; without them their shops are left out."""

FILES: Final = {
    "AdventureWorks": ("adventureworks", "aw_maven_2020_2022_mit.zip", 365),
    "Online Retail": ("online_retail", "online_retail_2010_2011_raw_strings.parquet", 91),
}
"""Shop -> its recipe, its file and the days, its last, whose customers are drawn."""

ALL: Final = ("invented", "demo", *FILES)
"""All shops, of which some need files that are not always there."""

DEMO_DAYS: Final = 365

LEAST_SHARE: Final = 0.05
"""A world may be filtered by one member that has at least this share of the lines."""


@dataclass(frozen=True)
class World:
    """A dataset and a view of it with a base."""

    data: Dataset
    filters: Filters


def present() -> list[str]:
    """The shops that can be made here."""
    return [name for name in ALL if name not in FILES or (SHARED / FILES[name][1]).is_file()]


def world(shop: str, rng: np.random.Generator, change: Callable[[pl.DataFrame], pl.DataFrame] | None = None) -> World:
    """Two periods of a shop in which nothing changed, or only the lines of the later one as `change` says; in every
    other world one member of one dimension is looked at alone."""
    data = invented(rng) if shop == "invented" else bootstrapped(_pool(shop), rng)
    if change:
        middle = data.first_day + timedelta((data.last_day - data.first_day).days // 2)
        lines = data.lines.collect()
        later = change(lines.filter(pl.col("day") > middle))
        data = replace(data, lines=pl.concat([lines.filter(pl.col("day") <= middle), later]).sort(SORTED).lazy())
    return World(data, halves(data, () if change or rng.random() < 0.5 else _member(data, rng)))


SORTED: Final = ["customer", "day", "order", "product"]


def halves(data: Dataset, where: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> Filters:
    """The later half of a dataset's days against the earlier one."""
    days = (history(data).period.days) // 2
    now = Period(data.last_day - timedelta(days - 1), data.last_day)
    base = Period(now.start - timedelta(days), now.start - timedelta(1))
    return Filters(now, Comparison("previous_period", base), where)


def _member(data: Dataset, rng: np.random.Generator) -> tuple[tuple[str, tuple[str, ...]], ...]:
    name = str(rng.choice([name for name in data.members if name not in ("product", "subcategory", "region")]))
    counts = data.lines.group_by(name).len().collect()
    large = counts.filter(pl.col("len") >= LEAST_SHARE * pl.col("len").sum())[name].cast(pl.String).sort().to_list()
    return ((name, (str(rng.choice(large)),)),) if large else ()


@cache
def _pool(shop: str) -> Dataset:
    """The lines whose customers are drawn: those of the shop's last months."""
    if shop == "demo":
        data, days = store.load("demo"), DEMO_DAYS
    else:
        recipe, file, days = FILES[shop]
        home = demo.folder() / "calibration"
        if not (home / recipe / "current").is_file():
            prepare(recipes.read(recipe), SHARED / file, home=home, name=recipe)
        data = store.load_version(store.find(recipe, home=home).path, name=recipe)
    first = data.last_day - timedelta(days - 1)
    return replace(data, lines=data.lines.filter(pl.col("day") >= first).collect().lazy(), first_day=first)


def bootstrapped(pool: Dataset, rng: np.random.Generator) -> Dataset:
    """A shop whose two halves are each a draw of the pool's customers, as many as it has."""
    lines = pool.lines.collect()
    customer, order = lines["customer"].to_numpy(), lines["order"].to_numpy()
    starts = np.flatnonzero(_changes(customer) | ((customer == NO_CUSTOMER) & _changes(order)))
    sizes = np.diff(starts, append=customer.size)
    days = (pool.last_day - pool.first_day).days + 1
    drawn = rng.integers(0, starts.size, 2 * starts.size)
    rows = np.repeat(starts[drawn] - np.cumsum(sizes[drawn]) + sizes[drawn], sizes[drawn]) + np.arange(
        sizes[drawn].sum()
    )
    known = customer[starts[drawn]] != NO_CUSTOMER
    code = np.where(known, np.cumsum(known), NO_CUSTOMER)
    later = np.arange(drawn.size) >= starts.size
    number = np.repeat(np.arange(drawn.size, dtype=np.int64), sizes[drawn])
    made = lines[rows].with_columns(
        pl.Series("customer", code[number], pl.UInt32),
        pl.col("day") + pl.Series(np.where(later[number], days, 0)) * pl.duration(days=1),
        pl.struct(pl.Series("n", number), pl.Series("o", order[rows])).rank("dense").cast(pl.UInt32).alias("order"),
    )
    made = made.with_columns(pl.col("day").cast(pl.Date)).sort(SORTED, maintain_order=True)
    made = made.with_columns(pl.struct("customer", "day", "order").rank("dense").cast(pl.UInt32).alias("order"))
    people = pool.customers[np.append(NO_CUSTOMER, customer[starts[drawn]][known])]
    return _shop(pool, made, people, pool.last_day + timedelta(days))


def _changes(values: Array) -> Array:
    return np.append(True, values[1:] != values[:-1])


def _shop(like: Dataset, lines: pl.DataFrame, people: pl.DataFrame, last: date) -> Dataset:
    orders = (
        lines.filter(pl.col("customer") != NO_CUSTOMER).unique(["customer", "order"]).sort("customer", "day", "order")
    )
    days = orders.group_by("customer").agg(
        pl.col("day").first().alias("first_on"), pl.col("day").get(1, null_on_oob=True).alias("second_on")
    )
    index = pl.Series("customer", np.arange(people.height), pl.UInt32)
    named = people.drop("first_on", "second_on").with_columns(index)
    customers = named.join(days, on="customer", how="left", maintain_order="left").select(people.columns)
    return replace(like, lines=lines.lazy(), customers=customers, last_day=last, held=True)


CUSTOMERS: Final = 3_000
_DAYS: Final = 730
_PEOPLE: Final = {"age": 6, "income": 5, "children": 4, "gender": 3}


def invented(rng: np.random.Generator) -> Dataset:
    """Two years of a shop whose customers keep their own rate, size, taste, place and channel throughout."""
    count = CUSTOMERS
    orders_of = rng.poisson(rng.gamma(0.8, 4.0, count))
    size, taste = np.exp(rng.normal(0, 0.9, count)), rng.dirichlet(np.full(5, 0.6), count)
    home = rng.choice(36, count, p=_popular(36))
    channel = rng.dirichlet(np.full(3, 0.5), count)
    buyer = np.repeat(np.arange(count), orders_of)
    lines_of = 1 + rng.poisson(1.5, buyer.size)
    order = np.repeat(np.arange(buyer.size), lines_of)
    who = buyer[order]
    category = _each(rng, taste[who])
    product = category * 40 + rng.choice(40, order.size, p=_popular(40))
    price = np.exp(np.random.default_rng(1).normal(3, 0.8, 200))[product]
    quantity = 1 + rng.poisson(size[who] * 0.8)
    way = _each(rng, channel[buyer])[order]
    day = rng.integers(0, _DAYS, buyer.size)[order]
    anonymous = (rng.random(buyer.size) < 0.03)[order]
    revenue = np.rint(price * quantity * rng.choice([1, 1, 1, 0.8], order.size) * 10_000).astype(np.int64)
    lines = pl.DataFrame(
        {
            "order_id": order,
            "ordered_on": day,
            "customer_id": np.where(anonymous, -1, who),
            "product_id": product,
            "quantity": quantity,
            "revenue": revenue,
            "cost": np.rint(revenue * 0.6).astype(np.int64),
            "country": home[who] // 3,
            "region": home[who],
            "channel": way,
        }
    )
    name = {"country": "Country", "region": "Region", "channel": "Way"}
    lines = lines.with_columns(
        pl.col("order_id").cast(pl.String),
        pl.lit(date(2023, 1, 1)).dt.offset_by(pl.format("{}d", "ordered_on")).alias("ordered_on"),
        pl.when(pl.col("customer_id") >= 0).then(pl.col("customer_id").cast(pl.String)),
        pl.format("Product {}", "product_id").alias("product"),
        pl.format("Group {}", pl.col("product_id") // 10).alias("subcategory"),
        pl.format("Kind {}", pl.col("product_id") // 40).alias("category"),
        *(pl.format(f"{word} {{}}", column).alias(column) for column, word in name.items()),
        pl.col("product_id").cast(pl.String),
    )
    people = pl.DataFrame(
        {"customer_id": [str(n) for n in range(count)], "name": [f"Customer {n}" for n in range(count)]}
    )
    people = people.with_columns(
        pl.Series(column, [f"{column} {n}" for n in rng.integers(0, groups, count)])
        for column, groups in _PEOPLE.items()
    )
    return build(Tables(lines=lines, customers=people), name="invented", title="Invented", currency="EUR").dataset()


def _popular(count: int) -> Array:
    weights = 1 / np.arange(1, count + 1) ** 0.8
    return np.asarray(weights / weights.sum())


def _each(rng: np.random.Generator, shares: Array) -> Array:
    """One choice for each row of shares."""
    return np.asarray((rng.random((len(shares), 1)) > shares.cumsum(axis=1)).sum(axis=1).clip(0, shares.shape[1] - 1))
