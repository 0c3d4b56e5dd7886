"""Which columns hold one amount for a whole order, repeated on its lines or on its first or last line only."""

from __future__ import annotations

import numpy as np

from data.understanding.bases import NO_MONEY, like_units
from data.understanding.names import is_marked, speaks_of
from data.understanding.relations import Numbers, Sheet, constant_in, order_sum


def order_columns(sheet: Sheet) -> list[str]:
    """Columns with one amount for an order, repeated on its lines or on its first line only."""
    if sheet.order is None:
        return []
    result, varied = [], False
    alone = repeated(sheet, named=True)
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
        named = _is_named(name)
        gaps = known.size < values.size
        single = gaps and _filled_once(sheet, values)
        once = single and _at_an_edge(sheet, values)
        if single and not once and not named:
            # Now on this line of an order, now on that one: what a line has, such as a discount on some.
            varied = True
            continue
        enough = groups >= 5 and different >= 3
        summed = role in ("amount", "") and _is_sum(sheet, name)
        if summed or once or name in alone or ((enough or named) and different > 1):
            result.append(name)
    # Where every column is the same on all lines of an order, only names and sums tell an order's amount from a line's.
    return result if varied else [name for name in result if name in alone or _is_sum(sheet, name)]


def _is_named(name: str) -> bool:
    """Whether a name speaks of a whole order, and not of its lines."""
    of_order = is_marked(name, "order_level") or speaks_of(name, "whole_order")
    return of_order and not is_marked(name, "line_level") and not speaks_of(name, "one_line")


def repeated(sheet: Sheet, *, named: bool = False) -> list[str]:
    """Amounts that are the same on all lines of each order though its lines differ, where lines have no other money.

    Those whose names speak of an order, or any that have several values in several orders.
    """
    if sheet.order is None:
        return []
    money = [name for name in sheet.of("amount", "price", "") if name in sheet.coins or sheet.roles[name]]
    least = 1 if named else 2
    shares = (constant_in(sheet.order, sheet.columns[name]) for name in money)
    if not all(share == 1.0 and min(groups, different) >= least for share, groups, different in shares):
        return []
    known = [name for name in money if np.isfinite(sheet.columns[name]).all() and (not named or _is_named(name))]
    return known if _lines_differ(sheet) else []


def _lines_differ(sheet: Sheet) -> bool:
    """Whether most orders of several lines have lines of different units, or of different products."""
    assert sheet.order is not None
    known = sheet.order >= 0
    labels = [*(sheet.columns[name] for name in sheet.of("quantity")), *(p.astype(float) for p in sheet.products[:1])]
    for values in labels:
        share, groups, _ = constant_in(sheet.order[known], values[known])
        if groups and share < 0.5:
            return True
    return False


def _filled_once(sheet: Sheet, values: Numbers) -> bool:
    """Whether each order of several lines has a number on one line only."""
    assert sheet.order is not None
    known = sheet.order >= 0
    size = np.bincount(sheet.order[known])
    filled = np.bincount(sheet.order[known], weights=np.isfinite(values[known]), minlength=len(size))
    several = size > 1
    return bool(several.any() and (filled[several] <= 1).all() and (filled[several] == 1).any())


def _at_an_edge(sheet: Sheet, values: Numbers) -> bool:
    """Whether the lines with a number are each the first of their order of several lines, or each the last."""
    assert sheet.order is not None
    rows = np.flatnonzero(sheet.order >= 0)
    order = sheet.order[rows]
    first = np.full(order.max() + 1, rows.size)
    last = np.full(order.max() + 1, -1)
    np.minimum.at(first, order, np.arange(rows.size))
    np.maximum.at(last, order, np.arange(rows.size))
    filled = np.flatnonzero(np.isfinite(values[rows]) & (first[order] < last[order]))
    return any(bool((edge[order[filled]] == filled).all()) for edge in (first, last))


def _is_sum(sheet: Sheet, name: str) -> bool:
    """Whether a column is the sum over an order of another column, or of a product of two."""
    others = [column for column in sheet.columns if column != name and sheet.roles[column] not in NO_MONEY]
    lines = [(other, sheet.columns[other]) for other in others]
    units = [other for other in others if like_units(sheet, other)]
    lines += [(f"{q} x {p}", sheet.columns[q] * sheet.columns[p]) for q in units for p in others if p != q]
    return any(
        order_sum(sheet, "", values, sheet.columns[name]).fits and _tells(sheet, values, name) for _, values in lines
    )


def _tells(sheet: Sheet, values: Numbers, name: str) -> bool:
    result = order_sum(sheet, "", values, sheet.columns[name])
    return result.confirmed > 0 and result.rows > 1
