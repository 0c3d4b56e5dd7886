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
    weight: float
    """k, in observations; inf where groups differ by chance only."""


def shrink(part: Array, whole: Array, count: Array, variance: Array) -> ShrunkShares:
    """Shares part / whole of groups with `count` observations, each share with the sampling `variance` it has.

    Groups without a whole or observations get NaN. The variance of a share of money is that of a ratio of sums: see
    `ratio_variance`.
    """
    part, whole, count = (np.asarray(values, float) for values in (part, whole, count))
    seen = (whole > 0) & (count > 0)
    share = np.where(seen, part / np.where(seen, whole, 1), np.nan)
    others = np.where(seen, whole, 0).sum() - np.where(seen, whole, 0)
    peers = np.where(others > 0, (part[seen].sum() - np.where(seen, part, 0)) / np.where(others > 0, others, 1), np.nan)
    weight, each = _weight(share[seen], count[seen], np.asarray(variance, float)[seen])
    if np.isinf(weight):
        shrunk, error = peers.copy(), np.zeros(share.size)
    else:
        shrunk = (count * share + weight * peers) / (count + weight)
        # The peers' share is uncertain too, by its own observations.
        error = np.sqrt(each / (count + weight) + each / np.maximum(count[seen].sum() - count, 1))
    from scipy.stats import t

    # The weight is taken from few groups and may be off: Student's t of that many covers as often as it says.
    reach = float(t.ppf((1 + LEVEL) / 2, max(int(seen.sum()) - 1, 1))) * error
    gap = peers - shrunk
    return ShrunkShares(share, peers, np.where(seen, shrunk, np.nan), gap, gap - reach, gap + reach, weight)


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
    return np.asarray(np.maximum(rest, 0) / np.where(whole > 0, whole, 1) ** 2)


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
