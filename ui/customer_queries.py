"""Cached queries of the customer pages, keyed like those of `queries`: by the dataset's version, filters and days.

The largest frames have a row per customer or purchase day; they are kept once each and never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from analytics import dimensions, lines, segments
from analytics.filters import Filters, Where
from analytics.lines import Totals
from analytics.periods import Comparison, Period
from analytics.segments import Segment
from analytics.tables import bridge as bridges
from analytics.tables import cohorts, customer_detail, profile, retention, rfm, value
from analytics.tables.concentration import Concentration, concentration, gaps, orders_per_customer, quantile
from ui.caching import remembered
from ui.queries import Source, dataset, order_ids

EVERYBODY = "All customers"
"""The one group of customers that are not told apart."""


@remembered
def purchases(source: Source, where: Where, until: date) -> pl.DataFrame:
    """Every known customer's purchase days up to a day."""
    return lines.purchases(dataset(source), where, until)


@remembered
def first_on(source: Source) -> pl.DataFrame:
    """The day of each customer's first purchase ever: customer, first_on."""
    people = dataset(source).customers.with_row_index("customer")
    return people.select("customer", "first_on").filter(pl.col("customer") > 0).drop_nulls()


@remembered
def firsts(source: Source, dimension: str) -> pl.DataFrame:
    """Each customer's first day and first member of a dimension: customer, first_on, group; "" tells nobody apart."""
    people = first_on(source)
    if not dimension:
        return people.with_columns(pl.lit(EVERYBODY).alias("group"))
    members = lines.firsts(dataset(source), dimension)
    return people.join(members.rename({"member": "group"}), on="customer")


@remembered
def scored(source: Source, where: Where, as_of: date) -> pl.DataFrame:
    """Every customer's RFM at a day."""
    return rfm.rfm(purchases(source, where, as_of), as_of)


@remembered
def profiled(source: Source, where: Where, as_of: date, who: str | Segment) -> tuple[pl.DataFrame, int]:
    """What an RFM group or a saved segment has more or less often than the other customers, and how many it has."""
    data, people = dataset(source), scored(source, where, as_of)
    if isinstance(who, Segment):
        members = segments.inside(scored(source, who.where, who.as_of), who)["customer"]
        belongs = pl.col("customer").is_in(members.implode())
    else:
        belongs = pl.col("group").cast(pl.String) == who
    inside = people.select("customer", belongs.cast(pl.Int8).alias("side"))
    side = np.full(data.customers.height, -1, np.int64)
    side[inside["customer"].to_numpy()] = inside["side"].to_numpy()
    names = [name for name in data.members if name not in ("product", "region", "continent") or name in data.segments]
    counts = lines.buyers(data, where, as_of, names, side)
    size = int(inside["side"].sum())
    return profile.profile(counts, size, inside.height - size), size


@remembered
def cohort_cells(source: Source, where: Where, until: date, grain: str, dimension: str) -> pl.DataFrame:
    """Cohort cells up to a day, told apart by the first order's member of a dimension or not at all ("")."""
    data = dataset(source)
    found = purchases(source, where, until)
    return cohorts.cells(found, firsts(source, dimension), data.first_day, until, grain, data.calendar)


@remembered
def _seconds(source: Source, where: Where, until: date) -> pl.DataFrame:
    return retention.seconds(purchases(source, where, until), first_on(source), until)


@remembered
def seconds(source: Source, where: Where, until: date, dimension: str) -> pl.DataFrame:
    """Each customer's first and second purchase day and group."""
    people = _seconds(source, where, until)
    return people.join(firsts(source, dimension).select("customer", "group"), on="customer", maintain_order="left")


@remembered
def bridge(source: Source, filters: Filters) -> bridges.Bridge | None:
    """The customer bridge of a view; None where it has no base."""
    if filters.base is None:
        return None
    data = dataset(source)
    totals = lines.page(data, filters, [Totals()], grain="year")[Totals()].row(0, named=True)
    before = Filters(filters.base, Comparison("none", None), filters.where)
    return bridges.bridge(
        lines.customers(data, filters),
        lines.customers(data, before),
        first_on(source),
        filters.period.start,
        totals["revenue"] - totals["known_revenue"],
        totals["revenue_base"] - totals["known_revenue_base"],
    )


@dataclass(frozen=True, eq=False)
class Spread:
    """How a view's revenue, orders and days spread over its customers."""

    concentration: Concentration
    orders: pl.DataFrame
    gaps: pl.DataFrame
    middle: int | None
    lapse: int | None
    """Median and 90th percentile of the days between purchases."""


