"""How a column writes its numbers, decided over its different texts."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from data.terms.currencies import CODES, token
from data.terms.numbers import DEBIT_OR_CREDIT, NUMBERS, OR, PLAIN_NUMBERS, styled
from data.terms.scales import SCALE
from data.understanding.days import READ

_SAMPLE: Final = 20_000
"""Different values that are looked at for the way in which numbers are written."""

_SURE: Final = {
    ",": r"^\D{0,5}(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}([ ’']\d{3})+,\d+)\D{0,6}$",
    ".": r"^\D{0,5}(\d{1,3}(,\d{2,3})+\.\d+|\d+\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}([ ’']\d{3})+\.\d+)\D{0,6}$",  # noqa: E501
}
"""Sign before decimals -> cells that prove it."""

_DOUBTFUL: Final = r"^\D{0,5}[1-9]\d{0,2}[.,]\d{3}\D{0,6}$"

_FEW_DECIMALS: Final = r"[¥￥₩₫円원元]"
"""Signs of currencies whose amounts have two decimals or none, also as the price of a part: ¥1,200 marks thousands."""

_STYLES: Final = {
    ".": (PLAIN_NUMBERS, "1,234.56", "1'234.56", "1 234.56"),
    ",": ("1.234,56", "1 234,56"),
    "": NUMBERS,
}


def number_facts(values: pl.DataFrame, vote: str) -> tuple[dict[str, Any], pl.Series] | None:
    """What a column of texts and their counts holds as numbers, and which texts are none; None for too few numbers."""
    sample = values.head(_SAMPLE)
    texts, total = sample["text"], int(sample["len"].sum())
    if texts.str.contains(r"\d").mean() < 0.5:  # type: ignore[operator]
        return None
    sure = {sign: int(texts.str.contains(pattern).sum()) for sign, pattern in _SURE.items()}
    if sure["."] != sure[","]:
        vote = max(sure, key=lambda sign: sure[sign]) if min(sure.values()) <= 0.1 * max(sure.values()) else ""
    if not vote and not any(sure.values()) and _share(sample, _FEW_DECIMALS) > 0.5:
        vote = "." if texts.str.contains(r"\d,\d{3}").any() else "," if texts.str.contains(r"\d\.\d{3}").any() else ""
    style, both = _style(sample, total, vote), all(sure.values())
    if both and style:
        other = _style(sample, total, "," if style in _STYLES["."] else ".") or "1.234,56"
        style = f"{style}{OR}{other}"
    elif both:
        # Neither way reads enough by itself where people wrote both; the more frequent one counts first.
        marks = sorted(sure, key=lambda mark: -sure[mark])
        joined = OR.join(_best(sample, mark)[0] for mark in marks)
        style = joined if _rows_read(sample, joined) >= READ * total else ""
    if not style:
        return None
    numbers = values.select(_read(values["text"], style).alias("number"), "text", "len")
    odd = numbers.filter(pl.col("number").is_null())
    numbers = numbers.drop_nulls()
    fractions = numbers.filter(pl.col("number") != pl.col("number").round())
    signs = values.select(token(pl.col("text")).alias("sign"), "len").drop_nulls().group_by("sign").agg(pl.sum("len"))
    signs = signs.sort("len", "sign", descending=[True, False])
    bare = texts.str.replace(DEBIT_OR_CREDIT, "$1")
    bare = bare.filter(~bare.str.contains(SCALE))
    units = bare.str.extract(r"\d\s*(\p{L}[\p{L}./²³]{0,9}\.?)\s*$").drop_nulls()
    # Zeros in front belong to identifiers; they are texts, whatever their digits.
    identifiers = bool(texts.str.contains(r"^0\d").any())
    result = {
        "kind": "text" if identifiers else "number" if fractions.height else "whole",
        "numbers": style,
        "vote": vote,
        "currencies": tuple((sign, int(count)) for sign, count in signs.iter_rows()),
        "open_mark": _open_mark(values["text"], vote),
        "low": _float(numbers["number"].min()),
        "high": _float(numbers["number"].max()),
        "negatives": int(numbers.filter(pl.col("number") < 0)["len"].sum()),
        "fractions": int(fractions["len"].sum()),
        "suffixed": bool(texts.str.contains(r"^\d+\.0$").all()),
        "percent": _share(sample, r"\d\s*%") > 0.5,
        "coins": _share(sample, r"\d[.,]\d\d\D{0,5}$|\p{Sc}") > 0.9,
        "unit": str(units.mode()[0]) if units.len() > 0.5 * texts.len() and units[0].upper() not in CODES else "",
    }
    return result, odd["text"]


def _style(sample: pl.DataFrame, total: int, vote: str) -> str:
    """The way of writing that reads the most rows, the simplest of several; empty where none reads enough."""
    best, most = _best(sample, vote)
    return best if most >= READ * total else ""


def _best(sample: pl.DataFrame, vote: str) -> tuple[str, int]:
    """The way of writing with a sign before decimals that reads the most rows, and how many."""
    best, most, total = _STYLES[vote][0], 0, int(sample["len"].sum())
    for style in _STYLES[vote]:
        read = _rows_read(sample, style)
        if read > most:
            best, most = style, read
        if most == total:
            break
    return best, most


def _rows_read(sample: pl.DataFrame, style: str) -> int:
    return int(sample.filter(_read(sample["text"], style).is_not_null())["len"].sum())


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
