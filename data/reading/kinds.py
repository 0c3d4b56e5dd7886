"""What one cell looks like, for telling dialects, headers and footers apart. `columns` judges whole columns."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_DIGITS: Final = r"(?:\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+|\d+)"
_CURRENCY: Final = r"(?:[$€£¥₹₽₩₺₪₴₫฿₦]|[A-Z]{3}|[A-Z]{1,3}\$|kr\.?|zł|Kč|Ft|lei|лв\.?|руб\.?|R\$)"
_KINDS: Final = (
    ("empty", re.compile(r"\s*")),
    ("whole", re.compile(r"[-+−]?\d+")),
    (
        "number",
        re.compile(
            rf"\(?[-+−]?\s?(?:{_CURRENCY}\s?)?[-+−]?(?:{_DIGITS}(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
            rf"\s?(?:%|{_CURRENCY})?-?\)?"
        ),
    ),
    (
        "date",
        re.compile(
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\.?"
            r"|\d{1,2}[-/. ][^\W\d]{3,9}\.?[-/., ]+(?:\d{4}|\d{2})"
            r"|[^\W\d]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{4}-\d{2}"
        ),
    ),
    ("time", re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[aApP]\.?[mM]\.?)?")),
    (
        "moment",
        re.compile(
            r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
            r"(?:\s?[aApP]\.?[mM]\.?)?(?:Z|\s?[-+]\d{2}:?\d{2}|\s?UTC)?"
        ),
    ),
    ("truth", re.compile(r"(?i:true|false|yes|no)")),
    ("missing", re.compile(r"(?i:null|n/?a|nan|none|#n/a|-|\\n|\?)")),
    ("link", re.compile(r"(?i:(?:https?|ftp)://|www\.)[^\s]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("code", re.compile(r"(?=[^\s]*\d)[A-Za-z0-9_./#-]*[A-Za-z][A-Za-z0-9_./#-]*")),
)  # fmt: skip

TYPED: Final = frozenset({"whole", "number", "date", "time", "moment", "truth"})
"""Kinds that a column's name hardly ever has."""

_WORDS: Final = re.compile(r"[^\W\d_][^;\t|]*")


@lru_cache(maxsize=100_000)
def kind(cell: str) -> str:
    """The kind of one cell: empty, whole, number, date, time, moment, truth, missing, link, code, words or other."""
    text = cell.strip()
    if len(text) > 300:
        return "words" if " " in text[:100] else "other"
    for name, pattern in _KINDS:
        if pattern.fullmatch(text):
            return name
    return "words" if _WORDS.fullmatch(text) else "other"


def family(name: str) -> str:
    """Kinds that may stand in one column together, under one name."""
    return {"whole": "number", "moment": "date"}.get(name, name)
