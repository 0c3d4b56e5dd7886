"""Lifetime value of each customer: the data gate, the holdout backtest, predictions with intervals, and who is overdue.

Time is in days. A day on which nothing was kept, because all of it came back, is no purchase day here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE
from analytics.models.intervals import FEW, z_value
from analytics.models.lifetime import Buying, Spending, Told, alive, expected, fit_buying, fit_spending
from analytics.runs import first_rows
from analytics.tables import display
from analytics.tables.segments.rfm import per_customer


def backtest_rows(backtest: Backtest) -> pl.DataFrame:
    """One row per purchase count: member, customers, actual, predicted, baseline (mean per customer) and texts."""
    table = backtest.by_count.rename({"count": "member"})
    return table.with_columns(
        display.texts(table["customers"], "count", name="customers_text"),
        *(display.texts(table[name], "number", name=f"{name}_text") for name in ("actual", "predicted", "baseline")),
    )


Array = NDArray[Any]

LEAST_BUYERS: Final = 500
LEAST_DAYS: Final = 180
LEAST_REPEATERS: Final = FEW
"""Customers with three orders or more, without whom nothing tells a rhythm from a coincidence."""

HOLDOUT: Final = 1 / 3
"""Part of the history that the backtest holds out, at its end."""

HORIZONS: Final = (30, 90, 180, 365)
"""Days ahead that a prediction may look, as far as the history itself reaches back."""

LEVEL: Final = 0.8
"""Level of the intervals of predictions: one in ten lies above, one in ten below."""

OVERDUE_TIMES: Final = 2.0
"""A customer is overdue when the time since the last purchase exceeds this many times their own mean gap."""

LEAST_GAPS: Final = 2
"""Gaps that make a rhythm."""

MOST_COUNT: Final = 7
"""Purchase counts from here on are one row of the backtest."""

BUYING_PART: Final = 0.6
"""Share of the time of both fits that the buying model takes, about."""

STEP: Final = 1e-5
"""How far the log of a parameter is moved to see what depends on it."""

FUTURES: Final = 2_000_000
"""Futures simulated for the spread of groups' totals, all customers together."""


