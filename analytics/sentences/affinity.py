"""Takeaways on what is bought together."""

from __future__ import annotations

import polars as pl

from analytics.amounts import share
from analytics.formats import count_of


def affinity(table: pl.DataFrame, orders: int, least: int) -> str:
    """The pair that is bought together most beyond chance."""
    known = table.filter("beyond")
    if known.is_empty():
        return (
            f"No two are on the same order more often than chance, of those on {least:,} of {orders:,} orders or more."
        )
    top = known.row(0, named=True)
    return (
        f"Who buys {top['item']} takes {top['offer']} along on {share(top['confidence'])} of orders, "
        f"{top['lift']:,.1f} times as often as others do ({count_of(top['both'], 'order')} with both)."
    )


def offers(table: pl.DataFrame, item: str) -> str:
    """What to offer with one item."""
    known = table.filter("beyond")
    if table.is_empty():
        return f"Nothing is often enough on the same order as {item} to say. Ask for a smaller share of orders."
    if known.is_empty():
        return f"Nothing goes with {item} beyond chance."
    named = ", ".join(f"{row['offer']} ({row['lift']:,.1f}×)" for row in known.head(3).to_dicts())
    return f"With {item}, offer {named}."
