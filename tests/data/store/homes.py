"""Homes with small datasets that tests rename, put back and delete."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from data.building import layout
from data.store import store, writing


def publish(home: Path, *, name: str = "shop", orders: int = 2, title: str = "Shop") -> str:
    """Publish a dataset of so many orders of 1.00 each; returns the version."""
    lines = pl.DataFrame(
        {
            "order_id": [f"A{number}" for number in range(orders)],
            "ordered_on": [date(2024, 1, 1 + number) for number in range(orders)],
            "product_id": ["P1"] * orders,
            "quantity": [1] * orders,
            "revenue": [10_000] * orders,
        }
    )
    built = layout.build(layout.Tables(lines), name=name, title=title, currency="EUR")
    return writing.publish(name, built, home=home)


def names(home: Path) -> list[str]:
    return [entry.name for entry in store.entries(home=home)]


def revenue(home: Path, name: str = "shop") -> int:
    return int(store.load(name, home=home).lines.select(pl.col("revenue").sum()).collect().item())
