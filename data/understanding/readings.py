"""All ways to read the money of order lines that the columns allow, scored by what the rows prove, best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from data.understanding.discounts import form_priors, forms, off_of, undone
from data.understanding.explaining import PROOF, explain, share_of
from data.understanding.names import is_marked
from data.understanding.relations import (
    Mask,
    Numbers,
    Sheet,
    constant_in,
    order_sum,
    relation,
    steadier,
)
from data.understanding.ways import Way

SAMPLE: Final = 2_000
"""Rows on which ways are sought; the best of them are tried on all rows."""

BEST: Final = 4
"""Ways that are tried on all rows."""

UNSURE: Final = 1.0
"""Where less than this speaks for the best way, names are not to be trusted."""

_MOST_COLUMNS: Final = 14
_NO_MONEY: Final = frozenset({"period", "neutral", "cost", "profit", "target", "shipping", "fee", "refund"})


def readings(sheet: Sheet, header: Sequence[str] = ()) -> tuple[list[Way], list[str]]:
    """The ways, best first, and the columns that stand once for an order, those of its `header` among them."""
    with np.errstate(all="ignore"):
        small = sheet.part(max(1, sheet.rows // SAMPLE))
        of_order = [*header, *(name for name in order_columns(sheet) if name not in header)]
        found = _scored(small, of_order)
        if small is not sheet:
            found = [_again(sheet, way, of_order) for way in found[: 2 * BEST]] + found[2 * BEST :]
            found.sort(key=lambda way: -way.score)
            found = found[: 2 * BEST]
    return found, of_order


def order_columns(sheet: Sheet) -> list[str]:
    """Columns with one amount for an order, repeated on its lines or on its first line only."""
    if sheet.order is None:
        return []
    found, varied = [], False
    for name, values in sheet.columns.items():
        role = sheet.roles[name]
        share, groups, different = constant_in(sheet.order, values)
        if share < 0.98 or not groups:
            varied = varied or (groups > 0 and role not in ("quantity", "period"))
            continue
        known = values[np.isfinite(values)]
        if (
            role in ("quantity", "period", "neutral")
            or name in sheet.percent
            or known.size < 1
            or np.nanmax(np.abs(known)) <= 1
        ):
            continue
        named = is_marked(name, "order_level") and not is_marked(name, "line_level")
        gaps = known.size < values.size
        once = gaps and _filled_once(sheet, values)
        enough = groups >= 5 and different >= 3
        summed = role in ("amount", "") and _is_sum(sheet, name)
        if summed or once or ((enough or named) and different > 1):
            found.append(name)
    # Where every column is the same on all lines of an order, nothing tells an order's amount from a line's.
    return found if varied else [name for name in found if _is_sum(sheet, name)]


def _filled_once(sheet: Sheet, values: Numbers) -> bool:
    """Whether each order of several lines has a number on one line only."""
    assert sheet.order is not None
    known = sheet.order >= 0
    size = np.bincount(sheet.order[known])
    filled = np.bincount(sheet.order[known], weights=np.isfinite(values[known]), minlength=len(size))
    several = size > 1
    return bool(several.any() and (filled[several] <= 1).all() and (filled[several] == 1).any())


def _is_sum(sheet: Sheet, name: str) -> bool:
    """Whether a column is the sum over an order of another column, or of a product of two."""
    others = [one for one in sheet.columns if one != name and sheet.roles[one] not in _NO_MONEY]
    lines = [(one, sheet.columns[one]) for one in others]
    units = [one for one in others if _like_units(sheet, one)]
    lines += [(f"{q} x {p}", sheet.columns[q] * sheet.columns[p]) for q in units for p in others if p != q]
    return any(
        order_sum(sheet, "", values, sheet.columns[name]).fits and _told(sheet, values, name) for _, values in lines
    )


def _told(sheet: Sheet, values: Numbers, name: str) -> bool:
    found = order_sum(sheet, "", values, sheet.columns[name])
    return found.told > 0 and found.rows > 1


# --- Seeking ----------------------------------------------------------------------------------------------------------


def _scored(sheet: Sheet, of_order: list[str]) -> list[Way]:
    """All ways; where none is likely, those with columns whose names speak of something else are among them."""
    found = _sought(sheet, of_order, _NO_MONEY)
    if not found or (found[0].score < UNSURE and not found[0].proven):
        nameless = {name: "" if role in _NO_MONEY - {"period"} else role for name, role in sheet.roles.items()}
        found = _sought(replace(sheet, roles=nameless), of_order, frozenset({"period"}))
    return found


def _sought(sheet: Sheet, of_order: list[str], spared: frozenset[str]) -> list[Way]:
    line = [name for name in sheet.columns if name not in of_order]
    pool = sorted(
        line, key=lambda name: (sheet.roles[name] in _NO_MONEY, sheet.roles[name] == "" and name not in sheet.coins)
    )
    pool = [name for name in pool[:_MOST_COLUMNS] if sheet.roles[name] not in spared]
    found: list[Way] = []
    for base in _bases(sheet, pool):
        for taxed in _taxed(sheet, base, pool):
            found += _discounted(sheet, taxed, pool, of_order)
    if not found:
        found = list(_once(sheet, of_order))
    for way in found:
        explain(sheet, way, of_order)
    for way in (one for one in found if one.unsure):
        # Worth a question, never an answer: it stands just below the same money without it.
        plain = [one for one in found if (one.base, one.tax, one.discounts) == (way.base, way.tax, ())]
        way.score = min(way.score, max((one.score for one in plain), default=way.score) - _BELOW)
    found.sort(key=lambda way: -way.score)
    # What is named as a number of units, or as tax, is nobody's money.
    return [
        way for way in found if len(way.base) == 2 or sheet.roles[way.base[0]] not in ("quantity", "tax", "discount")
    ]


def _like_units(sheet: Sheet, name: str) -> bool:
    """Whether a column can be a number of units: named so, or small and mostly whole."""
    if sheet.roles[name] == "quantity":
        return True
    if sheet.roles[name] in ("tax", "discount", "period"):
        return False
    values = sheet.columns[name]
    known = values[np.isfinite(values)]
    if not known.size or name in sheet.coins:
        return False
    whole = np.mean(np.round(known) == known)
    return bool(whole > 0.95 and np.median(np.abs(known)) <= 1000 and known.max() != known.min())


def _bases(sheet: Sheet, pool: list[str]) -> Iterator[Way]:
    """Quantity x price for each pair that can be one, and each column that can be a line's money."""
    nothing = np.zeros(sheet.rows)
    units = [name for name in pool if _like_units(sheet, name) and name not in sheet.listed]
    money = [name for name in pool if sheet.roles[name] not in ("tax", "discount")]
    for quantity in units:
        for price in money:
            if price == quantity or (price in units and sheet.roles[price] == "quantity"):
                continue
            values = sheet.columns[quantity] * sheet.columns[price]
            score = {"quantity": 0.6, "": 0.0}.get(sheet.roles[quantity], -0.8)
            score += {"price": 0.6, "": 0.0, "amount": -0.3}.get(sheet.roles[price], -1.2)
            score += _looks(sheet, quantity, price)
            yield Way(
                (quantity, price), quantity, values, values, nothing, score=score + _by_prices(sheet, quantity, price)
            )
    for name in money:
        if name in sheet.listed:
            continue
        quantity = _units_of(sheet, name, units)
        spare = [one for one in units if one != name] if not quantity else []
        values = sheet.columns[name]
        score = {"amount": 0.9, "": 0.0, "price": -0.5}.get(sheet.roles[name], -1.5)
        score += (0.6 if sheet.roles[quantity] == "quantity" else 0.0) if quantity else 0.0
        score += _amount_by_prices(sheet, name, quantity) if quantity else 0.0
        score -= 0.4 if name not in sheet.coins and _like_units(sheet, name) and sheet.roles[name] == "" else 0.0
        yield Way((name,), quantity, values, values, nothing, score=score)
        for one in spare[:2]:
            yield Way((name,), one, values, values, nothing, score=score + (0.2 if sheet.roles[one] == "" else 0.0))


