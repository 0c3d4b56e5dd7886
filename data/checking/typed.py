"""The files of one table as one frame of typed columns; its rows that meet the rules, and the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from data.checking import checks
from data.checking.categories import as_categorical, own_categories, relabelled, texts
from data.checking.checks import Check
from data.errors import DataError, problem, quoted, shortened
from data.files import RecipeFiles
from data.rules.table import NOT_SUMMED
from data.sources import SourceFile
from data.terms.columns import DATES, NUMERIC
from data.terms.rows import FOREIGN, RAW, ROW, SOURCE, UNREADABLE
from data.terms.specs import ColumnSpec, FileSpec, TableSpec
from data.terms.values import expected, label, value


def typed(
    table: TableSpec, opened_files: Sequence[tuple[SourceFile, FileSpec]], specs: Mapping[str, ColumnSpec]
) -> tuple[pl.LazyFrame, list[Check]]:
    """All files of a table as one frame of typed columns and original text, and the rules that it could be read."""
    read = [name for name in specs if name in DATES or name in NUMERIC]
    kinds = {name: own_categories() for name in specs}
    frames = []
    for number, (file, spec) in enumerate(opened_files):
        frame = file.scan()
        dtypes = frame.collect_schema()
        need_columns(table, file, dtypes, specs)
        sources = dict.fromkeys(column for column_spec in specs.values() for column in column_spec.columns)
        frames.append(
            frame.select(
                pl.lit(number, pl.UInt16).alias(SOURCE),
                pl.col(ROW),
                *(_typed_column(name, column, dtypes, table, spec, kinds[name]) for name, column in specs.items()),
                *(pl.col(column).cast(pl.String).alias(RAW + column) for column in sources),
            )
        )
    rules = [
        Check(UNREADABLE + name, "", _readable(name, RAW + specs[name].columns[0], table.missing)) for name in read
    ]
    return pl.concat(frames, how="vertical_relaxed"), rules


def _readable(name: str, raw: str, missing: Sequence[str]) -> pl.Expr:
    """Whether a column has a value wherever its source text says one; few texts are looked at again."""
    without = pl.col(name).is_null()
    return ~without | _blank(pl.when(without).then(pl.col(raw)), missing)


def _blank(text: pl.Expr, missing: Sequence[str]) -> pl.Expr:
    """Whether a source text is empty or says that it is missing."""
    return text.is_null() | text.str.strip_chars().is_in(["", *missing])


def _typed_column(
    name: str, spec: ColumnSpec, dtypes: Mapping[str, Any], table: TableSpec, file: FileSpec, kind: pl.Categorical
) -> pl.Expr:
    """A canonical column; text as `kind`, so that a distinct text is stored once and joins compare numbers."""
    if name in DATES or name in NUMERIC:
        return value(name, spec, dtypes, table, file)
    if _labelled_later(name, spec):
        return pl.col(spec.columns[0]).cast(pl.String).cast(kind).alias(name)
    return value(name, spec, dtypes, table, file).cast(pl.String).cast(kind).alias(name)


def _labelled_later(name: str, spec: ColumnSpec) -> bool:
    """Whether a text column is cleaned and relabelled once for each distinct text, after the rows are read.

    Ids cannot wait: rules and joins need them.
    """
    return len(spec.columns) == 1 and not name.endswith("_id") and name not in DATES and name not in NUMERIC


def _relabelled(good: pl.DataFrame, table: TableSpec, specs: Mapping[str, ColumnSpec]) -> pl.DataFrame:
    """Text columns with the recipe's changes, made once for each distinct text."""
    columns = []
    for name, spec in specs.items():
        if name in good.columns and _labelled_later(name, spec):
            known = texts(good[name])
            labels = known.to_frame(spec.columns[0]).select(
                label(spec, {spec.columns[0]: pl.String()}, table.missing).alias(name)
            )[name]
            if labels.dtype != pl.String or not labels.equals(known.alias(name), null_equal=True):
                values = labels if isinstance(labels.dtype, pl.Enum) else as_categorical(labels)
                columns.append(relabelled(good[name], values))
    return good.with_columns(columns)


def checked(
    table: TableSpec,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    frame: pl.LazyFrame,
    rules: Sequence[Check],
    files: RecipeFiles,
    specs: Mapping[str, ColumnSpec],
    wanted: Sequence[str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Good rows and rows set aside; the first value that cannot be read, or the first broken row, is an error."""
    try:
        good, bad = checks.check(frame, rules, wanted=[SOURCE, *wanted])
    except pl.exceptions.PolarsError as error:
        raise opened_files[0][0].explain(error) from None
    unreadable = bad.filter(pl.col("rule").str.starts_with(UNREADABLE)).sort(SOURCE, ROW)
    if unreadable.height:
        first = unreadable.row(0, named=True)
        file, spec = opened_files[first[SOURCE]]
        name = first["rule"].removeprefix(UNREADABLE)
        column = table.columns[name].columns[0]
        more = unreadable.filter(pl.col("rule") == first["rule"]).height - 1
        raise problem(
            file.name,
            row=first[ROW],
            column=column,
            expected=expected(name, spec.dates, spec.numbers, decimals=table.columns[name].decimals),
            found=quoted(first[RAW + column]) + (f" (and {more:,} more rows like it)" if more else ""),
            advice="Correct the rows, or the date format in the recipe." if name in DATES else "Correct the rows.",
        )
    rows = pl.concat([good.select(SOURCE), bad.select(SOURCE)]).group_by(SOURCE).len()
    counts = dict(rows.iter_rows())
    for number, (file, _) in enumerate(opened_files):
        files.record(table, file, counts.get(number, 0))
    money = [column for column in ("revenue", "amount") if column in bad.columns]
    # Where the money does not fit, what was computed is not it; and other money is never summed with this one.
    bad = bad.with_columns(
        *(pl.when(pl.col("rule") == "other_currency").then(pl.col(column)).alias(FOREIGN) for column in money[:1]),
        *(pl.when(~pl.col("rule").is_in(NOT_SUMMED)).then(pl.col(column)) for column in money),
    )
    names = pl.Series([file.name for file, _ in opened_files])
    bad = bad.with_columns(
        pl.lit(table.role).alias("role"), names.gather(bad[SOURCE]).alias("file"), _reasons(rules).alias("reason")
    )
    return _relabelled(good.drop(SOURCE), table, specs), bad


def _reasons(rules: Sequence[Check]) -> pl.Expr:
    return pl.col("rule").replace({rule.name: rule.reason for rule in rules})


def need_columns(
    table: TableSpec, file: SourceFile, dtypes: Mapping[str, Any], specs: Mapping[str, ColumnSpec]
) -> None:
    """Every source column that the recipe names must be there."""
    for name, spec in specs.items():
        for column in spec.columns:
            if column not in dtypes:
                raise _no_column(file, column, f" ({table.role}: {name})", dtypes)
    if table.key and table.key not in dtypes:
        raise _no_column(file, table.key, f" (key of {table.role})", dtypes)


def _no_column(file: SourceFile, column: str, purpose: str, dtypes: Mapping[str, Any]) -> DataError:
    names = [shortened(name) for name in dtypes if name != ROW]
    result = ", ".join(names[:30]) + (f" and {len(names) - 30:,} more" if len(names) > 30 else "")
    return problem(
        file.name,
        row=file.header_row,
        column=column,
        expected=f"a column of this name{purpose}",
        found=f"the columns {result}",
        advice="Correct the column's name in the recipe.",
    )
