"""Methods that carry a series on: Theta, and the last season again.

A series is a plain array of whole periods without gaps.

Sources: Assimakopoulos and Nikolopoulos (2000) for Theta, Hyndman and Billah (2003) for its form as smoothing with
drift, Hyndman and Athanasopoulos, Forecasting, for seasonal naive.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_ALPHAS: Final = np.linspace(0.02, 0.98, 49)
"""Smoothing weights that are tried."""


def seasonal_naive(series: Array, season: int, steps: int) -> Array:
    """The last season again."""
    last = series[-season:] if series.size >= season else series[-1:]
    return np.asarray(np.resize(last, steps), float)


def theta(series: Array, season: int, steps: int) -> Array:
    """The Theta method: the season taken out, the mean of a straight line and a smoothed line of twice the curvature
    carried on, the season put back. A season is taken out where its places differ significantly, as factors or as
    amounts, whichever leave less of the past unexplained.
    """
    values = np.asarray(series, float)
    factors, multiplied = np.ones(max(season, 1)), True
    if is_seasonal(values, season):
        multiplied = is_multiplied(values, season)
        factors = _factors(values, season, multiplied)
    else:
        season = 1
    at = np.arange(values.size) % season
    plain = values / factors[at] if multiplied else values - factors[at]
    slope = _slope(plain)
    alpha, level = _smoothed(plain)
    drift = slope / 2 * (np.arange(steps) + (1 - (1 - alpha) ** values.size) / alpha)
    ahead = factors[(values.size + np.arange(steps)) % season]
    carried = level + drift
    return np.asarray(carried * ahead if multiplied else carried + ahead)


def is_seasonal(values: Array, season: int) -> bool:
    """Whether places in the season differ by more than chance: an F test beside a straight line, at 90 %.

    The usual test of the autocorrelation at the season's lag overlooks clear seasons in two or three years.
    """
    from scipy.stats import f

    if season < 2 or values.size < 2 * season:
        return False
    logs = np.log(values) if (values > 0).all() else values
    line = np.column_stack([np.ones(values.size), np.arange(values.size)])
    places = np.eye(season)[np.arange(values.size) % season]
    without = _residual(line, logs)
    within = _residual(np.column_stack([line[:, 1:], places]), logs)
    free = values.size - season - 1
    if free < 1 or without <= 1e-12 * max(float(logs @ logs), 1e-300):
        return False
    if within <= 1e-12 * without:
        return True
    return bool(f.sf((without - within) / (season - 1) / (within / free), season - 1, free) < 0.1)


def _residual(design: Array, values: Array) -> float:
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(((values - fitted) ** 2).sum())


def _factors(values: Array, season: int, multiplied: bool) -> Array:
    """Factors (or amounts) of the places in a season by classical decomposition: mean ratios to a moving mean."""
    middle, trend, at = _moving(values, season)
    ratio = middle / trend if multiplied else middle - trend
    means = np.bincount(at, ratio, season) / np.bincount(at, minlength=season)
    return np.asarray(means / means.mean() if multiplied else means - means.mean())


def _moving(values: Array, season: int) -> tuple[Array, Array, Array]:
    """The periods that a whole season surrounds: their values, the mean of that season, their places in it."""
    weights = np.ones(season) / season
    if season % 2 == 0:
        weights = np.convolve(weights, [0.5, 0.5])
    trend = np.convolve(values, weights, "valid")
    half = (values.size - trend.size) // 2
    return values[half : half + trend.size], trend, (np.arange(trend.size) + half) % season


def is_multiplied(values: Array, season: int) -> bool:
    """Whether a series swings with its level: factors leave no more of it unexplained than amounts do."""
    if not (values > 0).all():
        return False
    middle, trend, at = _moving(values, season)
    by_factors = middle - trend * _factors(values, season, True)[at]
    by_amounts = middle - trend - _factors(values, season, False)[at]
    return bool(by_factors @ by_factors <= by_amounts @ by_amounts)


def _slope(values: Array) -> float:
    steps = np.arange(values.size) - (values.size - 1) / 2
    return float(steps @ values / (steps @ steps)) if values.size > 1 else 0.0


def _smoothed(values: Array) -> tuple[float, float]:
    """The weight and last level of simple exponential smoothing with the least squared error; the first level is free.

    Errors are linear in the first level, so for each weight the best one is known without a search.
    """
    level, share = np.zeros(_ALPHAS.size), np.ones(_ALPHAS.size)
    squares, cross, own = np.zeros(_ALPHAS.size), np.zeros(_ALPHAS.size), np.zeros(_ALPHAS.size)
    for value in values:
        error = value - level  # with a first level of 0; each unit of it takes `share` off
        squares += error * error
        cross += error * share
        own += share * share
        level = level + _ALPHAS * error
        share = share * (1 - _ALPHAS)
    first = cross / own
    best = int(np.argmin(squares - first * cross))
    return float(_ALPHAS[best]), float((level + share * first)[best])
