"""Parquet and Arrow files: columns keep their type where it is a plain one, others become text.

polars reads Parquet; pyarrow reads what polars does not know, and times of the old INT96 kind, which polars cuts at the
year 2262. pyarrow also says how many rows there must be.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import polars as pl

from data.reading.findings import Finding, excerpt, finding
from data.reading.header import unique
from data.reading.issues import Issues
from data.reading.limits import Limits
from data.reading.refused import Refused
from data.reading.table import ReadResult
from data.reading.written import ISSUES, ROW, TABLE

_BATCH: Final = 65_536
_SEVERAL: Final = "holds several values a cell: shown as text"
_PANIC: Final = getattr(pl.exceptions, "PanicException", BaseException)


def read_parquet(path: Path, folder: Path, limits: Limits) -> ReadResult:
    """Rewrite a Parquet file; row 1 is its first row."""
    rows, old_times = _stated(path)
    if rows is not None and rows > limits.rows:
        raise Refused(f"expected up to {limits.rows:,} rows, found {rows:,}.")
    if not old_times:
        try:
            outcome = _rewritten(pl.scan_parquet(path), folder, limits, "parquet")
            written = _count(pl.scan_parquet(folder / TABLE))
            if rows is None or rows == outcome.rows == written:
                return outcome
        except (Refused, MemoryError):
            raise
        except (pl.exceptions.PolarsError, _PANIC):
            if rows is None:
                raise
    parts, nested = _by_pyarrow(path, folder, limits)
    outcome = _rewritten(pl.scan_parquet(parts), folder, limits, "parquet", as_text=nested)
    for part in parts:
        part.unlink()
    return outcome


def read_arrow(path: Path, folder: Path, limits: Limits) -> ReadResult:
    """Rewrite an Arrow (Feather 2) file or stream."""
    with path.open("rb") as file:
        stream = file.read(6) != b"ARROW1"
    frame = pl.read_ipc_stream(path).lazy() if stream else pl.scan_ipc(path)
    return _rewritten(frame, folder, limits, "arrow")


def _stated(path: Path) -> tuple[int | None, bool]:
    """Rows that the file says it has, None where pyarrow cannot tell; and whether it has times of the old kind."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.ParquetFile(path).metadata
        groups = sum(metadata.row_group(number).num_rows for number in range(metadata.num_row_groups))
        kinds = {metadata.schema.column(number).physical_type for number in range(metadata.num_columns)}
    except (pa.ArrowException, OSError):
        return None, False
    return max(int(metadata.num_rows), groups), "INT96" in kinds


def _by_pyarrow(path: Path, folder: Path, limits: Limits) -> tuple[list[Path], set[str]]:
    """The file's batches as Parquet files that polars reads, and the columns that were made text for that."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts: list[Path] = []
    rows = 0
    try:
        source = pq.ParquetFile(path, coerce_int96_timestamp_unit="us")
        nested = {field.name for field in source.schema_arrow if _is_nested(field.type)}
        for batch in source.iter_batches(batch_size=_BATCH):
            rows += batch.num_rows
            if rows * max(1, batch.num_columns) > limits.cells:
                raise Refused(f"expected up to {limits.cells:,} cells, found more.")
            parts.append(folder / f"batch-{len(parts)}.part")
            _flat(pa.Table.from_batches([batch])).write_parquet(parts[-1])
        if not parts:
            parts.append(folder / "batch-0.part")
            _flat(source.schema_arrow.empty_table()).write_parquet(parts[-1])
    except pa.ArrowException:
        raise Refused(
            "expected a Parquet file, found one that is damaged or of a kind that is not known. Write it again."
        ) from None
    return parts, nested


def _is_nested(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_nested(kind)) or isinstance(kind, pa.BaseExtensionType)


def _flat(table: Any) -> pl.DataFrame:
    """An Arrow table as a frame; nested columns as text."""
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if _is_nested(column.type):
            columns.append(pl.Series(name, [_as_text(value) for value in column.to_pylist()], dtype=pl.String))
        else:
            columns.append(pl.Series(name, pl.from_arrow(column)))
    return pl.DataFrame(columns)


def _count(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect().item())


def _rewritten(
    frame: pl.LazyFrame, folder: Path, limits: Limits, name: str, *, as_text: Collection[str] = ()
) -> ReadResult:
    """Write the table. Columns `as_text` have become text before."""
    schema = frame.collect_schema()
    if len(schema) > limits.columns:
        raise Refused(f"expected up to {limits.columns:,} columns, found {len(schema):,}.")
    rows = _count(frame)
    if rows > limits.rows:
        raise Refused(f"expected up to {limits.rows:,} rows, found {rows:,}.")
    if rows * len(schema) > limits.cells:
        raise Refused(f"expected up to {limits.cells:,} cells, found {rows * len(schema):,}.")
    notes: list[str] = []
    names = unique([" ".join(column.split()) for column in schema.names()], notes)
    columns = []
    findings: list[Finding] = [finding("header", note, changed=True) for note in notes]
    for source, target in zip(schema.names(), names, strict=True):
        converted, how = _plain(frame, source, schema[source])
        columns.append(converted.alias(target))
        if source in as_text:
            how = _SEVERAL
        if how:
            findings.append(finding("type", f"Column {excerpt(target)} {how}.", changed=True))
    numbered = frame.select(columns).with_row_index(ROW, offset=1)
    numbered.sink_parquet(folder / TABLE, maintain_order=True)
    Issues(folder).write(folder / ISSUES)
    return ReadResult(names, rows, tuple(findings), {"format": name, "header_rows": []})


def _plain(frame: pl.LazyFrame, name: str, dtype: Any) -> tuple[pl.Expr, str]:
    """A column as a plain type, and how it was changed in words."""
    column = pl.col(name)
    if dtype.is_numeric() or dtype in (pl.String, pl.Boolean, pl.Time):
        return column, ""
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        # The year of a day beyond all calendars is none at all.
        usual = column.dt.year().is_between(1, 9999).fill_null(False)
        if not frame.select((usual | column.is_null()).all()).collect().item():
            return pl.when(usual).then(column), "holds dates outside of the years 1 to 9999: left empty"
        return column, ""
    if isinstance(dtype, pl.Categorical | pl.Enum) or dtype == pl.Null:
        return column.cast(pl.String), ""
    if dtype == pl.Binary:
        try:
            frame.select(column.cast(pl.String).str.len_bytes().sum()).collect()
        except pl.exceptions.ComputeError:
            return column.map_batches(_readable, return_dtype=pl.String), "holds bytes: shown as text where they are"
        return column.cast(pl.String), ""
    if isinstance(dtype, pl.Duration):
        return column.dt.total_seconds(), "holds spans of time: shown in seconds"
    as_text = column.map_batches(_texts, return_dtype=pl.String, is_elementwise=True)
    return as_text, _SEVERAL


def _texts(values: pl.Series) -> pl.Series:
    return pl.Series(values.name, [_as_text(value) for value in values.to_list()], dtype=pl.String)


def _readable(values: pl.Series) -> pl.Series:
    """Bytes as text where they are UTF-8, else in hexadecimal digits."""
    texts: list[str | None] = []
    for value in values.to_list():
        try:
            texts.append(None if value is None else value.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(value.hex())
    return pl.Series(values.name, texts, dtype=pl.String)


def _as_text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False)
