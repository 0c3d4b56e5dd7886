"""Cards of Value."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analytics import formats
from analytics.charts import columns as columns_charts
from analytics.charts import intervals as interval_charts
from analytics.charts import value as charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.models.intervals import FEW
from analytics.sentences import value as value_sentences
from analytics.tables.value import LEAST_GAPS, LEVEL, OVERDUE_TIMES
from ui import customer_parts, parts
from ui.content import customer as customer_content
from ui.content import value as value_content
from ui.content.value import Fit
from ui.customer_parts import Figure, count_column, day_column, money_column, number_column, share_column
from ui.sidebar import View

HORIZON: Final = "value_horizon"
BY: Final = "value_by"

INTERVAL: Final = (
    f"The range holds in {LEVEL:.0%} of cases as far as the model is right: it has the customers' own chance "
    "(simulated) and what the data leaves open of the model (delta method)"
)


def verdict(found: Fit) -> None:
    """Whether lifetime values are shown, and if not, why and what is shown instead."""
    if found.models and found.backtest:
        text = value_sentences.trusted(found.backtest)
        if abs(found.models.correlation) > 0.3:
            text += (
                f" It takes how often and how much customers buy as unrelated; here frequent buyers spend "
                f"{'more' if found.models.correlation > 0 else 'less'} (rank correlation "
                f"{found.models.correlation:.2f}), so their values are "
                f"{'too low' if found.models.correlation > 0 else 'too high'}."
            )
        if value_sentences.sums_hold(found.backtest):
            st.success(plain(text), icon=":material/verified:")
        else:
            st.warning(plain(text), icon=":material/balance:")
        return
    why = " ".join(found.lacking) or found.refused
    st.warning(
        plain(
            f"No lifetime values are shown. {why} The gap rule is used instead: who has been away longer than "
            "usual, against their own rhythm and against everybody's."
        ),
        icon=":material/rule:",
    )


def horizon(view: View) -> int:
    """The days ahead that the page looks."""
    offered = value_content.horizons(view)
    if st.session_state.get(HORIZON) not in offered:
        st.session_state[HORIZON] = 90 if 90 in offered else offered[-1]
    st.segmented_control(
        "Days ahead",
        offered,
        key=HORIZON,
        required=True,
        format_func=lambda days: f"Next {days} days",
        help="As far ahead as the history reaches back.",
    )
    return int(st.session_state[HORIZON])


def figures(data: Dataset, view: View, days: int) -> None:
    """Everybody's expected future as numbers."""
    total = value_content.expected(view, days).total

    def between(name: str, unit: Any) -> str:
        ends = [formats.text(total[f"{name}_{end}"], unit, data.currency) for end in ("low", "high")]
        return f"{ends[0]} to {ends[1]}"

    customer_parts.figures(
        [
            Figure(
                "Expected revenue",
                formats.text(total["value"], "money", data.currency),
                "Revenue less returns: the sum over known customers of expected purchase days x expected net revenue "
                f"on one. Customers yet to come are not in it. {INTERVAL}.",
                between("value", "money"),
            ),
            Figure(
                "Purchase days",
                formats.text(total["orders"], "count"),
                f"Expected days with a purchase, summed over known customers. {INTERVAL}.",
                between("orders", "count"),
            ),
            Figure(
                "Still buying",
                formats.text(total["alive"], "count"),
                "Sum of the probabilities that each customer has not stopped buying.",
                f"of {formats.text(total['customers'], 'count')}",
            ),
            Figure(
                "Value per customer",
                formats.text(total["per_customer"], "money", data.currency),
                "Expected net revenue / known customers.",
                f"next {days} days",
            ),
        ]
    )


def tested(view: View) -> None:
    """What the model said of a held-out part of the history, and what came."""
    shown = value_content.tested(view)
    with parts.card(
        "Test: what the model said and what came",
        name="value_backtest",
        table=lambda: shown.rows.select("member", "customers", "actual", "predicted", "baseline"),
        takeaway=shown.takeaway,
        note="Backtest: the model saw the first two thirds of the history. Purchase days per customer in the last "
        "third, by purchase days before it. Own frequency: a customer's days so far, carried on",
        columns={
            "member": "Purchase days before",
            "customers": count_column("Customers"),
            "actual": number_column("Came"),
            "predicted": number_column("Model"),
            "baseline": number_column("Own frequency"),
        },
    ):
        if shown.rows.is_empty():
            parts.blank("Nobody bought in the first part of the history.")
        else:
            parts.draw(charts.backtest(formats.axis_label("number")), shown.rows, alt="Backtest by purchase count")


