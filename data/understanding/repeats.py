"""Rows that repeat their order: one that names no product and holds the sum of the order's other rows."""

from __future__ import annotations

import numpy as np

from data.understanding.lines import JoinedLines
from data.understanding.relations import Mask, Numbers, Sheet, slack_of


def repeats(lines: JoinedLines) -> Mask:
    """The rows that repeat what the other rows of their order come to; none unless all rows without a product do.

    Such a row's units are the sum of the others', and so is its money, or what their units and prices come to.
    """
    none = np.zeros(lines.sheet.rows, dtype=bool)
    use, sheet = lines.stack.use, lines.sheet
    named = [column for column in (use.column("product_id"), use.column("product")) if column]
    if sheet.order is None or not named:
        return none
    bare = np.ones(sheet.rows, dtype=bool)
    for column in named:
        bare &= (lines.stack.texts(column).fill_null("") == "").to_numpy()
    others = ~bare & (sheet.order >= 0)
    several = np.bincount(sheet.order[others], minlength=int(sheet.order.max(initial=-1)) + 2)
    units = next((name for name in sheet.of("quantity") if name not in sheet.coins), "")
    if not bare.any() or bare.mean() > 0.5 or not units or (several[sheet.order[bare]] < 2).any():
        return none
    if not _sums(sheet, others, sheet.columns[units])[bare].all():
        return none
    money = [name for name in sheet.columns if name in sheet.coins and sheet.roles[name] in ("amount", "price", "")]
    for name in money:
        alone, priced = sheet.columns[name], sheet.columns[units] * sheet.columns[name]
        if _sums(sheet, others, alone)[bare].all() or _sums(sheet, others, priced, alone)[bare].all():
            return bare
    return none


def _sums(sheet: Sheet, others: Mask, parts: Numbers, wholes: Numbers | None = None) -> Mask:
    """Whether each row's own number is what `parts` of the other rows of its order come to."""
    assert sheet.order is not None
    there = others & np.isfinite(parts)
    total = np.bincount(sheet.order[there], weights=parts[there], minlength=int(sheet.order.max(initial=-1)) + 2)
    own = parts if wholes is None else wholes
    return np.asarray(np.abs(np.where(np.isfinite(own), own, np.inf) - total[sheet.order]) <= slack_of(3.0))
