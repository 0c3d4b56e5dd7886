"""Rows that are a discount on the other rows of their order, such as "Discount code SPRING", 1, -4.40.

A text alone proves nothing ("Discount batteries" may be sold): most of its rows have money below zero, and the order of
each such row has money above.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

import polars as pl

RULE: Final = "discount_rows"
"""The rule, and the policy, of such rows."""

_BEGIN: Final = (
    *("discount", "disc$", "coupon", "voucher", "promo", "rebate", "markdown", "money off", "price reduction"),
    *(
        "reduction",
        "savings$",
        "rabais",
        "remise",
        "ristourne",
        "escompte",
        "bon de reduction",
        "bon d achat",
        "aktion$",
    ),
    *("descuento", "dto$", "rebaja", "cupon", "bonificacion", "vale$", "sconto", "sconti", "riduzione", "buono"),
    *("desconto", "cupom", "abatimento", "znizka", "upust", "kupon", "avslag", "prisavdrag", "alennus", "slev"),
    *("kedvezmeny", "indirim", "iskonto", "reducere", "скидк", "купон", "промокод", "εκπτωσ", "отстъпк"),
    *("popust", "знижк", "zlav"),
)
"""Beginnings of words; with $ the whole word."""

_ANYWHERE: Final = (
    *("rabatt", "rabat", "nachlass", "gutschein", "skonto", "korting", "alennus", "% off"),
    *("割引", "値引", "クーポン", "折扣", "优惠", "折让", "할인", "쿠폰", "خصم", "הנחה", "ส่วนลด", "giam gia", "diskon"),
)
"""Parts of words, as in Mengenrabatt."""

_SOLD: Final = 0.3
"""Share of a text's rows with money above zero from which on it is something that is sold."""


def bare(text: str) -> str:
    """A text without accents, its signs taken apart, as texts are compared with words."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in spread if not unicodedata.category(sign).startswith("M"))


_ENDED: Final = [rf"{bare(word[:-1])}(?:[^\p{{L}}]|$)" if word.endswith("$") else bare(word) for word in _BEGIN]
_PATTERN: Final = rf"(?:^|[^\p{{L}}])(?:{'|'.join(_ENDED)})|{'|'.join(map(bare, _ANYWHERE))}"


def reduces(texts: Sequence[str], money: str, order: str) -> pl.Expr:
    """Whether a row lowers the money of its order: one of the columns of `texts` says so, and the money fits."""
    amount = pl.col(money)
    named = [_speaks(name) & ~(amount > 0).any().over(name) for name in texts]
    sold = (amount > 0).any().over(order)
    return (pl.any_horizontal(pl.lit(False), *named) & (amount < 0) & sold & pl.col(order).is_not_null()).fill_null(
        False
    )


def _speaks(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return text.str.contains(_PATTERN).fill_null(False)
