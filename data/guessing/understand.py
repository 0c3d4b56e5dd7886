"""Looking into staged tables: the profiles that guesses are made from, and how well columns join."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import polars as pl

from data.checking.values import plain_number
from data.guessing.profiles import Column, profile
from data.guessing.roles import FileGuess, FileProfile, guess_files
from data.recipe.recipes import LOOKUPS, PLAIN_NUMBERS
from data.staging import Progress, Staged, scan

Overlaps = dict[tuple[str, str, str, str], float]
"""(file, column, other file, its column) -> share of the first column's different values that the second knows."""

_NARROW: Final = 0.02
"""Spread of a product's price across discounts, as a share of the price, that counts as one price."""

_IDLE: Final = 0.9
"""Share of the rows with a price of zero that name no customer, from which they look like stock corrections."""


@dataclass(frozen=True)
class Understood:
    """All that guesses are made from."""

    files: tuple[FileProfile, ...]
    overlaps: Overlaps

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "files": [asdict(file) for file in self.files],
            "overlaps": [[*key, share] for key, share in self.overlaps.items()],
        }


def from_json(content: Mapping[str, Any]) -> Understood:
    """What `Understood.as_json` gave."""
    files = [
        FileProfile(
            **{
                **file,
                "columns": tuple(_column(column) for column in file["columns"]),
                "per_customer": tuple(file["per_customer"]),
            }
        )
        for file in content["files"]
    ]
    overlaps = {(a, b, c, d): share for a, b, c, d, share in content["overlaps"]}
    return Understood(tuple(files), overlaps)


def _column(values: Mapping[str, Any]) -> Column:
    plain: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}
    plain["currencies"] = tuple((sign, rows) for sign, rows in values["currencies"])
    return Column(**plain)


def understand(tables: Sequence[Staged], progress: Progress | None = None) -> Understood:
    """Profile every table, and try the joins that the guessed roles suggest."""
    told: Callable[[float, str], None] = progress or (lambda share, said: None)
    files = []
    for number, table in enumerate(tables):
        told(number / len(tables), f"Looking into {table.name}")
        files.append(
            FileProfile(
                name=table.name,
                sha256=table.sha256,
                rows=table.rows,
                columns=tuple(profile(scan(table), table.rows)),
                said=" ".join(table.said),
                options=dict(table.options),
            )
        )
    by_name = {table.name: table for table in tables}
    guesses = guess_files(files)
    files = [
        _with_lines(file, one, by_name[file.name]) if one.role == "lines" else file
        for file, one in zip(files, guesses, strict=True)
    ]
    return Understood(tuple(files), _overlaps(guesses, by_name))


def _with_lines(file: FileProfile, guess: FileGuess, table: Staged) -> FileProfile:
    """What only the lines themselves can tell."""
    frame = scan(table)
    return replace(
        file,
        per_customer=_per_customer(file, guess, frame),
        netted=_netted(file, guess, frame),
        idle_rows=_idle(file, guess, frame),
    )


def _per_customer(file: FileProfile, guess: FileGuess, frame: pl.LazyFrame) -> tuple[str, ...]:
    """Columns with few values that have one value for each customer."""
    customer = guess.column("customer_id")
    if customer is None or file.column(customer).unique:
        return ()
    names = [
        column.name
        for column in file.columns
        if column.name != customer and column.kind == "text" and 2 <= column.distinct <= 60
    ]
    if not names:
        return ()
    known = frame.filter(pl.col(customer).is_not_null())
    counts = known.select(pl.struct(customer, name).n_unique().alias(name) for name in names).collect()
    customers = known.select(pl.col(customer).n_unique()).collect().item()
    return tuple(name for name in names if counts[name].item() == customers)


def _numbers(file: FileProfile, name: str) -> pl.Expr:
    text, style = pl.col(name).cast(pl.String).str.strip_chars(), file.column(name).numbers
    return (text if style == PLAIN_NUMBERS else plain_number(text, style)).cast(pl.Float64, strict=False)


def _netted(file: FileProfile, guess: FileGuess, frame: pl.LazyFrame) -> str:
    """Whether the revenue is what a discount left: then a product has one price once the discount is undone."""
    names = [guess.column(meaning) for meaning in ("product_id", "quantity", "revenue", "discount")]
    product, quantity, revenue, discount = names
    if product is None:
        product = guess.column("product")
    if not (product and quantity and revenue and discount):
        return ""
    column = file.column(discount)
    if column.low is None or column.high is None or column.low < 0 or column.high > 1 or column.high == 0:
        return ""
    rate, price = _numbers(file, discount), _numbers(file, revenue) / _numbers(file, quantity)
    spread = (pl.col("undone").std() / pl.col("undone").mean(), pl.col("as_is").std() / pl.col("as_is").mean())
    found = (
        frame.select(pl.col(product).alias("product"), price.alias("as_is"), rate.alias("rate"))
        .filter(pl.col("rate") < 1, pl.col("as_is") > 0)
        .with_columns((pl.col("as_is") / (1 - pl.col("rate"))).alias("undone"))
        .group_by("product")
        .agg(pl.col("rate").n_unique().alias("rates"), spread[0].alias("undone"), spread[1].alias("as_is"))
        .filter(pl.col("rates") > 1)
        .collect()
    )
    if found.height < 5:
        return ""
    one_price = found.filter(pl.col("undone") < _NARROW).height / found.height
    one_paid = found.filter(pl.col("as_is") < _NARROW).height / found.height
    if one_price <= max(0.5, one_paid):
        return ""
    return (
        f"{revenue} is already without it: {one_price:.0%} of the products sold at several discounts have one and the "
        "same price once it is added back."
    )


def _idle(file: FileProfile, guess: FileGuess, frame: pl.LazyFrame) -> str:
    """Whether rows with a price of zero are corrections of the stock, not gifts: nearly none names a customer."""
    price, customer = guess.column("unit_price") or guess.column("revenue"), guess.column("customer_id")
    if price is None or customer is None:
        return ""
    free = frame.filter(_numbers(file, price) == 0)
    nobody = pl.col(customer).is_null() | (pl.col(customer).str.strip_chars() == "")
    rows, without = free.select(pl.len(), nobody.sum().alias("without")).collect().row(0)
    if rows < 20 or without < _IDLE * rows:
        return ""
    return f"{rows:,} rows of {file.name} have a {price} of zero and {without:,} of them name no customer: set aside."


def _overlaps(guesses: Sequence[FileGuess], tables: Mapping[str, Staged]) -> Overlaps:
    """How much of each joining column the lookups know."""
    found: Overlaps = {}
    for role, key in LOOKUPS.items():
        for lookup in (one for one in guesses if one.role == role):
            own = lookup.column(key)
            if own is None:
                continue
            known = _keys(tables[lookup.file], own)
            for user in guesses:
                other = user.column(key)
                if other is None or user.role in ("unused", role):
                    continue
                values = (
                    scan(tables[user.file]).select(pl.col(other).str.strip_chars().alias("key")).unique().drop_nulls()
                )
                total = values.select(pl.len()).collect().item()
                there = values.join(known, on="key", how="semi").select(pl.len()).collect().item()
                found[(user.file, other, lookup.file, own)] = there / total if total else 0.0
    return found


def _keys(table: Staged, column: str) -> pl.LazyFrame:
    """The different values of a column, as text."""
    return scan(table).select(pl.col(column).cast(pl.String).str.strip_chars().alias("key")).unique()