def _looks(sheet: Sheet, quantity: str, price: str) -> float:
    """What the looks of two numbers say about which of them is the price."""
    if price in sheet.coins and quantity not in sheet.coins:
        return 0.2
    return -0.2 if sheet.roles[price] == "" and _like_units(sheet, price) else 0.0


def _many(sheet: Sheet, quantity: str) -> Mask:
    units = sheet.columns[quantity]
    return np.asarray((np.abs(units - 1) > 1e-9) & (units != 0))


def _by_prices(sheet: Sheet, quantity: str, price: str) -> float:
    """What it says for quantity x price that a product has one price, whatever the quantity; or against it."""
    value, units = sheet.columns[price], sheet.columns[quantity]
    each = value / np.where(units == 0, np.nan, units)
    if steadier(sheet, each, value, _many(sheet, quantity), 2):
        return -1.5
    return 0.8 if steadier(sheet, value, each, _many(sheet, quantity), 4) else 0.0


def _amount_by_prices(sheet: Sheet, amount: str, quantity: str) -> float:
    """What it says for an amount that it makes one price of a product once the quantity is undone; or against it."""
    value, units = sheet.columns[amount], sheet.columns[quantity]
    each = value / np.where(units == 0, np.nan, units)
    if steadier(sheet, each, value, _many(sheet, quantity), 2):
        return PROOF
    return -1.2 if steadier(sheet, value, each, _many(sheet, quantity), 4) else 0.0


