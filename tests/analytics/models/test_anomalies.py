"""Anomalies: planted days are seen, a steady shop has none, however few its orders or unlike their sizes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from analytics.models import anomalies, order_counts, order_sizes, tails, windows
from analytics.models.discoveries import discoveries

Floats = NDArray[np.float64]


def called(sales: Floats, orders: Floats) -> set[int]:
    """The days that are unusual of all of them."""
    return set(np.flatnonzero(discoveries(anomalies.judged(sales, orders).chance)).tolist())


def planted(seed: int) -> tuple[Floats, Floats, set[int]]:
    """Two years of days with weekdays, a season and growth, and twelve days with more or fewer orders or none."""
    rng = np.random.default_rng(seed)
    at = np.arange(730)
    week = np.array([1, 0.9, 0.95, 1, 1.2, 1.5, 1.1])[at % 7]
    usual = (
        100 * week * (1 + 0.3 * np.sin(2 * np.pi * at / 365)) * (1 + 0.0005 * at) * np.exp(rng.normal(0, 0.1, at.size))
    )
    days = rng.choice(np.arange(120, at.size), 12, replace=False)
    usual[days] *= np.where(rng.random(12) < 0.5, rng.choice([0, 0.2, 0.3], 12), rng.choice([2.5, 3, 4], 12))
    orders = rng.poisson(usual).astype(float)
    return orders * 10 * np.exp(rng.normal(0, 0.1, at.size)), orders, set(days.tolist())


def test_precision_and_recall() -> None:
    hits = false = missed = 0
    for seed in range(20):
        sales, orders, days = planted(seed)
        found = called(sales, orders)
        hits, false, missed = hits + len(found & days), false + len(found - days), missed + len(days - found)
    assert hits / (hits + false) >= 0.85
    assert hits / (hits + missed) >= 0.85


@pytest.mark.parametrize("times", [(3.0, 1.0), (1.0, 3.0)])
def test_a_new_level_becomes_usual(times: tuple[float, float]) -> None:
    """Three times the orders, or orders three times as large."""
    rng = np.random.default_rng(1)
    level, size = (np.r_[np.ones(200), np.full(200, by)] for by in times)
    orders = rng.poisson(100 * level).astype(float)
    found = called(orders * size * np.exp(rng.normal(0, 0.05, 400)), orders)
    assert 200 in found
    assert max(found) < 200 + 30
    assert min(found) >= 200


def test_orders_that_do_not_show_in_the_sales_make_no_unusual_day() -> None:
    """Goods that are given away bring nothing on a busy day, too; all lie on one level but for their orders."""
    rng = np.random.default_rng(2)
    orders = rng.poisson(40, 300).astype(float)
    orders[250] = 160
    assert called(orders, orders) == {250}
    assert called(np.zeros(300), orders) == set()
    assert called(np.zeros(300), np.where(np.arange(300) == 250, 1.0, 0.0)) == set()
    seen = anomalies.judged(np.where(np.arange(300) == 250, 40, orders) * 9.0, orders)
    assert seen.chance[250] > 0.2 or seen.z[250] < 0


def test_a_closed_weekday_is_no_anomaly() -> None:
    orders = np.random.default_rng(2).poisson(np.where(np.arange(300) % 7 == 6, 0.0, 100.0)).astype(float)
    assert not called(orders * 9, orders)
    assert (anomalies.judged(orders * 9, orders).usual[35::7] > 0).all()
    assert (anomalies.judged(orders * 9, orders).usual[34::7] == 0).all()


def test_too_short_or_empty_says_nothing() -> None:
    for series in (np.zeros(0), np.ones(10), np.zeros(200)):
        assert not called(series, series)
        assert not called(3 * series, series)


def test_a_large_order_is_unusual_once_and_usual_where_it_comes_each_month() -> None:
    rng = np.random.default_rng(4)
    orders = 1 + rng.poisson(8, 550).astype(float)
    sales = orders * np.exp(rng.normal(3, 0.3, 550))
    once = sales.copy()
    once[500] += 3_000
    assert called(once, orders) == {500}
    sales[20::30] += 3_000
    assert not called(sales, orders)


def test_few_orders_and_a_week_without_any() -> None:
    """Three orders a day: a day without any comes every third week, a week without any does not."""
    orders = np.random.default_rng(6).poisson(3, 550).astype(float)
    assert (orders[200:] == 0).sum() > 10
    assert not called(orders, orders)
    orders[400:407] = 0
    assert called(orders, orders) >= set(range(400, 407))


def test_one_total_a_day_is_more_even_than_chance() -> None:
    """Where each day is one row, a day without one is unusual."""
    orders = np.ones(550)
    orders[400] = 0
    assert called(orders * np.random.default_rng(3).normal(100, 5, 550), orders) == {400}


def test_days_beside_a_lost_week_are_usual() -> None:
    orders = np.random.default_rng(8).poisson(400, 550).astype(float)
    orders[300:307] = 0
    assert called(orders * 5, orders) == set(range(300, 307))


@given(st.integers(0, 2**32 - 1), st.integers(40, 600), st.sampled_from([0, 3]))
def test_the_tail_of_an_exponential_is_its_own(seed: int, size: int, leave: int) -> None:
    """Its mean is that of the spacings times their ranks, by a plain loop; the chance is the predictive law's."""
    values = np.random.default_rng(seed).exponential(2.0, size)
    found = tails.beyond(values, values, share=0.2, leave=leave)
    out: set[int] = set()
    for _ in range(leave):
        left = [at for at in range(size) if at not in out]
        top = max(left, key=lambda at: values[at])
        for way in (1, -1):
            at = top
            while 0 <= at < size and values[at] > np.quantile(values, 0.9):
                out.add(at)
                at += way
    tail = max(int(0.2 * size) - leave, tails.FEWEST)
    if 2 * (leave + tail) >= size - len(out) + leave:
        assert np.isnan(found).all()
        return
    kept = sorted((values[at] for at in range(size) if at not in out), reverse=True)[: tail + 1]
    edge = kept[tail]
    parts = [(leave + n + 1) * (kept[n] - kept[n + 1]) for n in range(len(kept) - 1)]
    mean = max(sum(parts) / len(parts), tails.LEAST_MEAN)
    for value, chance in zip(values, found, strict=True):
        law = stats.lomax.sf(value - edge, len(parts), scale=len(parts) * mean)
        assert chance == pytest.approx((leave + tail) / (size - len(out) + leave) * law if value > edge else 1.0)


