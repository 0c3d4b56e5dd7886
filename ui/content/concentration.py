"""What the cards on the spread of revenue, orders and days over customers show."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters
from analytics.sentences import concentration as concentration_sentences
from analytics.tables import concentration as tables
from analytics.tables import display
from analytics.tables.concentration import (
    Concentration,
    concentration,
    gap_bins,
    gaps,
    lapse_threshold,
    orders_per_customer,
    quantile,
)
from ui.caching import remembered
from ui.content import purchases as purchases_content
from ui.content.remembered import Content
from ui.queries import VersionKey, dataset
from ui.sidebar import View


@remembered
def lorenz(view: View) -> Content:
    """The Lorenz curve of a view."""
    shares = spread(view.source, view.filters).concentration
    return Content(tables.lorenz_rows(shares.curve), concentration_sentences.concentration(shares))


@remembered
def top_shares(view: View) -> pl.DataFrame:
    """Share of revenue of the best customers: top (text), share, text."""
    concentration_of_view = spread(view.source, view.filters).concentration
    shares = list(concentration_of_view.shares.values())
    return pl.DataFrame(
        {"top": [f"Top {top}%" for top in concentration_of_view.shares], "share": shares},
        schema={"top": pl.String, "share": pl.Float64},
    ).with_columns(pl.Series("text", [formats.text(share, "share") for share in shares], pl.String))


@remembered
def order_counts(view: View) -> Content:
    """Orders per customer of a view."""
    counts = spread(view.source, view.filters).orders
    rows = display.columns(counts, "orders", "customers", "count").with_columns(
        (counts["revenue"] / MONEY_SCALE).alias("revenue")
    )
    return Content(rows, concentration_sentences.orders_per_customer(counts))


@remembered
def days_between(view: View) -> Content:
    """Days between purchases of a view."""
    distributions = spread(view.source, view.filters)
    rows = display.columns(gap_bins(distributions.gaps), "days", "purchases", "count")
    count = int(distributions.gaps["purchases"].sum())
    return Content(rows, concentration_sentences.gaps(count, distributions.middle, distributions.lapse))


@dataclass(frozen=True, eq=False)
class CustomerDistributions:
    """How a view's revenue, orders and days spread over its customers."""

    concentration: Concentration
    orders: pl.DataFrame
    gaps: pl.DataFrame
    middle: int | None
    lapse: int | None
    """Median and 90th percentile of the days between purchases."""


@remembered
def spread(source: VersionKey, filters: Filters) -> CustomerDistributions:
    """Concentration, orders per customer and days between purchases of a view."""
    data = dataset(source)
    people = lines.customers(data, filters)
    until = min(filters.period.end, data.last_day)
    apart = gaps(purchases_content.purchases(source, filters.where, until), filters.period)
    return CustomerDistributions(
        concentration(people["revenue"]),
        orders_per_customer(people["orders"], people["revenue"]),
        apart,
        quantile(apart, 0.5),
        lapse_threshold(apart),
    )
