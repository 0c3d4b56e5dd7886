"""What names suggest: a column's name as words, how well it fits a meaning, which role of a number it speaks for.

Names are only a prior: what the numbers prove wins.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.terms.currencies import CODES

TABLE: Final = Path(__file__).parent / "synonyms.toml"
STEMS: Final = Path(__file__).parent / "stems.toml"

EXACT: Final = 1.0
"""The name is one of the table's."""

PART: Final = 0.6
"""The name holds one of the table's of two words or more."""

STEM: Final = 0.4
"""A word of the name begins like one that is usual for the meaning."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD: Final = re.compile(r"[^\W_]+|%|#|№")


def words(name: str) -> str:
    """A name as small words without accents: 'OrderNo.', 'order_no' and 'Nº Ordér' become such as 'order no'."""
    spaced = unicodedata.normalize("NFKD", _HUMP.sub(" ", name))
    bare = "".join(sign for sign in spaced if not unicodedata.combining(sign) or ord(sign) > 0x3000)
    low = unicodedata.normalize("NFKC", bare).lower().translate(_LETTERS)
    return " ".join(re.findall(r"[^\W_]+", low))


_LETTERS: Final = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "º": "o"})


@cache
def core(name: str) -> str:
    """A name's words without its currency or unit: 'Amount (EUR)' and 'Umsatz in €' are 'amount', 'umsatz'."""
    bare = re.sub(r"[(\[{][^)\]}]*[)\]}]", " ", name)
    kept = [word for word in words(bare).split() if word.upper() not in CODES]
    text = " ".join(kept)
    return re.sub(r" (in|en|per)$", "", text) or words(name)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Meaning -> every name of it, over all languages, the most usual first."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        meaning: tuple(dict.fromkeys(words(name) for names in languages.values() for name in names))
        for meaning, languages in table.items()
    }


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(STEMS.read_text(encoding="utf-8"))


def side_tables() -> dict[str, list[list[str]]]:
    """Pairs of sides of a ledger, by how sure they are."""
    sides: dict[str, list[list[str]]] = _tables()["sides"]
    return sides


def _pattern(stems: list[str]) -> re.Pattern[str]:
    """Stems as one pattern: at the beginning of a word, behind "~" anywhere, between "^" and "$" the whole text.

    Other scripts have no blanks, so that their stems are looked for anywhere.
    """
    parts = []
    for stem in stems:
        anywhere = stem.startswith("~") or ord(stem.lstrip("^~")[0]) > 0x2E00
        bare = stem.removeprefix("~")
        if not bare.startswith("^"):
            bare = re.sub(r"\$$", r"(?![^\\W_])", bare)
        parts.append(bare if anywhere or bare.startswith("^") else rf"(?<![^\W_]){bare}")
    return re.compile("|".join(parts))


