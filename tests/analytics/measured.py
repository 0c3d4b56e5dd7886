"""Frames of measures from numbers small enough to work out, and the filters that sentences name."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters
from analytics.metrics import MEASURES
from analytics.periods import Comparison, Period

H1 = Period(date(2022, 1, 1), date(2022, 6, 30))
BASE = Period(date(2021, 1, 1), date(2021, 6, 30))
COMPARED = Filters(H1, Comparison("previous_year", BASE))
ALONE = Filters(H1, Comparison("none", None))
MONEY = MONEY_SCALE


def measures(**columns: list[int | None]) -> pl.DataFrame:
    """A frame of measures with their base: what is not given is 0, or null for a base where none is given."""
    height = len(next(iter(columns.values())))
    based = any(name.endswith("_base") for name in columns)
    out = {}
    for name in MEASURES:
        out[name] = pl.Series(columns.get(name, [0] * height), dtype=pl.Int64)
        out[f"{name}_base"] = pl.Series(columns.get(f"{name}_base", [0 if based else None] * height), dtype=pl.Int64)
    return pl.DataFrame(out)


def labelled(names: list[str], column: str = "member", **columns: list[int | None]) -> pl.DataFrame:
    return measures(**columns).with_columns(pl.Series(column, names, pl.Enum(list(dict.fromkeys(names)))))
