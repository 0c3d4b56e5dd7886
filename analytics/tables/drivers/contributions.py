"""Contributions: how much each member of each dimension explains of a metric's change, and what stands out.

The contributions of a dimension's members sum to the whole change. Of a sum they are the members' own changes. Of a
ratio N/D a member's is (n1 - R0 d1)/D1 - (n0 - R0 d0)/D0 with R0 the base's ratio, which sums to R1 - R0 and holds both
what the member's own ratio did, (r1 - r0) d1/D1, and what its weight did, the rest.

What stands out is what is not explained by everything having moved alike: a member's excess is its change less what it
would have been had it moved like the rest (of a ratio, had its distance from the whole's stayed); a pair's, less what
its two members' own movement leads one to expect. A member's `sure` is that excess in standard errors, over customers;
see `chance`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import dimension, levels, others
from analytics.filters import Filters
from analytics.lines import ADDITIVE, PARTS, Squares, Worth
from analytics.metrics import METRICS
from analytics.tables.drivers import chance

Array = NDArray[Any]
Keys = tuple[str, ...]

CANCELS: Final = 0.5
"""Rises and falls of a dimension cancel each other where the smaller of both is at least this part of the larger."""


NO_MEMBER: Final = "No customer recorded"


def metric_for(metric: str, totals: pl.DataFrame | None = None) -> tuple[str, str]:
    """The metric whose change is explained, and why it is another one than was asked for (empty where it is not).

    `totals` are the sums of a whole view, one row: a ratio that has no value in one of its periods has no change.
    """
    row = METRICS[metric]
    if not set(row.measures) <= set(ADDITIVE):
        return "revenue", f"{row.label} does not add up over members, so revenue is explained instead."
    if row.per and totals is not None:
        per = totals.select(_parts(metric, end)[1].alias(f"per{end}") for end in ("", "_base")).row(0)
        if min(per) <= 0:
            return "revenue", f"{row.label} has no value in one of the two periods, so revenue is explained instead."
    return metric, ""


def candidates(data: Dataset, filters: Filters) -> list[str]:
    """The dimensions that can explain a change: those with more than one member in the view."""
    names = [*levels(data, "geography"), *levels(data, "product"), *others(data), *data.segments]
    return [name for name in names if len(data.members[name]) > 1 and len(filters.members(name)) != 1]


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


def rates(frame: pl.DataFrame, metric: str) -> tuple[float, float]:
    """A ratio's values in the period and in the base, from the rows of any one dimension; 0 where there is none, and of
    a sum."""
    row = METRICS[metric]
    if not row.per:
        return 0.0, 0.0
    scale = MONEY_SCALE if row.unit == "money" else 1
    parts = [part.sum() for suffix in ("", "_base") for part in _parts(metric, suffix)]
    hits, count, hits_base, count_base = frame.select(part.alias(str(n)) for n, part in enumerate(parts)).row(0)
    return hits / count / scale if count else 0.0, hits_base / count_base / scale if count_base else 0.0


def worth(metric: str, rates: tuple[float, float]) -> Worth:
    """What a line counts for where a metric's change is explained; of a ratio, what it brings beyond its period's."""
    row = METRICS[metric]
    return Worth(row.plus, row.less, row.per, rates)


def change(squares: Squares, metric: str) -> MetricChange:
    """The whole change, from squares of the metric's `worth`."""
    part, part_base, per, per_base = squares.total
    if not METRICS[metric].per:
        return MetricChange(metric, part, part_base)
    return MetricChange(metric, part / per if per else 0.0, part_base / per_base if per_base else 0.0)


