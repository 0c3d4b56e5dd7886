"""What a way to read the money makes of every other column of numbers.

Every number of the lines must end up explained: by an equation, as a neutral number, or as of the order. What stays
unexplained speaks against the way, the louder the more it looks like money. This keeps a lying name from winning.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from data.understanding.relations import HOLDS, Numbers, Relation, Sheet, close, order_sum, relation
from data.understanding.ways import Way

NEUTRAL: Final = frozenset({"period", "neutral", "shipping", "fee", "refund", "target", "cost", "profit"})
"""Roles that have a place beside any money of a line, by their names alone."""

_UNEXPLAINED: Final = {"amount": 1.5, "price": 1.2, "discount": 1.5, "tax": 1.0, "quantity": 1.0}
"""Role of a column -> how much it speaks against a way that leaves it unexplained."""

_COINS: Final = 0.8
_OTHER: Final = 0.3

PROOF: Final = 1.5
"""What an equation on several telling rows speaks for a way."""

HINT: Final = 0.5
"""What an equation on a single telling row speaks for it."""


def explain(sheet: Sheet, way: Way, of_order: Sequence[str]) -> None:
    """Add to a way what it explains, and score it."""
    left = [name for name in sheet.columns if name not in way.used and name not in of_order]
    for name in list(left):
        if sheet.roles[name] in NEUTRAL:
            left.remove(name)
            way.explained[name] = sheet.roles[name]
    for name in list(left):
        values = sheet.columns[name]
        found = _as_own(sheet, way, name)
        if found:
            _take(way, left, name, found, _weight(found))
        elif _constant(values):
            left.remove(name)
            way.explained[name] = "always the same"
    _taxes(sheet, way, left)
    _sums(sheet, way, left)
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


def _weight(found: Relation) -> float:
    return PROOF if found.proves else HINT if found.told else 0.0


def _take(way: Way, left: list[str], name: str, found: Relation, weight: float) -> None:
    left.remove(name)
    way.explained[name] = found.text
    way.score += weight
    if found.told:
        way.proofs.append(found)


def _constant(values: Numbers) -> bool:
    known = values[np.isfinite(values)]
    return known.size == 0 or bool(np.ptp(known) < 1e-9)


def _as_own(sheet: Sheet, way: Way, name: str) -> Relation | None:
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
        tests.append((f"{way.formula} = {name}", net, less, units))
        tests.append((f"{way.gross_formula} = {name}", gross, (tell & less) if pair else less, units))
    else:
        tests.append((f"{way.formula} = {name}", net, tell, units))
    for text, left, telling, times in tests:
        found = relation(text, left, values, telling, times if times is not None else 1.0)
        if found.fits:
            return found
    if units is not None and not pair:
        price = gross / np.where(units == 0, np.nan, units)
        found = relation(f"{way.quantity} x {name} = {way.gross_formula}", values * units, gross, many, units)
        if found.fits:
            return found
        if way.has_discount:
            found = relation(f"{way.quantity} x {name} = {way.formula}", values * units, net, many & less, units)
            if found.fits:
                return found
        del price
    if way.has_discount:
        found = relation(f"{name} = the discount", np.abs(values), np.abs(off), less)
        if found.fits and found.told:
            return found
        for text, factor in (("a share", 1.0), ("a percentage", 100.0)):
            share = factor * off / np.where(np.abs(gross) < 0.02, np.nan, gross)
            slack = factor * (0.0006 + 0.006 / np.maximum(np.abs(gross), 0.02))
            found = close(f"{name} = the discount as {text}", np.abs(values), share, less, slack)
            if found.fits and found.told and found.values >= 2:
                return found
    return None


# --- Tax --------------------------------------------------------------------------------------------------------------


def share_of(name: str, tax: Numbers, base: Numbers, of: str) -> Relation | None:
    """Whether a column is one of at most two usual rates of a base; the rates are taken from the rows."""
    telling = (np.abs(tax) > 0.004) & (np.abs(base) > 0.05)
    if not telling.any():
        return None
    rate = tax[telling] / base[telling]
    snapped = np.round(rate * 200) / 200
    rates, counts = np.unique(snapped, return_counts=True)
    usual = rates[np.argsort(-counts)][:2]
    usual = usual[(usual > 0.004) & (usual <= 0.35)]
    common = float(np.sum(tax[telling]) / np.sum(base[telling]))
    best: Relation | None = None
    # 16.67 % of the money is 20 % of what is left without it: then the base holds the tax.
    inside = abs(common / (1 - common) * 200 - round(common / (1 - common) * 200)) < 0.02 if common < 1 else True
    for candidate in (usual, np.array([] if inside else [common])):
        if not candidate.size or not 0.004 < candidate[0] <= 0.35:
            continue
        nearest = candidate[np.argmin(np.abs(rate[:, None] - candidate[None, :]), axis=1)]
        expected = np.zeros_like(base)
        expected[telling] = nearest * base[telling]
        shown = " or ".join(f"{100 * one:.4g} %" for one in np.unique(nearest))
        slack = np.full_like(base, 0.0065)
        found = close(f"{name} is {shown} of {of}", expected, tax, telling, slack)
        # A rate must tell more than its rounding: the amounts must be large enough.
        enough = float(np.median(np.abs(base[telling]))) > 1.0
        if found.fits and enough and (best is None or found.told > best.told):
            best = found
            break
    return best


def _taxes(sheet: Sheet, way: Way, left: list[str]) -> None:
    for name in [one for one in left if sheet.roles[one] in ("tax", "")]:
        values = sheet.columns[name]
        if sheet.roles[name] == "tax" and (name in sheet.percent or _is_rate(values)):
            left.remove(name)
            way.explained[name] = "a rate of tax"
            way.rates.append(name)
            continue
        if sheet.roles[name] == "" and name not in sheet.coins:
            continue
        for base, of in ((way.revenue, way.formula), (way.gross, way.gross_formula)):
            found = share_of(name, values, base, of)
            if found is not None and found.proves and (sheet.roles[name] == "tax" or found.told >= 4):
                _take(way, left, name, found, PROOF)
                way.taxes.append(name)
                break


def _is_rate(values: Numbers) -> bool:
    """Whether a column holds rates of tax: few different numbers, such as 7 and 19, or 0.07 and 0.19."""
    known = np.unique(values[np.isfinite(values)])
    few = known.size <= 4 and known.size < max(2, 0.5 * np.isfinite(values).sum())
    return bool(few and known.size and ((known <= 30) & (np.round(known * 2) == known * 2) | (known < 0.31)).all())


def _sums(sheet: Sheet, way: Way, left: list[str]) -> None:
    """Columns that are the money with further columns added: tax, shipping."""
    more = [*way.taxes, *(name for name in sheet.of("tax") if name in left)]
    more += sheet.of("shipping", "fee")
    nameless = [name for name in left if sheet.roles[name] == "" and name in sheet.coins]
    for name in [one for one in left if sheet.roles[one] in ("amount", "price", "")]:
        values = sheet.columns[name]
        for group in (*((one,) for one in more), *combinations(more, 2), *((one,) for one in nameless if one != name)):
            extra = sum((np.nan_to_num(sheet.columns[one]) for one in group), np.zeros(sheet.rows))
            telling = np.abs(extra) > 0.021
            if np.any(extra * np.nan_to_num(way.revenue) < -0.02):
                continue  # What is below zero is no tax and no shipping.
            for base, of in ((way.revenue, way.formula), (way.gross, way.gross_formula)):
                found = relation(f"{of} + {' + '.join(group)} = {name}", base + extra, values, telling, 2.0)
                small = (
                    np.nanmedian(np.abs(extra[telling])) < 0.6 * np.nanmedian(np.abs(values)) if telling.any() else 0
                )
                if found.fits and found.told and small and (found.proves or group[0] not in nameless):
                    _take(way, left, name, found, _weight(found))
                    for one in group:
                        if one in left:
                            _take(way, left, one, found, _weight(found))
                        if one not in way.taxes and sheet.roles[one] in ("tax", ""):
                            way.taxes.append(one)
                    break
            if name not in left:
                break
        if name in left:
            _with_rate(sheet, way, left, name)


def _with_rate(sheet: Sheet, way: Way, left: list[str], name: str) -> None:
    """A column that is the money with a tax of the same rate on every row, or of the rate in another column."""
    values, net = sheet.columns[name], way.revenue
    for rate in way.rates:
        share = sheet.columns[rate] / (1.0 if np.nanmax(sheet.columns[rate]) < 1 else 100.0)
        found = relation(
            f"{way.formula} + {rate} = {name}", net * (1 + share), values, np.abs(net * share) > 0.021, 2.0
        )
        if found.fits and found.proves:
            _take(way, left, name, found, PROOF)
            return
    telling = np.abs(net) > 0.5
    if telling.sum() < 3:
        return
    ratio = float(np.nanmedian(values[telling] / net[telling]))
    snapped = round(ratio * 200) / 200
    if 1.02 < snapped < 1.28 and abs(ratio - snapped) < 0.003:
        found = relation(
            f"{way.formula} with {100 * (snapped - 1):.3g} % = {name}", net * snapped, values, telling, 1.5
        )
        if found.proves:
            _take(way, left, name, found, PROOF)


# --- Profit, orders ---------------------------------------------------------------------------------------------------


def _profits(sheet: Sheet, way: Way, left: list[str]) -> None:
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
                text = f"{way.formula} - {each}{cost} = {name}"
                found = relation(text, way.revenue - spent, sheet.columns[name], telling, 2.0)
                if found.proves and found.told >= 3:
                    for one in (name, cost):
                        if one in left:
                            _take(way, left, one, found, PROOF)
                    way.unit_cost = way.unit_cost or (cost if each and sheet.roles[cost] == "cost" else "")
                    break


def _orders(sheet: Sheet, way: Way, left: list[str], of_order: Sequence[str]) -> None:
    """Columns that hold an order's sum of the money."""
    if sheet.order is None:
        return
    added = [sheet.columns[name] for name in of_order if sheet.roles[name] in ("tax", "shipping", "fee")]
    less = [-np.abs(sheet.columns[name]) for name in of_order if sheet.roles[name] == "discount"]
    for name in [*left, *(one for one in of_order if sheet.roles[one] in ("amount", "price", ""))]:
        done = False
        for base, of in ((way.revenue, way.formula), (way.gross, way.gross_formula)):
            for more in _choices(added, less):
                found = order_sum(sheet, f"the sum of {of} over an order = {name}", base, sheet.columns[name], more)
                if found.fits and found.told and found.rows > 1:
                    if name in left:
                        _take(way, left, name, found, _weight(found))
                    else:
                        way.proofs.append(found)
                        way.score += _weight(found)
                    way.order_totals.append(name)
                    done = True
                    break
            if done:
                break


def _choices(added: Sequence[Numbers], less: Sequence[Numbers]) -> list[tuple[Numbers, ...]]:
    """Sets of further amounts of an order that may stand between its lines and its total."""
    pool = [*added, *less][:4]
    return [(), *(chosen for size in range(1, len(pool) + 1) for chosen in combinations(pool, size))]


def holds_widely(found: Relation) -> bool:
    """Whether an equation holds on most rows, though not on nearly all."""
    return found.rows > 0 and 0.5 <= found.holds / found.rows < HOLDS
