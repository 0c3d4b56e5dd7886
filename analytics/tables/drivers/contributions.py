"""Contributions: how much each member of each dimension explains of a metric's change, and what stands out.

The contributions of a dimension's members sum to the whole change. Of a sum they are the members' own changes. Of a
ratio N/D a member's is (n1 - R0 d1)/D1 - (n0 - R0 d0)/D0 with R0 the base's ratio, which sums to R1 - R0 and holds both
what the member's own ratio did, (r1 - r0) d1/D1, and what its weight did, the rest.

What stands out is what is not explained by everything having moved alike: a member's excess is its change less what it
would have been had it moved like the rest; a pair's, less what its two members' own movement leads one to expect. A
member's `sure` is that excess in standard errors, over customers; see `chance`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import HIERARCHIES, dimension, levels, others
from analytics.filters import Filters
from analytics.lines import ADDITIVE, MOMENTS, Squares, Worth
from analytics.metrics import METRICS
from analytics.tables.drivers import chance

CANCELS: Final = 0.5
"""Rises and falls of a dimension cancel each other where the smaller of both is at least this part of the larger."""


NO_MEMBER: Final = "No customer recorded"


def metric_for(metric: str) -> tuple[str, str]:
    """The metric whose change is explained, and why it is another one than was asked for (empty where it is not)."""
    row = METRICS[metric]
    if set(row.measures) <= set(ADDITIVE):
        return metric, ""
    return "revenue", f"{row.label} does not add up over members, so revenue is explained instead."


def candidates(data: Dataset, filters: Filters) -> list[str]:
    """The dimensions that can explain a change: those with more than one member in the view."""
    names = [*levels(data, "geography"), *levels(data, "product"), *others(data), *data.segments]
    return [name for name in names if len(data.members[name]) > 1 and len(filters.members(name)) != 1]


def members_of(data: Dataset, filters: Filters, names: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Dimension -> one row per member: ADDITIVE with base, see `lines.sums`. Wide levels are summed from the finest."""
    wanted = list(names)
    data_frames: dict[str, pl.DataFrame] = {}
    for hierarchy in HIERARCHIES:
        present = [name for name in levels(data, hierarchy) if name in wanted]
        if present:
            finest = lines.sums(data, filters, present)
            for name in present:
                data_frames[name] = rolled(finest, [name])
    for name in wanted:
        if name not in data_frames:
            data_frames[name] = lines.sums(data, filters, [name])
    return {name: data_frames[name] for name in wanted}


