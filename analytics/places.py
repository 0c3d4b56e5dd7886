"""Countries by the names people write, so that sales find their place on the map."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import polars as pl

from analytics.countries import CONTINENTS, TABLE
from analytics.country_names import ALIASES

OTHER_LANGUAGES: Final = ("de", "es", "fr", "it", "nl", "pt")
"""Languages whose country names are understood too; they are read when an English look-up finds nothing."""

# "NA" is written for "not available" far more often than for Namibia, which its name and NAM still find.
_NOT_NAMES: Final = frozenset({"", "na"})

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
    return tuple(Country(alpha2, alpha3, code, name, CONTINENTS[where]) for alpha2, alpha3, code, where, name in rows)


def place(name: str | None) -> Country | None:
    """The country that a text means, or None where it means none or could mean several.

    Case, accents, punctuation, a leading "the" and spaces around do not matter; "Korea, Republic of" and
    "Korea (Republic of)" are understood. Two- and three-letter ISO codes count where they are the whole text.
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
    result = (place(name) for name in names)
    ids = [country.numeric if country and country.alpha2 not in _NOT_DRAWN else None for country in result]
    return pl.DataFrame({"name": names, "id": ids}, schema={"name": pl.String, "id": pl.String})


@lru_cache(maxsize=4096)
def _place(name: str) -> Country | None:
    keys = [_plain(name)]
    # "Korea, Republic of", "Korea (North)". Nothing in brackets is dropped: it tells one Korea from the other.
    head, mark, tail = re.sub("[()]", ",", name).partition(",")
    if mark:
        keys.append(_plain(f"{tail} {head}"))
    for index in (_english, _other_languages):
        for key in keys:
            if key not in _NOT_NAMES and key in index():
                return index()[key]
    return None


def _plain(text: str) -> str:
    """A text without case, accents, punctuation, leading "the", and with "and" and "saint" written out."""
    letters = (char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    spelled = "".join(letters).replace("&", " and ")
    # Stops and apostrophes sit inside words (U.S.A., d'Ivoire); all else separates them.
    kept = (char if char.isalnum() else " " for char in spelled if char not in ".'’`")
    words = "".join(kept).split()
    if len(words) > 1:  # ST alone is a code
        words = ["saint" if word == "st" else word for word in words]
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join(words)


@cache
def _english() -> dict[str, Country]:
    """Plain names, aliases and codes -> country."""
    by_code = {country.alpha2: country for country in countries()}
    index = {_plain(alias): by_code[code] for code, aliases in ALIASES.items() for alias in aliases}
    index |= {_plain(country.name): country for country in countries()}
    # Codes come last and take only what is free.
    for country in countries():
        index.setdefault(_plain(country.alpha2), country)
        index.setdefault(_plain(country.alpha3), country)
    return index


@cache
def _other_languages() -> dict[str, Country]:
    """Plain names in other languages -> country, without those that mean different countries in two languages."""
    from babel import Locale

    meant: dict[str, set[Country]] = {}
    for language in OTHER_LANGUAGES:
        territories = Locale(language).territories
        for country in countries():
            meant.setdefault(_plain(territories.get(country.alpha2, "")), set()).add(country)
    return {key: item.pop() for key, item in meant.items() if len(item) == 1}
