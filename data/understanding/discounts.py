"""Taking discounts off the money of a line: those that are named so, and those that an equation speaks for."""

from __future__ import annotations

from typing import Final

import numpy as np

from data.understanding.bases import NO_MONEY, STEADY
from data.understanding.fees import without_fees
from data.understanding.forms import form_priors, forms, off_of, undone
from data.understanding.names import is_marked
from data.understanding.relations import Numbers, Sheet, relation, steadier
from data.understanding.ways import MoneyReading, fresh

BELOW: Final = 0.3
"""How far a reading with a discount that only looks like one stands below the same money without it."""


def discounted(sheet: Sheet, way: MoneyReading, pool: list[str], of_order: list[str]) -> list[MoneyReading]:
    """A base without a discount, and with each that is named so or that an equation speaks for, in each form."""
    named = [
        item
        for item in pool
        if sheet.roles[item] == "discount" and item not in way.used and item not in sheet.listed and _some(sheet, item)
    ]
    groups: list[tuple[str, ...]] = [(item,) for item in named]
    if len(named) > 1:
        groups.insert(0, tuple(named[:4]))
    others = [
        column
        for column in sheet.columns
        if column not in of_order
        and sheet.roles[column] not in ("discount", "quantity", "period", "profit")
        and not (sheet.roles[column] == "fee" and len(way.base) == 1)  # It is of the payment, not of the goods.
        and column not in way.used
        and column not in sheet.listed
        and _some(sheet, column)
    ]
    result = [fresh(way)]
    for group in groups:
        result += _with_discount(sheet, way, group, named=True)
    if not named and not way.tax:
        for other in others:
            result += _with_discount(sheet, way, (other,), named=False)
    if not way.tax:
        result += without_fees(sheet, way)
    return result


_OFTEN: Final = 0.2
"""Share of rows without it that speaks for a nameless discount."""


def _looks_like_discount(sheet: Sheet, way: MoneyReading, name: str) -> bool:
    """Whether a nameless column is often zero, or never above it, and never above the money, as a discount is.

    Often is a fifth of the rows, less the standard error of such a share: one of six rows is no sign of less.
    """
    values = sheet.columns[name]
    if sheet.roles[name] != "" or np.nanmax(np.abs(values), initial=0.0) == 0:
        return False
    there = np.isfinite(values)
    zeros, rows = int(np.sum(values[there] == 0)), int(there.sum())
    often = zeros > 0 and zeros >= _OFTEN * rows - np.sqrt(_OFTEN * (1 - _OFTEN) * rows)
    over = np.mean(np.abs(np.nan_to_num(values)) > np.abs(np.nan_to_num(way.gross)) + 0.01)
    some = np.abs(values[there & (np.nan_to_num(values) != 0)])
    # Multiples of 5 up to 100 may be percentages, of lines that cost less, too.
    stepped = some.size > 0 and 1 < float(some.max()) <= 100 and float(np.mean(some % 5 == 0)) > 0.8
    below = bool(np.all(np.nan_to_num(values) <= 0))
    return name in sheet.percent or ((often or below) and (float(over) < 0.02 or stepped))


def _some(sheet: Sheet, name: str) -> bool:
    values = sheet.columns[name]
    return bool(np.any(np.nan_to_num(values) != 0))


