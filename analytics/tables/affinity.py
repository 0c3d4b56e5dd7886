"""Affinity: what is bought together, by support, confidence and lift over orders."""

from __future__ import annotations

from math import ceil
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats
from analytics.lines import Together
from analytics.models.discoveries import discoveries

Array = NDArray[Any]

FEWEST_ORDERS: Final = 10
"""Orders that a pair needs at the least: a lift of fewer is chance."""

SUPPORTS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01)
"""Smallest shares of all orders that can be asked for."""

SURE: Final = 1.96

STEPS: Final = 12
"""Steps of Newton's method, which ends at 0 error long before."""

CHUNK: Final = 1 << 14
"""Pairs reckoned at a time."""

MOST_OFFERS: Final = 30
"""Rules kept for each item, the surest: a large assortment has millions."""


def fewest(support: float, orders: int) -> int:
    """Orders that a smallest support stands for."""
    return max(FEWEST_ORDERS, ceil(support * orders))


def rules(together: Together) -> pl.DataFrame:
    """One row per ordered pair: item, offer (text), both, item_orders, offer_orders (Int64 orders), support,
    confidence, lift, least_lift (lower end of its 95 % interval), beyond (whether more often than chance; the false
    discovery rate of all candidates is held). Surest first, at most MOST_OFFERS an item.

    support = P(A and B), confidence = P(B|A), lift = confidence / P(B), over the orders of the view. Chance puts two
    items on one order as often as their shares of the orders say or, where some orders are far larger than others and
    hold more of everything, as often as orders of these sizes would. Who repeats an order says nothing new: what varies
    is the customer, so orders with both count as many as they are worth by customer, see `_design_effect`, and are
    taken as Poisson then.
    """
    level = together.items.columns[0]
    counts = together.items.select(pl.col(level).cast(pl.String).alias("item"), pl.col("orders").alias("item_orders"))
    pair = together.pairs.select(pl.col("first", "second").cast(pl.String), pl.col("orders").alias("both"), "squares")
    both = pl.concat(
        [
            pair.rename({"first": "item", "second": "offer"}),
            pair.select(pl.col("second").alias("item"), pl.col("first").alias("offer"), "both", "squares"),
        ]
    )
    table = both.join(counts, on="item").join(
        counts.rename({"item": "offer", "item_orders": "offer_orders"}), on="offer"
    )
    # Counts are multiplied as Float64: a million orders squared is more than 32 bits hold.
    part = [pl.col(name).cast(pl.Float64) for name in ("both", "item_orders", "offer_orders")]
    table = table.with_columns(
        (part[0] / together.orders).alias("support"),
        (part[0] / part[1]).alias("confidence"),
        (part[0] * together.orders / (part[1] * part[2])).alias("lift"),
    )
    design = _design_effect(table)
    table = table.with_columns((pl.col("lift") * (-SURE * (design / pl.col("both")).sqrt()).exp()).alias("least_lift"))
    expected, effect = _expected(table, together), design.to_numpy()
    candidates = together.often * (together.often - 1)  # each pair is there from both sides
    called = discoveries(_at_least(table["both"].to_numpy() / effect, expected / effect), of=candidates)
    table = table.with_columns(pl.Series("beyond", called, pl.Boolean))
    columns = ["item", "offer", "both", "item_orders", "offer_orders", "support", "confidence", "lift", "least_lift"]
    columns.append("beyond")
    rows = table.select(columns).sort("least_lift", "item", "offer", descending=[True, False, False])
    return rows.filter(pl.int_range(pl.len()).over("item") < MOST_OFFERS)


def _design_effect(table: pl.DataFrame) -> pl.Series:
    """How many orders with both items are worth one that a customer of its own made: the mean number of orders with
    both that the customer of such an order has. Orders and their expected number are divided by it.

    Source: Rao and Scott (1992), A simple method for the analysis of clustered binary data; counts of clusters of
    random size make a compound Poisson number, whose variance over its mean this is.
    """
    return table["squares"] / table["both"]


def _expected(table: pl.DataFrame, together: Together) -> Array:
    """Orders with both items by chance.

    An order that holds s different items holds one of them with the chance 1 - exp(-rate s), where the rate makes the
    item's orders of all sizes come out.
    """
    if table.is_empty():
        return np.zeros(0)
    names = together.items.columns
    counts = together.items["orders"].to_numpy().astype(np.float64)
    size, orders = (together.sizes[name].to_numpy().astype(np.float64) for name in ("size", "orders"))
    held = 1 - np.exp(-np.outer(_rates(counts, size, orders), size))
    at = dict(zip(together.items[names[0]].cast(pl.String), range(counts.size), strict=True))
    item, offer = (table[name].replace_strict(at, return_dtype=pl.Int64).to_numpy() for name in ("item", "offer"))
    out = np.zeros(item.size)
    for start in range(0, item.size, CHUNK):
        some = slice(start, start + CHUNK)
        out[some] = (held[item[some]] * held[offer[some]]) @ orders
    return np.asarray(np.maximum(out, counts[item] * counts[offer] / max(together.orders, 1)))


def _rates(counts: Array, size: Array, orders: Array) -> Array:
    """The rate of each item at which the orders that hold it are as many as counted, by Newton's method from below."""
    rate = counts / max(float(orders @ size), 1.0)
    whole = float(orders.sum())
    for _ in range(STEPS):
        missing = np.exp(-np.outer(rate, size))
        rate = rate + (np.minimum(counts, 0.999 * whole) - (whole - missing @ orders)) / (missing @ (orders * size))
    return np.asarray(rate)


def _at_least(count: Array, expected: Array) -> Array:
    """The chance of at least so many where so many are expected, by Poisson."""
    from scipy.special import gammainc

    return np.asarray(gammainc(count, expected))


def strongest(table: pl.DataFrame, *, most: int = 10) -> pl.DataFrame:
    """The surest pairs, each once, from the side with the higher confidence: `rules` with what bars draw."""
    one_side = table.filter(
        (pl.col("item_orders") < pl.col("offer_orders"))
        | ((pl.col("item_orders") == pl.col("offer_orders")) & (pl.col("item") < pl.col("offer")))
    )
    return with_texts(one_side.head(most), both_names=True)


def offers(table: pl.DataFrame, item: str, *, most: int = 10) -> pl.DataFrame:
    """What to offer with an item, surest first."""
    return with_texts(table.filter(pl.col("item") == item).head(most), both_names=False)


def with_texts(table: pl.DataFrame, *, both_names: bool) -> pl.DataFrame:
    """Add what bars draw: member, value (the lift), low, text, detail."""
    name = pl.concat_str("item", pl.lit(" → "), "offer") if both_names else pl.col("offer")
    visible = table.with_columns(name.alias("member"), pl.col("lift").alias("value"), pl.col("least_lift").alias("low"))
    texts = [f"{lift:,.1f}×" for lift in visible["lift"]]
    details = [
        f"{both:,} orders with both; {formats.text(confidence, 'share')} of {item:,} also take it"
        for both, confidence, item in visible.select("both", "confidence", "item_orders").iter_rows()
    ]
    return visible.with_columns(pl.Series("text", texts, pl.String), pl.Series("detail", details, pl.String))
