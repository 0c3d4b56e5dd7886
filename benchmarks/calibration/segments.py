"""Claims about groups of customers: what tells one apart that is picked at random, and attributes that say nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import lines
from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.lines import history
from analytics.tables import attributes
from analytics.tables.segments import profile as profile_tables
from benchmarks.calibration import shops
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Array = NDArray[Any]

PICKED: Final = 0.15
"""Share of the customers that make up the group."""

TIMES: Final = 2.0
"""How much more likely a customer with the planted member is picked."""


@cache
def _shop(shop: str) -> tuple[Dataset, list[str]]:
    data = shops.world(shop, np.random.default_rng([SEED, 50, shops.ALL.index(shop)])).data
    return data, [name for name in data.members if name not in ("product", "region", "continent")]


def profile(shop: str, picked: Array) -> pl.DataFrame:
    """What tells the picked customers apart; customer code -> whether they are picked."""
    data, names = _shop(shop)
    side = picked.astype(np.int64)
    side[0] = -1
    counts = lines.buyers(data, (), data.last_day, names, side)
    inside = int(picked[1:].sum())
    return profile_tables.profile(counts, inside, side.size - 1 - inside).filter("tells")


def _random(shop: str, number: int) -> bool:
    rng = np.random.default_rng([SEED, 51, shops.ALL.index(shop), number])
    size = _shop(shop)[0].customers.height
    return profile(shop, rng.random(size) < PICKED).height > 0


def _planted(shop: str, number: int) -> bool:
    rng = np.random.default_rng([SEED, 52, shops.ALL.index(shop), number])
    data, names = _shop(shop)
    name = str(rng.choice(names))
    counts = data.lines.group_by(pl.col(name).cast(pl.String).alias("member"))
    table = counts.agg(pl.col("customer").n_unique()).sort("member").collect()
    shares = table["customer"].to_numpy() / data.customers.height
    able = table.filter(pl.Series((shares > 0.03) & (shares < 0.6)))["member"].to_list()
    member = str(rng.choice(able or table["member"].to_list()))
    has = np.zeros(data.customers.height, np.bool_)
    those = data.lines.filter(pl.col(name).cast(pl.String) == member).select("customer").collect()
    has[those["customer"].to_numpy()] = True
    found = profile(shop, rng.random(has.size) < np.where(has, PICKED * TIMES, PICKED))
    return member in found.filter(pl.col("dimension") == name)["member"].to_list()


def _register(shop: str) -> None:
    @claim(f"Profile of a segment, {shop}: customers picked at random are told apart", high=0.07, worlds=400, few=40)
    def told_apart(worlds: int) -> Measurement:
        return measured([_random(shop, n) for n in range(worlds)], [_planted(shop, n) for n in range(worlds // 2)])

    if not _shop(shop)[0].segments:
        return

    @claim(f"Customer attributes, {shop}: groups of one attribute differ in a ratio", high=0.07, worlds=200, few=30)
    def differ(worlds: int) -> Measurement:
        return measured([_shuffled(shop, n) for n in range(worlds)], [_dearer(shop, n) for n in range(worlds // 2)])


RATIOS: Final = ("aov", "revenue_per_customer", "orders_per_customer", "units_per_order", "repeat_rate")

DEARER: Final = 1.5
"""How much more the customers of a planted group pay."""


def _with_attributes(shop: str, rng: np.random.Generator) -> tuple[Dataset, Filters]:
    """A shop whose customers' attributes are shuffled among them, all of each together."""
    data, _ = _shop(shop)
    order = np.concatenate([[0], 1 + rng.permutation(data.customers.height - 1)])
    shuffled = data.customers.with_columns(data.customers.select(data.segments)[order])
    return replace(data, customers=shuffled), history(data)


def _shuffled(shop: str, number: int) -> bool:
    rng = np.random.default_rng([SEED, 53, shops.ALL.index(shop), number])
    data, filters = _with_attributes(shop, rng)
    return bool(attributes.apart(data, filters, str(rng.choice(RATIOS))))


def _dearer(shop: str, number: int) -> bool:
    rng = np.random.default_rng([SEED, 54, shops.ALL.index(shop), number])
    data, filters = _with_attributes(shop, rng)
    name = str(rng.choice(data.segments))
    members = data.customers[name].cast(pl.String)
    largest = members[1:].value_counts().sort("count", name, descending=[True, False]).head(3)[name].to_list()
    inside = np.flatnonzero((members == str(rng.choice(largest))).fill_null(False).to_numpy())
    dear = pl.col("customer").is_in(pl.Series(inside, dtype=pl.UInt32).implode())
    revenue = pl.when(dear).then((pl.col("revenue") * DEARER).cast(pl.Int64)).otherwise("revenue").alias("revenue")
    planted = replace(data, lines=data.lines.with_columns(revenue).collect().lazy())
    return name in (attributes.apart(planted, filters, "aov") or ())


for _name in shops.present():
    _register(_name)
