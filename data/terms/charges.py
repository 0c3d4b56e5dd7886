"""Rows that are no goods: tax, payments, and charges such as postage or a tip, told by their text in many languages.

A text must hardly say anything else: "VAT 20%" is tax, "Tax guide" is a book. What only may be a payment, such as
"Card", must in its order come to what the other rows come to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from data.terms.reductions import bare

TAX: Final = "tax_rows"
PAYMENT: Final = "payment_rows"
CHARGE: Final = "charge_rows"
"""The rules, and the policies, of such rows."""

_WORDS: Final[Mapping[str, Sequence[str]]] = tomllib.loads(
    (Path(__file__).parent / "charges.toml").read_text(encoding="utf-8")
)


def _pattern(phrases: Sequence[str]) -> str:
    listed = "|".join(bare(phrase).replace(" ", r"[\W_]*") for phrase in sorted(set(phrases), key=len, reverse=True))
    more = "|".join(word.replace(" ", r"\s") for word in _WORDS["beside"])
    between = r"[\W\d_]"
    return rf"^{between}*(?:(?:{more}){between}+)*(?:{listed})(?:{between}+(?:{more}))*{between}*(?:\(.*\)\W*)?$"


_PATTERNS: Final[Mapping[str, str]] = {
    TAX: _pattern(_WORDS["tax"]),
    PAYMENT: _pattern(_WORDS["payment"]),
    CHARGE: _pattern(_WORDS["charge"]),
}
_MAY: Final = _pattern(_WORDS["may_pay"])
KINDS: Final = tuple(_PATTERNS)
TEXTS: Final = ("product", "category", "subcategory")
"""Columns of the lines whose texts tell such rows."""


def is_no_goods(kind: str, texts: Sequence[str], money: str, order: str, cent: float) -> pl.Expr:
    """Whether a row is tax, a payment or a charge, as one of the columns of `texts` says; `cent` is one of `money`."""
    named = says(kind, texts)
    if kind == TAX:
        return named
    if kind == CHARGE:
        # Where nothing else is on the order, it is what was sold, such as a gift card.
        goods = ~pl.any_horizontal(says(other, texts) for other in KINDS) & (pl.col(money) > 0)
        return named & goods.any().over(order).fill_null(False) & pl.col(order).is_not_null()
    may = named | _any(texts, _MAY)
    paid = pl.when(may).then(pl.col(money)).sum().over(order)
    owed = pl.when(~may).then(pl.col(money)).sum().over(order)
    # Lines were rounded each, so that what was paid may differ by a cent.
    settled = ((paid - owed).abs() <= 1.01 * cent) & (owed > 0) & pl.col(order).is_not_null()
    return named | (may & settled).fill_null(False)


def says(kind: str, texts: Sequence[str]) -> pl.Expr:
    """Whether one of the columns of `texts` says that a row is tax, a payment or a charge."""
    return _any(texts, _PATTERNS[kind])


def speaking(texts: pl.Series) -> pl.Series:
    """Those of some different texts that may say of a row that it is tax, a payment or a charge."""
    frame = texts.alias("text").to_frame()
    return frame.filter(pl.any_horizontal(_any(["text"], one) for one in (*_PATTERNS.values(), _MAY)))["text"]


_LETTERS: Final = {"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae"}
"""Letters that are no others with an accent."""


def _any(texts: Sequence[str], pattern: str) -> pl.Expr:
    low = [pl.col(name).cast(pl.String).str.to_lowercase().str.normalize("NFKD") for name in texts]
    found = [
        text.str.replace_all(r"\p{M}", "").str.replace_many(_LETTERS).str.contains(pattern).fill_null(False)
        for text in low
    ]
    return pl.any_horizontal(pl.lit(False), *found)
