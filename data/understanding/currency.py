"""Which currency the money is in, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from data.terms import currencies
from data.understanding.names import words
from data.understanding.stacks import Stack
from data.understanding.types import FileUse

CURRENCIES: Final = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY", "INR", "SEK", "NOK", "DKK", "PLN", "BRL", "CNY")
"""Currencies that are offered first; a recipe may name any other."""

_COUNTRIES: Final = {
    "USD": ("united states", "usa", "us"),
    "GBP": ("united kingdom", "uk", "great britain", "england"),
    "EUR": (
        *("germany", "france", "spain", "italy", "netherlands", "austria", "belgium", "ireland", "portugal", "finland"),
        *("greece", "slovakia", "slovenia", "estonia", "latvia", "lithuania", "luxembourg", "malta", "cyprus"),
        *("croatia", "deutschland", "osterreich", "espana", "italia", "nederland", "belgique", "belgie"),
    ),
    "CHF": ("switzerland", "schweiz"),
    "CAD": ("canada",),
    "AUD": ("australia",),
    "JPY": ("japan",),
    "INR": ("india",),
    "SEK": ("sweden", "sverige"),
    "NOK": ("norway", "norge"),
    "DKK": ("denmark", "danmark"),
    "PLN": ("poland", "polska"),
    "BRL": ("brazil", "brasil"),
    "CNY": ("china",),
}
_COUNTRY_MONEY: Final = {country: code for code, countries in _COUNTRIES.items() for country in countries}

_WORDS: Final = {
    "dollar": "USD",
    "dollars": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "円": "JPY",
    "元": "CNY",
}


def currency_of(
    uses: Sequence[FileUse], stacks: Mapping[str, Stack], money: Sequence[tuple[str, str]]
) -> tuple[str, str]:
    """The currency and why; empty where nothing tells. `money` is (role, column) of what makes the money of a line."""
    for role, column in money:
        use = stacks[role].use
        if signs := use.fact(column).currencies:
            code = currencies.code(signs[0][0])
            if len(signs) == 1:
                return code, f"The numbers of {column} in {use.file} carry the sign of {code}."
            counted = ", ".join(f"{sign} on {rows:,} rows" for sign, rows in signs[:5])
            return code, (
                f"The numbers of {column} in {use.file} carry several currencies: {counted}. Only one can be "
                "summed: rows in another one are set aside."
            )
    for role, column in money:
        if code := _named(column):
            return code, f"The name of {column} in {stacks[role].use.file} says {code}."
    from_list = bool(money) and all(role == "products" for role, _ in money[-1:])
    for use in uses:
        named = use.column("currency") if use.role in ("lines", "orders") and not from_list else None
        if named is not None and (code := currencies.code(use.fact(named).examples[0])):
            return code, f"Most rows of {use.file} have {code} in {named}."
    for use in uses:
        if use.role != "unused" and (name := use.column("country")) and use.role in stacks:
            values = stacks[use.role].texts(name).drop_nulls()
            if code := _of_countries(values.value_counts(sort=True, name="n").rows()):
                top = values.mode().sort()[0]
                return code, f"{top} is the most frequent value of {name} in {use.file}, so {code} is assumed."
    return "", ""


def _named(column: str) -> str:
    """The currency that a column's name says."""
    for sign, codes in currencies.SIGNS.items():
        if not sign[0].isalpha() and sign in column:
            return codes[0]
    for word in words(column).split():
        code = _WORDS.get(word, word.upper())
        if code in currencies.CODES and (code in CURRENCIES or word.upper() in column):
            return code
    return ""


def _of_countries(counts: Sequence[tuple[str, int]]) -> str:
    """The currency of the country that has most of the rows, or that all countries share."""
    total = sum(count for _, count in counts)
    if not total:
        return ""
    money = {_COUNTRY_MONEY.get(str(country).strip().lower(), "") for country, _ in counts}
    top, rows = counts[0]
    code = _COUNTRY_MONEY.get(str(top).strip().lower(), "")
    return code if rows > 0.5 * total or len(money) == 1 else ""
