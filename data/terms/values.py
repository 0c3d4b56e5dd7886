"""Source text as canonical values: dates, money, whole numbers and labels, each null where it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import log10
from typing import Any

import polars as pl

from analytics.dataset import MONEY_SCALE
from data.terms.columns import DATES, NUMERIC
from data.terms.dates import by_words, read
from data.terms.numbers import OR, PLAIN_NUMBERS, styled, trimmed
from data.terms.specs import ColumnSpec, FileSpec, TableSpec


def clean(column: pl.Expr, dtype: pl.DataType, missing: Sequence[str]) -> pl.Expr:
    """A source column as text: trimmed, null where it is empty or says that it is missing."""
    if dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum):
        text = column.cast(pl.String).str.strip_chars()
        return pl.when(text.is_in(["", *missing])).then(None).otherwise(text)
    text = column.cast(pl.String)
    # A whole number that a data frame holds as a float, because some are missing: 17000.0 is the key 17000.
    return text.str.strip_suffix(".0") if dtype.is_float() else text


def value(name: str, spec: ColumnSpec, dtypes: Mapping[str, Any], table: TableSpec, file: FileSpec) -> pl.Expr:
    """One canonical column of a table, typed; null where the source is empty or cannot be read."""
    if name in DATES:
        return _date(pl.col(spec.columns[0]), dtypes[spec.columns[0]], file.dates).alias(name)
    if name in NUMERIC:
        style, whole = spec.numbers or file.numbers, name == "quantity" and not spec.decimals
        parts = [
            _number(pl.col(column), dtypes[column], style, whole=whole, times=spec.times) for column in spec.columns
        ]
        number = parts[0] if len(parts) == 1 else pl.sum_horizontal(parts, ignore_nulls=True)
        return (-number if spec.negated else number).alias(name)
    return label(spec, dtypes, table.missing).alias(name)


def _number(column: pl.Expr, dtype: pl.DataType, style: str, *, whole: bool, times: float = 1) -> pl.Expr:
    """A whole number of units, or ten-thousandths of money or of a quantity that may have decimals."""
    if times != 1 and dtype.is_float():
        number = (column * (times * MONEY_SCALE)).round().cast(pl.Int64, strict=False)
        return number // MONEY_SCALE if whole else number
    if times != 1:
        text = column.cast(pl.String) if dtype.is_numeric() else styled(column.cast(pl.String), style)
        number = _multiplied(text, times)
        return number // MONEY_SCALE if whole else number
    if dtype.is_integer() and whole:
        return column.cast(pl.Int64, strict=False)
    if dtype.is_float():
        number = pl.when(column == column.round()).then(column) if whole else (column * MONEY_SCALE).round()
        return number.cast(pl.Int64, strict=False)
    plain = style == PLAIN_NUMBERS or dtype.is_numeric()
    text = (column if dtype.is_numeric() else trimmed(column)) if plain else styled(column.cast(pl.String), style)
    if whole:
        return text.str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)
    return _ten_thousandths(text)


def _ten_thousandths(column: pl.Expr) -> pl.Expr:
    """Ten-thousandths of a decimal text, exact to the fourth decimal; further decimals are rounded."""
    return column.cast(pl.Decimal(38, 4), strict=False).to_physical().cast(pl.Int64, strict=False)


def _multiplied(column: pl.Expr, times: float) -> pl.Expr:
    """Ten-thousandths of a decimal text times a power of ten, half a ten-thousandth rounded up."""
    fine = column.cast(pl.Decimal(38, 9), strict=False).to_physical()
    shift = round(log10(times)) - 5  # Of 10 ** 9 parts to ten-thousandths.
    whole: pl.Expr = fine * 10**shift if shift >= 0 else (fine + 10**-shift // 2) // 10**-shift
    return whole.cast(pl.Int64, strict=False)


def _date(column: pl.Expr, dtype: pl.DataType, dates: str) -> pl.Expr:
    """A plain date between 1900 and 2199, null otherwise: a two-digit year read with %Y is no date."""
    if dtype == pl.Date:
        day = column
    elif isinstance(dtype, pl.Datetime):
        day = column.dt.date()
    else:
        text = trimmed(column)
        if by_words(dates):
            return text.map_batches(lambda texts: read(texts, dates), return_dtype=pl.Date, is_elementwise=True)
        day = pl.coalesce(_day(text, item) for item in dates.split(OR))
    return pl.when(day.is_between(date(1900, 1, 1), date(2199, 12, 31))).then(day)


def _day(text: pl.Expr, dates: str) -> pl.Expr:
    timed = any(sign in dates for sign in ("%H", "%I", "%T", "%R", "%s"))
    return text.str.to_datetime(dates, strict=False).dt.date() if timed else text.str.to_date(dates, strict=False)


def label(spec: ColumnSpec, dtypes: Mapping[str, Any], missing: Sequence[str]) -> pl.Expr:
    """A text column with its recipe's changes applied in order: suffix, case, bands, labels."""
    missing = missing if spec.missing is None else spec.missing
    parts = [clean(pl.col(column), dtypes[column], missing) for column in spec.columns]
    text = parts[0]
    if spec.first:
        text = pl.coalesce(parts)
    elif len(parts) > 1:
        text = pl.concat_str(parts, separator=" ", ignore_nulls=True)
        text = pl.when(text != "").then(text)
    if spec.remove_suffix:
        text = text.str.strip_suffix(spec.remove_suffix)
    if spec.title_case:
        text = text.str.to_titlecase()
    if spec.bands:
        return _banded(text, spec)
    if spec.values:
        text = text.replace(dict(spec.values))
    return text


def _banded(text: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """Numbers as the label of their band, an Enum in rising order."""
    names = [f"{bound:,}" for bound in spec.bands]
    labels = [f"Under {names[0]}"]
    labels += [f"{low} to under {high}" for low, high in pairwise(names)]
    labels.append(f"{names[-1]} and over")
    number = text.cast(pl.Decimal(38, 4), strict=False)
    band: Any = pl.when(number.is_null()).then(None)
    for bound, label in zip(spec.bands, labels, strict=False):
        band = band.when(number < pl.lit(bound).cast(pl.Decimal(38, 4))).then(pl.lit(label))
    banded: pl.Expr = band.otherwise(pl.lit(labels[-1])).cast(pl.Enum(labels))
    return banded


def expected(name: str, dates: str, numbers: str = PLAIN_NUMBERS, *, decimals: bool = False) -> str:
    """What a column holds, as an error about a value says it."""
    if name in DATES:
        if by_words(dates):
            return f"a date, {dates}, from 1900 to 2199"
        first = dates.split(OR)[0]
        try:
            example = date(2022, 12, 31).strftime(first)
        except ValueError:  # Not every system knows every sign.
            return f"a date ({dates}, from 1900 to 2199)"
        return f"a date like {example} ({dates}, from 1900 to 2199)"
    if name == "quantity" and not decimals:
        return "a whole number such as 12"
    return f"a number such as {numbers}"
