"""Lifetime value: how often a customer will buy (BG/NBD), and for how much (Gamma-Gamma).

A customer's history is x (days with a purchase after the first), t_x (time from the first to the last of them) and T
(time from the first to the end of observation). Time may have any unit; alpha has it too. Equal histories are counted
once, so a fit costs as much as there are different ones.

Sources: Fader, Hardie and Lee (2005), "Counting your customers" the easy way: an alternative to the Pareto/NBD model;
Fader and Hardie (2013), The Gamma-Gamma model of monetary value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from analytics.models.likelihood import FitError, Progress, most_likely

Array = NDArray[Any]


ROUGH: Final = 50_000
"""Different histories that the search starts on; from its end a few steps on all of them reach the peak."""


@dataclass(frozen=True, eq=False)
class Buying:
    """A BG/NBD fit. Purchase rates vary as Gamma(r, alpha), the chance to stop after a purchase as Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int
    covariance: Array = field(repr=False)
    """Of the logs of r, alpha, a and b, from the curvature of the likelihood."""

    @property
    def parameters(self) -> Array:
        """r, alpha, a, b."""
        return np.array([self.r, self.alpha, self.a, self.b])

    def alive(self, x: ArrayLike, t_x: ArrayLike, observed: ArrayLike) -> Array:
        """Probability that each customer has not stopped buying."""
        return alive(self.parameters, x, t_x, observed)

    def expected(self, horizon: float, x: ArrayLike, t_x: ArrayLike, observed: ArrayLike) -> Array:
        """Expected purchase days of each customer in the next `horizon` units of time."""
        return expected(self.parameters, horizon, x, t_x, observed)


@dataclass(frozen=True, eq=False)
class Spending:
    """A Gamma-Gamma fit. A purchase is Gamma(p, v) money, and v varies over customers as Gamma(q, gamma)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    customers: int

    @property
    def population_mean(self) -> float:
        """Expected money per purchase of a customer about whom nothing is known."""
        return self.p * self.gamma / (self.q - 1)

    def expected(self, x: ArrayLike, mean: ArrayLike) -> Array:
        """Expected money per purchase of each customer with x purchases of `mean`; x = 0 gives the population's."""
        count = np.asarray(x, np.float64)
        money = np.where(count > 0, np.asarray(mean, np.float64), 0.0)
        return np.asarray(self.p * (self.gamma + count * money) / (self.p * count + self.q - 1))


def alive(parameters: ArrayLike, x: ArrayLike, t_x: ArrayLike, observed: ArrayLike) -> Array:
    """Probability that each customer has not stopped buying; 1 for those who bought once."""
    r, alpha, a, b = np.asarray(parameters, np.float64)
    count, last, end = (np.asarray(v, np.float64) for v in (x, t_x, observed))
    repeat = count > 0
    odds = a / (b + np.where(repeat, count, 1) - 1) * np.exp((r + count) * np.log((alpha + end) / (alpha + last)))
    return np.where(repeat, 1 / (1 + odds), 1.0)


def expected(parameters: ArrayLike, horizon: float, x: ArrayLike, t_x: ArrayLike, observed: ArrayLike) -> Array:
    """Expected purchase days of each customer in the next `horizon` units of time, equation (10) of the paper.

    Several rows of parameters give several rows.
    """
    from scipy.special import hyp2f1

    count, end = np.asarray(x, np.float64), np.asarray(observed, np.float64)
    # The series depends on x and T alone, which far fewer customers differ in than in all three.
    times, of_time = np.unique(end, return_inverse=True)
    pairs, at = np.unique(count * times.size + of_time, return_inverse=True)
    n, t = pairs // times.size, times[(pairs % times.size).astype(np.intp)]
    rows = []
    for r, alpha, a, b in np.atleast_2d(np.asarray(parameters, np.float64)):
        if abs(a - 1) < 1e-6:
            a = 1 + 1e-6  # the formula is 0 / 0 at a = 1, and continuous there
        series = hyp2f1(r + n, b + n, a + b + n - 1, horizon / (alpha + t + horizon))
        shrunk = np.exp((r + n) * np.log((alpha + t) / (alpha + t + horizon)))
        while_alive = np.maximum((a + b + n - 1) / (a - 1) * (1 - shrunk * series), 0)
        rows.append(while_alive[at] * alive((r, alpha, a, b), x, t_x, observed))
    return rows[0] if np.ndim(parameters) == 1 else np.array(rows)