def _units_of(sheet: Sheet, amount: str, units: list[str]) -> str:
    """The column of units beside an amount: what a price proves, else what is named so."""
    choice = [name for name in units if name != amount]
    values = sheet.columns[amount]
    for name in choice:
        for price in sheet.columns:
            if price not in (name, amount) and sheet.roles[price] not in _NO_MONEY:
                found = relation(
                    "", sheet.columns[name] * sheet.columns[price], values, _many(sheet, name), sheet.columns[name]
                )
                if found.proves and np.nanstd(sheet.columns[price]) > 0:
                    return name
    named = [name for name in choice if sheet.roles[name] == "quantity"]
    if named:
        return named[0]
    return next((name for name in choice if _amount_by_prices(sheet, amount, name) > 0), "")


# --- Tax and discount -------------------------------------------------------------------------------------------------


def _taxed(sheet: Sheet, way: Way, pool: list[str]) -> Iterator[Way]:
    """A base as it stands, and without each tax that it may hold."""
    name = way.base[-1]
    with_tax, without = is_marked(name, "with_tax"), is_marked(name, "without_tax")
    taxes = [one for one in pool if sheet.roles[one] == "tax" and one not in way.base]
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
        yield _fresh(way, gross=left, revenue=left, tax=tax, tax_form=form, score=score, hints=hints)


def _discounted(sheet: Sheet, way: Way, pool: list[str], of_order: list[str]) -> list[Way]:
    """A base without a discount, and with each that is named so or that an equation speaks for, in each form."""
    named = [
        one
        for one in pool
        if sheet.roles[one] == "discount" and one not in way.used and one not in sheet.listed and _some(sheet, one)
    ]
    groups: list[tuple[str, ...]] = [(one,) for one in named]
    if len(named) > 1:
        groups.insert(0, tuple(named[:4]))
    others = [
        one
        for one in sheet.columns
        if one not in of_order
        and sheet.roles[one] not in ("discount", "quantity", "period")
        and one not in way.used
        and one not in sheet.listed
        and _some(sheet, one)
    ]
    found = [_fresh(way)]
    for group in groups:
        found += _with_discount(sheet, way, group, named=True)
    if not named and not way.tax:
        for one in others:
            found += _with_discount(sheet, way, (one,), named=False)
    return found


def _looks_like_discount(sheet: Sheet, way: Way, name: str) -> bool:
    """Whether a nameless column is often zero and never above the money, as a discount is."""
    values = sheet.columns[name]
    if sheet.roles[name] != "" or np.nanmax(np.abs(values), initial=0.0) == 0:
        return False
    there = np.isfinite(values)
    often = float(np.mean(np.nan_to_num(values)[there] == 0)) if there.any() else 0.0
    over = np.mean(np.abs(np.nan_to_num(values)) > np.abs(np.nan_to_num(way.gross)) + 0.01)
    return name in sheet.percent or (often >= 0.2 and float(over) < 0.02)


def _some(sheet: Sheet, name: str) -> bool:
    values = sheet.columns[name]
    return bool(np.any(np.nan_to_num(values) != 0))


def _fresh(way: Way, **changed: object) -> Way:
    """A way with lists of its own."""
    own: dict[str, object] = {"proofs": [], "hints": list(way.hints), "explained": {}, "unexplained": {}}
    own |= {"taxes": [], "rates": [], "order_totals": []}
    return replace(way, **{**own, **changed})  # type: ignore[arg-type]


