"""Pairs of members of two dimensions: what both together moved beyond what each of them leads one to expect."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.dimensions import HIERARCHIES
from analytics.lines import MOMENTS, PARTS, Squares
from analytics.tables.drivers import chance
from analytics.tables.drivers.contributions import NO_MEMBER, over

Array = NDArray[Any]

PAIR_SEGMENTS: Final = 3
"""Customer attributes that are looked at in pairs: those whose members moved most."""


def pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of dimensions that are no levels of one hierarchy."""
    own = {name: hierarchy for hierarchy, all_levels in HIERARCHIES.items() for name in all_levels}
    return [(a, b) for a, b in combinations(names, 2) if own.get(a, a) != own.get(b, b)]


def groups_of_pairs(names: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Pairs that are looked at in one pass: those of places and customer attributes, then those with products."""
    wanted = pairs(names)
    with_products = [pair for pair in wanted if set(pair) & set(HIERARCHIES["product"])]
    groups = (tuple(pair for pair in wanted if pair not in with_products), tuple(with_products))
    return [group for group in groups if group]


def steps(data: Dataset, tables: dict[tuple[str, ...], pl.DataFrame]) -> list[tuple[tuple[str, str], ...]]:
    """The passes that pairs of dimensions take, one after the other: of places, products, others and those customer
    attributes whose members moved most. Takes the contributions of all single dimensions."""

    def weight(name: str) -> float:
        return float(tables[(name,)]["excess"].abs().sum())

    known = [names[0] for names in tables]
    segments = sorted((name for name in known if name in data.segments), key=weight, reverse=True)[:PAIR_SEGMENTS]
    wanted = [name for name in known if name not in data.segments and name not in ("product", "continent")]
    return groups_of_pairs([*wanted, *segments])


def pair_excess(pair: pl.DataFrame, names: tuple[str, str], squares: Squares) -> pl.DataFrame:
    """Contributions of a pair to a sum, with `excess` against what its two members' own growth leads one to expect.

    A country that grew by a fifth and a category that grew by a tenth, in a whole that grew by a twentieth, lead one to
    expect 1.2 x 1.1 / 1.05 of them together. `squares` are those of the view by the pair and by each of its two, of the
    metric's `worth`. Where the base is not above 0 the contributions stay as they are.

    What is expected is chance too. Its variance takes the pair, the rest of each of its members, and all others as four
    parts that vary on their own: those who buy of several at once make it smaller than that.
    """
    table = squares.by[names]
    now, base = (table[name].to_numpy() for name in PARTS[:2])
    if base.sum() <= 0:
        return pair
    all_grew = max(float(now.sum() / base.sum()), 0.0)
    singles = [_single(squares.by[(name,)], table[name], all_grew) for name in names]
    (first_now, first_grew, of_first), (second_now, second_grew, of_second) = singles
    growth = np.maximum(first_grew * second_grew / all_grew, 0.0) if all_grew else np.zeros(now.size)
    expected = base * growth
    first, second = (np.nan_to_num(over(expected, each)) for each in (first_now, second_now))
    everything = np.nan_to_num(over(expected, np.full(now.size, now.sum())))
    own = chance.own_variance(growth, *(table[name].to_numpy() for name in MOMENTS[:3]))
    of_all = chance.own_variance(np.asarray(all_grew), *(np.asarray(value) for value in squares.whole))
    variance = (
        (1 - first - second + everything) ** 2 * own
        + (everything - first) ** 2 * np.maximum(of_first - own, 0.0)
        + (everything - second) ** 2 * np.maximum(of_second - own, 0.0)
        + everything**2 * np.maximum(of_all - of_first - of_second + own, 0.0)
    )
    excess, noise = now - expected, np.sqrt(variance)
    keys = [table[name].cast(pl.String).fill_null(NO_MEMBER).alias(f"key{n}") for n, name in enumerate(names)]
    columns = {"excess": excess, "noise": noise, "sure": over(excess, noise)}
    found = pl.DataFrame([*keys, *(pl.Series(name, values) for name, values in columns.items())])
    joined = pair.drop(columns).join(found, on=["key0", "key1"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("sure").fill_nan(None)).select(pair.columns)


def _single(table: pl.DataFrame, of: pl.Series, all_grew: float) -> tuple[Array, Array, Array]:
    """For each pair its member's sum now, growth (of all, where the base has none) and variance."""
    name = of.name
    at = of.to_frame().join(table.with_row_index("at").select(name, "at"), on=name, how="left", nulls_equal=True,
                            maintain_order="left")["at"].to_numpy()  # fmt: skip
    now, base = (table[column].to_numpy() for column in PARTS[:2])
    grew = np.where(base > 0, np.nan_to_num(over(now, base)), all_grew)
    variance = chance.own_variance(grew, *(table[column].to_numpy() for column in MOMENTS[:3]))
    return now[at], grew[at], variance[at]
