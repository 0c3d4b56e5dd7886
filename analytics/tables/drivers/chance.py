"""How much of a member's movement may be chance: the variance of its excess, from squares per customer.

Each customer brings x now and y in the base to the member, and X and Y in all. What a member moved beyond the rest is
then a sum over customers, and its variance the sum of their squares (the sandwich estimator, clustered by customer; the
growth of the rest enters by linearisation).

Had a member moved like the rest, each of its periods would vary in proportion to what it sells. One whose sales all but
end shows too little of that itself, so the larger of two estimates counts: of each period's own squares, and of both
periods' taken together.
"""

from __future__ import annotations

import polars as pl

from analytics.lines import MOMENTS, Squares

NOW_NOW, NOW_BASE, BASE_BASE, NOW_ALL, ACROSS, BASE_ALL = (pl.col(name) for name in MOMENTS)

NOW, BASE = pl.col("part"), pl.col("part_base")
"""A member's sums, of its worth."""

ALL_NOW, ALL_BASE = pl.col("all"), pl.col("all_base")
"""Sums over all members: of the worth, or of what a ratio is divided by."""


def _square(pairs: tuple[pl.Expr, pl.Expr, pl.Expr], growth: pl.Expr, *, pooled: bool) -> pl.Expr:
    """Sum of the products of (x - growth y) with another such difference: now x now, both across, base x base."""
    now, across, base = pairs
    if pooled:
        return growth * (now + base) - growth * across
    return now - growth * across + growth**2 * base


def _whole(squares: Squares) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    now, across, base = squares.whole
    return pl.lit(now), pl.lit(2 * across), pl.lit(base)


def excess_variance(squares: Squares) -> pl.Expr:
    """Variance of a sum's excess, now - base x growth of the rest; without a rest in the base, of now - base.

    A customer's share of it is (1 + k) (x - g y) - k (X - g Y) with g the growth of the rest and k the member's base
    over that of the rest.
    """
    rest, rest_base = ALL_NOW - NOW, ALL_BASE - BASE
    growth = pl.when(rest_base > 0).then(pl.max_horizontal(rest / rest_base, 0.0)).otherwise(1.0)
    weight = pl.when(rest_base > 0).then(BASE / rest_base).otherwise(0.0)

    def of(*, pooled: bool) -> pl.Expr:
        own = _square((NOW_NOW, 2 * NOW_BASE, BASE_BASE), growth, pooled=pooled)
        mixed = _square((NOW_ALL, ACROSS, BASE_ALL), growth, pooled=pooled)
        whole = _square(_whole(squares), growth, pooled=pooled)
        return (1 + weight) ** 2 * own - 2 * weight * (1 + weight) * mixed + weight**2 * whole

    return pl.max_horizontal(of(pooled=False), of(pooled=True), 0.0)


def ratio_variance(squares: Squares) -> pl.Expr:
    """Variance of a contribution to a ratio's change, x / D now - y / D base, where x is n - R d with the base's R.

    A customer's share of it is (x - A X) / D now - (y - A Y) / D base with A the mean of both contributions, as what is
    divided by varies too.
    """
    share = (NOW / ALL_NOW + BASE / ALL_BASE) / 2
    whole_now, whole_across, whole_base = _whole(squares)
    now = NOW_NOW - 2 * share * NOW_ALL + share**2 * whole_now
    base = BASE_BASE - 2 * share * BASE_ALL + share**2 * whole_base
    across = 2 * (NOW_BASE - share * ACROSS) + share**2 * whole_across
    own = now / ALL_NOW**2 + base / ALL_BASE**2
    pooled = (now + base) / (ALL_NOW + ALL_BASE) * (1 / ALL_NOW + 1 / ALL_BASE)
    return pl.max_horizontal(pl.max_horizontal(own, pooled) - across / (ALL_NOW * ALL_BASE), 0.0)


def own_variance(growth: pl.Expr, moments: tuple[pl.Expr, pl.Expr, pl.Expr]) -> pl.Expr:
    """Variance of now - growth x base, the larger of both estimates; takes now x now, now x base, base x base."""
    now, across, base = moments
    each = (_square((now, 2 * across, base), growth, pooled=pooled) for pooled in (False, True))
    return pl.max_horizontal(*each, 0.0)
