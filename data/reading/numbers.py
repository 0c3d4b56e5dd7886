"""Numbers in text: which mark is the decimal one is decided over a whole column, then read exactly.

1.234,56 and 1,234.56, blanks or apostrophes between thousands, currency signs and codes before or after, percent,
minus before or after, parentheses for negatives. A cell that does not fit its column's style is no number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import polars as pl
from babel.numbers import list_currencies

from data.reading.findings import cells, shown

SCALE: Final = 10_000
"""Ten-thousandths, in which money is kept."""

_CURRENCIES: Final = (
    {code for code in list_currencies() if len(code) == 3}
    | set("$€£¥₹₽₩₺₪₴₫฿₦₱₡₲₵₸₼¢")
    | {"US$", "A$", "C$", "NZ$", "HK$", "S$", "R$", "kr", "kr.", "zł", "Kč", "Ft", "lei", "лв", "лв.", "руб", "руб."}
    | {"Rs", "Rs.", "R"}
)
_GAP: Final = r"[ \u00a0\u202f\u2009'’]"
_MINUS: Final = r"\-−–"
_NO_LETTERS: Final = rf"[\d,.\s'’()+%{_MINUS}]"
_MISSING: Final = ("", "-", "–", "—", "n/a", "N/A", "#N/A", "NA", "null", "NULL", "None", "nan", "NaN")
_SAMPLE: Final = 2_000
"""Different texts by which columns without numbers are told at once."""

_POINT_SURE: Final = (
    r"^(?:\d{1,3}(?:,\d{2,3})*,\d{3}\.\d*|\d*\.(?:\d{0,2}|\d{4,})|0*\.\d+|\d{4,}\.\d{3}|\d{1,3}(?:,\d{3}){2,}"
    rf"|\d{{1,3}}(?:{_GAP}\d{{3}})+\.\d*)$"
)
_COMMA_SURE: Final = (
    r"^(?:\d{1,3}(?:\.\d{3})+,\d*|\d*,(?:\d{0,2}|\d{4,})|0*,\d+|\d{4,},\d{3}|\d{1,3}(?:\.\d{3}){2,}"
    rf"|\d{{1,3}}(?:{_GAP}\d{{3}})+,\d*)$"
)
_POINT_OPEN: Final = r"^[1-9]\d{0,2}\.\d{3}$"
_COMMA_OPEN: Final = r"^[1-9]\d{0,2},\d{3}$"
_WHOLE: Final = rf"^(?:\d+|\d{{1,3}}(?:{_GAP}\d{{3}})+)$"
_POWER: Final = r"^\d+(?:[.,]\d+)?[eE][-+]?\d{1,3}$"


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a column are written, and what shows it."""

    decimal: Literal[".", ","]
    """The mark before the decimals; the other one stands between thousands."""
    ambiguous: bool
    """Whether the data leaves the mark open: 1,234 may be a thousand or little more than one. Ask."""
    evidence: str
    """Why, in words with an example."""
    filled: int
    """Cells with something in them."""
    readable: int
    """Cells that are numbers in this style."""
    contrary: int = 0
    """Cells that show the other mark as the decimal one."""
    whole: bool = False
    """Whether no number has decimals other than zeros."""
    negatives: int = 0
    percent: int = 0
    """Cells with a percent sign."""
    currencies: Mapping[str, int] = field(default_factory=dict)
    """Currency signs and codes with how many cells have each; more than one must never be summed."""
    plain: bool = True
    """Whether all numbers are digits, marks and a minus before them, without currency, percent or parentheses."""
    leading_zeros: int = 0
    """Whole numbers such as 00123: a column that has some holds identifiers, not amounts."""

    @property
    def share(self) -> float:
        """Share of the filled cells that are numbers."""
        return self.readable / self.filled if self.filled else 0.0


