"""A version folder as a Dataset: verified, looked at, and its lines in memory where they fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.exceptions import PanicException, PolarsError

from analytics.dataset import CUSTOMER_COLUMNS, Calendar, Dataset, Reconciliation, SetAside
from data.building.layout import members
from data.errors import DataError
from data.store import contract, integrity, manifest
from data.store.manifest import Manifest

LINES: Final = "lines.parquet"

_FAILURES: Final = (KeyError, TypeError, ValueError, OSError, PolarsError, PanicException)
"""What reading a file that is damaged may end in; polars' panics are no Exception."""


def opened(folder: Path, *, name: str, room: Callable[[int], bool]) -> Dataset:
    """A version as a Dataset; lines are held in memory where there is `room` for their bytes, else read at each query.

    DataError where a file is missing, damaged, may not be read, or holds what the reductions cannot use.
    """
    described = integrity.check_small(folder)
    with readable(folder):
        data = _dataset(described, name, room)
        orders = pl.scan_parquet(folder / "orders.parquet")
        contract.schema(folder, "orders", dict(orders.collect_schema()))
        count = int(orders.select(pl.len()).collect().item())
        if data.held:
            contract.rows(folder, data, count)

    def rows() -> None:
        with readable(folder):
            contract.rows(folder, data, count)

    integrity.check_later(described, None if data.held else rows)
    return data


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn what reading a version fails with into a DataError that names the file."""
    try:
        yield
    except _FAILURES as error:
        integrity.check(folder)
        raise DataError(
            f"Dataset '{manifest.name_of(folder)}': expected tables that this app can use, found a problem "
            f"({type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no more is known'}). "
            "Prepare it again."
        ) from error


def _dataset(described: Manifest, name: str, room: Callable[[int], bool]) -> Dataset:
    folder, sentences = described.folder, described.content
    scanned = pl.scan_parquet(folder / LINES)
    schema = dict(scanned.collect_schema())
    contract.schema(folder, "lines", schema)
    held = room(_line_bytes(schema) * _height(folder / LINES))
    data = Dataset(
        name=name,
        version=described.version,
        title=sentences["title"],
        currency=sentences["currency"],
        lines=_in_memory(folder / LINES, list(schema)).lazy() if held else scanned,
        held=held,
        customers=_table(described, "customers", sentences["segments"]),
        products=_table(described, "products"),
        returns=_table(described, "returns") if described.has("returns.parquet") else None,
        targets=_table(described, "targets") if described.has("targets.parquet") else None,
        first_day=sentences["first_day"],
        last_day=sentences["last_day"],
        members=members(schema),
        segments=tuple(sentences["segments"]),
        calendar=Calendar(**sentences["calendar"]),
        reconciliation=_reconciliation(sentences["reconciliation"]),
        returns_valued=sentences["returns_valued"],
        unit_scale=sentences.get("unit_scale", 1),
    )
    contract.dimensions(folder, data, schema)
    return data


def _reconciliation(sentences: Mapping[str, Any]) -> Reconciliation:
    plain = {key: value for key, value in sentences.items() if key not in ("set_aside", "notes", "doubts")}
    return Reconciliation(
        **plain,
        set_aside=tuple(SetAside(**item) for item in sentences.get("set_aside", [])),
        notes=tuple(sentences.get("notes", [])),
        doubts=tuple(sentences.get("doubts", [])),
    )


def _table(described: Manifest, table: str, attributes: Sequence[str] = ()) -> pl.DataFrame:
    """A table in memory; of the customers only what the app uses."""
    path = described.folder / f"{table}.parquet"
    result = pl.read_parquet_schema(path)
    contract.schema(described.folder, table, result, attributes)
    return _in_memory(path, [*CUSTOMER_COLUMNS, *attributes] if table == "customers" else list(result))


def _height(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _line_bytes(schema: Mapping[str, Any]) -> int:
    """Bytes of one line in memory."""
    empty = pl.DataFrame(schema=schema)
    widths = {"UInt8": 1, "Int16": 2, "UInt16": 2, "Int32": 4, "UInt32": 4, "Int64": 8}
    return sum(widths[str(empty[name].to_physical().dtype)] for name in schema)


def _in_memory(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """A Parquet file as one chunk a column; column by column, so that only one column is ever there twice."""
    return pl.DataFrame([pl.read_parquet(path, columns=[name]).to_series().rechunk() for name in columns])
