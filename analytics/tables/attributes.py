"""Customer attributes whose groups differ in a ratio by more than chance.

What varies at random is the customer. Of a ratio N / D over all of them each brings n - (N / D) d, which sums to 0; so
it does, but for chance, within a group whose ratio is that of all. How far a group's sum lies from 0 is told in
standard errors from the squares of its customers, or of all where those are larger; its groups taken together make one
chance for each attribute (Bonferroni), and over all attributes the false discovery rate is held.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import lines
from analytics.dataset import NOT_RECORDED, Dataset
from analytics.filters import Filters
from analytics.metrics import METRICS
from analytics.models.discoveries import discoveries, two_sided
from analytics.models.intervals import FEW
from analytics.periods import Comparison

PER_CUSTOMER: Final = {
    "aov": ("revenue", "orders"),
    "units_per_order": ("units", "orders"),
    "revenue_per_customer": ("revenue", "one"),
    "orders_per_customer": ("orders", "one"),
    "repeat_rate": ("repeats", "one"),
}
"""Ratio -> what a customer brings to its numerator and its denominator."""


def apart(data: Dataset, filters: Filters, metric: str) -> frozenset[str] | None:
    """The attributes whose groups of FEW customers or more differ in a ratio by more than chance, of those without a
    filter; None where a ratio cannot be tested, as what came back is not known by customer."""
    names = [name for name in data.segments if not filters.members(name)]
    alone = Filters(filters.period, Comparison("none", None), filters.where)
    if metric in PER_CUSTOMER:
        sums = _by_customer(data, alone, metric, names)
    elif set(METRICS[metric].measures) <= set(lines.ADDITIVE):
        sums = _by_line(data, alone, metric, names)
    else:
        return None
    chances = [_chance(sums[name]) for name in names]
    return frozenset(name for name, called in zip(names, discoveries(chances), strict=True) if called)


def _chance(groups: pl.DataFrame) -> float:
    """How likely chance alone makes one of an attribute's groups lie so far off: member, total, squares, customers."""
    known = groups.filter(
        pl.col("member").is_not_null() & (pl.col("member") != NOT_RECORDED) & (pl.col("customers") >= FEW)
    )
    if known.height < 2:
        return float("nan")
    # A group that happens to lack the few large customers shows too little of how much they vary: then all speak.
    squares, customers = (groups[name].to_numpy().sum() for name in ("squares", "customers"))
    everybody = squares / customers * known["customers"].to_numpy()
    noise = np.sqrt(np.maximum(known["squares"].to_numpy(), everybody))
    errors = np.where(noise > 0, known["total"].to_numpy() / np.where(noise > 0, noise, 1.0), 0.0)
    return float(min(1.0, two_sided(errors, known["customers"].to_numpy() - 1).min() * known.height))


def _by_customer(data: Dataset, filters: Filters, metric: str, names: list[str]) -> dict[str, pl.DataFrame]:
    people = lines.customers(data, filters)
    code = people["customer"].to_numpy()
    columns: dict[str, NDArray[Any]] = {
        name: people[name].cast(pl.Float64).to_numpy() for name in ("revenue", "units", "orders")
    }
    columns["one"] = np.ones(people.height)
    columns["repeats"] = _repeats(data, filters.period.end)[code]
    over, per = (columns[name] for name in PER_CUSTOMER[metric])
    rate = over.sum() / per.sum() if per.sum() > 0 else 0.0
    brought = over - rate * per
    out = {}
    for name in names:
        groups = pl.DataFrame({"member": data.customers[name].gather(code), "brought": brought})
        # Members are told apart by their codes, and become text when there are few of them.
        sums = groups.group_by("member").agg(
            pl.col("brought").sum().alias("total"),
            pl.col("brought").pow(2).sum().alias("squares"),
            pl.len().cast(pl.Int64).alias("customers"),
        )
        out[name] = sums.with_columns(pl.col("member").cast(pl.String))
    return out


def _repeats(data: Dataset, end: date) -> NDArray[Any]:
    """Customer code -> 1.0 for who ordered a second time by a day."""
    return (data.customers["second_on"] <= end).fill_null(False).cast(pl.Float64).to_numpy()


def _by_line(data: Dataset, filters: Filters, metric: str, names: list[str]) -> dict[str, pl.DataFrame]:
    row = METRICS[metric]
    whole = lines.sums(data, filters, ()).row(0, named=True)
    over = sum(whole[name] or 0 for name in row.plus) - sum(whole[name] or 0 for name in row.less)
    per = sum(whole[name] or 0 for name in row.per)
    rate = over / per if per > 0 else 0.0
    worth = lines.Worth(row.plus, row.less, row.per, (rate, rate))
    squares = lines.squares(data, filters, [(name,) for name in names], worth)
    moment, (now, _, of, _) = lines.MOMENTS[0], lines.PARTS
    return {
        name: squares.by[(name,)].select(
            pl.col(name).cast(pl.String).alias("member"),
            (pl.col(now) - rate * pl.col(of)).alias("total"),
            pl.col(moment).alias("squares"),
            "customers",
        )
        for name in names
    }
