"""Dates whose day and month a spreadsheet has swapped: found by how the rows of a file travel through time."""

from __future__ import annotations

import numpy as np
import polars as pl

from data.terms.rows import FLAG, SOURCE

NAME = "swapped_date"


def swapped(slim: pl.DataFrame) -> pl.Series:
    """Rows of files in order of time whose date fits between its neighbours only with day and month swapped.

    For each file the cheapest way through its dates is sought, each as it stands or swapped, where the cost is the days
    travelled. Files that are in no order of time say nothing.
    """
    parts = []
    for (_,), rows in slim.group_by(SOURCE, maintain_order=True):
        days = rows.select(
            pl.col("ordered_on").to_physical().cast(pl.Int64).alias("day"),
            swap(pl.col("ordered_on")).to_physical().cast(pl.Int64).alias("swapped"),
        ).with_columns(pl.col("day").fill_null(strategy="forward").fill_null(strategy="backward"))
        parts.append(_cheapest(days))
    return pl.concat(parts) if parts else pl.Series([], dtype=pl.Boolean)


def _cheapest(days: pl.DataFrame) -> pl.Series:
    nothing = pl.repeat(False, days.height, dtype=pl.Boolean, eager=True)
    if days["day"].null_count() or days.height < 20:
        return nothing
    runs = days.with_columns(pl.col("day").rle_id().alias("run"))
    short = runs.group_by("run", maintain_order=True).first()
    day, swapped = short["day"].to_numpy(), short["swapped"].fill_null(np.iinfo(np.int32).max).to_numpy()
    span = int(day.max() - day.min()) + 1
    travelled = int(np.abs(np.diff(day)).sum())
    # Rows in order of time travel their span once; what travels little more has nothing to mend.
    if travelled <= span + 30 or short.height > 500_000:
        return nothing
    cost, back = (0.0, 1.0), []
    for index in range(1, len(day)):
        before = (day[index - 1], swapped[index - 1])
        steps = []
        for state, here in enumerate((day[index], swapped[index])):
            ways = [cost[old] + abs(int(here) - int(before[old])) + state for old in (0, 1)]
            steps.append((min(ways), ways.index(min(ways))))
        cost = (steps[0][0], steps[1][0])
        back.append((steps[0][1], steps[1][1]))
    state = int(cost[1] < cost[0])
    chosen = [state]
    for step in reversed(back):
        state = step[state]
        chosen.append(state)
    chosen.reverse()
    picked = np.where(np.array(chosen) == 1, swapped, day)
    mended = int(np.abs(np.diff(picked)).sum())
    if mended > travelled / 2 or mended > 3 * (int(picked.max() - picked.min()) + 1):
        return nothing
    wrong = pl.Series("wrong", np.array(chosen) == 1) & (short["day"] != short["swapped"]).fill_null(False)
    return wrong.gather(runs["run"])


def swapped_back(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Order lines whose swapped dates have day and month in place again."""
    return frame.with_columns(
        pl.when(pl.col(FLAG + NAME)).then(swap(pl.col("ordered_on"))).otherwise("ordered_on").alias("ordered_on")
    )


def swap(day: pl.Expr) -> pl.Expr:
    """Day and month in each other's place, null where that is no date."""
    return pl.when(day.dt.day() <= 12).then(
        pl.date(day.dt.year(), day.dt.day().cast(pl.Int32), day.dt.month().cast(pl.Int32))
    )
