"""What the cards of Value show: the gate, the backtest, what is expected of whom, and who is overdue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from analytics import dimensions, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters, Where
from analytics.models import likelihood
from analytics.periods import Comparison, Period
from analytics.sentences import value as value_sentences
from analytics.tables import concentration, display
from analytics.tables.leading import leading
from analytics.tables.value import backtest as value_backtest
from analytics.tables.value import history as value_history
from analytics.tables.value import pace as value_pace
from analytics.tables.value import prediction as value_prediction
from ui.caching import remembered
from ui.content import purchases
from ui.content import purchases as purchases_content
from ui.content.purchases import SHOWN
from ui.content.remembered import Content, ListPreview, NotShown, first
from ui.queries import VersionKey, dataset
from ui.sidebar import View

TESTED: Final = (0.1, 0.55)
"""Where on the bar of the fits the backtest begins and ends."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What the data allows to say of the future."""

    lacking: tuple[str, ...]
    """What the data lacks for a model; empty where it lacks nothing."""
    refused: str
    """Why the model is not used though the data is there; empty where it is used."""
    backtest: value_backtest.HoldoutTest | None
    models: value_prediction.Models | None
    """Both models where they are used."""


def fit(view: View) -> Fit:
    """The gate, the backtest and the fits of a view."""
    return fit_of(view.source, view.filters.where, purchases.as_of(view))


def fit_of(
    source: VersionKey, where: Where, until: date, progress: Callable[[str, float], None] = lambda *_: None
) -> Fit:
    """The gate, the backtest and the fits of a history, each cached by itself; `progress` hears how far it has come."""
    lacking = value_history.gate(histories(source, where, until))
    if lacking:
        return Fit(lacking, "", None, None)
    testing, fitting = "Testing the model on the last third of the history", "Fitting the model to the whole history"
    progress(testing, TESTED[0])
    tested = backtest(source, where, until, lambda done: progress(testing, TESTED[0] + (TESTED[1] - TESTED[0]) * done))
    if isinstance(tested, NotShown):
        return Fit((), f"Tried on the first two thirds of the history: {tested.why}", None, None)
    if not tested.passed:
        why = "In the test below each customer's own past told the future better than the model."
        return Fit((), why, tested, None)
    fitted = models(source, where, until, lambda done: progress(fitting, TESTED[1] + (1 - TESTED[1]) * done))
    if isinstance(fitted, NotShown):
        return Fit((), f"Tried on the whole history: {fitted.why}", tested, None)
    return Fit((), "", tested, fitted)


def horizons(view: View) -> list[int]:
    """Days ahead that may be asked for: as far as the history itself reaches back."""
    data = dataset(view.source)
    days = (purchases.as_of(view) - data.first_day).days + 1
    return [horizon for horizon in value_prediction.HORIZONS if horizon <= days]


@remembered
def tested(view: View) -> Content:
    """The backtest as drawn."""
    holdout = fit(view).backtest
    if holdout is None:
        return Content(pl.DataFrame(), "")
    return Content(
        value_backtest.backtest_rows(holdout), value_sentences.backtest(holdout, dataset(view.source).currency)
    )


@dataclass(frozen=True, eq=False)
class Expected:
    """Everybody's expected future."""

    total: dict[str, Any]
    """The one row of `value.by_group` for everybody."""
    best: pl.DataFrame
    """The customers worth most, with intervals."""
    count: int
    """All customers; see `everybody`."""
    takeaway: str


@remembered
def expected(view: View, horizon: int) -> Expected:
    """What is expected of all customers. Only where `fit` gives models."""
    where, until, data = view.filters.where, purchases.as_of(view), dataset(view.source)
    fitted = models(view.source, where, until)
    if isinstance(fitted, NotShown):
        raise ValueError(fitted.why)
    people, noise = predictions(view.source, where, until, horizon)
    one_group = pl.repeat(purchases.EVERYBODY, people.height, eager=True)
    total = value_prediction.by_group(people, one_group, fitted, noise, horizon).row(0, named=True)
    best = value_prediction.intervals(leading(people, "value", SHOWN), fitted, horizon)
    money = data.currency
    takeaway = value_sentences.value(total, fitted.pace, horizon, money)
    return Expected(
        total=total,
        best=display.people(data, best),
        count=people.height,
        takeaway=takeaway,
    )


def everybody(view: View, horizon: int) -> pl.DataFrame:
    """What is expected of every customer, those worth most first. Only where `fit` gives models."""
    people, _ = predictions(view.source, view.filters.where, purchases.as_of(view), horizon)
    ranked = people.sort("value", "customer", descending=[True, False])
    columns = ("customer", "alive", "orders", "spend", "value", "since", "gap", "overdue")
    return display.people(dataset(view.source), ranked.select(columns))


@remembered
def value_by(view: View, horizon: int, dimension: str) -> tuple[Content, pl.DataFrame]:
    """Expected value by the groups of a dimension, as drawn and in full."""
    data = dataset(view.source)
    table = predicted_by(view.source, view.filters.where, purchases.as_of(view), horizon, dimension)
    label = value_label(data, dimension)
    shown = table.sort("enough", "value", "member", descending=[True, True, False]).head(12)
    rows = display.ranges(
        shown, "member", "value", "money", data.currency, size="customers", low="value_low", high="value_high"
    )
    return Content(rows, value_sentences.value_by_group(table, label, data.currency)), table


