"""The shape of a file's table: what must happen to it before each of its rows is one order line.

A shape is part of a recipe, so that a refresh treats the next file the same. It never changes a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import polars as pl

from data.terms.dates import bare_month
from data.terms.sums import holds_sums

TOTAL_WORDS: Final = (
    r"(?i)^\W*(grand[ -]?|sub[ -]?|gesamt|zwischen|eind|slut|del|net[ -]?)?(totals?|totale?s?|totaal|totalt|summen?|"
    r"totalsumme|gesamt|somme|suma|soma|razem|ogółem|ogolem|итого|всего|合計|小計|総計|総合計|总计|合计|小计|총계|합계|총합계|المجموع|الإجمالي|"
    r"toplam|genel toplam|summa|yhteensä|yhteensa|összesen|osszesen|celkem|i alt|σύνολο|tổng cộng|jumlah)"
    r"(\s+(for|of|fur|für|von|pour|de|per|van|di|général|general|generale|geral|końcowa|koncowa)\b.*)?\W*$"
)
"""A cell that says that its row is a sum of others."""

_SUM: Final = (
    r"(?:(?:grand|sub|sous|net|page|ara|genel|gesamt|zwischen|seiten|monats|tages|eind|slut|del|dag|väli|mezi|rész)"
    r"[ -]?)?"
    r"(?:totals?|totale?s?|totaux|totaal|totalt|totali|summen?|subtotal[eo]?s?|somme|suma|sumy|soma|razem|ogółem|ogolem|"
    r"łącznie|итого?|всего|подытог|подитог|усього|разом|toplam|toplamı|summa|yhteensä|yhteensa|összesen|osszesen|"
    r"összeg|celkem|součet|spolu|ukupno|skupaj|общо|kokku|kopā|iš viso|i alt|σύνολο|tổng cộng|cộng|jumlah|"
    r"übertrag|carried forward|brought forward|a reporter|suma y sigue|riporto|do przeniesienia|"
    r"المجموع|الإجمالي|סה״כ|סהכ|รวม|योग|कुल)"
)
SUM_WORDS: Final = (
    rf"(?i)^\W*{_SUM}(?:[^\p{{L}}]|$)|(?:^|[^\p{{L}}]){_SUM}\W*$|"
    r"(?:合計|小計|総計|累計|月計|日計|店計|总计|合计|小计|共计|소계|총계|합계|누계)\W*$"
)
"""A cell with a word for a sum at its beginning or end, such as "North total", which takes arithmetic to prove."""

_ZEROS: Final = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10)
"""The zero of the Arabic, Persian, Devanagari, Bengali, Thai and full-width digits."""

_FOREIGN: Final = {chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)}
_SIGNS: Final = {"٫": ".", "٬": ",", "．": ".", "，": ",", "￥": "¥", "−": "-", "–": "-", "％": "%", "＄": "$"}

UNCLEAN: Final = r"[\u{660}-\u{669}\u{6F0}-\u{6F9}\u{966}-\u{96F}\u{9E6}-\u{9EF}\u{E50}-\u{E59}\u{FF10}-\u{FF19}￥％＄]"
"""Digits and signs of other scripts, which stand for numbers."""

GUARD: Final = r'^\s*=\s*"(.*)"\s*$|^\s*=\s*(\d+)\s*$'
"""A text that a program guarded as a formula, so that a spreadsheet leaves its digits alone."""


@dataclass(frozen=True)
class Reshaping:
    """What happens to a file's table, in the order of the fields."""

    clean: bool = False
    """Guarded texts such as ="00123" lose their guard; digits of other scripts become 0 to 9."""
    names: tuple[tuple[str, str], ...] = ()
    """Column of this file -> the name that the recipe has for it."""
    without: tuple[str, ...] = ()
    """Columns of the recipe that this file lacks: empty."""
    groups: tuple[str, ...] = ()
    """(first column, new column): a row with nothing but its first cell names the rows below it, in the new column."""
    totals: tuple[str, ...] = ()
    """Rows that call themselves a total in one of these columns are sums of others and left out."""
    sum_rows: tuple[str, ...] = ()
    """(column, text, ...): so are rows with one of these texts there, whose numbers are the sums of all others."""
    sums: tuple[str, ...] = ()
    """Rows without a cell in any of these columns are sums of others, and so left out."""
    sum_words: tuple[str, ...] = ()
    """So are rows with a word for a sum at the beginning or end of a cell of one of these columns."""
    sum_of: tuple[str, ...] = ()
    """(column, way of writing numbers): rows of the three kinds above are left out only where their number there is the
    sum of the rows beside them. What is none stays and fills no blanks."""
    fill_down: tuple[str, ...] = ()
    """An empty cell of these columns repeats the cell above it."""
    fill_order: tuple[str, ...] = ()
    """Column of the order number, then columns whose empty cells are those of the same order."""
    months: tuple[tuple[str, str], ...] = ()
    """Column -> first day of its month: each becomes rows of its own, with the columns MONTH and MONTH_AMOUNT."""
    days: tuple[str, ...] = ()
    """Columns of the year, the month and maybe the day, which together are the column DAY."""
    side_by_side: tuple[str, ...] = ()
    """Columns of amounts that become rows of their own as well, with the columns SIDE and SIDE_AMOUNT."""

    def __bool__(self) -> bool:
        """Whether anything happens."""
        return self != AS_IT_STANDS

    def as_toml(self) -> dict[str, Any]:
        """As a recipe says it."""
        content: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value:
                content[field.name] = dict(value) if field.name in TABLES else value if value is True else list(value)
        return content

    def under(self, names: Mapping[str, str]) -> Reshaping:
        """The same of a table whose columns bear other names by now."""
        lists: dict[str, Any] = {
            field.name: tuple(names.get(name, name) for name in getattr(self, field.name))
            for field in fields(self)
            if field.name in ("totals", "sums", "sum_words", "fill_down", "fill_order", "days", "side_by_side")
        }
        for part in ("groups", "sum_rows", "sum_of"):  # The first of these alone is a column.
            if value := getattr(self, part):
                lists[part] = (names.get(value[0], value[0]), *value[1:])
        return replace(self, **lists, months=tuple((names.get(own, own), day) for own, day in self.months))


