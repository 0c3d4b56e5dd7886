"""Claims of Drivers and of the summaries: what stands out where nothing changed, and what is planted is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from analytics import lines
from analytics import metrics as registry
from analytics.tables.drivers import contributions as contributions_tables
from analytics.tables.drivers import findings as finding_tables
from analytics.tables.drivers import pairs as pair_tables
from analytics.tables.drivers.findings import Mover
from benchmarks.calibration import shops
from benchmarks.calibration.registry import SEED, Measurement, claim, measured
from benchmarks.calibration.shops import World

METRICS: Final = ("revenue", "revenue", "units", "margin")
"""What is explained in one world after another, as far as the shop has it."""

LOST: Final = 0.5
"""Share of the lines of a member that is lost where an effect is planted."""

RISE: Final = 0.06
"""By how much all margins rise where they move alike."""

Tables = dict[tuple[str, ...], pl.DataFrame]


def singles(one: World, metric: str) -> tuple[Tables, contributions_tables.MetricChange]:
    """Contributions of every single dimension's members, as the page makes them."""
    data, filters = one.data, one.filters
    worth = contributions_tables.worth(metric, contributions_tables.rates(lines.sums(data, filters, ()), metric))
    names = contributions_tables.candidates(data, filters)
    squares = lines.squares(data, filters, [(name,) for name in names], worth)
    several = [keys for keys, found in squares.by.items() if found.height > 1]
    return contributions_tables.contributions(squares, several, metric), contributions_tables.change(squares, metric)


def pairs(one: World, tables: Tables, whole: contributions_tables.MetricChange) -> Tables:
    """Contributions of all pairs of members, as the page makes them."""
    out: Tables = {}
    for wanted in pair_tables.steps(one.data, tables):
        single = [(name,) for name in dict.fromkeys(name for pair in wanted for name in pair)]
        worth = contributions_tables.worth(
            whole.metric, (whole.now, whole.base) if registry.METRICS[whole.metric].per else (0.0, 0.0)
        )
        squares = lines.squares(one.data, one.filters, [*single, *wanted], worth)
        found = contributions_tables.contributions(squares, wanted, whole.metric)
        ratio = bool(registry.METRICS[whole.metric].per)
        out |= found if ratio else {pair: pair_tables.pair_excess(found[pair], pair, squares) for pair in wanted}
    return out


@cache
def nothing(shop: str, number: int) -> tuple[int, int]:
    """Findings, and findings among pairs, of a world without change."""
    one = shops.world(shop, np.random.default_rng([SEED, 30, shops.ALL.index(shop), number]))
    metric = METRICS[number % len(METRICS)]
    tables, whole = singles(one, metric if metric != "margin" or one.data.has("cost") else "revenue")
    found = finding_tables.findings(one.data, tables)
    return len(found), len(finding_tables.findings(one.data, pairs(one, tables, whole)))


@cache
def alike(shop: str, number: int) -> bool:
    """Whether a margin stands out where each line's rises by the same six points, of revenue."""
    rng = np.random.default_rng([SEED, 32, shops.ALL.index(shop), number])
    one = shops.world(shop, rng, _cheaper)
    return bool(finding_tables.findings(one.data, singles(one, "margin")[0]))


def _cheaper(later: pl.DataFrame) -> pl.DataFrame:
    return later.with_columns((pl.col("cost") - RISE * pl.col("revenue")).round().cast(pl.Int64))


@cache
def planted(shop: str, number: int) -> bool:
    """Whether a member that lost half of its lines, or one that lies in it or holds it, is the first finding."""
    rng = np.random.default_rng([SEED, 31, shops.ALL.index(shop), number])
    hit: list[tuple[str, str]] = []
    one = shops.world(shop, rng, _losing(rng, hit))
    tables, _ = singles(one, "revenue")
    return any(_names(one, item, *hit[0]) for item in finding_tables.findings(one.data, tables))


def _losing(rng: np.random.Generator, hit: list[tuple[str, str]]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Lines without half of the orders of one member; which it was is added to `hit`."""

    def change(later: pl.DataFrame) -> pl.DataFrame:
        wide = [n for n in ("country", "category", "channel", "age", "region", "subcategory") if n in later.columns]
        name = str(rng.choice(wide))
        counts = later.group_by(name).len().sort(pl.col(name).cast(pl.String))
        shares = counts["len"].to_numpy() / counts["len"].sum()
        able = counts.filter(pl.Series((shares >= 0.02) & (shares <= 0.4)))[name].cast(pl.String).to_list()
        if not able:
            name = "product"
            able = later[name].cast(pl.String).value_counts(sort=True)[name].head(10).to_list()
        member = str(rng.choice(able))
        hit.append((name, member))
        orders = later["order"].unique().sort()
        lost = orders.filter(pl.Series(rng.random(orders.len()) < LOST))
        return later.filter(~((pl.col(name).cast(pl.String) == member) & pl.col("order").is_in(lost.implode())))

    return change


def _names(one: World, item: Mover, name: str, member: str) -> bool:
    told = dict(zip(item.dimensions, item.members, strict=True))
    if told.get(name) == member:
        return True
    # A country's only region, or the region that makes most of it, says the same.
    rows = one.data.lines.filter(pl.col(name).cast(pl.String) == member)
    return any(
        rows.select((pl.col(other).cast(pl.String) == found).mean() > 0.5).collect().item()
        for other, found in told.items()
    )


def _register(shop: str) -> None:
    @claim(f"Drivers, {shop}: something stands out where nothing changed", high=0.07, worlds=100, few=6)
    def stands_out(worlds: int) -> Measurement:
        null = [nothing(shop, number)[0] > 0 for number in range(worlds)]
        return measured(null, [planted(shop, number) for number in range(worlds // 2)])

    if shop != "Online Retail":

        @claim(f"Drivers, {shop}: a margin stands out where all rise alike", high=0.07, worlds=100, few=6)
        def moves_alike(worlds: int) -> Measurement:
            return measured([alike(shop, number) for number in range(worlds)])

    @claim(f"Drivers, {shop}: a pair stands out where nothing changed", high=0.07, worlds=100, few=6)
    def pair_stands_out(worlds: int) -> Measurement:
        return measured([nothing(shop, number)[1] > 0 for number in range(worlds)])


for _shop in shops.present():
    _register(_shop)
