"""Takeaways on what is bought together."""

from __future__ import annotations

import polars as pl

from analytics.amounts import share
from analytics.formats import count_of
from analytics.sentences.words import times


def affinity(table: pl.DataFrame, orders: int, least: int) -> str:
    """The pair that is bought together most beyond chance."""
    known = table.filter("beyond")
    if orders < least:
        are = count_of(orders, "order is", "orders are")
        return f"{are} too few to say what is bought together: a pair needs {least:,}."
    if known.is_empty():
        return (
            f"No two are on the same order more often than chance, of those on {least:,} of {orders:,} orders or more."
        )
    top = known.row(0, named=True)
    return (
        f"Of the orders with {top['item']}, {share(top['confidence'])} hold {top['offer']} as well, "
        f"{times(top['lift'])} times the share of all orders ({count_of(top['both'], 'order')} with both)."
    )


def offers(table: pl.DataFrame, item: str) -> str:
    """What to offer with one item."""
    known = table.filter("beyond")
    if table.is_empty():
        return f"Nothing is often enough on the same order as {item} to say. Ask for a smaller share of orders."
    if known.is_empty():
        return f"Nothing goes with {item} beyond chance."
    named = ", ".join(f"{row['offer']} ({times(row['lift'])}×)" for row in known.head(3).to_dicts())
    return f"With {item}, offer {named}."
