"""Lookups: products with their categories, customers and places, each key once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from data.checking import checks
from data.checking.checks import RAW
from data.checking.values import NUMERIC, clean, expected, label, need_columns, value
from data.errors import problem, quoted
from data.files import Files
from data.recipe.recipes import LOOKUPS, ColumnSpec, Recipe, TableSpec
from data.sources import ROW, SourceFile


def lookup_tables(recipe: Recipe, files: Files) -> tuple[pl.DataFrame | None, pl.DataFrame | None, pl.DataFrame | None]:
    """Products with their categories, customers, and places, each None where the recipe has none."""
    lookups = {role: _lookup(table, files) for role, table in recipe.lookups.items() if table.files}
    products = _joined(lookups.get("products"), lookups, ("subcategories", "categories"))
    return products, lookups.get("customers"), lookups.get("territories")


def _lookup(table: TableSpec, files: Files) -> pl.DataFrame:
    """A lookup as canonical columns under its join column; each key occurs once."""
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
    _need_unique(table, pl.concat(keys))
    return pl.concat(frames).drop(ROW).rename({"key": LOOKUPS[table.role]})


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
