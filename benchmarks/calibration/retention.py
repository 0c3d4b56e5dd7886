"""Claims of Retention: the first purchases after which customers come back, alike or one unlike the others."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from analytics import lines
from analytics.tables.retention import repurchase
from benchmarks.calibration import shops
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Rng = np.random.Generator

HORIZON: Final = 90
"""Days within which a second purchase is counted."""

GROUPS: Final = (4, 15, 40)
"""First purchases that are told apart, in one world after another, the first ones made most often."""

MORE: Final = 0.2
"""Of the customers of the planted group who did not come back in time, so many do."""


@cache
def _bought(shop: str) -> tuple[pl.DataFrame, pl.DataFrame, date]:
    """Purchase days of a shop's customers, the first one ever of each, and the day up to which they are known."""
    data = shops.world(shop, np.random.default_rng([SEED, 80, shops.ALL.index(shop)])).data
    first = data.customers.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("customer"), "first_on").drop_nulls()
    return lines.purchases(data), first, data.last_day


def _dealt(rng: Rng, groups: int, count: int) -> pl.Series:
    """Groups by chance, the first ones most often."""
    weights = 1 / np.arange(1, groups + 1) ** 0.8
    return pl.Series("group", [f"Group {n}" for n in rng.choice(groups, count, p=weights / weights.sum())])


def _view(rng: Rng, shop: str, groups: int) -> tuple[pl.DataFrame, date]:
    """Everybody's first and second purchase, and their group."""
    purchases, first, until = _bought(shop)
    people = repurchase.seconds(purchases, first, until)
    return people.with_columns(_dealt(rng, groups, people.height)), until


def _filtered(rng: Rng, shop: str, groups: int) -> tuple[pl.DataFrame, date]:
    """The same in a view of the first group's purchases: each purchase is mostly of one group and has something of
    another. Who begins with whichever comes back alike, and buys of all alike."""
    purchases, first, until = _bought(shop)
    mostly, also = (_dealt(rng, groups, purchases.height).alias(name) for name in ("mostly", "also"))
    purchases = purchases.with_columns(mostly, also)
    inside = purchases.filter((pl.col("mostly") == "Group 0") | (pl.col("also") == "Group 0"))
    people = repurchase.seconds(repurchase.started(inside, first), first, until)
    began = purchases.group_by("customer", maintain_order=True).agg(pl.col("mostly").first().alias("group"))
    return people.join(began, on="customer", maintain_order="left"), until


def apart(shop: str, number: int, more: float = 0.0, *, filtered: bool = False) -> tuple[pl.DataFrame, str]:
    """What is said of the groups of a world in which customers are dealt out to them; of one of them more come back."""
    rng = np.random.default_rng([SEED, 81 + (more > 0) + 2 * filtered, shops.ALL.index(shop), number])
    groups = GROUPS[number % len(GROUPS)]
    people, until = (_filtered if filtered else _view)(rng, shop, groups)
    chosen = "Group 0" if filtered else f"Group {int(rng.integers(0, min(groups, 6)))}"
    earlier = pl.col("first_on") + timedelta(HORIZON // 2)
    late = pl.col("second_on").is_null() | (pl.col("second_on") > earlier)
    moved = (pl.col("group") == chosen) & late & pl.Series(rng.random(people.height) < more)
    people = people.with_columns(pl.when(moved).then(earlier).otherwise("second_on").alias("second_on"))
    return repurchase.apart(repurchase.came_back(people, until, (HORIZON,))), chosen


def _register(shop: str, words: str, *, filtered: bool) -> None:
    @claim(
        f"Retention, {shop}: a first purchase makes a difference{words} where none does", high=0.07, worlds=100, few=12
    )
    def difference(worlds: int) -> Measurement:
        planted = [apart(shop, n, MORE, filtered=filtered) for n in range(worlds // 2)]
        return measured(
            [bool(apart(shop, n, filtered=filtered)[0]["beyond"].any()) for n in range(worlds)],
            [chosen in table.filter("beyond")["group"].to_list() for table, chosen in planted],
        )


for _shop in shops.present():
    _register(_shop, "", filtered=False)
    _register(_shop, " in a filtered view", filtered=True)
