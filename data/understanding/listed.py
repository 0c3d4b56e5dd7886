"""Lists whose key has no telling name: it holds what a column of the sales names, each once.

A column whose values are the keys of a list is a key, whatever its name says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from data.terms.columns import LOOKUPS, TABLES
from data.understanding.facts import Fact
from data.understanding.meanings import BY_HAND, chosen, fit, meanings
from data.understanding.names import is_marked, number_role, text_role, words
from data.understanding.relating import KeyRelation, is_key, title_of_table
from data.understanding.tables import Table
from data.understanding.types import FileUse, Meaning

LISTS: Final = tuple(role for role in LOOKUPS if role != "orders")

_OF_ENTITY: Final = {
    "product": "products",
    "customer": "customers",
    "place": "territories",
    "category": "categories",
    "subcategory": "subcategories",
}
"""What a name speaks of -> the list of it."""

_LABELS: Final = {
    "products": "product",
    "customers": "name",
    "categories": "category",
    "subcategories": "subcategory",
}
"""List -> the meaning of the text that names its rows."""

_PARTS_OF_NAMES: Final = ("first_name", "last_name")

_KNOWN: Final = 0.8
"""Share of a column's values that a list must have."""

_LEAST_JOINED: Final = 0.3
"""Share of them below which a key that was taken by its name leads nowhere."""


def named_by_keys(
    tables: Sequence[Table],
    file_uses: list[FileUse],
    relations: Sequence[KeyRelation],
    fixed: Mapping[str, str],
    by_hand: Mapping[str, Mapping[str, str]],
) -> list[FileUse]:
    """The uses, of which files whose keys are named by sales, or by lists that sales name, are lists."""
    by_name = {table.name: table for table in tables}
    result = {use.file: use for use in file_uses}
    proven = {(relation.file, relation.column) for relation in relations}
    reached = [use.file for role in ("lines", "orders") for use in file_uses if use.role == role]
    for name in reached:  # Grows by the lists that are found.
        for relation in relations:
            use, own = result[relation.other], result[name]
            role = _role_of(relation, by_name[relation.other])
            key = LOOKUPS.get(role, "")
            if relation.file != name or not key or key not in TABLES[own.role].columns or role == own.role:
                continue
            taken = own.column(key)
            free = taken in (None, relation.column) or (
                (name, taken) not in proven and taken not in by_hand.get(name, {})
            )
            if not free or relation.column in by_hand.get(name, {}):
                continue
            listed = use.file in reached
            if use.role not in ("unused", *LISTS) or (listed and (use.role != role or use.column(key) != relation.key)):
                continue
            if not listed and fixed.get(use.file, role) != role:
                continue
            facts = by_name[use.file].facts
            given = _meanings(facts, role, relation.key, by_hand.get(use.file, {}))
            if not any(item.meaning and column != relation.key for column, item in given.items()):
                continue
            if not listed:
                reached.append(use.file)
                names = f"{relation.column} of {name} names them"
                why = f"Each {relation.key} is there once, and {names}: it describes {role}."
                result[use.file] = replace(use, role=role, evidence=why, meanings=given)
            why = f"Its values are {relation.key} of {use.file}."
            result[name] = replace(own, meanings=chosen(own.meanings, {relation.column: key}, why))
    return [result[use.file] for use in file_uses]


def _role_of(relation: KeyRelation, other: Table) -> str:
    """The list that a relation leads to, by the names of its column, of the other file and of the key there."""
    spoken = (text_role(name) for name in (relation.column, title_of_table(other), relation.key))
    first = next((role for role in spoken if role in _OF_ENTITY or role == "order"), "")
    return _OF_ENTITY.get(first, "")


