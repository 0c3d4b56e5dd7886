"""Claims of Products: life, returns and what is bought together, where all products are alike and where one is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import lines
from analytics.dataset import NO_CUSTOMER, PRODUCT_LEVELS
from analytics.lines import Together
from analytics.tables import affinity
from analytics.tables import returns as return_tables
from analytics.tables.products import life
from benchmarks.calibration import shops
from benchmarks.calibration.registry import SEED, Measurement, claim, measured
from benchmarks.calibration.shops import SORTED, World

Array = NDArray[Any]

RATE: Final = 0.04
"""Chance that an order comes back whole, and that any line of it does; all products alike."""

SUPPORT: Final = 0.001

WORLDS: Final = {"Online Retail": 40}
"""Shops whose large orders take long."""

OFTEN: Final = 0.01
"""Share of the lines that a product has at least to be the one that is unlike the others, or the nearest there is."""


def _rng(kind: int, shop: str, number: int) -> np.random.Generator:
    return np.random.default_rng([SEED, kind, shops.ALL.index(shop), number])


def _often(table: pl.DataFrame, rng: np.random.Generator, count: int = 1, by: str = "product") -> list[str]:
    """Some products, or members of another dimension, that are sold often."""
    counts = table.group_by(pl.col(by).cast(pl.String).alias("member")).len().sort("len", "member", descending=True)
    able = max(int((counts["len"] >= OFTEN * table.height).sum()), 10)
    return [str(name) for name in rng.choice(counts["member"].head(able).to_numpy(), count, replace=False)]


# --- life -------------------------------------------------------------------------------------------------------------


def moving(one: World) -> pl.DataFrame:
    """The products that are said to grow or decline."""
    return life.product_life(one.data, one.filters).filter(pl.col("stage").is_in(["Growing", "Declining"]))


def _declines(shop: str, number: int) -> bool:
    """Whether a product that lost half of its lines is said to decline."""
    rng = _rng(41, shop, number)
    hit: list[str] = []

    def change(later: pl.DataFrame) -> pl.DataFrame:
        hit.extend(_often(later, rng))
        lost = pl.Series(rng.random(later.height) < 0.5)
        return later.filter(~((pl.col("product").cast(pl.String) == hit[0]) & lost))

    found = moving(shops.world(shop, rng, change))
    return hit[0] in found.filter(pl.col("stage") == "Declining")["member"].to_list()


# --- returns ----------------------------------------------------------------------------------------------------------


def returning(
    one: World, rng: np.random.Generator, times: float = 1.0, by: str = "product"
) -> tuple[return_tables.ReturnTables, str]:
    """The returns of a world whose orders and lines come back at one rate, but those of one member so many times as
    often."""
    table = one.data.lines.collect()
    order = table["order"].to_numpy()
    whole = rng.random(int(order.max()) + 1) < RATE
    member = _often(table, rng, by=by)[0]
    rate = np.where(table[by].cast(pl.String) == member, RATE * (2 * times - 1), RATE)
    back = table.filter(pl.Series(whole[order] | (rng.random(table.height) < rate)))
    names = [name for name in one.data.members if name not in one.data.segments]
    made = back.select("day", *names, "quantity", pl.col("revenue").alias("amount"), "customer", "order")
    data = replace(one.data, returns=made)
    return return_tables.returns(data, replace(one.filters, where=()), "EUR"), member


def _held(products: pl.DataFrame) -> float:
    """Share of the products, of those that are compared, whose interval holds the rate that all lines come back at."""
    rate, known = 1 - (1 - RATE) ** 2, products.filter(pl.col("sold") >= return_tables.FEWEST_SOLD)
    inside = (known["low"] <= rate) & (known["high"] >= rate)
    return float(np.mean(inside.to_numpy()))


# --- bought together --------------------------------------------------------------------------------------------------


def baskets(
    one: World, rng: np.random.Generator, *, repeated: bool = False, offered: float = 0.0
) -> tuple[pl.DataFrame, list[str]]:
    """Rules of a world whose products were dealt out to the lines anew, or to the lines of each customer's one basket,
    which they repeat; so many orders of one product, or customers, take another along."""
    table = one.data.lines.collect()
    levels = [name for name in PRODUCT_LEVELS if name in one.data.members]
    dealt = rng.permutation(table.height)
    if repeated:
        known = table["customer"] != NO_CUSTOMER
        who = pl.struct(known.alias("known"), pl.when(known).then("customer").otherwise("order").alias("number"))
        place = pl.int_range(pl.len()).over("order")
        basket = table.select(pl.struct(who.alias("who"), place.alias("place")).rank("dense")).to_series()
        dealt = dealt[basket.to_numpy() - 1]
    table = table.with_columns(table.select(levels)[dealt].get_columns())
    pair = _often(table, rng, 2)
    if offered:
        name, column = pl.col("product").cast(pl.String), "customer" if repeated else "order"
        likeness = table.filter(name == pair[1]).select(levels).head(1)
        takes = pl.Series(rng.random(int(table[column].max()) + 1) < offered)  # type: ignore[arg-type]
        chosen = table.filter((name == pair[0]) & takes[table[column]])
        other = [pl.lit(likeness[level].item(), likeness[level].dtype).alias(level) for level in levels]
        table = pl.concat([table, chosen.with_columns(other)])
    data = replace(one.data, lines=table.sort(SORTED).lazy())
    period = replace(one.filters, where=())
    orders = int(table["order"].n_unique())
    found: Together = lines.pairs(data, period, "product", affinity.fewest(SUPPORT, orders // 2))
    return affinity.rules(found).filter("beyond"), pair


def _register(shop: str) -> None:
    def claimed(name: str, null: Callable[[int], bool], power: Callable[[int], bool]) -> None:
        @claim(f"{name}, {shop}", high=0.07, worlds=WORLDS.get(shop, 100), few=6)
        def measure(worlds: int) -> Measurement:
            return measured([null(n) for n in range(worlds)], [power(n) for n in range(worlds // 2)])

    def world(kind: int, number: int) -> tuple[World, np.random.Generator]:
        rng = _rng(kind, shop, number)
        return shops.world(shop, rng), rng

    def comes_back(number: int) -> bool:
        found, product = returning(*world(43, number), times=3.0)
        return product in found.products.filter("beyond")["member"].to_list()

    def goes_along(number: int, *, repeated: bool = False) -> bool:
        table, (first, second) = baskets(*world(47 if repeated else 45, number), repeated=repeated, offered=0.2)
        return not table.filter((pl.col("item") == first) & (pl.col("offer") == second)).is_empty()

    claimed(
        "Product life: grows or declines where nothing changed",
        lambda n: moving(world(40, n)[0]).height > 0,
        lambda n: _declines(shop, n),
    )
    claimed(
        "Returns: a product comes back more often where all come back alike",
        lambda n: bool(returning(*world(42, n))[0].products["beyond"].any()),
        comes_back,
    )

    def comes_back_there(number: int) -> bool:
        found, country = returning(*world(49, number), times=3.0, by="country")
        return country in found.places.filter("beyond")["member"].to_list()

    claimed(
        "Returns: more comes back from a country where all return alike",
        lambda n: bool(returning(*world(48, n), by="country")[0].places["beyond"].any()),
        comes_back_there,
    )

    @claim(f"Returns: the 95% interval of a rate holds it, {shop}", low=0.92, high=0.99, worlds=40, few=4)
    def holds(worlds: int) -> Measurement:
        return measured([_held(returning(*world(42, n))[0].products) for n in range(worlds)])

    claimed(
        "Bought together: a pair of independent baskets",
        lambda n: baskets(*world(44, n))[0].height > 0,
        goes_along,
    )
    claimed(
        "Bought together: a pair of independent baskets that customers repeat",
        lambda n: baskets(*world(46, n), repeated=True)[0].height > 0,
        lambda n: goes_along(n, repeated=True),
    )


for _shop in shops.present():
    _register(_shop)
