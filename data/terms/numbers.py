"""Numbers as people write them: the styles of a recipe, units and currency signs beside amounts, debit and credit."""

from __future__ import annotations

from typing import Final

import polars as pl

from data.terms.currencies import TOKEN
from data.terms.scales import scaled

PLAIN_NUMBERS: Final = "1234.56"

NUMBERS: Final = (PLAIN_NUMBERS, "1,234.56", "1.234,56", "1 234,56", "1'234.56", "1 234.56")
"""Ways to write a number. All but the first may also carry a currency sign, a percent sign, a unit such as kg,
parentheses or a minus behind for negative numbers, Dr or Cr."""

OR: Final = " | "
"""Stands between the ways to write a date or a number of a file that has several."""

DEBIT_OR_CREDIT: Final = r"(\d)\s*(?:(?i:dr|cr|soll|haben)\.?|D|C)\s*$"
"""Letters behind an amount of a ledger."""

CREDIT: Final = r"\d\s*(?:(?i:cr|haben)\.?|C)\s*$"

UNIT: Final = r"(\d)\s*\p{L}[\p{L}./²³]{0,9}\.?\s*(\)?)\s*$"
"""A unit behind a number, such as pcs, kg or m²."""


def styled(text: pl.Expr, styles: str) -> pl.Expr:
    """Text of a number in the first of several styles that reads it, as digits with a decimal point."""
    parts = [trimmed(text) if style == PLAIN_NUMBERS else plain_number(text, style) for style in styles.split(OR)]
    if len(parts) == 1:
        return parts[0]
    # What is no number in the first style may be one in the next.
    return pl.coalesce(pl.when(part.cast(pl.Float64, strict=False).is_not_null()).then(part) for part in parts)


def plain_number(text: pl.Expr, style: str) -> pl.Expr:
    """Text of a number in one of the recipe's styles as digits with a decimal point; anything else stays unreadable.

    Currency signs, a percent sign and spaces go; parentheses or a minus behind mean below zero; 1.2M is 1200000.
    """
    credit = text.str.contains(CREDIT)
    bare = text.str.replace(DEBIT_OR_CREDIT, "$1").str.replace(TOKEN, "").str.replace(UNIT, "$1$2")
    bare = bare.str.replace_all(r"[%\s\u{00a0}\u{202f}]", "")
    bare = bare.str.replace_all("−", "-", literal=True)
    bare = pl.when(credit).then("-" + bare).otherwise(bare)
    bare = bare.str.replace(r"^\((.+)\)$", "-$1").str.replace(r"^([^-].*)-$", "-$1")
    thousands, decimal = style[1], style[-3]
    # A thousands sign must stand before each group of three digits: 12.5 in the style 1.234,56 is no number.
    group = {" ": "", ",": ",", ".": r"\.", "'": "['’]"}[thousands]
    mark = {",": ",", ".": r"\."}[decimal]
    # Indian numbers have groups of two before the last three digits: 12,06,000.50.
    shape = rf"^[+-]?(\d+|\d{{1,3}}({group}\d{{2,3}})*{group}\d{{3}})?({mark}\d*)?$"
    digits = bare.str.replace_all("[" + group.strip("[]") + "]", "") if group else bare
    plain = pl.when(bare.str.contains(shape)).then(digits.str.replace(decimal, ".", literal=True))
    return scaled(text, plain)


def trimmed(column: pl.Expr) -> pl.Expr:
    """Text of a number or date; what means missing cannot be read as one and so needs no care here."""
    return column.cast(pl.String).str.strip_chars()