def named_by_values(
    tables: Sequence[Table],
    file_uses: list[FileUse],
    relations: Sequence[KeyRelation],
    fixed: Mapping[str, str],
    by_hand: Mapping[str, Mapping[str, str]],
) -> list[FileUse]:
    """The uses, of which files that sales name by their values are lists; what names another list is no key of one."""
    by_name = {table.name: table for table in tables}
    result = {use.file: use for use in file_uses}
    names = [use.file for use in file_uses if use.role in ("lines", "orders")]
    for name in names:
        for use in file_uses:
            sales, other = result[name], by_name[use.file]
            if use.role not in ("unused", *LISTS) or use.file in fixed or result[use.file] is not use:
                continue
            if any(_joins(by_name[item], result[item], other, use) for item in names):
                continue
            pair = _names(by_name[name], sales, other, by_hand.get(name, {}))
            if pair is None or any((item.file, item.column) == (use.file, pair[2]) for item in relations):
                continue
            role, column, key = pair
            why = f"Each {key} is there once, and {column} of {name} names them: it describes {role}."
            given = _meanings(other.facts, role, key, by_hand.get(use.file, {}))
            result[use.file] = replace(use, role=role, evidence=why, meanings=given)
            named = chosen(sales.meanings, {column: LOOKUPS[role]}, f"Its values are {key} of {use.file}.")
            result[name] = replace(sales, meanings=named)
    return [result[use.file] for use in file_uses]


def _joins(own: Table, sales: FileUse, other: Table, use: FileUse) -> bool:
    """Whether the key that a list has by its names is one that the sales name."""
    key = use.column(LOOKUPS[use.role]) if use.role in LISTS else None
    column = sales.column(LOOKUPS[use.role]) if use.role in LISTS else None
    return bool(key and column) and own.known_in(column or "", other, key or "") >= _LEAST_JOINED


def _meanings(facts: Sequence[Fact], role: str, key: str, by_hand: Mapping[str, str]) -> dict[str, Meaning]:
    """What the columns of a list mean beside its key: what was taken for the key by its name says what is listed."""
    before = meanings(facts, role)
    given = chosen(before, {key: LOOKUPS[role]}, "Each value is there once, and the sales name them.")
    label = _LABELS.get(role, "")
    if label and not any(item.meaning == label for item in given.values()):
        lost = [name for name, item in before.items() if item.meaning == LOOKUPS[role] and name != key]
        texts = [fact.name for fact in facts if fact.kind == "text" and fact.name != key]
        whole = [name for name in texts if is_marked(name, "name") and text_role(name) not in _PARTS_OF_NAMES]
        texts = [name for name in texts if name in lost] or whole
        given |= {name: Meaning(label, "Its name speaks of it, and it is not the key.", 0.5) for name in texts[:1]}
    return chosen(given, by_hand, BY_HAND) if by_hand else given


def labelled(use: FileUse, by_hand: Mapping[str, str]) -> FileUse:
    """A list of which a column called name, and no other, names its rows."""
    if use.role not in _LABELS:
        return use
    return replace(use, meanings=_meanings(use.facts, use.role, use.column(LOOKUPS[use.role]) or "", by_hand))


def _names(own: Table, sales: FileUse, other: Table, by_hand: Mapping[str, str]) -> tuple[str, str, str] | None:
    """(role, column of the sales, key of the list) where the column names the list's rows."""
    title = text_role(title_of_table(other))
    for key in other.facts:
        if key.kind not in ("text", "whole") or not is_key(other.facts, key.name) or key.distinct < 2 or key.coins:
            continue
        for column in own.facts:
            spoken = text_role(column.name)
            role = _OF_ENTITY.get(spoken, "")
            # Where its name speaks of anything else, that of the list says what it is a key of.
            lying = not role and spoken not in ("order", "currency", "country", "region", "category", "subcategory")
            if lying and column.kind == "text" and key.kind == "text":
                role = _OF_ENTITY.get(title or text_role(key.name), "")
            if not role or column.kind not in ("text", "whole") or column.distinct < 2 or number_role(column.name):
                continue
            if sales.column(LOOKUPS[role]) not in (None, column.name) or column.name in by_hand:
                continue
            # Small whole numbers are found in any list; the names must speak of the same then.
            alike = title == spoken or text_role(key.name) == spoken or words(column.name) == words(key.name)
            describes = role != "territories" or fit(other.facts, role).keys() - {LOOKUPS[role]}
            if describes and (column.kind == "text" or alike) and own.known_in(column.name, other, key.name) >= _KNOWN:
                return role, column.name, key.name
    return None
