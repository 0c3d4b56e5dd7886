"""Names that the numbers contradict: what arithmetic proves wins over what a column is called.

A column named as points or weight is left out of the money of a line, unless it makes an equation of money true on the
rows: quantity x price = points is the amount of the line, weight x price = amount makes the weight the quantity. What
is named as tax and stands below zero is none, and a cost at which everything is sold is a price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from data.understanding.forms import forms, off_of
from data.understanding.margins import sold_at_a_margin
from data.understanding.relations import Numbers, Sheet, relation

_MONEY = ("price", "amount")
_ANY = ("discount", "fee", "neutral", "tax", "", *_MONEY)


def without_lies(sheet: Sheet) -> Sheet:
    """A sheet whose roles by name do not contradict what products of two columns prove."""
    roles = dict(sheet.roles)
    for name in sheet.of("neutral"):
        if name in sheet.coins and any(
            _proves(sheet, *pair, name) or _less(sheet, *pair, name) for pair in _pairs(sheet)
        ):
            roles[name] = ""
    for name in sheet.of("neutral", ""):
        if _is_weight(sheet, name) and not _has_quantity(sheet):
            roles[name] = "quantity"
    for name in sheet.of("neutral"):
        if roles[name] == "neutral" and name in sheet.coins and _is_price(sheet, name):
            roles[name] = "price"
    for name in sheet.of("amount", "price", ""):
        if name not in sheet.coins and _is_hundredfold(sheet, name):
            roles[name] = "neutral"
    for name in sheet.of("tax"):
        if _is_never_above_zero(sheet, name):
            roles[name] = ""
        elif name in sheet.percent and _is_taken_off(sheet, name):
            roles[name] = "discount"
    for name in (name for name in sheet.of("") if name in sheet.percent and _is_rate_of_fee(sheet, name)):
        roles[name] = "neutral"
    for cost in sheet.of("cost"):
        roles |= _price_named_cost(sheet, cost)
    for cost in (name for name in sheet.of("cost") if roles[name] == "cost"):
        roles |= dict.fromkeys(_copies(sheet, cost), "cost")
    roles |= sold_at_a_margin(replace(sheet, roles=roles))
    return replace(sheet, roles=roles) if roles != sheet.roles else sheet


def _price_named_cost(sheet: Sheet, cost: str) -> dict[str, str]:
    """The roles where quantity x cost less another column is the amount, never above it: the cost is a price.

    Nobody sells every line at cost or below, with the loss in a column of its own.
    """
    for quantity in (name for name in sheet.of("quantity", "") if name not in sheet.coins):
        product = sheet.columns[quantity] * sheet.columns[cost]
        for amount in sheet.of("amount", "price"):
            off = product - sheet.columns[amount]
            if amount not in sheet.coins or np.nanmean(off < -0.01) > 0.02:
                continue
            many = np.asarray(sheet.columns[quantity] > 1)
            if relation("", product, sheet.columns[amount], many, sheet.columns[quantity]).proves:
                return {cost: "price"}
            for name in sheet.of("tax", "discount", "fee", "neutral", ""):
                written = np.nan_to_num(sheet.columns[name])
                telling = np.asarray(written > 0.02)
                if relation("", off, written, telling, sheet.columns[quantity]).proves and name in sheet.coins:
                    return {cost: "price", name: "discount"}
    return {}


def _copies(sheet: Sheet, cost: str) -> Iterator[str]:
    """Nameless columns that repeat a cost on every row: they are no other money, unless an equation makes them so."""
    values = sheet.columns[cost]
    for name in (name for name in sheet.of("") if name in sheet.coins):
        same = relation("", values, sheet.columns[name], np.abs(values) > 0.02, 0.0)
        if same.proves and same.holds == same.rows and not any(_proves(sheet, *pair, name) for pair in _pairs(sheet)):
            yield name


def _is_never_above_zero(sheet: Sheet, name: str) -> bool:
    """Whether a column is zero or below though the amounts beside it are above zero: tax is never that."""
    values = sheet.columns[name]
    others = [sheet.columns[other] for other in sheet.coins if other != name]
    sold = bool(others) and all(np.nanmean(other > 0) > 0.5 for other in others)
    return sold and bool(np.nanmax(values, initial=-np.inf) <= 0 and np.nanmin(values, initial=np.inf) < 0)


def _is_taken_off(sheet: Sheet, name: str) -> bool:
    """Whether one amount is another less this share of it: a tax is a share of the money without it."""
    share = _share(sheet.columns[name])
    money = [sheet.columns[other] for other in sheet.of("amount", "price", "") if other in sheet.coins]
    for amount, left in permutations(money, 2):
        # The tax of a rate and the discount of one differ by the rate's square.
        telling = np.asarray(share**2 * np.abs(amount) > 0.05)
        result = relation("", amount * (1 - share), left, telling, 0.0)
        if result.fits and result.confirmed and result.rows >= 0.9 * sheet.rows:
            return True
    return False


def _is_rate_of_fee(sheet: Sheet, name: str) -> bool:
    """Whether a column of percentages is the share that fees in a column of their own are of an amount."""
    share = _share(sheet.columns[name])
    money = [sheet.columns[other] for other in sheet.of("amount", "price", "") if other in sheet.coins]
    fees = [np.abs(sheet.columns[fee]) for fee in sheet.of("fee")]
    return any(relation("", amount * share, fee, fee > 0.021, 0.0).proves for amount in money for fee in fees)


def _share(rate: Numbers) -> Numbers:
    known = np.nan_to_num(rate)
    return known / (100.0 if known.max(initial=0.0) >= 1 else 1.0)


def _pairs(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What may be a number of units, and a price: not written as money, and written so."""
    for quantity in sheet.of("quantity", "", *_MONEY):
        for price in sheet.of("", *_MONEY):
            if quantity not in sheet.coins and price in sheet.coins:
                yield quantity, price


