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
class ColumnConfig:
    """How a column is headed and written."""

    label: str
    kind: Kind = ""
    help: str | None = None
    """The definition, shown when the heading is hovered over."""
    format: str = ""
    """A format of its own, in place of the kind's."""
    width: int | Literal["small", "medium", "large"] | None = None


Heading = ColumnConfig | str | None
"""A column, another label for the column of that name in HEADINGS, or None where it is not shown."""

HELD: Final = "Share of the past that lay inside the interval."

HEADINGS: Final[dict[str, ColumnConfig]] = {
    **{metric.name: ColumnConfig(metric.label, metric.unit) for metric in METRICS.values()},
    # who and what
    "score": ColumnConfig("Score"),
    "attribute": ColumnConfig("Attribute"),
    "cohort": ColumnConfig("Cohort (customers)"),
    "series": ColumnConfig("Customers"),
    "top": ColumnConfig("Customers"),
    "order_id": ColumnConfig("Order"),
    "product_id": ColumnConfig("Product id"),
    "customer_id": ColumnConfig("Customer id", width=110),
    "name": ColumnConfig("Name", width=150),
    "dimension": ColumnConfig("Dimension"),
    "member": ColumnConfig("Member"),
    "item": ColumnConfig("Item"),
    "category": ColumnConfig("Category"),
    "subcategory": ColumnConfig("Subcategory"),
    "group": ColumnConfig("Group"),
    "from": ColumnConfig("From"),
    "to": ColumnConfig("To"),
    "method": ColumnConfig("Method"),
    "drawn": ColumnConfig("Drawn"),
    # when
    "label": ColumnConfig("Period"),
    "period": ColumnConfig("Period"),
    "first": ColumnConfig("From", "day"),
    "last": ColumnConfig("To", "day"),
    "day": ColumnConfig("Day", "day"),
    "first_day": ColumnConfig("First sold", "day"),
    "last_day": ColumnConfig("Last order", "day"),
    "unusual": ColumnConfig("Unusual days"),
    # money and amounts
    "now": ColumnConfig("Now", "money"),
    "base": ColumnConfig("Base", "money"),
    "money_low": ColumnConfig("From", "money"),
    "money_high": ColumnConfig("To", "money"),
    "spend": ColumnConfig("On one", "money"),
    "revenue_base": ColumnConfig("Base", "money"),
    "money": ColumnConfig("Net revenue", "money"),
    "each": ColumnConfig("Per customer", "money"),
    "per_customer": ColumnConfig("Per customer", "money"),
    "amount": ColumnConfig("Money returned", "money"),
    "excess": ColumnConfig("Lost beyond expected", "money"),
    "price": ColumnConfig("Paid a unit", "money"),
    "list_price": ColumnConfig("Before discounts", "money"),
    "actual": ColumnConfig("Sold", "money"),
    "due": ColumnConfig("Due by now", "money"),
    "target": ColumnConfig("Target", "money"),
    # counts
    "quantity": ColumnConfig("Units", "units"),
    "at_risk": ColumnConfig("Still awaited before", "count"),
    "since": ColumnConfig("Days away", "count"),
    "recency": ColumnConfig("Days since last", "number", "Median days since the last order."),
    "predicted": ColumnConfig("Model", "number"),
    "baseline": ColumnConfig("Own frequency", "number"),
    "units": ColumnConfig("Units", "units"),
    "units_base": ColumnConfig("Units in base", "units"),
    "lines": ColumnConfig("Order lines", "count"),
    "lines_base": ColumnConfig("Order lines in base", "count"),
    "sold": ColumnConfig("Units sold", "units"),
    "returned": ColumnConfig("Units returned", "units"),
    "both": ColumnConfig("Orders with both", "count"),
    "item_orders": ColumnConfig("Orders with the first", "count"),
    "offer_orders": ColumnConfig("Orders with the second", "count"),
    "observations": ColumnConfig("Item-months", "count"),
    # shares and rates
    "peers": ColumnConfig("Peers' share", "share"),
    "shrunk": ColumnConfig("Its share, shrunk", "share"),
    "growth_rest": ColumnConfig("Growth of the rest", "share"),
    "share_of_change": ColumnConfig("Share of change", "share"),
    "cancelled": ColumnConfig("Cancelled", "share", "The smaller of rises and falls over the larger."),
    "coverage80": ColumnConfig("80 % held", "share", HELD),
    "coverage95": ColumnConfig("95 % held", "share", HELD),
    "cumulative_share": ColumnConfig("Cumulative share", "bar", width=130),
    "share": ColumnConfig("Share", "share"),
    "cumulative": ColumnConfig("Cumulative share", "share"),
    "rank_share": ColumnConfig("Share of items", "share"),
    "growth": ColumnConfig("Growth", "share"),
    "support": ColumnConfig("Support", "share"),
    "confidence": ColumnConfig("Confidence", "share"),
    "discount_rate": ColumnConfig("Discount", "share"),
    "variation": ColumnConfig("Price variation", "share"),
    "rate": ColumnConfig("Return rate", "share"),
    "low": ColumnConfig("From", "share"),
    "high": ColumnConfig("To", "share"),
    "expected": ColumnConfig("Expected", "share"),
    "attainment": ColumnConfig("Reached", "share"),
    "alive": ColumnConfig("Still buying", "bar"),
    # changes and other numbers
    "second": ColumnConfig("Second, number", "plain"),
    "first_rank": ColumnConfig("Rank", format="%d"),
    "second_rank": ColumnConfig("Rank of the second", format="%d"),
    "sure": ColumnConfig("In standard errors", format="%.1f"),
    "z": ColumnConfig("z", format="%.1f"),
    "mase": ColumnConfig(
        "Error (MASE)", help="1 is the error of repeating last season inside the history.", format="%.2f"
    ),
    "origins": ColumnConfig("Tests", help="Forecasts made from earlier points of this very series.", format="%d"),
    "change": ColumnConfig("Change", "change"),
    "change_pp": ColumnConfig("Change (pp)", format=formats.change_column("share")),
    "lift": ColumnConfig("Lift", format="%.2f"),
    "least_lift": ColumnConfig("Lift at least", format="%.2f"),
    # words
    "action": ColumnConfig("What to do", width="large"),
    "why": ColumnConfig("Made by"),
    "up": ColumnConfig("Rose most"),
    "down": ColumnConfig("Fell most"),
    "few": ColumnConfig("Too few to rank"),
    "share_text": ColumnConfig("In the group"),
    "others_text": ColumnConfig("Among the others"),
    "rank": ColumnConfig("Rank"),
    "abc": ColumnConfig("Class"),
    "r": ColumnConfig("R"),
    "f": ColumnConfig("F"),
    "m": ColumnConfig("M"),
    "fm": ColumnConfig("FM"),
    "quadrant": ColumnConfig("Is"),
    "stage": ColumnConfig("Stage"),
    "offer": ColumnConfig("Offer"),
    "beyond": ColumnConfig("Beyond chance"),
    "reason": ColumnConfig("Why not"),
}
"""Column of a table -> its heading; a metric bears its label of METRICS, unless a shorter one stands here."""


def column(name: str, headings: Mapping[str, Heading]) -> ColumnConfig | None:
    """A column by what a card calls it, else by HEADINGS, else by its name; None where the card does not show it."""
    known = HEADINGS.get(name, ColumnConfig(name))
    heading = headings.get(name, known)
    return _relabelled(known, heading) if isinstance(heading, str) else heading


def _relabelled(known: ColumnConfig, label: str) -> ColumnConfig:
    return ColumnConfig(label, known.kind, known.help, known.format, known.width)


def configuration(rows: pl.DataFrame, headings: Mapping[str, Heading], currency: str) -> dict[str, Any]:
    """What `st.dataframe` takes to show the columns of these rows."""
    shown = {name: column(name, headings) for name in rows.columns if name in headings or name in HEADINGS}
    return {
        name: None if heading is None else _configured(heading, currency, rows[name]) for name, heading in shown.items()
    }


def labels(names: Iterable[str], headings: Mapping[str, Heading]) -> dict[str, str]:
    """The columns that are shown, each with its heading."""
    columns = {name: column(name, headings) for name in names}
    return {name: heading.label for name, heading in columns.items() if heading is not None}


def _configured(heading: ColumnConfig, currency: str, values: pl.Series) -> Any:
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
