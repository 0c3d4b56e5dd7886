"""Amounts side by side: columns such as Madrid, Sevilla, Bilbao, each of a shop or a channel, whose sum is the money.

Nothing but the likeness of the columns says so, so that it is offered as an answer, and never taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from data.terms.shaping import SIDE, SIDE_AMOUNT
from data.understanding.changes import REMOVED, Path
from data.understanding.lines import JoinedLines
from data.understanding.names import text_role
from data.understanding.recipe import MONEY
from data.understanding.totals import LineRows
from data.understanding.types import Answer, ReadingTotals
from data.understanding.ways import MoneyReading

DIMENSION: Final = "column"
"""The breakdown that the names of such columns become."""

_LEAST: Final = 2


def columns_of(lines: JoinedLines, way: MoneyReading) -> list[str]:
    """Columns of the same kind as the one that is the money, where nothing else tells them apart."""
    sheet = lines.sheet
    if len(way.base) == 2 or way.quantity or way.discounts or way.tax or way.once or way.proven:
        return []
    others = [name for name in way.unexplained if sheet.roles[name] or name not in sheet.coins]
    alike = [
        name
        for name in (*way.base, *way.unexplained)
        if sheet.roles[name] == "" and name in sheet.coins and lines.source[name][0] == "lines" and not text_role(name)
    ]
    own = [name for name in sheet.columns if name in alike]
    return own if not others and way.base[0] in own and len(own) >= _LEAST else []


def answer(lines: JoinedLines, columns: Sequence[str], rows: LineRows) -> Answer:
    """All of some columns together, each of their cells a line."""
    values = np.stack([lines.sheet.columns[name] for name in columns])
    there = np.isfinite(values) & (rows.day.is_not_null().to_numpy() & rows.sold)
    cells, use = int(there.sum()), lines.stack.use
    keyed = use.column("order_id") or use.column("customer_id")
    orders = int(np.unique(rows.order[there.any(axis=0)]).size) if keyed else cells
    days = rows.day.filter(pl.Series(there.any(axis=0)))
    money = round(float(np.sum(values[there])), 2)
    totals = ReadingTotals(cells, money, float(cells), orders, str(days.min() or ""), str(days.max() or ""))
    at = int(np.flatnonzero(there.any(axis=0))[0]) if cells else 0
    parts = [f"{values[n, at]:,.2f} ({name})" for n, name in enumerate(columns) if there[n, at]]
    listing = f"{', '.join(columns[:-1])} and {columns[-1]}"
    label = f"{listing} together, each a shop, a channel or the like, one unit a cell"
    said = f"The money is that of {listing}: each cell is a line, and the column's name is a way to break numbers down."
    row = f"Row {rows.number[at]:,}: {' + '.join(parts)}"
    whole: dict[str, Any] = {**dict.fromkeys(MONEY, REMOVED), "revenue": SIDE_AMOUNT, DIMENSION: SIDE}
    changes: list[tuple[Path, Any]] = [(("lines", "columns", name), value) for name, value in whole.items()]
    policies = {"no_quantity": "one_unit", "discount": REMOVED, "included_tax": REMOVED}
    changes += [(("policies", name), value) for name, value in policies.items()]
    changes += [(path, list(columns)) for path in _shapes(lines)]
    return Answer("1", label, totals, row, tuple(changes), (said, row))


def undone(lines: JoinedLines) -> tuple[tuple[Path, Any], ...]:
    """What takes such an answer out of a recipe again."""
    paths = (("lines", "columns", DIMENSION), *_shapes(lines))
    return tuple((path, REMOVED) for path in paths)


def _shapes(lines: JoinedLines) -> list[Path]:
    return [("lines", "files", number, "shape", "side_by_side") for number in range(len(lines.stack.parts))]
