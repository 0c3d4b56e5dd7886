"""The reconciliation strip: where the lines of the source went, and how much of them a view shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset


@dataclass(frozen=True)
class Ledger:
    """Rows and money from the source to the view. Money is exact, in currency units."""

    rows_read: int
    lines_kept: int
    rows_returned: int
    """Rows of the source that became returns."""
    rows_set_aside: int
    view_lines: int
    view_revenue: Decimal
    revenue: Decimal
    """Revenue of all lines of the dataset, summed from them."""
    difference: Decimal
    """That sum less the revenue that the import counted; 0 unless the dataset was changed since."""


def ledger(data: Dataset, totals: pl.DataFrame) -> Ledger:
    """The strip for a view, given its one row of totals."""
    counted = data.reconciliation
    revenue = lines.revenue(data)
    return Ledger(
        rows_read=counted.rows_read,
        lines_kept=counted.lines_kept,
        rows_returned=counted.returns_kept,
        rows_set_aside=sum(rule.rows for rule in counted.set_aside),
        view_lines=totals["lines"].item(),
        view_revenue=money(totals["revenue"].item()),
        revenue=money(revenue),
        difference=money(revenue - counted.revenue),
    )


def money(ten_thousandths: int) -> Decimal:
    """Fixed-point money as an exact decimal number of currency units."""
    return Decimal(ten_thousandths) / MONEY_SCALE
