"""Writing the demo as a prepared dataset, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from polars.io.plugins import register_io_source

from analytics.dataset import Calendar, Reconciliation
from data.errors import DataError
from data.generator import people, stream, targets, truths
from data.store import manifest, publishing, writing

DEFAULT_LINES: Final = 60_000
DEFAULT_SEED: Final = 1


class _Appended:
    """A Parquet file written frame after frame."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def add(self, frame: pl.DataFrame) -> None:
        rows = frame.to_arrow()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, rows.schema, compression="zstd")
        self._writer.write_table(rows)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def write(
    folder: Path,
    *,
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    name: str = "demo",
    customers_per_chunk: int = stream.CUSTOMERS_PER_CHUNK,
) -> None:
    """Write a prepared dataset of exactly `lines` order lines into a folder, holding a few chunks in memory."""
    revenue = np.zeros(targets.SHAPE, dtype=np.int64)
    returned: list[pl.DataFrame] = []
    days: list[date] = []
    orders, customers = _Appended(folder / "orders.parquet"), _Appended(folder / "customers.parquet")

    def lines_source(*_: object) -> Iterator[pl.DataFrame]:
        """Hand on the lines and keep what else a chunk holds; all lines are wanted, whatever is asked for."""
        for chunk in stream.chunks(lines, seed, customers_per_chunk=customers_per_chunk):
            np.add(revenue, chunk.revenue, out=revenue)
            returned.append(chunk.returns)
            days.extend(chunk.lines.select(first=pl.col("day").min(), last=pl.col("day").max()).row(0))
            orders.add(chunk.orders)
            customers.add(chunk.customers)
            yield chunk.lines

    try:
        source = register_io_source(lines_source, schema=stream.LINES_SCHEMA)
        source.sink_parquet(folder / "lines.parquet", compression="zstd", maintain_order=True)
    finally:
        orders.close()
        customers.close()
    stream.products().write_parquet(folder / "products.parquet")
    pl.concat(returned).sort("day", "product", maintain_order=True).write_parquet(folder / "returns.parquet")
    targets.build(np.random.default_rng(seed), revenue).write_parquet(folder / "targets.parquet")
    known = [day for day in days if day is not None]
    description = writing.describe(
        name=name,
        title=f"{truths.COMPANY} (demo data)",
        currency=truths.CURRENCY,
        first_day=min(known),
        last_day=max(known),
        segments=tuple(people.SEGMENTS),
        calendar=Calendar(),
        returns_valued="amount",
        reconciliation=Reconciliation(rows_read=lines, lines_kept=lines, revenue=int(revenue.sum())),
    )
    manifest.write(folder, description)


def main(*, lines: int, seed: int, home: Path, name: str) -> str:
    """Generate a demo dataset of exactly `lines` order lines and publish it below `home`; returns its version."""
    if lines < 1:
        raise DataError(f"--lines: expected a number of order lines from 1 up, found {lines}.")
    if seed < 0:
        raise DataError(f"--seed: expected a whole number from 0 up, found {seed}.")
    return publishing.publish(name, lambda folder: write(folder, lines=lines, seed=seed, name=name), home=home)
