"""What each card of the customer pages shows, remembered per view as in `content`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from analytics import dimensions, formats
from analytics import sentences_customers as sentences
from analytics.charts.cohorts import POOLED
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Where
from analytics.models.intervals import FEW
from analytics.segments import Segment
from analytics.tables import cohorts, retention, rfm, value
from analytics.tables import customer_views as views
from analytics.tables.concentration import gap_bins
from ui import customer_queries as queries
from ui.caching import remembered
from ui.content import Content
from ui.queries import Source, dataset
from ui.sidebar import View

TESTED: Final = (0.1, 0.55)
"""Where on the bar of the fits the backtest begins and ends."""

SHOWN: Final = 100
"""Customers that a table shows; its CSV holds all."""


def as_of(view: View) -> date:
    """The day that a view looks back from: the period's end, or the data's last day."""
    return min(view.filters.period.end, dataset(view.source).last_day)


def earlier(view: View) -> date | None:
    """The day that groups are compared with: the base's end, or the day before the period; None before any data."""
    filters, data = view.filters, dataset(view.source)
    day = filters.base.end if filters.base else filters.period.start - timedelta(days=1)
    return day if data.first_day <= day < as_of(view) else None


def anybody(view: View) -> bool:
    """Whether any known customer bought in a view, up to its end."""
    return not queries.purchases(view.source, view.filters.where, as_of(view)).is_empty()


# --- Segments ---------------------------------------------------------------------------------------------------------


def scored(view: View) -> pl.DataFrame:
    """Every customer's scores in a view."""
    return queries.scored(view.source, view.filters.where, as_of(view))


@remembered
def groups(view: View) -> pl.DataFrame:
    """`rfm.groups` of a view."""
    return rfm.groups(scored(view))


@remembered
def grid(view: View, measure: str) -> Content:
    """The RFM grid with one measure."""
    currency = dataset(view.source).currency
    rows = views.rfm_grid(rfm.grid(scored(view)), measure, currency)
    return Content(rows, sentences.grid(groups(view), currency))


@remembered
def group_table(view: View) -> pl.DataFrame:
    """The eleven groups with what they are."""
    return views.rfm_groups(groups(view))


@dataclass(frozen=True, eq=False)
class Moves:
    """Who moved between groups since an earlier day."""

    earlier: date
    moves: pl.DataFrame
    flow: pl.DataFrame
    slipped: pl.DataFrame
    """Customers whose recency fell to 2 or below, named, money in currency units, those with most revenue first."""
    count: int
    at_risk: float
    """Customers who slipped, and their net revenue of the year before the earlier day, in currency units."""
    takeaway: str


@remembered
def moves(view: View) -> Moves | None:
    """Migration between the base's end and now; None where there is no earlier day with data."""
    before_day = earlier(view)
    if before_day is None:
        return None
    data, after = dataset(view.source), scored(view)
    before = queries.scored(view.source, view.filters.where, before_day)
    moved, slipped = rfm.migration(before, after), rfm.slipped(before, after)
    return Moves(
        before_day,
        views.flow_table(moved),
        views.flow(moved, data.currency),
        views.people(data, slipped),
        slipped.height,
        int(slipped["recent"].sum()) / MONEY_SCALE,
        sentences.migration(moved, slipped, before_day, data.currency),
    )


@remembered
def group_customers(view: View, group: str) -> Content:
    """The customers of a group who brought most, with reasons, and the group's advice."""
    data = dataset(view.source)
    rows = scored(view).filter(pl.col("group").cast(pl.String) == group)
    said = sentences.actions(group, rows.height, int(rows["money"].sum()), data.currency)
    return Content(_listed(data, rows.sort("money", "customer", descending=[True, False])), said)


