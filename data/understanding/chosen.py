"""Policies that the lines call for: what becomes of rows below zero, of gifts, of discounts in rows of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.terms import reductions
from data.understanding.lines import JoinedLines
from data.understanding.relations import Mask
from data.understanding.totals import LineRows
from data.understanding.ways import MoneyReading


def policies(
    lines: JoinedLines, way: MoneyReading, status: Mapping[str, Any], no_order: str, again: Mask, rows: LineRows
) -> dict[str, str]:
    """Policies that the lines call for; `again` marks rows without a product that repeat their order."""
    result = {
        "unreadable": "set_aside",
        "overlapping_files": "set_aside",
        "contradicting_files": "set_aside",
        "missing_product": "set_aside" if again.any() else "keep",
    }
    units, money = way.units(lines.sheet), lines.sheet.columns[way.base[-1]]
    below = bool(units is not None and np.any(np.nan_to_num(units) < 0))
    credit = len(way.base) == 1 and bool(np.any(np.nan_to_num(money) < 0))
    if below or credit or status.get("returns"):
        result["negative_quantity"] = "returns"
    if credit:
        result["negative_price"] = "returns"
    if rows.off.any():
        result[reductions.RULE] = "net"
    if not lines.stack.use.column("order_id") and no_order != "customer_day":
        result["no_order"] = no_order
    if _idle(lines, way):
        result["zero_price"] = "set_aside"
    return result


def _idle(lines: JoinedLines, way: MoneyReading) -> str:
    """Whether rows with a price of zero are corrections of the stock, not gifts: nearly none names a customer."""
    customer = lines.stack.use.column("customer_id")
    free = np.nan_to_num(way.gross, nan=1.0) == 0
    if customer is None or free.sum() < 20:
        return ""
    nobody = (lines.stack.texts(customer).fill_null("").str.strip_chars() == "").to_numpy()
    rows, without = int(free.sum()), int((free & nobody).sum())
    if without < 0.9 * rows:
        return ""
    price = way.base[-1]
    file = lines.stack.use.file
    return f"{rows:,} rows of {file} have a {price} of zero and {without:,} of them name no customer: set aside."