def rolled(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sums by fewer keys."""
    measures = [name + suffix for suffix in ("", "_base") for name in ADDITIVE]
    some = [pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in measures]
    return frame.group_by(keys, maintain_order=True).agg(some)


@dataclass(frozen=True)
class MetricChange:
    """What a metric was and is, in its unit, for the whole view."""

    metric: str
    now: float
    base: float

    @property
    def amount(self) -> float:
        """The difference."""
        return self.now - self.base

    @property
    def growth(self) -> float | None:
        """Relative change; None where the base is not above 0."""
        return self.now / self.base - 1 if self.base > 0 else None


def _parts(metric: str, suffix: str) -> tuple[pl.Expr, pl.Expr]:
    """Numerator and denominator (0 for a sum) in ten-thousandths or counts."""
    row = METRICS[metric]

    def total(names: tuple[str, ...]) -> pl.Expr:
        return pl.sum_horizontal([pl.col(name + suffix).fill_null(0) for name in names]) if names else pl.lit(0)

    return total(row.plus) - total(row.less), total(row.per)


def change(frame: pl.DataFrame, metric: str) -> MetricChange:
    """The whole change, from the rows of any one dimension."""
    row = METRICS[metric]
    scale = MONEY_SCALE if row.unit == "money" else 1
    over, per = _parts(metric, "")
    over0, per0 = _parts(metric, "_base")
    n1, d1, n0, d0 = frame.select(
        over.sum().alias("a"), per.sum().alias("b"), over0.sum().alias("c"), per0.sum().alias("d")
    ).row(0)
    if not row.per:
        return MetricChange(metric, n1 / scale, n0 / scale)
    return MetricChange(metric, n1 / d1 / scale if d1 else 0.0, n0 / d0 / scale if d0 else 0.0)


def worth(metric: str, whole: MetricChange) -> Worth:
    """What a line counts for where a metric's change is explained; of a ratio, what it brings beyond the base's."""
    row = METRICS[metric]
    return Worth(row.plus, row.less, row.per, whole.base if row.per else 0.0)


def contributions(frame: pl.DataFrame, names: Sequence[str], metric: str, squares: Squares) -> pl.DataFrame:
    """One row per member (or pair): key0 (and key1), member (text), value, value_base, moved (its contribution; these
    sum to the change), by_rate (what a ratio's own movement has of that; null where one period has none),
    share_of_change, growth (own), growth_rest (of all others), excess, sure, noise (the excess's standard error), lines
    (both periods), customers (who bought of it in either). Largest contribution first.

    `squares` are those of the same view by the same names, of the metric's `worth`.
    """
    row = METRICS[metric]
    whole = change(frame, metric)
    scale = MONEY_SCALE if row.unit == "money" else 1
    over, per = _parts(metric, "")
    over0, per0 = _parts(metric, "_base")
    label = pl.concat_str([pl.col(name).cast(pl.String).fill_null(NO_MEMBER) for name in names], separator=" × ")
    joined = frame.join(squares.by[tuple(names)], on=list(names), how="left", nulls_equal=True, maintain_order="left")
    table = joined.select(
        *(pl.col(name).cast(pl.String).fill_null(NO_MEMBER).alias(f"key{n}") for n, name in enumerate(names)),
        label.alias("member"),
        over.cast(pl.Float64).alias("n1"), per.cast(pl.Float64).alias("d1"),
        over0.cast(pl.Float64).alias("n0"), per0.cast(pl.Float64).alias("d0"),
        (pl.col("lines") + pl.col("lines_base").fill_null(0)).alias("lines"),
        pl.col("customers").fill_null(0),
        *(pl.col(name).fill_null(0.0) for name in MOMENTS),
    )  # fmt: skip
    if row.per:
        ratio0 = whole.base * scale
        now = (pl.col("n1") - ratio0 * pl.col("d1")) / pl.col("d1").sum()
        base = (pl.col("n0") - ratio0 * pl.col("d0")) / pl.col("d0").sum()
        moved = (now.fill_nan(0) - base.fill_nan(0)) / scale
        value: pl.Expr = pl.when(pl.col("d1") > 0).then(pl.col("n1") / pl.col("d1") / scale)
        value0: pl.Expr = pl.when(pl.col("d0") > 0).then(pl.col("n0") / pl.col("d0") / scale)
        growth: pl.Expr = value - value0
        by_rate: pl.Expr = growth * pl.col("d1") / pl.col("d1").sum()
        rest: pl.Expr = pl.lit(None, pl.Float64)
        excess = moved
        variance = chance.ratio_variance(squares)
        # Squares are of money in currency units; so are these sums.
        parts = [(pl.col(f"n{n}") - ratio0 * pl.col(f"d{n}")) / MONEY_SCALE for n in (1, 0)]
        alls = [pl.col(f"d{n}").sum() / MONEY_SCALE for n in (1, 0)]
    else:
        value, value0 = pl.col("n1") / scale, pl.col("n0") / scale
        by_rate = pl.lit(None, pl.Float64)
        moved = value - value0
        growth = pl.when(pl.col("n0") > 0).then(pl.col("n1") / pl.col("n0") - 1)
        rest_now, rest_base = pl.col("n1").sum() - pl.col("n1"), pl.col("n0").sum() - pl.col("n0")
        rest = pl.when(rest_base > 0).then(rest_now / rest_base - 1)
        excess = moved - value0 * rest.fill_null(0)
        variance = chance.excess_variance(squares)
        parts, alls = [value, value0], [value.sum(), value0.sum()]
    table = table.with_columns(
        value.alias("value"), value0.alias("value_base"), moved.alias("moved"),
        growth.alias("growth"), rest.alias("growth_rest"), excess.alias("excess"),
        by_rate.alias("by_rate"),
        *(part.alias(name) for part, name in zip([*parts, *alls], _SUMS, strict=True)),
    )  # fmt: skip
    share = pl.col("moved") / whole.amount if abs(whole.amount) > 1e-12 else pl.lit(None, pl.Float64)
    keys = [f"key{n}" for n in range(len(names))]
    table = table.with_columns(share.alias("share_of_change"), variance.sqrt().fill_nan(None).alias("noise"))
    return table.select(
        *(*keys, "member", "value", "value_base", "moved", "by_rate", "share_of_change", "growth", "growth_rest"),
        "excess",
        sure(),
        *("noise", "lines", "customers"),
    ).sort(pl.col("moved").abs(), "member", descending=[True, False])


_SUMS: Final = ("part", "part_base", "all", "all_base")


def sure() -> pl.Expr:
    """The excess in standard errors; null where nothing varies."""
    return pl.when(pl.col("noise") > 0).then(pl.col("excess") / pl.col("noise")).alias("sure")


def cancelling(tables: dict[str, pl.DataFrame], data: Dataset) -> pl.DataFrame:
    """How much of each dimension's movement cancels out: dimension, rises, falls, net (in the metric's unit), cancelled
    (the smaller of rises and falls over the larger), up and down (the largest rise and fall, with their amounts). What
    cancels most first."""
    rows = []
    for name, table in tables.items():
        up, down = table.filter(pl.col("moved") > 0), table.filter(pl.col("moved") < 0)
        if up.is_empty() or down.is_empty():
            continue
        rises, falls = float(up["moved"].sum()), float(down["moved"].sum())
        best, worst = up.sort("moved", descending=True).row(0, named=True), down.sort("moved").row(0, named=True)
        rows.append(
            (dimension(name, data).label, rises, falls, rises + falls, min(rises, -falls) / max(rises, -falls),
             best["member"], best["moved"], worst["member"], worst["moved"])
        )  # fmt: skip
    schema = {
        "dimension": pl.String, "rises": pl.Float64, "falls": pl.Float64, "net": pl.Float64, "cancelled": pl.Float64,
        "up": pl.String, "up_moved": pl.Float64, "down": pl.String, "down_moved": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("cancelled", "dimension", descending=[True, False])


def bars(table: pl.DataFrame, metric: str, currency: str, *, most: int = 12) -> pl.DataFrame:
    """The members that contributed most, rises first: the columns of `views.movers`."""
    unit = METRICS[metric].unit
    visible = table.filter(pl.col("moved") != 0).head(most).sort("moved", "member", descending=[True, False])
    visible = visible.select("member", "moved", "growth")
    texts = [formats.signed_text(v, unit, currency) for v in visible["moved"]]
    changes = [formats.change_text(v, "share" if unit == "share" else "count") for v in visible["growth"]]
    return visible.with_columns(
        pl.Series("text", texts, pl.String),
        pl.Series("change_text", changes, pl.String),
        pl.Series("rank", range(visible.height), pl.Int64),
    )
