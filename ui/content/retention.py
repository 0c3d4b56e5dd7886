"""What the cards of Retention show: cohorts, second purchases, and the bridge from the base's customers to today's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from analytics import dimensions, lines
from analytics.charts.retention import POOLED
from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters, Where
from analytics.lines import Totals
from analytics.models.intervals import FEW
from analytics.periods import Comparison
from analytics.sentences import retention as retention_sentences
from analytics.tables import display
from analytics.tables.retention import bridge as bridge_tables
from analytics.tables.retention import cohorts as cohorts_tables
from analytics.tables.retention import repurchase
from analytics.tables.retention import rows as rows_tables
from ui.caching import remembered
from ui.content import purchases
from ui.content import purchases as purchases_content
from ui.content.purchases import SHOWN
from ui.content.remembered import Content, first
from ui.queries import VersionKey, dataset
from ui.sidebar import View


def cohort_grain(view: View) -> str:
    """The cohorts' grain: the view's, or the month where that is finer or of another calendar."""
    return view.grain if view.grain in cohorts_tables.COHORTS else "month"


@remembered
def _cohorts(view: View, dimension: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rates by cohort (dimension "") or by first member, and the average of all cohorts."""
    grain = cohort_grain(view)
    cells = cohort_cells(view.source, view.filters.where, purchases.as_of(view), grain, dimension)
    rows = cohorts_tables.by_group(cells) if dimension else cohorts_tables.by_cohort(cells, view.filters.period.start)
    pooled = cells.group_by("k", "cohort", "whole").agg(pl.col("size").sum(), pl.col("customers").sum())
    return rows, cohorts_tables.average(pooled)


@remembered
def cohort_grid(view: View, dimension: str, measure: str) -> Content:
    """Cohorts as a grid."""
    rows, pooled = _cohorts(view, dimension)
    cells = rows_tables.cohort_cells(rows, measure, dataset(view.source).currency)
    return Content(cells, retention_sentences.cohorts(rows, pooled, cohort_grain(view)))


@remembered
def cohort_curves(view: View, dimension: str, measure: str) -> pl.DataFrame:
    """Cohorts as curves."""
    rows, pooled = _cohorts(view, dimension)
    return rows_tables.cohort_curves(
        rows, None if dimension else pooled, POOLED, measure, dataset(view.source).currency
    )


@remembered
def came_back(view: View) -> Content:
    """Equal-horizon repurchase of everybody."""
    until = purchases.as_of(view)
    table = repurchase.came_back(seconds(view.source, view.filters.where, until, ""), until)
    rows = display.ranges(
        table.with_columns(pl.format("{} days", "horizon").alias("member")),
        "member", "share", "share", size="eligible", low="low", high="high",
    )  # fmt: skip
    return Content(rows, retention_sentences.came_back(table))


@remembered
def first_members(view: View, dimension: str, horizon: int) -> Content:
    """Who came back within a horizon, by the first purchase's member."""
    data, until = dataset(view.source), purchases.as_of(view)
    table = repurchase.came_back(seconds(view.source, view.filters.where, until, dimension), until, (horizon,))
    table = table.with_columns(pl.col("group").cast(pl.String)).drop_nulls("group").filter(pl.col("eligible") > 0)
    table = repurchase.apart(table).sort("enough", "share", "group", descending=[True, True, False])
    rows = display.ranges(table.head(12), "group", "share", "share", size="eligible", low="low", high="high")
    label = dimensions.dimension(dimension, data).label
    return Content(rows, retention_sentences.first_members(table, label[:1].lower() + label[1:], horizon))


