"""The peak of a likelihood: a search that comes near, then Newton steps, and how precise what was found is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LARGEST_LOG: Final = 9.0
"""A fit whose parameter leaves exp(-9) to exp(9), with time and money scaled to about 1, has run to the boundary."""

SEARCHED: Final = 0.4
"""Share of a fit's work that its search takes, about; the rest is the way from there to the peak."""

FLAT: Final = 1e-8
"""Slope at which the search is over."""

EVALUATIONS: Final = 14
"""Likelihoods of all customers that the way to the peak takes, about."""

LARGEST_ERROR: Final = 2.0
"""A log parameter with a larger standard error is not told by the data: its 95 % interval spans a factor of 2,500."""

Progress = Callable[[float], None]
"""Takes how far a fit has come, from 0 to 1, as often as it has come further."""


class FitError(Exception):
    """A fit that must not be used; the message says why in words for people."""


Likelihood = Callable[[Array], tuple[float, Array]]


class _Watch:
    """Tells how far a fit has come: by the slope while it searches, then by the likelihoods taken of all customers."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.share, self.first, self.taken = progress, 0.0, 0.0, 0

    def _tell(self, share: float) -> None:
        if self.progress and share > self.share:
            self.share = min(share, 1.0)
            self.progress(self.share)

    def searching(self, loss: Likelihood) -> Likelihood:
        def watched(log: Array) -> tuple[float, Array]:
            value, gradient = loss(log)
            slope = max(float(np.abs(gradient).max()), FLAT)
            self.first = self.first or 2 * slope
            self._tell(SEARCHED * float(np.log(self.first / slope) / np.log(self.first / FLAT)))
            return value, gradient

        return watched

    def climbing(self, loss: Likelihood) -> Likelihood:
        def watched(log: Array) -> tuple[float, Array]:
            self.taken += 1
            self._tell(SEARCHED + (1 - SEARCHED) * self.taken / EVALUATIONS)
            return loss(log)

        return watched


def most_likely(
    likelihood: Any,
    rough: Any,
    start: Array,
    what: str,
    edge: Callable[[Array], str] = lambda _: "this data does not determine it",
    progress: Progress | None = None,
) -> tuple[Array, Array]:
    """The log parameters of most likelihood and their covariance; FitError where the likelihood has no inner peak.

    `rough` is the likelihood of a part of the customers, on which the search comes near; `edge` puts in words what the
    parameters at an edge say.
    """
    from scipy.optimize import minimize

    limits = [(-LARGEST_LOG, LARGEST_LOG)] * start.size
    options = {"ftol": 1e-13, "gtol": FLAT, "maxiter": 500}
    watch = _Watch(progress)
    result = minimize(watch.searching(_loss(rough)), start, jac=True, method="L-BFGS-B", bounds=limits, options=options)
    log = np.asarray(result.x)
    if not np.isfinite(result.fun) or (np.abs(log) > LARGEST_LOG - 0.5).any():
        raise FitError(f"The model of {what} ran to the edge of what it can describe: {edge(log)}.")
    loss = watch.climbing(_loss(likelihood))
    log, ascended = _onto_peak(loss, log, _curvature(_loss(rough), log))
    curvature = _curvature(loss, log)
    ends = np.linalg.eigvalsh(curvature)
    if ends[0] <= 1e-9 * max(ends[-1], 1e-300):
        raise FitError(f"The model of {what} fits many ways equally well: this data does not determine it.")
    covariance = np.linalg.inv(curvature) / likelihood.customers
    if np.sqrt(np.diag(covariance)).max() > LARGEST_ERROR:
        raise FitError(f"The model of {what} cannot be told precisely enough from this many customers.")
    if not ascended:
        raise FitError(f"The search for the model of {what} did not come to an end.")
    return log, covariance


def _loss(likelihood: Likelihood) -> Likelihood:
    def loss(log: Array) -> tuple[float, Array]:
        value, gradient = likelihood(log)
        return -value, -gradient

    return loss


def _onto_peak(loss: Likelihood, log: Array, curvature: Array) -> tuple[Array, bool]:
    """Newton steps with one curvature onto the peak, so that the result does not depend on how the search came near.

    False where the slope is still above 1e-6 of the mean log-likelihood per unit of a log parameter.
    """
    value, gradient = loss(log)
    for _ in range(25):
        if np.abs(gradient).max() < 1e-10:
            break
        try:
            step = np.linalg.solve(curvature, gradient)
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all() or np.abs(step).max() > 1:
            break
        lower, slope = loss(log - step)
        if not np.isfinite(lower) or lower > value + 1e-12 * abs(value):
            break
        log, value, gradient = log - step, lower, slope
    return log, bool(np.abs(gradient).max() < 1e-6)


def _curvature(loss: Likelihood, log: Array, step: float = 1e-4) -> Array:
    """Second derivatives as differences of the gradient."""
    rows = []
    for n in range(log.size):
        aside = np.zeros(log.size)
        aside[n] = step
        rows.append((loss(log + aside)[1] - loss(log - aside)[1]) / (2 * step))
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)
