"""The demo, generated once for all tests, small and large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import generator

FRAMES = ("lines", "orders", "customers", "products", "returns", "targets")


class Demo:
    """The frames of one prepared dataset, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines, self.orders, self.customers, self.products, self.returns, self.targets = (
            pl.read_parquet(folder / f"{name}.parquet") for name in FRAMES
        )
        self.months = self.lines.select(
            pl.col("customer", "order", "revenue", "country", "category"),
            month=(pl.col("day").dt.year().cast(pl.Int64) - 2023) * 12 + pl.col("day").dt.month() - 7,
        )
        """Lines with the number of their month, 0 for July 2023."""

    def revenue(self, where: pl.Expr | bool = True) -> int:
        return int(self.lines.filter(where)["revenue"].sum())


def made(folder: Path, **options: Any) -> Demo:
    folder.mkdir()
    generator.write(folder, **options)
    return Demo(folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return made(tmp_path_factory.mktemp("demo") / "default")


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Enough lines to measure what 60,000 only suggest; made of three chunks."""
    return made(tmp_path_factory.mktemp("demo") / "large", lines=500_000, customers_per_chunk=45_000)


def year(column: str = "day") -> pl.Expr:
    return pl.col(column).dt.year()