def test_the_largest_of_an_exponential_is_seldom_called() -> None:
    rng, seldom = np.random.default_rng(12), 0
    for _ in range(1_000):
        values = rng.exponential(1.0, 500)
        seldom += bool(tails.beyond(values, values, share=0.1, leave=5).min() * 500 < 0.05)
    assert 0.02 < seldom / 1_000 < 0.08


def slow_expected(orders: Floats) -> list[float]:
    """Orders expected on each day, by plain means of the days before it."""
    habit: list[float] = []
    out = []
    for day in range(orders.size):
        same = [orders[n] for n in range(day - 7, -1, -7)][:26]
        habit.append(sum(same) / len(same) if same else math.nan)
        fortnight = [n for n in range(max(0, day - 14), day) if not math.isnan(habit[n])]
        usually = sum(habit[n] for n in fortnight)
        able = len(same) >= 3 and len(fortnight) >= 7 and usually > 0
        out.append(habit[day] * sum(orders[n] for n in fortnight) / usually if able else math.nan)
    return out


def slow_size(log: Floats) -> list[float]:
    """The usual log of an order's size on each day, by medians of lists."""
    off: list[float] = []
    out = []

    def middle(values: list[float], fewest: int) -> float:
        known = [value for value in values if not math.isnan(value)]
        return float(np.median(known)) if len(known) >= fewest else math.nan

    for day in range(log.size):
        level = middle(log[max(0, day - 14) : day].tolist(), 5)
        habit = middle([off[n] for n in range(day - 7, -1, -7)][:26], 3)
        off.append(log[day] - level)
        out.append(level + habit)
    return out


