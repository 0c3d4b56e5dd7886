"""Months that stand side by side as columns of a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from data.terms.dates import month_words, without_accents
from data.understanding.facts import Fact

_LEAST_MONTHS: Final = 3
_LEAST_DATED: Final = 2
"""Months with their years that are columns, where no column holds days."""


def month_columns(facts: Sequence[Fact]) -> tuple[list[tuple[str, str]], list[str]]:
    """(column, first day of its month) of a sheet that has months as columns; and such columns without a year."""
    dated, bare = [], []
    for fact in facts:
        if fact.kind not in ("whole", "number", "empty"):
            continue
        day = _month_of(fact.name)
        if day:
            dated.append((fact.name, day))
        elif without_accents(fact.name).strip(" .") in month_words():
            bare.append(fact.name)
    days = any(fact.kind == "date" for fact in facts)
    if len(dated) >= (_LEAST_MONTHS if days else _LEAST_DATED):
        return dated, []
    return [], bare if len(bare) >= _LEAST_MONTHS else []


def _month_of(name: str) -> str:
    text = without_accents(name).strip()
    match = re.fullmatch(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})月?", text)
    year, month = (match[1], int(match[2])) if match else ("", 0)
    if not match and (match := re.fullmatch(r"(\d{1,2})\s?[-/.月]\s?((?:19|20)\d\d)年?", text)):
        year, month = match[2], int(match[1])
    if not match:
        words = re.findall(r"[^\W\d_]+|\d+", text)
        numbers = [month_words()[word] for word in words if word in month_words()]
        years = [word for word in words if re.fullmatch(r"(19|20)\d\d|\d\d", word)]
        if len(words) == 2 and len(numbers) == len(years) == 1:
            year, month = years[0] if len(years[0]) == 4 else f"20{years[0]}", numbers[0]
    return f"{year}-{month:02d}-01" if 1 <= month <= 12 and year else ""
