"""Pairs of members of two dimensions: what both together moved beyond what each of them leads one to expect."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import polars as pl

from analytics import lines
from analytics.dataset import Dataset
from analytics.dimensions import HIERARCHIES
from analytics.filters import Filters
from analytics.lines import MOMENTS, Squares
from analytics.metrics import METRICS
from analytics.tables.drivers import chance
from analytics.tables.drivers.contributions import NO_MEMBER, MetricChange, rolled, sure

PAIR_SEGMENTS: Final = 3
"""Customer attributes that are looked at in pairs: those whose members moved most."""


def pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of dimensions that are no levels of one hierarchy."""
    own = {name: hierarchy for hierarchy, all_levels in HIERARCHIES.items() for name in all_levels}
    return [(a, b) for a, b in combinations(names, 2) if own.get(a, a) != own.get(b, b)]


def groups_of_pairs(names: Sequence[str]) -> list[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """One pass over the lines -> the pairs that it tells: all levels of a hierarchy come from their finest."""
    own = {name: hierarchy for hierarchy, all_levels in HIERARCHIES.items() for name in all_levels}
    out: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for a, b in pairs(names):
        out.setdefault((own.get(a, a), own.get(b, b)), []).append((a, b))
    return [(tuple(dict.fromkeys(name for pair in item for name in pair)), item) for item in out.values()]


def steps(
    data: Dataset, tables: dict[tuple[str, ...], pl.DataFrame]
) -> list[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """The passes that pairs of dimensions take, one after the other: places, products, others and those customer
    attributes whose members moved most. Takes the contributions of all single dimensions."""

    def weight(name: str) -> float:
        return float(tables[(name,)]["excess"].abs().sum())

    known = [names[0] for names in tables]
    segments = sorted((name for name in known if name in data.segments), key=weight, reverse=True)[:PAIR_SEGMENTS]
    wanted = [name for name in known if name not in data.segments and name not in ("product", "continent")]
    return [(keys, tuple(found)) for keys, found in groups_of_pairs([*wanted, *segments])]


def pairs_of(
    data: Dataset, filters: Filters, keys: tuple[str, ...], wanted: list[tuple[str, str]]
) -> dict[tuple[str, str], pl.DataFrame]:
    """Pair -> one row per pair of members: ADDITIVE with base, all from one pass."""
    finest = lines.sums(data, filters, keys)
    return {pair: rolled(finest, list(pair)) for pair in wanted}


def pair_excess(pair: pl.DataFrame, names: tuple[str, str], whole: MetricChange, squares: Squares) -> pl.DataFrame:
    """Contributions of a pair with `excess` against what its two members' own growth leads one to expect.

    A country that grew by a fifth and a category that grew by a tenth, in a whole that grew by a twentieth, lead one to
    expect 1.2 x 1.1 / 1.05 of them together. Ratios keep their contribution. `squares` are those of the view by the
    pair and by each of its two, of the metric's `worth`.

    What is expected is chance too. Its variance takes the pair, the rest of each of its members, and all others as four
    parts that vary on their own: those who buy of several at once make it smaller than that.
    """
    if METRICS[whole.metric].per or whole.growth is None:
        return pair
    all_grew = max(1 + whole.growth, 0.0)
    table = pair.join(_moments(squares.by[names], names, "pair"), on=["key0", "key1"], how="left")
    for n, name in enumerate(names):
        key = f"key{n}"
        sums = pair.group_by(key).agg(
            pl.col("value").sum().alias(f"now_{n}"), pl.col("value_base").sum().alias(f"base_{n}")
        )
        table = table.join(sums, on=key).join(_moments(squares.by[(name,)], (name,), str(n), key), on=key, how="left")

    def grew(n: int) -> pl.Expr:
        now, base = pl.col(f"now_{n}"), pl.col(f"base_{n}")
        return pl.when(base > 0).then(now / base).otherwise(all_grew)

    def variance(of: str, growth: pl.Expr) -> pl.Expr:
        now, across, base = (pl.col(f"{name}_{of}").fill_null(0.0) for name in MOMENTS[:3])
        return chance.own_variance(growth, (now, across, base))

    growth = (grew(0) * grew(1) / all_grew if all_grew else pl.lit(0.0)).clip(0.0)
    expected = pl.col("value_base") * growth
    first, second, everything = (
        pl.when(now > 0).then(expected / now).otherwise(0.0)
        for now in (pl.col("now_0"), pl.col("now_1"), pl.lit(whole.now))
    )
    own, of_first, of_second = variance("pair", growth), variance("0", grew(0)), variance("1", grew(1))
    now_now, now_base, base_base = (pl.lit(value) for value in squares.whole)
    of_all = chance.own_variance(pl.lit(all_grew), (now_now, now_base, base_base))
    total = (
        (1 - first - second + everything) ** 2 * own
        + (everything - first) ** 2 * (of_first - own).clip(0.0)
        + (everything - second) ** 2 * (of_second - own).clip(0.0)
        + everything**2 * (of_all - of_first - of_second + own).clip(0.0)
    )
    return (
        table.with_columns((pl.col("value") - expected).alias("excess"), total.sqrt().alias("noise"))
        .with_columns(sure())
        .select(pair.columns)
        .sort(pl.col("moved").abs(), "member", descending=[True, False])
    )


def _moments(frame: pl.DataFrame, names: Sequence[str], suffix: str, *keys: str) -> pl.DataFrame:
    """The first moments of a table of squares, keyed like contributions."""
    labels = keys or tuple(f"key{n}" for n in range(len(names)))
    return frame.select(
        *(
            pl.col(name).cast(pl.String).fill_null(NO_MEMBER).alias(key)
            for name, key in zip(names, labels, strict=True)
        ),
        *(pl.col(name).alias(f"{name}_{suffix}") for name in MOMENTS[:3]),
    )
