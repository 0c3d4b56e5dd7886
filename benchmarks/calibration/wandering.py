"""Simulated shops with customers who buy and stop as BG/NBD says, in a market that moves as it does not.

Rates, chances to stop, spending, length and growth of the history differ between shops. So does how far the market
wanders: all customers' rates share a season and a random walk, from none to a tenth a month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.calibration.registry import SEED

Array = NDArray[Any]

START: Final = date(2022, 1, 1)

CUSTOMERS: Final = 1_500


@dataclass(frozen=True, eq=False)
class Shop:
    """What a shop knows on a day, and what comes."""

    purchases: pl.DataFrame
    """As `lines.purchases` gives them, beyond the day too."""
    until: date
    """Last day that is known."""
    horizon: int
    """Days that come."""


def shop(number: int, *, least: int = 300, swing: float | None = None) -> Shop:
    """Shop `number`, which knows so many days at the least, with a season of its own or one of that swing."""
    rng = np.random.default_rng([SEED, 41, number])
    known = int(rng.integers(least, 1100))
    horizon = int(rng.choice([days for days in (30, 90, 180, 365) if days <= known]))
    days = known + horizon
    pace = _pace(rng, days, swing)
    r, alpha = rng.uniform(0.3, 1.2), rng.uniform(15, 80)
    a, b = rng.uniform(0.5, 1.5), rng.uniform(1.5, 5)
    came = np.sort(known * rng.random(CUSTOMERS) ** rng.uniform(0.6, 1.6))
    clock = np.concatenate([[0], np.cumsum(pace)])
    now, going, rows = np.interp(came, np.arange(days + 1), clock), np.arange(CUSTOMERS), []
    rate, stop = rng.gamma(r, 1 / alpha, CUSTOMERS), rng.beta(a, b, CUSTOMERS)
    rows.append((going, came.astype(int)))
    while going.size:
        now[going] += rng.exponential(1 / np.maximum(rate[going], 1e-9))
        going = going[now[going] < clock[-1]]
        rows.append((going, np.interp(now[going], clock, np.arange(days + 1)).astype(int)))
        going = going[rng.random(going.size) >= stop[going]]
    customer, day = (np.concatenate([row[n] for row in rows]) for n in (0, 1))
    mean = rng.gamma(rng.uniform(2, 6), 20, CUSTOMERS)
    money = rng.gamma(3, mean[customer] / 3) * np.exp(_walk(rng, days, 0.015)[day])
    frame = pl.DataFrame({"customer": customer + 1, "n": day, "revenue": (money * 10_000).astype(int) + 1})
    each = frame.group_by("customer", "n").agg(pl.len().cast(pl.Int64).alias("orders"), pl.col("revenue").sum())
    return Shop(
        each.sort("customer", "n").select(
            pl.col("customer").cast(pl.UInt32),
            (pl.lit(START) + pl.duration(days="n")).cast(pl.Date).alias("day"),
            "orders",
            "revenue",
            pl.lit(0, pl.Int64).alias("returned"),
        ),
        START + timedelta(days=known - 1),
        horizon,
    )


def _pace(rng: np.random.Generator, days: int, swing: float | None) -> Array:
    """How fast all customers buy on each day: a season, and a random walk."""
    season = rng.uniform(0, 0.3) * (rng.random() < 0.5)
    season = season if swing is None else swing
    angle = 2 * np.pi * (np.arange(days) / 365.25 + rng.random())
    return np.asarray(np.exp(season * np.sin(angle) + _walk(rng, days, float(rng.choice([0, 0.02, 0.05, 0.1])))))


def _walk(rng: np.random.Generator, days: int, monthly: float) -> Array:
    return np.cumsum(rng.normal(0, monthly / np.sqrt(30), days))
