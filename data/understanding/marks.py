"""Which sign stands before decimals, where quantity x price = amount holds for one way to read the numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from data.terms.numbers import styled
from data.terms.shaping import cleaned
from data.understanding.relations import Numbers, relation

if TYPE_CHECKING:
    from data.understanding.facts import Fact

_ROWS: Final = 2_000
"""Rows that are looked at."""

_MOST: Final = 8
"""Columns of numbers that are looked at."""

_STYLES: Final = {".": "1,234.56", ",": "1.234,56"}


def proven_mark(frame: pl.LazyFrame, facts: Sequence[Fact]) -> str:
    """ "." or "," for columns such as 1,200 that leave it open; empty where no equation tells or both readings hold."""
    numbers = [fact for fact in facts if fact.numeric and not fact.percent][:_MOST]
    if len(numbers) < 3 or not any(fact.open_mark for fact in numbers):
        return ""
    some = frame.select(cleaned(pl.col(fact.name).cast(pl.String)) for fact in numbers).head(_ROWS).collect()
    fits = [mark for mark in _STYLES if _is_product(some, numbers, mark)]
    return fits[0] if len(fits) == 1 else ""


def _is_product(some: pl.DataFrame, numbers: Sequence[Fact], mark: str) -> bool:
    """Whether an open column is part of quantity x price = amount on every row if it is read with a sign."""
    columns = {fact.name: _read(some[fact.name], _STYLES[mark] if fact.open_mark else fact.numbers) for fact in numbers}
    for first, second, amount in permutations(numbers, 3):
        if first.name > second.name or not (second.open_mark or first.open_mark or amount.open_mark):
            continue
        one, other = columns[first.name], columns[second.name]
        many = np.asarray((np.abs(one - 1) > 1e-9) & (np.abs(other - 1) > 1e-9))
        result = relation("", one * other, columns[amount.name], many, 0.0)
        if result.proves and result.holds == result.rows > 1:
            return True
    return False


def _read(texts: pl.Series, style: str) -> Numbers:
    frame = texts.alias("n").to_frame().select(styled(pl.col("n"), style).cast(pl.Float64, strict=False).alias("n"))
    return np.array(frame["n"].fill_null(float("nan")).to_numpy(), dtype=np.float64)
