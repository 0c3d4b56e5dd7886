"""The first sentence of a period's summary: what came in."""

from __future__ import annotations

from typing import Final

from analytics import formats
from analytics.filters import Filters
from analytics.metrics import METRICS

NO_CUSTOMERS: Final = "No sale of this period has a customer recorded."


def headline(
    metric: str, now: float | None, base: float | None, change: float | None, filters: Filters, currency: str
) -> str:
    """The first sentence of a summary: what the metric was, and against what."""
    row = METRICS[metric]
    text = formats.text(now, row.unit, currency)
    if not filters.base or change is None:
        return f"{row.label} came to {text} {filters.period.when()}."
    word = formats.change_text(change, row.unit)
    moved = f"{word} on" if word[0] in "+-" else "unchanged from"
    return (
        f"{row.label} came to {text} {filters.period.when()}, {moved} {formats.text(base, row.unit, currency)} "
        f"{filters.base.when()}."
    )
