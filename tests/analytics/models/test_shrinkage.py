"""Shrinkage: weights by hand, honest intervals, and rates of groups of any size."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.models import shrinkage


def test_the_weight_by_hand() -> None:
    """Four equal groups: between variance = variance of shares - v/n, k = v / that."""
    share, count = np.array([0.2, 0.3, 0.4, 0.5]), np.full(4, 100.0)
    variance = np.full(4, 0.2 / 100)
    found = shrinkage.shrink(share * 1_000, np.full(4, 1_000.0), count, variance, count)
    between = share.var(ddof=1) - 0.2 / 100
    assert found.weight == pytest.approx(0.2 / between)
    k = found.weight
    assert found.peers[0] == pytest.approx(0.4)
    assert found.shrunk[0] == pytest.approx((100 * 0.2 + k * 0.4) / (100 + k))
    assert found.gap[0] == pytest.approx(found.peers[0] - found.shrunk[0])


def test_groups_alike_by_chance_have_no_gap() -> None:
    share = np.array([0.30, 0.301, 0.299, 0.30])
    found = shrinkage.shrink(share * 50, np.full(4, 50.0), np.full(4, 20.0), np.full(4, 0.01), np.full(4, 20))
    assert np.isinf(found.weight)
    assert found.gap == pytest.approx(np.zeros(4))
    assert (found.high - found.low > 0).all()


def test_a_small_group_is_drawn_further() -> None:
    whole = np.array([100.0, 10_000, 10_000, 10_000, 10_000])
    share = np.array([0.1, 0.1, 0.35, 0.3, 0.4])
    count = np.array([10.0, 1_000, 1_000, 1_000, 1_000])
    found = shrinkage.shrink(share * whole, whole, count, 0.2 / count, count)
    assert found.shrunk[0] > found.shrunk[1]


def test_most_of_90_percent_intervals_hold_the_truth() -> None:
    rng, inside, seen = np.random.default_rng(4), 0, 0
    for _ in range(300):
        count = rng.integers(50, 600, 12)
        truth = np.clip(rng.normal(0.3, 0.06, 12), 0.02, 0.9)
        part, whole, squares, cross, whole_squares = (np.zeros(12) for _ in range(5))
        for group in range(12):
            money = rng.gamma(1.5, 60, count[group])
            mine = money * (rng.random(count[group]) < truth[group])
            part[group], whole[group] = mine.sum(), money.sum()
            squares[group], cross[group] = (mine**2).sum(), (mine * money).sum()
            whole_squares[group] = (money**2).sum()
        variance = shrinkage.ratio_variance(part, whole, squares, cross, whole_squares)
        found = shrinkage.shrink(part, whole, count, variance, count)
        if np.isinf(found.weight):
            continue
        others = (truth * whole).sum() - truth * whole
        gap = others / (whole.sum() - whole) - truth
        inside += int(((found.low <= gap) & (gap <= found.high)).sum())
        seen += 12
    assert 0.87 <= inside / seen <= 0.94


def test_no_sales_is_no_share() -> None:
    count = np.array([0, 9, 9, 9])
    found = shrinkage.shrink(np.array([0.0, 1, 2, 3]), np.array([0.0, 4, 4, 4]), count, np.ones(4) / 9, count)
    assert np.isnan(found.shrunk[0])


def test_rate_intervals() -> None:
    low, high = shrinkage.rate_interval(np.array([0, 5, 10, 12]), np.array([10, 10, 10, 10]))
    assert low[0] == 0
    assert high[2] == 1 == high[3]
    assert (low[1], high[1]) == pytest.approx((0.2235, 0.7765), abs=1e-3)  # Jeffreys 5 of 10


def test_towards_the_pool() -> None:
    rates = shrinkage.towards_pool(np.array([0, 400, 150, 250]), np.array([2, 1_000, 1_000, 1_000]))
    assert 0.1 < rates[0] < 0.3  # two customers say little
    assert rates[1] == pytest.approx(0.4, abs=0.02)
    assert np.isnan(shrinkage.towards_pool(np.array([0]), np.array([0]))).all()