@remembered
def waiting(view: View, dimension: str, most: int = 5) -> Content:
    """The wait for the second purchase, of everybody or by the largest groups."""
    until = purchases.as_of(view)
    people = seconds(view.source, view.filters.where, until, dimension)
    everybody = repurchase.waiting(people, until)
    takeaway = retention_sentences.waiting(everybody)
    if people.is_empty():
        return Content(pl.DataFrame(), takeaway)
    if not dimension:
        return Content(rows_tables.waiting({purchases.EVERYBODY: repurchase.thinned(everybody)}), takeaway)
    sizes = people.group_by(pl.col("group").cast(pl.String)).len().drop_nulls()
    largest = sizes.filter(pl.col("len") >= FEW).sort("len", "group", descending=[True, False]).head(most)
    curves = {
        name: repurchase.thinned(repurchase.waiting(people.filter(pl.col("group").cast(pl.String) == name), until))
        for name in largest["group"]
    }
    return Content(rows_tables.waiting(curves) if curves else pl.DataFrame(), takeaway)


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
    result = customer_bridge(view.source, view.filters)
    if result is None:
        return None
    currency = dataset(view.source).currency
    rows = rows_tables.waterfall(result, currency)
    counts = dict(result.steps.select("step", "customers").iter_rows())
    return BridgeContent(
        rows,
        f"{retention_sentences.bridge(result, currency)} {buyers(view)}",
        result.nrr,
        result.grr,
        result.retained / result.buyers_base if result.buyers_base else None,
        result.buyers_base,
        counts["lapsed"],
        counts["new"],
    )


@remembered
def buyers(view: View) -> str:
    """What new and returning customers made of the change, in a sentence."""
    data = dataset(view.source)
    rows = lines.newcomers(data, view.filters)
    new, returning, _ = (rows["revenue"] - rows["revenue_base"]).to_list()
    told = view.filters.base is not None and view.filters.base.start > data.first_day
    return retention_sentences.buyers(new or 0, returning or 0, data.currency, told=told)


@dataclass(frozen=True, eq=False)
class StepCustomers:
    """The customers in one bar of the bridge."""

    rows: pl.DataFrame
    """The first of them, biggest change first."""
    count: int
    change: float
    """All of them, and what they changed together, in currency units."""


@remembered
def bridge_customers(view: View, step: str) -> StepCustomers:
    """The customers in one bar of the bridge; none without a base."""
    rows = _in_step(view, step)
    change = int(rows["change"].sum()) / MONEY_SCALE if rows.height else 0.0
    return StepCustomers(display.people(dataset(view.source), first(rows, SHOWN)), rows.height, change)


def all_of_step(view: View, step: str) -> pl.DataFrame:
    """Every customer in one bar of the bridge, biggest change first."""
    return display.people(dataset(view.source), _in_step(view, step))


def _in_step(view: View, step: str) -> pl.DataFrame:
    steps = customer_bridge(view.source, view.filters)
    if steps is None:
        return pl.DataFrame(schema={"customer": pl.UInt32, "now": pl.Int64, "base": pl.Int64, "change": pl.Int64})
    inside = steps.customers.filter(pl.col("step") == step).drop("step").fill_null(0)
    return inside.sort(pl.col("change").abs(), "customer", descending=[True, False])


@remembered
def cohort_cells(source: VersionKey, where: Where, until: date, grain: str, dimension: str) -> pl.DataFrame:
    """Cohort cells up to a day, told apart by the first order's member of a dimension or not at all ("")."""
    data = dataset(source)
    rows = purchases_content.purchases(source, where, until)
    return cohorts_tables.cells(
        rows, purchases_content.firsts(source, dimension), data.first_day, until, grain, data.calendar
    )


@remembered
def _seconds(source: VersionKey, where: Where, until: date) -> pl.DataFrame:
    return repurchase.seconds(
        purchases_content.purchases(source, where, until), purchases_content.first_on(source), until
    )


@remembered
def seconds(source: VersionKey, where: Where, until: date, dimension: str) -> pl.DataFrame:
    """Each customer's first and second purchase day and group."""
    people = _seconds(source, where, until)
    return people.join(
        purchases_content.firsts(source, dimension).select("customer", "group"), on="customer", maintain_order="left"
    )


@remembered
def customer_bridge(source: VersionKey, filters: Filters) -> bridge_tables.RevenueBridge | None:
    """The customer bridge of a view; None where it has no base."""
    if filters.base is None:
        return None
    data = dataset(source)
    totals = lines.page(data, filters, [Totals()], grain="year")[Totals()].row(0, named=True)
    before = Filters(filters.base, Comparison("none", None), filters.where)
    return bridge_tables.bridge(
        lines.customers(data, filters),
        lines.customers(data, before),
        purchases_content.first_on(source),
        filters.period.start,
        totals["revenue"] - totals["known_revenue"],
        totals["revenue_base"] - totals["known_revenue_base"],
    )
