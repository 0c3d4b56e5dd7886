"""Columns that are named as a fee and may be something else: a discount that is on some rows only, or tax.

A fee of a payment is on each of them and is no money off: what was sold is the money before it. A discount and a tax
bear the same equation, money - fee = what is left, so that a question is all that the rows are worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from data.understanding.forms import forms, off_of
from data.understanding.names import is_marked
from data.understanding.relations import Numbers, Sheet, relation
from data.understanding.taxing import share_of
from data.understanding.ways import MoneyReading, fresh

_WITHOUT: Final = 0.05
"""Share of the rows with money that have no fee, from which on it may be a discount."""


def without_fees(sheet: Sheet, way: MoneyReading) -> Iterator[MoneyReading]:
    """The money of a line less each column that is named as a fee and looks like a discount or a tax: worth asking."""
    for fee in (name for name in sheet.of("fee") if name not in way.used):
        if is_marked(fee, "on_top") or is_marked(fee, "payment"):
            continue
        written = np.nan_to_num(sheet.columns[fee])
        taken, units = np.abs(written), way.units(sheet)
        for form in forms(way.gross, taken, units, percent=fee in sheet.percent, signed=fee in sheet.signed):
            off = off_of(way.gross, taken, units, form)
            left = way.gross - off
            if not _is_left(sheet, way, fee, left, off):
                continue
            if _on_some_rows(way, taken):
                negated = bool(np.all(written <= 0))
                yield fresh(way, revenue=left, off=off, discounts=(fee,), form=form, negated=negated, unsure=True)
            elif form == "amount" and np.all(written >= 0) and _is_tax(way, fee, taken, left):
                yield fresh(way, gross=left, revenue=left, tax=fee, unsure=True)


def _on_some_rows(way: MoneyReading, taken: Numbers) -> bool:
    with_money = np.nan_to_num(way.gross) > 0.021
    return bool(with_money.any() and np.mean(taken[with_money] == 0) >= _WITHOUT)


def _is_tax(way: MoneyReading, fee: str, taken: Numbers, left: Numbers) -> bool:
    """Whether it is a usual rate of what is left, and none of the money that it is taken from, as a commission is."""
    inside = share_of(fee, taken, left, "what is left")
    return inside is not None and inside.proves and share_of(fee, taken, way.gross, way.formula) is None


def _is_left(sheet: Sheet, way: MoneyReading, fee: str, left: Numbers, taken: Numbers) -> bool:
    """Whether another column is the money without the fee."""
    others = [values for name, values in sheet.columns.items() if name != fee and name not in way.used]
    results = [relation("", left, values, taken > 0.021) for values in others]
    return any(result.fits and result.confirmed for result in results)
