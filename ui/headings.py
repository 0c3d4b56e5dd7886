"""Headings: what the columns of tables and of their CSV are called, and how their values are written.

A column that means the same on every card has one row in HEADINGS; a card names only what is called otherwise on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl
import streamlit as st

from analytics import formats
from analytics.metrics import METRICS, Unit

Kind = Unit | Literal["", "plain", "day", "change", "bar"]
"""A unit of formats, a number as it is, a plain day, a relative change, a share drawn as a bar; empty for words."""


@dataclass(frozen=True)
class Column:
    """How a column is headed and written."""

    label: str
    kind: Kind = ""
    help: str | None = None
    """The definition, shown when the heading is hovered over."""
    format: str = ""
    """A format of its own, in place of the kind's."""
    width: int | Literal["small", "medium", "large"] | None = None


Heading = Column | str | None
"""A column, another label for the column of that name in HEADINGS, or None where it is not shown."""

HELD: Final = "Share of the past that lay inside the interval."

HEADINGS: Final[dict[str, Column]] = {
    **{metric.name: Column(metric.label, metric.unit) for metric in METRICS.values()},
    # who and what
    "score": Column("Score"),
    "attribute": Column("Attribute"),
    "cohort": Column("Cohort (customers)"),
    "series": Column("Customers"),
    "top": Column("Customers"),
    "order_id": Column("Order"),
    "product_id": Column("Product id"),
    "customer_id": Column("Customer id", width=110),
    "name": Column("Name", width=150),
    "dimension": Column("Dimension"),
    "member": Column("Member"),
    "item": Column("Item"),
    "category": Column("Category"),
    "subcategory": Column("Subcategory"),
    "group": Column("Group"),
    "from": Column("From"),
    "to": Column("To"),
    "method": Column("Method"),
    "drawn": Column("Drawn"),
    # when
    "label": Column("Period"),
    "period": Column("Period"),
    "first": Column("From", "day"),
    "last": Column("To", "day"),
    "day": Column("Day", "day"),
    "first_day": Column("First sold", "day"),
    "last_day": Column("Last order", "day"),
    "unusual": Column("Unusual days"),
    # money and amounts
    "now": Column("Now", "money"),
    "base": Column("Base", "money"),
    "money_low": Column("From", "money"),
    "money_high": Column("To", "money"),
    "spend": Column("On one", "money"),
    "revenue": Column("Revenue", "money"),
    "revenue_base": Column("Base", "money"),
    "profit": Column("Profit", "money"),
    "money": Column("Net revenue", "money"),
    "each": Column("Per customer", "money"),
    "per_customer": Column("Per customer", "money"),
    "amount": Column("Money returned", "money"),
    "excess": Column("Lost beyond expected", "money"),
    "price": Column("Paid a unit", "money"),
    "list_price": Column("Before discounts", "money"),
    "actual": Column("Sold", "money"),
    "due": Column("Due by now", "money"),
    "target": Column("Target", "money"),
    # counts
    "quantity": Column("Units", "units"),
    "at_risk": Column("Still awaited before", "count"),
    "since": Column("Days away", "count"),
    "recency": Column("Days since last", "number", "Median days since the last order."),
    "predicted": Column("Model", "number"),
    "baseline": Column("Own frequency", "number"),
    "units": Column("Units", "units"),
    "units_base": Column("Units in base", "units"),
    "customers": Column("Customers", "count"),
    "orders": Column("Orders", "count"),
    "lines": Column("Order lines", "count"),
    "lines_base": Column("Order lines in base", "count"),
    "sold": Column("Units sold", "units"),
    "returned": Column("Units returned", "units"),
    "both": Column("Orders with both", "count"),
    "item_orders": Column("Orders with the first", "count"),
    "offer_orders": Column("Orders with the second", "count"),
    "observations": Column("Item-months", "count"),
    # shares and rates
    "peers": Column("Peers' share", "share"),
    "shrunk": Column("Its share, shrunk", "share"),
    "growth_rest": Column("Growth of the rest", "share"),
    "share_of_change": Column("Share of change", "share"),
    "cancelled": Column("Cancelled", "share", "The smaller of rises and falls over the larger."),
    "coverage80": Column("80 % held", "share", HELD),
    "coverage95": Column("95 % held", "share", HELD),
    "cumulative_share": Column("Cumulative share", "bar", width=130),
    "share": Column("Share", "share"),
    "margin": Column("Margin", "share"),
    "cumulative": Column("Cumulative share", "share"),
    "rank_share": Column("Share of items", "share"),
    "growth": Column("Growth", "share"),
    "support": Column("Support", "share"),
    "confidence": Column("Confidence", "share"),
    "discount_rate": Column("Discount", "share"),
    "variation": Column("Price variation", "share"),
    "rate": Column("Return rate", "share"),
    "low": Column("From", "share"),
    "high": Column("To", "share"),
    "expected": Column("Expected", "share"),
    "attainment": Column("Reached", "share"),
    "alive": Column("Still buying", "bar"),
    # changes and other numbers
    "second": Column("Second, number", "plain"),
    "first_rank": Column("Rank", format="%d"),
    "second_rank": Column("Rank of the second", format="%d"),
    "sure": Column("In standard errors", format="%.1f"),
    "z": Column("Robust z", format="%.1f"),
    "mase": Column("Error (MASE)", help="1 is the error of repeating last season inside the history.", format="%.2f"),
    "origins": Column("Tests", help="Forecasts made from earlier points of this very series.", format="%d"),
    "change": Column("Change", "change"),
    "change_pp": Column("Change (pp)", format=formats.change_column("share")),
    "lift": Column("Lift", format="%.2f"),
    "least_lift": Column("Lift at least", format="%.2f"),
    # words
    "action": Column("What to do", width="large"),
    "why": Column("Made by"),
    "up": Column("Rose most"),
    "down": Column("Fell most"),
    "few": Column("Too few to rank"),
    "share_text": Column("In the group"),
    "others_text": Column("Among the others"),
    "rank": Column("Rank"),
    "abc": Column("Class"),
    "r": Column("R"),
    "f": Column("F"),
    "m": Column("M"),
    "fm": Column("FM"),
    "quadrant": Column("Is"),
    "stage": Column("Stage"),
    "offer": Column("Offer"),
    "beyond": Column("Beyond chance"),
    "reason": Column("Why not"),
}
"""Column of a table -> its heading; metrics bear the labels of METRICS."""


