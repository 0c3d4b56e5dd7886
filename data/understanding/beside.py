"""Files of money beside the orders that they name: refunds, which become returns of orders, and payments, no sales."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from data.terms.numbers import styled
from data.understanding.facts import Fact
from data.understanding.meanings import chosen, meanings
from data.understanding.names import is_marked, likeness, number_role, speaks_of, text_role
from data.understanding.relating import title_of_table
from data.understanding.roles import left
from data.understanding.tables import Table
from data.understanding.types import FileUse

_LEAST_KNOWN = 0.8
"""Share of a file's order numbers that the orders must have."""

_MONEY = {"refund": 3, "amount": 2, "price": 1, "": 0}
"""Roles of a number that can be money of an order, the surest highest."""


def beside_orders(tables: Sequence[Table], file_uses: Sequence[FileUse], fixed: Collection[str]) -> list[FileUse]:
    """The uses, of which files that hold money by order and nothing sold are returns, or left out with their money.

    `fixed` are files whose role was chosen.
    """
    by_name = {table.name: table for table in tables}
    orders = [use for use in file_uses if use.role in ("lines", "orders") and use.column("order_id")]
    sold = [use for use in orders if use.role == "orders" or _sold(use)]
    result = []
    for use in file_uses:
        others = [other for other in sold if other is not use]
        back = use.role == "lines" and _gives_back(by_name[use.file])
        spare = use.role == "unused" or (use.role == "lines" and (back or not _sold(use)))
        result.append(_beside(by_name, use, others) if spare and others and use.file not in fixed else use)
    return result


def _gives_back(table: Table) -> bool:
    """Whether the name of a file and that of a day or a number of its own speak of money given back."""
    own = [fact.name for fact in table.facts if fact.kind == "date" or is_marked(fact.name, "key")]
    return all(speaks_of(name, "returns_files") for name in (title_of_table(table), " ".join(own)))


def _sold(use: FileUse) -> bool:
    """Whether rows say what was sold; a reference may as well be that of a payment."""
    number = use.column("product_id")
    return bool(use.column("product") or use.column("quantity") or (number and text_role(number) == "product"))


def _beside(tables: dict[str, Table], use: FileUse, orders: Sequence[FileUse]) -> FileUse:
    table = tables[use.file]
    money = _money(table.facts)
    pairs = ((other, _key(table, tables[other.file], other.column("order_id") or "")) for other in orders)
    other, key = next((pair for pair in pairs if pair[1]), (orders[0], ""))
    if money is None or not key:
        return use
    back = _speaks(table, money, "returns_files")
    if not back and use.role == "lines" and not _speaks(table, money, "payments_files"):
        return use
    names = f"Its {key} names orders of {other.file}"
    total = f"{abs(_total(table, money)):,.2f}"
    given = meanings([fact for fact in table.facts if fact.name not in (key, money.name)], "returns")
    dated = any(item.meaning == "returned_on" for item in given.values())
    if back and dated:
        why = f"{names}, and {money.name} is money that was given back on them, {total} in all: it becomes returns."
        whole = {**meanings(table.facts, "returns"), **given}
        whole = chosen(whole, {key: "order_id"}, f"{names}.")
        whole = chosen(whole, {money.name: "amount"}, "It is money that was given back.")
        return replace(use, role="returns", evidence=why, meanings=whole)
    if back:
        what = (
            "that is money given back, but no column says when, so that no return and no net revenue holds it; "
            "add a column with the day of each"
        )
    elif _speaks(table, money, "payments_files"):
        what = "payments are no sales"
    else:
        what = "nothing says whether that is paid or given back"
    return left(use, f"{names}, and {money.name} comes to {total}: {what}.")


def _speaks(table: Table, money: Fact, what: str) -> bool:
    """Whether the name of a file, of its money or of its days says what it holds."""
    title = re.sub(r"\.\w{1,8}$", "", table.name)
    dates = [fact.name for fact in table.facts if fact.kind == "date"]
    return any(speaks_of(text, what) for text in (title, money.name, *dates))


def _money(facts: Sequence[Fact]) -> Fact | None:
    """The column of money, if one is."""
    could = [
        fact
        for fact in facts
        if fact.numeric
        and not fact.percent
        and number_role(fact.name) in _MONEY
        and not is_marked(fact.name, "key")
        and (fact.coins or fact.kind == "number" or number_role(fact.name) in ("refund", "amount"))
    ]
    return max(could, key=lambda fact: (_MONEY[number_role(fact.name)], fact.coins), default=None)


def _key(table: Table, other: Table, order: str) -> str:
    """The column whose values are order numbers of another table; small whole numbers must be named so as well."""
    for fact in sorted(table.facts, key=lambda fact: text_role(fact.name) != "order"):
        named = text_role(fact.name) == "order" or likeness(fact.name, "order_id") > 0
        # One value alone may be there by chance, unless its column is named so.
        if fact.kind not in ("text", "whole") or fact.coins or fact.distinct < (1 if named else 2):
            continue
        if (fact.kind == "text" or named) and table.known_in(fact.name, other, order) >= _LEAST_KNOWN:
            return fact.name
    return ""


def _total(table: Table, money: Fact) -> float:
    number = styled(pl.col(money.name).cast(pl.String), money.numbers).cast(pl.Float64, strict=False).sum()
    return float(table.frame.select(number).collect().item() or 0)
