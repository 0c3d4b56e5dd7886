"""Lookups: products with their categories, customers and places, each key once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.formats import count_of
from data.checking import checks
from data.checking.typed import need_columns
from data.errors import problem, quoted
from data.files import RecipeFiles
from data.recipe.recipes import Recipe
from data.sources import SourceFile
from data.terms.columns import LOOKUPS, NUMERIC
from data.terms.rows import RAW, ROW
from data.terms.specs import ColumnSpec, TableSpec
from data.terms.values import clean, expected, label, value


@dataclass(frozen=True, eq=False)
class Lookups:
    """What the lines' keys lead to, each None where the recipe has none."""

    products: pl.DataFrame | None
    """Products with their categories."""
    customers: pl.DataFrame | None
    places: pl.DataFrame | None
    orders: pl.DataFrame | None
    """What stands once for an order: its date, customer, place and the like."""
    notes: tuple[str, ...] = ()
    """Rows of lookups that are not used, one sentence each."""


def lookup_tables(recipe: Recipe, files: RecipeFiles) -> Lookups:
    """Every lookup of a recipe."""
    notes: list[str] = []
    lookups = {role: _lookup(table, files, notes) for role, table in recipe.lookups.items() if table.files}
    return Lookups(
        products=_joined(lookups.get("products"), lookups, ("subcategories", "categories")),
        customers=lookups.get("customers"),
        places=lookups.get("territories"),
        orders=lookups.get("orders"),
        notes=tuple(notes),
    )


def _lookup(table: TableSpec, files: RecipeFiles, notes: list[str]) -> pl.DataFrame:
    """A lookup as canonical columns under its join column; each key occurs once.

    Rows without a key, and rows that repeat a key and say the same, are left aside with a note.
    """
    frames, keys = [], []
    for file, spec in files.open(table):
        frame = file.scan()
        dtypes = frame.collect_schema()
        need_columns(table, file, dtypes, table.columns)
        key = ColumnSpec(columns=(table.key,))
        exprs = [value(name, column, dtypes, table, spec).alias(name) for name, column in table.columns.items()]
        raw = [
            clean(pl.col(column.columns[0]), dtypes[column.columns[0]], table.missing).alias(RAW + name)
            for name, column in table.columns.items()
            if name in NUMERIC
        ]
        try:
            read = frame.select(label(key, dtypes, ()).alias("key"), pl.col(ROW), *exprs, *raw).collect()
        except pl.exceptions.PolarsError as error:
            raise file.explain(error) from None
        for name in table.columns:
            if name in NUMERIC:
                _need_readable(read, name, table, file)
        frames.append(read.drop([column for column in read.columns if column.startswith(RAW)]))
        keys.append(read.select("key", ROW, pl.lit(file.name).alias("file")))
        files.record(table, file, read.height)
    whole, places = pl.concat(frames), pl.concat(keys)
    blank = places["key"].is_null()
    if blank.any() and not blank.all():
        rows = places.filter(blank)
        verb = "is" if rows.height == 1 else "are"
        notes.append(f"{rows['file'][0]}: {_rows(rows)} without its {table.key} {verb} not used.")
        whole, places = whole.filter(~blank), places.filter(~blank)
    repeats = ~whole.drop(ROW).select(pl.struct(pl.all()).is_first_distinct().alias("first"))["first"]
    if repeats.any():
        rows = places.filter(repeats)
        notes.append(f"{rows['file'][0]}: {_rows(rows)} repeat an earlier row, such as {quoted(rows['key'][0])}.")
        whole, places = whole.filter(~repeats), places.filter(~repeats)
    whole, places = _without_spare(table, whole, places, notes)
    _need_unique(table, places)
    return whole.drop(ROW).rename({"key": LOOKUPS[table.role]})


def _without_spare(
    table: TableSpec, whole: pl.DataFrame, places: pl.DataFrame, notes: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Without further rows of a key, where none of the columns is money: which of two names it is matters little."""
    if any(name in NUMERIC for name in table.columns):
        return whole, places
    further = ~whole["key"].is_first_distinct()
    if further.any():
        rows = places.filter(further)
        keys = ", ".join(quoted(key) for key in rows["key"].unique(maintain_order=True).head(3).to_list())
        notes.append(f"{rows['file'][0]}: {table.key} {keys} stands more than once; its first row counts.")
        whole, places = whole.filter(~further), places.filter(~further)
    return whole, places


def _rows(rows: pl.DataFrame) -> str:
    listing = ", ".join(str(row) for row in rows[ROW].head(5).to_list())
    return f"{count_of(rows.height, 'row')} ({listing}{' and more' if rows.height > 5 else ''})"


def _need_readable(read: pl.DataFrame, name: str, table: TableSpec, file: SourceFile) -> None:
    wrong = read.filter(pl.col(name).is_null() & pl.col(RAW + name).is_not_null())
    if wrong.height:
        first = wrong.row(0, named=True)
        raise problem(
            file.name,
            row=first[ROW],
            column=table.columns[name].columns[0],
            expected=expected(name, ""),
            found=quoted(first[RAW + name]),
            advice="Correct the rows.",
        )


def _need_unique(table: TableSpec, keys: pl.DataFrame) -> None:
    bad = checks.bad_keys(keys.select("key", ROW)) if keys["file"].n_unique() == 1 else _bad_over_files(keys)
    if not bad.height:
        return
    first = bad.row(0, named=True)
    if first["key"] is None:
        file = keys.filter(pl.col("key").is_null())["file"][0]
        raise problem(file, row=first[ROW], column=table.key, expected="a key", found="nothing", advice="Fill it in.")
    same = keys.filter(pl.col("key") == first["key"])
    rows = " and ".join(str(row) for row in same[ROW].to_list()[:5])
    raise problem(
        ", ".join(same["file"].unique(maintain_order=True)),
        row=None,
        column=table.key,
        expected="each key once",
        found=f"{quoted(first['key'])} in rows {rows}",
        advice=f"Keep one row per key of {table.role}.",
    )


def _bad_over_files(keys: pl.DataFrame) -> pl.DataFrame:
    """As `checks.bad_keys`, where a lookup has several files and row numbers repeat."""
    return keys.filter(pl.col("key").is_null() | pl.col("key").is_duplicated()).select("key", ROW)


def _joined(
    table: pl.DataFrame | None, lookups: Mapping[str, pl.DataFrame], roles: Sequence[str]
) -> pl.DataFrame | None:
    """Products with the columns of their subcategory and category."""
    if table is None:
        return None
    for role in roles:
        key = LOOKUPS[role]
        if role in lookups and key in table.columns:
            table = table.join(lookups[role], on=key, how="left", maintain_order="left").drop(key)
    return table
