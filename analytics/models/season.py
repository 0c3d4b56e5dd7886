"""The season of several histories at once: factors or amounts of its places, drawn to none as far as chance goes.

Histories are the rows of one matrix, each with its own length; what lies behind a length is not looked at. So the
origins of a backtest, which are the same series cut at different ends, cost little more than one fit.

Sources: classical decomposition (Hyndman and Athanasopoulos, Forecasting); the positive-part shrinkage of James and
Stein (1961), here by the F statistic of the places beside a straight line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Season:
    """One row per history, one column per place in the season."""

    factors: Array
    """What a place multiplies the level by, or adds to it; neutral where no season shows."""
    multiplied: Array
    """Whether a history swings in shares of its level, not in amounts."""
    weight: Array
    """How much of the season is kept: 0 where chance explains it, near 1 where it is plain."""

    def at(self, places: Array) -> Array:
        """Factors at places (0 ... season - 1): one row per history; a row of places for each, or one for all."""
        wanted = np.broadcast_to(places, (self.factors.shape[0], places.shape[-1]))
        return np.take_along_axis(self.factors, wanted, axis=1)

    def without(self, values: Array, places: Array) -> Array:
        """Values with the season taken out."""
        factors, multiplied = self.at(places), self.multiplied[:, None]
        return np.where(multiplied, values / np.where(multiplied, factors, 1), values - factors)

    def into(self, level: Array, places: Array) -> Array:
        """A level with the season put back."""
        factors = self.at(places)
        return np.where(self.multiplied[:, None], level * factors, level + factors)


def season(values: Array, length: Array, places: int) -> Season:
    """The season of each row's first `length` values; none where they are fewer than two seasons."""
    rows, size = values.shape
    none = Season(np.zeros((rows, places)), np.zeros(rows, bool), np.zeros(rows))
    if places < 2 or size < 2 * places or not (length >= 2 * places).any():
        return none
    inside = np.arange(size) < length[:, None]
    kept = np.where(inside, values, 0.0)
    positive = np.asarray((np.where(inside, values, 1.0) > 0).all(axis=1))
    shares, amounts, multiplied = _decomposed(kept, length, places)
    multiplied &= positive
    weight = np.where(length >= 2 * places, _beyond_chance(kept, inside, positive, places), 0.0)
    multiplied &= weight > 0
    chosen = np.where(multiplied[:, None], 1 + weight[:, None] * (shares - 1), weight[:, None] * amounts)
    return Season(chosen, multiplied, weight)


def _decomposed(values: Array, length: Array, places: int) -> tuple[Array, Array, Array]:
    """Mean ratios to and distances from a moving mean of one season, by place, and whether ratios explain more."""
    before = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    half = places // 2
    at = np.arange(half, values.shape[1] - half)
    if places % 2:
        trend = (before[:, at + half + 1] - before[:, at - half]) / places
    else:
        left, right = before[:, at + half] - before[:, at - half], before[:, at + half + 1] - before[:, at - half + 1]
        trend = (left + right) / (2 * places)
    middle, known = values[:, at], at + half < length[:, None]
    place = np.eye(places)[at % places]
    count = np.maximum(known @ place, 1)
    ratio = np.where(known & (trend > 0), middle / np.where(trend > 0, trend, 1), 1.0)
    shares = (np.where(known, ratio, 0.0) @ place) / count
    shares /= shares.mean(axis=1, keepdims=True)
    amounts = (np.where(known, middle - trend, 0.0) @ place) / count
    amounts -= amounts.mean(axis=1, keepdims=True)
    by_shares = np.where(known, middle - trend * shares[:, at % places], 0.0)
    by_amounts = np.where(known, middle - trend - amounts[:, at % places], 0.0)
    return shares, amounts, (by_shares**2).sum(axis=1) <= (by_amounts**2).sum(axis=1)


def _beyond_chance(values: Array, inside: Array, positive: Array, places: int) -> Array:
    """1 - 1 / F, at least 0, of the places' means beside a straight line; of logs where all values are above 0."""
    logs = np.log(np.where(inside & positive[:, None], values, 1.0))
    y = np.where(positive[:, None], logs, values)
    time = np.broadcast_to(np.arange(values.shape[1], dtype=float), values.shape)
    count, place = inside.sum(axis=1), np.arange(values.shape[1]) % places
    one = np.eye(places)[place]
    of_place = np.maximum(inside @ one, 1)

    def centred(column: Array) -> tuple[Array, Array]:
        of_all = np.where(inside, column, 0.0).sum(axis=1) / count
        of_places = (np.where(inside, column, 0.0) @ one) / of_place
        return (
            np.where(inside, column - of_all[:, None], 0.0),
            np.where(inside, column - of_places[:, place], 0.0),
        )

    (y_all, y_within), (t_all, t_within) = centred(y), centred(time)
    without, within = _residual(t_all, y_all), _residual(t_within, y_within)
    free = count - places - 1
    judged = (free >= 1) & (without > 1e-12 * np.maximum((y_all**2).sum(axis=1), 1e-300))
    spread = np.maximum(within, 1e-12 * np.maximum(without, 1e-300)) / np.maximum(free, 1)
    ratio = (without - within) / (places - 1) / spread
    return np.where(judged & (ratio > 1), 1 - 1 / np.maximum(ratio, 1.0), 0.0)


def _residual(x: Array, y: Array) -> Array:
    slope = (x * y).sum(axis=1) / np.maximum((x * x).sum(axis=1), 1e-300)
    return np.asarray(((y - slope[:, None] * x) ** 2).sum(axis=1))