def _listed(data: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    listed = rows.with_columns(views.reasons(rows))
    shown = ["customer", "money", "orders", "last_day", "r", "f", "m", "reason"]
    return views.people(data, listed.select(shown))


@remembered
def profile(view: View, who: str | Segment) -> Content:
    """What an RFM group, or a saved segment of all customers, has more or less often than the other customers."""
    data, source, name = dataset(view.source), view.source, who
    if isinstance(who, Segment):
        source, name = replace(source, segment=None), who.name
    found, inside = queries.profiled(source, view.filters.where, as_of(view), who)
    rows = views.profile(found, dimensions.labels(data))
    return Content(rows, sentences.profile(rows, str(name), inside))


# --- Retention --------------------------------------------------------------------------------------------------------


def cohort_grain(view: View) -> str:
    """The cohorts' grain: the view's, or the month where that is finer or of another calendar."""
    return view.grain if view.grain in cohorts.GRAINS else "month"


@remembered
def _cohorts(view: View, dimension: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rates by cohort (dimension "") or by first member, and the average of all cohorts."""
    grain = cohort_grain(view)
    found = queries.cohort_cells(view.source, view.filters.where, as_of(view), grain, dimension)
    rows = cohorts.by_group(found) if dimension else cohorts.by_cohort(found, view.filters.period.start)
    pooled = found.group_by("k", "cohort", "whole").agg(pl.col("size").sum(), pl.col("customers").sum())
    return rows, cohorts.average(pooled)


@remembered
def cohort_grid(view: View, dimension: str, measure: str) -> Content:
    """Cohorts as a grid."""
    rows, pooled = _cohorts(view, dimension)
    cells = views.cohort_cells(rows, measure, dataset(view.source).currency)
    return Content(cells, sentences.cohorts(rows, pooled, cohort_grain(view)))


@remembered
def cohort_curves(view: View, dimension: str, measure: str) -> pl.DataFrame:
    """Cohorts as curves."""
    rows, pooled = _cohorts(view, dimension)
    return views.cohort_curves(rows, None if dimension else pooled, POOLED, measure, dataset(view.source).currency)


@remembered
def came_back(view: View) -> Content:
    """Equal-horizon repurchase of everybody."""
    until = as_of(view)
    table = retention.came_back(queries.seconds(view.source, view.filters.where, until, ""), until)
    rows = views.ranges(
        table.with_columns(pl.format("{} days", "horizon").alias("member")),
        "member", "share", "share", size="eligible", low="low", high="high",
    )  # fmt: skip
    return Content(rows, sentences.came_back(table))


@remembered
def first_members(view: View, dimension: str, horizon: int) -> Content:
    """Who came back within a horizon, by the first purchase's member."""
    data, until = dataset(view.source), as_of(view)
    table = retention.came_back(queries.seconds(view.source, view.filters.where, until, dimension), until, (horizon,))
    table = table.with_columns(pl.col("group").cast(pl.String)).drop_nulls("group").filter(pl.col("eligible") > 0)
    table = table.sort("enough", "share", "group", descending=[True, True, False])
    rows = views.ranges(table.head(12), "group", "share", "share", size="eligible", low="low", high="high")
    label = dimensions.dimension(dimension, data).label
    return Content(rows, sentences.first_members(table, label[:1].lower() + label[1:], horizon))


@remembered
def waiting(view: View, dimension: str, most: int = 5) -> Content:
    """The wait for the second purchase, of everybody or by the largest groups."""
    until = as_of(view)
    people = queries.seconds(view.source, view.filters.where, until, dimension)
    everybody = retention.waiting(people, until)
    said = sentences.waiting(everybody)
    if people.is_empty():
        return Content(pl.DataFrame(), said)
    if not dimension:
        return Content(views.waiting({queries.EVERYBODY: retention.thinned(everybody)}), said)
    sizes = people.group_by(pl.col("group").cast(pl.String)).len().drop_nulls()
    largest = sizes.filter(pl.col("len") >= FEW).sort("len", "group", descending=[True, False]).head(most)
    curves = {
        name: retention.thinned(retention.waiting(people.filter(pl.col("group").cast(pl.String) == name), until))
        for name in largest["group"]
    }
    return Content(views.waiting(curves) if curves else pl.DataFrame(), said)


@dataclass(frozen=True, eq=False)
class BridgeContent:
    """The bridge as drawn and its key figures."""

    rows: pl.DataFrame
    takeaway: str
    nrr: float | None
    grr: float | None
    retained: float | None
    """Share of the base's buyers who bought again."""
    base_buyers: int
    lapsed: int
    new: int


@remembered
def bridge(view: View) -> BridgeContent | None:
    """The customer bridge; None without a base."""
    found = queries.bridge(view.source, view.filters)
    if found is None:
        return None
    currency = dataset(view.source).currency
    rows = views.waterfall(found, currency)
    counts = dict(found.steps.select("step", "customers").iter_rows())
    return BridgeContent(
        rows,
        sentences.bridge(found, currency),
        found.nrr,
        found.grr,
        found.retained / found.buyers_base if found.buyers_base else None,
        found.buyers_base,
        counts["lapsed"],
        counts["new"],
    )


@remembered
def bridge_customers(view: View, step: str) -> pl.DataFrame:
    """The customers in one bar of the bridge, biggest change first."""
    found = queries.bridge(view.source, view.filters)
    if found is None:
        return pl.DataFrame()
    return views.people(dataset(view.source), found.customers.filter(pl.col("step") == step).drop("step").fill_null(0))


# --- Value ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fit:
    """What the data allows to say of the future."""

    lacking: tuple[str, ...]
    """What the data lacks for a model; empty where it lacks nothing."""
    refused: str
    """Why the model is not used though the data is there; empty where it is used."""
    backtest: value.Backtest | None
    models: value.Models | None
    """Both models where they are used."""


def fit(view: View) -> Fit:
    """The gate, the backtest and the fits of a view."""
    return fit_of(view.source, view.filters.where, as_of(view))


def fit_of(source: Source, where: Where, until: date, told: Callable[[str, float], None] = lambda *_: None) -> Fit:
    """The gate, the backtest and the fits of a history, each cached by itself; `told` hears how far that has come."""
    lacking = value.gate(queries.histories(source, where, until))
    if lacking:
        return Fit(lacking, "", None, None)
    testing, fitting = "Testing the model on the last third of the history", "Fitting the model to the whole history"
    told(testing, TESTED[0])
    tested = queries.backtest(
        source, where, until, lambda share: told(testing, TESTED[0] + (TESTED[1] - TESTED[0]) * share)
    )
    if isinstance(tested, str):
        return Fit((), f"Tried on the first two thirds of the history: {tested}", None, None)
    if not tested.passed:
        why = "In the test below each customer's own past told the future better than the model."
        return Fit((), why, tested, None)
    fitted = queries.models(source, where, until, lambda share: told(fitting, TESTED[1] + (1 - TESTED[1]) * share))
    if isinstance(fitted, str):
        return Fit((), f"Tried on the whole history: {fitted}", tested, None)
    return Fit((), "", tested, fitted)


def horizons(view: View) -> list[int]:
    """Days ahead that may be asked for: as far as the history itself reaches back."""
    data = dataset(view.source)
    days = (as_of(view) - data.first_day).days + 1
    return [one for one in value.HORIZONS if one <= days]


@remembered
def tested(view: View) -> Content:
    """The backtest as drawn."""
    found = fit(view).backtest
    if found is None:
        return Content(pl.DataFrame(), "")
    return Content(views.backtest(found), sentences.backtest(found, dataset(view.source).currency))


@dataclass(frozen=True, eq=False)
class Expected:
    """Everybody's expected future."""

    total: dict[str, Any]
    """The one row of `value.by_group` for everybody."""
    best: pl.DataFrame
    """The customers worth most, with intervals."""
    all: pl.DataFrame
    """Every customer, named."""
    takeaway: str


@remembered
def expected(view: View, horizon: int) -> Expected:
    """What is expected of all customers. Only where `fit` gives models."""
    where, until, data = view.filters.where, as_of(view), dataset(view.source)
    fitted = queries.models(view.source, where, until)
    if isinstance(fitted, str):
        raise ValueError(fitted)
    people, noise = queries.predictions(view.source, where, until, horizon)
    total = value.by_group(people, [queries.EVERYBODY] * people.height, fitted, noise).row(0, named=True)
    ranked = people.sort("value", "customer", descending=[True, False])
    best = value.intervals(ranked.head(SHOWN), fitted, horizon)
    money = data.currency
    said = sentences.value(people.height, total["alive"], total["orders"], total["value"], horizon, money)
    return Expected(
        total=total,
        best=views.people(data, best),
        all=views.people(
            data, ranked.select("customer", "alive", "orders", "spend", "value", "since", "gap", "overdue")
        ),
        takeaway=said,
    )


@remembered
def value_by(view: View, horizon: int, dimension: str) -> tuple[Content, pl.DataFrame]:
    """Expected value by the groups of a dimension, as drawn and in full."""
    data = dataset(view.source)
    table = queries.value_by(view.source, view.filters.where, as_of(view), horizon, dimension)
    label = value_label(data, dimension)
    shown = table.sort("enough", "value", "member", descending=[True, True, False]).head(12)
    rows = views.ranges(
        shown, "member", "value", "money", data.currency, size="customers", low="value_low", high="value_high"
    )
    return Content(rows, sentences.value_by_group(table, label, data.currency)), table


def value_label(data: Dataset, dimension: str) -> str:
    """What the groups of the value page's breakdown are called."""
    return "RFM group" if dimension == "group" else dimensions.dimension(dimension, data).label


@remembered
def overdue(view: View) -> tuple[Content, int]:
    """Customers who are overdue against their own rhythm, most revenue first, and how many have a rhythm."""
    data = dataset(view.source)
    people = queries.histories(view.source, view.filters.where, as_of(view))
    risk, rhythmic = value.at_risk(people), people.drop_nulls("gap").height
    shown = views.people(data, risk.select("customer", "last_day", "since", "gap", "times", "recent"))
    return Content(shown, sentences.overdue(risk, rhythmic, data.currency)), rhythmic


@remembered
def lapsed(view: View) -> Content:
    """The gap rule's states."""
    data = dataset(view.source)
    where, until = view.filters.where, as_of(view)
    threshold = queries.lapse_threshold(view.source, where, until)
    if threshold is None:
        return Content(pl.DataFrame(), "Nobody bought on two days, so there is no gap to judge by.")
    table = value.lapsed(queries.histories(view.source, where, until), threshold)
    rows = views.columns(table, "state", "customers", "count").with_columns(
        (table["recent"] / MONEY_SCALE).alias("recent")
    )
    return Content(rows, sentences.lapsed(table, threshold, data.currency))


# --- Concentration ----------------------------------------------------------------------------------------------------


@remembered
def lorenz(view: View) -> Content:
    """The Lorenz curve of a view."""
    found = queries.spread(view.source, view.filters).concentration
    return Content(views.lorenz(found.curve), sentences.concentration(found))


@remembered
def top_shares(view: View) -> pl.DataFrame:
    """Share of revenue of the best customers: top (text), share, text."""
    found = queries.spread(view.source, view.filters).concentration
    shares = list(found.shares.values())
    return pl.DataFrame(
        {"top": [f"Top {top}%" for top in found.shares], "share": shares},
        schema={"top": pl.String, "share": pl.Float64},
    ).with_columns(pl.Series("text", [formats.text(share, "share") for share in shares], pl.String))


@remembered
def order_counts(view: View) -> Content:
    """Orders per customer of a view."""
    found = queries.spread(view.source, view.filters).orders
    rows = views.columns(found, "orders", "customers", "count").with_columns(
        (found["revenue"] / MONEY_SCALE).alias("revenue")
    )
    return Content(rows, sentences.orders_per_customer(found))


@remembered
def gaps(view: View) -> Content:
    """Days between purchases of a view."""
    found = queries.spread(view.source, view.filters)
    rows = views.columns(gap_bins(found.gaps), "days", "purchases", "count")
    count = int(found.gaps["purchases"].sum())
    return Content(rows, sentences.gaps(count, found.middle, found.lapse))
