"""What a column holds: how full, how many different values, numbers or dates and in which form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, Final

import polars as pl

from data.checking.currencies import token
from data.checking.values import plain_number
from data.recipe.recipes import NUMBERS, PLAIN_NUMBERS
from data.sources import ROW

MISSING: Final = ("NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN", "-", "--", "#N/A")
"""Texts that often stand for an empty cell."""

_SAMPLE: Final = 20_000
"""Different values that are looked at for a column's form; dates are always decided over all of them."""

_DAYS: Final = (
    *(sep.join(parts) for sep in "-/." for parts in (("%Y", "%m", "%d"), ("%d", "%m", "%Y"), ("%m", "%d", "%Y"))),
    *(sep.join(parts) for sep in "-/." for parts in (("%d", "%m", "%y"), ("%m", "%d", "%y"))),
    "%Y%m%d",
    *(sep.join(("%d", month, year)) for sep in "- " for month in ("%b", "%B") for year in ("%Y", "%y")),
    *(f"{month} %d, %Y" for month in ("%b", "%B")),
    "%Y-%d-%m",
)
_TIMES: Final = (
    *("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S%.f", "T%H:%M:%S%.f"),
    *("T%H:%M:%SZ", "T%H:%M:%S%.fZ"),
)


@dataclass(frozen=True)
class Column:
    """One column of a file."""

    name: str
    kind: str
    """`empty`, `whole`, `number`, `date` or `text`."""
    rows: int
    filled: int
    distinct: int
    examples: tuple[str, ...]
    dates: tuple[str, ...] = ()
    """Date formats that read every value; two where day and month cannot be told apart."""
    said: str = ""
    """Why the dates are read so."""
    numbers: str = PLAIN_NUMBERS
    """How its numbers are written, one of `recipes.NUMBERS`."""
    open_mark: str = ""
    """A number such as 1.234 where nothing tells whether the point stands before thousands or decimals."""
    currencies: tuple[tuple[str, int], ...] = ()
    """Signs or codes of currencies that stand with the numbers, and on how many rows each; the most frequent first."""
    low: float | None = None
    high: float | None = None
    negatives: int = 0
    fractions: int = 0
    """Rows with a number that is not whole."""
    suffixed: bool = False
    """Whether every value is a whole number that a spreadsheet wrote with .0."""
    missing: tuple[str, ...] = ()
    """Texts among the values that usually stand for an empty cell."""

    @property
    def unique(self) -> bool:
        """Whether no row is empty and none repeats another."""
        return self.rows > 0 and self.filled == self.rows == self.distinct

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.kind in ("whole", "number")


def profile(frame: pl.LazyFrame, rows: int) -> list[Column]:
    """The columns of a file of `rows` rows, in its order."""
    schema = frame.collect_schema()
    return [_column(frame, name, schema[name], rows) for name in schema.names() if name != ROW]


def _column(frame: pl.LazyFrame, name: str, dtype: Any, rows: int) -> Column:
    counts = frame.select(pl.col(name).cast(pl.String).str.strip_chars().alias("text")).group_by("text").len()
    values = counts.filter(pl.col("text").is_not_null(), pl.col("text") != "").collect()
    # The most frequent first, then by the alphabet, so that a guess never depends on how the work was shared out.
    values = values.sort("len", "text", descending=[True, False])
    marks = tuple(sorted(set(values["text"].to_list()) & set(MISSING))) if values.height < 200_000 else ()
    named = values.filter(~pl.col("text").is_in(list(marks)))
    filled = int(values["len"].sum())
    known: dict[str, Any] = {
        "name": name,
        "rows": rows,
        "filled": filled,
        "distinct": values.height,
        "examples": tuple(_shown(text) for text in values["text"].head(3).to_list()),
        "missing": marks,
    }
    if not named.height:
        return Column(kind="empty", **known)
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return Column(kind="date", dates=("%Y-%m-%d",), said="The file itself says that these are dates.", **known)
    formats, said = date_formats(named["text"])
    if formats:
        return Column(kind="date", dates=formats, said=said, **known)
    return _number(named, known) or Column(kind="text", **known)


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _number(values: pl.DataFrame, known: dict[str, Any]) -> Column | None:
    """The column as numbers, None where any value is none."""
    sample = values["text"].head(_SAMPLE)
    # Zeros in front belong to identifiers; they are texts, whatever their digits.
    identifiers = bool(sample.str.contains(r"^0\d").any())
    for style in NUMBERS:
        read = _read_number(sample, style)
        if read.null_count() > len(sample) // 200:
            continue
        if style not in (PLAIN_NUMBERS, NUMBERS[1]) and not sample.str.contains(r"[,']|\d \d").any():
            continue
        numbers = values.select(_read_number(values["text"], style).alias("number"), "len").drop_nulls()
        fractions = numbers.filter(pl.col("number") != pl.col("number").round())
        signs = (
            values.select(token(pl.col("text")).alias("sign"), "len").drop_nulls().group_by("sign").agg(pl.sum("len"))
        )
        signs = signs.sort("len", "sign", descending=[True, False])
        return Column(
            kind="text" if identifiers else "number" if fractions.height else "whole",
            numbers=style,
            currencies=tuple((sign, int(count)) for sign, count in signs.iter_rows()),
            open_mark=_open_mark(values["text"]) if style == PLAIN_NUMBERS else "",
            low=_float(numbers["number"].min()),
            high=_float(numbers["number"].max()),
            negatives=int(numbers.filter(pl.col("number") < 0)["len"].sum()),
            fractions=int(fractions["len"].sum()),
            suffixed=bool(sample.str.contains(r"^\d+\.0$").all()),
            **known,
        )
    return None