MONTH: Final = "Month (of columns)"
MONTH_AMOUNT: Final = "Amount (of months)"
"""Columns that a sheet with months side by side gets when its months are put below each other."""

DAY: Final = "Date (of columns)"
"""Column that a table gets whose year and month stand in columns of their own."""
SIDE: Final = "Column (side by side)"
SIDE_AMOUNT: Final = "Amount (side by side)"
"""Columns that a sheet with amounts side by side gets: the name of a column, and its cell."""

TABLES: Final = ("names", "months")

AS_IT_STANDS: Final = Reshaping()
"""The shape of a table to which nothing happens."""


def shaped(frame: pl.LazyFrame, shape: Reshaping, row: str) -> pl.LazyFrame:
    """A table in its shape; `row` is its column of row numbers."""
    if not shape:
        return frame
    frame, shape = _grouped_and_marked(frame, shape, row)
    frame = frame.filter(pl.col(_PART) != _ADDED)
    columns = [name for name in frame.collect_schema().names() if name not in (row, _PART)]
    line = pl.col(_PART) == _LINE
    down = [name for name in shape.fill_down if name in columns]
    if down:
        frame = frame.with_columns(
            pl.when(line).then(filled(name).forward_fill()).otherwise(pl.col(name)).alias(name) for name in down
        )
    if len(shape.fill_order) > 1 and shape.fill_order[0] in columns:
        order, *others = shape.fill_order
        present = [name for name in others if name in columns]
        # The first value of an order, wherever in it that stands.
        frame = frame.with_columns(
            pl.when(pl.col(order).is_null() | ~line)
            .then(pl.col(name))
            .otherwise(pl.coalesce(filled(name), filled(name).drop_nulls().first().over(order)))
            .alias(name)
            for name in present
        )
    frame = frame.drop(_PART)
    if shape.months:
        frame = _down(frame, dict(shape.months), columns, row, (MONTH, MONTH_AMOUNT))
    if len(shape.days) > 1 and set(shape.days) <= set(columns):
        frame = frame.with_columns(_day_of(*shape.days).alias(DAY))
    if shape.side_by_side:
        frame = _down(frame, {name: name for name in shape.side_by_side}, columns, row, (SIDE, SIDE_AMOUNT))
    return frame


def summed(frame: pl.LazyFrame, shape: Reshaping, row: str) -> pl.LazyFrame:
    """The rows of a table that add up others, which `shaped` leaves out."""
    if not (shape.totals or shape.sum_rows or shape.sums or shape.sum_words):
        return frame.clear()
    marked, _ = _grouped_and_marked(frame, shape, row)
    return marked.filter(pl.col(_PART) == _ADDED)


_PART: Final = "__part"
_LINE, _LIKE, _ADDED = 0, 1, 2
"""What a row is: a line, one that looks like a sum and is none, or a sum."""


