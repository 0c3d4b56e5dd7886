"""Rows that may add up others: where one block of rows alone says so, it may be chance, and is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from data.understanding.changes import Path
from data.understanding.lines import JoinedLines
from data.understanding.sums import Doubt
from data.understanding.totals import LineRows
from data.understanding.types import Answer, Question, ReadingTotals


def about_sums(lines: JoinedLines, rows: LineRows, total: Callable[[LineRows], ReadingTotals]) -> list[Question]:
    """Whether such rows are totals or sales; `total` says what rows come to. Nothing where they count in no case."""
    result, begin = [], 0
    for place, part in enumerate(lines.stack.parts):
        own = slice(begin, begin + part.table.rows)
        begin = own.stop
        for doubt in part.table.doubts:
            sums = np.zeros(len(rows.number), dtype=bool)
            sums[own] = np.isin(rows.number[own], doubt.rows)
            counted, without = total(rows), total(replace(rows, sold=rows.sold & ~sums))
            if counted == without:
                continue
            shape: Path = ("lines", "files", place, "shape")
            changes = (((*shape, "sums"), list(doubt.blank)), ((*shape, "sum_of"), [doubt.money, doubt.numbers]))
            answers = (
                Answer("sale", "Sales of their own", counted),
                Answer("total", "Totals, which are left out", without, "", changes),
            )
            result.append(Question(f"sums:{part.table.name}", _text(part.table.name, doubt), answers, "sale"))
    return result


def _text(file: str, doubt: Doubt) -> str:
    listed = ", ".join(f"{row:,}" for row in doubt.rows[:5]) + (", ..." if len(doubt.rows) > 5 else "")
    return (
        f"{file}: what has no {' and no '.join(doubt.blank)} holds the sum of other rows (row {listed}; {doubt.money} "
        f"{doubt.amount:,.2f}). Are these totals of them, or sales of their own?"
    )
