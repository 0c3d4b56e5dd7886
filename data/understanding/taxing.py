"""Tax and shipping beside the money of a line: columns that are a usual rate of it, and columns that hold both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from data.understanding.names import is_marked
from data.understanding.relations import Numbers, Relation, Sheet, close, relation
from data.understanding.ways import MoneyReading

PROOF: Final = 1.5
"""What an equation on several telling rows speaks for a way."""

HINT: Final = 0.5
"""What an equation on a single telling row speaks for it."""

_FIRST: Final = 1_000
_TOLD: Final = 0.6
"""What it says for money before a fee that what the fee left is called net: a fee on top leaves nothing."""


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
        listing = " or ".join(f"{100 * item:.4g} %" for item in np.unique(nearest))
        slack = np.full_like(base, 0.0065)
        result = close(f"{name} is {listing} of {of}", expected, tax, telling, slack)
        # A rate must tell more than its rounding: the amounts must be large enough.
        enough = float(np.median(np.abs(base[telling]))) > 1.0
        if result.fits and enough and (best is None or result.confirmed > best.confirmed):
            best = result
            break
    return best


def rate_columns(sheet: Sheet, way: MoneyReading, of_order: Sequence[str]) -> list[str]:
    """Columns that are rates of tax, of lines or orders: nobody adds them up."""
    taxes = [name for name in sheet.of("tax") if name not in way.used]
    # An order's tax that is written as money may be the same few amounts.
    could = [name for name in taxes if name not in of_order or name not in sheet.coins]
    return [name for name in taxes if name in sheet.percent or (name in could and _is_rate(sheet.columns[name]))]


def taxes(sheet: Sheet, way: MoneyReading, left: list[str]) -> None:
    """Take from what is left the taxes of a way, in money or as rates."""
    for name in [item for item in left if sheet.roles[item] in ("tax", "")]:
        values = sheet.columns[name]
        if name in way.rates:
            left.remove(name)
            way.explained[name] = "a rate of tax"
            continue
        if sheet.roles[name] == "" and name not in sheet.coins:
            continue
        for base, of in ((way.revenue, way.formula), (way.gross, way.gross_formula)):
            result = share_of(name, values, base, of)
            if result is not None and result.proves and (sheet.roles[name] == "tax" or result.confirmed >= 4):
                take(way, left, name, result, PROOF)
                way.taxes.append(name)
                break


def rate_shares(sheet: Sheet) -> list[tuple[str, Numbers]]:
    """Columns that hold rates of tax, and the rate of each row as a share."""
    named = [name for name in sheet.of("tax") if name in sheet.percent or _is_rate(sheet.columns[name])]
    return [(name, _share(sheet.columns[name])) for name in named if np.nan_to_num(sheet.columns[name]).any()]


def _share(rate: Numbers) -> Numbers:
    return rate / (1.0 if np.nanmax(rate) < 1 else 100.0)


def _is_rate(values: Numbers) -> bool:
    """Whether a column holds rates of tax: few different numbers, such as 7 and 19, or 0.07 and 0.19."""
    known = np.unique(values[np.isfinite(values)])
    few = known.size <= 4 and known.size < max(2, 0.5 * np.isfinite(values).sum())
    return bool(few and known.size and ((known <= 30) & (np.round(known * 2) == known * 2) | (known < 0.31)).all())


def sums(sheet: Sheet, way: MoneyReading, left: list[str]) -> None:
    """Columns that are the money with further columns added: tax, shipping."""
    more = [*way.taxes, *(name for name in sheet.of("tax") if name in left)]
    more += sheet.of("shipping", "fee")
    nameless = [name for name in left if sheet.roles[name] == "" and name in sheet.coins]
    for name in [item for item in left if sheet.roles[item] in ("amount", "price", "payout", "")]:
        values = sheet.columns[name]
        for group in (
            *((item,) for item in more),
            *combinations(more, 2),
            *((item,) for item in nameless if item != name),
        ):
            extra = sum((np.nan_to_num(sheet.columns[item]) for item in group), np.zeros(sheet.rows))
            telling = np.abs(extra) > 0.021
            if np.any(extra * np.nan_to_num(way.revenue) < -0.02):
                continue  # What is below zero is no tax and no shipping.
            for base, of in ((way.revenue, way.formula), (way.gross, way.gross_formula)):
                result = relation(f"{of} + {' + '.join(group)} = {name}", base + extra, values, telling, 2.0)
                known = np.isfinite(values)
                small = (
                    telling.any()
                    and known.any()
                    and bool(np.median(np.abs(extra[telling])) < 0.6 * np.median(np.abs(values[known])))
                )
                if result.fits and result.confirmed and small and (result.proves or group[0] not in nameless):
                    take(way, left, name, result, weight(result))
                    for item in group:
                        if item in left:
                            # The equation counts once; a name that fits makes it count for both columns.
                            take(way, left, item, result, weight(result) if sheet.roles[item] else 0.0)
                        if item not in way.taxes and sheet.roles[item] in ("tax", ""):
                            way.taxes.append(item)
                    break
            if name not in left:
                break
        if name in left:
            _after_fees(sheet, way, left, name)
        if name in left:
            _with_rate(sheet, way, left, name)


def _after_fees(sheet: Sheet, way: MoneyReading, left: list[str], name: str) -> None:
    """A column that is what a fee left of the money: what was sold is the money before it."""
    beside = [item for item in (*way.taxes, *sheet.of("shipping")) if item not in way.used]
    for fee in (item for item in sheet.of("fee") if not is_marked(item, "on_top")):
        taken = np.abs(np.nan_to_num(sheet.columns[fee])) * np.sign(way.revenue)
        telling = np.abs(taken) > 0.021
        for group in ((), *((item,) for item in beside), *combinations(beside, 2)):
            parts = [way.revenue, *(sheet.columns[item] for item in group), -taken]
            if not _begins(parts, sheet.columns[name]):
                continue
            text = f"{' + '.join((way.formula, *group))} - {fee} = {name}"
            paid = sum((np.nan_to_num(part) for part in parts[1:]), way.revenue)
            result = relation(text, paid, sheet.columns[name], telling, 1.0)
            if result.proves:
                take(way, left, name, result, PROOF + (_TOLD if is_marked(name, "netted") else 0.0))
                return


def _begins(parts: Sequence[Numbers], total: Numbers) -> bool:
    """Whether parts add up to a total on most of the first rows: to try all of them on a million costs too much."""
    first = slice(0, _FIRST)
    added = sum((np.nan_to_num(part[first]) for part in parts), np.zeros(min(_FIRST, total.size)))
    there = np.isfinite(total[first])
    return not there.any() or bool(np.mean(np.abs(added - total[first])[there] < 0.02) > 0.5)


def _with_rate(sheet: Sheet, way: MoneyReading, left: list[str], name: str) -> None:
    """A column that is the money with a tax of the same rate on every row, or of the rate in another column."""
    values, net = sheet.columns[name], way.revenue
    for rate in way.rates:
        share = _share(sheet.columns[rate])
        result = relation(
            f"{way.formula} + {rate} = {name}", net * (1 + share), values, np.abs(net * share) > 0.021, 2.0
        )
        if result.fits and result.proves:
            take(way, left, name, result, PROOF)
            return
    telling = (np.abs(net) > 0.5) & np.isfinite(values)
    if telling.sum() < 3:
        return
    ratio = float(np.nanmedian(values[telling] / net[telling]))
    snapped = round(ratio * 200) / 200
    if 1.02 < snapped < 1.28 and abs(ratio - snapped) < 0.003:
        result = relation(
            f"{way.formula} with {100 * (snapped - 1):.3g} % = {name}", net * snapped, values, telling, 1.5
        )
        if result.proves:
            take(way, left, name, result, PROOF)


def weight(relation: Relation) -> float:
    return PROOF if relation.proves else HINT if relation.confirmed else 0.0


def take(way: MoneyReading, left: list[str], name: str, relation: Relation, weight: float) -> None:
    left.remove(name)
    way.explained[name] = relation.text
    way.score += weight
    # An equation that explains several columns is one proof.
    if relation.confirmed and weight:
        way.proofs.append(relation)
