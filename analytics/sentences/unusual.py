"""Takeaways on unusual days."""

from __future__ import annotations

import polars as pl

from analytics.formats import count_of, numbered
from analytics.metrics import METRICS


def marks(table: pl.DataFrame, metric: str) -> str:
    """The unusual days of a trend, closed days aside; empty where there are none."""
    table = _strange(table)
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
    shut = _closed(table)
    table = _strange(table)
    if not judged:
        return f"No day of this period could be judged in {label}: too few weeks with sales on most days lie before it."
    if table.is_empty() and judged < days:
        of = f"Of the {judged:,} of {count_of(days, 'day')}"
        return f"{of} that could be judged, none fell out of line in {label}.{shut}"
    if table.is_empty():
        return f"No day of this period fell out of line in {label}.{shut}"
    top = table.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    count = f"{count_of(table.height, 'day')} fell out of line"
    if judged < days:
        count += f", of the {judged:,} of {days:,} that could be judged"
    why = f"; {top['why']}" if top["why"] else ""
    return f"{count}. Most of all {top['label']}: {top['text']}, usually {top['usual_text']}{why}.{shut}"


def _strange(table: pl.DataFrame) -> pl.DataFrame:
    return table if table.is_empty() else table.filter(~pl.col("closed"))


def _closed(table: pl.DataFrame) -> str:
    """Days without any sales that recur, which are no strange days."""
    if table.is_empty() or not table["closed"].any():
        return ""
    days = table.filter("closed").sort("day")["label"].to_list()
    listed = ", ".join(days[:3]) + (f" and {len(days) - 3:,} more" if len(days) > 3 else "")
    verb = numbered(len(days), "is", "are")
    return f" {count_of(len(days), 'closed day')} without any sales {verb} not counted: {listed}."