def histories(purchases: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per customer with a purchase day up to `until`, by customer code.

    Takes `lines.purchases` up to that day. Columns: customer, x (purchase days after the first), t_x and T (days from
    the first purchase day to the last, and to `until`), mean (currency units per purchase day after the first, null
    where x = 0), recent (net revenue of the RECENT_DAYS up to `until`, ten-thousandths), last_day.
    """
    net = pl.col("revenue") - pl.col("returned")
    kept = purchases.filter((pl.col("day") <= until) & (net > 0))
    known = per_customer(kept, until)
    first_money = kept.select(net)["revenue"].to_numpy()[first_rows(kept["customer"].to_numpy())]
    later = known["money"] - pl.Series(first_money, dtype=pl.Int64)
    first = pl.col("first_day")
    return known.select(
        "customer",
        (pl.col("days") - 1).alias("x"),
        (pl.col("last_day") - first).dt.total_days().alias("t_x"),
        (pl.lit(until) - first).dt.total_days().alias("T"),
        pl.when(pl.col("days") > 1).then(later / ((pl.col("days") - 1) * MONEY_SCALE)).alias("mean"),
        "recent",
        "last_day",
    )


def gate(people: pl.DataFrame) -> tuple[str, ...]:
    """What the data lacks for lifetime values, one sentence each; empty where it lacks nothing. Takes `histories`."""
    buyers, days = people.height, int(people["T"].max() or 0)  # type: ignore[arg-type]
    repeaters = people.filter(pl.col("x") >= 2).height
    lacking = []
    if buyers < LEAST_BUYERS:
        lacking.append(f"{LEAST_BUYERS:,} buyers are needed, there are {buyers:,}.")
    if days < LEAST_DAYS:
        lacking.append(f"{LEAST_DAYS:,} days of purchases are needed, there are {days:,}.")
    if repeaters < LEAST_REPEATERS:
        lacking.append(f"{LEAST_REPEATERS} customers with three purchase days are needed, there are {repeaters:,}.")
    return tuple(lacking)


def calibration_end(people: pl.DataFrame, until: date) -> date:
    """The last day of the part of the history that the backtest may see."""
    longest: Any = people["T"].max()
    return until - timedelta(days=round((longest or 0) * HOLDOUT))


@dataclass(frozen=True, eq=False)
class Backtest:
    """What the model, fitted on the first part of the history, said of the rest, and what came."""

    end: date
    """Last day that the model saw."""
    days: int
    """Length of the held-out rest."""
    customers: int
    by_count: pl.DataFrame
    """One row per purchase count up to `end`: count (text), customers, actual, predicted, baseline (mean days)."""
    actual: float
    """Purchase days of those customers in the rest."""
    predicted: float
    actual_value: float
    """Net revenue of those days, in currency units."""
    predicted_value: float
    model_error: float
    """Root mean square error of a customer's purchase days."""
    baseline_error: float
    """The same of the better of two frequency baselines, named in `baseline`."""
    baseline: str
    value_error: float
    """Root mean square error of a customer's net revenue, in currency units."""
    value_baseline_error: float
    """The same of the better of the two baselines, times what the customer brought on a purchase day so far."""

    @property
    def passed(self) -> bool:
        """Whether the model beats the baseline, in purchase days and in revenue."""
        return self.model_error < self.baseline_error and self.value_error < self.value_baseline_error


def backtest(
    seen: pl.DataFrame, purchases: pl.DataFrame, end: date, until: date, progress: Told | None = None
) -> Backtest:
    """Fit on purchases up to `end` (`seen`, with returns up to then) and compare with the days after it.

    The baseline is each customer's own frequency: purchase days so far per day, either since their first purchase
    (repeat days only) or over the whole observed history; whichever errs less. FitError where a fit is refused.
    """
    people = histories(seen, end)
    x, last, observed = _arrays(people)
    fitted = models(people, progress)
    days = (until - end).days
    net = pl.col("revenue") - pl.col("returned")
    after = purchases.filter((pl.col("day") > end) & (pl.col("day") <= until) & (net > 0))
    came = after.group_by("customer").agg(pl.len().cast(pl.Int64).alias("actual"), net.sum().alias("money"))
    rest = people.join(came, on="customer", how="left", maintain_order="left").with_columns(
        pl.col("actual", "money").fill_null(0)
    )
    actual = rest["actual"].to_numpy()
    predicted = fitted.buying.expected(days, x, last, observed)
    spend = fitted.spending.expected(x, people["mean"].fill_null(0).to_numpy())
    span = max(int(observed.max()), 1)
    baselines = {
        "repeat purchases per day since the first": x / np.maximum(observed, 1) * days,
        "purchases per day of the history": (x + 1) / (span + 1) * days,
    }
    errors = {name: _error(values, actual) for name, values in baselines.items()}
    best = min(errors, key=errors.__getitem__)
    money = rest["money"].to_numpy() / MONEY_SCALE
    brought = per_customer(seen.filter((pl.col("day") <= end) & (net > 0)), end)
    each = (brought["money"] / brought["days"]).to_numpy() / MONEY_SCALE
    table = pl.DataFrame(
        {"x": x, "actual": actual, "predicted": predicted, "baseline": baselines[best]},
        schema_overrides={"x": pl.Int64},
    ).with_columns(pl.col("x").clip(upper_bound=MOST_COUNT - 1))
    by_count = (
        table.group_by("x")
        .agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("actual", "predicted", "baseline").mean())
        .sort("x")
    )
    counts = [f"{n + 1}" if n + 1 < MOST_COUNT else f"{MOST_COUNT}+" for n in by_count["x"]]
    return Backtest(
        end=end,
        days=days,
        customers=people.height,
        by_count=by_count.select(pl.Series("count", counts, pl.String), "customers", "actual", "predicted", "baseline"),
        actual=float(actual.sum()),
        predicted=float(predicted.sum()),
        actual_value=int(rest["money"].sum()) / MONEY_SCALE,
        predicted_value=float(predicted @ spend),
        model_error=_error(predicted, actual),
        baseline_error=errors[best],
        baseline=best,
        value_error=_error(predicted * spend, money),
        value_baseline_error=min(_error(values * each, money) for values in baselines.values()),
    )


