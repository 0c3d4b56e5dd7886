"""Takeaways on one customer."""

from __future__ import annotations

import polars as pl

from analytics.dates import day_text


def scores(rows: pl.DataFrame) -> str:
    """How a customer's group changed. Takes `customer_detail.scores`."""
    if rows.is_empty():
        return "No scores yet."
    now, first = rows.row(-1, named=True), rows.row(0, named=True)
    sentence = f"{now['group']} on {day_text(now['day'])} (R {now['r']}, F {now['f']}, M {now['m']})"
    if rows.height > 1 and first["group"] != now["group"]:
        return f"{sentence}; {first['group']} on {day_text(first['day'])}."
    return f"{sentence}, as on {day_text(first['day'])}." if rows.height > 1 else f"{sentence}."