def _with_discount(sheet: Sheet, way: Way, group: tuple[str, ...], *, named: bool) -> list[Way]:
    written = sum((np.nan_to_num(sheet.columns[one]) for one in group), np.zeros(sheet.rows))
    negated = bool(np.all(written <= 0))
    written = np.abs(written) if negated else written
    percent = all(one in sheet.percent for one in group)
    units = way.units(sheet)
    single = len(way.base) == 1
    name = way.base[-1]
    coins = all(one in sheet.coins for one in group)
    priors = form_priors(way.gross, written, units, percent=percent, coins=coins)
    if not single and "per_unit" in priors and coins:
        priors["per_unit"] = 0.3  # Beside the price of a unit, money off may be of the unit, too.
    found: list[Way] = []
    unsure: list[Way] = []
    for form in forms(way.gross, written, units, percent=percent):
        for netted in (False, True):
            if netted:
                gross = undone(way.gross, written, units, form)
                revenue, off = way.gross, gross - way.gross
            else:
                off = off_of(way.gross, written, units, form)
                gross, revenue = way.gross, way.gross - off
            score = way.score + 0.8 * priors[form] + (0.3 if named else _STRANGE.get(sheet.roles[group[0]], -1.5))
            score += _off_or_netted(sheet, name, single=single, netted=netted)
            hints = list(way.hints)
            if named or not single:
                steady, hint = _by_discounted_prices(sheet, way, gross, revenue, off, units, netted=netted)
                score, hints = score + steady, hints + ([hint] if hint else [])
            one = _fresh(way, gross=gross, revenue=revenue, off=off, discounts=group, form=form, netted=netted,
                         negated=negated, score=score, hints=hints)  # fmt: skip
            if named or _confirmed(sheet, one):
                found.append(one)
            elif not netted and _looks_like_discount(sheet, way, group[0]):
                one.unsure = True
                unsure.append(one)
    # Nameless ones that nothing confirms are only worth a question.
    return found or unsure


_BELOW: Final = 0.3

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
    sheet: Sheet, way: Way, gross: Numbers, revenue: Numbers, off: Numbers, units: Numbers | None, *, netted: bool
) -> tuple[float, str]:
    """What it says for a discount that a product has one price before it; or that it has one after it, against it."""
    if units is None:
        return 0.0, ""
    each = np.where(units == 0, np.nan, units)
    less = np.abs(off) > 0.021
    before, as_is = gross / each, way.gross / each
    if netted:
        if steadier(sheet, before, as_is, less):
            return PROOF, f"{way.formula} with the discount added is one price for each product"
        return 0.0, ""
    if len(way.base) == 1 and steadier(sheet, as_is, revenue / each, less):
        return PROOF, f"{way.formula} is one price for each product before the discount"
    return 0.0, ""


def _confirmed(sheet: Sheet, way: Way) -> bool:
    """Whether another column is the money after a nameless discount, or before it."""
    less = np.abs(way.off) > 0.021
    wanted = way.gross if way.netted else way.revenue
    units = way.units(sheet)
    for name, values in sheet.columns.items():
        if name not in way.used and sheet.roles[name] not in _NO_MONEY:
            found = relation("", wanted, values, less, units if units is not None else 1.0)
            enough = 2 if all(sheet.roles[one] in ("", "discount") for one in way.discounts) else 3
            if found.fits and found.told >= enough and found.values >= min(enough, 3):
                return True
    return False


def _once(sheet: Sheet, of_order: list[str]) -> Iterator[Way]:
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
            yield Way((name,), quantity, values, values, nothing, once=True, score=0.5 if sheet.roles[name] else 0.0)


def _again(sheet: Sheet, way: Way, of_order: list[str]) -> Way:
    """A way on all rows."""
    arrays = money_of(sheet, way)
    prior = way.score + sum(way.unexplained.values()) - sum(PROOF if proof.proves else 0.5 for proof in way.proofs)
    whole = _fresh(way, **arrays, score=prior)
    explain(sheet, whole, of_order)
    return whole


def money_of(sheet: Sheet, way: Way) -> dict[str, Numbers]:
    """The money of a way on every row of a sheet."""
    base = np.ones(sheet.rows)
    for name in way.base:
        base = base * sheet.columns[name]
    if way.once:
        return next(
            {"gross": one.gross, "revenue": one.revenue, "off": one.off} for one in _once(sheet, list(way.base))
        )
    if way.tax:
        held = np.nan_to_num(sheet.columns[way.tax])
        if way.tax_form != "amount":
            share = held / (100.0 if way.tax_form == "percent" else 1.0)
            held = base * share / (1 + share)
        base = base - held
    written = sum((np.nan_to_num(sheet.columns[one]) for one in way.discounts), np.zeros(sheet.rows))
    written = np.abs(written) if way.negated else written
    units = way.units(sheet)
    if way.netted:
        gross = undone(base, written, units, way.form)
        return {"gross": gross, "revenue": base, "off": gross - base}
    off = off_of(base, written, units, way.form) if way.has_discount else np.zeros(sheet.rows)
    return {"gross": base, "revenue": base - off, "off": off}
