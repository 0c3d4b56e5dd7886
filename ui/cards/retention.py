"""Cards of Retention."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics import dimensions, formats
from analytics.charts import intervals as interval_charts
from analytics.charts import retention as charts
from analytics.charts import waterfall as waterfall_charts
from analytics.dataset import Dataset
from analytics.models.intervals import FEW
from analytics.tables.retention import bridge as bridge_tables
from analytics.tables.retention.repurchase import HORIZONS
from analytics.tables.retention.rows import BRIDGE_LABELS, COHORT_UNITS, cohort_table
from ui import customer_parts, parts
from ui.content import retention as retention_content
from ui.customer_parts import Figure, count_column, money_column, share_column, unit_column
from ui.sidebar import View

MEASURES: Final = {
    "retention": "Retention",
    "revenue": "Revenue per customer",
    "orders": "Orders per customer",
}
SHORT: Final = {"retention": "Retention", "revenue": "Revenue each", "orders": "Orders each"}
STEP: Final = "bridge_step"
FIRST: Final = "first_by"


def figures(view: View) -> None:
    """What became of the base's buyers, as numbers."""
    shown = retention_content.bridge(view)
    if shown is None or view.filters.base is None:
        return
    base = f"of {formats.text(shown.base_buyers, 'count')} in the base"
    customer_parts.figures(
        [
            Figure(
                "Customers retained",
                formats.text(shown.retained, "share"),
                "Of the known customers who bought in the base period, the share who bought in this one too.",
                base,
            ),
            Figure(
                "Net kept (NRR)",
                formats.text(shown.nrr, "share"),
                "Net revenue retention: revenue now of base-period buyers / their base revenue. Above 100 %, those who "
                "spend more outweigh those who spend less or left.",
                "of base revenue",
            ),
            Figure(
                "Gross kept (GRR)",
                formats.text(shown.grr, "share"),
                "Gross revenue retention: sum over base-period buyers of the lower of now and base / their base "
                "revenue: what was kept, without what some of them added. Never above 100 %.",
                "without growth",
            ),
            Figure(
                "Lapsed",
                formats.text(shown.lapsed, "count"),
                "Customers who bought in the base period and not in this one.",
                f"{formats.text(shown.new, 'count')} are new",
            ),
        ]
    )


def cohorts(data: Dataset, view: View) -> None:
    """Cohorts as a grid and as curves, by time of the first purchase or by what or where it was."""
    by = _first_by(data, "cohorts_by")
    measure = st.session_state.get("cohort_measure") or "retention"
    shown = retention_content.cohort_grid(view, by, measure)
    grain = retention_content.cohort_grain(view)
    what = f"by {grain} of first purchase" if not by else f"by first {_label(data, by)}"
    note = (
        "Retention: customers who bought in the period / cohort size. "
        if measure == "retention"
        else "Cumulative, over all customers of the cohort; revenue as invoiced. "
    )
    note += (
        "Blank: cannot be observed yet. Dashed: the period is not over. "
        if not by
        else "Pooled over cohorts observed to the end of the period. "
    )
    with parts.card(
        f"{MEASURES[measure]} {what}",
        name="cohorts",
        table=lambda: cohort_table(shown.rows),
        takeaway=shown.takeaway,
        note=note + f"Pale: fewer than {FEW} customers. Cohorts follow the Time steps (month, quarter or year)",
        columns={"cohort": "Cohort (customers)"}
        | {
            name: unit_column(name, COHORT_UNITS[measure], data.currency)
            for name in cohort_table(shown.rows).columns[1:]
        },
    ):
        with st.container(horizontal=True):
            st.segmented_control(
                "Measure",
                list(MEASURES),
                key="cohort_measure",
                default="retention",
                required=True,
                format_func=SHORT.__getitem__,
                label_visibility="collapsed",
            )
            _first_widget(data, "cohorts_by")
        if shown.rows.is_empty():
            parts.blank(
                "No cohort has been observed for a whole period yet. Choose a longer period or shorter time steps."
            )
            return
        parts.draw(charts.grid(), shown.rows, alt="Grid of cohorts")
        rows = retention_content.cohort_curves(view, by, measure)
        if not rows.is_empty():
            st.markdown(":small[**The same as curves**, whole periods only]")
            unit = COHORT_UNITS[measure]
            parts.draw(
                charts.curves(formats.axis_label(unit, data.currency if unit == "money" else "")),
                rows,
                alt="Curves of cohorts",
            )


