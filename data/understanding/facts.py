"""Facts of each column by itself: how full, how many different values, numbers or dates and in which form.

Everything is decided on a column's different texts and how often each occurs, so that a million rows cost little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from data.terms.numbers import PLAIN_NUMBERS
from data.terms.rows import ROW
from data.terms.scales import of_name
from data.terms.shaping import GUARD, UNCLEAN, cleaned
from data.understanding.days import day_forms
from data.understanding.marks import proven_mark
from data.understanding.names import is_date_name, names_period
from data.understanding.numbers import number_facts

MISSING: Final = (
    "NA",
    "N/A",
    "n/a",
    "NULL",
    "null",
    "None",
    "nan",
    "NaN",
    "-",
    "--",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "ERROR",
    "UNKNOWN",
    "?",
)
"""Texts that often stand for an empty cell."""

_SAMPLE: Final = 20_000
"""Different values that are looked at for the way in which numbers are written."""

_SPOILT: Final = r"^\d(?:[.,]\d+)?[eE]\+(?:09|[1-9]\d)$"
"""A long number as a spreadsheet shows and saves it, cut to a few digits."""


@dataclass(frozen=True)
class Fact:
    """What one column holds."""

    name: str
    kind: str
    """`empty`, `whole`, `number`, `date` or `text`."""
    rows: int
    filled: int
    distinct: int
    examples: tuple[str, ...]
    dates: tuple[str, ...] = ()
    """Date formats that read the values; two where day and month cannot be told apart."""
    sentence: str = ""
    """Why the dates are read so."""
    numbers: str = PLAIN_NUMBERS
    """How its numbers are written, as `recipes.FileSpec.numbers`."""
    vote: str = ""
    """"." or "," where its cells prove which of them stands before decimals."""
    open_mark: str = ""
    """A number such as 1.234 where nothing tells whether its sign stands before thousands or decimals."""
    currencies: tuple[tuple[str, int], ...] = ()
    """Signs or codes of currencies that stand with the numbers, and on how many rows each; the most frequent first."""
    low: float | None = None
    high: float | None = None
    negatives: int = 0
    fractions: int = 0
    """Rows with a number that is not whole."""
    suffixed: bool = False
    """Whether every value is a whole number that a spreadsheet wrote with .0."""
    percent: bool = False
    """Whether most cells carry a percent sign."""
    coins: bool = False
    """Whether nearly all cells are written as money: two decimals, or a currency."""
    unit: str = ""
    """The unit that stands behind most of the numbers, such as pcs."""
    missing: tuple[str, ...] = ()
    """Texts among the values that stand for an empty cell."""
    unreadable: int = 0
    """Rows whose cell is filled and yet no date or number, where nearly all others are."""
    odd: tuple[str, ...] = ()
    """Such cells, the most frequent first."""
    spoilt: bool = False
    """Whether a spreadsheet cut its long numbers, as 1.11E+16."""
    unclean: bool = False
    """Whether it holds guarded texts or digits of another script."""

    @property
    def unique(self) -> bool:
        """Whether no row is empty and none repeats another."""
        return self.rows > 0 and self.filled == self.rows == self.distinct

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.kind in ("whole", "number")

    @property
    def times(self) -> float:
        """What its numbers are multiplied by, as its name says: 1,000 for 'Umsatz (TEUR)'."""
        return of_name(self.name, whole=not self.fractions) if self.numeric and not self.percent else 1


def from_json(content: dict[str, Any]) -> Fact:
    """A fact from plain values, as `dataclasses.asdict` made them and JSON carried them."""
    plain: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in content.items()}
    return Fact(**{**plain, "currencies": tuple((sign, rows) for sign, rows in content["currencies"])})


def profile(frame: pl.LazyFrame, rows: int) -> list[Fact]:
    """The columns of a table of `rows` rows, in its order."""
    schema = frame.collect_schema()
    names = [name for name in schema.names() if name != ROW]
    result = [_column(frame, name, schema[name], rows) for name in names]
    votes = [fact.vote for fact in result if fact.vote]
    if not votes and (proven := proven_mark(frame, result)):
        votes = [proven]
    # What the other columns of a table prove settles those that could be read both ways.
    if votes and len(set(votes)) == 1:
        settled = [_settled(fact, votes[0]) if fact.open_mark and not fact.vote else fact for fact in result]
        return [
            _column(frame, fact.name, schema[fact.name], rows, vote=votes[0]) if fact is not old else fact
            for fact, old in zip(settled, result, strict=True)
        ]
    return result


def _settled(fact: Fact, vote: str) -> Fact:
    return replace(fact, vote=vote, open_mark="")


def counted(frame: pl.LazyFrame, name: str) -> pl.DataFrame:
    """The different texts of a column and how often each occurs, the most frequent first."""
    text = pl.col(name).cast(pl.String).str.strip_chars()
    counts = frame.select(text.alias("text")).group_by("text").len()
    values = counts.filter(pl.col("text").is_not_null(), pl.col("text") != "").collect()
    # Then by the alphabet, so that what is understood never depends on how the work was shared out.
    return values.sort("len", "text", descending=[True, False])


def _column(frame: pl.LazyFrame, name: str, dtype: Any, rows: int, vote: str = "") -> Fact:
    values = counted(frame, name)
    known: dict[str, Any] = {
        "name": name,
        "rows": rows,
        "filled": int(values["len"].sum()),
        "distinct": values.height,
        "examples": tuple(_short(text) for text in values["text"].head(3).to_list()),
    }
    if not values.height:
        return Fact(kind="empty", **known)
    if dtype.is_temporal():
        return Fact(kind="date", dates=("%Y-%m-%d",), sentence="The file itself says that these are dates.", **known)
    head = values["text"].head(_SAMPLE)
    if head.str.contains(UNCLEAN).any() or head.str.contains(GUARD).any():
        known["unclean"] = True
        cleaner = values.select(cleaned(pl.col("text")).str.strip_chars().alias("text"), "len")
        values = cleaner.group_by("text").agg(pl.col("len").sum()).sort("len", "text", descending=[True, False])
    marks = set(values["text"].to_list()) & set(MISSING) if values.height < 200_000 else set()
    known["missing"] = tuple(sorted(marks))
    named = values.filter(~pl.col("text").is_in(list(marks)))
    if not named.height:
        return Fact(kind="empty", **known)
    if named["text"].head(_SAMPLE).str.contains(_SPOILT).mean() > 0.5:  # type: ignore[operator]
        return Fact(kind="text", spoilt=True, **known)
    formats, sentences, odd = day_forms(named, named=is_date_name(name), period=names_period(name))
    if formats:
        return Fact(kind="date", dates=formats, sentence=sentences, **known, **_odd(named, odd))
    numbers = number_facts(named, "." if dtype.is_numeric() else vote)
    if numbers is not None:
        return Fact(**{**known, **numbers[0], **_odd(named, numbers[1])})
    return Fact(kind="text", **{**known, "missing": _without_members(marks, named)})


def _odd(values: pl.DataFrame, odd: pl.Series | None) -> dict[str, Any]:
    if odd is None or not odd.len():
        return {}
    rows = values.filter(pl.col("text").is_in(odd.implode()))
    return {
        "unreadable": int(rows["len"].sum()),
        "odd": tuple(_short(text) for text in rows["text"].head(3).to_list()),
    }


def _without_members(marks: set[str], values: pl.DataFrame) -> tuple[str, ...]:
    """The marks of a text column that stand for nothing: NA beside EMEA and APAC is a member like them."""
    codes = values["text"].str.contains(r"^[A-Z]{2,5}$")
    few = 1 < values.height <= 60
    return tuple(sorted(mark for mark in marks if not (mark == "NA" and few and codes.sum() >= 2)))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
