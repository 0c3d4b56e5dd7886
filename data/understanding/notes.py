"""What people are told of a reading: what each number is, what is left out and what it comes to, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from data.terms.columns import NUMERIC
from data.understanding.explaining import are_units, holds_widely
from data.understanding.lines import JoinedLines
from data.understanding.names import is_marked
from data.understanding.relations import Mask, per_group, relation
from data.understanding.stacks import Stack
from data.understanding.totals import LineRows
from data.understanding.types import Meaning, with_meanings
from data.understanding.ways import MoneyReading

_KINDS = {
    "shipping": "shipping",
    "fee": "a fee, tip or gift card",
    "payout": "what is paid out",
    "tax": "tax",
    "discount": "a discount of the whole order",
    "refund": "money given back on orders",
    "target": "a target",
}


def with_money(lines: JoinedLines, way: MoneyReading, of_order: Sequence[str]) -> Stack:
    """The lines' stack whose columns of numbers mean what they are in a reading."""
    use = lines.stack.use
    changed = {name: Meaning("", "Not needed.") for name, item in use.meanings.items() if item.meaning in NUMERIC}
    for name, (role, column) in lines.source.items():
        if role != "lines":
            continue
        why = next((proof.sentence() for proof in way.proofs if name in proof.text), "")
        if name == way.quantity:
            changed[column] = Meaning("quantity", _why(why), 1.0)
        elif name in way.base:
            meaning = "revenue" if len(way.base) == 1 else "unit_price"
            changed[column] = Meaning(meaning, _why(why), 1.0)
        elif name in way.discounts:
            changed[column] = Meaning("discount", _why(why), 1.0)
        elif name == way.tax:
            changed[column] = Meaning("included_tax", _why(why), 1.0)
        elif lines.sheet.roles[name] == "refund" and are_units(lines.sheet, name, way.quantity):
            changed[column] = Meaning("", "Not needed: units that came back.")
        elif lines.sheet.roles[name] == "refund" and name not in of_order and _some(lines, name):
            changed[column] = Meaning("refunded", f"'{name}' speaks of money that was given back.", 0.5)
        elif name in way.explained:
            changed[column] = Meaning("", f"Not needed: {way.explained[name]}.")
    spent = _spent(lines, way, of_order)
    if spent:
        changed[spent[0]] = Meaning(spent[1], "A usual name for it.", 0.5)
    return replace(lines.stack, use=with_meanings(use, changed))


def without_currency(lines: JoinedLines, way: MoneyReading) -> JoinedLines:
    """Lines whose currency column says nothing of the money: it comes from a list in one currency, or is converted."""
    listed = any(name in lines.sheet.listed for name in way.base)
    if not listed and not way.rate:
        return lines
    stacks = {**lines.stacks, "lines": lines.stack}
    for role in ("lines", "orders"):
        stack = stacks.get(role)
        column = stack.use.column("currency") if stack is not None else None
        if stack is not None and column is not None:
            why = f"{way.base[-1]} is converted by {way.rate} already, whatever {column} says."
            if listed:
                price, file = lines.source[way.base[-1]][1], stacks["products"].use.file
                why = f"The money is {price} of {file}, whatever {column} says."
            stacks[role] = replace(stack, use=with_meanings(stack.use, {column: Meaning("", why)}))
    return replace(lines, stack=stacks["lines"], stacks=stacks)


def _why(proof: str) -> str:
    return f"{proof}." if proof else "Its name and its numbers fit."


def _some(lines: JoinedLines, name: str) -> bool:
    return bool(np.any(np.nan_to_num(lines.sheet.columns[name]) != 0))


