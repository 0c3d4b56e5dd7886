"""What the money of a line can be made of: quantity x price, or one column; as it stands, or without the tax in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from data.understanding.factors import factors_of
from data.understanding.names import EXACT, is_marked, likeness, words
from data.understanding.relations import Mask, Sheet, is_steady, relation, steadier
from data.understanding.taxing import PROOF, share_of
from data.understanding.ways import MoneyReading, fresh

NO_MONEY: Final = frozenset({"period", "neutral", "cost", "profit", "target", "shipping", "fee", "payout", "refund"})
"""Roles that are no money of a line, by their names."""

STEADY: Final = 1.1
"""What it speaks for a way that it makes one price for each product; a cost of the line would, too."""


def like_units(sheet: Sheet, name: str) -> bool:
    """Whether a column can be a number of units: named so, or small, mostly whole and mostly not zero."""
    if sheet.roles[name] == "quantity":
        return not _is_money_instead(sheet, name)
    if sheet.roles[name] in ("tax", "discount", "period"):
        return False
    values = sheet.columns[name]
    known = values[np.isfinite(values)]
    if not known.size or name in sheet.coins:
        return False
    whole = np.mean(np.round(known) == known)
    return bool(whole > 0.95 and 0 < np.median(np.abs(known)) <= 1000 and known.max() != known.min())


def _is_money_instead(sheet: Sheet, name: str) -> bool:
    """Whether a column that is named as a quantity holds cents, and another column small whole numbers."""
    values = sheet.columns[name]
    known = values[np.isfinite(values)]
    if name not in sheet.coins or not known.size or np.mean(np.round(known) == known) > 0.9:
        return False
    others = [
        column
        for column in sheet.columns
        if sheet.roles[column] in ("amount", "price", "") and column not in sheet.coins
    ]
    return any(like_units(sheet, other) for other in others)


def bases(sheet: Sheet, pool: list[str]) -> Iterator[MoneyReading]:
    """Quantity x price for each pair that can be one, and each column that can be a line's money."""
    nothing = np.zeros(sheet.rows)
    units = [name for name in pool if like_units(sheet, name) and name not in sheet.listed]
    money = [name for name in pool if sheet.roles[name] not in ("tax", "discount") and _some(sheet, name)]
    for quantity in units:
        for price in money:
            if price == quantity or (price in units and sheet.roles[price] == "quantity"):
                continue
            values = sheet.columns[quantity] * sheet.columns[price]
            score = {"quantity": 0.6, "": 0.0}.get(sheet.roles[quantity], -0.8)
            score += {"price": 0.6, "": 0.0, "amount": -0.3}.get(sheet.roles[price], -1.2)
            score += _looks(sheet, quantity, price)
            yield MoneyReading(
                (quantity, price),
                quantity,
                values,
                values,
                nothing,
                score=score + _by_prices(sheet, quantity, price, units),
            )
    for name in money:
        if name in sheet.listed:
            continue
        quantity = _units_of(sheet, name, units)
        spare = [unit for unit in units if unit != name] if not quantity else []
        values = sheet.columns[name]
        score = {"amount": 0.9, "": 0.0, "price": -0.5}.get(sheet.roles[name], -1.5)
        score += (0.6 if sheet.roles[quantity] == "quantity" else 0.0) if quantity else 0.0
        score += _amount_by_prices(sheet, name, quantity) if quantity else 0.0
        score -= 2.0 if _swapped(sheet, name, pool) else 0.0
        score -= 0.4 if name not in sheet.coins and like_units(sheet, name) and sheet.roles[name] == "" else 0.0
        yield MoneyReading((name,), quantity, values, values, nothing, score=score)
        for item in spare[:_MOST_UNITS]:
            more = (0.2 if sheet.roles[item] == "" else 0.0) + _amount_by_prices(sheet, name, item)
            yield MoneyReading((name,), item, values, values, nothing, score=score + more)


_MOST_UNITS: Final = 4
"""Columns that are tried as the units of an amount, where no name says which are."""


def _some(sheet: Sheet, name: str) -> bool:
    """Whether any row has another number than zero."""
    return bool(np.any(np.nan_to_num(sheet.columns[name]) != 0))


def _swapped(sheet: Sheet, name: str, pool: list[str]) -> bool:
    """Whether an amount is written as units are, while what is named as the quantity is written as money."""
    return name not in sheet.coins and any(
        _is_money_instead(sheet, item) for item in pool if sheet.roles[item] == "quantity"
    )


