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
from analytics.sentences import retention as retention_sentences
from analytics.tables.retention import bridge as bridge_tables
from analytics.tables.retention.repurchase import HORIZONS
from analytics.tables.retention.rows import BRIDGE_LABELS, COHORT_UNITS, cohort_table
from ui import choices, customer_parts, parts, queries, state
from ui.card import Absent, Card, Chart, CustomerList, Drawn, lacking
from ui.choices import Choice
from ui.content import retention as retention_content
from ui.customer_parts import Figure
from ui.headings import ColumnConfig, Heading
from ui.sidebar import View

MEASURES: Final = {
    "retention": "Retention",
    "revenue": "Revenue per customer",
    "orders": "Orders per customer",
}
SHORT: Final = {"retention": "Retention", "revenue": "Revenue each", "orders": "Orders each"}
STEP: Final = "bridge_step"
FIRST: Final = "first_by"
WITHIN: Final = "first_horizon"
OBSERVED: Final[dict[str, Heading]] = {
    "customers": "Customers observed",
    "value": ColumnConfig("Share", "share"),
}


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


def cohorts(view: View) -> None:
    """Cohorts as a grid and as curves, by time of the first purchase or by what or where it was."""
    data = queries.dataset(view.source)
    by, measure = _first_by(data, "cohorts_by"), choices.chosen("cohort_measure", list(MEASURES))
    shown = retention_content.cohort_grid(view, by, measure)
    grain, unit = retention_content.cohort_grain(view), COHORT_UNITS[measure]
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
    table = cohort_table(shown.rows)
    with parts.card(
        data,
        f"{MEASURES[measure]} {what}",
        name="cohorts",
        table=table,
        takeaway=shown.takeaway,
        note=note
        + f"Pale: fewer than {FEW} customers. Cohorts follow the Time steps (month, quarter or year)"
        + _started(view),
        columns={name: ColumnConfig(name, unit) for name in table.columns[1:]},
    ):
        measures = Choice("Measure", "cohort_measure", list(MEASURES), SHORT.__getitem__)
        choices.draw([measures, _first_choice(data, "cohorts_by")])
        if shown.rows.is_empty():
            parts.blank(
                "No cohort has been observed for a whole period yet. Choose a longer period or shorter time steps."
            )
            return
        parts.draw(charts.grid(), shown.rows, alt="Grid of cohorts")
        rows = retention_content.cohort_curves(view, by, measure)
        if not rows.is_empty():
            st.markdown(":small[**The same as curves**, whole periods only]")
            spec = charts.curves(formats.axis_label(unit, data.currency if unit == "money" else ""))
            parts.draw(spec, rows, alt="Curves of cohorts")


def _first_by(data: Dataset, key: str) -> str:
    chosen = st.session_state.get(key) or ""
    return chosen if chosen in data.members else ""


def _options(data: Dataset) -> list[str]:
    """Dimensions that a first purchase can be told by: not the finest, of which there would be hundreds."""
    return [name for name in data.members if len(data.members[name]) <= 40]


def _label(data: Dataset, name: str) -> str:
    label = dimensions.dimension(name, data).label
    return label if label.isupper() else label[:1].lower() + label[1:]


def _first_choice(data: Dataset, key: str, nothing: str = "Time of first purchase") -> Choice:
    options = ["", *_options(data)]
    choices.chosen(key, options)
    words = {"": nothing, **{name: f"First {_label(data, name)}" for name in options[1:]}}
    return Choice("Told apart by", key, options, words.__getitem__, form="list", width=240)


def _started(view: View) -> str:
    """Whose first purchase the cards are about where a filter leaves some out."""
    return ". Customers whose first purchase ever is in this view" if view.filters.where else ""


def came_back(view: View) -> Card:
    """The share who bought again within equal horizons."""
    shown = retention_content.came_back(view)
    spec = interval_charts.ranges(formats.axis_label("share"))
    return Card(
        "Bought again within 30 to 180 days",
        name="came_back",
        table=lambda: shown.rows.select("member", "customers", "value", "low", "high"),
        takeaway=shown.takeaway,
        note="On a later day than the first purchase; only customers observed that long. Lines: 95 % (Wilson)"
        + _started(view),
        columns={"member": "Within", **OBSERVED},
        body=[Chart(spec, shown.rows, alt="Repurchase within days")],
        empty="Nobody has been observed for 30 days yet.",
    )