def by_group(data: Dataset, view: View, days: int) -> None:
    """Expected value by RFM group, place or customer attribute."""
    place = customer_content.place(view.source)
    options = ["group", *([place] if place else []), *data.segments]
    if st.session_state.get(BY) not in options:
        st.session_state[BY] = "group"
    by = st.session_state[BY]
    shown, table = value_content.value_by(view, days, by)
    label = value_content.value_label(data, by)
    with parts.card(
        f"Expected net revenue by {label if by == 'group' else label.lower()}",
        name="value_by",
        table=lambda: table,
        takeaway=shown.takeaway,
        note=f"Next {days} days. {INTERVAL}; grey: fewer than {FEW} customers",
        columns={
            "member": label,
            "customers": count_column("Customers"),
            "alive": count_column("Still buying"),
            "orders": number_column("Purchase days"),
            "orders_low": number_column("Days from"),
            "orders_high": number_column("Days to"),
            "value": money_column("Net revenue", data.currency),
            "value_low": money_column("Revenue from", data.currency),
            "value_high": money_column("Revenue to", data.currency),
            "per_customer": money_column("Per customer", data.currency),
            "enough": None,
        },
    ):
        st.selectbox(
            "By",
            options,
            key=BY,
            format_func=lambda name: f"By {value_content.value_label(data, name)}",
            label_visibility="collapsed",
            width=240,
            filter_mode=None,
        )
        parts.draw(
            interval_charts.ranges(formats.axis_label("money", data.currency)),
            shown.rows,
            alt="Expected value by group",
        )


def best(data: Dataset, view: View, days: int) -> None:
    """The customers worth most over the horizon."""
    shown = value_content.expected(view, days)
    columns = {
        "customer_id": st.column_config.TextColumn("Customer id", width=110),
        "name": st.column_config.TextColumn("Name", width=150),
        "value": money_column("Expected", data.currency, help="Expected purchase days x expected net revenue on one."),
        "value_low": money_column("Expected from", data.currency),
        "value_high": money_column("Expected to", data.currency),
        "alive": st.column_config.ProgressColumn("Still buying", format="percent", min_value=0, max_value=1),
        "orders": number_column("Purchase days"),
        "orders_low": count_column("Days from"),
        "orders_high": count_column("Days to"),
        "spend": money_column("On one", data.currency),
        "last_day": day_column("Last"),
    }
    listed = shown.best.select("customer", *columns)
    with parts.card(
        f"Customers worth most in the next {days} days",
        name="value_best",
        table=lambda: listed.drop("customer"),
        takeaway=shown.takeaway,
        note=f"From and to: {LEVEL:.0%} of a customer's simulated futures lie between. Click a customer for their page",
        columns=columns,
    ):
        customer_parts.customers(listed, columns, name="best", alt="Customers worth most")
        customer_parts.csv(
            lambda: value_content.everybody(view, days),
            name="customer values",
            label=f"Download all {shown.count:,} as CSV",
            of=(view.source, view.filters, days),
        )


def overdue(data: Dataset, view: View) -> None:
    """Customers away for longer than their own rhythm allows."""
    shown = value_content.overdue(view)
    columns = {
        "customer_id": st.column_config.TextColumn("Customer id", width=110),
        "name": st.column_config.TextColumn("Name", width=150),
        "recent": money_column("Last year", data.currency, help="Net revenue of the last 365 days: what is at risk."),
        "since": count_column("Days away"),
        "gap": number_column("Usual gap", help="Mean days between this customer's purchase days."),
        "times": number_column("Times the gap"),
        "last_day": day_column("Last"),
    }
    listed = shown.rows.select("customer", *columns)
    with parts.card(
        "Overdue against their own rhythm",
        name="overdue",
        table=lambda: value_content.all_overdue(view).select(*columns),
        takeaway=shown.takeaway,
        note=f"Overdue: away for more than {OVERDUE_TIMES:g} times the mean gap, for customers with {LEAST_GAPS + 1} "
        "purchase days or more. Click a customer for their page",
        columns=columns,
    ):
        if listed.is_empty():
            parts.blank("Nobody is overdue.")
            return
        customer_parts.customers(listed, columns, name="overdue", alt="Overdue customers")
        customer_parts.csv(
            lambda: value_content.all_overdue(view).select("customer", *columns),
            name="overdue customers",
            label=f"Download all {shown.count:,} as CSV",
            of=(view.source, view.filters),
        )


def lapsed(data: Dataset, view: View) -> None:
    """The gap rule: active, slipping and lapsed customers."""
    shown = value_content.lapsed(view)
    with parts.card(
        "Active, slipping and lapsed by the gap rule",
        name="lapsed",
        table=lambda: shown.rows.select("member", "value", "share", "recent"),
        takeaway=shown.takeaway,
        note="Lapsed: away for longer than 90% of all gaps between purchases. Slipping: not so long, but overdue by "
        "their own rhythm. Active: all others",
        columns={
            "member": "State",
            "value": count_column("Customers"),
            "share": share_column("Share"),
            "recent": money_column("Net revenue of the last year", data.currency),
        },
    ):
        if shown.rows.is_empty():
            parts.blank("Nothing to draw.")
        else:
            parts.draw(
                columns_charts.columns(formats.axis_label("count")),
                shown.rows,
                alt="Active, slipping and lapsed customers",
            )