def _spent(lines: JoinedLines, way: MoneyReading, of_order: Sequence[str]) -> tuple[str, str] | None:
    """The column of cost or profit: cost of the line rather than of a unit, unless the rows say otherwise."""
    own = [n for n, (role, _) in lines.source.items() if role == "lines" and n not in way.used and n not in of_order]
    for name in (item for item in own if lines.sheet.roles[item] == "cost" and item not in lines.sheet.percent):
        each = name == way.unit_cost or (is_marked(name, "line_level") and "unit" in name.lower()) or _unit_words(name)
        return lines.source[name][1], "unit_cost" if each and way.quantity else "cost"
    for name in (item for item in own if lines.sheet.roles[item] == "profit" and item not in lines.sheet.percent):
        if not is_marked(name, "percent"):
            return lines.source[name][1], "profit"
    return None


def _unit_words(name: str) -> bool:
    low = name.lower()
    return any(
        word in low
        for word in ("unit", "einkauf", "ek", "standard", "per item", "each", "unitario", "unitaire", "stück")
    )


# --- Sentences --------------------------------------------------------------------------------------------------------


def about_money(lines: JoinedLines, way: MoneyReading, of_order: Sequence[str]) -> list[str]:
    """What makes the money of a line and why, and what every other number is."""
    sheet, proofs = lines.sheet, dict.fromkeys(proof.sentence() for proof in way.proofs if proof.confirmed)
    why = f": {'; '.join([*proofs, *way.hints][:4])}" if proofs or way.hints else ""
    sentences = [f"The money of a line is {way.formula}{why}."]
    if any(lines.source[name][0] == "products" for name in way.base):
        file, price = lines.stacks["products"].use.file, way.base[-1]
        sentences.append(f"The prices are {price} of {file}.")
    for name in way.used:
        role, column = lines.source[name]
        if (times := lines.stacks[role].use.fact(column).times) != 1:
            sentences.append(f"The numbers of {name} are multiplied by {times:,.10g}, as its name says.")
    for name in sheet.columns:
        role = sheet.roles[name]
        if name in way.used or (lines.source[name][0] == "products"):
            continue
        amount = _sum(lines, name, name in of_order)
        if (
            role in _KINDS
            and abs(amount) > 0.005
            and not (role == "discount" and name not in of_order and name in way.explained)
        ):
            given = lines.stack.use.meanings.get(lines.source[name][1])
            if role == "refund" and are_units(sheet, name, way.quantity):
                proof = way.explained.get(name, role)
                off = "" if proof == role else "; the money of a line is without them"
                what = f"{name} holds units that came back, {amount:,.10g} in all{off}"
                sentences.append(f"{what}: they are not taken off the units sold.")
            elif role == "refund" and given is not None and given.meaning == "refunded":
                sentences.append(f"{name} holds money that was given back, {amount:,.2f} in all: it becomes returns.")
            elif name in way.rates:
                sentences.append(f"{name} is a rate of tax, and not counted.")
            else:
                what = _KINDS[role] if role != "discount" or name in of_order else "a discount"
                said = "" if name.casefold() == what else f" {what} and"
                sentences.append(f"{name} is{said} not counted; it comes to {amount:,.2f}.")
        elif name in way.order_totals:
            sentences.append(f"{name} is the total of the whole order and not added up line by line.")
        elif name in of_order and role in ("amount", "price", ""):
            alike = "the same on all lines of an order" if lines.source[name][0] == "lines" else "money of whole orders"
            sentences.append(f"{name} is {alike} and not used; it comes to {amount:,.2f} over the orders.")
        elif name in way.unexplained and way.unexplained[name] >= 0.8:
            sentences.append(f"{name} is not used: nothing says what it is. It comes to {amount:,.2f}.")
    return [*sentences, *_contradictions(lines, way)]


def _sum(lines: JoinedLines, name: str, once: bool) -> float:
    values = lines.sheet.columns[name]
    role, column = lines.source[name]
    if role != "lines":
        return float(lines.stacks[role].numbers(column).sum() or 0.0)  # An order may have more than one row there.
    if once and lines.sheet.order is not None and lines.sheet.order.size:
        return float(np.nansum(per_group(lines.sheet.order, values, once=True)))
    return float(np.nansum(values))


