"""Targets edited in the app: as a frame like `Dataset.targets`, and as the plain values that are saved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.grains import shift_months


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
        if all(item is None or item in known[name] for name, item in zip(names, members, strict=True)):
            rows.append((date.fromisoformat(month), *members, int(money)))
    return pl.DataFrame(rows, schema=empty(data, names).schema, orient="row")


def of(table: pl.DataFrame, members: Mapping[str, str], year: int) -> dict[date, float | None]:
    """The targets of one combination of members in the months of a year, in currency units; None where none is set."""
    mine = _mine(members)
    result = dict(table.filter(mine).group_by("month").agg(pl.col("revenue").sum()).iter_rows())
    months = [shift_months(date(year, 1, 1), n) for n in range(12)]
    return {month: result[month] / MONEY_SCALE if month in result else None for month in months}


@dataclass(frozen=True)
class TargetEdit:
    """What somebody typed over what they saw: targets of one combination of members, in ten-thousandths."""

    members: tuple[tuple[str, str], ...]
    """Dimension and member; empty for targets of everything."""
    months: tuple[tuple[date, int | None, int | None], ...]
    """Month, the target that was seen and the one that is wanted, None for no target; they differ."""

    @property
    def dimensions(self) -> list[str]:
        """The dimensions that the targets are set by."""
        return [name for name, _ in self.members]

    def only(self, months: Collection[date]) -> TargetEdit:
        """The part of some months."""
        return replace(self, months=tuple(month for month in self.months if month[0] in months))

    def without(self, other: TargetEdit) -> TargetEdit:
        """The part of the months that another change does not have."""
        theirs = {month for month, _, _ in other.months}
        return self.only({month for month, _, _ in self.months} - theirs)


def change(
    members: Mapping[str, str], seen: Mapping[date, float | None], wanted: Mapping[date, float | None]
) -> TargetEdit:
    """The months whose targets are wanted to be others than those seen, in currency units.

    ValueError for an amount below 0.
    """
    if any(amount is not None and amount < 0 for amount in wanted.values()):
        raise ValueError("a target must not be below 0")
    before, after = ({month: _money(amount) for month, amount in of.items()} for of in (seen, wanted))
    months = ((month, before.get(month), amount) for month, amount in after.items())
    return TargetEdit(tuple(members.items()), tuple(item for item in months if item[1] != item[2]))


def clashes(plain: Mapping[str, Any], change: TargetEdit) -> TargetEdit:
    """The part of a change whose months have become others than seen, and not those wanted, in saved targets.

    All of it where the targets are set by other dimensions, unless there are none.
    """
    if list(plain["dimensions"]) != change.dimensions:
        return change if plain["rows"] else change.only(())
    now = amounts(plain, change)
    return change.only({month for month, seen, wanted in change.months if now[month] not in (seen, wanted)})


def amounts(plain: Mapping[str, Any], change: TargetEdit) -> dict[date, int | None]:
    """What saved targets say of the members and months of a change, in ten-thousandths."""
    result: dict[date, int | None] = {month: None for month, _, _ in change.months}
    for month, *members, money in plain["rows"]:
        day = date.fromisoformat(month)
        if day in result and _same(plain, members, change):
            result[day] = (result[day] or 0) + int(money)
    return result


def applied(plain: Mapping[str, Any], change: TargetEdit) -> dict[str, Any]:
    """Saved targets with a change made, and those of members that the data no longer has as they were.

    Targets set by other dimensions give way.
    """
    wanted = {month.isoformat(): money for month, _, money in change.months}
    rows = plain["rows"] if list(plain["dimensions"]) == change.dimensions else []
    kept = [list(row) for row in rows if not (row[0] in wanted and _same(plain, row[1:-1], change))]
    members = [member for _, member in change.members]
    kept += [[month, *members, money] for month, money in wanted.items() if money is not None]
    # Text sorts months; a target for all members of a dimension has none.
    return {
        "dimensions": change.dimensions,
        "rows": sorted(kept, key=lambda row: [str(item or "") for item in row[:-1]]),
    }


def _same(plain: Mapping[str, Any], members: Sequence[Any], change: TargetEdit) -> bool:
    return dict(zip(plain["dimensions"], members, strict=True)) == dict(change.members)


def _money(amount: float | None) -> int | None:
    return None if amount is None else round(amount * MONEY_SCALE)


def _mine(members: Mapping[str, str]) -> pl.Expr:
    return pl.all_horizontal(
        pl.lit(True), *(pl.col(name).cast(pl.String) == member for name, member in members.items())
    )