def _open_mark(texts: pl.Series) -> str:
    """A number whose point may stand before thousands, empty where a number in the column leaves no doubt."""
    pointed = texts.filter(texts.str.contains(".", literal=True))
    marked = r"^-?[1-9]\d{0,2}\.\d{3}$"
    # Four digits without a mark say that thousands are not marked.
    sure = (~pointed.str.contains(marked)).any() or texts.str.contains(r"^-?\d{4,}$").any()
    return "" if sure or not pointed.len() else str(pointed[0])


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _read_number(texts: pl.Series, style: str) -> pl.Series:
    text = pl.col("text") if style == PLAIN_NUMBERS else plain_number(pl.col("text"), style)
    frame = texts.alias("text").to_frame()
    return frame.select(text.cast(pl.Float64, strict=False).alias("number"))["number"].fill_nan(None)


# --- Dates ------------------------------------------------------------------------------------------------------------


def date_formats(texts: pl.Series) -> tuple[tuple[str, ...], str]:
    """Formats that read every one of some texts as a date, and why; empty where none does.

    Two formats mean that day and month could be either way round; " | " joins the formats of a column that has both.
    """
    first = texts.head(50)
    if not first.str.contains(r"\d").all() or first.str.len_chars().max() > 40:  # type: ignore[operator]
        return (), ""
    if first.str.contains(r"^\d+$").all() and not first.str.contains(r"^(19|20|21)\d{6}$").all():
        return (), ""
    candidates = [day + time for day, time in product(_DAYS, _TIMES)]
    some = [one for one in candidates if _reads(first, one).any()]
    whole = [one for one in some if _reads(texts, one).all() and "%Y-%d" not in one]
    # %y reads the first two digits of a year: where %Y fits as well, it is meant.
    whole = [one for one in whole if "%Y" in one] or whole
    whole = _different(texts, whole)
    if len(whole) == 1:
        return (whole[0],), _why(texts, whole[0])
    if whole:
        return tuple(whole[:2]), "Every day is 12 or less, so day and month could be either way round."
    return _mixed(texts, some)


def _different(texts: pl.Series, forms: Sequence[str]) -> list[str]:
    """The formats without those that read the same days as an earlier one."""
    kept: list[tuple[str, pl.Series]] = []
    for form in forms:
        days = _days(texts, form)
        if not any(days.equals(other) for _, other in kept):
            kept.append((form, days))
    return [form for form, _ in kept]


def _days(texts: pl.Series, form: str) -> pl.Series:
    if "%H" in form or "%I" in form:
        return texts.str.to_datetime(form, strict=False).dt.date()
    return texts.str.to_date(form, strict=False)


def _reads(texts: pl.Series, form: str) -> pl.Series:
    """Which texts a format reads as a day of this or a nearby century."""
    return _days(texts, form).is_between(date(1900, 1, 1), date(2199, 12, 31)).fill_null(False)


def _why(texts: pl.Series, form: str) -> str:
    if not re.match(r"%[dm][-/.]%[dm]", form):
        return f"Every value reads as {date(2024, 12, 31).strftime(form.split(' ')[0].split('T')[0])}."
    place = 0 if form.startswith("%d") else 1
    parts = texts.str.extract_all(r"\d+").list.get(place).cast(pl.Int64, strict=False)
    proof = texts.filter(parts > 12)
    order = "day first" if place == 0 else "month first"
    return f"{proof.len():,} different dates such as {proof[0]} can only be read {order}." if proof.len() else ""


def _mixed(texts: pl.Series, some: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Two formats that together read every text, as where a spreadsheet turned only some texts into dates.

    A spreadsheet that expects the month first turns 3/4/2024 into the date 2024-03-04 and leaves 13/4/2024 a text.
    """
    for main in sorted(some, key=lambda form: not form.startswith("%d")):
        own = _reads(texts, main)
        rest = texts.filter(~own)
        if not own.sum() or "%Y-%d" in main:
            continue
        for other in some:
            if other == main or not _reads(rest, other).all():
                continue
            iso = other if other.startswith("%Y-%m") else ""
            if iso and re.match(r"%d[-/.]%m", main):
                days = rest.str.slice(8, 2).cast(pl.Int64, strict=False)
                large = texts.filter(own).str.extract(r"^(\d+)").cast(pl.Int64, strict=False)
                if (days <= 12).all() and (large > 12).all():
                    swapped = "%Y-%d-%m" + iso.removeprefix("%Y-%m-%d")
                    return (f"{main} | {swapped}",), (
                        f"A spreadsheet has swapped day and month of {rest.len():,} different dates such as {rest[0]}:"
                        f" those up to the 12th are dates, later ones such as {texts.filter(own)[0]} are still texts."
                        " They are swapped back."
                    )
            return (f"{main} | {other}",), f"{rest.len():,} different dates are written another way, such as {rest[0]}."
    return (), ""
