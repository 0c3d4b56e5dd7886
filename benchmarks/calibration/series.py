"""Simulated monthly series of seven kinds, each by several designs: level, noise, trend and season at random."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.registry import SEED

Array = NDArray[Any]

KINDS: Final = ("trend", "season", "decline", "intermittent", "level shift", "short", "steep decline")

HELD_OUT: Final = 12
"""Months of a series, its last, that no forecast sees."""

LENGTHS: Final = (40, 48, 60, 84, 120)
"""Months before them; `short` has 27 to 36, and `steep decline` has SOON of them."""

SOON: Final = (30, 36, 48, 60)


def simulated(kind: str, number: int) -> Array:
    """Series `number` of a kind."""
    rng = np.random.default_rng([SEED, KINDS.index(kind), number])
    if kind == "short":
        return of_kind(kind, rng, int(rng.integers(27, 37)))
    return of_kind(kind, rng, int(rng.choice(SOON if kind == "steep decline" else LENGTHS)))


def of_kind(kind: str, rng: np.random.Generator, known: int) -> Array:
    """A series of `known` months and HELD_OUT more."""
    if kind == "short":
        return of_kind(str(rng.choice(["trend", "season", "decline"])), rng, known)
    size, base, design = known + HELD_OUT, 10 ** rng.uniform(2, 5), int(rng.integers(0, 3))
    makers = {
        "trend": _trend,
        "season": _season,
        "decline": _decline,
        "intermittent": _intermittent,
        "steep decline": _steep,
    }
    if kind == "level shift":
        return base * _shifted(rng, size, known, design)
    return makers[kind](rng, size, base, design)


def _trend(rng: np.random.Generator, size: int, base: float, design: int) -> Array:
    month, noise = np.arange(size), rng.uniform(0.03, 0.15)
    if design == 0:
        return np.asarray(base * (1 + rng.uniform(0.004, 0.02) * month) * np.exp(rng.normal(0, noise, size)))
    if design == 1:
        walk = np.cumsum(rng.normal(rng.uniform(0.002, 0.012), rng.uniform(0.01, 0.04), size))
        return np.asarray(base * np.exp(walk + rng.normal(0, noise / 2, size)))
    return np.asarray(base * np.exp(rng.uniform(0.003, 0.015) * month + _alike(rng, size, 0.6, noise * 0.6)))


def _season(rng: np.random.Generator, size: int, base: float, design: int) -> Array:
    month, noise = np.arange(size), rng.uniform(0.03, 0.15)
    swing = _swing(rng, size, rng.uniform(0.15, 0.6))
    if design == 0:
        trend = 1 + rng.uniform(-0.002, 0.012) * month
        return np.asarray(base * np.exp(swing) * trend * np.exp(rng.normal(0, noise, size)))
    if design == 1:
        return np.asarray(base * np.maximum(1 + 0.004 * month + swing + rng.normal(0, noise, size), 0))
    walk = np.cumsum(rng.normal(0.002, 0.02, size))
    return np.asarray(base * np.exp(swing + walk + rng.normal(0, noise / 2, size)))


def _decline(rng: np.random.Generator, size: int, base: float, design: int) -> Array:
    month = np.arange(size)
    if design == 0:
        fall = np.exp(-rng.uniform(0.01, 0.05) * month)
        return np.asarray(base * fall * np.exp(rng.normal(0, rng.uniform(0.05, 0.25), size)))
    if design == 1:
        return np.asarray(base * np.maximum(1 - rng.uniform(0.6, 1.0) * month / size + 0.06 * rng.normal(size=size), 0))
    return np.asarray(rng.poisson(rng.uniform(20, 80) * np.exp(-rng.uniform(0.01, 0.05) * month)), float)


def _steep(rng: np.random.Generator, size: int, base: float, design: int) -> Array:
    """A loss of 5 to 12 % a month: steadily, in steps of a random walk, or of counts."""
    month, rate = np.arange(size), rng.uniform(0.05, 0.12)
    if design == 0:
        swing = _swing(rng, size, rng.uniform(0.1, 0.4)) * (rng.random() < 0.5)
        return np.asarray(base * np.exp(swing - rate * month + rng.normal(0, rng.uniform(0.05, 0.25), size)))
    if design == 1:
        return np.asarray(base * np.exp(np.cumsum(rng.normal(-rate, rng.uniform(0.05, 0.15), size))))
    return np.asarray(rng.poisson(rng.uniform(100, 1_000) * np.exp(-rate * month)), float)


def _intermittent(rng: np.random.Generator, size: int, base: float, design: int) -> Array:
    if design == 0:
        return np.asarray(rng.poisson(rng.uniform(0.2, 0.9), size) * rng.gamma(2, base / 2, size))
    if design == 1:
        return rng.negative_binomial(0.5, 0.5 / (0.5 + rng.uniform(0.4, 2)), size).astype(float)
    sold = rng.random(size) < rng.uniform(0.25, 0.6)
    return np.where(sold, base * np.exp(rng.normal(0, 0.5, size)), 0.0)


def _shifted(rng: np.random.Generator, size: int, known: int, design: int) -> Array:
    noise, at, ratio = (
        rng.uniform(0.03, 0.15),
        int(rng.integers(known // 4, known - 4)),
        rng.choice([0.5, 0.65, 1.4, 1.8]),
    )
    swing = _swing(rng, size, rng.uniform(0.1, 0.4)) if design == 0 else np.zeros(size)
    return np.asarray(np.exp(swing) * np.where(np.arange(size) >= at, ratio, 1) * np.exp(rng.normal(0, noise, size)))


def _swing(rng: np.random.Generator, size: int, height: float) -> Array:
    angle, weights = 2 * np.pi * np.arange(12) / 12, rng.normal(0, 1, 4)
    waves = np.stack([np.sin(angle), np.cos(angle), 0.5 * np.sin(2 * angle), 0.5 * np.cos(2 * angle)])
    swing = weights @ waves + 0.3 * rng.normal(size=12)
    return np.asarray(np.resize(swing / np.abs(swing).max() * height, size))


def _alike(rng: np.random.Generator, size: int, share: float, spread: float) -> Array:
    """Errors that each keep a share of the one before (a first-order autoregression)."""
    out = rng.normal(0, spread, size + 50)
    for at in range(1, out.size):
        out[at] += share * out[at - 1]
    return np.asarray(out[50:])
