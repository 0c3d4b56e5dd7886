"""What was paid, what was earned and what was sold: where the first two add up to the third, words say which is which.

A column such as Zakup netto, Acquisto netto or Purchase may be the buyer's money as well as the seller's, so that its
name alone is no cost. Beside what was earned on it, or beside a column that is named as sold, it is one.
"""

from __future__ import annotations

from itertools import permutations
from typing import Final

import numpy as np

from data.understanding.names import speaks_of
from data.understanding.relations import Numbers, Relation, Sheet, close

_MONEY: Final = ("amount", "price", "")


def sold_at_a_margin(sheet: Sheet) -> dict[str, str]:
    """Column -> role of what was paid and what was earned, where words and numbers say what was sold."""
    money = [
        name for name in sheet.of(*_MONEY) if name in sheet.coins or sheet.roles[name] or speaks_of(name, "bought")
    ]
    strange = [name for name in sheet.of("quantity", "") if name in sheet.coins or speaks_of(name, "earned")]
    margins = dict.fromkeys((*sheet.of("profit"), *money, *strange))
    for sold, bought in permutations([*money, *sheet.of("cost")], 2):
        if sheet.roles[sold] == "cost" or not _could_be(bought, sold):
            continue
        for margin in (name for name in margins if name not in (sold, bought)):
            earned = sheet.roles[margin] == "profit" or speaks_of(margin, "earned")
            if (earned or _decided(sheet, bought, sold)) and _adds_up(sheet, bought, margin, sold):
                return {bought: "cost", margin: "profit"}
    for sold, bought in permutations(money, 2):
        # Two amounts or two prices, of which one is named as bought and the other as sold.
        if sheet.roles[sold] == sheet.roles[bought] != "" and _decided(sheet, bought, sold):
            return {bought: "cost"}
    return {}


def _could_be(bought: str, sold: str) -> bool:
    """Whether no name says that it is the other way round."""
    return not (speaks_of(bought, "sold") and not speaks_of(bought, "bought") and not speaks_of(sold, "sold"))


def _decided(sheet: Sheet, bought: str, sold: str) -> bool:
    """Whether names say which of two columns was paid and which was sold."""
    paid = sheet.roles[bought] == "cost" or (speaks_of(bought, "bought") and not speaks_of(bought, "sold"))
    return paid and speaks_of(sold, "sold") and not speaks_of(sold, "bought")


def _adds_up(sheet: Sheet, bought: str, margin: str, sold: str) -> bool:
    """Whether what was paid and what was earned come to what was sold, of the line, of a unit, or as a share."""
    spent, earned, paid = (sheet.columns[name] for name in (bought, margin, sold))
    if margin in sheet.percent:
        share = earned / (1.0 if np.nanmax(np.abs(earned), initial=0.0) < 1 else 100.0)
        wide = 0.0006 * np.abs(paid)
        return _proves(spent, paid * (1 - share), wide) or _proves(spent * (1 + share), paid, wide)
    units = next((sheet.columns[name] for name in sheet.of("quantity")), None)
    sums = [(spent + earned, paid)]
    if units is not None:
        sums += [(spent * units + earned, paid), (spent * units + earned, paid * units), (spent + earned, paid * units)]
    return any(_proves(left, right, 0.0) for left, right in sums)


def _proves(left: Numbers, right: Numbers, wide: Numbers | float) -> bool:
    result: Relation = close("", left, right, np.abs(right) > 0.02, 0.0106 + wide)
    return result.proves and result.rows > 1
