"""What other libraries read from a file, column by column: an oracle for formats that say their types."""

from __future__ import annotations

from typing import Any


def pyarrow_columns(path: str) -> list[tuple[str, list[str]]] | None:
    """Names and values of a Parquet file as pyarrow reads it, bytes as UTF-8; None where it does not."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, coerce_int96_timestamp_unit="us")
        columns = zip(table.column_names, table.columns, strict=True)
        return [(name, [_value(value) for value in column.to_pylist()]) for name, column in columns]
    except Exception:
        return None


def duckdb_columns(path: str) -> list[tuple[str, list[str]]] | None:
    """Names and values of a Parquet file as DuckDB reads it; None where it does not."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            found = connection.execute("SELECT * FROM read_parquet(?)", [path])
            names = [column[0] for column in found.description or []]
            rows = found.fetchall()
        return [(name, [_value(row[place]) for row in rows]) for place, name in enumerate(names)]
    except Exception:
        return None


def _value(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
