"""Cards of Value."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analytics import formats
from analytics.charts import columns as columns_charts
from analytics.charts import intervals as interval_charts
from analytics.charts import value as charts
from analytics.formats import plain
from analytics.models.intervals import FEW
from analytics.sentences import value as value_sentences
from analytics.tables.value.history import LEAST_GAPS, OVERDUE_TIMES
from analytics.tables.value.prediction import LEVEL
from ui import choices, customer_parts, queries
from ui.card import Card, Chart, CustomerList
from ui.choices import Choice
from ui.content import value as value_content
from ui.content.value import Fit
from ui.customer_parts import Figure
from ui.headings import ColumnConfig, Heading
from ui.sidebar import View

HORIZON: Final = "value_horizon"
BY: Final = "value_by"

INTERVAL: Final = (
    f"The range holds in {LEVEL:.0%} of cases: it has the customers' own chance (simulated), what the data leaves open "
    "of the model (delta method), and how far its sums were off in the test below"
)


def verdict(view: View, fit: Fit) -> None:
    """Whether lifetime values are shown, and if not, why and what is shown instead."""
    if fit.models and fit.backtest:
        text = value_sentences.trusted(fit.backtest)
        if abs(fit.models.correlation) > 0.3:
            text += (
                f" It takes how often and how much customers buy as unrelated; here frequent buyers spend "
                f"{'more' if fit.models.correlation > 0 else 'less'} (rank correlation "
                f"{fit.models.correlation:.2f}), so their values are "
                f"{'too low' if fit.models.correlation > 0 else 'too high'}."
            )
        if value_sentences.sums_hold(fit.backtest):
            st.success(plain(text), icon=":material/verified:")
        else:
            st.warning(plain(text), icon=":material/balance:")
        return
    why = " ".join(fit.lacking) or fit.refused
    st.warning(
        plain(
            f"No lifetime values are shown. {why} The gap rule is used instead: who has been away longer than "
            f"usual, against their own rhythm and against everybody's. {value_content.active(view)}"
        ),
        icon=":material/rule:",
    )


def horizon(view: View) -> int:
    """The days ahead that the page looks."""
    offered = value_content.horizons(view)
    if st.session_state.get(HORIZON) not in offered:
        st.session_state[HORIZON] = 90 if 90 in offered else offered[-1]
    return int(st.session_state[HORIZON])


def horizon_choice(view: View) -> None:
    """Turns the page to fewer or more days ahead."""
    horizon(view)
    st.segmented_control(
        "Days ahead",
        value_content.horizons(view),
        key=HORIZON,
        required=True,
        format_func=lambda days: f"Next {days} days",
        help="As far ahead as the history reaches back.",
    )


def figures(view: View) -> None:
    """Everybody's expected future as numbers."""
    days, currency = horizon(view), queries.dataset(view.source).currency
    total = value_content.expected(view, days).total
    buying = Figure(
        "Still buying",
        formats.text(total["alive"], "count"),
        "Sum of the probabilities that each customer has not stopped buying.",
        f"of {formats.text(total['customers'], 'count')}",
    )
    if not value_sentences.told(total):
        customer_parts.figures([buying])
        return

    def between(name: str, unit: Any) -> str:
        ends = [formats.text(total[f"{name}_{end}"], unit, currency) for end in ("low", "high")]
        return f"{ends[0]} to {ends[1]}"

    customer_parts.figures(
        [
            Figure(
                "Expected revenue",
                formats.text(total["value"], "money", currency),
                "Revenue less returns: the sum over known customers of expected purchase days x expected net revenue "
                "on one, which in busy months are more as far as two past years tell it. Customers yet to come are not "
                f"in it. {INTERVAL}.",
                between("value", "money"),
            ),
            Figure(
                "Purchase days",
                formats.text(total["orders"], "count"),
                f"Expected days with a purchase, summed over known customers. {INTERVAL}.",
                between("orders", "count"),
            ),
            buying,
            Figure(
                "Value per customer",
                formats.text(total["per_customer"], "money", currency),
                "Expected net revenue / known customers.",
                f"next {days} days",
            ),
        ]
    )


def tested(view: View) -> Card:
    """What the model said of a held-out part of the history, and what came."""
    shown = value_content.tested(view)
    return Card(
        "Test: what the model said and what came",
        name="value_backtest",
        table=lambda: shown.rows.select("member", "customers", "actual", "predicted", "baseline"),
        takeaway=shown.takeaway,
        note="Backtest: the model saw the first two thirds of the history. Purchase days per customer in the last "
        "third, by purchase days before it. Own frequency: a customer's days so far, carried on",
        columns={
            "member": "Purchase days before",
            "actual": ColumnConfig("Came", "number"),
        },
        body=[Chart(charts.backtest(formats.axis_label("number")), shown.rows, alt="Backtest by purchase count")],
        empty="Nobody bought in the first part of the history.",
    )


