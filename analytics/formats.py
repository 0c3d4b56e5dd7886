"""Formats: one unit, one way to read it, as text, as a Vega expression and as a table column.

Units are those of METRICS: money (currency units), count, units (counts that may have decimals), share (0.42 is 42 %)
and number. Texts follow English
conventions (1,234.50, K for thousand, M, B, T) with the currency's sign in front, so that they read the same in every
browser. What has no value reads "–".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import polars as pl

from analytics.metrics import Unit

NO_VALUE: Final = "–"

_SCALES: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
_COMPACT_FROM: Final = 10_000
_WORD_JOINER: Final = "\u2060"
_NO_BREAK: Final = "\u00a0"


@lru_cache(maxsize=64)
def sign(currency: str) -> str:
    """What stands before an amount: `$`, `€`, `CA$`, or the code and a space where English has no sign (`CHF `)."""
    if not currency:
        return ""
    from babel.numbers import get_currency_symbol  # its locale data is only read where money is shown

    symbol = get_currency_symbol(currency, locale="en")
    return symbol + _NO_BREAK if symbol[-1].isalnum() else symbol


@lru_cache(maxsize=64)
def decimals(currency: str) -> int:
    """Decimals of a currency: 2 for USD, 0 for JPY."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency) if currency else 2


def text(value: float | None, unit: str, currency: str = "", compact: bool = True) -> str:
    """A value as people read it: `$24.9M`, `25.2K`, `2.17%`, `3.35`; in full `$24,914,586.82`, `25,164`, `2.17%`.

    Compact texts of 10,000 and more carry three significant digits. Units have the decimals that they need, at most
    three: `12`, `0.45`. ValueError for an unknown unit.
    """
    if unit not in ("money", "count", "units", "share", "number"):
        raise ValueError(f"unknown unit {unit!r}; one of money, count, units, share, number")
    if value is None or value != value:
        return NO_VALUE
    size = _size(abs(value), unit, currency, compact)
    minus = "-" if value < 0 and re.search("[1-9]", size) else ""
    return minus + (sign(currency) if unit == "money" else "") + size


def _size(size: float, unit: str, currency: str, compact: bool) -> str:
    if unit == "share":
        return (_significant(size * 100, 2) if compact else f"{size * 100:,.2f}") + "%"
    if compact and round(size) >= _COMPACT_FROM:
        return _short(size)
    if unit in ("count", "units"):
        return f"{size:,.{0 if unit == 'count' else digits([size])}f}"
    if unit == "money":
        return f"{size:,.0f}" if compact and round(size, 2) >= 1000 else f"{size:,.{decimals(currency)}f}"
    return f"{size:,.2f}"


def digits(values: Iterable[float | None]) -> int:
    """The decimals that show every one of some units in full: as many as the longest needs, at most three."""
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    return next((n for n in range(3) if all(abs(value - round(value, n)) < 0.0005 for value in known)), 3)


def estimate(unit: Unit, known: Iterable[float | None]) -> Unit:
    """The unit of what is estimated from known values: of whole units, estimates are rounded to whole ones."""
    return "count" if unit == "units" and digits(known) == 0 else unit


def interval(low: float, high: float, *beside: float, unit: str, currency: str = "") -> list[str]:
    """Texts of an interval's ends and of what stands beside it: compact, or in full where the ends would read alike.

    Counts whose ends lie less than one apart get decimals.
    """
    values = (low, high, *beside)
    finer = "number" if unit in ("count", "units") else unit
    ways = ((unit, True), (unit, False), (finer, False))
    every = [[text(value, one, currency, compact) for value in values] for one, compact in ways]
    return next((texts for texts in every if texts[0] != texts[1]), every[0])


def _short(size: float) -> str:
    """Three significant digits and a scale letter: 25.2K. 999,950 is 1M, not 1000K."""
    rounded = float(f"{size:.3g}")
    for scale, letter in _SCALES:
        if rounded >= scale:
            return f"{rounded / scale:,.3f}".rstrip("0").rstrip(".") + letter
    return f"{rounded:,.0f}"


def _significant(size: float, most: int) -> str:
    """Three significant digits, at most `most` decimals: 2.17, 42.0, 211."""
    whole_digits = len(str(int(float(f"{size:.3g}"))))
    return f"{size:,.{min(most, max(0, 3 - whole_digits))}f}"


def count_of(count: float, noun: str, plural: str = "", *, compact: bool = False) -> str:
    """A number of things: `1 gap`, `1,204 gaps`; `plural` is the noun's where it is not `noun` with an s.

    A compact number is written as in a tile: `25.2K gaps`.
    """
    return f"{text(count, 'count', compact=compact)} {numbered(count, noun, plural)}"


def numbered(count: float, one: str, plural: str = "") -> str:
    """The singular or the plural of a noun, and of a verb: `numbered(1, "is", "are")`."""
    return one if round(count) == 1 else plural or one + "s"


def change_text(change: float | None, unit: str) -> str:
    """A change as METRICS gives it: relative `+3.31%`, or for shares in percentage points `+0.4 pp`.

    Always signed, except for what rounds to `0%` or `0 pp`.
    """
    if change is None or change != change:
        return NO_VALUE
    size = _significant(abs(change) * 100, 2)
    if "." in size:
        size = size.rstrip("0").rstrip(".")
    prefix = "" if size == "0" else "-" if change < 0 else "+"
    return f"{prefix}{size}{' pp' if unit == 'share' else '%'}"


def signed_text(difference: float | None, unit: str, currency: str = "") -> str:
    """A difference between two values of a unit: `+$1.2M`, `-340`, `+0.4 pp`."""
    if unit == "share" or difference is None or difference != difference:
        return change_text(difference, "share")
    label = text(difference, unit, currency)
    return f"+{label}" if difference > 0 and re.search("[1-9]", label) else label