@remembered
def spread(source: Source, filters: Filters) -> Spread:
    """Concentration, orders per customer and days between purchases of a view."""
    data = dataset(source)
    people = lines.customers(data, filters)
    until = min(filters.period.end, data.last_day)
    apart = gaps(purchases(source, filters.where, until), filters.period)
    return Spread(
        concentration(people["revenue"]),
        orders_per_customer(people["orders"], people["revenue"]),
        apart,
        quantile(apart, 0.5),
        quantile(apart, 0.9),
    )


@remembered
def histories(source: Source, where: Where, until: date) -> pl.DataFrame:
    """Every customer's history as the models take it, with their own rhythm."""
    return value.rhythm(value.histories(purchases(source, where, until), until))


@remembered
def backtest(source: Source, where: Where, until: date, _told: value.Told | None = None) -> value.Backtest | str:
    """The holdout backtest, or why it was refused."""
    people = histories(source, where, until)
    end = value.calibration_end(people, until)
    seen = lines.purchases(dataset(source), where, end)
    try:
        return value.backtest(seen, purchases(source, where, until), end, until, _told)
    except value.FitError as error:
        return str(error)


@remembered
def models(source: Source, where: Where, until: date, _told: value.Told | None = None) -> value.Models | str:
    """Both fits on the whole history, or why they were refused."""
    try:
        return value.models(histories(source, where, until), _told)
    except value.FitError as error:
        return str(error)


@remembered
def lapse_threshold(source: Source, where: Where, until: date) -> int | None:
    """The 90th percentile of all days between purchases up to a day."""
    data = dataset(source)
    return quantile(gaps(purchases(source, where, until), Period(data.first_day, until)), 0.9)


@remembered
def predictions(source: Source, where: Where, until: date, horizon: int) -> tuple[pl.DataFrame, value.Spread]:
    """What is expected of every customer, and the spread of their futures. Only where `models` gives some."""
    people, fitted = histories(source, where, until), models(source, where, until)
    if isinstance(fitted, str):
        raise ValueError(fitted)
    return value.predictions(people, fitted, horizon), value.spread(people, fitted, horizon)


@remembered
def value_by(source: Source, where: Where, until: date, horizon: int, dimension: str) -> pl.DataFrame:
    """Expected totals by a customer attribute, by the place of the last order, or by RFM group (`group`)."""
    data, fitted = dataset(source), models(source, where, until)
    if isinstance(fitted, str):
        raise ValueError(fitted)
    people, noise = predictions(source, where, until, horizon)
    if dimension == "group":
        member = scored(source, where, until).select("customer", pl.col("group").cast(pl.String).alias("member"))
    elif dimension in data.segments:
        known = data.customers.with_row_index("customer")
        member = known.select("customer", pl.col(dimension).cast(pl.String).alias("member"))
    else:
        view = Filters(Period(data.first_day, until), Comparison("none", None), where)
        member = lines.customers(data, view).select("customer", pl.col("place").cast(pl.String).alias("member"))
    joined = people.join(member, on="customer", how="left", maintain_order="left")
    return value.by_group(people, joined["member"].fill_null("Not recorded"), fitted, noise)


def place(source: Source) -> str:
    """The dimension that a customer's place is told by; empty where there is none."""
    names = dimensions.levels(dataset(source), "geography")
    return "country" if "country" in names else next(iter(names), "")


@remembered
def directory(source: Source) -> pl.DataFrame:
    """Customers as the search looks through them."""
    return customer_detail.directory(dataset(source).customers)


@remembered
def thresholds(source: Source, as_of: date) -> Mapping[str, tuple[int | None, ...]]:
    """The least values that have each score, of everybody at a day."""
    return rfm.thresholds(rfm.rfm(lines.purchases(dataset(source), (), as_of), as_of))


@remembered
def customer_purchases(source: Source, customer: int, until: date) -> pl.DataFrame:
    """One customer's purchase days."""
    return lines.purchases(dataset(source), (), until, customer=customer)


@remembered
def customer_lines(source: Source, customer: int) -> pl.DataFrame:
    """One customer's lines with the source's own order numbers."""
    found = lines.of_customer(dataset(source), customer)
    orders = found["order"].unique()
    ids = order_ids(source)
    named = ids.filter(pl.col("order").is_in(orders.implode())).collect()
    return found.join(named, on="order", how="left", maintain_order="left")
