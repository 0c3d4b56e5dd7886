"""What a known export says of its files: the headers that tell it, what its columns mean, which rows are sales.

Each export is one TOML of this folder, read strictly. It is a help for words only: what it says of a file is taken as
if it had been set by hand, and gives way to a person and to arithmetic.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.errors import DataError
from data.recipe.sections import MISSING, Section
from data.terms.columns import LOOKUPS, TABLES

FOLDER: Final = Path(__file__).parent

ROLES: Final = ("lines", "orders", "returns", *(role for role in LOOKUPS if role != "orders"), "unused")
"""What a table of an export can be."""

POLICIES: Final = {
    "missing_product": ("set_aside", "keep"),
    "negative_price": ("set_aside", "keep", "returns"),
    "negative_quantity": ("set_aside", "returns", "net"),
    "discount": ("amount", "rate", "percent", "per_unit"),
}
"""Policies of a recipe that an export may choose, and their words; a discount is one that is still to be taken off."""

ANSWERS: Final = {"units": ("one",), "orders": ("row", "day", "customer_day")}
"""Questions that an export may answer beforehand."""

_FREE: Final = r"(dimension|segment):[a-z][a-z0-9_]{0,39}"


@dataclass(frozen=True)
class Layout:
    """One table of an export, in one language. Columns are named as `folded` writes them."""

    needs: frozenset[str]
    """Headers that must all be there; there may be more, in any order."""
    role: str
    columns: Mapping[str, str]
    """Column -> meaning."""
    apart: Mapping[str, str]
    """Column that is not counted -> what it is, for people."""
    sales: tuple[str, ...] = ()
    """Values of the status that are sales."""
    returns: tuple[str, ...] = ()
    no_sale: tuple[str, ...] = ()
    others: str = ""
    """`no_sale` where rows with a value of no list are no sale; else what such a value says decides."""


@dataclass(frozen=True)
class Export:
    """One known export."""

    name: str
    """Name of its TOML."""
    says: str
    """What it is called: "a Shopify order export"."""
    title: str
    """Title of a dataset that is made of it."""
    source: str
    """Where its columns are documented."""
    seen: bool
    """Whether a real file has been read with it; else it is known from documents and public samples of headers only."""
    layouts: tuple[Layout, ...]
    notes: tuple[str, ...] = ()
    """What people should know of every such file, one sentence each."""
    policies: Mapping[str, str] | None = None
    """Rule -> what happens to its rows, where another choice than usual is right."""
    answers: Mapping[str, str] | None = None
    """Question -> answer that every such file has; it can still be changed."""


def folded(name: str) -> str:
    """A header as it is compared: without case, quotes, marks at its ends and doubled blanks."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip(" \t\"'\ufeff*")
    return re.sub(r"\s+", " ", plain)


def parse(name: str, text: str) -> Export:
    """An export from the text of its TOML. Raises DataError for whatever it must not say."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}: expected TOML, found {error}.") from None
    section = Section(name, "", content)
    tables = section.take("tables")
    if not isinstance(tables, list) or not tables:
        raise section.wrong("tables", "one [[tables]] or more", tables)
    seen = section.take("seen")
    if not isinstance(seen, bool):
        raise section.wrong("seen", "true or false", seen)
    export = Export(
        name=name.removesuffix(".toml"),
        says=section.text("says", pattern=r"an? .+", expected="what it is called, such as 'a Shopify order export'"),
        title=section.text("title"),
        source=section.text("source", pattern=r"https://\S+", expected="an address of https"),
        seen=seen,
        layouts=tuple(_layout(name, number, table) for number, table in enumerate(tables, start=1)),
        notes=section.texts("notes"),
        policies=_words(section.section("policies"), POLICIES),
        answers=_words(section.section("answers"), ANSWERS),
    )
    section.finish()
    return export


def _words(section: Section, known: Mapping[str, Any]) -> dict[str, str]:
    words = {key: section.choice(key, tuple(known[key]), "") for key in section.left() if key in known}
    section.finish()
    return words


def _layout(name: str, number: int, content: object) -> Layout:
    section = Section(name, f"tables.{number}", content)
    needs = section.texts("needs")
    if len(needs) < 2:
        raise section.wrong("needs", "two headers or more", needs)
    role = section.choice("role", ROLES, "")
    if not role:
        raise section.wrong("role", " or ".join(ROLES), MISSING)
    columns, apart = _texts(section.section("columns")), _texts(section.section("apart"))
    if both := sorted(set(columns) & set(apart)):
        raise section.wrong("apart", "no column that has a meaning", both[0])
    for column, meaning in columns.items():
        if meaning not in _meanings(role) and not (_free(role) and re.fullmatch(_FREE, meaning)):
            raise section.wrong("columns", f"a meaning that {role} can have for {column!r}", meaning)
    if len({*columns.values()}) < len(columns):
        raise section.wrong("columns", "each meaning once", sorted(columns.values()))
    rows = section.section("rows")
    lists = {key: rows.texts(key) for key in ("sales", "returns", "no_sale")}
    others = rows.choice("others", ("no_sale",), "")
    rows.finish()
    if any(lists.values()) and "status" not in columns.values():
        raise section.wrong("rows", "a column with the meaning 'status'", sorted(columns.values()))
    section.finish()
    return Layout(frozenset(map(folded, needs)), role, columns, apart, **lists, others=others)


def _meanings(role: str) -> tuple[str, ...]:
    return TABLES[role].columns if role in TABLES else ()


def _free(role: str) -> bool:
    return role in TABLES and bool(TABLES[role].free)


def _texts(section: Section) -> dict[str, str]:
    return {folded(key): section.text(key) for key in section.left()}


@cache
def shipped() -> tuple[Export, ...]:
    """The exports that come with the app."""
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(parse(file.name, file.read_text(encoding="utf-8")) for file in files)