def axis_label(unit: str, currency: str = "") -> str:
    """The Vega `labelExpr` of an axis: at most three significant digits, K M B T, the currency's sign in front.

    It needs no axis format and no locale. Tooltips show text columns made by `text`.
    """
    size = "abs(datum.value)"
    minus = "(datum.value < 0 ? '-' : '')"
    if unit == "share":
        return f"{minus} + format({size} * 100, '.3~r') + '%'"
    # d3 counts thousands in k and milliards in G, and would call a half 500m
    short = f"replace(replace(format({size}, '.3~s'), 'k', 'K'), 'G', 'B')"
    number = f"({size} < 1 ? format({size}, '.2~f') : {short})"
    if unit != "money" or not sign(currency):
        return f"{minus} + {number}"
    quoted = sign(currency).replace("\\", "\\\\").replace("'", "\\'")
    return f"{minus} + '{quoted}' + {number}"


def column(unit: str, currency: str = "", values: Iterable[float | None] = ()) -> str:
    """The `format` of a Streamlit NumberColumn that shows a value in full; of units, all `values` with equal digits."""
    if unit == "money":
        return f"{sign(currency).replace('%', '%%')}%,.{decimals(currency)}f"
    return {"count": "%,.0f", "units": f"%,.{digits(values)}f", "share": "percent", "number": "%,.2f"}[unit]


def change_column(unit: str) -> str:
    """The `format` of a NumberColumn for a change; a share's change in percentage points needs its column times 100."""
    return "%+.2f pp" if unit == "share" else "percent"


_SPECIAL: Final = re.compile(r"([\\`*_\[\]{}<>#$:~&|])")
_BLOCK: Final = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
# Streamlit looks for emoji names, icons, addresses and arrows in the text once its escapes are gone: break these up
_AFTER_ESCAPES: Final = re.compile(
    r":(?=[\w+/-]+(?::|$)|//)"  # :tada:, :material/check:, http://
    r"|www(?=\.)|(?=@)"
    r"|(?<!\S)(?:[-<](?=->?(?!\S))|-(?=>(?!\S))|[<>~](?==(?!\S)))",  # -- <- <-> -> <= >= ~=
    re.IGNORECASE,
)


def plain(words: str) -> str:
    r"""Text that Streamlit's Markdown shows as it is: `\$5 \*new\*`.

    For every value that comes from data and for whole sentences. Line breaks become spaces; emoji names, icons,
    addresses and arrows are broken by a character of no width.
    """
    single = " ".join(words.split())
    broken = _AFTER_ESCAPES.sub(lambda item: item[0] + _WORD_JOINER, single)
    escaped = _SPECIAL.sub(r"\\\1", broken)
    return _BLOCK.sub(lambda item: f"\\{item[1]}" if item[1] else f"{item[2]}\\{item[3]}", escaped)


_RESERVED_FILES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$")


def file_name(words: str, *, fallback: str = "sales") -> str:
    """An ASCII file-name stem: `Revenue by country (São Paulo)` gives `revenue-by-country-sao-paulo`."""
    ascii_only = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:80].rstrip("-")
    if not stem:
        return fallback
    return f"{stem}-file" if _RESERVED_FILES.match(stem) else stem


_UNSEEN: Final = r"\p{C}\p{Z}\u{34f}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{2800}\u{3164}\u{fe00}-\u{fe0f}\u{ffa0}"
"""Signs without ink: blanks, controls, signs of no width, fillers. A spreadsheet looks for a formula behind them."""

_FORMULA: Final = r"[=+\-@|＝＋－＠｜﹢﹣﹦﹫]"

_BEGINS: Final = rf"^(?:[\t\r\n]|[{_UNSEEN}]*{_FORMULA})"

_BEGINS_INSIDE: Final = rf'([;\t\r\n])((?:[{_UNSEEN}&&[^\t\r\n]]|")*{_FORMULA})'
"""Where a cell would begin for a spreadsheet of a country whose lists are parted by semicolons or tabs."""


def csv_safe(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows, with an apostrophe before all text that a spreadsheet would run as a formula, headings too.

    That is text that begins with = + - @ | (their full-width twins too), also behind signs that cannot be seen, or with
    a tab or line break; and such a beginning behind a semicolon, tab or line break, where a spreadsheet of another
    country lets a new cell begin. Numbers, dates and truth values stay as they are; Enum columns become text.
    """
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Enum, pl.Categorical)]
    heads = _safe(pl.Series(frame.columns, dtype=pl.String)).to_list()
    for place, head in enumerate(heads):
        while head in heads[:place]:
            head = heads[place] = f"'{head}"
    safe = frame.with_columns(_safe(frame[name].cast(pl.String), last=name == frame.columns[-1]) for name in texts)
    return safe.rename(dict(zip(frame.columns, heads, strict=True)))


def _safe(text: pl.Series, *, last: bool = False) -> pl.Series:
    # Nearly all texts begin with a letter or digit and are one cell anywhere: they are told apart in one quick pass.
    odd = text.str.contains(r"^[^A-Za-z0-9]|[;\t\r\n]").arg_true()
    if odd.is_empty():
        return text
    some = text.gather(odd)
    # Dashes run nothing where the row ends behind them.
    dashes = some.str.extract(r"([- ]*)$") if last else some.str.slice(0, 0)
    cells = some.str.strip_suffix(dashes).str.replace_all(_BEGINS_INSIDE, "$1'$2") + dashes
    begins = pl.when(some.str.contains(_BEGINS))
    return text.scatter(odd, pl.select(begins.then("'" + cells).otherwise(cells)).to_series())