def column(name: str, headings: Mapping[str, Heading]) -> Column | None:
    """A column by what a card calls it, else by HEADINGS, else by its name; None where the card does not show it."""
    known = HEADINGS.get(name, Column(name))
    heading = headings.get(name, known)
    return _relabelled(known, heading) if isinstance(heading, str) else heading


def _relabelled(known: Column, label: str) -> Column:
    return Column(label, known.kind, known.help, known.format, known.width)


def configuration(rows: pl.DataFrame, headings: Mapping[str, Heading], currency: str) -> dict[str, Any]:
    """What `st.dataframe` takes to show the columns of these rows."""
    shown = {name: column(name, headings) for name in rows.columns if name in headings or name in HEADINGS}
    return {
        name: None if heading is None else _configured(heading, currency, rows[name]) for name, heading in shown.items()
    }


def labels(names: Iterable[str], headings: Mapping[str, Heading]) -> dict[str, str]:
    """The columns that are shown, each with its heading."""
    shown = {name: column(name, headings) for name in names}
    return {name: heading.label for name, heading in shown.items() if heading is not None}


def _configured(heading: Column, currency: str, values: pl.Series) -> Any:
    if heading.kind == "day":
        return st.column_config.DateColumn(heading.label, format=heading.format or "D MMM YYYY", width=heading.width)
    if heading.kind == "bar":
        return st.column_config.ProgressColumn(
            heading.label, format="percent", min_value=0, max_value=1, width=heading.width, help=heading.help
        )
    if heading.kind or heading.format:
        text = heading.format or _format(heading.kind, currency, values)
        return st.column_config.NumberColumn(heading.label, format=text, help=heading.help, width=heading.width)
    if heading.help or heading.width:
        return st.column_config.TextColumn(heading.label, help=heading.help, width=heading.width)
    return heading.label


def _format(kind: str, currency: str, values: pl.Series) -> str | None:
    if kind == "change":
        return formats.change_column("count")
    return None if kind == "plain" else formats.column(kind, currency, values if kind == "units" else ())
