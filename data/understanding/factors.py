"""Amounts that are the product of three columns: packs x units in each x price, quantity x price x rate of exchange."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from data.understanding.names import words
from data.understanding.relations import Relation, Sheet, relation

_FACTORS: Final = ("quantity", "price", "amount", "neutral", "")

_EACH: Final = re.compile(r"(?<!\w)(per|pro|por|par|je|na|pr|in|each|za|op)(?!\w)|size|inhalt|gebinde|vpe|入数|每|입수")
"""How a name says that it counts what one pack holds."""

_RATE: Final = re.compile(
    r"\brate\b|exchange|\bfx\b|kurs|wechsel|taux|change\b|cambio|tasa|koers|vaxel|kurz\b|arfolyam|curs\b|kur\b|"
    r"курс|汇率|匯率|レート|為替|환율|ισοτιμ|سعر الصرف|שער"
)
"""How a name says that it holds rates of exchange."""


@dataclass(frozen=True)
class Factors:
    """Three columns whose product is an amount, and the equation with its rows."""

    quantity: str
    """What was sold: packs where there are packs."""
    others: tuple[str, str]
    relation: Relation

    @property
    def rate(self) -> str:
        """The rates of exchange among them, where a name says so."""
        return next((name for name in self.others if _RATE.search(words(name))), "")


def factors_of(sheet: Sheet, amount: str, units: Sequence[str], among: Sequence[str] = ()) -> Factors | None:
    """Three columns, `among` those given, whose product is an amount on every row; one of them counts `units`."""
    values = sheet.columns[amount]
    pool = [name for name in among or sheet.columns if name != amount and sheet.roles[name] in _FACTORS]
    pool = [name for name in pool if np.nanstd(sheet.columns[name]) > 1e-9][:8]
    for names in combinations(pool, 3):
        counts = [name for name in names if name in units]
        if not counts:
            continue
        product = np.prod([sheet.columns[name] for name in names], axis=0)
        many = np.asarray(np.abs(product) > 0.02)
        for name in names:
            # Without any of the three it must fail on some row.
            apart = np.abs(sheet.columns[name] - 1) > 1e-9
            many = many if np.any(many & apart) else np.zeros(sheet.rows, bool)
        result = relation(f"{' x '.join(names)} = {amount}", product, values, many, sheet.columns[counts[0]])
        if result.proves and result.confirmed >= 3 and result.holds == result.rows >= 0.9 * sheet.rows:
            quantity = min(counts, key=lambda name: (bool(_EACH.search(words(name))), sheet.roles[name] != "quantity"))
            first, second = (name for name in names if name != quantity)
            return Factors(quantity, (first, second), result)
    return None