def _first_by(data: Dataset, key: str) -> str:
    chosen = st.session_state.get(key) or ""
    return chosen if chosen in data.members else ""


def _options(data: Dataset) -> list[str]:
    """Dimensions that a first purchase can be told by: not the finest, of which there would be hundreds."""
    return [name for name in data.members if len(data.members[name]) <= 40]


def _label(data: Dataset, name: str) -> str:
    label = dimensions.dimension(name, data).label
    return label if label.isupper() else label[:1].lower() + label[1:]


def _first_widget(data: Dataset, key: str, nothing: str = "Time of first purchase") -> None:
    if st.session_state.get(key) not in ("", *_options(data)):
        st.session_state[key] = ""
    st.selectbox(
        "Told apart by",
        ["", *_options(data)],
        key=key,
        format_func=lambda name: nothing if not name else f"First {_label(data, name)}",
        label_visibility="collapsed",
        width=240,
        filter_mode=None,
    )


def came_back(view: View) -> None:
    """The share who bought again within equal horizons."""
    shown = retention_content.came_back(view)
    with parts.card(
        "Bought again within 30 to 180 days",
        name="came_back",
        table=lambda: shown.rows.select("member", "customers", "value", "low", "high"),
        takeaway=shown.takeaway,
        note="On a later day than the first purchase; only customers observed that long. Lines: 95 % (Wilson)",
        columns={
            "member": "Within",
            "customers": count_column("Customers observed"),
            "value": share_column("Share"),
            "low": share_column("From"),
            "high": share_column("To"),
        },
    ):
        if shown.rows.is_empty():
            parts.blank("Nobody has been observed for 30 days yet.")
        else:
            parts.draw(interval_charts.ranges(formats.axis_label("share")), shown.rows, alt="Repurchase within days")


def waiting(data: Dataset, view: View) -> None:
    """Time to the second purchase, counting those still awaited."""
    by = _first_by(data, "waiting_by")
    shown = retention_content.waiting(view, by)
    with parts.card(
        "Time to the second purchase",
        name="waiting",
        table=lambda: shown.rows.select("series", "day", "at_risk", "value", "low", "high"),
        takeaway=shown.takeaway,
        note="Share who have bought again by each day. Who has not yet counts for as long as observed (Kaplan–Meier)"
        + (". Band: 95 % interval" if not by else f". The five largest groups of {FEW} or more"),
        columns={
            "series": "Customers",
            "day": count_column("Days"),
            "at_risk": count_column("Still awaited before"),
            "value": share_column("Came back"),
            "low": share_column("From"),
            "high": share_column("To"),
        },
    ):
        _first_widget(data, "waiting_by", "All customers")
        if shown.rows.is_empty():
            parts.blank("No group is large enough to draw.")
        else:
            spec = interval_charts.survival(formats.axis_label("share"), several=bool(by))
            parts.draw(spec, shown.rows, alt="Time to second purchase")


