"""What is expected of each customer and of groups of them, with intervals. Time is in days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.models.intervals import FEW
from analytics.models.lifetime import Buying, Spending, alive, expected, fit_buying, fit_spending
from analytics.models.likelihood import Progress
from analytics.tables.value.calibration import UNCALIBRATED, Calibration, half
from analytics.tables.value.history import arrays, rhythm
from analytics.tables.value.pace import EVEN, BuyingPace

Array = NDArray[Any]

HORIZONS: Final = (30, 90, 180, 365)
"""Days ahead that a prediction may look, as far as the history itself reaches back."""

LEVEL: Final = 0.8
"""Level of the intervals of predictions: one in ten lies above, one in ten below."""

BUYING_PART: Final = 0.6
"""Share of the time of both fits that the buying model takes, about."""

STEP: Final = 1e-5
"""How far the log of a parameter is moved to see what depends on it."""

FUTURES: Final = 2_000_000
"""Futures simulated for the spread of groups' totals, all customers together: two of each at least."""


@dataclass(frozen=True, eq=False)
class Models:
    """Both fits on a whole history."""

    buying: Buying
    spending: Spending
    correlation: float
    """Of purchase count and mean spend among repeat buyers (ranks); the models take them as independent."""
    calibration: Calibration
    """What the backtest taught about sums; nothing where there was none."""
    pace: BuyingPace
    """How fast customers buy in each month of the year."""

    def orders(self, people: pl.DataFrame, horizon: int, after: date | None = None) -> Array:
        """Expected purchase days of each customer in the days after the last one, or after another."""
        return self.buying.expected(self.pace.days(horizon, after), *arrays(people))

    def spend(self, people: pl.DataFrame) -> Array:
        """Expected currency units on a purchase day of each customer, calibrated."""
        x, mean = people["x"].to_numpy(), people["mean"].fill_null(0).to_numpy()
        return self.spending.expected(x, mean) * self.calibration.money


def models(
    people: pl.DataFrame,
    progress: Progress | None = None,
    *,
    calibration: Calibration = UNCALIBRATED,
    pace: BuyingPace = EVEN,
) -> Models:
    """Fit both models. Takes `histories`. FitError where one is refused."""

    def part(start: float, end: float) -> Progress | None:
        return None if progress is None else lambda share: progress(start + (end - start) * share)

    buying = fit_buying(*arrays(people), part(0, BUYING_PART))
    repeat = people.filter((pl.col("x") > 0) & (pl.col("mean") > 0))
    spending = fit_spending(repeat["x"].to_numpy(), repeat["mean"].to_numpy(), part(BUYING_PART, 1))
    correlation = repeat.select(pl.corr("x", "mean", method="spearman")).item()
    return Models(buying, spending, float(correlation) if correlation is not None else 0.0, calibration, pace)


def predictions(people: pl.DataFrame, fitted: Models, horizon: int) -> pl.DataFrame:
    """`histories` with what is expected of each customer in the next `horizon` days.

    Adds alive (probability that they still buy), orders (expected purchase days), spend (expected currency units on
    one), value (expected net revenue: orders x spend), and the columns of `rhythm`.
    """
    x, last, observed = arrays(people)
    orders, spend = fitted.orders(people, horizon), fitted.spend(people)
    return rhythm(people).with_columns(
        pl.Series("alive", fitted.buying.alive(x, last, observed), pl.Float64),
        pl.Series("orders", orders, pl.Float64),
        pl.Series("spend", spend, pl.Float64),
        pl.Series("value", orders * spend, pl.Float64),
    )


@dataclass(frozen=True, eq=False)
class PredictionVariance:
    """For every customer, what makes their expected orders and value uncertain: their own future and the fit."""

    orders: Array
    value: Array
    slopes: Array
    """How each customer's expected orders move with the logs of the buying model's parameters, a row for each."""


