"""Which file plays which role: order lines, the orders they belong to, returns, targets, or a list that others name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from data.terms.columns import LOOKUPS, TABLES
from data.understanding.facts import Fact
from data.understanding.listed import LISTS, labelled, named_by_keys, named_by_values
from data.understanding.meanings import BY_HAND, MOST_MEMBERS, chosen, fit, meanings
from data.understanding.names import EXACT, likeness, number_role, speaks_of, text_role, words
from data.understanding.relating import KeyRelation, is_key, relations_of, title_of_table
from data.understanding.tables import Table
from data.understanding.types import FileUse, Meaning

ROLES: Final = ("lines", "orders", *(role for role in TABLES if role not in ("lines", "orders")), "unused")
"""What a file can be; `unused` files are left alone."""

_MONEY: Final = ("quantity", "revenue", "unit_price")


def uses(
    tables: Sequence[Table], fixed: Mapping[str, str], by_hand: Mapping[str, Mapping[str, str]]
) -> list[FileUse]:  # fmt: skip
    """The role and meanings of each file; those `fixed` or set `by_hand`, by file name, were chosen."""
    relations, result = relations_of(tables), []
    naming = {table.name: {item.column for item in relations if item.file == table.name} for table in tables}
    for table in tables:
        role, why = (
            (fixed[table.name], BY_HAND)
            if table.name in fixed
            else _role(table, naming[table.name], lone=len(tables) == 1)
        )
        if by_hand.get(table.name) and role == "unused" and table.name not in fixed:
            role, why = "lines", "Columns were chosen by hand."
        result.append(_use(table, role, why, by_hand.get(table.name, {})))
    if not any(use.role == "lines" for use in result):
        result = [_alone(table, use, fixed, by_hand) for table, use in zip(tables, result, strict=True)]
    result = _headers(tables, result, relations, fixed, by_hand)
    result = [_numbered(use, relations, by_hand.get(use.file, {})) for use in result]
    result = named_by_keys(tables, result, relations, fixed, by_hand)
    result = named_by_values(tables, result, relations, fixed, by_hand)
    return [labelled(use, by_hand.get(use.file, {})) for use in _only_joined(result, fixed)]


def _use(table: Table, role: str, why: str, by_hand: Mapping[str, str]) -> FileUse:
    given = chosen(meanings(table.facts, role), by_hand) if role != "unused" else meanings(table.facts, role)
    return FileUse(table.name, role, why, table.rows, given, table.facts, tuple(table.sentences))


def _alone(table: Table, use: FileUse, fixed: Mapping[str, str], by_hand: Mapping[str, Mapping[str, str]]) -> FileUse:
    """A file beside which no other holds sales: its name alone makes it neither returns nor targets."""
    if use.role not in ("returns", "targets") or use.file in fixed:
        return use
    role, why = _role(table, titled=False)
    # Money that is all called a target is one, whatever the file's name.
    sold = any(
        fact.numeric
        and number_role(fact.name) != "target"
        and (fact.kind == "number" or number_role(fact.name) == "amount")
        for fact in table.facts
    )
    return _use(table, role, why, by_hand.get(table.name, {})) if role == "lines" and sold else use


def _role(table: Table, naming: Collection[str] = (), *, titled: bool = True, lone: bool = False) -> tuple[str, str]:
    """The role that a file's names, types and values speak for; its own name counts where `titled`.

    `naming` are columns that name the rows of other files: it is no list of those. A `lone` file with days is no
    list of products, which nothing would join, and one of customers only where it has each of them once.
    """
    title = words(re.sub(r"\.\w{1,8}$", "", table.name)) if titled else ""
    facts = table.facts
    if not table.rows or len(facts) < 2:
        return "unused", "It has no rows, or a single column."
    result = {role: fit(facts, role) for role in ROLES if role != "unused"}
    lines = result["lines"]
    buys = [lines[meaning] for meaning in _MONEY if meaning in lines]
    back = result["returns"].get("returned_on")
    named = bool(back and likeness(back, "returned_on") > 0 and likeness(back, "ordered_on") < EXACT)
    called = speaks_of(title, "returns_files")
    what = {"product_id", "product", "order_id"} & set(result["returns"])
    if "quantity" in result["returns"] and what and back and (called or named) and not _sells(facts):
        return "returns", f"It has a date and a quantity, and {'its name' if called else back} speaks of returns."
    if _titled_targets(title) and {"month", "revenue"} <= set(result["targets"]):
        return "targets", "Its name speaks of targets, and it has months and money."
    who = {"order_id", "customer_id", "product_id", "product", "name"} & set(lines)
    # A short file of orders may name each product or customer once; a list of them has no orders.
    sells = (
        "ordered_on" in lines and bool(buys) and bool({"order_id", "quantity", "revenue"} & set(lines)) and bool(who)
    )
    if not sells:
        for role in LISTS:
            column = result[role].get(LOOKUPS[role])
            once = lone and "ordered_on" in lines  # Sales name some customer twice, a list of them none.
            if once and role != "customers":
                continue
            key = column and column not in naming and is_key(facts, column, every=once)
            if column and key and _describes(role, result[role], facts):
                return role, f"Each {column} is there once, so the file describes {role} that others name by it."
    if "ordered_on" in lines and (buys or _has_money(facts)):
        listing = ", ".join(lines[meaning] for meaning in ("ordered_on", *sorted(who), *_MONEY) if meaning in lines)
        return "lines", f"It has a date, something bought and how much: {listing}."
    if buys and {"order_id"} & set(lines) and {"product_id", "product"} & set(lines):
        return "lines", f"It has products, orders and how much: {', '.join(buys)}."
    return "unused", "It has not what order lines, returns, targets or a list of products or customers need."


def _titled_targets(title: str) -> bool:
    return bool(re.search(r"\b(targets?|budgets?|goals?|quotas?|plan|ziele?|objectifs?|objetivos?|metas?)\b", title))


def _sells(facts: Sequence[Fact]) -> bool:
    """Whether rows have an amount of their own beside the money that was given back."""
    roles = [number_role(fact.name) for fact in facts if fact.numeric]
    return "refund" in roles and "amount" in roles and "price" in roles


def _has_money(facts: Sequence[Fact]) -> bool:
    return any(fact.numeric and (fact.coins or fact.kind == "number") for fact in facts)


def _describes(role: str, result: Mapping[str, str], facts: Sequence[Fact]) -> bool:
    """Whether a file with the key of a list has anything to say about it, and is no list of sales."""
    more = set(result) - {LOOKUPS[role]}
    if role == "customers":
        dated = any(fact.kind == "date" and likeness(fact.name, "ordered_on") >= EXACT for fact in facts)
        texts = any(fact.kind == "text" and 1 < fact.distinct <= MOST_MEMBERS for fact in facts)
        return not dated and len(facts) > 1 and (bool(more) or texts)
    return bool(more)


# --- Files together ---------------------------------------------------------------------------------------------------


def _headers(
    tables: Sequence[Table],
    file_uses: list[FileUse],
    relations: Sequence[KeyRelation],
    fixed: Mapping[str, str],
    by_hand: Mapping[str, Mapping[str, str]],
) -> list[FileUse]:
    """Orders in one file and their items in another: the items are the lines."""
    by_name = {table.name: table for table in tables}
    for items in file_uses:
        own = by_name[items.file]
        sold = {"product_id", "product", "quantity", "unit_price"} & set(fit(own.facts, "lines"))
        if items.role not in ("lines", "unused") or not sold or fixed.get(items.file, "lines") != "lines":
            continue
        # Payments name each order once, too; the orders themselves say when, and most of who and where.
        for header in sorted(file_uses, key=lambda use: _knowledge(by_name[use.file]), reverse=True):
            other = by_name[header.file]
            role = fixed.get(other.name, "orders")
            if header is items or role != "orders" or header.role in ("returns", "targets"):
                continue
            pair = _order_of_items(own, items, other, relations)
            if pair is None or (_pays(other) and {"ordered_on"} & set(fit(own.facts, "lines"))):
                continue
            key, order = pair
            # An item's own product says that it is the narrower of both.
            narrower = own.rows >= other.rows or not {"product_id", "product"} & set(fit(other.facts, "lines"))
            proven = any((item.file, item.column) == (own.name, key) for item in relations)
            each_once = own.fact(key).distinct == own.fact(key).filled and not proven
            if not narrower or not is_key(other.facts, order) or (each_once and own.rows > other.rows):
                continue
            if own.known_in(key, other, order) < 0.8:
                continue
            why = f"Each {order} is there once, and {items.file} has the items of these orders by {key}."
            header_use = _use(other, "orders", why, by_hand.get(other.name, {}))
            if header_use.column("order_id") != order:
                header_use = replace(header_use, meanings=chosen(header_use.meanings, {order: "order_id"}, why))
            items_use = _use(
                own, "lines", f"It has the items of the orders in {other.name}.", by_hand.get(own.name, {})
            )
            if items_use.column("order_id") != key:
                why = f"Its values are {order} of {other.name}."
                items_use = replace(items_use, meanings=chosen(items_use.meanings, {key: "order_id"}, why))
            changed = {header.file: header_use, items.file: items_use}
            return [changed.get(item.file, item) for item in file_uses]
    return file_uses


def _order_of_items(
    own: Table, items: FileUse, other: Table, relations: Sequence[KeyRelation]
) -> tuple[str, str] | None:
    """(column of the items, key of the orders) by which items name orders: by their names, else proven by values."""
    for relation in relations:
        if (relation.file, relation.other) == (own.name, other.name):
            spoken = [text_role(name) for name in (relation.column, title_of_table(other), relation.key)]
            first = next((role for role in spoken if role in ("order", "product", "customer", "place")), "")
            dated = [any(fact.kind == "date" for fact in table.facts) for table in (own, other)]
            if first == "order" or (not first and dated == [False, True]):
                return relation.column, relation.key
    key, order = items.column("order_id") or _order_of(own), _order_of(other)
    return (key, order) if key and order else None


def _numbered(use: FileUse, relations: Sequence[KeyRelation], by_hand: Mapping[str, str]) -> FileUse:
    """Sales whose bare ID is the number of the order, because other files name orders by it."""
    keys = [item.key for item in relations if item.other == use.file and text_role(item.column) == "order"]
    if use.role != "lines" or use.column("order_id") or not keys or keys[0] in by_hand:
        return use
    return replace(use, meanings=chosen(use.meanings, {keys[0]: "order_id"}, "Other files name orders by it."))


def _pays(table: Table) -> bool:
    """Whether a file's name, or those of its days, speak of payments."""
    dates = [fact.name for fact in table.facts if fact.kind == "date"]
    return any(speaks_of(text, "payments_files") for text in (title_of_table(table), *dates))


def _knowledge(table: Table) -> tuple[bool, int]:
    """Whether a table holds days, and how many things it says of orders."""
    return any(fact.kind == "date" for fact in table.facts), len(fit(table.facts, "orders"))


def _order_of(table: Table) -> str | None:
    """The column of order numbers."""
    return fit(table.facts, "orders").get("order_id")


def _only_joined(file_uses: list[FileUse], fixed: Mapping[str, str]) -> list[FileUse]:
    """Lists that nothing joins are left alone."""
    while True:
        users = {
            key: [item.file for item in file_uses if item.role not in ("unused", role) and item.column(key)]
            for role, key in LOOKUPS.items()
        }
        lost = next(
            (
                item
                for item in file_uses
                if item.role in LOOKUPS and item.file not in fixed and not users[LOOKUPS[item.role]]
            ),
            None,
        )
        if lost is None:
            return file_uses
        why = f"It describes {lost.role}, but no other file names them."
        file_uses = [left(item, why) if item is lost else item for item in file_uses]


def left(use: FileUse, why: str) -> FileUse:
    """A file that is left alone, and why."""
    unused = {column: Meaning("", "The file is not used.") for column in use.meanings}
    return replace(use, role="unused", evidence=why, meanings=unused)
