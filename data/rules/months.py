"""Which months the rules about dates would change, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from analytics.dates import month_text
from analytics.formats import count_of
from data.rules.swapped import NAME, swap
from data.terms.rows import FLAG
from data.terms.texts import money

DATED: Final = ("date_range", "future_date", NAME)
"""Rules whose choices change dates."""

_MOST: Final = 4
"""Months that are named."""

Move = tuple[str, str, int, int]
"""Month that rows stand in and month that they would stand in, both as 2024-03, how many, and their money."""


def moves(frame: pl.LazyFrame, rule: str, *, mended: bool) -> tuple[Move, ...]:
    """The months of the rows that a rule about dates finds, the earliest first.

    `mended` says that the days of swapped dates are already swapped back in the frame.
    """
    day = pl.col("ordered_on")
    other = swap(day) if rule == NAME else day
    was, now = (other, day) if mended and rule == NAME else (day, other)
    rows = frame.filter(pl.col(FLAG + rule)).select(
        was.dt.strftime("%Y-%m").alias("was"), now.dt.strftime("%Y-%m").alias("now"), pl.col("revenue").fill_null(0)
    )
    table = rows.group_by("was", "now").agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("revenue").sum()).collect()
    return tuple(table.drop_nulls().sort("was", "now").iter_rows())


def in_words(option: str, months: Sequence[Move]) -> str:
    """What a choice does to the months: rows that leave them, or go to others."""
    if option == "keep" or not months:
        return ""
    back = option == "swap_back"
    texts = [
        f"{_month(was)} to {_month(now)}: {count_of(rows, 'row')}, {money(worth)}"
        if back
        else f"{_month(was)}: {count_of(rows, 'row')}, {money(worth)}"
        for was, now, rows, worth in (months if back else _leaving(months))
    ]
    more = f"; {len(texts) - _MOST:,} more" if len(texts) > _MOST else ""
    return (
        f"{'Months that rows move from and to' if back else 'Months that rows leave'}: {'; '.join(texts[:_MOST])}{more}"
    )


def _leaving(months: Sequence[Move]) -> list[Move]:
    """The months that rows stand in, each once."""
    sums: dict[str, tuple[int, int]] = {}
    for was, _, rows, worth in months:
        before = sums.get(was, (0, 0))
        sums[was] = (before[0] + rows, before[1] + worth)
    return [(was, was, rows, worth) for was, (rows, worth) in sums.items()]


def _month(text: str) -> str:
    return month_text(date.fromisoformat(f"{text}-01"))
