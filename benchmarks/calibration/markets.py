"""Claims of Markets: where customers of all countries buy alike, where one buys less of a category, and where all
differ."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import GEOGRAPHY, NO_CUSTOMER
from analytics.tables import markets
from benchmarks.calibration import shops
from benchmarks.calibration.registry import SEED, Measurement, claim, measured
from benchmarks.calibration.shops import World

Array = NDArray[Any]

LOST: Final = 0.5
"""Share of a category's lines that a country lost where a gap is planted."""

MOST_LOST: Final = 0.6
"""Where all countries differ, each has lost up to so much of a category."""

LEVELS: Final = ("category", "subcategory")
"""Product levels that are compared; a shop without one has no white space."""

LARGE: Final = 0.03
"""Share of the lines that a country and a category have at the least to be the planted one, or the largest has."""


def alike(shop: str, rng: np.random.Generator) -> tuple[World, pl.DataFrame]:
    """A world and its lines, whose customers were dealt out to the places anew; an order without one is one."""
    one = shops.world(shop, rng)
    table = one.data.lines.collect()
    places = [name for name in GEOGRAPHY if name in one.data.members]
    known = table["customer"] != NO_CUSTOMER
    who = table.select(
        pl.struct(known, pl.when(known).then("customer").otherwise("order").alias("number")).rank("dense")
    )
    number = who.to_series().to_numpy() - 1
    first = np.unique(number, return_index=True)[1]
    dealt = table.select(places)[first[rng.permutation(first.size)][number]]
    return one, table.with_columns(dealt.get_columns())


def level(one: World) -> str:
    """The product level whose shares are compared, as the page chooses it."""
    return next(name for name in LEVELS if name in one.data.members)


def found(one: World, table: pl.DataFrame, *, listed: bool = True) -> pl.DataFrame:
    """The gaps of a world with other lines: those that the page lists, or all."""
    data, filters = replace(one.data, lines=table.lazy()), replace(one.filters, where=())
    if listed:
        return markets.white_space(data, filters, "country", level(one), "EUR")
    return markets.gaps(data, filters, "country", level(one))


def _large(table: pl.DataFrame, name: str, rng: np.random.Generator) -> str:
    counts = table.group_by(pl.col(name).cast(pl.String)).len().sort("len", name, descending=True)
    able = max(int((counts["len"] >= LARGE * table.height).sum()), 1)
    return str(rng.choice(counts[name].head(able).to_numpy()))


def _thinned(
    table: pl.DataFrame, of: str, lost: dict[str, float], category: str, rng: np.random.Generator
) -> pl.DataFrame:
    """Without some of a category's lines: country -> the share that it lost."""
    share = table["country"].cast(pl.String).replace_strict(lost, default=0.0, return_dtype=pl.Float64)
    gone = (table[of].cast(pl.String) == category).to_numpy() & (rng.random(table.height) < share.to_numpy())
    return table.filter(pl.Series(~gone))


def _random(shop: str, number: int) -> bool:
    rng = np.random.default_rng([SEED, 60, shops.ALL.index(shop), number])
    return found(*alike(shop, rng)).height > 0


def _planted(shop: str, number: int) -> bool:
    """Whether a country that lost half of a category is listed with it."""
    rng = np.random.default_rng([SEED, 61, shops.ALL.index(shop), number])
    one, table = alike(shop, rng)
    of = level(one)
    country, category = _large(table, "country", rng), _large(table, of, rng)
    rows = found(one, _thinned(table, of, {country: LOST}, category, rng))
    return not rows.filter((pl.col("market") == country) & (pl.col("category") == category)).is_empty()


@cache
def _intervals(shop: str, number: int) -> tuple[float, ...]:
    """For each country, whether the interval of its gap in one category holds what was planted: every country has lost
    a share of it."""
    rng = np.random.default_rng([SEED, 62, shops.ALL.index(shop), number])
    one, table = alike(shop, rng)
    of = level(one)
    category = _large(table, of, rng)
    names = table["country"].cast(pl.String).unique().sort().to_list()
    lost = dict(zip(names, rng.uniform(0, MOST_LOST, len(names)).tolist(), strict=True))
    period = one.filters.period
    inside = table.filter(pl.col("day").is_between(period.start, period.end))
    money = inside.group_by(pl.col("country").cast(pl.String)).agg(pl.col("revenue").sum())
    whole, of_category = (
        int(rows["revenue"].sum()) for rows in (inside, inside.filter(pl.col(of).cast(pl.String) == category))
    )
    share = of_category / whole
    left = {name: (1 - lost[name] * share) * mine for name, mine in money.iter_rows()}
    part = {name: (1 - lost[name]) * share * mine for name, mine in money.iter_rows()}
    rows = found(one, _thinned(table, of, lost, category, rng), listed=False).filter(pl.col("category") == category)
    out = []
    for row in rows.to_dicts():
        name = row["market"]
        peers = (sum(part.values()) - part[name]) / (sum(left.values()) - left[name])
        out.append(float(row["gap_low"] <= peers - part[name] / left[name] <= row["gap_high"]))
    return tuple(out)


def _register(shop: str) -> None:
    @claim(f"White space, {shop}: a gap where all countries buy alike", high=0.07, worlds=100, few=6)
    def gap(worlds: int) -> Measurement:
        return measured([_random(shop, n) for n in range(worlds)], [_planted(shop, n) for n in range(worlds // 2)])

    @claim(f"White space, {shop}: the interval of a gap holds it", low=0.85, high=0.95, worlds=50, few=4)
    def interval(worlds: int) -> Measurement:
        return measured([float(np.mean(_intervals(shop, n))) for n in range(worlds)])


for _shop in (shop for shop in shops.present() if shop != "Online Retail"):
    _register(_shop)
