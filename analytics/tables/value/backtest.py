"""The holdout backtest of lifetime values: what models of the first part of the history said of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE
from analytics.models.likelihood import Progress
from analytics.tables import display
from analytics.tables.segments.rfm import per_customer
from analytics.tables.value.calibration import PARTS, Calibration, HoldoutSums, calibrate
from analytics.tables.value.history import arrays, histories
from analytics.tables.value.pace import pace
from analytics.tables.value.prediction import Models, models

Array = NDArray[Any]


def backtest_rows(backtest: HoldoutTest) -> pl.DataFrame:
    """One row per purchase count: member, customers, actual, predicted, baseline (mean per customer) and texts."""
    table = backtest.by_count.rename({"count": "member"})
    return table.with_columns(
        display.texts(table["customers"], "count", name="customers_text"),
        *(display.texts(table[name], "number", name=f"{name}_text") for name in ("actual", "predicted", "baseline")),
    )


HOLDOUT: Final = 1 / 3
"""Part of the history that the backtest holds out, at its end."""

MOST_COUNT: Final = 7
"""Purchase counts from here on are one row of the backtest."""


def calibration_end(people: pl.DataFrame, until: date) -> date:
    """The last day of the part of the history that the backtest may see."""
    longest: Any = people["T"].max()
    return until - timedelta(days=round((longest or 0) * HOLDOUT))


@dataclass(frozen=True, eq=False)
class HoldoutTest:
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
    seasonal: bool = False
    """Whether the part up to `end` was long enough to tell a season."""
    parts: tuple[HoldoutSums, ...] = ()
    """Sums over consecutive parts of the rest, each expected from the histories up to it by the same model."""

    @property
    def calibration(self) -> Calibration:
        """What the test teaches about sums."""
        whole = HoldoutSums(self.actual, self.predicted, self.actual_value, self.predicted_value)
        return calibrate(self.parts, whole, self.days)

    @property
    def passed(self) -> bool:
        """Whether the model beats the baseline, in purchase days and in revenue."""
        return self.model_error < self.baseline_error and self.value_error < self.value_baseline_error


def backtest(
    seen: pl.DataFrame, purchases: pl.DataFrame, end: date, until: date, progress: Progress | None = None
) -> HoldoutTest:
    """Fit on purchases up to `end` (`seen`, with returns up to then) and compare with the days after it.

    The baseline is each customer's own frequency: purchase days so far per day, either since their first purchase
    (repeat days only) or over the whole observed history; whichever errs less. FitError where a fit is refused.
    """
    people = histories(seen, end)
    x, _, observed = arrays(people)
    fitted = models(people, progress, pace=pace(seen, people, end))
    days = (until - end).days
    net = pl.col("revenue") - pl.col("returned")
    after = purchases.filter((pl.col("day") > end) & (pl.col("day") <= until) & (net > 0))
    came = after.group_by("customer").agg(pl.len().cast(pl.Int64).alias("actual"), net.sum().alias("money"))
    rest = people.join(came, on="customer", how="left", maintain_order="left").with_columns(
        pl.col("actual", "money").fill_null(0)
    )
    actual = rest["actual"].to_numpy()
    predicted = fitted.orders(people, days)
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
    return HoldoutTest(
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
        seasonal=fitted.pace.known,
        parts=_parts(fitted, purchases, end, days),
    )


def _parts(fitted: Models, purchases: pl.DataFrame, end: date, days: int) -> tuple[HoldoutSums, ...]:
    """Sums over PARTS consecutive parts of the days after `end`; the last days, where they do not divide, are left out.

    Customers whose first purchase is after `end` belong to the parts after it.
    """
    size, out = max(days // PARTS, 1), []
    for part in range(PARTS):
        start = end + timedelta(days=part * size)
        people = histories(purchases.filter(pl.col("day") <= start), start)
        expected = fitted.orders(people, size, start)
        net = pl.col("revenue") - pl.col("returned")
        inside = pl.col("day").is_between(start, start + timedelta(days=size), closed="right") & (net > 0)
        came = purchases.filter(inside).join(people.select("customer"), on="customer", how="semi")
        out.append(
            HoldoutSums(
                came.height,
                float(expected.sum()),
                int(came.select(net.sum()).item()) / MONEY_SCALE,
                float(expected @ fitted.spend(people)),
            )
        )
    return tuple(out)


def _error(predicted: Array, actual: Array) -> float:
    return float(np.sqrt(np.mean((predicted - actual) ** 2))) if actual.size else 0.0
