"""Coming back: the time from the first purchase to the next, with those still awaited counted as far as observed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from analytics.models.discoveries import discoveries, unlike
from analytics.models.intervals import FEW, wilson
from analytics.models.survival import kaplan_meier
from analytics.runs import first_rows

HORIZONS: Final = (30, 60, 90, 180)
"""Days within which a second purchase is counted."""

NEVER: Final = np.int32(2**31 - 1)
"""Stands for a day that has not come."""


def started(purchases: pl.DataFrame, first_on: pl.DataFrame) -> pl.DataFrame:
    """The purchases of customers whose first purchase ever is among them, of those of a filtered view.

    Who came to the view later came back by that alone, and they are more among those who began elsewhere: kept, they
    would make a difference between first purchases that is none. Takes what `seconds` does.
    """
    who, day = purchases["customer"].to_numpy(), purchases["day"].to_physical().to_numpy()
    rows = first_rows(who)
    began = np.full(max(int(who.max(initial=0)), int(first_on["customer"].max() or 0)) + 1, NEVER)  # type: ignore[arg-type]
    began[first_on["customer"].to_numpy()] = first_on["first_on"].to_physical().to_numpy()
    inside = day[rows] == began[who[rows]]
    return purchases.filter(pl.Series(np.repeat(inside, np.diff(rows, append=who.size)), dtype=pl.Boolean))


def seconds(purchases: pl.DataFrame, first_on: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per customer with purchases up to a day: customer, first_on, second_on (Date, null where none yet).

    Takes `lines.purchases` and the day of each customer's first purchase ever (customer, first_on). The second purchase
    is the first one on a later day, so that an order split in two is not a return.
    """
    bought = purchases.filter(pl.col("day") <= until)
    who, day = bought["customer"].to_numpy(), bought["day"].to_physical().to_numpy()
    first = np.full(max(int(who.max(initial=0)), int(first_on["customer"].max() or 0)) + 1, NEVER)  # type: ignore[arg-type]
    first[first_on["customer"].to_numpy()] = first_on["first_on"].to_physical().to_numpy()
    # Rows come by customer and day: the first one after the first purchase is the second purchase.
    people = who[first_rows(who)]
    later = np.flatnonzero(day > first[who])
    back = later[first_rows(who[later])]
    second = np.full(first.size, NEVER)
    second[who[back]] = day[back]
    days = [pl.Series(values[people]).cast(pl.Int32).cast(pl.Date) for values in (first, second)]
    frame = pl.DataFrame({"customer": people, "first_on": days[0], "second_on": days[1]})
    never = pl.col("second_on").to_physical() == int(NEVER)
    return frame.with_columns(pl.when(~never).then("second_on").alias("second_on"), pl.col("customer").cast(pl.UInt32))


def came_back(people: pl.DataFrame, until: date, horizons: Sequence[int] = HORIZONS) -> pl.DataFrame:
    """One row per group and horizon: the share who bought again within so many days, of those observed that long.

    Takes `seconds` with a column `group`. Columns: group, horizon, eligible, customers, share, low, high (95 % Wilson),
    enough (whether at least FEW were observed). A horizon for which nobody was observed has no row.
    """
    observed = (pl.lit(until) - pl.col("first_on")).dt.total_days()
    wait = (pl.col("second_on") - pl.col("first_on")).dt.total_days()
    frames = [
        people.filter(observed >= horizon)
        .group_by("group")
        .agg(
            pl.len().cast(pl.Int64).alias("eligible"),
            (wait <= horizon).sum().cast(pl.Int64).alias("customers"),
        )
        .select("group", pl.lit(horizon, pl.Int64).alias("horizon"), "eligible", "customers")
        for horizon in horizons
    ]
    table = pl.concat(frames).sort("group", "horizon")
    low, high = wilson(table["customers"].to_numpy(), table["eligible"].to_numpy())
    return table.with_columns(
        (pl.col("customers") / pl.col("eligible")).alias("share"),
        pl.Series("low", low, pl.Float64),
        pl.Series("high", high, pl.Float64),
        (pl.col("eligible") >= FEW).alias("enough"),
    )


def apart(table: pl.DataFrame) -> pl.DataFrame:
    """`came_back` of one horizon with `beyond`: whether a group's share is unlike that of the others beyond chance; of
    all groups with enough customers, the false discovery rate is held."""
    enough = table["enough"].to_numpy()
    hits, count = (np.where(enough, table[name].to_numpy(), 0) for name in ("customers", "eligible"))
    chances = np.where(enough, unlike(hits, count, hits.sum(), count.sum()), np.nan)
    return table.with_columns(pl.Series("beyond", discoveries(chances), pl.Boolean))


def waiting(people: pl.DataFrame, until: date) -> pl.DataFrame:
    """The Kaplan-Meier curve of waiting for the second purchase, see `kaplan_meier`. Takes `seconds`."""
    table = people.select(
        (pl.coalesce("second_on", pl.lit(until)) - pl.col("first_on")).dt.total_days().alias("days"),
        pl.col("second_on").is_not_null().alias("happened"),
    )
    return kaplan_meier(table["days"].to_numpy(), table["happened"].to_numpy())


def thinned(curve: pl.DataFrame, points: int = 120) -> pl.DataFrame:
    """A curve's rows on about so many evenly spaced days, its first and last among them: enough to draw its steps."""
    if curve.height <= points:
        return curve
    step = max(1, int(curve["day"][-1]) // points)
    # The first row is day 0 itself, where nobody has come back yet.
    return curve.filter(
        (pl.col("day") // step != (pl.col("day") // step).shift(-1)).fill_null(True) | (pl.col("day") == 0)
    )
