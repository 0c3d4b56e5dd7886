"""All ways to read the money of order lines that the columns allow, scored by what the rows prove, best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from data.understanding.bases import NO_MONEY, bases, like_units, taxed
from data.understanding.discounts import BELOW, discounted
from data.understanding.explaining import explain
from data.understanding.forms import off_of, undone
from data.understanding.orders import order_columns, repeated
from data.understanding.overruled import without_lies
from data.understanding.relations import Numbers, Sheet
from data.understanding.settled import off_already
from data.understanding.taxing import PROOF
from data.understanding.ways import MoneyReading, fresh

SAMPLE: Final = 2_000
"""Rows on which ways are sought; the best of them are tried on all rows."""

BEST: Final = 8
"""Ways that are tried on all rows at the most."""

FAR: Final = 2.0
"""By how much less must speak for a way on the sample that it is not tried on all rows."""

UNSURE: Final = 1.0
"""Where less than this speaks for the best way, names are not to be trusted."""

_MOST_COLUMNS: Final = 14

NEITHER: Final = 1.2
"""What it says for an amount of whole orders that the lines of each differ while it stays the same."""

_MISNAMED: Final = 1.0
"""What it says against money that it is named as no money of a line."""


def readings(sheet: Sheet, header: Sequence[str] = ()) -> tuple[list[MoneyReading], list[str]]:
    """The ways, best first, and the columns that stand once for an order, those of its `header` among them."""
    with np.errstate(all="ignore"):
        sheet = without_lies(sheet)
        small = sheet.part(max(1, sheet.rows // SAMPLE))
        of_order = [*header, *(name for name in order_columns(sheet) if name not in header)]
        result = _scored(small, of_order)
        if small is not sheet:
            rivals = [way for way in result[:BEST] if way.score > result[0].score - FAR]
            result = sorted((_again(sheet, way, of_order) for way in rivals), key=lambda way: -way.score)
    return result, of_order


# --- Seeking ----------------------------------------------------------------------------------------------------------


def _scored(sheet: Sheet, of_order: list[str]) -> list[MoneyReading]:
    """All ways; where none is likely, those with columns whose names speak of something else are among them."""
    result = _sought(sheet, of_order, NO_MONEY)
    if not result or (result[0].score < UNSURE and not result[0].proven):
        spared = (NO_MONEY - {"period"}) | {"tax"}
        kept = {name for name in sheet.of("tax") if name in sheet.coins}
        nameless = {n: "" if role in spared and n not in kept else role for n, role in sheet.roles.items()}
        result = _sought(replace(sheet, roles=nameless), of_order, frozenset({"period"}))
        for way in result:
            # What is called postage or a fee is the money of a line only if nothing else is, or numbers prove it.
            way.score -= _MISNAMED if any(sheet.roles[name] in NO_MONEY for name in way.base) else 0.0
            misnamed = any(sheet.roles[name] in NO_MONEY for name in way.discounts)
            way.score -= _MISNAMED if way.unsure and misnamed else 0.0
        result.sort(key=lambda way: -way.score)
    return result


def _sought(sheet: Sheet, of_order: list[str], spared: frozenset[str]) -> list[MoneyReading]:
    line = [name for name in sheet.columns if name not in of_order]
    pool = sorted(
        line, key=lambda name: (sheet.roles[name] in NO_MONEY, sheet.roles[name] == "" and name not in sheet.coins)
    )
    pool = [name for name in pool[:_MOST_COLUMNS] if sheet.roles[name] not in spared]
    ways: list[MoneyReading] = []
    for base in bases(sheet, pool):
        for item in taxed(sheet, base, pool):
            ways += discounted(sheet, item, pool, of_order)
    # Nothing but a name tells an order's amount on each line from that of lines, so that both may be asked about.
    alike = dict.fromkeys((*repeated(sheet, named=True), *repeated(sheet)))
    ways += _once(sheet, of_order) if not ways else _once(sheet, list(alike), NEITHER)
    for way in ways:
        explain(sheet, way, of_order)
    off_already(sheet, ways)
    for way in (item for item in ways if item.unsure):
        # Worth a question, never an answer: it stands just below the same money without it.
        plain = [item for item in ways if item.base == way.base and not item.tax and not item.discounts]
        below = max((item.score for item in plain), default=way.score) - BELOW
        named = set(sheet.of("fee")) & {*way.discounts, way.tax}
        way.score = below if named else min(way.score, below)
    ways.sort(key=lambda way: -way.score)
    # What is named as a number of units, or as tax, is nobody's money.
    never = {name for name in sheet.of("quantity") if like_units(sheet, name)} | set(sheet.of("tax", "discount"))
    return [way for way in ways if len(way.base) == 2 or way.base[0] not in never]


def _once(sheet: Sheet, of_order: list[str], more: float = 0.0) -> Iterator[MoneyReading]:
    """An order's total, counted once, where the lines have no money of their own."""
    assert sheet.order is not None or not of_order
    nothing = np.zeros(sheet.rows)
    for name in of_order:
        if sheet.roles[name] in ("amount", "", "price") and sheet.order is not None:
            _, first = np.unique(sheet.order, return_index=True)
            picked = np.zeros(sheet.rows)
            picked[first] = 1.0
            values = np.nan_to_num(sheet.columns[name]) * picked
            quantity = next(iter(sheet.of("quantity")), "")
            score = (0.5 if sheet.roles[name] else 0.0) + more
            yield MoneyReading((name,), quantity, values, values, nothing, once=True, score=score)


def _again(sheet: Sheet, way: MoneyReading, of_order: list[str]) -> MoneyReading:
    """A way on all rows."""
    arrays = money_of(sheet, way)
    prior = way.score + sum(way.unexplained.values()) - sum(PROOF if proof.proves else 0.5 for proof in way.proofs)
    whole = fresh(way, **arrays, score=prior)
    explain(sheet, whole, of_order)
    return whole


def money_of(sheet: Sheet, way: MoneyReading) -> dict[str, Numbers]:
    """The money of a way on every row of a sheet."""
    base = np.ones(sheet.rows)
    for name in way.base:
        base = base * sheet.columns[name]
    if way.once:
        return next(
            {"gross": item.gross, "revenue": item.revenue, "off": item.off} for item in _once(sheet, list(way.base))
        )
    if way.tax:
        held = np.nan_to_num(sheet.columns[way.tax])
        if way.tax_form != "amount":
            share = held / (100.0 if way.tax_form == "percent" else 1.0)
            held = base * share / (1 + share)
        base = base - held
    written = sum((np.nan_to_num(sheet.columns[discount]) for discount in way.discounts), np.zeros(sheet.rows))
    written = np.abs(written) if way.negated else written
    units = way.units(sheet)
    if way.netted:
        gross = undone(base, written, units, way.form)
        return {"gross": gross, "revenue": base, "off": gross - base}
    off = off_of(base, written, units, way.form) if way.has_discount else np.zeros(sheet.rows)
    return {"gross": base, "revenue": base - off, "off": off}