def by_group(view: View) -> Card:
    """Expected value by RFM group, place or customer attribute."""
    data, days = queries.dataset(view.source), horizon(view)
    options = ["group", *([data.place] if data.place else []), *data.segments]
    by = choices.chosen(BY, options)
    shown, table = value_content.value_by(view, days, by)
    label = value_content.value_label(data, by)
    spec = interval_charts.ranges(formats.axis_label("money", data.currency))
    return Card(
        f"Expected net revenue by {label if by == 'group' else label.lower()}",
        name="value_by",
        table=table,
        takeaway=shown.takeaway,
        note=f"Next {days} days. {INTERVAL}; grey: fewer than {FEW} customers",
        columns={
            "member": label,
            "alive": ColumnConfig("Still buying", "count"),
            "orders": ColumnConfig("Purchase days", "number"),
            "orders_low": ColumnConfig("Days from", "number"),
            "orders_high": ColumnConfig("Days to", "number"),
            "value": ColumnConfig("Net revenue", "money"),
            "value_low": ColumnConfig("Revenue from", "money"),
            "value_high": ColumnConfig("Revenue to", "money"),
            "enough": None,
        },
        choices=[
            Choice(
                "By",
                BY,
                options,
                lambda name: f"By {value_content.value_label(data, name)}",
                form="list",
                width=240,
            )
        ],
        body=[Chart(spec, shown.rows, alt="Expected value by group")],
    )


def best(view: View) -> Card:
    """The customers worth most over the horizon."""
    days = horizon(view)
    shown = value_content.expected(view, days)
    columns: dict[str, Heading] = {
        "value": ColumnConfig("Expected", "money", "Expected purchase days x expected net revenue on one."),
        "value_low": ColumnConfig("Expected from", "money"),
        "value_high": ColumnConfig("Expected to", "money"),
        "orders": ColumnConfig("Purchase days", "number"),
        "orders_low": ColumnConfig("Days from", "count"),
        "orders_high": ColumnConfig("Days to", "count"),
        "last_day": "Last",
    }
    listed = shown.best.select(
        "customer", "customer_id", "name", "value", "value_low", "value_high", "alive", "orders", "orders_low",
        "orders_high", "spend", "last_day",
    )  # fmt: skip
    return Card(
        f"Customers worth most in the next {days} days",
        name="value_best",
        table=lambda: listed.drop("customer"),
        takeaway=shown.takeaway,
        note=f"From and to: {LEVEL:.0%} of a customer's simulated futures lie between. Click a customer for their page",
        columns=columns,
        body=[
            CustomerList(
                listed,
                name="best",
                alt="Customers worth most",
                whole=lambda: value_content.everybody(view, days),
                file="customer values",
                count=shown.count,
                of=(view.source, view.filters, days),
            )
        ],
    )


def overdue(view: View) -> Card:
    """Customers away for longer than their own rhythm allows."""
    shown = value_content.overdue(view)
    columns: dict[str, Heading] = {
        "recent": ColumnConfig("Last year", "money", "Net revenue of the last 365 days: what is at risk."),
        "gap": ColumnConfig("Usual gap", "number", "Mean days between this customer's purchase days."),
        "times": ColumnConfig("Times the gap", "number"),
        "last_day": "Last",
    }
    listed = ("customer", "customer_id", "name", "recent", "since", "gap", "times", "last_day")
    return Card(
        "Overdue against their own rhythm",
        name="overdue",
        table=lambda: value_content.all_overdue(view).select(listed[1:]),
        takeaway=shown.takeaway,
        note=f"Overdue: away for more than {OVERDUE_TIMES:g} times the mean gap, for customers with {LEAST_GAPS + 1} "
        "purchase days or more. Click a customer for their page",
        columns=columns,
        body=[
            CustomerList(
                shown.rows.select(listed),
                name="overdue",
                alt="Overdue customers",
                whole=lambda: value_content.all_overdue(view).select(listed),
                file="overdue customers",
                count=shown.count,
                of=(view.source, view.filters),
            )
        ],
        empty="Nobody is overdue.",
    )


def lapsed(view: View) -> Card:
    """The gap rule: active, slipping and lapsed customers."""
    shown = value_content.lapsed(view)
    spec = columns_charts.columns(formats.axis_label("count"))
    return Card(
        "Active, slipping and lapsed by the gap rule",
        name="lapsed",
        table=lambda: shown.rows.select("member", "value", "share", "recent"),
        takeaway=shown.takeaway,
        note="Lapsed: away for longer than 90% of all gaps between purchases. Slipping: not so long, but overdue by "
        "their own rhythm. Active: all others",
        columns={
            "member": "State",
            "value": ColumnConfig("Customers", "count"),
            "recent": ColumnConfig("Net revenue of the last year", "money"),
        },
        body=[Chart(spec, shown.rows, alt="Active, slipping and lapsed customers")],
        empty="Nothing to draw.",
    )