def fit_buying(x: ArrayLike, t_x: ArrayLike, observed: ArrayLike, progress: Progress | None = None) -> Buying:
    """The BG/NBD model of most likelihood. FitError where there is none inside the parameter space, or none precise."""
    histories = (
        pl.DataFrame({"x": np.asarray(x), "t_x": np.asarray(t_x), "T": np.asarray(observed)})
        .group_by("x", "t_x", "T")
        .agg(pl.len().cast(pl.Int64).alias("customers"))
        .sort("x", "t_x", "T")
    )
    if histories.is_empty() or not (histories["x"] > 0).any():
        raise FitError("No customer bought on a second day, so nothing tells how often customers come back.")
    likelihood = _BuyingLikelihood(histories)
    rough = _BuyingLikelihood(_every(histories), likelihood.unit)
    start = np.log([0.5, 0.5, 0.8, 2.0])
    log, covariance = most_likely(likelihood, rough, start, "how often customers buy", _edge, progress)
    r, alpha, a, b = np.exp(log).tolist()
    total = likelihood.total(np.array([r, alpha, a, b]))
    return Buying(r, alpha * likelihood.unit, a, b, total, likelihood.customers, covariance)


def fit_spending(x: ArrayLike, mean: ArrayLike, progress: Progress | None = None) -> Spending:
    """The Gamma-Gamma model of most likelihood over customers with x > 0 purchases of `mean` > 0 each.

    FitError where there is none inside the parameter space, no precise one, or one without a mean (q <= 1).
    """
    purchases = (
        pl.DataFrame({"x": np.asarray(x), "mean": np.asarray(mean, np.float64)})
        .group_by("x", "mean")
        .agg(pl.len().cast(pl.Int64).alias("customers"))
        .sort("x", "mean")
    )
    if purchases.is_empty() or (purchases["x"] <= 0).any() or (purchases["mean"] <= 0).any():
        raise FitError("No customer has repeat purchases of more than nothing, so spending cannot be told.")
    likelihood = _SpendingLikelihood(purchases)
    rough = _SpendingLikelihood(_every(purchases), likelihood.unit)
    log, _ = most_likely(likelihood, rough, np.log([5.0, 4.0, 1.0]), "how much customers spend", progress=progress)
    p, q, gamma = np.exp(log).tolist()
    if q <= 1:
        raise FitError("Spending varies so widely between customers that its model has no mean.")
    total = likelihood.total(np.array([p, q, gamma]))
    return Spending(p, q, gamma * likelihood.unit, total, likelihood.customers)


def _edge(log: Array) -> str:
    """What a buying model at the edge of its parameters says."""
    if log[2] < -4:  # the mean chance to stop after a purchase, a / (a + b), is as good as 0
        return "it fits best when nobody ever stops buying, so a pause cannot be told from an end"
    return "this data does not determine it"


