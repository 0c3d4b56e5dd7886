"""One module per engine; `open_engine` opens one by its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from benchmarks.engines.engine import Engine
from data.store.store import DatasetVersion

ENGINES: Final = {
    "app": ("app", "App"),
    "duckdb_star": ("duckdb_sql", "Star"),
    "duckdb_wide": ("duckdb_sql", "Wide"),
    "duckdb_parquet": ("duckdb_sql", "Parquet"),
    "duckdb_same_layout": ("duckdb_layout", "SameLayout"),
    "polars": ("polars_star", "PolarsStar"),
    "pandas": ("pandas_star", "PandasStar"),
}
"""Engine -> its module and class; DuckDB's two natural schemas are reported as one, the faster."""


def open_engine(name: str, entry: DatasetVersion) -> Engine:
    """An engine with its tables loaded."""
    module, made = ENGINES[name]
    factory: Callable[[DatasetVersion], Engine] = getattr(import_module(f"benchmarks.engines.{module}"), made)
    return factory(entry)
