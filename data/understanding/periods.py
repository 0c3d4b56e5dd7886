"""Days in more than one cell: months side by side as columns; the year, month and day in a column each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from data.terms.dates import bare_month, month_of
from data.understanding.facts import Fact
from data.understanding.names import period_part

_LEAST_MONTHS: Final = 3
_LEAST_DATED: Final = 2
"""Months with their years that are columns, where no column holds days."""

Months = list[tuple[str, str]]
"""(column, first day of its month)."""


def months_aside(facts: Sequence[Fact], around: Sequence[str]) -> tuple[Months, list[str]]:
    """The columns of a sheet that are months, and what is said of them; texts `around` the table may name the year."""
    columns = [fact for fact in facts if fact.kind in ("whole", "number", "empty")]
    dated = [(fact.name, day) for fact in columns if (day := month_of(fact.name))]
    days = any(fact.kind == "date" for fact in facts)
    if len(dated) >= (_LEAST_MONTHS if days else _LEAST_DATED):
        return dated, [f"Months stand in {len(dated)} columns, {dated[0][0]} to {dated[-1][0]}: {_ROWS}."]
    bare = [(fact.name, month) for fact in columns if (month := bare_month(fact.name))]
    numbers = [month for _, month in bare]
    if len(bare) < _LEAST_MONTHS or len(set(numbers)) < len(numbers):
        return [], []
    first, last = bare[0][0], bare[-1][0]
    for text in around:
        years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))
        if len(years) == 1:
            year = years.pop()
            title = text.strip(" ;,|")
            why = f"Months stand in {len(bare)} columns, {first} to {last}, of {year} as {title!r} says: {_ROWS}."
            return [(name, f"{year}-{month:02d}-01") for name, month in bare], [why]
    return [], [
        f"Months stand in {len(bare)} columns, {first} to {last}, without a year: put one month "
        "below the other, with a column for the date, or write the year above them or into the file's name."
    ]


_ROWS: Final = "each becomes rows of its own"


def day_columns(some: pl.DataFrame, facts: Sequence[Fact]) -> tuple[tuple[str, ...], list[str]]:
    """The columns of year, month and, if there is one, day that make the date of a table without any other."""
    if any(fact.kind == "date" for fact in facts):
        return (), []
    parts = {}
    for part, low, high in (("year", 1990, 2199), ("month", 1, 12), ("day", 1, 31)):
        for fact in facts:
            if period_part(fact.name) == part and part not in parts and fact.filled == fact.rows:
                whole = fact.kind == "whole" and low <= (fact.low or 0) and (fact.high or 0) <= high
                named = part == "month" and fact.kind == "text"
                if whole or (named and all(map(bare_month, some[fact.name].cast(pl.String).unique().to_list()))):
                    parts[part] = fact.name
    if not {"year", "month"} <= parts.keys():
        return (), []
    columns = tuple(parts[part] for part in ("year", "month", "day") if part in parts)
    if "day" in parts:
        return columns, [f"{', '.join(columns)} together are the date."]
    return columns, [f"{' and '.join(columns)} name months, no days: each is taken as its first day."]