def value_label(data: Dataset, dimension: str) -> str:
    """What the groups of the value page's breakdown are called."""
    return "RFM group" if dimension == "group" else dimensions.dimension(dimension, data).label


@remembered
def overdue(view: View) -> ListPreview:
    """The first customers who are overdue against their own rhythm, most revenue first."""
    data, people = dataset(view.source), histories(view.source, view.filters.where, purchases.as_of(view))
    risk, rhythmic = value_history.at_risk(people), people["gap"].count()
    takeaway = value_sentences.overdue(risk, rhythmic, data.currency)
    return ListPreview(display.people(data, first(_late(risk), SHOWN)), takeaway, risk.height)


def all_overdue(view: View) -> pl.DataFrame:
    """Every customer who is overdue, as `overdue` lists the first."""
    people = histories(view.source, view.filters.where, purchases.as_of(view))
    return display.people(dataset(view.source), _late(value_history.at_risk(people)))


def _late(risk: pl.DataFrame) -> pl.DataFrame:
    return risk.select("customer", "last_day", "since", "gap", "times", "recent")


@remembered
def active(view: View) -> str:
    """Who is active by the gap rule; empty where there is none."""
    states = _states(view)
    return "" if isinstance(states, NotShown) else value_sentences.active(states[0], dataset(view.source).currency)


def _states(view: View) -> tuple[pl.DataFrame, int] | NotShown:
    """The gap rule's states and its threshold, or why there are none."""
    where, until = view.filters.where, purchases.as_of(view)
    people, threshold = histories(view.source, where, until), lapse_threshold(view.source, where, until)
    if threshold is None:
        return NotShown(value_sentences.NO_RULE)
    if people.is_empty():
        return NotShown(value_sentences.NOBODY_PAID)
    return value_history.lapsed(people, threshold), threshold


@remembered
def lapsed(view: View) -> Content:
    """The gap rule's states."""
    data, states = dataset(view.source), _states(view)
    if isinstance(states, NotShown):
        return Content(pl.DataFrame(), states.why)
    table, threshold = states
    rows = display.columns(table, "state", "customers", "count").with_columns(
        (table["recent"] / MONEY_SCALE).alias("recent")
    )
    return Content(rows, value_sentences.lapsed(table, threshold, data.currency))


@remembered
def histories(source: VersionKey, where: Where, until: date) -> pl.DataFrame:
    """Every customer's history as the models take it, with their own rhythm."""
    return value_history.rhythm(value_history.histories(purchases_content.purchases(source, where, until), until))


@remembered
def backtest(
    source: VersionKey, where: Where, until: date, _progress: likelihood.Progress | None = None
) -> value_backtest.HoldoutTest | NotShown:
    """The holdout backtest, or why it was refused."""
    people = histories(source, where, until)
    end = value_backtest.calibration_end(people, until)
    seen = lines.purchases(dataset(source), where, end)
    try:
        return value_backtest.backtest(seen, purchases_content.purchases(source, where, until), end, until, _progress)
    except likelihood.FitError as error:
        return NotShown(str(error))


@remembered
def models(
    source: VersionKey, where: Where, until: date, _progress: likelihood.Progress | None = None
) -> value_prediction.Models | NotShown:
    """Both fits on the whole history, calibrated by the backtest, or why they were refused."""
    tested = backtest(source, where, until)
    if isinstance(tested, NotShown):
        return tested
    try:
        people = histories(source, where, until)
        pace = value_pace.pace(purchases_content.purchases(source, where, until), people, until)
        return value_prediction.models(people, _progress, calibration=tested.calibration, pace=pace)
    except likelihood.FitError as error:
        return NotShown(str(error))


@remembered
def lapse_threshold(source: VersionKey, where: Where, until: date) -> int | None:
    """The 90th percentile of all days between purchases up to a day; None of too few."""
    data = dataset(source)
    found = purchases_content.purchases(source, where, until)
    return concentration.lapse_threshold(concentration.gaps(found, Period(data.first_day, until)))


@remembered
def predictions(
    source: VersionKey, where: Where, until: date, horizon: int
) -> tuple[pl.DataFrame, value_prediction.PredictionVariance]:
    """What is expected of every customer, and the spread of their futures. Only where `models` gives some."""
    people, fitted = histories(source, where, until), models(source, where, until)
    if isinstance(fitted, NotShown):
        raise ValueError(fitted.why)
    return value_prediction.predictions(people, fitted, horizon), value_prediction.spread(people, fitted, horizon)


@remembered
def predicted_by(source: VersionKey, where: Where, until: date, horizon: int, dimension: str) -> pl.DataFrame:
    """Expected totals by a customer attribute, by the place of the last order, or by RFM group (`group`)."""
    data, fitted = dataset(source), models(source, where, until)
    if isinstance(fitted, NotShown):
        raise ValueError(fitted.why)
    people, noise = predictions(source, where, until, horizon)
    if dimension == "group":
        member = purchases_content.scores(source, where, until).select(
            "customer", pl.col("group").cast(pl.String).alias("member")
        )
    elif dimension in data.segments:
        known = data.customers.with_row_index("customer")
        member = known.select("customer", pl.col(dimension).cast(pl.String).alias("member"))
    else:
        view = Filters(Period(data.first_day, until), Comparison("none", None), where)
        member = lines.customers(data, view).select("customer", pl.col("place").cast(pl.String).alias("member"))
    joined = people.join(member, on="customer", how="left", maintain_order="left")
    return value_prediction.by_group(people, joined["member"].fill_null("Not recorded"), fitted, noise, horizon)
