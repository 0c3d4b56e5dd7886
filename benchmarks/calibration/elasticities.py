"""Claims about elasticities: intervals hold the truth for few items and many, whatever their months are like.

A world is some items over two to five years, from single purchases to the interval, as the app works it out. Prices are
held for months, drift, or are promoted; they answer to nothing. Demand has a season, errors that resemble the month
before, and a part that all items share.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.lines.unit_prices import by_month
from analytics.models.elasticity import ELASTIC, Elasticity
from analytics.tables import prices
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Array = NDArray[Any]

ITEMS: Final = (1, 2, 3, 5, 8, 20)

KINDS: Final = ("held prices", "bulk discounts", "months without sales", "months alike", "trend and season")

CLEAR: Final = -1.7
"""Elasticities up to this are clear answers."""

START: Final = date(2021, 1, 1)


def alike(rng: np.random.Generator, size: int, share: float, spread: float) -> Array:
    """A stationary first-order autoregression."""
    out = rng.normal(0, spread, size)
    for at in range(1, size):
        out[at] = share * out[at - 1] + np.sqrt(1 - share**2) * out[at]
    return np.asarray(out)


def log_prices(rng: np.random.Generator, kind: str, months: int) -> Array:
    """One item's log prices."""
    design = 0 if kind == "months without sales" else int(rng.integers(0, 3))
    if kind == "months alike":
        return alike(rng, months, 0.85, 0.12)
    drift = rng.uniform(0, 0.008) * np.arange(months) if kind == "trend and season" else np.zeros(months)
    if design == 0:  # held for five months on average
        new = np.maximum.accumulate(np.where(rng.random(months) < 0.2, np.arange(months), 0))
        return np.asarray(rng.normal(0, 0.12, months)[new] + drift)
    if design == 1:
        return alike(rng, months, 0.8, 0.12) + drift
    rises, promoted = np.cumsum(rng.random(months) < 0.08) * 0.04, rng.random(months) < 0.2
    return np.asarray(rises - 0.2 * promoted + drift)


def world(kind: str, items: int, number: int, given: float | None = None) -> tuple[float, prices.Months]:
    """The elasticity, `given` or one of some, and what was sold by month."""
    rng = np.random.default_rng([SEED, 30, KINDS.index(kind), items, number])
    months = int(rng.choice([36, 48, 60] if items == 1 else [24, 36, 48]))
    drawn = float(rng.choice([0.0, -0.8, -1.7, -2.5]))
    truth = drawn if given is None else given
    sparse, season = kind == "months without sales", 0.6 if kind == "trend and season" else 0.25
    level = rng.uniform(-0.3, 1.2) if sparse else rng.uniform(4, 6)
    share = rng.uniform(0.6, 0.85) if kind == "months alike" else float(rng.choice([0, 0.3, 0.6]))
    spread, slope = rng.uniform(0.1, 0.35), rng.normal(0, 0.012)
    common = np.resize(rng.normal(0, season * rng.random(), 12), months) + alike(rng, months, 0.7, 0.1)
    price = np.array([log_prices(rng, kind, months) for _ in range(items)])
    size = rng.normal(0, 0.3 if sparse else 1, items)[:, None]
    trend = (slope + rng.normal(0, 0.008, items))[:, None] * np.arange(months) * (kind == "trend and season")
    errors = np.array([alike(rng, months, share, spread) for _ in range(items)])
    demand = np.exp(level + size + common + trend + truth * price + errors)
    rows = by_month(purchases(rng, demand, 10 * np.exp(price), bulk=kind == "bulk discounts"))
    last = pl.select(pl.lit(START).dt.offset_by(f"{months - 1}mo")).item()
    return truth, prices.Months(rows, START, last)