def _with_discount(sheet: Sheet, way: MoneyReading, group: tuple[str, ...], *, named: bool) -> list[MoneyReading]:
    written = sum((np.nan_to_num(sheet.columns[item]) for item in group), np.zeros(sheet.rows))
    negated = bool(np.all(written <= 0))
    written = np.abs(written) if negated else written
    percent = all(item in sheet.percent for item in group)
    units = way.units(sheet)
    single = len(way.base) == 1
    name = way.base[-1]
    coins = all(item in sheet.coins for item in group)
    priors = form_priors(way.gross, written, percent=percent, coins=coins)
    large = bool(np.nanmax(np.abs(written), initial=0.0) > 1)
    if not single and "per_unit" in priors and coins and large:
        priors["per_unit"] = 0.3  # Beside the price of a unit, money off may be of the unit, too.
    ways: list[MoneyReading] = []
    unsure: list[MoneyReading] = []
    signed = any(item in sheet.signed for item in group)
    for form in forms(way.gross, written, units, percent=percent, signed=signed):
        for netted in (False, True):
            if netted:
                gross = undone(way.gross, written, units, form)
                revenue, off = way.gross, gross - way.gross
            else:
                off = off_of(way.gross, written, units, form)
                gross, revenue = way.gross, way.gross - off
            score = way.score + 0.8 * priors[form] + (0.3 if named else _STRANGE.get(sheet.roles[group[0]], -1.5))
            score += _off_or_netted(sheet, name, single=single, netted=netted)
            score -= 0.0 if named or percent or not written.all() else _ALWAYS
            hints = list(way.hints)
            if named or not single:
                steady, hint = _by_discounted_prices(sheet, way, gross, revenue, off, units, netted=netted)
                score, hints = score + steady, hints + ([hint] if hint else [])
            item = fresh(way, gross=gross, revenue=revenue, off=off, discounts=group, form=form, netted=netted,
                         negated=negated, score=score, hints=hints)  # fmt: skip
            if named or (_moderate(item) and _confirmed(sheet, item)):
                ways.append(item)
            elif not netted and (form != "per_unit" or not single) and _looks_like_discount(sheet, way, group[0]):
                item.unsure = True
                unsure.append(item)
    # Nameless ones that nothing confirms are only worth a question.
    return ways or unsure


_ALWAYS: Final = 0.6
"""What it says against a nameless discount that no row is without one."""

_STRANGE: Final = {"": -0.6, "price": -0.8, "amount": -0.8}
"""What it says against a discount that it is named as something else."""


def _off_or_netted(sheet: Sheet, name: str, *, single: bool, netted: bool) -> float:
    """What the name of the money says about whether a discount is off it already."""
    if sheet.own_layout and single:
        return 3.0 if netted else 0.0
    if not single:
        return -0.4 if netted else 0.6
    if is_marked(name, "netted") and not is_marked(name, "gross"):
        return 0.5 if netted else 0.0
    if is_marked(name, "gross"):
        return 0.0 if netted else 0.6
    return 0.0 if netted else 0.1


def _by_discounted_prices(
    sheet: Sheet,
    way: MoneyReading,
    gross: Numbers,
    revenue: Numbers,
    off: Numbers,
    units: Numbers | None,
    *,
    netted: bool,
) -> tuple[float, str]:
    """What it says for a discount that a product has one price before it; or that it has one after it, against it."""
    if units is None:
        return 0.0, ""
    each = np.where(units == 0, np.nan, units)
    less = np.abs(off) > 0.021
    before, as_is = gross / each, way.gross / each
    if netted:
        if steadier(sheet, before, as_is, less):
            return STEADY, f"{way.formula} with the discount added is one price for each product"
        return 0.0, ""
    if len(way.base) == 1 and steadier(sheet, as_is, revenue / each, less):
        return STEADY, f"{way.formula} is one price for each product before the discount"
    return 0.0, ""


def _moderate(way: MoneyReading) -> bool:
    """Whether what is off is mostly less than half of the money, as a discount is."""
    less = np.abs(way.off) > 0.021
    shares = np.abs(way.off[less]) / np.abs(way.gross[less])
    known = shares[np.isfinite(shares)]
    return bool(known.size and np.median(known) <= 0.5)


def _confirmed(sheet: Sheet, way: MoneyReading) -> bool:
    """Whether another column is the money after a nameless discount, or before it."""
    less = np.abs(way.off) > 0.021
    wanted = way.gross if way.netted else way.revenue
    units = way.units(sheet)
    for name, values in sheet.columns.items():
        if name not in way.used and sheet.roles[name] not in NO_MONEY:
            times = units if units is not None else 1.0
            result = relation("", wanted, values, less, times)
            enough = 2 if all(sheet.roles[discount] in ("", "discount") for discount in way.discounts) else 3
            if result.fits and len(way.base) == 2 and enough == 2:
                # Where quantity x price is that money on all other rows, a single discounted row tells enough.
                many = np.asarray(np.abs(sheet.columns[way.base[0]] - 1) > 1e-9)
                if relation("", wanted, values, many | less, times).proves and result.confirmed:
                    return True
            if result.fits and result.confirmed >= enough and result.values >= min(enough, 3):
                return True
    return False
