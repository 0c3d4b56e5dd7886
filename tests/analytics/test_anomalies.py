"""Anomalies: planted days are found and little else is."""

from __future__ import annotations

import numpy as np
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
