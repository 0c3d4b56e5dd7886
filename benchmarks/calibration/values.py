"""Claims about sums of expected values: intervals hold what all customers of a simulated shop go on to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl

from analytics.dataset import MONEY_SCALE
from analytics.models.lifetime import fit_buying
from analytics.models.likelihood import FitError
from analytics.tables.value import prediction
from analytics.tables.value.backtest import backtest, calibration_end
from analytics.tables.value.history import arrays, gate, histories
from analytics.tables.value.pace import pace
from benchmarks.calibration.registry import Measurement, claim, measured
from benchmarks.calibration.wandering import shop


@dataclass(frozen=True)
class Holdout:
    """What was expected of all customers, and what came."""

    expected: dict[str, Any]
    """The one row of `prediction.by_group`."""
    orders: int
    value: float

    def held(self, name: str) -> bool:
        """Whether the interval of the sum holds what came."""
        return bool(self.expected[f"{name}_low"] <= getattr(self, name) <= self.expected[f"{name}_high"])


def holdout(purchases: pl.DataFrame, until: date, horizon: int) -> Holdout | None:
    """What the app expects on a day, beside what came; None where it shows no expected values."""
    known = purchases.filter(pl.col("day") <= until)
    people = histories(known, until)
    if gate(people):
        return None
    end = calibration_end(people, until)
    try:
        tested = backtest(known.filter(pl.col("day") <= end), known, end, until)
        if not tested.passed:
            return None
        fitted = prediction.models(people, calibration=tested.calibration, pace=pace(known, people, until))
    except FitError:
        return None
    everybody = ["everybody"] * people.height
    each, noise = prediction.predictions(people, fitted, horizon), prediction.spread(people, fitted, horizon)
    row = prediction.by_group(each, everybody, fitted, noise, horizon).row(0, named=True)
    net = pl.col("revenue") - pl.col("returned")
    inside = pl.col("day").is_between(until, until + timedelta(days=horizon), closed="right") & (net > 0)
    came = purchases.filter(inside).join(people.select("customer"), on="customer", how="semi")
    return Holdout(row, came.height, int(came.select(net.sum()).item()) / MONEY_SCALE)


@cache
def tried(worlds: int) -> tuple[Holdout, ...]:
    """Holdouts of the shops that have expected values."""
    every = [shop(number) for number in range(worlds)]
    found = [holdout(one.purchases, one.until, one.horizon) for one in every]
    return tuple(one for one in found if one is not None)


@claim("Expected purchase days of all customers: 80% interval holds", low=0.75, high=0.85, worlds=200, few=24)
def orders(worlds: int) -> Measurement:
    """Shops that have no expected values are left out."""
    return measured([one.held("orders") for one in tried(worlds)])


@claim("Expected revenue of all customers: 80% interval holds", low=0.75, high=0.85, worlds=200, few=24)
def value(worlds: int) -> Measurement:
    """Shops that have no expected values are left out."""
    return measured([one.held("value") for one in tried(worlds)])


TWO_YEARS: Final = 760
"""Days that have two years of whole months."""


def _season_error(number: int, swing: float) -> tuple[float, float]:
    """How far off the sum of purchase days is with the season and without it, as logs."""
    one = shop(number, least=TWO_YEARS, swing=swing)
    known = one.purchases.filter(pl.col("day") <= one.until)
    people = histories(known, one.until)
    buying = fit_buying(*arrays(people))
    after = pl.col("day").is_between(one.until, one.until + timedelta(days=one.horizon), closed="right")
    came = one.purchases.filter(after).join(people.select("customer"), on="customer", how="semi").height
    days = pace(known, people, one.until).days(one.horizon)
    with_it, without = (buying.expected(span, *arrays(people)).sum() for span in (days, one.horizon))
    return abs(float(np.log(with_it / came))), abs(float(np.log(without / came)))


def _register_season(name: str, swing: float) -> None:
    @claim(f"Expected purchase days, {name}: error over that without the season", high=1.02, worlds=100, few=12)
    def error(worlds: int) -> Measurement:
        """Two years and more are known."""
        tried = [_season_error(number, swing) for number in range(worlds)]
        without = float(np.mean([one[1] for one in tried]))
        return measured([one[0] / without for one in tried])


for _name, _swing in (("even shops", 0.0), ("shops with a season", 0.4)):
    _register_season(_name, _swing)
