"""What a way to read the money makes of every other column of numbers.

Every number of the lines must end up explained: by an equation, as a neutral number, or as of the order. What stays
unexplained speaks against the way, the louder the more it looks like money. This keeps a lying name from winning.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from data.understanding.factors import factors_of
from data.understanding.names import also_speaks_of
from data.understanding.relations import HOLDS, Numbers, Relation, Sheet, close, order_sum, relation
from data.understanding.settled import list_prices
from data.understanding.taxing import PROOF, rate_columns, rate_shares, share_of, sums, take, taxes, weight
from data.understanding.ways import MoneyReading

NEUTRAL: Final = frozenset({"period", "neutral", "shipping", "fee", "payout", "refund", "target", "cost", "profit"})
"""Roles that have a place beside any money of a line, by their names alone."""

_UNEXPLAINED: Final = {"amount": 1.5, "price": 1.2, "discount": 1.5, "tax": 1.0, "quantity": 1.0}
"""Role of a column -> how much it speaks against a way that leaves it unexplained."""

NAMED_MONEY: Final = _UNEXPLAINED["amount"]
_COINS: Final = 0.8
_OTHER: Final = 0.3
_PAID: Final = 0.5
"""The same of what is paid out: it often holds more than an export says."""


def explain(sheet: Sheet, way: MoneyReading, of_order: Sequence[str]) -> None:
    """Add to a way what it explains, and score it."""
    left = [name for name in sheet.columns if name not in way.used and name not in of_order]
    way.rates += rate_columns(sheet, way, of_order)
    for name in list(left):
        if sheet.roles[name] in NEUTRAL:
            left.remove(name)
            way.explained[name] = sheet.roles[name]
    for name in list(left):
        values = sheet.columns[name]
        result = _as_own(sheet, way, name)
        if result and result.text == f"{way.base[0]} = {name}":
            take(way, left, name, result, 0.0)  # A column that is there twice proves neither.
        elif result:
            take(way, left, name, result, weight(result))
        elif _constant(values):
            left.remove(name)
            way.explained[name] = "always the same"
    list_prices(sheet, way)
    _returned(sheet, way, left)
    _factors(sheet, way, left)
    taxes(sheet, way, left)
    # What is paid out is no money of the goods, but may be that less fees, and then proves it.
    paid = [name for name in sheet.of("payout") if way.explained.pop(name, None)]
    left += paid
    sums(sheet, way, left)
    for name in [name for name in paid if name in left]:
        left.remove(name)
        way.unexplained[name] = _PAID
    _profits(sheet, way, left)
    _orders(sheet, way, left, of_order)
    for name in left:
        way.unexplained[name] = _against(sheet, name)
    way.score -= sum(way.unexplained.values())


def _against(sheet: Sheet, name: str) -> float:
    if name in sheet.listed:  # A list price may be another than what was paid.
        return 0.0
    role = sheet.roles[name]
    return _UNEXPLAINED.get(role, _COINS if name in sheet.coins else _OTHER)


def _constant(values: Numbers) -> bool:
    known = values[np.isfinite(values)]
    return known.size == 0 or bool(np.ptp(known) < 1e-9)


def _as_own(sheet: Sheet, way: MoneyReading, name: str) -> Relation | None:
    """The figure of the way that a column is: its money before or after discount, a price, the discount, its rate."""
    values, units = sheet.columns[name], way.units(sheet)
    gross, net, off = way.gross, way.revenue, way.off
    wide = np.abs(gross) > 0.02
    many = (np.abs(units - 1) > 1e-9) & wide if units is not None else np.zeros(sheet.rows, bool)
    less = np.abs(off) > 0.021
    pair = len(way.base) == 2
    tests: list[tuple[str, Numbers, np.ndarray, Numbers | float | None]] = []
    tell = many & (np.abs(sheet.columns[way.base[1]] - 1) > 1e-9) if pair else wide
    if way.has_discount:
        # What is the money before the discount is not that after it, on each row that has one.
        either = (tell | less) if pair else less
        tests.append((f"{way.formula} = {name}", net, either, units))
        tests.append((f"{way.gross_formula} = {name}", gross, either, units))
    else:
        tests.append((f"{way.formula} = {name}", net, tell, units))
    held = np.prod([sheet.columns[item] for item in way.base], axis=0) if way.tax else gross
    if way.tax and pair:
        tests.append((f"{' x '.join(way.base)} = {name}", held, tell, units))
    for text, left, telling, times in tests:
        result = relation(text, left, values, telling, times if times is not None else 1.0)
        if result.fits:
            return result
    if units is not None and not pair:
        result = relation(f"{way.quantity} x {name} = {way.gross_formula}", values * units, gross, many, units)
        if way.tax and not result.fits:
            result = relation(f"{way.quantity} x {name} = {way.base[0]}", values * units, held, many, units)
        if result.fits:
            return result
        if way.has_discount:
            result = relation(f"{way.quantity} x {name} = {way.formula}", values * units, net, many & less, units)
            if result.fits:
                return result
    if way.has_discount:
        result = relation(f"{name} = the discount", np.abs(values), np.abs(off), less)
        if result.fits and result.confirmed:
            return result
        for text, factor in (("a share", 1.0), ("a percentage", 100.0)):
            share = factor * off / np.where(np.abs(gross) < 0.02, np.nan, gross)
            slack = factor * (0.0006 + 0.006 / np.maximum(np.abs(gross), 0.02))
            result = close(f"{name} = the discount as {text}", np.abs(values), share, less, slack)
            if result.fits and result.confirmed and result.values >= 2:
                return result
    return None


def are_units(sheet: Sheet, name: str, quantity: str) -> bool:
    """Whether what is named as given back counts units, not money: whole numbers, named so or never above the units."""
    values = np.nan_to_num(sheet.columns[name])
    if name in sheet.coins or np.any(values != np.round(values)):
        return False
    sold = np.nan_to_num(sheet.columns.get(quantity, np.zeros(sheet.rows)))
    return also_speaks_of(name, "quantity") or bool(np.all(np.abs(values) <= sold))


def _returned(sheet: Sheet, way: MoneyReading, left: list[str]) -> None:
    """A price at which the units that did not come back make the money of a line."""
    units = way.units(sheet)
    if units is None or len(way.base) == 2 or way.has_discount:
        return
    for back in (name for name in sheet.of("refund") if are_units(sheet, name, way.quantity)):
        kept = units - np.abs(np.nan_to_num(sheet.columns[back]))
        for price in list(left):
            text = f"({way.quantity} - {back}) x {price} = {way.formula}"
            result = relation(text, kept * sheet.columns[price], way.revenue, np.asarray(kept != units), kept)
            if result.fits and result.confirmed:
                take(way, left, price, result, weight(result))
                way.explained[back] = text
                return


def _factors(sheet: Sheet, way: MoneyReading, left: list[str]) -> None:
    """Two columns that make the money of a line together with its quantity."""
    if len(way.base) == 2 or not way.quantity or way.tax:
        return
    factors = factors_of(sheet, way.base[0], [way.quantity], [way.quantity, *left])
    if factors is not None:
        way.rate = factors.rate
        for number, name in enumerate(factors.others):
            take(way, left, name, factors.relation, weight(factors.relation) if number == 0 else 0.0)


# --- Profit, orders ---------------------------------------------------------------------------------------------------


def _profits(sheet: Sheet, way: MoneyReading, left: list[str]) -> None:
    """Nameless pairs of which one is the money less the other: cost and profit."""
    units = way.units(sheet)
    nameless = [name for name in left if sheet.roles[name] == ""]
    costs = [*sheet.of("cost"), *nameless]
    for name in [*nameless, *sheet.of("profit")]:
        for cost in costs:
            if cost == name or (name not in left and cost not in left):
                continue
            for times, each in ((1.0, ""), *(((units, f"{way.quantity} x "),) if units is not None else ())):
                spent = sheet.columns[cost] * times
                telling = (np.abs(spent) > 0.02) & (np.abs(sheet.columns[name]) > 0.02)
                doubtful = [item for item in (cost, name) if sheet.roles[item] == ""]
                if any(np.mean(np.nan_to_num(sheet.columns[item]) == 0) > 0.2 for item in doubtful):
                    continue  # Every line has a cost and some profit; what is often zero is a discount.
                text = f"{way.formula} - {each}{cost} = {name}"
                result = relation(text, way.revenue - spent, sheet.columns[name], telling, 2.0)
                if len(doubtful) == 2 and share_of(name, sheet.columns[name], spent, cost) is not None:
                    continue  # The same share of every cost is a tax on it.
                if result.proves and result.confirmed >= 3:
                    for proof, item in zip((PROOF, 0.0), [item for item in (name, cost) if item in left], strict=False):
                        take(way, left, item, result, proof)
                    way.unit_cost = way.unit_cost or (cost if each and sheet.roles[cost] == "cost" else "")
                    break


def _orders(sheet: Sheet, way: MoneyReading, left: list[str], of_order: Sequence[str]) -> None:
    """Columns that hold an order's sum of the money."""
    if sheet.order is None:
        return
    extra = [name for name in of_order if sheet.roles[name] in ("tax", "shipping", "fee")]
    more_of = [(f" + {name}", sheet.columns[name]) for name in extra]
    more_of += [(f" - {name}", -np.abs(sheet.columns[name])) for name in of_order if sheet.roles[name] == "discount"]
    amounts = [(way.revenue, way.formula, ""), (way.gross, way.gross_formula, "")]
    if not way.tax:
        # A total with tax proves that the lines are without it.
        amounts += [(way.revenue * (1 + share), f"{way.formula} + {rate}", rate) for rate, share in rate_shares(sheet)]
    totals = [item for item in of_order if sheet.roles[item] in ("amount", "price", "") and item not in way.used]
    for name in [*left, *totals]:
        done = False
        for base, of, rate in amounts:
            for more in _choices(more_of):
                text = f"the sum of {of} over an order{''.join(sign for sign, _ in more)} = {name}"
                result = order_sum(sheet, text, base, sheet.columns[name], [values for _, values in more])
                if result.fits and result.confirmed and result.rows > 1:
                    if name in left:
                        take(way, left, name, result, weight(result))
                    else:
                        way.proofs.append(result)
                        way.score += weight(result)
                    way.order_totals.append(name)
                    if rate and rate not in way.rates:
                        way.rates.append(rate)
                    done = True
                    break
            if done:
                break


def _choices(more: Sequence[tuple[str, Numbers]]) -> list[tuple[tuple[str, Numbers], ...]]:
    """Sets of further amounts of an order, with what is written of them, that may stand between lines and total."""
    pool = list(more)[:4]
    return [chosen for size in range(len(pool) + 1) for chosen in combinations(pool, size)]


def holds_widely(relation: Relation) -> bool:
    """Whether an equation holds on most rows, though not on nearly all."""
    return relation.rows > 0 and 0.5 <= relation.holds / relation.rows < HOLDS