def _looks(sheet: Sheet, quantity: str, price: str) -> float:
    """What the looks of two numbers say about which of them is the price."""
    if price in sheet.coins and quantity not in sheet.coins:
        return 0.2
    return -0.2 if sheet.roles[price] == "" and like_units(sheet, price) else 0.0


def _many(sheet: Sheet, quantity: str) -> Mask:
    units = sheet.columns[quantity]
    return np.asarray((np.abs(units - 1) > 1e-9) & (units != 0))


def _by_prices(sheet: Sheet, quantity: str, price: str, units: list[str]) -> float:
    """What it says for quantity x price that a product has one price, whatever the quantity; or against it."""
    value, each = sheet.columns[price], sheet.columns[quantity]
    if steadier(sheet, value / np.where(each == 0, np.nan, each), value, _many(sheet, quantity), 2):
        return -1.5
    certain = likeness(price, "revenue") >= EXACT and sheet.roles[price] == "amount" and not _vague(price)
    if certain:
        return 0.0
    # That a price is steady says that it is one, and nothing about which column holds the units.
    others = [name for name in units if name != price]
    steady = any(is_steady(sheet, value, sheet.columns[name], _many(sheet, name), 4) for name in others)
    return 0.8 if steady else 0.0


def _amount_by_prices(sheet: Sheet, amount: str, quantity: str) -> float:
    """What it says for an amount that it makes one price of a product once the quantity is undone; or against it."""
    value, units = sheet.columns[amount], sheet.columns[quantity]
    each = value / np.where(units == 0, np.nan, units)
    if steadier(sheet, each, value, _many(sheet, quantity), 2):
        return STEADY
    if likeness(amount, "revenue") >= EXACT and not _vague(amount):
        return 0.0  # Revenue that is the same for any quantity is odd, and still named as revenue.
    return -1.2 if steadier(sheet, value, each, _many(sheet, quantity), 4) else 0.0


def _vague(name: str) -> bool:
    """Whether a usual name of revenue may as well be that of a price."""
    return words(name) in ("value", "dollar value", "wert", "valeur", "valor", "valore", "waarde")


def _units_of(sheet: Sheet, amount: str, units: list[str]) -> str:
    """The column of units beside an amount: what a price proves, else what is named so."""
    choice = [name for name in units if name != amount]
    values = sheet.columns[amount]
    for name in choice:
        for price in sheet.columns:
            if price not in (name, amount) and sheet.roles[price] not in NO_MONEY:
                result = relation(
                    "", sheet.columns[name] * sheet.columns[price], values, _many(sheet, name), sheet.columns[name]
                )
                if result.proves and np.nanstd(sheet.columns[price]) > 0:
                    return name
    if factors := factors_of(sheet, amount, choice):
        return factors.quantity
    named = [name for name in choice if sheet.roles[name] == "quantity"]
    if named:
        return named[0]
    return next((name for name in choice if _amount_by_prices(sheet, amount, name) > 0), "")


def taxed(sheet: Sheet, way: MoneyReading, pool: list[str]) -> Iterator[MoneyReading]:
    """A base as it stands, and without each tax that it may hold."""
    name = way.base[-1]
    taxes = [item for item in pool if sheet.roles[item] == "tax" and item not in way.base]
    without = is_marked(name, "without_tax")
    with_tax = is_marked(name, "with_tax") or (not without and any(is_marked(tax, "inside") for tax in taxes))
    plain = replace(way, score=way.score - (0.5 if with_tax and taxes else 0.0) + (0.2 if without and taxes else 0.0))
    yield plain
    for tax in taxes:
        values = sheet.columns[tax]
        known = values[np.isfinite(values)]
        if not known.size or not np.any(known != 0) or without:
            continue
        form = "amount"
        if tax in sheet.percent:
            form = "rate" if np.nanmax(np.abs(known)) < 1 else "percent"
        held = np.nan_to_num(values)
        if form != "amount":
            share = held / (100.0 if form == "percent" else 1.0)
            held = way.gross * share / (1 + share)
        if np.mean(np.abs(held) > np.abs(way.gross) + 0.01) > 0.02:
            continue
        left = way.gross - held
        score = way.score - 0.2 + (0.8 if with_tax else 0.0) - (0.5 if form != "amount" and not with_tax else 0.0)
        hints = list(way.hints)
        if form == "amount":
            inside, outside = share_of(tax, held, left, "what is left"), share_of(tax, held, way.gross, name)
            if inside is not None and inside.proves:
                score += PROOF
                hints.append(f"{tax} is a usual rate of {name} without it")
            if outside is not None and outside.proves and inside is None:
                score -= 1.0
        yield fresh(way, gross=left, revenue=left, tax=tax, tax_form=form, score=score, hints=hints)
