"""Claims of Products' life in small shops to which nothing happened: weekly customers, and orders of many lines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from benchmarks.calibration.products import moving
from benchmarks.calibration.registry import SEED, Measurement, claim, measured
from benchmarks.calibration.shops import World, halves
from data.building.layout import Tables, build

DAYS: Final = 730
PRODUCTS: Final = 40

WEEK: Final = np.array([0.6, 0.6, 0.7, 0.9, 1.4, 2.2, 1.6])

FEWER: Final = 0.5
"""Of the lines of the planted product in the later year, so many are lost."""

KINDS: Final = ("weekly customers", "orders of many lines")


def shop(kind: str, rng: np.random.Generator, *, planted: bool = False) -> tuple[World, str]:
    """Two years of a shop, and a product often sold that is bought half as often in the second where one is planted."""
    if kind == "weekly customers":
        count, more = 800, 1.5
        orders = rng.poisson(rng.gamma(1.0, 6.0, count) + 0.5)
    else:
        count, more = 2_000, 8.0
        orders = np.ones(count, int)
    buyer = np.repeat(np.arange(count), orders)
    week = np.resize(WEEK, DAYS) if kind == "weekly customers" else np.ones(DAYS)
    day = rng.choice(DAYS, buyer.size, p=week / week.sum())
    order = np.repeat(np.arange(buyer.size), 1 + rng.poisson(more, buyer.size))
    popular = 1 / np.arange(1, PRODUCTS + 1) ** 0.7
    product = rng.choice(PRODUCTS, order.size, p=popular / popular.sum())
    quantity = 1 + rng.poisson(np.exp(rng.normal(0, 1, count))[buyer[order]])
    less = int(rng.integers(0, 5))
    kept = ~(planted & (product == less) & (day[order] >= DAYS // 2) & (rng.random(order.size) < FEWER))
    lines = pl.DataFrame(
        {
            "order_id": order[kept].astype(str),
            "ordered_on": pl.Series(day[order[kept]]) * timedelta(1) + date(2023, 1, 1),
            "customer_id": buyer[order[kept]].astype(str),
            "product_id": product[kept].astype(str),
            "product": [f"Product {number}" for number in product[kept]],
            "quantity": quantity[kept],
            "revenue": quantity[kept] * (1 + product[kept]) * 10_000,
        }
    )
    data = build(Tables(lines=lines, customers=None), name="small", title="Small", currency="EUR").dataset()
    return World(data, halves(data)), f"Product {less}"


def _register(kind: str, at: int) -> None:
    def world(number: int, *, planted: bool = False) -> tuple[World, str]:
        return shop(kind, np.random.default_rng([SEED, 35 + planted, at, number]), planted=planted)

    @claim(f"Product life, {kind}: grows or declines where nothing changed", high=0.07, worlds=400, few=12)
    def measure(worlds: int) -> Measurement:
        found = [(moving(one), less) for one, less in (world(n, planted=True) for n in range(worlds // 4))]
        return measured(
            [moving(world(n)[0]).height > 0 for n in range(worlds)],
            [less in table.filter(pl.col("stage") == "Declining")["member"].to_list() for table, less in found],
        )


for _at, _kind in enumerate(KINDS):
    _register(_kind, _at)
