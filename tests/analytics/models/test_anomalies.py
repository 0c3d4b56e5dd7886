"""Anomalies: planted days are found and little else is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.models import anomalies


def planted(seed: int) -> tuple[NDArray[np.float64], set[int]]:
    """Two years of days with weekdays, a season, growth and noise, and twelve days out of line."""
    rng = np.random.default_rng(seed)
    at = np.arange(730)
    week = np.array([1, 0.9, 0.95, 1, 1.2, 1.5, 1.1])[at % 7]
    usual = 1_000 * week * (1 + 0.3 * np.sin(2 * np.pi * at / 365)) * (1 + 0.0005 * at)
    series = usual * np.exp(rng.normal(0, 0.15, at.size))
    days = rng.choice(np.arange(120, at.size), 12, replace=False)
    series[days] *= np.where(rng.random(12) < 0.5, rng.choice([0, 0.2, 0.3], 12), rng.choice([2.5, 3, 4], 12))
    return series, set(days.tolist())


def test_precision_and_recall() -> None:
    hits = false = missed = 0
    for seed in range(20):
        series, days = planted(seed)
        found = set(np.flatnonzero(anomalies.usual(series).anomalies).tolist())
        hits, false, missed = hits + len(found & days), false + len(found - days), missed + len(days - found)
    assert hits / (hits + false) >= 0.85
    assert hits / (hits + missed) >= 0.85


def test_a_new_level_becomes_usual() -> None:
    rng = np.random.default_rng(1)
    series = np.r_[np.full(200, 100.0), np.full(200, 300.0)] * np.exp(rng.normal(0, 0.05, 400))
    found = np.flatnonzero(anomalies.usual(series).anomalies)
    assert found.size
    assert found.max() < 200 + 60


def test_a_closed_weekday_is_no_anomaly() -> None:
    at = np.arange(300)
    series = np.where(at % 7 == 6, 0.0, 100 * np.exp(np.random.default_rng(2).normal(0, 0.1, 300)))
    assert not anomalies.usual(series).anomalies.any()


def test_too_short_or_empty_says_nothing() -> None:
    for series in (np.zeros(0), np.ones(10), np.zeros(200)):
        assert not anomalies.usual(series).anomalies.any()


def slow(series: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Value and z of each day, every median taken anew from the days before it."""
    values, size = np.maximum(series, 0), series.size
    value, z, out = np.full(size, np.nan), np.full(size, np.nan), np.zeros(size, bool)
    from_level, without_weekday, left = (np.full(size, np.nan) for _ in range(3))

    def median(some: NDArray[np.float64], fewest: int) -> float | None:
        known = some[~np.isnan(some)]
        return float(np.median(known)) if known.size >= fewest else None

    for day in range(1, size):
        calm = float(np.median(values[max(0, day - 56) : day]))
        if calm <= 0:
            continue
        log = np.log(max(values[day], 0.01 * calm))
        same = [one for one in range(day - 7 * 26, day, 7) if one >= 0]
        habit = median(from_level[[one for one in same if not out[one]]], 3)
        without_weekday[day] = log - (0.0 if habit is None else habit)
        last = slice(max(0, day - 14), day)
        kept = without_weekday[last][~out[last]]
        level = median(kept if 2 * kept.size >= out[last].size else without_weekday[last], 7)
        if level is None:
            continue
        from_level[day] = log - level
        if habit is None:
            continue
        usual = np.exp(level + habit)
        value[day] = usual if usual > 0.02 * calm else 0.0
        left[day] = log - level - habit
        before = left[max(0, day - 91) : day]
        before = before[~np.isnan(before)]
        scale = 1.4826 * np.median(np.abs(before - np.median(before))) if before.size >= 28 else 0
        if scale > 0:
            z[day] = left[day] / scale
            out[day] = abs(z[day]) > anomalies.LIMIT
    return value, z


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 420),
    st.sampled_from([0.0, 0.02, 0.3, 0.6]),
    st.sampled_from([1.0, 3.0, 40.0]),
)
def test_usual_equals_its_slow_twin(seed: int, size: int, closed: float, jump: float) -> None:
    rng = np.random.default_rng(seed)
    at = np.arange(size)
    series = 100 * np.exp(rng.normal(0, 0.2, size)) * np.where(at < size // 2, 1, jump) * (1 + (at % 7 == 5))
    series[rng.random(size) < closed] = rng.choice([0, -5])
    series[rng.random(size) < 0.02] *= 8
    found, (value, z) = anomalies.usual(series), slow(series)
    assert found.value == pytest.approx(value, rel=1e-9, nan_ok=True)
    assert found.z == pytest.approx(z, rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("runs", "closed"), [(((150,),), 0), (((150, 151, 152),), 0), (((120,), (150, 151), (190,)), 4)]
)
def test_days_without_sales_that_recur_are_closed_days(runs: tuple[tuple[int, ...], ...], closed: int) -> None:
    """One failure of a day or of three in a row is strange; holidays over the year are not."""
    series = np.random.default_rng(5).lognormal(5, 0.2, 220)
    for run in runs:
        series[list(run)] = 0.0
    series[200] *= 40
    judged = anomalies.usual(series)
    marks = anomalies.closed(series, judged)
    assert judged.anomalies[[day for run in runs for day in run]].all()
    assert judged.anomalies[200]
    assert int(marks.sum()) == closed
    assert not marks[200]
