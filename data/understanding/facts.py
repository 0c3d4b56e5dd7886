"""Facts of each column by itself: how full, how many different values, numbers or dates and in which form.

Everything is decided on a column's different texts and how often each occurs, so that a million rows cost little.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import polars as pl

from data.building.shaping import GUARD, UNCLEAN, cleaned
from data.checking.currencies import CODES, token
from data.checking.values import DEBIT_OR_CREDIT, styled
from data.recipe.recipes import NUMBERS, OR, PLAIN_NUMBERS
from data.sources import ROW
from data.understanding.days import READ, day_forms
from data.understanding.names import is_date_name

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
    said: str = ""
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


def from_json(content: dict[str, Any]) -> Fact:
    """A fact from plain values, as `dataclasses.asdict` made them and JSON carried them."""
    plain: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in content.items()}
    return Fact(**{**plain, "currencies": tuple((sign, rows) for sign, rows in content["currencies"])})


def profile(frame: pl.LazyFrame, rows: int) -> list[Fact]:
    """The columns of a table of `rows` rows, in its order."""
    schema = frame.collect_schema()
    names = [name for name in schema.names() if name != ROW]
    found = [_column(frame, name, schema[name], rows) for name in names]
    votes = [fact.vote for fact in found if fact.vote]
    # What the other columns of a table prove settles those that could be read both ways.
    if votes and len(set(votes)) == 1:
        settled = [_settled(fact, votes[0]) if fact.open_mark and not fact.vote else fact for fact in found]
        return [
            _column(frame, fact.name, schema[fact.name], rows, vote=votes[0]) if fact is not old else fact
            for fact, old in zip(settled, found, strict=True)
        ]
    return found


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
        "examples": tuple(_shown(text) for text in values["text"].head(3).to_list()),
    }
    if not values.height:
        return Fact(kind="empty", **known)
    if dtype.is_temporal():
        return Fact(kind="date", dates=("%Y-%m-%d",), said="The file itself says that these are dates.", **known)
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
    formats, said, odd = day_forms(named, named=is_date_name(name))
    if formats:
        return Fact(kind="date", dates=formats, said=said, **known, **_odd(named, odd))
    found = _number(named, known, "." if dtype.is_numeric() else vote)
    return found or Fact(kind="text", **{**known, "missing": _without_members(marks, named)})


def _odd(values: pl.DataFrame, odd: pl.Series | None) -> dict[str, Any]:
    if odd is None or not odd.len():
        return {}
    rows = values.filter(pl.col("text").is_in(odd.implode()))
    return {"unreadable": int(rows["len"].sum()), "odd": tuple(_shown(text) for text in rows["text"].head(3).to_list())}


def _without_members(marks: set[str], values: pl.DataFrame) -> tuple[str, ...]:
    """The marks of a text column that stand for nothing: NA beside EMEA and APAC is a member like them."""
    codes = values["text"].str.contains(r"^[A-Z]{2,5}$")
    few = 1 < values.height <= 60
    return tuple(sorted(mark for mark in marks if not (mark == "NA" and few and codes.sum() >= 2)))


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


# --- Numbers ----------------------------------------------------------------------------------------------------------

_SURE: Final = {
    ",": r"^\D{0,5}(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}([ ’']\d{3})+,\d+)\D{0,6}$",
    ".": r"^\D{0,5}(\d{1,3}(,\d{2,3})+\.\d+|\d+\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}([ ’']\d{3})+\.\d+)\D{0,6}$",  # noqa: E501
}
"""Sign before decimals -> cells that prove it."""

_DOUBTFUL: Final = r"^\D{0,5}[1-9]\d{0,2}[.,]\d{3}\D{0,6}$"

_STYLES: Final = {
    ".": (PLAIN_NUMBERS, "1,234.56", "1'234.56", "1 234.56"),
    ",": ("1.234,56", "1 234,56"),
    "": NUMBERS,
}


def _number(values: pl.DataFrame, known: dict[str, Any], vote: str) -> Fact | None:
    """The column as numbers, None where fewer than READ of its rows hold one."""
    sample = values.head(_SAMPLE)
    texts, total = sample["text"], int(sample["len"].sum())
    if texts.str.contains(r"\d").mean() < 0.5:  # type: ignore[operator]
        return None
    sure = {sign: int(texts.str.contains(pattern).sum()) for sign, pattern in _SURE.items()}
    if sure["."] != sure[","]:
        vote = max(sure, key=lambda sign: sure[sign]) if min(sure.values()) <= 0.1 * max(sure.values()) else ""
    style, both = _style(sample, total, vote), all(sure.values())
    if both and style:
        other = _style(sample, total, "," if style in _STYLES["."] else ".") or "1.234,56"
        style = f"{style}{OR}{other}"
    if not style:
        return None
    numbers = values.select(_read(values["text"], style).alias("number"), "text", "len")
    odd = numbers.filter(pl.col("number").is_null())
    numbers = numbers.drop_nulls()
    fractions = numbers.filter(pl.col("number") != pl.col("number").round())
    signs = values.select(token(pl.col("text")).alias("sign"), "len").drop_nulls().group_by("sign").agg(pl.sum("len"))
    signs = signs.sort("len", "sign", descending=[True, False])
    bare = texts.str.replace(DEBIT_OR_CREDIT, "$1")
    units = bare.str.extract(r"\d\s*(\p{L}[\p{L}./²³]{0,9}\.?)\s*$").drop_nulls()
    # Zeros in front belong to identifiers; they are texts, whatever their digits.
    identifiers = bool(texts.str.contains(r"^0\d").any())
    return Fact(
        kind="text" if identifiers else "number" if fractions.height else "whole",
        numbers=style,
        vote=vote,
        currencies=tuple((sign, int(count)) for sign, count in signs.iter_rows()),
        open_mark=_open_mark(values["text"], vote),
        low=_float(numbers["number"].min()),
        high=_float(numbers["number"].max()),
        negatives=int(numbers.filter(pl.col("number") < 0)["len"].sum()),
        fractions=int(fractions["len"].sum()),
        suffixed=bool(texts.str.contains(r"^\d+\.0$").all()),
        percent=_share(sample, r"\d\s*%") > 0.5,
        coins=_share(sample, r"\d[.,]\d\d\D{0,5}$|\p{Sc}") > 0.9,
        unit=str(units.mode()[0]) if units.len() > 0.5 * texts.len() and units[0].upper() not in CODES else "",
        **{**known, **_odd(values, odd["text"])},
    )


def _style(sample: pl.DataFrame, total: int, vote: str) -> str:
    """The way of writing that reads the most rows, the simplest of several; empty where none reads enough."""
    best, most = "", 0
    for style in _STYLES[vote]:
        read = int(sample.filter(_read(sample["text"], style).is_not_null())["len"].sum())
        if read > most:
            best, most = style, read
        if most == total:
            break
    return best if most >= READ * total else ""


def _share(values: pl.DataFrame, pattern: str) -> float:
    return int(values.filter(pl.col("text").str.contains(pattern))["len"].sum()) / max(1, int(values["len"].sum()))


def _open_mark(texts: pl.Series, vote: str) -> str:
    """A number whose sign may stand before thousands, empty where a number in the column leaves no doubt."""
    marked = texts.filter(texts.str.contains(r"\d[.,]\d"))
    # Four digits without a mark say that thousands are not marked.
    sure = vote or (~marked.str.contains(_DOUBTFUL)).any() or texts.str.contains(r"^\D{0,5}\d{4,}\D{0,5}$").any()
    return "" if sure or not marked.len() else str(marked[0])


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _read(texts: pl.Series, style: str) -> pl.Series:
    frame = texts.alias("text").to_frame()
    return frame.select(styled(pl.col("text"), style).cast(pl.Float64, strict=False).alias("number"))[
        "number"
    ].fill_nan(None)


def as_json(fact: Fact) -> dict[str, Any]:
    """As plain values."""
    return asdict(fact)
