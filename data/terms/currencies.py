"""Currency signs and codes beside amounts: which currencies a sign can stand for, and which rows are in another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "ARS", "CLP", "COP", "TWD"),
    "US$": ("USD",),
    "CA$": ("CAD",),
    "C$": ("CAD",),
    "AU$": ("AUD",),
    "A$": ("AUD",),
    "NZ$": ("NZD",),
    "HK$": ("HKD",),
    "S$": ("SGD",),
    "R$": ("BRL",),
    "€": ("EUR",),
    "£": ("GBP", "EGP", "GIP"),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₺": ("TRY",),
    "₽": ("RUB",),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "₴": ("UAH",),
    "₫": ("VND",),
    "฿": ("THB",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "SEK", "NOK", "ISK"),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "Ft": ("HUF",),
    "Fr.": ("CHF",),
    "SFr.": ("CHF",),
    "Rs": ("INR", "PKR", "LKR"),
    "Rs.": ("INR", "PKR", "LKR"),
    "TL": ("TRY",),
    "RM": ("MYR",),
    "Rp": ("IDR",),
    "lei": ("RON",),
    "лв": ("BGN",),
    "лв.": ("BGN",),
    "руб": ("RUB",),
    "руб.": ("RUB",),
    "грн": ("UAH",),
    "грн.": ("UAH",),
    "د.إ": ("AED",),
    "ر.س": ("SAR",),
    "元": ("CNY", "TWD"),
    "円": ("JPY",),
    "원": ("KRW",),
    "RMB": ("CNY",),
}
"""Sign -> the currencies that it is written for, the most usual first."""

CODES: Final = frozenset(
    {
        *("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "CNY", "RMB", "INR", "SEK", "NOK", "DKK"),
        *("PLN", "CZK", "HUF", "RON", "BGN", "TRY", "RUB", "UAH", "ILS", "AED", "SAR", "QAR", "KWD", "EGP"),
        *("ZAR", "NGN", "KES", "GHS", "MAD", "TND", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "UYU", "HKD"),
        *("SGD", "TWD", "KRW", "THB", "VND", "IDR", "MYR", "PHP", "PKR", "BDT", "LKR", "KZT", "ISK"),
    }
)
"""Codes of currencies that a name or a cell may hold."""

UNSPACED: Final = "元円원"
"""Signs of scripts without blanks: they stand beside digits and letters."""

_WORDS: Final = sorted(
    (sign for sign in SIGNS if sign[0].isalpha() and "$" not in sign and sign not in UNSPACED), key=len, reverse=True
)

TOKEN: Final = (
    rf"(?:\b(?:US|CA|AU|NZ|HK|C|A|S|R))?\p{{Sc}}|[{UNSPACED}]"
    rf"|\b(?:[A-Z]{{3}}|{'|'.join(re.escape(word) for word in _WORDS)})(?:\b|$|\s)"
)
"""Pattern of a currency's sign or code inside an amount."""


def token(text: pl.Expr) -> pl.Expr:
    """The sign or code that stands with an amount, null where there is none."""
    return text.str.extract(f"({TOKEN})").str.strip_chars()


def code(sign: str) -> str:
    """The currency that a sign or code most usually stands for."""
    return possible(sign)[0]


def possible(sign: str) -> tuple[str, ...]:
    """The currencies that a sign is written for, the most usual first; a code stands for itself."""
    return SIGNS.get(sign, (sign.upper(),))


def accepted(currency: str) -> list[str]:
    """The currency's code and the signs that may stand for it, in capitals."""
    return [currency, *(sign.upper() for sign, codes in SIGNS.items() if currency in codes)]
