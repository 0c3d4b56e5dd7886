"""Shares of groups of unequal size, drawn towards their peers as far as chance may have made them.

A small group's share lies far from the others by luck alone. Its shrunk share (n s + k p) / (n + k) gives its own
share s the weight of its n observations and the peers' share p the weight k, which the method of moments takes from all
groups: the variance of one observation over the variance between groups (DerSimonian and Laird 1986; Morris 1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LEVEL: Final = 0.90
"""Level of the interval of a gap."""


@dataclass(frozen=True)
class ShrunkShares:
    """One entry per group."""

    share: Array
    peers: Array
    """The pooled share of all other groups."""
    shrunk: Array
    gap: Array
    """Peers less shrunk share: what the group lacks, in shares."""
    low: Array
    high: Array
    """Ends of the gap's 90 % interval."""
    chance: Array
    """The chance of a share at least so far below the peers' where the group is like them (one-sided p-value)."""
    weight: float
    """k, in observations; inf where groups differ by chance only."""


def shrink(part: Array, whole: Array, count: Array, variance: Array, people: Array) -> ShrunkShares:
    """Shares part / whole of groups with `count` observations, each share with the sampling `variance` that it has by
    so many `people`.

    Groups without a whole or observations get NaN. The variance of a share of money is that of a ratio of sums: see
    `ratio_variance`. A group whose few people happen to be alike shows too little of it, so it has at least the
    variance that all groups have at its size.
    """
    from scipy.stats import t

    part, whole, count, variance = (np.asarray(values, float) for values in (part, whole, count, variance))
    seen = (whole > 0) & (count > 0)
    some, each_count = np.where(seen, whole, 1), np.where(seen, count, 1)
    share = np.where(seen, part / some, np.nan)
    others = np.where(seen, whole, 0).sum() - np.where(seen, whole, 0)
    peers = np.where(others > 0, (part[seen].sum() - np.where(seen, part, 0)) / np.where(others > 0, others, 1), np.nan)
    weight, each = _weight(share[seen], count[seen], variance[seen])
    own = np.maximum(np.where(seen, variance, 0), each / each_count)
    # The peers' share is uncertain too, each by what it has of their whole.
    squares = np.where(seen, own * whole**2, 0)
    of_peers = (squares.sum() - squares) / np.where(others > 0, others, 1) ** 2
    drawn = np.zeros(share.size) if np.isinf(weight) else count / np.maximum(count + weight, 1e-300)
    gap = drawn * (peers - share)
    # The weight is taken from few groups and may be off, which matters as far as a share is drawn by it; so may be what
    # few people show of their variance.
    by_weight = max(int(seen.sum()) - 1, 1) / np.maximum(1 - drawn, 1e-9)
    degrees = np.maximum(np.minimum(np.asarray(people, float) - 1, by_weight), 1)
    reach = t.ppf((1 + LEVEL) / 2, degrees) * np.sqrt(drawn * own + of_peers)
    error = np.sqrt(own + of_peers)
    off = np.where(error > 0, (peers - share) / np.where(error > 0, error, 1), np.nan)
    chance = t.sf(off, np.maximum(np.asarray(people, float) - 1, 1))
    return ShrunkShares(share, peers, peers - gap, gap, gap - reach, gap + reach, np.asarray(chance), weight)


def _weight(share: Array, count: Array, variance: Array) -> tuple[float, float]:
    """k, and the variance of a single observation pooled over the groups."""
    if share.size < 3:
        return float("inf"), 0.0
    each = float((variance * count * count).sum() / count.sum())  # the mean of n x variance, by observations
    if each <= 0:
        return 0.0, 0.0
    precision = count / each
    mean = float((precision * share).sum() / precision.sum())
    spread = float((precision * (share - mean) ** 2).sum())
    room = float(precision.sum() - (precision**2).sum() / precision.sum())
    between = max(0.0, (spread - (share.size - 1)) / room) if room > 0 else 0.0
    return (each / between if between > 0 else float("inf")), each


def ratio_variance(part: Array, whole: Array, squares: Array, cross: Array, whole_squares: Array) -> Array:
    """Sampling variance of part / whole, sums over independent observations (orders), by linearisation.

    `squares` is the sum over observations of part squared, `cross` of part x whole, `whole_squares` of whole squared.
    """
    share = np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
    rest = squares - 2 * share * cross + share**2 * whole_squares
    # What a single observation leaves is the rounding of its own squares.
    rest = np.where(rest > 1e-9 * (squares + share**2 * whole_squares), rest, 0)
    return np.asarray(rest / np.where(whole > 0, whole, 1) ** 2)


def rate_interval(hits: Array, count: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Ends of the Jeffreys interval of a rate; hits above the count (goods returned from before) count as the whole."""
    from scipy.stats import beta

    count = np.maximum(np.asarray(count, float), 0)
    hits = np.clip(np.asarray(hits, float), 0, count)
    tail = (1 - level) / 2
    low = np.where(hits > 0, beta.ppf(tail, hits + 0.5, count - hits + 0.5), 0.0)
    high = np.where(hits < count, beta.ppf(1 - tail, hits + 0.5, count - hits + 0.5), 1.0)
    return low, high


def towards_pool(hits: Array, count: Array) -> Array:
    """Rates of groups drawn towards the rate of all, by the method of moments: fair to rank groups of any size by."""
    hits, count = np.asarray(hits, float), np.asarray(count, float)
    seen = count > 0
    if not seen.any():
        return np.full(count.size, np.nan)
    pool = hits[seen].sum() / count[seen].sum()
    rate = hits[seen] / count[seen]
    variance = np.full(rate.size, max(pool * (1 - pool), 0.0)) / count[seen]
    weight, _ = _weight(rate, count[seen], variance)
    out = np.full(count.size, np.nan)
    out[seen] = pool if np.isinf(weight) else (hits[seen] + weight * pool) / (count[seen] + weight)
    return out
