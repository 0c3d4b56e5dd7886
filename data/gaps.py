"""What is still missing before files can be prepared, in a shop owner's words, each with what could fill it.

A recipe is read strictly and says which of its keys is wrong; whoever chooses by lists has no keys, so the same
conditions are looked at here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS
from data.terms.columns import LOOKUPS
from data.understanding import called
from data.understanding.facts import Fact
from data.understanding.missing import money_candidates, unread_date_columns, unread_dates
from data.understanding.types import Choices, FileUse, Understanding

_MOST: Final = 3
"""Columns that are offered for one gap."""

_NEEDED: Final = {
    "returns": (("returned_on", "date"), ("quantity", "number"), ("product_id", "text")),
    "targets": (("month", "month"), ("revenue", "number")),
    "categories": (("category", "text"),),
}
"""Role -> what it cannot be without, with the kind of column that could be it."""

_INSTEAD: Final = {"product_id": ("product",)}
_HOLDS: Final = {"date": "dates", "number": "numbers", "text": "texts", "month": "what may be months"}


@dataclass(frozen=True)
class Offer:
    """One way to fill a gap: a column with a meaning, or a file with a use."""

    label: str
    file: str
    column: str = ""
    """Empty where it is about the whole file."""
    becomes: str = ""
    """The meaning of the column, empty for none; or the use of the file."""


@dataclass(frozen=True)
class Gap:
    """Something that is missing."""

    sentence: str
    offers: tuple[Offer, ...] = ()


def gaps(understanding: Understanding, choices: Choices) -> list[Gap]:
    """What is missing, the most important first; nothing where all can be prepared."""
    if not understanding.content:
        return list(_of_lines(understanding)) or [Gap(understanding.missing)]
    content = understanding.recipe(choices)
    mapped = {role: set(content[role].get("columns", {})) for role in ("lines", *LOOKUPS, *_NEEDED) if role in content}
    return [
        *_too_little(understanding, mapped),
        *_apart(understanding, mapped),
        *_twice(understanding, mapped),
    ]


def in_plain_words(sentence: str) -> str:
    """A refusal of a recipe without the name of its key."""
    place = re.match(r"recipe, key [^:]*: ", sentence)
    if not place:
        return sentence
    rest = sentence[place.end() :]
    return f"What was chosen does not fit together yet: {rest} Choose another meaning or use below."


def _columns(use: FileUse, kind: str) -> list[str]:
    """Columns of a kind, those that mean nothing yet first."""
    names = [fact.name for fact in use.facts if _fits(fact, kind)]
    return sorted(names, key=lambda name: bool(use.meanings[name].meaning))[:_MOST]


def _money(use: FileUse) -> list[str]:
    """Columns that may be money; where none looks so, any numbers."""
    return money_candidates(use)[:_MOST] or _columns(use, "number")


def _fits(fact: Fact, kind: str) -> bool:
    if kind == "number":
        return fact.numeric
    if kind == "month":
        return fact.kind in ("date", "text", "whole")
    return fact.kind == "date" if kind == "date" else fact.kind in ("text", "whole")


def _gap(use: FileUse, meaning: str, kind: str) -> Gap:
    what = called.meaning(meaning).lower()
    names = _money(use) if meaning in ("revenue", "amount") else _columns(use, kind)
    offers = tuple(Offer(f"Use '{name}' as the {what}", use.file, name, meaning) for name in names)
    start = f"{use.file}: no column was taken as the {what}."
    if kind == "date" and not names and (unread := unread_date_columns(use)):
        offers = tuple(Offer(f"Use '{name}' as the {what}", use.file, name, meaning) for name in unread)
        return Gap(" ".join(unread_dates(use)), offers)
    if not names:
        return Gap(f"{start} No column holds {_HOLDS[kind]}: drop an export that has one.")
    listing = " or ".join(f"'{name}'" for name in names)
    ask = "holds {}; use it?" if len(names) == 1 else "hold {}; use one of them?"
    return Gap(f"{start} {listing} {ask.format(_HOLDS[kind])}", offers)


def _of_lines(understanding: Understanding) -> Iterator[Gap]:
    """What the order lines lack, or which file could be them."""
    lines = understanding.of("lines")
    dated = any(use.column("ordered_on") for use in understanding.of("orders"))
    for use in lines:
        if not use.column("ordered_on") and not dated:
            yield _gap(use, "ordered_on", "date")
            yield from _orders_left_out(understanding, use)
        elif not use.column("revenue") and not use.column("unit_price"):
            yield _gap(use, "revenue", "number")
        else:
            names = _money(use)
            yield Gap(
                f"{use.file}: which column is the money of a line? Their names and numbers do not say.",
                tuple(Offer(f"Use '{name}' as the revenue", use.file, name, "revenue") for name in names),
            )
    if lines:
        return
    for use in understanding.files:
        if use.facts and _columns(use, "date") and _columns(use, "number"):
            yield Gap(
                f"{use.file} was not taken for your sales ({use.evidence.rstrip('.')}). It has dates and numbers: are "
                "these its sales, one row for each item sold?",
                (Offer(f"Yes, use {use.file} as the sales", use.file, "", "lines"),),
            )
        elif use.facts and (unread := unread_date_columns(use)) and _columns(use, "number"):
            offers = (Offer(f"Use '{name}' as the order date", use.file, name, "ordered_on") for name in unread)
            yield Gap(" ".join(unread_dates(use)), tuple(offers))


def _orders_left_out(understanding: Understanding, lines: FileUse) -> Iterator[Gap]:
    """Files with dates that could be the orders of lines without any."""
    for use in understanding.of("unused"):
        if _columns(use, "date"):
            yield Gap(
                f"{use.file} is left out, and it has dates: are its rows the orders of the lines in {lines.file}?",
                (Offer(f"Yes, use {use.file} as the orders", use.file, "", "orders"),),
            )


def _too_little(understanding: Understanding, mapped: Mapping[str, set[str]]) -> Iterator[Gap]:
    for role, needed in _NEEDED.items():
        if role not in mapped:
            continue
        use = understanding.of(role)[0]
        for meaning, kind in needed:
            if not {meaning, *_INSTEAD.get(meaning, ())} & mapped[role]:
                yield _or_without(_gap(use, meaning, kind), use)
    for role, key in LOOKUPS.items():
        uses = understanding.of(role)
        if uses and not uses[0].column(key):
            yield _or_without(_gap(uses[0], key, "text"), uses[0])
        elif uses and role not in mapped:
            yield _or_without(_strangers(understanding, uses[0], key), uses[0])
    lines = understanding.of("lines")[0]
    if "products" in mapped and not (mapped["lines"] | mapped.get("orders", set())) & {"product_id", "product"}:
        yield _gap(lines, "product_id", "text")
    back = understanding.of("returns")
    if back and "amount" not in mapped["returns"] and "unit_price" not in mapped.get("products", set()):
        yield _gap(back[0], "amount", "number")


def _strangers(found: Understanding, use: FileUse, key: str) -> Gap:
    """A list whose keys no other file names: another column of it may be the key, or one of the sales."""
    what, own, lines = called.meaning(key).lower(), use.column(key), found.of("lines")[0]
    sentence = f"{use.file}: '{own}' is taken as the {what}, but hardly any of its values stand in the other files."
    names = [name for name in _columns(use, "text") if name != own]
    offers = [Offer(f"Use '{name}' as the {what}", use.file, name, key) for name in names]
    named = lines.column(key)
    if named is None:
        held = lines.column("product") if key == "product_id" else None
        names = [held] if held else _columns(lines, "text")
        offers += [Offer(f"Use '{name}' of the sales as the {what}", lines.file, name, key) for name in names]
    return Gap(f"{sentence} Which column names the same?" if offers else sentence, tuple(offers))


def _or_without(gap: Gap, use: FileUse) -> Gap:
    """A gap of a file that can be left out as well."""
    return replace(gap, offers=(*gap.offers, Offer(f"Leave {use.file} out", use.file, "", "unused")))


def _apart(understanding: Understanding, mapped: Mapping[str, set[str]]) -> Iterator[Gap]:
    """Lists that nothing names, and keys that lead nowhere."""
    for role, key in LOOKUPS.items():
        uses = understanding.of(role)
        users = [user for user, columns in mapped.items() if key in columns]
        if uses and role in mapped and not users:
            what = called.meaning(key).lower()
            lines = understanding.of("lines")[0]
            use = uses[0]
            offers = (
                Offer(f"Leave {use.file} out", use.file, "", "unused"),
                *(Offer(f"Use '{n}' of the sales as the {what}", lines.file, n, key) for n in _columns(lines, "text")),
            )
            sentence = f"{use.file} describes {called.ROLES[role].lower()}, but no column of the sales is the {what}."
            yield Gap(sentence, offers)
        if role not in mapped and users and key in ("territory_id", "category_id", "subcategory_id"):
            use = next(file_use for file_use in understanding.files if file_use.role == users[0])
            column = use.column(key) or ""
            sentence = (
                f"{use.file}: '{column}' is a {called.meaning(key).lower()}, but no file lists what it stands for."
            )
            yield Gap(sentence, (Offer(f"Do without '{column}'", use.file, column, ""),))


def _twice(understanding: Understanding, mapped: Mapping[str, set[str]]) -> Iterator[Gap]:
    """Meanings that only one column of all files can have."""
    lines = understanding.of("lines")[0]
    for group in (("cost", "unit_cost", "profit"), ("revenue", "unit_price")):
        both = [name for name in group if name in mapped["lines"]]
        if len(both) > 1:
            words = " and ".join(called.meaning(name).lower() for name in both)
            offers = _without(lines, both)
            yield Gap(f"{lines.file}: {words} say the same money twice. Keep one of them.", offers)
    for roles, names in (
        (("lines", "products", "subcategories", "categories"), PRODUCT_LEVELS),
        (("lines", "orders", "customers", "territories"), (*GEOGRAPHY, "territory_id")),
    ):
        for name in names:
            users = [role for role in roles if name in mapped.get(role, ())]
            uses = [use for role in users for use in understanding.of(role)[:1]]
            if len(users) > 1 and len(uses) == len(users):
                files = " and ".join(use.file for use in uses)
                sentence = f"{called.meaning(name)} stands in {files}. Keep one of them."
                yield Gap(sentence, tuple(offer for use in uses for offer in _without(use, [name])))


def _without(use: FileUse, names: Sequence[str]) -> tuple[Offer, ...]:
    columns = [(use.column(name), name) for name in names]
    return tuple(Offer(f"Do without '{column}' of {use.file}", use.file, column, "") for column, _ in columns if column)


def filled(choices: Choices, offer: Offer) -> dict[str, Any]:
    """What an offer changes in the choices."""
    if not offer.column:
        meanings = {file: columns for file, columns in choices.meanings.items() if file != offer.file}
        return {"roles": {**choices.roles, offer.file: offer.becomes}, "meanings": meanings}
    own = dict(choices.meanings.get(offer.file, {}))
    if offer.becomes:
        own = {column: "" if meaning == offer.becomes else meaning for column, meaning in own.items()}
    return {"meanings": {**choices.meanings, offer.file: {**own, offer.column: offer.becomes}}}