def _error(predicted: Array, actual: Array) -> float:
    return float(np.sqrt(np.mean((predicted - actual) ** 2))) if actual.size else 0.0


def _arrays(people: pl.DataFrame) -> tuple[Array, Array, Array]:
    return people["x"].to_numpy(), people["t_x"].to_numpy(), people["T"].to_numpy()


@dataclass(frozen=True, eq=False)
class Models:
    """Both fits on a whole history."""

    buying: Buying
    spending: Spending
    correlation: float
    """Of purchase count and mean spend among repeat buyers (ranks); the models take them as independent."""


def models(people: pl.DataFrame, progress: Told | None = None) -> Models:
    """Fit both models. Takes `histories`. FitError where one is refused."""

    def part(start: float, end: float) -> Told | None:
        return None if progress is None else lambda share: progress(start + (end - start) * share)

    buying = fit_buying(*_arrays(people), part(0, BUYING_PART))
    repeat = people.filter((pl.col("x") > 0) & (pl.col("mean") > 0))
    spending = fit_spending(repeat["x"].to_numpy(), repeat["mean"].to_numpy(), part(BUYING_PART, 1))
    correlation = repeat.select(pl.corr("x", "mean", method="spearman")).item()
    return Models(buying, spending, float(correlation) if correlation is not None else 0.0)


def predictions(people: pl.DataFrame, fitted: Models, horizon: int) -> pl.DataFrame:
    """`histories` with what is expected of each customer in the next `horizon` days.

    Adds alive (probability that they still buy), orders (expected purchase days), spend (expected currency units on
    one), value (expected net revenue: orders x spend), and the columns of `rhythm`.
    """
    x, last, observed = _arrays(people)
    mean = people["mean"].fill_null(0).to_numpy()
    orders = fitted.buying.expected(horizon, x, last, observed)
    spend = fitted.spending.expected(x, mean)
    return rhythm(people).with_columns(
        pl.Series("alive", fitted.buying.alive(x, last, observed), pl.Float64),
        pl.Series("orders", orders, pl.Float64),
        pl.Series("spend", spend, pl.Float64),
        pl.Series("value", orders * spend, pl.Float64),
    )


def rhythm(people: pl.DataFrame) -> pl.DataFrame:
    """Add since (days since the last purchase), gap (own mean days between purchases), times (since / gap), overdue.

    gap is null, and nobody is overdue, below LEAST_GAPS gaps.
    """
    since = pl.col("T") - pl.col("t_x")
    gap = pl.when(pl.col("x") >= LEAST_GAPS).then(pl.col("t_x") / pl.col("x"))
    return people.with_columns(since.alias("since"), gap.alias("gap"), (since / gap).alias("times")).with_columns(
        (pl.col("times") > OVERDUE_TIMES).fill_null(False).alias("overdue")
    )


def at_risk(people: pl.DataFrame) -> pl.DataFrame:
    """The overdue customers, those who brought most in the last year first. Takes `rhythm`."""
    return people.filter("overdue").sort("recent", "customer", descending=[True, False])


def lapsed(people: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """One row per state by the gap rule: state, customers, recent. Takes `rhythm` and the lapse threshold in days.

    Active: last purchase within the threshold; slipping: overdue against their own rhythm though within it; lapsed:
    beyond it.
    """
    beyond = pl.col("since") > threshold
    state = pl.when(beyond).then(pl.lit("Lapsed")).when("overdue").then(pl.lit("Slipping")).otherwise(pl.lit("Active"))
    result = people.group_by(state.alias("state")).agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("recent").sum()
    )
    spine = pl.DataFrame({"state": ["Active", "Slipping", "Lapsed"]})
    joined = spine.join(result, on="state", how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "recent").fill_null(0))


@dataclass(frozen=True, eq=False)
class Spread:
    """For every customer, what makes their expected orders and value uncertain: their own future and the fit."""

    orders: Array
    value: Array
    slopes: Array
    """How each customer's expected orders move with the logs of the buying model's parameters, a row for each."""


