"""Targets edited in the app: as a frame like `Dataset.targets`, and as the plain values that are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.periods import shift_months


def empty(data: Dataset, dimensions: Sequence[str]) -> pl.DataFrame:
    """No targets yet, to be set by some dimensions."""
    schema = data.schema
    return pl.DataFrame(schema={"month": pl.Date, **{n: schema[n] for n in dimensions}, "revenue": pl.Int64})


def dimensions_of(table: pl.DataFrame) -> tuple[str, ...]:
    """The dimensions that targets are set by."""
    return tuple(name for name in table.columns if name not in ("month", "revenue"))


def to_plain(table: pl.DataFrame) -> dict[str, Any]:
    """Targets as values that JSON can hold."""
    names = dimensions_of(table)
    rows = table.with_columns(pl.col("month").cast(pl.String), *(pl.col(name).cast(pl.String) for name in names))
    return {
        "dimensions": list(names),
        "rows": [list(row) for row in rows.select("month", *names, "revenue").iter_rows()],
    }


def from_plain(plain: Mapping[str, Any], data: Dataset) -> pl.DataFrame:
    """Saved targets as a frame; those of members or dimensions that the data no longer has are left out.

    KeyError, TypeError or ValueError where the values are no targets.
    """
    names = [str(name) for name in plain["dimensions"]]
    if any(name not in data.members for name in names):
        return empty(data, [])
    known = {name: frozenset(data.members[name]) for name in names}
    rows = []
    for month, *members, money in plain["rows"]:
        if all(one is None or one in known[name] for name, one in zip(names, members, strict=True)):
            rows.append((date.fromisoformat(month), *members, int(money)))
    return pl.DataFrame(rows, schema=empty(data, names).schema, orient="row")


def of(table: pl.DataFrame, members: Mapping[str, str], year: int) -> dict[date, float | None]:
    """The targets of one combination of members in the months of a year, in currency units; None where none is set."""
    mine = _mine(table, members)
    found = dict(table.filter(mine).group_by("month").agg(pl.col("revenue").sum()).iter_rows())
    months = [shift_months(date(year, 1, 1), n) for n in range(12)]
    return {month: found[month] / MONEY_SCALE if month in found else None for month in months}


def changed(table: pl.DataFrame, members: Mapping[str, str], amounts: Mapping[date, float | None]) -> pl.DataFrame:
    """The targets with those of one combination of members set anew for some months; None takes a target away.

    ValueError for an amount below 0.
    """
    if any(amount is not None and amount < 0 for amount in amounts.values()):
        raise ValueError("a target must not be below 0")
    kept = table.filter(~(_mine(table, members) & pl.col("month").is_in(list(amounts))))
    rows = [
        (month, *members.values(), round(amount * MONEY_SCALE))
        for month, amount in amounts.items()
        if amount is not None
    ]
    columns = ["month", *members, "revenue"]
    new = pl.DataFrame(rows, schema={name: table.schema[name] for name in columns}, orient="row")
    return pl.concat([kept, new.select(table.columns)]).sort(["month", *members])


def _mine(table: pl.DataFrame, members: Mapping[str, str]) -> pl.Expr:
    return pl.all_horizontal(
        pl.lit(True), *(pl.col(name).cast(pl.String) == member for name, member in members.items())
    )
