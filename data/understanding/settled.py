"""Discounts beside money that the arithmetic ties: they are off already, unless an equation or a name says otherwise.

Where quantity x price is the amount on every row, discounted ones among them, that amount is what was paid. To take a
discount off it once more would need something that confirms it: an amount, a total, or a price that knows no discount.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from data.understanding.bases import NO_MONEY, like_units
from data.understanding.names import is_marked
from data.understanding.relations import Mask, Numbers, Sheet, relation, steadier
from data.understanding.taxing import take, weight
from data.understanding.ways import MoneyReading

BEHIND: Final = 1.0
"""How far a further discount that nothing confirms stands behind the same money without it."""

AHEAD: Final = 0.3
"""How far one of money may stand before it: near enough to be asked."""

_SHARES: Final = ("percent", "rate")


def off_already(sheet: Sheet, ways: Sequence[MoneyReading]) -> None:
    """Put each reading with an unconfirmed further discount behind the one whose money is without it already."""
    for way in ways:
        if way.netted or not way.has_discount or way.unsure or _is_confirmed(sheet, way):
            continue
        own = (way.base, way.quantity, way.tax, way.discounts, way.form)
        twin = next((x for x in ways if x.netted and (x.base, x.quantity, x.tax, x.discounts, x.form) == own), None)
        if twin is not None and _is_tied(sheet, way):
            # Money off may still be to come off a total of prices; a share of it was there to make the price.
            way.score = min(way.score, twin.score + (AHEAD if way.form not in _SHARES else -BEHIND))


def list_prices(sheet: Sheet, way: MoneyReading) -> None:
    """Columns of list prices that the money comes to once its discount is added again."""
    units = way.units(sheet)
    if not way.netted or not way.has_discount:
        return
    less = np.abs(way.off) > 0.021
    for name in (item for item in sheet.of("neutral") if item in sheet.coins and item not in way.used):
        values = sheet.columns[name]
        tests: list[tuple[str, Numbers, Numbers | float]] = [(f"{way.gross_formula} = {name}", values, 1.0)]
        if units is not None:
            tests.append((f"{way.quantity} x {name} = {way.gross_formula}", values * units, units))
        for text, product, times in tests:
            result = relation(text, way.gross, product, less, times)
            if result.fits and result.confirmed:
                take(way, [name], name, result, weight(result))
                break


def _is_confirmed(sheet: Sheet, way: MoneyReading) -> bool:
    """Whether an equation, a name or steady prices say that the discount is still to be taken off."""
    if any(way.formula in proof.text or "the discount" in proof.text for proof in way.proofs):
        return True
    if any(is_marked(name, mark) for name in _tied(sheet, way) for mark in ("gross", "subtotal")):
        return True
    units = way.units(sheet)
    if units is None:
        return False
    each, share = np.where(units == 0, np.nan, units), np.abs(way.off / way.gross)
    before = way.gross / np.where(share >= 1, np.nan, 1 - share)
    return steadier(sheet, way.gross / each, before / each, np.abs(way.off) > 0.021)


def _tied(sheet: Sheet, way: MoneyReading) -> set[str]:
    """The columns of quantity x price = amount on every row, of which the money of a reading is one side."""
    less, amounts = np.abs(way.off) > 0.021, [*sheet.of("amount", "price", "")]
    for quantity in (name for name in sheet.columns if like_units(sheet, name)):
        units = sheet.columns[quantity]
        many = np.asarray(np.abs(units - 1) > 1e-9)
        for price in (name for name in amounts if name != quantity and sheet.roles[name] not in NO_MONEY):
            for amount in (name for name in amounts if name not in (quantity, price)):
                if way.base in ((amount,), (quantity, price)) and _holds(sheet, quantity, price, amount, many, less):
                    return {price, amount}
    return set()


def _is_tied(sheet: Sheet, way: MoneyReading) -> bool:
    return bool(_tied(sheet, way))


def _holds(sheet: Sheet, quantity: str, price: str, amount: str, many: Mask, less: Mask) -> bool:
    """Whether an equation holds on every row, and on discounted rows that could have told otherwise."""
    units = sheet.columns[quantity]
    product = units * sheet.columns[price]
    result = relation("", product, sheet.columns[amount], many, units)
    some = relation("", product, sheet.columns[amount], many & less, units)
    return result.proves and result.holds == result.rows >= 0.9 * sheet.rows and some.confirmed > 0
