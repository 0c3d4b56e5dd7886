"""The demo's targets: what management hoped for, per month, country and category, with gaps."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.generator import calendar, places
from data.generator.catalogue import CATEGORY_NAMES

SHAPE: Final = (calendar.MONTHS, len(places.COUNTRY_NAMES), len(CATEGORY_NAMES))
"""Months x countries x categories, of the revenue that targets are built on."""
MONTHS: Final = tuple(range(calendar.month_index(date(2024, 1, 1)), calendar.month_index(date(2027, 1, 1))))
"""January 2024 to December 2026: targets reach beyond the data."""
HOPED_GROWTH: Final = 0.11

_NO_TARGETS: Final = ("New Zealand", "Singapore")
_NO_APPAREL_TARGETS: Final = ("Chile", "Mexico")
_FORGOTTEN: Final = ("South Korea", date(2025, 4, 1), date(2025, 6, 1))
"""A country whose targets of one quarter nobody wrote down."""
_STEP: Final = 100 * 10_000


def build(rng: np.random.Generator, revenue: NDArray[np.int64]) -> pl.DataFrame:
    """One row per month, country and category with a target: last year's revenue and some growth, rounded to 100."""
    rows: list[tuple[date, str, str, int]] = []
    for index in MONTHS:
        month = calendar.month_start(index)
        # The first year has no year before it: management guessed near what happened.
        has_base = index >= 12
        base = revenue[index - 12] if has_base else revenue[index] / (1 + HOPED_GROWTH)
        mood = rng.normal(1 + HOPED_GROWTH, 0.03 if has_base else 0.06, base.shape)
        hoped = np.rint(base * mood / _STEP).astype(np.int64) * _STEP
        for country, name in enumerate(places.COUNTRY_NAMES):
            if name in _NO_TARGETS or (name == _FORGOTTEN[0] and _FORGOTTEN[1] <= month <= _FORGOTTEN[2]):
                continue
            for number, category in enumerate(CATEGORY_NAMES):
                amount = int(hoped[country, number])
                if amount > 0 and not (category == "Apparel" and name in _NO_APPAREL_TARGETS):
                    rows.append((month, name, category, amount))
    return pl.DataFrame(
        rows,
        schema={
            "month": pl.Date,
            "country": pl.Enum(places.COUNTRY_NAMES),
            "category": pl.Enum(CATEGORY_NAMES),
            "revenue": pl.Int64,
        },
        orient="row",
    )
