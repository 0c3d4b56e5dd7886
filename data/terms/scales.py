"""Words that say what one of a number stands for: thousands in TEUR, millions in 1.2M, hundredths in cents."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from data.terms.currencies import CODES, SIGNS

TIMES: Final = (0.001, 0.01, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
"""What a number may be multiplied by."""

_BEHIND: Final = {
    1_000: r"(?:[kK]|\s?(?i:tsd|tausend|thousand|mille|тыс|tys))\b|\s?千",
    10_000: r"\s?[万萬만]",
    100_000: r"\s?(?i:lakhs?|lacs?)\b",
    1_000_000: r"(?:M|\s?(?i:mio|mln|mn|million(?:s|en)?|millones|milhões|milioni|miljoner|млн))\b|\s?百万",
    10_000_000: r"\s?(?i:crores?)\b",
    100_000_000: r"\s?[億亿억]",
    1_000_000_000: r"(?:B|\s?(?i:bn|mrd|billions?|млрд))\b",
}
"""Times -> what stands behind the digits of a cell; a single letter without a blank, since 5 M may be metres."""

SCALE: Final = rf"\d({'|'.join(_BEHIND.values())})"
"""Digits with such a word behind them."""

_MONEY: Final = "|".join(re.escape(sign) for sign in sorted({*SIGNS, *CODES, "Kr", "KR"}, key=len, reverse=True))
_HALF: Final = rf"(?:{_MONEY})"

_NAMED: Final = {
    1_000: rf"(?<![^\W_])(?:k|K|T|t)[ .]?{_HALF}(?![^\W_])|{_HALF}[ .]?[kK](?![^\W_])|(?<![^\W_])k(?![^\W_])"
    r"|(?<!\d)[’'´]?000s?(?![^\W_])|(?<![^\W_])(?i:thousands?|tsd|tausend|milliers|miles(?= de)|migliaia|duizend(?:en)?"
    r"|tys|тыс\w*|tusen\w*|tusind\w*|tisíc\w*|ezer)(?![^\W_])|(?<![^\W_])(?:bin TL|R\$ mil|em mil|mil R\$|tkr)"
    r"(?![^\W_])|千[円元]|천원",
    10_000: r"[万萬][円元]|만원",
    100_000: r"(?<![^\W_])(?i:lakhs?|lacs?)(?![^\W_])",
    1_000_000: rf"(?<![^\W_])(?:m|M|mn|Mn|Mio\.?|mio|mln)[ .]?{_HALF}(?![^\W_])|{_HALF}[ .]?(?:m|M|mn|Mn|mio|Mio|mln)"
    r"(?![^\W_])|(?<![^\W_])(?i:millions?|millionen|mio|mln|millones|milhões|milioni|miljoen|miljoner|млн)(?![^\W_])"
    r"|百万",
    10_000_000: r"(?<![^\W_])(?i:crores?)(?![^\W_])",
    100_000_000: r"[億亿][円元]",
    1_000_000_000: r"(?<![^\W_])(?i:billions?|bn|mrd|milliarden|milliards|млрд)(?![^\W_])",
}
"""Times -> what a column's name says."""

_HUNDREDTHS: Final = (
    r"(?<![^\W_])(?i:cents?|ct|pence|pennies|centimes|centavos|céntimos|centimos|centesimi|öre|øre|grosz[ye]|groszach"
    r"|kopecks|копе\w+|paise|kuruş|minor units?)(?![^\W_])"
)

_OF_MANY: Final = (
    r"(?<![^\W_])(?i:per|je|pro|par|pour|por|for|za|av|za|на|за|a|à|á|pr)\.?\s(?i:(100|hundred|hundert|cent|cien|cento)|"
    r"(1[.,' ]?000|thousand|tausend|mille?|mil))(?![^\W_])|[/／](?:(100)|(1[.,' ]?000))(?!\d)"
)
"""A price of a hundred or a thousand pieces."""


def of_name(name: str, *, whole: bool) -> float:
    """What a number of a column so named is to be multiplied by; hundredths are whole numbers."""
    if found := re.search(_OF_MANY, name):
        return 0.01 if found[1] or found[3] else 0.001
    if whole and re.search(_HUNDREDTHS, name.replace("_", " ")):
        return 0.01
    spaced = name.replace("_", " ")
    return next((times for times, pattern in sorted(_NAMED.items(), reverse=True) if re.search(pattern, spaced)), 1)


def scaled(text: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """The digits of a text, multiplied by what the word behind them in that text says."""
    word = text.str.extract(SCALE)
    value = pl.when(word.is_not_null()).then(digits).cast(pl.Decimal(38, 9), strict=False)
    result: pl.Expr = digits
    for times, pattern in _BEHIND.items():
        many = (value * pl.lit(times, pl.Decimal(38, 0))).cast(pl.String).str.replace(r"\.?0*$", "")
        result = pl.when(word.str.contains(rf"^(?:{pattern})$")).then(many).otherwise(result)
    return result
