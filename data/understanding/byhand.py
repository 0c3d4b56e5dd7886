"""What was set by hand: the readings of the money that fit it, and columns that are not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from data.understanding.explaining import explain
from data.understanding.lines import JoinedLines
from data.understanding.readings import money_of
from data.understanding.recipe import MONEY
from data.understanding.stacks import Stack
from data.understanding.types import Meaning, with_meanings
from data.understanding.ways import MoneyReading


def fitting(lines: JoinedLines, ways: Sequence[MoneyReading], by_hand: Mapping[str, str]) -> list[MoneyReading]:
    """The readings that say of each column what was set by hand; one made from that alone where none does."""
    names = {column: name for name, (role, column) in lines.source.items() if role == "lines"}
    wanted = {names[column]: meaning for column, meaning in by_hand.items() if column in names}
    if not any(meaning in MONEY or meaning == "" for meaning in wanted.values()):
        return list(ways)
    fit = [way for way in ways if all(meaning_in(way, name) == (m if m in MONEY else "") for name, m in wanted.items())]
    if fit or not any(meaning in ("revenue", "unit_price") for meaning in wanted.values()):
        return fit or [way for way in ways if not set(way.used) & {name for name, m in wanted.items() if not m}]
    of = {meaning: name for name, meaning in wanted.items() if meaning in MONEY}
    quantity = of.get("quantity", ways[0].quantity if ways and ways[0].quantity not in wanted else "")
    base = (of["revenue"],) if "revenue" in of else (quantity, of["unit_price"]) if quantity else (of["unit_price"],)
    nothing = np.zeros(lines.sheet.rows)
    discount = (of["discount"],) if "discount" in of else ()
    way = MoneyReading(
        base, quantity, nothing, nothing, nothing, discounts=discount, tax=of.get("included_tax", ""), score=9.0
    )
    with np.errstate(all="ignore"):
        for name, array in money_of(lines.sheet, way).items():
            setattr(way, name, array)
        explain(lines.sheet, way, lines.header)
    return [way]


def meaning_in(way: MoneyReading, name: str) -> str:
    """What a column is in a reading; empty where it is no part of its money."""
    if name == way.quantity:
        return "quantity"
    if name in way.base:
        return "revenue" if len(way.base) == 1 else "unit_price"
    if name in way.discounts:
        return "discount"
    return "included_tax" if name == way.tax else ""


def unused(stack: Stack, by_hand: Mapping[str, Mapping[str, str]]) -> Stack:
    """Files in which the columns that were set as not used are not, whatever their names or numbers say."""
    chosen = by_hand.get(stack.use.file, {})
    none = {column: Meaning("", "Chosen by hand.", 1.0) for column in stack.use.meanings if chosen.get(column) == ""}
    return replace(stack, use=with_meanings(stack.use, none))
