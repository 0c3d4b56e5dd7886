"""Which currency the money is in, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from data.terms import currencies
from data.understanding.changes import REMOVED
from data.understanding.names import words
from data.understanding.stacks import Stack
from data.understanding.types import FileUse, Question

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

_NAMED: Final = {
    **dict.fromkeys(("dollar", "dollars"), "USD"),
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("pound", "pounds"), "GBP"),
    **dict.fromkeys(("franken",), "CHF"),
    **dict.fromkeys(("zl", "zloty", "zlotych"), "PLN"),
    **dict.fromkeys(("koruna", "korun", "kc"), "CZK"),
    **dict.fromkeys(("forint",), "HUF"),
    **dict.fromkeys(("lira", "lirasi"), "TRY"),
    **dict.fromkeys(("ruble", "rubles", "rub", "рублей", "рубли"), "RUB"),
    **dict.fromkeys(("rupee", "rupees"), "INR"),
    **dict.fromkeys(("yuan", "renminbi"), "CNY"),
    **dict.fromkeys(("yen",), "JPY"),
    **dict.fromkeys(("reais",), "BRL"),
}
"""Words of a column's name that say a currency."""

_LONGEST_FIRST: Final = sorted(currencies.SIGNS, key=len, reverse=True)


def currency_of(
    uses: Sequence[FileUse], stacks: Mapping[str, Stack], money: Sequence[tuple[str, str]]
) -> tuple[str, str]:
    """The currency and why; empty where nothing tells. `money` is (role, column) of what makes the money of a line."""
    for role, column in money:
        use = stacks[role].use
        if signs := use.fact(column).currencies:
            code, told = _of_sign(signs[0][0], uses, stacks)
            if len(signs) == 1:
                return code, f"The numbers of {column} in {use.file} carry the sign of {code}{told}."
            counted = ", ".join(f"{sign} on {rows:,} rows" for sign, rows in signs[:5])
            return code, (
                f"The numbers of {column} in {use.file} carry several currencies: {counted}. Only one can be "
                "summed: rows in another one are set aside."
            )
    for role, column in money:
        if sign := _sign_in(column):
            code, told = _of_sign(sign, uses, stacks)
            return code, f"The name of {column} in {stacks[role].use.file} says {code}{told}."
    from_list = bool(money) and all(role == "products" for role, _ in money[-1:])
    for use in uses:
        named = use.column("currency") if use.role in ("lines", "orders") and not from_list else None
        if named is not None and (code := currencies.code(use.fact(named).examples[0])):
            return code, f"Most rows of {use.file} have {code} in {named}."
    code, where = _of_places(uses, stacks)
    return (code, f"{where}, so {code} is assumed.") if code else ("", "")


def currencies_of_answers(
    question: Question | None, currency: str, uses: Sequence[FileUse], stacks: Mapping[str, Stack]
) -> Question | None:
    """The question about the money, each answer with the currency of the column that it takes."""
    if question is None:
        return None
    answers = []
    for answer in question.answers:
        changes = {path[-1]: value for path, value in answer.changes if path[:2] == ("lines", "columns")}
        spec = next(
            (changes[name] for name in ("revenue", "unit_price") if changes.get(name, REMOVED) != REMOVED), None
        )
        column = spec["column"] if isinstance(spec, dict) else spec
        known = isinstance(column, str) and column in stacks["lines"].use.meanings
        code, _ = currency_of(uses, stacks, [("lines", str(column))]) if known else ("", "")
        if code and code != currency:
            answer = replace(answer, changes=(*answer.changes, (("currency",), code)))
        answers.append(answer)
    return replace(question, answers=tuple(answers))


def _of_sign(sign: str, uses: Sequence[FileUse], stacks: Mapping[str, Stack]) -> tuple[str, str]:
    """The currency that a sign stands for in these files and, where it is written for several, what tells it."""
    codes = currencies.possible(sign)
    if len(codes) == 1:
        return codes[0], ""
    code, where = _of_places(uses, stacks)
    if code in codes:
        return code, f": {where}"
    texts = [text for item in uses for fact in item.facts for text in (fact.name, *fact.examples)]
    if "CNY" in codes and (script := _script(texts)) in codes:
        return script, ", by the language of the file"
    others = ", ".join(codes[1:4])
    return codes[0], f", which {others} {'have' if len(codes) > 2 else 'has'}, too"


def _script(texts: Sequence[str]) -> str:
    """The currency of the language that texts are written in, Chinese or Japanese; empty where they do not tell."""
    if any("\u3040" <= letter <= "\u30ff" for text in texts for letter in text):
        return "JPY"
    # Characters that only one of the two countries' sets has.
    only = {"gb2312": 0, "shift_jis": 0}
    for letter in {letter for text in texts for letter in text if "\u4e00" <= letter <= "\u9fff"}:
        within = [name for name in only if _encodes(letter, name)]
        if len(within) == 1:
            only[within[0]] += 1
    if only["gb2312"] == only["shift_jis"]:
        return ""
    return "CNY" if only["gb2312"] > only["shift_jis"] else "JPY"


def _encodes(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _sign_in(column: str) -> str:
    """The sign or code of a currency that a column's name says, empty for none."""
    for sign in _LONGEST_FIRST:
        if sign[0].isalpha() and sign not in currencies.UNSPACED:
            # Behind k, T, M or t it is in thousands or millions: TEUR, tkr.
            if re.search(rf"(?<![^\W_])[kKmMtT]?{re.escape(sign)}(?![^\W_])", column):
                return sign
        elif sign in column:
            return sign
    for code in re.findall(r"(?<![^\W_])[kKmMT]([A-Z]{3})(?![^\W_])", column):
        if code in currencies.CODES:
            return str(code)
    for word in words(column).split():
        code = _NAMED.get(word, word.upper())
        if code in currencies.CODES and (code in CURRENCIES or word in _NAMED or word.upper() in column):
            return code
    return ""


def _of_places(uses: Sequence[FileUse], stacks: Mapping[str, Stack]) -> tuple[str, str]:
    """The currency of the countries of the rows, and what says so."""
    for use in uses:
        if use.role != "unused" and (name := use.column("country")) and use.role in stacks:
            values = stacks[use.role].texts(name).drop_nulls()
            if code := _of_countries(values.value_counts(sort=True, name="n").rows()):
                top = values.mode().sort()[0]
                return code, f"{top} is the most frequent value of {name} in {use.file}"
    return "", ""


def _of_countries(counts: Sequence[tuple[str, int]]) -> str:
    """The currency of the country that has most of the rows, or that all countries share."""
    total = sum(count for _, count in counts)
    if not total:
        return ""
    money = {_COUNTRY_MONEY.get(str(country).strip().lower(), "") for country, _ in counts}
    top, rows = counts[0]
    code = _COUNTRY_MONEY.get(str(top).strip().lower(), "")
    return code if rows > 0.5 * total or len(money) == 1 else ""