def _grouped_and_marked(frame: pl.LazyFrame, shape: Reshaping, row: str) -> tuple[pl.LazyFrame, Reshaping]:
    """A table with the recipe's names and groups and with _PART, and its shape under those names."""
    schema = frame.collect_schema()
    texts = [name for name, dtype in schema.items() if dtype == pl.String and name != row]
    if shape.clean:
        frame = frame.with_columns(cleaned(pl.col(name)).alias(name) for name in texts)
    if names := {old: new for old, new in shape.names if old in schema}:
        # The other parts of a shape name columns as the file does, or as the recipe.
        frame, shape = frame.rename(names), shape.under(names)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in shape.without)
    columns = [name for name in frame.collect_schema().names() if name != row]
    if len(shape.groups) == 2:
        frame = _grouped(frame, columns, *shape.groups)
        columns.append(shape.groups[1])
    total = pl.any_horizontal(pl.lit(False), *(is_total(name) for name in shape.totals if name in columns))
    like = _like_sum(shape, columns) & ~total
    proof = like
    if len(shape.sum_of) == 2 and shape.sum_of[0] in columns:
        proof = like & holds_sums(like, *shape.sum_of, without=total)
    part = pl.when(total | proof).then(_ADDED).when(like).then(_LIKE).otherwise(_LINE)
    return frame.with_columns(part.alias(_PART)), shape


def _like_sum(shape: Reshaping, columns: list[str]) -> pl.Expr:
    """Whether a row looks like the sum of others, by what it lacks or says."""
    ways = [speaks_of_sum(name) for name in shape.sum_words if name in columns]
    if len(shape.sum_rows) > 1 and shape.sum_rows[0] in columns:
        column, *labels = shape.sum_rows
        ways.append(pl.col(column).cast(pl.String).str.strip_chars().is_in(labels).fill_null(False))
    if lacking := [name for name in shape.sums if name in columns]:
        ways.append(pl.all_horizontal(filled(name).is_null() for name in lacking))
    return pl.any_horizontal(pl.lit(False), *ways)


def _day_of(year: str, month: str, day: str = "") -> pl.Expr:
    """The day of a row as 2024-01-05, from columns of its parts; a month may be a name, and without a day its first."""

    def part(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.String).str.strip_chars().str.strip_suffix(".0")

    number = part(month).map_batches(_numbered, return_dtype=pl.String, is_elementwise=True)
    last = part(day) if day else pl.lit("1")
    return pl.concat_str(part(year), number.str.zfill(2), last.str.zfill(2), separator="-")


def _numbered(months: pl.Series) -> pl.Series:
    """Names of months as numbers, other texts as they are."""
    names = {text: str(number) for text in months.unique().to_list() if (number := bare_month(text))}
    return months.replace(names) if names else months


def cleaned(text: pl.Expr) -> pl.Expr:
    """Text without guards and with the digits 0 to 9."""
    bare = text.str.replace(GUARD, "$1$2")
    return bare.str.replace_many([*_FOREIGN, *_SIGNS], [*_FOREIGN.values(), *_SIGNS.values()])


def filled(name: str) -> pl.Expr:
    """A column whose blank texts are null."""
    text = pl.col(name)
    return pl.when(text.cast(pl.String).str.strip_chars() != "").then(text)


def is_total(name: str) -> pl.Expr:
    """Whether a row calls itself a total in a column."""
    return pl.col(name).cast(pl.String).str.contains(TOTAL_WORDS).fill_null(False)


def speaks_of_sum(name: str) -> pl.Expr:
    """Whether a cell of a column begins or ends with a word for a sum."""
    return pl.col(name).cast(pl.String).str.contains(SUM_WORDS).fill_null(False)


def alone(columns: list[str], first: str) -> pl.Expr:
    """Whether a row has nothing but its cell in `first`."""
    others = [filled(name).is_null() for name in columns if name != first]
    return filled(first).is_not_null() & pl.all_horizontal(others)


def _grouped(frame: pl.LazyFrame, columns: list[str], first: str, new: str) -> pl.LazyFrame:
    """Rows with the name that stands in a row of its own above them."""
    heading = alone(columns, first)
    frame = frame.with_columns(
        pl.when(heading).then(pl.col(first)).forward_fill().alias("__group"), heading.alias("__head")
    )
    return frame.filter(~pl.col("__head")).drop("__head").drop(new, strict=False).rename({"__group": new})


def _down(
    frame: pl.LazyFrame, names: Mapping[str, str], columns: list[str], row: str, new: tuple[str, str]
) -> pl.LazyFrame:
    """One row for each filled cell of some columns, with what their `names` stand for and the cell in `new` columns."""
    present, (named, value) = [name for name in names if name in columns], new
    # A column that adds them up would stand on every row.
    kept = [name for name in columns if name not in present and not re.match(TOTAL_WORDS, name)]
    down = frame.unpivot(on=present, index=[row, *kept], variable_name=named, value_name=value)
    down = down.with_columns(pl.col(named).replace(dict(names)), filled(value).alias(value))
    # A row of the sheet is several lines now: they are numbered as they stand, from 2 as below a header.
    down = down.filter(pl.col(value).is_not_null()).sort(row, named)
    return down.drop(row).with_row_index(row, offset=2)
