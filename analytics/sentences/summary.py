"""Sentences of a period's summary: what came in, and who moved it."""

from __future__ import annotations

from analytics import formats
from analytics.amounts import signed
from analytics.filters import Filters
from analytics.metrics import METRICS


def headline(
    metric: str, now: float | None, base: float | None, change: float | None, filters: Filters, currency: str
) -> str:
    """The first sentence of a summary: what the metric was, and against what."""
    row = METRICS[metric]
    text = formats.text(now, row.unit, currency)
    if not filters.base or change is None:
        return f"{row.label} came to {text} in {filters.period.describe()}."
    word = formats.change_text(change, row.unit)
    moved = f"{word} on" if word[0] in "+-" else "unchanged from"
    return (
        f"{row.label} came to {text} in {filters.period.describe()}, {moved} {formats.text(base, row.unit, currency)} "
        f"in {filters.base.describe()}."
    )


def buyers(new: float, returning: float, currency: str) -> str:
    """Whether first-time buyers or those who came back moved revenue."""
    if abs(new) >= abs(returning):
        return (
            f"New customers moved revenue most: {signed(new, currency)}; returning ones {signed(returning, currency)}."
        )
    return f"Returning customers moved revenue most: {signed(returning, currency)}; new ones {signed(new, currency)}."