def _every(rows: pl.DataFrame) -> pl.DataFrame:
    """Evenly spread rows of a sorted table, about ROUGH of them, or all where there are few."""
    return rows if rows.height <= 2 * ROUGH else rows.gather_every(rows.height // ROUGH)


class _BuyingLikelihood:
    """Log-likelihood of the BG/NBD model and its gradient, time in units of the mean observation or as named."""

    def __init__(self, histories: pl.DataFrame, unit: float | None = None) -> None:
        self.weight = histories["customers"].to_numpy().astype(np.float64)
        self.customers = int(histories["customers"].sum())
        self.count, last, end = (histories[name].to_numpy().astype(np.float64) for name in ("x", "t_x", "T"))
        self.unit = unit or float((end * self.weight).sum() / self.customers) or 1.0
        self.last, self.end = last / self.unit, end / self.unit
        self.purchases = float((self.count * self.weight).sum())
        self.x, self.of_x = _numbered(self.count)
        self.by_x = np.bincount(self.of_x, self.weight, self.x.size)

    def __call__(self, log: Array) -> tuple[float, Array]:
        """Mean log-likelihood of a customer and its gradient, by the logs of r, alpha, a, b."""
        from scipy.special import digamma, gammaln

        from analytics.models.loops import add_histories

        (r, alpha, a, b), x = np.exp(log), self.x
        shape = gammaln(r + x) - gammaln(r) + r * log[1]
        shape += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        later = np.where(x > 0, b + x - 1, 1)
        gone = np.zeros(x.size)
        value, logs, rates_end, rates_last = add_histories(
            r, alpha, self.of_x, self.count, self.last, self.end, self.weight, shape, log[2] - np.log(later), gone
        )
        common = digamma(a + b) - digamma(a + b + x)
        d_r = self.by_x @ (digamma(r + x) - digamma(r) + log[1]) - logs
        d_alpha = self.customers * r / alpha - rates_end - rates_last
        d_a = self.by_x @ common + gone.sum() / a
        d_b = self.by_x @ (common + digamma(b + x) - digamma(b)) - gone @ np.where(x > 0, 1 / later, 0)
        return value / self.customers, np.array([d_r, d_alpha, d_a, d_b]) * np.exp(log) / self.customers

    def total(self, parameters: Array) -> float:
        """Log-likelihood of all customers in the unit of time that was handed in."""
        return self(np.log(parameters))[0] * self.customers - self.purchases * float(np.log(self.unit))


class _SpendingLikelihood:
    """Log-likelihood of the Gamma-Gamma model and its gradient, money in units of the mean purchase or as named."""

    def __init__(self, purchases: pl.DataFrame, unit: float | None = None) -> None:
        self.weight = purchases["customers"].to_numpy().astype(np.float64)
        self.customers = int(purchases["customers"].sum())
        self.count, mean = purchases["x"].to_numpy().astype(np.float64), purchases["mean"].to_numpy()
        self.unit = unit or float((mean * self.weight).sum() / self.customers)
        self.mean = mean / self.unit
        self.x, self.of_x = _numbered(self.count)
        self.by_x = np.bincount(self.of_x, self.weight, self.x.size)
        self.constant = float((self.weight * np.log(self.mean)).sum())

    def __call__(self, log: Array) -> tuple[float, Array]:
        """Mean log-likelihood of a customer and its gradient, by the logs of p, q, gamma."""
        from scipy.special import digamma, gammaln

        from analytics.models.loops import add_spending

        (p, q, gamma), px = np.exp(log), np.exp(log[0]) * self.x
        shape, logs = gammaln(px + q) - gammaln(px) - gammaln(q) + q * log[2], np.zeros(self.x.size)
        value, log_sum, shares = add_spending(p, q, gamma, self.of_x, self.count, self.mean, self.weight, shape, logs)
        both = digamma(px + q)
        d_p = self.by_x @ (self.x * (both - digamma(px))) + logs.sum()
        d_q = self.by_x @ (both - digamma(q) + log[2]) - log_sum
        d_gamma = self.customers * q / gamma - shares
        gradient = np.array([d_p, d_q, d_gamma]) * np.exp(log)
        return (value - self.constant) / self.customers, gradient / self.customers

    def total(self, parameters: Array) -> float:
        """Log-likelihood of all customers in the money that was handed in."""
        return self(np.log(parameters))[0] * self.customers - self.customers * float(np.log(self.unit))


def _numbered(count: Array) -> tuple[Array, Array]:
    """The different numbers of purchases, and the code of each history's."""
    values, codes = np.unique(count, return_inverse=True)
    return values, codes.astype(np.uint32)