def understand(values: pl.Series) -> Numbers:
    """How a column of text writes its numbers, decided over all its cells."""
    counted = _counted(values)
    filled = int(counted["n"].sum() or 0)
    some = _bodies(counted.head(_SAMPLE))
    if some["body"].null_count() > 0.95 * some.height:
        return Numbers(".", False, "hardly any cell is a number", filled, 0)
    parts = _bodies(counted) if counted.height > _SAMPLE else some
    found = parts.filter(pl.col("body").is_not_null())
    decimal, ambiguous, evidence, contrary = _mark(found)
    tokens = found.filter(pl.col("token") != "").group_by("token").agg(pl.col("n").sum())
    currencies = dict(tokens.sort("n", "token", descending=[True, False]).iter_rows())
    percent = int(found.filter(pl.col("text").str.contains("%", literal=True))["n"].sum() or 0)
    plain = bool(found["text"].str.contains(r"^-?[\d.,]+$").all())
    result = Numbers(
        decimal=decimal,
        ambiguous=ambiguous,
        evidence=evidence,
        filled=filled,
        readable=0,
        contrary=contrary,
        percent=percent,
        currencies=currencies,
        plain=plain,
    )
    read = found.with_columns(money(pl.col("text"), result).alias("value")).filter(pl.col("value").is_not_null())
    return replace(
        result,
        readable=int(read["n"].sum() or 0),
        whole=bool((read["value"] % SCALE == 0).all()),
        negatives=int(read.filter(pl.col("value") < 0)["n"].sum() or 0),
        leading_zeros=int(read.filter(pl.col("text").str.contains(r"^0\d+$"))["n"].sum() or 0),
    )


def _mark(found: pl.DataFrame) -> tuple[Literal[".", ","], bool, str, int]:
    """The decimal mark, whether it is open, why, and how many cells show the other one."""

    def count(pattern: str) -> int:
        return int(found.filter(pl.col("body").str.contains(pattern))["n"].sum() or 0)

    def example(pattern: str) -> str:
        return shown(str(found.filter(pl.col("body").str.contains(pattern))["text"].head(1).to_list()[0]))

    point, comma = count(_POINT_SURE), count(_COMMA_SURE)
    if point or comma:
        decimal: Literal[".", ","] = "." if point >= comma else ","
        sure, other = (_POINT_SURE, _COMMA_SURE) if decimal == "." else (_COMMA_SURE, _POINT_SURE)
        evidence = f"{cells(max(point, comma))} such as {example(sure)} show it"
        if point and comma:
            evidence += f", {cells(min(point, comma))} such as {example(other)} say otherwise"
        return decimal, False, evidence, min(point, comma)
    open_point, open_comma = count(_POINT_OPEN), count(_COMMA_OPEN)
    if open_comma and open_point:
        return ".", True, f"{example(_COMMA_OPEN)} and {example(_POINT_OPEN)} stand in one column", 0
    if open_comma:
        # Whole numbers of four digits without a mark say that thousands are not marked.
        return "," if count(r"^\d{4,}$") else ".", True, f"{example(_COMMA_OPEN)} may have thousands or decimals", 0
    if open_point:
        return ".", True, f"{example(_POINT_OPEN)} may have thousands or decimals", 0
    return ".", False, "the numbers have neither thousands nor decimals", 0


def money(column: pl.Expr, style: Numbers) -> pl.Expr:
    """Int64 ten-thousandths of a text column, exact to the fourth decimal, halves away from zero; null where no number.

    A percent sign divides by a hundred.
    """
    return _scaled(column, style).alias(column.meta.output_name())


