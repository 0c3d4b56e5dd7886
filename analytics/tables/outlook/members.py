"""Forecasts of a dimension's members: the largest, each on its own, made to add up to the whole's exactly."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.grains import GRAINS
from analytics.lines import Totals
from analytics.metrics import METRICS, missing
from analytics.models.adding_up import add_up
from analytics.models.forecast import Candidates
from analytics.models.theta import seasonal_naive
from analytics.tables import running as running_periods
from analytics.tables.outlook.total import Outlook, past

Array = NDArray[Any]

MOST_MEMBERS: Final = 8
"""Members forecast on their own; the others are one."""

OTHERS: Final = "All others"


SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "member": pl.String, "rank": pl.Int64, "step": pl.Int64, "units": pl.Int64, "value": pl.Float64,
    "last": pl.Float64,
}  # fmt: skip


def members(data: Dataset, filters: Filters, metric: str, dimension: str, whole: Outlook) -> pl.DataFrame:
    """Forecasts of a dimension's members, made to add up to the whole's exactly: one row per member and step.

    member (the largest MOST_MEMBERS and OTHERS), rank, step (Int64), units (whole smallest units: ten-thousandths of
    money, the dataset's parts of a unit, else single pieces; they sum to the whole's over the members), value (in the
    metric's unit), last (of the same steps a season before, null where the history is shorter). ValueError for a metric
    that does not add up, or a whole without a forecast.
    """
    if METRICS[metric].kind != "sum" or whole.drawn is None:
        raise ValueError(
            f"{metric} does not add up over members" if whole.drawn else "there is no forecast to add up to"
        )
    names, grid, so_far = _by_member(data, filters, metric, dimension, whole)
    total, season = whole.drawn.mean, running_periods.season(whole.grain, grid.shape[1])
    # A member too young for two seasons of sales still gets a forecast: its zeros are part of its history.
    made = np.stack([Candidates(row, season, total.size).mean for row in grid])
    if whole.running:
        made[:, 0] = so_far + _in_proportion(total[0] - so_far.sum(), made[:, 0])
    scale = {"money": MONEY_SCALE, "units": data.unit_scale}.get(METRICS[metric].unit, 1)
    units = add_up(np.rint(total * scale).astype(np.int64), made * scale)
    last, a_season = np.full(made.shape, np.nan), GRAINS[whole.grain].season
    if a_season > 1 and grid.shape[1] >= a_season:
        last = np.stack([seasonal_naive(row, a_season, total.size) for row in grid])
    rows = [
        (name, n, step, int(units[n, step]), units[n, step] / scale, float(last[n, step]))
        for n, name in enumerate(names)
        for step in range(total.size)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(pl.col("last").fill_nan(None))


def _in_proportion(amount: float, sizes: Array) -> Array:
    """An amount shared out by sizes, equally where all are 0."""
    whole = np.abs(sizes).sum()
    return np.asarray(amount * (np.abs(sizes) / whole if whole > 0 else np.full(sizes.size, 1 / sizes.size)))


def _by_member(
    data: Dataset, filters: Filters, metric: str, dimension: str, whole: Outlook
) -> tuple[list[str], Array, Array]:
    """The largest members and OTHERS, their values by whole period (a row each), and those of the running period."""
    before, spine = past(data, filters), whole.history
    request = Totals((dimension, "bucket"))
    result = lines.page(data, before, [request], grain=whole.grain)[request].with_columns(value(metric).alias("value"))
    result = result.with_columns(pl.col(dimension).cast(pl.String).fill_null("No customer recorded").alias("member"))
    # Sums of floats depend on the order of what is added, and that of a group's rows is not given.
    result = result.sort("member", "bucket")
    wide = result.filter(pl.col("bucket").is_in(spine.filter("whole")["bucket"].implode()))
    recent = wide.filter(pl.col("bucket") > pl.col("bucket").max() - GRAINS[whole.grain].season)
    sizes = (
        recent.group_by("member", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("value", "member", descending=[True, False])
    )
    names = sizes["member"]
    first = names.head(MOST_MEMBERS).to_list() if names.len() > MOST_MEMBERS + 1 else names.to_list()
    at = {bucket: n for n, bucket in enumerate(spine["bucket"])}
    row_of = {name: n for n, name in enumerate(first)}
    grid = np.zeros((len(first) + 1, len(at)))
    for name, bucket, amount in result.select("member", "bucket", "value").iter_rows():
        grid[row_of.get(name, len(first)), at[bucket]] += amount
    kept = grid[:, spine["whole"].to_numpy()]
    so_far = grid[:, -1] if whole.running else np.zeros(len(grid))
    if not kept[-1].any() and not so_far[-1] and len(names) == len(first):
        return first, kept[:-1], so_far[:-1]
    return [*first, OTHERS], kept, so_far


def member_bars(table: pl.DataFrame, metric: str, currency: str) -> pl.DataFrame:
    """One row per member: its forecast summed over all steps, against the same steps a season before; the columns of
    `views.breakdown`."""
    unit = METRICS[metric].unit
    # Sums of floats depend on the order of what is added, and that of a group's rows is not given.
    whole = (
        table.sort("rank", "step")
        .group_by("member", "rank", maintain_order=True)
        .agg(
            pl.col("value").sum(),
            pl.when(pl.col("last").is_not_null().all()).then(pl.col("last").sum()).alias("value_base"),
        )
    )
    whole = whole.with_columns(
        pl.when(pl.col("value_base") > 0).then(pl.col("value") / pl.col("value_base") - 1).alias("change"),
        (pl.col("value") / pl.col("value").sum()).alias("share"),
        pl.lit(True).alias("selected"),
    )
    return whole.drop("rank").with_columns(
        pl.Series("text", [formats.text(v, unit, currency) for v in whole["value"]], pl.String),
        pl.Series("base_text", [formats.text(v, unit, currency) for v in whole["value_base"]], pl.String),
        pl.Series("change_text", [formats.change_text(v, "count") for v in whole["change"]], pl.String),
        pl.Series("share_text", [formats.text(v, "share") for v in whole["share"]], pl.String),
    )


def dimensions(data: Dataset, filters: Filters, metric: str) -> list[str]:
    """Dimensions by whose members a metric's total can be told apart: not products, which are too many, and none that
    the returns lack where these are counted."""
    names = [name for name in data.members if name != "product" and len(data.members[name]) > 1]
    kept = [name for name, _ in filters.where]
    return [
        name
        for name in names
        if len(filters.members(name)) != 1 and missing(METRICS[metric], data, [*kept, name]) is None
    ]
