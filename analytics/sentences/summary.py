"""The first sentence of a period's summary: what came in."""

from __future__ import annotations

from analytics import formats
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