def contributions(squares: Squares, keys: Sequence[Keys], metric: str) -> dict[Keys, pl.DataFrame]:
    """For each dimension (or pair) one row per member: key0 (and key1), member (text), value, value_base, moved (its
    contribution; these sum to the change), by_rate (what a ratio's own movement has of that; null where one period has
    none), share_of_change, growth (own; of a ratio the difference), growth_rest (of all others), excess, sure, noise
    (the excess's standard error), lines (both periods), customers (who bought of it in either). Largest contribution
    first.

    `squares` are those of a view by the same keys, of the metric's `worth`; the keys are all of one length.
    """
    if not keys:
        return {}
    # One frame for all of them: what starts a query costs more than what it does to the members of a dimension.
    at = np.repeat(np.arange(len(keys)), [squares.by[names].height for names in keys])
    columns = [_of(squares, names, metric) for names in keys]
    texts = [[squares.by[names][names[n]].cast(pl.String) for names in keys] for n in range(len(keys[0]))]
    counts = [pl.concat([squares.by[names][name] for names in keys]) for name in ("lines", "customers")]
    key = [f"key{n}" for n in range(len(keys[0]))]
    found = pl.DataFrame(
        [
            pl.Series("at", at),
            *(pl.concat(each).alias(name) for name, each in zip(key, texts, strict=True)),
            *(pl.Series(name, np.concatenate([each[name] for each in columns]), pl.Float64) for name in COLUMNS),
            *counts,
        ]
    )
    known = [pl.col(name).fill_null(NO_MEMBER) for name in key]
    member = pl.concat_str(known, separator=" × ").alias("member")
    found = found.with_columns(*known, member, pl.col(COLUMNS).fill_nan(None))
    found = found.sort("at", pl.col("moved").abs(), "member", descending=[False, True, False])
    found = found.select(*key, "member", *COLUMNS, "lines", "customers")
    ends = np.cumsum([squares.by[names].height for names in keys]).tolist()
    return {names: found[start:end] for names, start, end in zip(keys, [0, *ends], ends, strict=False)}


COLUMNS: Final = (
    *("value", "value_base", "moved", "by_rate", "share_of_change", "growth", "growth_rest"),
    *("excess", "sure", "noise"),
)


SHOWN: Final[Mapping[str, float]] = {"share": 0.00005, "money": 0.005}
"""Unit of a ratio -> half of the last digit that is shown: less than that is no movement, however sure. Where all lines
have the same ratio, what each loses by rounding would be one."""


def _of(squares: Squares, names: Keys, metric: str) -> dict[str, Array]:
    table = squares.by[names]
    now, base, per, per_base = (table[name].to_numpy() for name in PARTS)
    if METRICS[metric].per:
        return _of_ratio(table, squares, now, base, per, per_base, SHOWN.get(METRICS[metric].unit, 0.0))
    return _of_sum(table, squares, now, base)


def _of_sum(table: pl.DataFrame, squares: Squares, now: Array, base: Array) -> dict[str, Array]:
    moved = now - base
    rest, rest_base = now.sum() - now, base.sum() - base
    growth_rest = over(rest, rest_base) - 1
    excess = moved - base * np.nan_to_num(growth_rest)
    noise = np.sqrt(chance.excess_variance(table, now, base, squares.whole))
    return _columns(now, base, moved, np.full(now.size, np.nan), over(now, base) - 1, growth_rest, excess, noise)


def _of_ratio(
    table: pl.DataFrame, squares: Squares, now: Array, base: Array, per: Array, per_base: Array, shown: float
) -> dict[str, Array]:
    every, every_base = float(per.sum()), float(per_base.sum())
    ratio_base = float(base.sum()) / every_base if every_base else 0.0
    beyond = (now - ratio_base * per) / every if every else np.zeros(now.size)
    beyond_base = (base - ratio_base * per_base) / every_base if every_base else np.zeros(now.size)
    moved = beyond - beyond_base
    value, value_base = over(now, per), over(base, per_base)
    growth = value - value_base
    by_rate = growth * per / every if every else np.full(now.size, np.nan)
    # Had its distance from the whole's ratio and its weight stayed, it would have moved just as everything did.
    ratio = float(now.sum()) / every if every else 0.0
    apart = (now - ratio * per) / every if every else np.zeros(now.size)
    excess = apart - beyond_base
    weight = (over(per, np.full(now.size, every)) + over(per_base, np.full(now.size, every_base))) / 2
    noise = np.sqrt(chance.ratio_variance(table, weight, every, every_base, squares.whole) + shown**2)
    growth_rest = over(now.sum() - now, every - per) - over(base.sum() - base, every_base - per_base)
    return _columns(value, value_base, moved, by_rate, growth, growth_rest, excess, noise)


def _columns(
    value: Array, value_base: Array, moved: Array, by_rate: Array, growth: Array, growth_rest: Array, excess: Array,
    noise: Array,
) -> dict[str, Array]:  # fmt: skip
    whole = float(moved.sum())
    share = moved / whole if abs(whole) > NOTHING else np.full(moved.size, np.nan)
    each = (value, value_base, moved, by_rate, share, growth, growth_rest, excess, over(excess, noise), noise)
    return dict(zip(COLUMNS, each, strict=True))


NOTHING: Final = 1e-12
"""A whole change below it has no shares."""


def over(part: Array, whole: Array) -> Array:
    """Part over whole; NaN where the whole is not above 0."""
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), np.nan)


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
