"""What the tables of a prepared dataset must be like: columns and types, codes within range, rows in order.

The reductions rely on every word of `analytics.dataset.Dataset`. Digests tell that a file is what was written; this
tells that what was written can be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from analytics.dataset import MEASURE_COLUMNS, Dataset
from data.errors import DataError
from data.store import manifest

_Types = tuple[type[pl.DataType], ...]
_INTEGERS: Final[_Types] = (pl.Int16, pl.Int32, pl.Int64)

REQUIRED: Final[Mapping[str, Mapping[str, _Types]]] = {
    "lines": {
        "customer": (pl.UInt32,),
        "day": (pl.Date,),
        "order": (pl.UInt32,),
        "product": (pl.Enum,),
        "quantity": _INTEGERS,
        "revenue": (pl.Int64,),
    },
    "orders": {"order_id": (pl.String,)},
    "customers": {
        "customer_id": (pl.String,),
        "name": (pl.String,),
        "first_on": (pl.Date,),
        "second_on": (pl.Date,),
    },
    "products": {"product_id": (pl.String,), "product": (pl.Enum,)},
    "returns": {"day": (pl.Date,), "quantity": _INTEGERS, "amount": (pl.Int64,)},
    "targets": {"month": (pl.Date,), "revenue": (pl.Int64,)},
}
"""Table -> the columns that it has, each of one of these types."""

OPTIONAL: Final[Mapping[str, Mapping[str, _Types]]] = {
    "lines": {"cost": (pl.Int64,), "discount": (pl.Int64,)},
    "returns": {"customer": (pl.UInt32,), "order": (pl.UInt32,), "reason": (pl.String,)},
}
"""Table -> columns that it may have; any other column of the lines is a dimension."""

SLICE: Final = 1 << 20
"""Lines that are looked at together, so that a large dataset takes no more memory than a small one."""

_KEYS: Final = ("customer", "day", "order", "product")


def schema(folder: Path, table: str, data_types: Mapping[str, pl.DataType], attributes: Iterable[str] = ()) -> None:
    """Look at the columns of one table, with the `attributes` of customers; DataError where one is missing or wrong."""
    enum: _Types = (pl.Enum,)
    required = {**REQUIRED[table], **dict.fromkeys(attributes, enum)}
    for column, types in {**required, **OPTIONAL.get(table, {})}.items():
        if column not in data_types and column in required:
            raise _refused(folder, table, f"a column {column}", f"the columns {', '.join(data_types)}")
        if column in data_types and not isinstance(data_types[column], types):
            wanted = " or ".join(item.__name__ for item in types)
            raise _refused(folder, table, f"{column} to be {wanted}", f"{data_types[column].base_type().__name__}")
    if table == "lines":
        known = (*REQUIRED[table], *OPTIONAL[table])
        for column in data_types:
            if column not in known and not isinstance(data_types[column], pl.Enum):
                raise _refused(folder, table, f"{column} to be Enum", f"{data_types[column].base_type().__name__}")


def dimensions(folder: Path, data: Dataset, lines: Mapping[str, pl.DataType]) -> None:
    """Look whether all tables have the members of the lines, in the same order; DataError where one does not."""
    known = {name: kind for name, kind in lines.items() if isinstance(kind, pl.Enum)}
    tables = {"customers": data.customers, "products": data.products, "returns": data.returns, "targets": data.targets}
    for table, frame in tables.items():
        for column, kind in ({} if frame is None else frame.schema).items():
            if column in known and kind != known[column]:
                raise _refused(folder, table, f"the members of {column} that the lines have", "others")
    for name in data.segments:
        if name not in known:
            raise _refused(folder, "lines", f"a column {name}", "none")
    codes = data.products["product"].to_physical()
    if not codes.eq_missing(pl.Series(range(len(codes)), dtype=codes.dtype)).all():
        raise _refused(folder, "products", "row i to be product code i", "products in another order")


def rows(folder: Path, data: Dataset, orders: int) -> None:
    """Look at every line and return: complete, in order, within the days, customers and `orders` orders there are.

    DataError about the first that is not.
    """
    limits = {"customer": (data.customers.height, "customers"), "order": (orders, "orders")}
    if data.returns is not None:
        _in_range(folder, "returns", data.returns, limits)
    total = int(data.lines.select(pl.len()).collect().item())
    if total != data.reconciliation.lines_kept:
        raise _refused(folder, "lines", f"{data.reconciliation.lines_kept:,} rows", f"{total:,}")
    measures = [name for name in MEASURE_COLUMNS if name in data.measures]
    for start in range(0, total, SLICE):
        # One row more than the next slice begins after, so that each pair of neighbours is looked at.
        part = data.lines.slice(start, SLICE + 1).select(*_KEYS, *measures).collect()
        for name in part.columns:
            if part[name].null_count():
                raise _refused(folder, "lines", f"a value of {name} in every row", "none in some")
        _in_range(folder, "lines", part, limits)
        days = part.select(first=pl.col("day").min(), last=pl.col("day").max()).row(0)
        if days[0] < data.first_day or days[1] > data.last_day:
            raise _refused(folder, "lines", f"days from {data.first_day} to {data.last_day}", f"{days[0]} to {days[1]}")
        _in_order(folder, part, start)


def _in_range(folder: Path, table: str, frame: pl.DataFrame, limits: Mapping[str, tuple[int, str]]) -> None:
    for column, (count, described_by) in limits.items():
        highest = frame[column].max() if column in frame.columns else None
        if isinstance(highest, int) and highest >= count:
            raise _refused(
                folder,
                table,
                f"{column} codes below {count:,}, one for each row of {described_by}.parquet",
                f"{highest:,}",
            )


def _in_order(folder: Path, part: pl.DataFrame, start: int) -> None:
    """By customer, day, order and product; an order has one customer and one day."""
    keys = [part["customer"], part["day"], part["order"], part["product"].to_physical()]
    before = [key.slice(0, part.height - 1) for key in keys]
    after = [key.slice(1) for key in keys]
    falls = [b > a for b, a in zip(before, after, strict=True)]
    same = [b == a for b, a in zip(before, after, strict=True)]
    wrong = falls[0] | (same[0] & (falls[1] | falls[2])) | (same[2] & (~same[0] | ~same[1] | falls[3]))
    if wrong.any():
        row = start + int(wrong.arg_true()[0]) + 2
        raise _refused(folder, "lines", "rows by customer, day, order and product", f"row {row:,} out of order")


def _refused(folder: Path, table: str, expected: str, found: str) -> DataError:
    return manifest.damaged(folder, f"{table}.parquet", expected=expected, found=found)