def first_members(data: Dataset, view: View) -> None:
    """Which first category, place or attribute leads to a second purchase."""
    options = _options(data)
    if not options:
        with st.container(border=True, height="stretch"):
            parts.lacking("Which first purchase leads to a second", "a category or country column")
        return
    preferred = next((name for name in ("category", "country") if name in options), options[0])
    if st.session_state.get(FIRST) not in options:
        st.session_state[FIRST] = preferred
    horizon = st.session_state.get("first_horizon") or 90
    by = st.session_state[FIRST]
    shown = retention_content.first_members(view, by, horizon)
    with parts.card(
        f"Second purchase within {horizon} days by first {_label(data, by)}",
        name="first_members",
        table=lambda: shown.rows.select("member", "customers", "value", "low", "high"),
        takeaway=shown.takeaway,
        note=f"Of customers observed that long; 95 % intervals; grey: fewer than {FEW} customers",
        columns={
            "member": _label(data, by).capitalize(),
            "customers": count_column("Customers observed"),
            "value": share_column("Share"),
            "low": share_column("From"),
            "high": share_column("To"),
        },
    ):
        with st.container(horizontal=True):
            st.selectbox(
                "First",
                options,
                key=FIRST,
                format_func=lambda name: f"First {_label(data, name)}",
                label_visibility="collapsed",
                width=220,
                filter_mode=None,
            )
            st.segmented_control(
                "Within",
                HORIZONS,
                key="first_horizon",
                default=90,
                required=True,
                format_func=lambda days: f"{days} days",
                label_visibility="collapsed",
            )
        if shown.rows.is_empty():
            parts.blank(f"Nobody has been observed for {horizon} days.")
        else:
            parts.draw(
                interval_charts.ranges(formats.axis_label("share")), shown.rows, alt="Repurchase by first purchase"
            )


def bridge(data: Dataset, view: View) -> None:
    """From the base's revenue to this period's, by what became of each customer; a bar opens its customers."""
    shown = retention_content.bridge(view)
    if shown is None:
        with st.container(border=True):
            st.markdown("**Customer bridge**")
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see the bridge.")
        return

    def clicked(key: str) -> None:
        points = (st.session_state.get(key) or {}).get("selection", {}).get(waterfall_charts.PICK) or []
        if points and points[0].get("step") in bridge_tables.STEPS[:-1]:
            st.session_state[STEP] = points[0]["step"]

    with parts.card(
        "Customer bridge: from the base to this period",
        name="bridge",
        table=lambda: shown.rows.select("member", "customers", "value"),
        takeaway=shown.takeaway,
        note="New: first purchase ever in this period. Recovered: bought earlier, not in the base. Expansion, "
        "contraction: bought in both. Lapsed: not in this period. Click a bar to list its customers",
        columns={
            "member": "Step",
            "customers": count_column("Customers"),
            "value": money_column("Revenue", data.currency),
        },
    ):
        parts.draw(
            waterfall_charts.waterfall(formats.axis_label("money", data.currency), "customers_text", "Customers"),
            shown.rows,
            alt="Customer bridge",
            name="bridge",
            clicked=clicked,
        )


def bridge_customers(data: Dataset, view: View) -> None:
    """The customers in one bar of the bridge."""
    if retention_content.bridge(view) is None:
        return
    steps = [*bridge_tables.STEPS[:-1], bridge_tables.STAYED]
    labels = BRIDGE_LABELS | {bridge_tables.STAYED: "Unchanged"}
    if st.session_state.get(STEP) not in steps:
        st.session_state[STEP] = "lapsed"
    step = st.session_state[STEP]
    shown = retention_content.bridge_customers(view, step)
    columns = {
        "customer_id": st.column_config.TextColumn("Customer id", width=110),
        "name": st.column_config.TextColumn("Name", width=150),
        "now": money_column("Now", data.currency),
        "base": money_column("Base", data.currency),
        "change": money_column("Change", data.currency),
    }
    with parts.card(
        f"Customers in the bridge: {labels[step].lower()}",
        name="bridge_customers",
        table=lambda: retention_content.all_of_step(view, step).drop("customer"),
        takeaway=f"{shown.count:,} customers, together {_signed(shown.change, data.currency)}.",
        note="Biggest change first. Click a customer for their page",
        columns=columns,
    ):
        st.pills("Step", steps, key=STEP, required=True, format_func=labels.__getitem__, label_visibility="collapsed")
        if shown.rows.is_empty():
            parts.blank("Nobody.")
            return
        customer_parts.customers(shown.rows, columns, name="bridge", alt="Customers of the bar", height=310)
        customer_parts.csv(
            lambda: retention_content.all_of_step(view, step),
            name=f"{labels[step]} customers",
            label=f"Download all {shown.count:,} as CSV",
            of=(view.source, view.filters, step),
        )


def _signed(amount: float, currency: str) -> str:
    return formats.signed_text(amount, "money", currency)