@given(st.integers(0, 2**32 - 1), st.integers(0, 260), st.sampled_from([0.4, 3.0, 60.0]))
def test_what_is_usual_equals_its_slow_twin(seed: int, size: int, rate: float) -> None:
    rng = np.random.default_rng(seed)
    orders = rng.poisson(rate, size).astype(float)
    count = order_counts.counted(orders)
    none = np.zeros(size, bool)
    if not count.unusual.any():
        assert count.expected == pytest.approx(slow_expected(orders), nan_ok=True)
    sales = orders * np.exp(rng.normal(2, 0.2, size))
    usual, chance = order_sizes.sized(sales, orders, none)
    if np.nanmin(chance, initial=1.0) >= order_counts.SELDOM:
        with np.errstate(invalid="ignore"):
            assert np.log(usual) == pytest.approx(slow_size(np.log(sales / orders)), nan_ok=True)


@pytest.mark.parametrize(("mean", "index"), [(2.0, 5.0), (40.0, 300.0), (0.3, 2.0)])
def test_counts_are_as_seldom_as_a_negative_binomial_has_it(mean: float, index: float) -> None:
    count = np.arange(0.0, 100.0)
    law = stats.nbinom(index, index / (index + mean))
    every = np.full(count.size, mean), np.full(count.size, index)
    assert order_counts._at_most(count, *every) == pytest.approx(law.cdf(count))
    assert order_counts._at_least(count, *every) == pytest.approx(law.sf(count - 1))


def test_the_latest_known_value() -> None:
    series = np.array([np.nan, 2.0, np.nan, np.nan, 5.0])
    assert windows.latest(series).tolist()[1:] == [2.0, 2.0, 2.0, 5.0]
    assert np.isnan(windows.latest(series)[0])
    assert windows.latest(np.zeros(0)).size == 0


def test_a_weekday_that_is_always_closed_is_usual_in_a_lost_fortnight() -> None:
    orders = np.random.default_rng(5).poisson(np.where(np.arange(400) % 7 == 6, 0.0, 40.0)).astype(float)
    orders[301:315] = 0
    judged = anomalies.judged(orders * 20, orders)
    found = {day for day in called(orders * 20, orders) if 290 <= day < 340}
    assert found == {day for day in range(301, 315) if day % 7 != 6}
    assert not np.isnan(judged.usual[301:315]).any()


def test_runs_and_those_about_as_long() -> None:
    marks = np.array([1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1], bool)
    spans = windows.runs(marks)
    assert spans == [(0, 1), (2, 4), (6, 11)]
    assert windows.alike(spans) == [2, 2, 1]
    assert windows.runs(np.zeros(3, bool)) == []
    ways = windows.first_ways(np.array([1, 0, 1, 1, 0, 1], bool), np.array([1, 0, 1, 0, 0, 0], bool), 2)
    assert ways.tolist() == [True, False, True, False, False, True]


@pytest.mark.parametrize(
    ("runs", "closed"),
    [
        (((150,),), 0),
        (((150, 151, 152),), 0),
        (((120,), (150, 151), (190,)), 4),
        (((120,), (150,), (190, *range(191, 197))), 0),
    ],
)
def test_days_without_sales_that_recur_are_closed_days(runs: tuple[tuple[int, ...], ...], closed: int) -> None:
    """One failure of a day or of three in a row is strange, and a lost week is no holiday; holidays are."""
    rng = np.random.default_rng(5)
    orders = rng.poisson(60, 220).astype(float)
    for run in runs:
        orders[list(run)] = 0.0
    sales = orders * rng.lognormal(1, 0.2, 220)
    sales[200] *= 40
    judged = anomalies.judged(sales, orders)
    marks = anomalies.closed(judged.empty, orders <= 0)
    assert judged.empty[[day for run in runs for day in run]].all()
    assert 200 in called(sales, orders)
    assert int(marks.sum()) == closed
    assert not marks[200]
