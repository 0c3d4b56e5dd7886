"""How much of a member's movement may be chance: the variance of its excess, from squares per customer.

Each customer brings x now and y in the base to the member, and X and Y in all. What a member moved beyond the rest is
then a sum over customers, and its variance the sum of their squares (the sandwich estimator, clustered by customer; the
growth of the rest enters by linearisation).

Had a member moved like the rest, each of its periods would vary in proportion to what it sells. One whose sales all but
end shows too little of that itself, so the larger of two estimates counts: of each period's own squares, and of both
periods' taken together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.lines import MOMENTS

Array = NDArray[Any]

Whole = tuple[float, float, float]
"""Of all lines together: now x now, now x base, base x base."""


def _square(now: Array, across: Array, base: Array, growth: Array, *, pooled: bool) -> Array:
    """Sum of the products of (x - growth y) with another such difference: now x now, both across, base x base."""
    if pooled:
        return np.asarray(growth * (now + base) - growth * across)
    return np.asarray(now - growth * across + growth**2 * base)


def excess_variance(table: pl.DataFrame, now: Array, base: Array, whole: Whole) -> Array:
    """Variance of a sum's excess, now - base x growth of the rest; without a rest in the base, of now - base.

    A customer's share of it is (1 + k) (x - g y) - k (X - g Y) with g the growth of the rest and k the member's base
    over that of the rest. `table` has MOMENTS.
    """
    now_now, now_base, base_base, now_all, across, base_all = (table[name].to_numpy() for name in MOMENTS)
    rest, rest_base = now.sum() - now, base.sum() - base
    some = rest_base > 0
    growth = np.where(some, np.maximum(rest / np.where(some, rest_base, 1.0), 0.0), 1.0)
    weight = np.where(some, base / np.where(some, rest_base, 1.0), 0.0)

    def of(*, pooled: bool) -> Array:
        own = _square(now_now, 2 * now_base, base_base, growth, pooled=pooled)
        mixed = _square(now_all, across, base_all, growth, pooled=pooled)
        every = _square(np.asarray(whole[0]), np.asarray(2 * whole[1]), np.asarray(whole[2]), growth, pooled=pooled)
        return np.asarray((1 + weight) ** 2 * own - 2 * weight * (1 + weight) * mixed + weight**2 * every)

    return np.maximum(np.maximum(of(pooled=False), of(pooled=True)), 0.0)


def ratio_variance(table: pl.DataFrame, weight: Array, per: float, per_base: float, whole: Whole) -> Array:
    """Variance of a ratio's excess, x / D now - y / D base, where x is n - R d with its period's own R.

    A customer's share of it is (x - w X) / D now - (y - w Y) / D base with w the member's part of what is divided by
    (the mean of both periods), as R varies with all that customers bring. That D varies, too, takes rather more away
    than it adds, and is left out. `table` has MOMENTS, `per` the denominators.
    """
    if per <= 0 or per_base <= 0:
        return np.full(weight.size, np.nan)
    now_now, now_base, base_base, now_all, across, base_all = (table[name].to_numpy() for name in MOMENTS)
    own = now_now - 2 * weight * now_all + weight**2 * whole[0]
    own_base = base_base - 2 * weight * base_all + weight**2 * whole[2]
    both = 2 * (now_base - weight * across) + 2 * weight**2 * whole[1]
    each = own / per**2 + own_base / per_base**2
    pooled = (own + own_base) / (per + per_base) * (1 / per + 1 / per_base)
    return np.asarray(np.maximum(np.maximum(each, pooled) - both / (per * per_base), 0.0))


def own_variance(growth: Array, now: Array, across: Array, base: Array) -> Array:
    """Variance of now - growth x base, the larger of both estimates; takes now x now, now x base, base x base."""
    each = [_square(now, 2 * across, base, growth, pooled=pooled) for pooled in (False, True)]
    return np.maximum(np.maximum(*each), 0.0)
