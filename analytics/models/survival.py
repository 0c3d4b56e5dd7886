"""Kaplan-Meier: the share for whom something has not happened yet, counting those who are still under observation."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from analytics.models.intervals import LEVEL, z_value

Array = NDArray[Any]

COLUMNS: Final = ("day", "at_risk", "events", "survival", "low", "high")


def kaplan_meier(days: ArrayLike, happened: ArrayLike, level: float = LEVEL) -> pl.DataFrame:
    """One row per day on which something happened to someone or someone left observation, after a row for day 0.

    `days` are whole days from 0, `happened` says whether the thing happened then or observation ended. Columns: day,
    at_risk and events (Int64), survival, low, high (Float64: share to whom it has not happened after that day, with
    the interval from Greenwood's variance on the log-minus-log scale; null where it is undefined, at 0 and 1).
    Sources: Kaplan and Meier (1958); Greenwood (1926); Kalbfleisch and Prentice (1980).
    """
    at, event = np.asarray(days, np.int64), np.asarray(happened, np.bool_)
    if at.size and at.min() < 0:
        raise ValueError("days: expected whole days from 0, found a negative one")
    size = int(at.max(initial=0)) + 1
    left = np.bincount(at, minlength=size)
    events = np.bincount(at[event], minlength=size)
    at_risk = at.size - np.concatenate([[0], np.cumsum(left)[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(at_risk > 0, 1 - events / np.maximum(at_risk, 1), 1.0))
        steps = np.where(events > 0, events / (at_risk * (at_risk - events).astype(np.float64)), 0.0)
        error = np.sqrt(np.cumsum(steps)) / np.abs(np.log(survival))
        half = z_value(level) * error
        low, high = survival ** np.exp(half), survival ** np.exp(-half)
    known = (survival > 0) & (survival < 1)
    rows = np.flatnonzero((left > 0) | (np.arange(size) == 0))
    frame = pl.DataFrame(
        {
            "day": rows,
            "at_risk": at_risk[rows],
            "events": events[rows],
            "survival": survival[rows],
            "low": np.where(known, low, np.nan)[rows],
            "high": np.where(known, high, np.nan)[rows],
        },
        schema_overrides={"day": pl.Int64, "at_risk": pl.Int64, "events": pl.Int64},
    )
    return frame.with_columns(pl.col("low", "high").fill_nan(None))


def at(curve: pl.DataFrame, day: int) -> tuple[float | None, float | None, float | None]:
    """Survival with its ends after a day; all None past the last day that anyone was observed."""
    if curve.is_empty() or day > int(curve["day"][-1]):
        return None, None, None
    row = curve.filter(pl.col("day") <= day).row(-1, named=True)
    return row["survival"], row["low"], row["high"]


def reached(curve: pl.DataFrame, share: float) -> int | None:
    """The first day on which survival has fallen to a share or below; None where it never does."""
    # A product of fractions may miss the share by a bit of its last digit.
    result = curve.filter(pl.col("survival") <= share + 1e-9)["day"]
    return int(result[0]) if len(result) else None