def _contradictions(lines: JoinedLines, way: MoneyReading) -> list[str]:
    """Rows on which an amount is not quantity x price, though it is on most: how many, and what that comes to."""
    sheet, sentences = lines.sheet, list[str]()
    units = way.units(sheet)
    if units is None or len(way.base) == 2 or way.has_discount:
        return sentences
    amount = way.base[0]
    for name, values in sheet.columns.items():
        if name in way.used or name in way.explained or sheet.roles[name] not in ("price", ""):
            continue
        product = units * values
        many = np.abs(units - 1) > 1e-9
        result = relation(f"{way.quantity} x {name} = {amount}", product, sheet.columns[amount], many, units)
        if holds_widely(result):
            apart = np.abs(product - sheet.columns[amount]) > 0.011 + 0.0051 * np.abs(units)
            single = apart & (np.abs(values - sheet.columns[amount]) < 0.006)
            off = float(np.nansum(np.where(apart, product - sheet.columns[amount], 0.0)))
            what = f"; on {int(single.sum()):,} of them it is the price of one unit" if single.any() else ""
            sentences.append(
                f"On {int(apart.sum()):,} of {result.rows:,} rows {amount} is not {way.quantity} x {name}, price times "
                f"quantity{what}. It is taken as written; by the prices the revenue would differ by {off:,.2f}."
            )
    return sentences


def about_rows(
    lines: JoinedLines, status: Mapping[str, Any], again: Mask, way: MoneyReading, rows: LineRows
) -> list[str]:
    """What becomes of rows that are no plain sales: by the recipe's `status`, or because they say an order `again`."""
    sentences, use = list[str](), lines.stack.use
    if many := int(again.sum()):
        what = "1 row names no product and holds" if many == 1 else f"{many:,} rows name no product and hold"
        sentences.append(f"{what} what the other rows of the order come to: set aside, so that nothing counts twice.")
    for key, what in (("returns", "become returns"), ("no_sale", "are no sale and set aside")):
        if values := status.get(key):
            sentences.append(f"Rows whose {status['column']} is {' or '.join(map(str, values))} {what}.")
    if many := int(rows.off.sum()):
        what = "1 row is a discount" if many == 1 else f"{many:,} rows are discounts"
        worth = -float(np.nansum(way.revenue[rows.off]))
        sentences.append(f"{what} on the other rows of their order: {worth:,.2f} is taken off, no units counted.")
    below = sum(
        fact.negatives
        for part in lines.stack.parts
        for fact in part.table.facts
        if fact.name == part.names.get(use.column("quantity") or "", "")
    )
    if below:
        sentences.append(
            f"{below:,} rows of {use.file} have a {use.column('quantity')} below zero: they become returns."
        )
    if "returns" in lines.stacks and (below or status.get("returns") or use.column("refunded")):
        file = lines.stacks["returns"].use.file
        sentences.append(
            f"{use.file} and {file} both say what came back: where they mean the same, set {file} as not used, so that "
            "nothing counts twice."
        )
    return sentences


def about_columns(lines: JoinedLines) -> list[str]:
    """Cells that cannot be read, quantities that are not whole, what no column says."""
    use, sentences = lines.stack.use, list[str]()
    for column, result in use.meanings.items():
        fact = use.fact(column)
        if result.meaning and fact.unreadable:
            listing = ", ".join(f"'{text}'" for text in fact.odd)
            sentences.append(
                f"{fact.unreadable:,} cells of {column} cannot be read, such as {listing}: their rows are set aside."
            )
    if not use.column("order_id") and not use.column("customer_id") and "orders" not in lines.stacks:
        sentences.append("There is no order number and no customer: each row is one order.")
    if not use.column("product") and not use.column("product_id"):
        spare = [f.name for f in use.facts if f.kind == "text" and f.distinct > 1 and not use.meanings[f.name].meaning]
        could = f" {spare[0]} could be it." if spare else ""
        sentences.append(f"There is no product by name.{could}")
    idle = [f.name for f in use.facts if f.kind == "text" and f.distinct > 1 and not use.meanings[f.name].meaning]
    if idle:
        sentences.append(f"Texts that are not used: {', '.join(idle)}.")
    return sentences
