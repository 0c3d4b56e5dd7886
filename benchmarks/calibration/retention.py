"""Claims of Retention: the first purchases after which customers come back, alike or one unlike the others."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import lines
from analytics.tables.retention import repurchase
from benchmarks.calibration import shops
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Array = NDArray[Any]

HORIZON: Final = 90
"""Days within which a second purchase is counted."""

GROUPS: Final = (4, 15, 40)
"""First purchases that are told apart, in one world after another, the first ones made most often."""

MORE: Final = 0.2
"""Of the customers of the planted group who did not come back in time, so many do."""


@cache
def _people(shop: str) -> tuple[pl.DataFrame, Any]:
    """Customers of a shop with their first and second purchase, and the day up to which they are known."""
    data = shops.world(shop, np.random.default_rng([SEED, 80, shops.ALL.index(shop)])).data
    first = data.customers.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("customer"), "first_on").drop_nulls()
    return repurchase.seconds(lines.purchases(data), first, data.last_day), data.last_day


def apart(shop: str, number: int, more: float = 0.0) -> tuple[pl.DataFrame, str]:
    """What is said of the groups of a world in which customers are dealt out to them; of one of them more come back."""
    rng = np.random.default_rng([SEED, 81 + (more > 0), shops.ALL.index(shop), number])
    people, until = _people(shop)
    groups = GROUPS[number % len(GROUPS)]
    weights = 1 / np.arange(1, groups + 1) ** 0.8
    people = people.with_columns(
        pl.Series("group", [f"Group {n}" for n in rng.choice(groups, people.height, p=weights / weights.sum())])
    )
    chosen = f"Group {int(rng.integers(0, min(groups, 6)))}"
    earlier = pl.col("first_on") + timedelta(HORIZON // 2)
    late = pl.col("second_on").is_null() | (pl.col("second_on") > earlier)
    moved = (pl.col("group") == chosen) & late & pl.Series(rng.random(people.height) < more)
    people = people.with_columns(pl.when(moved).then(earlier).otherwise("second_on").alias("second_on"))
    return repurchase.apart(repurchase.came_back(people, until, (HORIZON,))), chosen


def _register(shop: str) -> None:
    @claim(f"Retention, {shop}: a first purchase makes a difference where none does", high=0.07, worlds=100, few=12)
    def difference(worlds: int) -> Measurement:
        planted = [apart(shop, n, MORE) for n in range(worlds // 2)]
        return measured(
            [bool(apart(shop, n)[0]["beyond"].any()) for n in range(worlds)],
            [chosen in table.filter("beyond")["group"].to_list() for table, chosen in planted],
        )


for _shop in shops.present():
    _register(_shop)