def spread(people: pl.DataFrame, fitted: Models, horizon: int, *, seed: int = 1) -> PredictionVariance:
    """The variance of simulated futures of each customer at the fitted parameters, and the slopes. Takes `histories`.

    Some millions of futures are simulated in all: few for each of many customers, whose sums even that out.
    """
    rng = np.random.default_rng(seed)
    size, parts = people.height, []
    draws = min(max(FUTURES // max(size, 1), 2), 400)
    step = 100_000
    for start in range(0, size, step):
        orders, value = _futures(people.slice(start, step), fitted, fitted.buying.parameters, horizon, draws, rng)
        parts.append((orders.var(axis=0, ddof=1), value.var(axis=0, ddof=1)))
    orders, value = (np.concatenate([np.zeros(0), *(part[n] for part in parts)]) for n in (0, 1))
    histories, logs = arrays(people), np.log(fitted.buying.parameters)
    asides = np.exp(np.vstack([logs, logs + STEP * np.eye(logs.size)]))
    here, *moved = expected(asides, fitted.pace.days(horizon), *histories)
    return PredictionVariance(orders, value, np.array([(item - here) / STEP for item in moved]))


def _futures(
    people: pl.DataFrame, fitted: Models, parameters: Array, horizon: int, draws: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Orders and value of simulated futures, one row per draw and one column per customer.

    Given that a customer is alive, their rate is Gamma(r + x, alpha + T) and their chance to stop Beta(a, b + x); they
    buy until the horizon ends or they stop. Spending is drawn from its own posterior.
    """

    r, alpha, a, b = parameters
    x, last, observed = (values.astype(np.float64) for values in arrays(people))
    shape = (draws, people.height)
    living = rng.random(shape) < alive(parameters, x, last, observed)
    rate = rng.gamma(r + x, 1 / (alpha + observed), shape)
    stops = rng.beta(a, b + x, shape)
    until_stop = rng.geometric(np.clip(stops, 1e-12, 1), shape)
    orders = np.where(living, np.minimum(rng.poisson(rate * fitted.pace.days(horizon)), until_stop), 0)
    model, mean = fitted.spending, people["mean"].fill_null(0).to_numpy()
    theirs = rng.gamma(model.q + model.p * x, 1 / (model.gamma + x * mean), shape)
    value = np.where(orders > 0, rng.gamma(np.maximum(model.p * orders, 1e-12)) / theirs, 0.0)
    return orders, value * fitted.calibration.money


def intervals(people: pl.DataFrame, fitted: Models, horizon: int, *, draws: int = 4000, seed: int = 1) -> pl.DataFrame:
    """For each of a few customers the range in which 80 % of their simulated futures lie: orders_low ... value_high.

    Every draw has its own parameters, from the normal distribution of the fit's logs, so the range holds both what is
    unknown of the customer and what is unknown of the model. Takes `histories` or more columns; keeps them.
    """
    rng = np.random.default_rng(seed)
    logs = rng.multivariate_normal(np.log(fitted.buying.parameters), fitted.buying.covariance, 40)
    result = [_futures(people, fitted, np.exp(log), horizon, max(1, draws // 40), rng) for log in logs]
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    orders = np.quantile(np.concatenate([item[0] for item in result]), ends, axis=0)
    value = np.quantile(np.concatenate([item[1] for item in result]), ends, axis=0)
    return people.with_columns(
        pl.Series("orders_low", orders[0], pl.Float64),
        pl.Series("orders_high", orders[1], pl.Float64),
        pl.Series("value_low", value[0], pl.Float64),
        pl.Series("value_high", value[1], pl.Float64),
    )


def by_group(
    people: pl.DataFrame, member: Sequence[str] | pl.Series, fitted: Models, noise: PredictionVariance, horizon: int
) -> pl.DataFrame:
    """One row per group: member, customers, alive, orders, value, per_customer, the four ends of the intervals, enough.

    Takes `predictions` and each customer's group. alive, orders and value are expected totals. The 80 % intervals have
    the delta method's variance for the buying model's parameters, that of the customers' own futures (simulated), and
    the error that sums had in the backtest. The spending model's parameters are taken as known. Highest value first.
    """
    texts = pl.Series("member", member).cast(pl.String)
    names = texts.unique().sort()
    groups = people.select(texts.cast(pl.Enum(names)), "alive", "orders", "value")
    codes, size = groups["member"].to_physical().to_numpy(), names.len()
    spend = people["spend"].to_numpy()
    gradients = np.zeros((2, noise.slopes.shape[0], size))
    for n, slope in enumerate(noise.slopes):
        gradients[0, n] = np.bincount(codes, slope, size)
        gradients[1, n] = np.bincount(codes, slope * spend, size)
    own = np.stack([np.bincount(codes, noise.orders, size), np.bincount(codes, noise.value, size)])
    shared = np.einsum("kng,nm,kmg->kg", gradients, fitted.buying.covariance, gradients)
    reach = fitted.calibration.reach(horizon, LEVEL)
    sums = [np.bincount(codes, groups[name].to_numpy(), size) for name in ("orders", "value")]
    ends = [half((own + shared)[n], sums[n], reach[n], LEVEL) for n in range(2)]
    totals = (
        groups.group_by("member")
        .agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("alive", "orders", "value").sum())
        .with_columns(pl.col("member").cast(pl.String))
        .sort("member")
    )
    halves = pl.DataFrame({"member": names, "half_orders": ends[0], "half_value": ends[1]})
    return (
        totals.join(halves, on="member", maintain_order="left")
        .select(
            "member",
            "customers",
            "alive",
            "orders",
            (pl.col("orders") - pl.col("half_orders")).clip(0).alias("orders_low"),
            (pl.col("orders") + pl.col("half_orders")).alias("orders_high"),
            "value",
            (pl.col("value") - pl.col("half_value")).clip(0).alias("value_low"),
            (pl.col("value") + pl.col("half_value")).alias("value_high"),
            (pl.col("value") / pl.col("customers")).alias("per_customer"),
            (pl.col("customers") >= FEW).alias("enough"),
        )
        .sort("value", "member", descending=[True, False])
    )