def _proves(sheet: Sheet, quantity: str, price: str, amount: str) -> bool:
    """Whether quantity x price = amount is proven on nearly all rows, and prices differ."""
    units, each = sheet.columns[quantity], sheet.columns[price]
    many = np.asarray(np.abs(units - 1) > 1e-9)
    result = relation("", units * each, sheet.columns[amount], many, units)
    return result.proves and result.rows >= 0.9 * sheet.rows and bool(np.nanstd(each) > 0)


def _less(sheet: Sheet, quantity: str, price: str, amount: str, roles: Sequence[str] = _ANY) -> bool:
    """Whether quantity x price less a further column of some roles, in any form, is proven to be the amount."""
    units, gross = sheet.columns[quantity], sheet.columns[quantity] * sheet.columns[price]
    for name in sheet.of(*roles):
        written = np.abs(np.nan_to_num(sheet.columns[name]))
        if name in (quantity, price, amount) or not np.any(written):
            continue
        for form in forms(gross, written, units, percent=name in sheet.percent, signed=name in sheet.signed):
            off = off_of(gross, written, units, form)
            less = np.asarray(off > 0.021)
            telling = less | np.asarray(np.abs(units - 1) > 1e-9)
            result = relation("", gross - off, sheet.columns[amount], telling, units)
            some = relation("", gross - off, sheet.columns[amount], less, units)
            if result.proves and some.fits and some.confirmed and result.rows >= 0.9 * sheet.rows:
                return True
    return False


def _has_quantity(sheet: Sheet) -> bool:
    """Whether a column that is named as the quantity makes an amount of a price."""
    amounts = sheet.of("amount")
    return any(
        _proves(sheet, quantity, price, amount)
        for quantity, price in _pairs(sheet)
        if sheet.roles[quantity] == "quantity"
        for amount in amounts
        if amount != price
    )


def _is_price(sheet: Sheet, name: str) -> bool:
    """Whether a quantity times a list price, less what is named as a discount, is an amount."""
    if sheet.of("price"):
        return False
    return any(
        _proves(sheet, quantity, name, amount) or _less(sheet, quantity, name, amount, ("discount",))
        for quantity in sheet.of("quantity")
        for amount in sheet.of("amount")
        if amount in sheet.coins
    )


def _is_hundredfold(sheet: Sheet, name: str) -> bool:
    """Whether a column repeats an amount in hundredths of its currency on every row."""
    for other in sheet.of("amount", "price", ""):
        if other in sheet.coins and other != name:
            same = relation("", sheet.columns[name] / 100, sheet.columns[other], sheet.columns[name] != 0, 0.0)
            if same.proves and same.holds == same.rows:
                return True
    return False


def _is_weight(sheet: Sheet, name: str) -> bool:
    """Whether a column with parts of units times a price is an amount."""
    values = sheet.columns[name]
    if not np.any(np.isfinite(values) & (np.abs(values - np.round(values)) > 1e-9)):
        return False
    return any(_proves(sheet, name, price, amount) for price in sheet.of("price") for amount in sheet.of("amount"))
