"""Takeaways on unusual days."""

from __future__ import annotations

import polars as pl

from analytics.formats import count_of
from analytics.metrics import METRICS


def marks(table: pl.DataFrame, metric: str) -> str:
    """The unusual days of a trend; empty where there are none."""
    if table.is_empty():
        return ""
    top = table.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    what = f"{top['label']} ({top['text']}, usually {top['usual_text']})"
    if table.height == 1:
        return f"One day fell out of line in {METRICS[metric].label.lower()}: {what}."
    return f"{table.height:,} days fell out of line in {METRICS[metric].label.lower()}, most of all {what}."


def unusual(table: pl.DataFrame, metric: str, judged: int, days: int) -> str:
    """How many days fell out of line, and the one that did most; of `days` those of which so much was known before."""
    label = METRICS[metric].label.lower()
    if not judged:
        return f"No day of this period could be judged in {label}: too few weeks with sales on most days lie before it."
    if table.is_empty() and judged < days:
        return f"Of the {judged:,} of {count_of(days, 'day')} that could be judged, none fell out of line in {label}."
    if table.is_empty():
        return f"No day of this period fell out of line in {label}."
    top = table.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    count = f"{count_of(table.height, 'day')} fell out of line"
    if judged < days:
        count += f", of the {judged:,} of {days:,} that could be judged"
    why = f"; {top['why']}" if top["why"] else ""
    return f"{count}. Most of all {top['label']}: {top['text']} where {top['usual_text']} was usual{why}."