def purchases(rng: np.random.Generator, demand: Array, price: Array, *, bulk: bool) -> pl.DataFrame:
    """The partial of purchases, by item (rows) and month: one to three units at a time, and with `bulk` a dozen at a
    discount of a fifth and forty at one of a third, each item as often as up to every fifth purchase."""
    items, months = demand.shape
    often = rng.uniform(0.03, 0.16, (items, 1)) if bulk else np.zeros((items, 1))
    units = np.array([1, 2, 3, 12, 40])[:, None, None]
    discount = np.array([0, 0, 0, 0.2, 0.33])[:, None, None]
    weight = np.array([np.full((items, 1), 0.7), np.full((items, 1), 0.2), np.full((items, 1), 0.1), often, often / 3])
    count = rng.poisson(demand * weight / 1.4)
    cost = np.round(price * (1 - discount) * 100).astype(int) * 100
    shape = count.shape
    item = np.broadcast_to(np.arange(items)[:, None], shape).ravel()
    columns = {
        "product": pl.Series(item, dtype=pl.UInt8).cat.to(pl.Enum([str(n) for n in range(max(ITEMS))])),
        "month": pl.Series(np.broadcast_to(START.year * 12 + np.arange(months), shape).ravel(), dtype=pl.Int32),
        "size": pl.Series(np.broadcast_to(np.floor(np.log2(units)) + 1, shape).ravel()).cast(pl.UInt8),
        "price": cost.ravel(),
        "lines": count.ravel(),
        "units": (count * units).ravel(),
        "revenue": (count * units * cost).ravel(),
    }
    return pl.DataFrame(columns).with_columns(pl.lit(None, pl.Int64).alias("discount")).filter(pl.col("lines") > 0)


@cache
def tried(kind: str, items: int, worlds: int) -> tuple[tuple[float, Elasticity], ...]:
    """The truth and the estimate of each world."""
    return tuple((truth, prices.fit(sold)) for truth, sold in (world(kind, items, n) for n in range(worlds)))


def held(trials: list[tuple[float, Elasticity]]) -> Measurement:
    """How often the interval holds the truth, where there is one. Power: clear answers to price that are seen."""
    inside = [one.low <= truth <= one.high for truth, one in trials if one.low is not None and one.high is not None]
    seen = [one.high is not None and one.high < 0 for truth, one in trials if truth <= CLEAR]
    return measured(inside, seen)


for _items in ITEMS:
    _name = f"Elasticity, {_items} {'item' if _items == 1 else 'items'}: 95% interval holds"

    @claim(_name, low=0.93, high=0.97, worlds=200, few=12)
    def of_items(worlds: int, items: int = _items) -> Measurement:
        """Over all kinds."""
        return held([one for kind in KINDS for one in tried(kind, items, worlds)])


for _kind in KINDS:

    @claim(f"Elasticity, {_kind}: 95% interval holds", low=0.93, high=0.97, worlds=200, few=12)
    def of_kind(worlds: int, kind: str = _kind) -> Measurement:
        """Over all numbers of items."""
        return held([one for items in ITEMS for one in tried(kind, items, worlds)])


GROUPS: Final = 12
"""Groups of items on a card, each with a fit of its own."""


@cache
def answers(truth: float, each: int) -> tuple[Elasticity, ...]:
    """Fits of groups with one elasticity, so many of every kind and number of items."""
    return tuple(
        prices.fit(world(kind, items, 1_000 + number, truth)[1])
        for kind in KINDS
        for items in ITEMS[:-1]
        for number in range(each)
    )


def named(rng: np.random.Generator, truths: list[float], each: int) -> str | None:
    """The group of a card that is said to answer to price most surely, of groups with these elasticities."""
    pools = [answers(truth, each) for truth in truths]
    fits = [(str(at), pool[int(rng.integers(len(pool)))], 1) for at, pool in enumerate(pools)]
    found = prices.ranked(fits).filter("elastic").sort("chance")
    return None if found.is_empty() else str(found["member"][0])


@claim("Prices: a group answers most surely where none is elastic", high=0.07, worlds=400, few=25)
def surest(worlds: int) -> Measurement:
    """Null: no price matters, and, in every other world, each keeps its revenue (-1). Power: one group's elasticity is
    -2.5, which is named."""
    rng, each = np.random.default_rng([SEED, 31]), max(1, worlds // 50)
    null = [named(rng, [0.0 if n % 2 else ELASTIC] * GROUPS, each) is not None for n in range(worlds)]
    planted = [named(rng, [-2.5, *[0.0] * (GROUPS - 1)], each) == "0" for n in range(worlds // 2)]
    return measured(null, planted)
