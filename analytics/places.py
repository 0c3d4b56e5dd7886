"""Countries by the names people write, so that sales find their place on the map."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import polars as pl

from analytics.countries import ALIASES, CONTINENTS, TABLE

OTHER_LANGUAGES: Final = ("de", "es", "fr", "it", "nl", "pt")
"""Languages whose country names are understood too; they are read when an English look-up finds nothing."""

# "NA" is written for "not available" far more often than for Namibia, which its name and NAM still find.
_NOT_A_CODE: Final = frozenset({"na"})

# The map file leaves Antarctica out: it would take a quarter of the picture and buys little.
_NOT_DRAWN: Final = frozenset({"AQ"})


@dataclass(frozen=True, slots=True)
class Country:
    """One country of ISO 3166-1. `numeric` is text and keeps its zeros ("076"); `continent` is one of seven."""

    alpha2: str
    alpha3: str
    numeric: str
    name: str
    continent: str


@cache
def countries() -> tuple[Country, ...]:
    """All countries, by alpha-2 code."""
    rows = (line.split(" ", 4) for line in TABLE.splitlines())
    return tuple(
        Country(alpha2, alpha3, numeric, name, CONTINENTS[continent]) for alpha2, alpha3, numeric, continent, name in rows
    )


def place(name: str | None) -> Country | None:
    """The country that a text means, or None where it means none or could mean several.

    Case, accents, punctuation, a leading "the" and spaces around do not matter; "Korea, Republic of" and
    "Myanmar (Burma)" are understood. Two- and three-letter ISO codes count where they are the whole text.
    """
    return _place(name) if name else None


def map_ids(names: Iterable[str | None]) -> pl.DataFrame:
    """One row per distinct name, in order of appearance: `name`, `id`.

    `id` is the key of the country's shape in the world map, or null for what cannot be placed on it: list that beside
    the map. Two names may share an id ("England", "Scotland").
    """
    return _map_ids(tuple(dict.fromkeys(name for name in names if name is not None)))


@lru_cache(maxsize=64)
def _map_ids(names: tuple[str, ...]) -> pl.DataFrame:
    found = (place(name) for name in names)
    ids = [country.numeric if country and country.alpha2 not in _NOT_DRAWN else None for country in found]
    return pl.DataFrame({"name": names, "id": ids}, schema={"name": pl.String, "id": pl.String})


@lru_cache(maxsize=4096)
def _place(name: str) -> Country | None:
    keys = [key for key in _keys(name) if key not in _NOT_A_CODE]
    english = _english()
    for key in keys:
        if key in english:
            return english[key]
    if not keys:
        return None
    others = _other_languages()
    return next((others[key] for key in keys if key in others), None)


def _keys(name: str) -> Iterator[str]:
    """Ways to read a name, the literal one first."""
    yield _plain(name)
    if "," in name:  # Korea, Republic of
        head, tail = name.split(",", 1)
        yield _plain(f"{tail} {head}")
    if "(" in name:  # Myanmar (Burma)
        head, _, rest = name.partition("(")
        yield _plain(f"{head} {rest.partition(')')[2]}")


def _plain(text: str) -> str:
    """A text without case, accents, punctuation, leading "the", and with "and" and "saint" written out."""
    letters = (char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    spelled = "".join(letters).replace("&", " and ")
    # Stops and apostrophes sit inside words (U.S.A., d'Ivoire); all else separates them.
    kept = (char if char.isalnum() else " " for char in spelled if char not in ".'’`")
    words = ["saint" if word == "st" else word for word in "".join(kept).split()]
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join(words)


@cache
def _english() -> dict[str, Country]:
    """Plain names, aliases and codes -> country."""
    by_code = {country.alpha2: country for country in countries()}
    index = {_plain(alias): by_code[code] for code, aliases in ALIASES.items() for alias in aliases}
    for country in countries():
        # A name outranks an alias and a code neither: the codes come last and take only what is free.
        index.update(dict.fromkeys(_keys(country.name), country))
    for country in countries():
        for code in (country.alpha2.lower(), country.alpha3.lower()):
            if code not in _NOT_A_CODE:
                index.setdefault(code, country)
    return index


@cache
def _other_languages() -> dict[str, Country]:
    """Plain names in other languages -> country, without those that mean different countries in two languages."""
    from babel import Locale

    meant: dict[str, set[Country]] = {}
    for language in OTHER_LANGUAGES:
        territories = Locale(language).territories
        for country in countries():
            for key in _keys(territories.get(country.alpha2, "")):
                meant.setdefault(key, set()).add(country)
    return {key: next(iter(found)) for key, found in meant.items() if len(found) == 1 and key}