@cache
def _roles(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = _tables()[kind]
    return tuple(
        (row["role"], _pattern([stem for language, stems in row.items() if language != "role" for stem in stems]))
        for row in rows
    )


@cache
def _group(table: str, key: str) -> re.Pattern[str]:
    return _pattern([words(stem) if table == "marks" and stem not in "%#" else stem for stem in _tables()[table][key]])


def _first(kind: str, text: str) -> str:
    return next((role for role, pattern in _roles(kind) if pattern.search(text)), "")


@cache
def number_role(name: str) -> str:
    """The role that a number's name speaks for: quantity, price, amount, discount, tax, ...; empty where none."""
    role = _first("numbers", core(name)) or _first("numbers", core(name.lower()))
    if role not in ("tax", "discount", "shipping", "fee"):
        return role
    # "Total incl. VAT", "vor Rabatt" and "Avant commission" are amounts; what they say of tax or discount is neither.
    bare = _beside().sub(" ", words(name))
    return (_first("numbers", bare) or "amount") if bare != words(name) else role


@cache
def also_speaks_of(name: str, role: str) -> bool:
    """Whether a part of a number's name speaks for a role, whatever the rest of it says: 'qty' of 'Qty returned'."""
    return any(pattern.search(core(name)) for known, pattern in _roles("numbers") if known == role)


@cache
def _beside() -> re.Pattern[str]:
    """How a name says that an amount is with or without tax, discount, shipping or fees; that part says no more."""
    known = {key: "|".join(texts) for key, texts in _tables()["beside"].items()}
    before = rf"({known['before']})( ({known['articles']}))*( [^\W_]+)? ({known['what']})"
    behind = rf"({known['what']}) ({known['behind']})"
    return re.compile(rf"(?<![^\W_])({before}|{behind})(?![^\W_])|{known['anywhere']}")


@cache
def text_role(name: str) -> str:
    """What a text's name speaks of: order, customer, product, country, status, ...; empty where nothing."""
    return _first("texts", core(name)) or _first("texts", core(name.lower()))


@cache
def is_state_name(name: str) -> bool:
    """Whether a name says that values are states that something is in, such as Status."""
    return bool(_group("values", "states").search(words(name)))


@cache
def date_role(name: str) -> str:
    """`sold` for the day of a sale, `late` for a later day such as of shipping; empty for another date."""
    return _first("dates", words(name))


@cache
def is_date_name(name: str) -> bool:
    """Whether a name says that a column holds days."""
    return bool(_DATE_NAME.search(words(name))) or likeness_of_date(name)


_DATE_NAME: Final = re.compile(
    r"\bdat(e|um|a|es|en|ums|o)?\b|date|dato\b|datum|\bfecha|\btag\b|\bday\b|\bjour\b|\bdia\b|\bgiorno\b|\bdag\b|created|time|"
    r"\b(sold|ordered|placed|paid|booked|issued|invoiced|bought|purchased) (on|at)\b|"
    r"\bzeit|\bheure|hora\b|\bdzien\b|tarih|paiva|\bden\b|\bwhen\b|дата|день|日$|日付|日期|時|时间|날짜|일자|일$|تاريخ|תאריך|ημερομηνια"
)


@cache
def names_period(name: str) -> bool:
    """Whether a name says that a column holds days or longer periods, such as Mes, Periodo or 年月."""
    return (
        is_date_name(name)
        or number_role(name) == "period"
        or bool(_pattern(_tables()["marks"]["period"]).search(words(name)))
    )


@cache
def period_part(name: str) -> str:
    """Whether a name is that of a `year`, a `month` or a `day` of the month; empty where it is none."""
    own = set(words(name).split())
    return next((part for part, known in _tables()["periods"].items() if own and own & {words(n) for n in known}), "")


def likeness_of_date(name: str) -> bool:
    """Whether a name is a usual one of an order's date."""
    return likeness(name, "ordered_on") >= PART


@cache
def is_marked(name: str, mark: str) -> bool:
    """Whether a name has a mark: `key`, `name`, `percent`, `with_tax`, `without_tax`, `netted`, `gross`, ..."""
    text = words(name)
    own = text.split()
    if mark in ("key", "name"):
        known = _tables()["marks"]
        ends = tuple(words(end) or end for end in known[f"{mark}_ends"])
        ended = text.endswith(ends) and not set(own[-1:]) & set(known["no_ends"])
        return bool(set(own) & set(known[mark])) or ("#" in name and mark == "key") or ended
    if mark == "percent" and "%" in name:
        return True
    listed = _tables()["marks"][mark]
    return any(f" {words(item)} " in f" {text} " or (ord(item[0]) > 0x2E00 and item in text) for item in listed)


@cache
def bare_key(name: str) -> bool:
    """Whether a name says that a column holds keys and not of what, as ID, Nr. or 番号 do."""
    known = {*_tables()["marks"]["key"], *map(words, _tables()["marks"]["key_ends"])}
    own = words(name).split()
    return bool(own) and set(own) <= known


def speaks_of(text: str, what: str) -> bool:
    """Whether a value (`sale`, `open`, `no_sale`, ...) or a file's name (`returns_files`) speaks of something."""
    return bool(_group("values", what).search(words(text)))


@cache
def likeness(name: str, meaning: str) -> float:
    """How well a column's name fits a meaning, 0 where it does not; earlier names of the table count for more."""
    plain = core(name)
    names = synonyms().get(meaning, ())
    closed = plain.replace(" ", "")
    for rank, known in enumerate(names):
        if closed == known.replace(" ", ""):
            return EXACT + 0.04 * (1 - rank / len(names))
    padded = f" {plain} "
    # One word inside a longer name says too little: 'order line item' is no order.
    best = max((len(known) for known in names if " " in known and f" {known} " in padded), default=0)
    if best:
        return PART + 0.001 * best
    return STEM if meaning in _stem_meanings(name) else 0.0


_ENTITY: Final = {
    "order": ("order_id", "order_id"),
    "customer": ("customer_id", "name"),
    "product": ("product_id", "product"),
    "category": ("category_id", "category"),
    "subcategory": ("subcategory_id", "subcategory"),
    "region": ("territory_id", "region"),
    "country": ("territory_id", "country"),
    "company": ("customer_id", "name"),
}
"""What a name speaks of -> its meaning as a key, and as a name."""


@cache
def _stem_meanings(name: str) -> frozenset[str]:
    role = text_role(name)
    if role in _ENTITY:
        key, named = _ENTITY[role]
        if is_marked(name, "key") and not is_marked(name, "name"):
            return frozenset({key})
        return frozenset({named, "customer_id"}) if role == "customer" else frozenset({named})
    return frozenset({role}) if role else frozenset()


def slug(name: str) -> str:
    """A name as a recipe's further column may bear it: small letters, digits and _; empty where none are left."""
    ascii_words = re.findall(r"[a-z0-9]+", words(name))
    made = "_".join(ascii_words)[:40].strip("_")
    made = made if made[:1].isalpha() else f"c_{made}" if made else ""
    return f"{made[:-3]}_code" if made.endswith("_id") else made
