"""Dates in text: the order of day and month is decided over a whole column, then every cell is read by it.

Where no cell has a day above 12 the data leaves the order open, and the column is called ambiguous. A spreadsheet that
expected the other order turns days up to 12 into other dates and leaves the rest as text; that shows, and is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from data.reading.findings import cells, shown

Order = Literal["day_first", "month_first", "year_first"]

FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2199, 12, 31)

_MISSING: Final = ("", "-", "–", "n/a", "N/A", "#N/A", "NA", "null", "NULL", "None", "NaT", "0000-00-00")

_TIME: Final = (
    r"(?:[T ]\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[aApP]\.?[mM]\.?)?\s*(?:Z|UTC|GMT|[-+]\d{2}:?\d{2})?)?"
)
_NUMERIC: Final = rf"^\s*(\d{{1,2}})([-/. ])\s?(\d{{1,2}})[-/. ]\s?(\d{{4}}|\d{{2}})\.?,?{_TIME}\s*$"
"""1 first number, 2 sign, 3 second number, 4 year."""
_YEAR_FIRST: Final = rf"^\s*(\d{{4}})([-/.])(\d{{1,2}})[-/.](\d{{1,2}}){_TIME}\s*$"
_COMPACT: Final = r"^\s*((?:19|20|21)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?\d{4,6})?\s*$"
_MONTH_ONLY: Final = r"^\s*(\d{4})-(\d{2})\s*$"
_WEEKDAY: Final = r"^\s*(?:[^\W\d]{2,9}\.?,? )?"
_WORD_SECOND: Final = (
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|\.)?[-/ ]*([^\W\d]{{3,10}})\.?[-/, ]*(\d{{4}}|\d{{2}}){_TIME}\s*$"
)
_WORD_FIRST: Final = (
    rf"^\s*(?:[^\W\d]{{2,9}},? )?([^\W\d]{{3,10}})\.?[- ]+(\d{{1,2}})(?:st|nd|rd|th)?,?[- ]+(\d{{4}}){_TIME}\s*$"
)
_SERIAL: Final = r"^\s*([2-6]\d{4})(?:[.,]\d+)?\s*$"
"""Days since 1899-12-30, as spreadsheets store dates: 1954 to 2091."""

_FORMS: Final = {
    "year": _YEAR_FIRST,
    "numbers": _NUMERIC,
    "compact": _COMPACT,
    "month": _MONTH_ONLY,
    "word_second": _WORD_SECOND,
    "word_first": _WORD_FIRST,
}

_MONTHS: Final = {
    # English, German, French, Spanish, Italian, Portuguese, Dutch: the first letters that tell months apart.
    1: ("jan", "ene", "gen", "janv"),
    2: ("feb", "fév", "fev"),
    3: ("mar", "mär", "mrz", "mrt", "maa"),
    4: ("apr", "avr", "abr"),
    5: ("may", "mai", "mag", "mei"),
    6: ("jun", "juin", "giu"),
    7: ("jul", "juil", "lug"),
    8: ("aug", "aoû", "aou", "ago"),
    9: ("sep", "set"),
    10: ("oct", "okt", "ott", "out"),
    11: ("nov",),
    12: ("dec", "dez", "déc", "dic"),
}

_FEW: Final = 5
_SAMPLE: Final = 2_000
"""Different texts by which columns without dates are told at once."""


@dataclass(frozen=True)
class Dates:
    """How the dates of a column are written, and what shows it."""

    order: Order
    """The order of day and month where both are numbers."""
    ambiguous: bool
    """Whether the data leaves day-first and month-first open: `order` is then the likelier one. Ask."""
    evidence: str
    """Why, in words with examples."""
    filled: int
    """Cells with something in them."""
    readable: int
    """Cells that are dates in this way."""
    contrary: int = 0
    """Cells that speak against this reading: only the other order reads them, or they break the order of the rows."""
    forms: tuple[str, ...] = ()
    """The forms that occur: year (2024-03-05), numbers (5/3/2024), compact (20240305), month (2024-03), word_second
    (5 March 2024), word_first (March 5, 2024)."""
    serial: bool = False
    """Whether the cells are day numbers of a spreadsheet."""
    two_digit_years: int = 0
    """Cells with such years: 69 to 99 are read as 1969 to 1999, the others as 2000 to 2068."""
    timed: int = 0
    """Cells with a time of day, which is dropped."""
    swapped: int = 0
    """Cells in which a spreadsheet has swapped day and month: dates with a day up to 12 are then read the other way."""
    first: date | None = None
    last: date | None = None

    @property
    def share(self) -> float:
        """Share of the filled cells that are dates."""
        return self.readable / self.filled if self.filled else 0.0


def understand(values: pl.Series) -> Dates:
    """How a column of text writes its dates, decided over all its cells, in the order of the file."""
    text = values.cast(pl.String).str.strip_chars().alias("text")
    frame = text.to_frame().with_row_index("at")
    frame = frame.filter(pl.col("text").is_not_null() & ~pl.col("text").is_in(list(_MISSING)))
    counted = frame.group_by("text").agg(pl.len().cast(pl.Int64).alias("n")).sort("n", "text", descending=[True, False])
    filled = int(counted["n"].sum() or 0)
    column = pl.col("text")
    any_form = pl.any_horizontal(column.str.contains(pattern) for pattern in (*_FORMS.values(), _SERIAL))
    some = counted.head(_SAMPLE)
    if some.filter(any_form).height <= 0.05 * some.height:
        return Dates("year_first", False, "hardly any cell is a date", filled, 0)
    if _total(counted, column.str.contains(_SERIAL)) == filled:
        serial = Dates("day_first", False, "whole numbers that spreadsheets use as days", filled, 0, serial=True)
        return _finished(frame, counted, serial)
    forms = tuple(name for name, pattern in _FORMS.items() if counted.select(column.str.contains(pattern).any()).item())
    groups = column.str.extract_groups(_NUMERIC).struct
    numeric = counted.with_columns(
        groups.field("1").cast(pl.Int64, strict=False).alias("one"),
        groups.field("3").cast(pl.Int64, strict=False).alias("two"),
        groups.field("4").str.len_chars().alias("year"),
        column.str.contains(_YEAR_FIRST).alias("iso"),
        column.str.extract(_YEAR_FIRST, 4).cast(pl.Int64, strict=False).alias("iso_day"),
    )
    day_first = _total(numeric, (pl.col("one") > 12) & (pl.col("two") <= 12))
    month_first = _total(numeric, (pl.col("two") > 12) & (pl.col("one") <= 12))
    either = _total(numeric, (pl.col("one") <= 12) & (pl.col("two") <= 12))
    iso = _total(numeric, pl.col("iso"))
    iso_late = _total(numeric, pl.col("iso") & (pl.col("iso_day") > 12))
    short = _total(numeric, pl.col("year") == 2)

    def example(condition: pl.Expr) -> str:
        return shown(str(numeric.filter(condition)["text"].head(1).to_list()[0]))

    if not day_first + month_first + either:
        found = Dates("year_first", False, "the year stands first, or the month is a word", filled, 0, forms=forms)
        return _finished(frame, counted, found)
    common: dict[str, Any] = {"filled": filled, "readable": 0, "two_digit_years": short, "forms": forms}
    order: Order = "day_first" if day_first >= month_first else "month_first"
    late = pl.col("one") > 12 if order == "day_first" else pl.col("two") > 12
    place = {"day_first": "first", "month_first": "second"}[order]
    if iso >= _FEW and not iso_late and day_first + month_first >= _FEW and not either:
        # What a spreadsheet could read became a date of its own, with the day as the month; the rest stayed text.
        evidence = (
            f"{cells(day_first + month_first)} such as {example(late)} are text, {cells(iso)} such as "
            f"{example(pl.col('iso'))} are dates, none with a day above 12: a spreadsheet has swapped day and month"
        )
        found = Dates(order, False, evidence, swapped=iso, **common)
    elif day_first and month_first:
        early = pl.col("two") > 12 if order == "day_first" else pl.col("one") > 12
        evidence = (
            f"a day above 12 stands {place} in {cells(max(day_first, month_first))} such as {example(late)}, "
            f"not so in {cells(min(day_first, month_first))} such as {example(early)}"
        )
        found = Dates(order, True, evidence, contrary=min(day_first, month_first), **common)
    elif day_first or month_first:
        evidence = f"a day above 12 stands {place} in {cells(day_first + month_first)} such as {example(late)}"
        found = Dates(order, False, evidence, **common)
    else:
        found = _open_order(frame, either, example(pl.col("one").is_not_null()), common)
    return _finished(frame, counted, found)


def _total(counted: pl.DataFrame, condition: pl.Expr) -> int:
    return int(counted.filter(condition)["n"].sum() or 0)


def _open_order(frame: pl.DataFrame, either: int, example: str, common: dict[str, Any]) -> Dates:
    """Neither order is ruled out: the likelier one has the rows rise, or the dates lie closer together."""
    order: Order = "day_first"
    hint = "the data leaves open which comes first"
    days = {
        way: frame.select(_by_order(pl.col("text"), way)).to_series().drop_nulls()
        for way in ("day_first", "month_first")
    }
    rising = {way: _rising(series) for way, series in days.items()}
    spread = {way: _spread(series) for way, series in days.items()}
    if max(rising.values()) > 0.95 and abs(rising["day_first"] - rising["month_first"]) > 0.05:
        order = "day_first" if rising["day_first"] > rising["month_first"] else "month_first"
        hint = "read so, the rows are in the order of their dates"
    elif spread["day_first"] != spread["month_first"]:
        order = "day_first" if spread["day_first"] < spread["month_first"] else "month_first"
        hint = "read so, the dates lie closer together"
    return Dates(
        order,
        True,
        f"{cells(either)} such as {example} can be read both ways, and none rules one out; {hint}",
        **common,
    )


def _rising(days: pl.Series) -> float:
    """Share of neighbouring rows whose dates do not go against the usual direction."""
    if len(days) < 3:
        return 0.0
    steps = days.cast(pl.Int32).diff().drop_nulls()
    return max(float((steps >= 0).mean() or 0.0), float((steps <= 0).mean() or 0.0))  # type: ignore[arg-type]


def _spread(days: pl.Series) -> int:
    return int(days.cast(pl.Int32).max() - days.cast(pl.Int32).min()) if len(days) else 0  # type: ignore[arg-type, operator]


def _finished(frame: pl.DataFrame, counted: pl.DataFrame, found: Dates) -> Dates:
    """The counts and the range of the dates read."""
    days = counted.with_columns(dates(pl.col("text"), found).alias("day"))
    timed = _total(counted, pl.col("text").str.contains(r"\d[T ]\s*\d{1,2}[:.]\d{2}"))
    read = days.filter(pl.col("day").is_not_null())
    found = replace(
        found,
        readable=int(read["n"].sum() or 0),
        timed=timed,
        first=read["day"].min(),  # type: ignore[arg-type]
        last=read["day"].max(),  # type: ignore[arg-type]
    )
    return found if found.ambiguous or found.serial or found.swapped else _swapped_by_order(frame, found)


def _swapped_by_order(frame: pl.DataFrame, found: Dates) -> Dates:
    """Rows that run through the days except where the day is 12 or less were swapped before they became dates."""
    days = frame.select(dates(pl.col("text"), found).alias("day")).to_series().drop_nulls()
    if len(days) < 30:
        return found
    fixed = days.to_frame().select(_turned(pl.col("day"))).to_series()
    changed = int((fixed != days).sum())
    if changed >= _FEW and _rising(fixed) > 0.99 and _rising(days) < _rising(fixed) - 0.02:
        evidence = (
            f"{changed:,} dates break the order of the rows, and fit it with day and month swapped: "
            "a spreadsheet may have swapped them"
        )
        return replace(found, ambiguous=True, contrary=changed, evidence=evidence)
    return found


def dates(column: pl.Expr, found: Dates) -> pl.Expr:
    """pl.Date of a text column, read as `found` says; null where a cell is no date from 1900 to 2199."""
    name = column.meta.output_name()
    text = column.str.strip_chars()
    if found.serial:
        number = text.str.extract(_SERIAL, 1).cast(pl.Int32, strict=False)
        day = pl.lit(date(1899, 12, 30)) + pl.duration(days=number)
        return _bounded(day).alias(name)
    order: Order = "day_first" if found.order == "year_first" else found.order
    groups = {form: text.str.extract_groups(_FORMS[form]).struct for form in found.forms}
    places = {
        "year": ("1", "3", "4"),
        "numbers": ("4", "3", "1") if order == "day_first" else ("4", "1", "3"),
        "compact": ("1", "2", "3"),
        "month": ("1", "2", ""),
        "word_second": ("3", "2", "1"),
        "word_first": ("3", "1", "2"),
    }
    ways = []
    for form in found.forms:
        year, month, day = (groups[form].field(place) if place else pl.lit("1") for place in places[form])
        ways.append(_date(_year(year), _month(month) if form.startswith("word") else month, day))
    read = pl.coalesce(ways) if ways else pl.lit(None, pl.Date)
    if found.swapped:
        read = _turned(read)
    return _bounded(read).alias(name)


def _turned(day: pl.Expr) -> pl.Expr:
    """Dates with the day as the month, where that is possible."""
    other = _date(day.dt.year(), day.dt.day(), day.dt.month())
    return pl.when(day.dt.day() <= 12).then(other).otherwise(day)


def _by_order(text: pl.Expr, order: Order) -> pl.Expr:
    groups = text.str.extract_groups(_NUMERIC).struct
    one, two, year = groups.field("1"), groups.field("3"), _year(groups.field("4"))
    return _date(year, two, one) if order == "day_first" else _date(year, one, two)


def _year(text: pl.Expr) -> pl.Expr:
    """A year of four digits from one of two or four."""
    number = text.cast(pl.Int32, strict=False)
    return (
        pl.when(text.str.len_chars() == 2)
        .then(pl.when(number >= 69).then(number + 1900).otherwise(number + 2000))
        .otherwise(number)
    )


def _month(word: pl.Expr) -> pl.Expr:
    """The number of a month from the first letters of its name."""
    lower = word.str.to_lowercase()
    found: pl.Expr = pl.lit(None, pl.Int32)
    for number, beginnings in _MONTHS.items():
        begins = pl.any_horizontal(lower.str.starts_with(letters) for letters in beginnings)
        found = pl.when(begins).then(pl.lit(number, pl.Int32)).otherwise(found)
    return found


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A date from its parts; null where there is no such day."""
    padded = [part.cast(pl.String).str.zfill(width) for part, width in ((year, 4), (month, 2), (day, 2))]
    return pl.concat_str(padded, separator="-").str.to_date("%Y-%m-%d", strict=False)


def _bounded(day: pl.Expr) -> pl.Expr:
    return pl.when(day.is_between(FIRST, LAST)).then(day)