def whole(column: pl.Expr, style: Numbers) -> pl.Expr:
    """Int64 of a text column; null where a cell is no whole number."""
    value = _scaled(column, style)
    return pl.when(value % SCALE == 0).then(value // SCALE).alias(column.meta.output_name())


def currency(column: pl.Expr, style: Numbers) -> pl.Expr:
    """The currency sign or code of each cell, null where there is none."""
    token = column.str.replace_all(_NO_LETTERS, "")
    return pl.when(token.is_in(list(style.currencies))).then(token).alias(column.meta.output_name())


def _counted(values: pl.Series) -> pl.DataFrame:
    """Each distinct text, trimmed, with how often it occurs (n), the most frequent first; none that mean nothing."""
    text = values.cast(pl.String).str.strip_chars().alias("text")
    counted = text.to_frame().group_by("text").agg(pl.len().cast(pl.Int64).alias("n"))
    counted = counted.filter(pl.col("text").is_not_null() & ~pl.col("text").is_in(list(_MISSING)))
    return counted.sort("n", "text", descending=[True, False])


def _bodies(counted: pl.DataFrame) -> pl.DataFrame:
    """Texts with their body of digits and marks, null where they are no number, and their currency (token)."""
    column = pl.col("text")
    power = column.str.contains(rf"^[{_MINUS}+]?{_POWER[1:]}")
    token = pl.when(power).then(pl.lit("")).otherwise(column.str.replace_all(_NO_LETTERS, ""))
    frame = counted.with_columns(token.alias("token"), power.alias("power"))
    known = frame.filter((pl.col("token") == "") | pl.col("token").is_in(list(_CURRENCIES)))["token"].unique().to_list()
    body = _body(column, [token for token in known if token], plain=False)
    number = body.str.contains(rf"^[\d.,]*\d[\d.,]*$|{_WHOLE}|{_POINT_SURE}|{_COMMA_SURE}") | pl.col("power")
    return frame.with_columns(pl.when(pl.col("token").is_in(known) & number).then(body).alias("body"))


def _body(column: pl.Expr, currencies: Sequence[str], *, plain: bool) -> pl.Expr:
    """The digits and marks of a text, without what stands around them."""
    if plain:
        return column.str.strip_prefix("-")
    text = column
    if currencies:
        tokens = "|".join(re.escape(token) for token in sorted(currencies, key=len, reverse=True))
        text = text.str.replace(rf"(?:{tokens})", "")
    return text.str.replace(rf"^[\s(+{_MINUS}]+", "").str.replace(rf"[\s)%{_MINUS}]+$", "")


def _scaled(column: pl.Expr, style: Numbers) -> pl.Expr:
    """Ten-thousandths of a text column in whole numbers throughout; null where a cell is no number of the style."""
    other = re.escape("," if style.decimal == "." else ".")
    mark = re.escape(style.decimal)
    text = column.str.strip_chars()
    body = _body(text, list(style.currencies), plain=style.plain)
    # Thousands in threes, or as in India in twos above the last three; without any, or with gaps.
    grouped = rf"\d{{1,3}}(?:{other}\d{{2,3}})*{other}\d{{3}}|\d{{1,3}}(?:{_GAP}\d{{3}})+|\d+"
    fits = body.str.contains(rf"^(?:(?:{grouped})(?:{mark}\d*)?|{mark}\d+)$")
    parts = body.str.replace_all(rf"{other}|{_GAP}", "").str.splitn(style.decimal, 2).struct
    units, decimals = parts.field("field_0"), parts.field("field_1").fill_null("")
    if style.percent:
        # A percent moves the mark by two places.
        percent = text.str.contains("%", literal=True)
        long = units.str.pad_start(3, "0")
        decimals = pl.when(percent).then(long.str.tail(2) + decimals).otherwise(decimals)
        units = pl.when(percent).then(long.str.head(-2)).otherwise(units)
    padded = decimals.str.pad_end(5, "0")
    size = (
        pl.when(units == "").then(pl.lit("0")).otherwise(units).cast(pl.Int64, strict=False) * SCALE
        + padded.str.slice(0, 4).cast(pl.Int64, strict=False)
        + (padded.str.slice(4, 1) >= "5").cast(pl.Int64)
    )
    size = pl.when(fits & (units.str.strip_chars_start("0").str.len_bytes() <= 14)).then(size)
    if style.plain:
        return pl.when(text.str.starts_with("-")).then(-size).otherwise(size)
    power = (
        pl.when(body.str.contains(_POWER)).then(body.str.replace(",", ".", literal=True)).cast(pl.Float64, strict=False)
    )
    by_power = pl.when((power * SCALE).abs() < 9e17).then((power * SCALE).round()).cast(pl.Int64, strict=False)
    around = pl.when(body.str.contains(_POWER)).then(text.str.replace(r"[eE].*$", "")).otherwise(text)
    opened, closed = around.str.contains("(", literal=True), around.str.contains(")", literal=True)
    signs = around.str.count_matches(f"[{_MINUS}]").cast(pl.Int64) + opened.cast(pl.Int64)
    size = pl.when((opened == closed) & (signs <= 1)).then(pl.coalesce(size, by_power))
    return pl.when(signs == 1).then(-size).otherwise(size)