def spread(people: pl.DataFrame, fitted: Models, horizon: int, *, seed: int = 1) -> Spread:
    """The variance of simulated futures of each customer at the fitted parameters, and the slopes. Takes `histories`.

    Some millions of futures are simulated in all: few for each of many customers, whose sums even that out.
    """
    rng = np.random.default_rng(seed)
    size, parts = people.height, []
    draws = min(max(FUTURES // max(size, 1), 4), 400)
    step = 100_000
    for start in range(0, size, step):
        orders, value = _futures(people.slice(start, step), fitted, fitted.buying.parameters, horizon, draws, rng)
        parts.append((orders.var(axis=0, ddof=1), value.var(axis=0, ddof=1)))
    orders, value = (np.concatenate([np.zeros(0), *(part[n] for part in parts)]) for n in (0, 1))
    histories, logs = _arrays(people), np.log(fitted.buying.parameters)
    asides = np.exp(np.vstack([logs, logs + STEP * np.eye(logs.size)]))
    here, *moved = expected(asides, horizon, *histories)
    return Spread(orders, value, np.array([(item - here) / STEP for item in moved]))


def _futures(
    people: pl.DataFrame, fitted: Models, parameters: Array, horizon: int, draws: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Orders and value of simulated futures, one row per draw and one column per customer.

    Given that a customer is alive, their rate is Gamma(r + x, alpha + T) and their chance to stop Beta(a, b + x); they
    buy until the horizon ends or they stop. Spending is drawn from its own posterior.
    """

    r, alpha, a, b = parameters
    x, last, observed = (values.astype(np.float64) for values in _arrays(people))
    shape = (draws, people.height)
    living = rng.random(shape) < alive(parameters, x, last, observed)
    rate = rng.gamma(r + x, 1 / (alpha + observed), shape)
    stops = rng.beta(a, b + x, shape)
    until_stop = rng.geometric(np.clip(stops, 1e-12, 1), shape)
    orders = np.where(living, np.minimum(rng.poisson(rate * horizon), until_stop), 0)
    model, mean = fitted.spending, people["mean"].fill_null(0).to_numpy()
    theirs = rng.gamma(model.q + model.p * x, 1 / (model.gamma + x * mean), shape)
    value = np.where(orders > 0, rng.gamma(np.maximum(model.p * orders, 1e-12)) / theirs, 0.0)
    return orders, value


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


def by_group(people: pl.DataFrame, member: Sequence[str] | pl.Series, fitted: Models, noise: Spread) -> pl.DataFrame:
    """One row per group: member, customers, alive, orders, value, per_customer, the four ends of the intervals, enough.

    Takes `predictions` and each customer's group. alive, orders and value are expected totals. The 80 % intervals are
    normal; their variance is the delta method's for the buying model's parameters plus that of the customers' own
    futures (simulated). The spending model's parameters are taken as known. Highest value first.
    """
    groups = people.select(pl.Series("member", member).cast(pl.String).alias("member"), "alive", "orders", "value")
    codes = groups["member"].rank("dense").cast(pl.Int64).to_numpy() - 1
    size = int(codes.max(initial=-1)) + 1
    spend = people["spend"].to_numpy()
    gradients = np.zeros((2, noise.slopes.shape[0], size))
    for n, slope in enumerate(noise.slopes):
        gradients[0, n] = np.bincount(codes, slope, size)
        gradients[1, n] = np.bincount(codes, slope * spend, size)
    own = np.stack([np.bincount(codes, noise.orders, size), np.bincount(codes, noise.value, size)])
    shared = np.einsum("kng,nm,kmg->kg", gradients, fitted.buying.covariance, gradients)
    half = z_value(LEVEL) * np.sqrt(own + shared)
    names = groups["member"].unique().sort()
    totals = (
        groups.group_by("member")
        .agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("alive", "orders", "value").sum())
        .sort("member")
    )
    ends = pl.DataFrame({"member": names, "half_orders": half[0], "half_value": half[1]})
    return (
        totals.join(ends, on="member", maintain_order="left")
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