def waiting(view: View) -> Card:
    """Time to the second purchase, counting those still awaited."""
    data = queries.dataset(view.source)
    by = _first_by(data, "waiting_by")
    shown = retention_content.waiting(view, by)
    spec = interval_charts.survival(formats.axis_label("share"), several=bool(by))
    return Card(
        "Time to the second purchase",
        name="waiting",
        table=lambda: shown.rows.select("series", "day", "at_risk", "value", "low", "high"),
        takeaway=shown.takeaway,
        note="Share who have bought again by each day. Who has not yet counts for as long as observed (Kaplan–Meier)"
        + (". Band: 95 % interval" if not by else f". The five largest groups of {FEW} or more")
        + _started(view),
        columns={
            "day": ColumnConfig("Days", "count"),
            "value": ColumnConfig("Came back", "share"),
        },
        choices=[_first_choice(data, "waiting_by", "All customers")],
        body=[Chart(spec, shown.rows, alt="Time to second purchase")],
        empty="No group is large enough to draw.",
    )


def first_members(view: View) -> Drawn:
    """Which first category, place or attribute leads to a second purchase."""
    data = queries.dataset(view.source)
    options = _options(data)
    if not options:
        return lacking("Which first purchase leads to a second", "a category or country column")
    preferred = next((name for name in ("category", "country") if name in options), options[0])
    if st.session_state.get(FIRST) not in options:
        st.session_state[FIRST] = preferred
    by, horizon = st.session_state[FIRST], choices.chosen(WITHIN, [90, *HORIZONS])
    shown = retention_content.first_members(view, by, horizon)
    spec = interval_charts.ranges(formats.axis_label("share"))
    return Card(
        f"Second purchase within {horizon} days by first {_label(data, by)}",
        name="first_members",
        table=lambda: shown.rows.select("member", "customers", "value", "low", "high"),
        takeaway=shown.takeaway,
        note=f"Of customers observed that long; 95 % intervals; grey: fewer than {FEW} customers" + _started(view),
        columns={"member": _label(data, by).capitalize(), **OBSERVED},
        choices=[
            Choice("First", FIRST, options, lambda name: f"First {_label(data, name)}", form="list", width=220),
            Choice("Within", WITHIN, HORIZONS, lambda days: f"{days} days"),
        ],
        body=[Chart(spec, shown.rows, alt="Repurchase by first purchase")],
        empty=f"Nobody has been observed for {horizon} days.",
    )


def bridge(view: View) -> Card | Absent:
    """From the base's revenue to this period's, by what became of each customer; a bar opens its customers."""
    shown = retention_content.bridge(view)
    if shown is None:
        why = view.filters.comparison.refused or "Choose a comparison in the sidebar to see the bridge."
        return Absent("Customer bridge", why)
    money = formats.axis_label("money", queries.dataset(view.source).currency)
    return Card(
        "Customer bridge: from the base to this period",
        name="bridge",
        table=lambda: shown.rows.select("member", "customers", "value"),
        takeaway=shown.takeaway,
        note="New: first purchase ever in this period. Recovered: bought earlier, not in the base. Expansion, "
        "contraction: bought in both. Lapsed: not in this period. Click a bar to list its customers",
        columns={"member": "Step", "value": ColumnConfig("Revenue", "money")},
        body=[
            Chart(
                waterfall_charts.waterfall(money, "customers_text", "Customers"),
                shown.rows,
                alt="Customer bridge",
                name="bridge",
                clicked=state.chooser(waterfall_charts.PICK, "step", bridge_tables.STEPS[:-1], STEP),
            )
        ],
    )


def bridge_customers(view: View) -> Drawn:
    """The customers in one bar of the bridge."""
    if retention_content.bridge(view) is None:
        return None
    steps = [*bridge_tables.STEPS[:-1], bridge_tables.STAYED]
    labels = BRIDGE_LABELS | {bridge_tables.STAYED: "Unchanged"}
    if st.session_state.get(STEP) not in steps:
        st.session_state[STEP] = "lapsed"
    step = st.session_state[STEP]
    shown = retention_content.bridge_customers(view, step)
    currency = queries.dataset(view.source).currency
    return Card(
        f"Customers in the bridge: {labels[step].lower()}",
        name="bridge_customers",
        table=lambda: retention_content.all_of_step(view, step).drop("customer"),
        takeaway=retention_sentences.in_step(shown.count, shown.change, currency),
        note="Biggest change first. Click a customer for their page",
        columns={"change": ColumnConfig("Change", "money")},
        choices=[Choice("Step", STEP, steps, labels.__getitem__, form="pills")],
        body=[
            CustomerList(
                shown.rows,
                name="bridge",
                alt="Customers of the bar",
                height=310,
                whole=lambda: retention_content.all_of_step(view, step),
                file=f"{labels[step]} customers",
                count=shown.count,
                of=(view.source, view.filters, step),
            )
        ],
        empty="Nobody.",
    )
