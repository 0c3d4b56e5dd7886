"""Cards of Segments."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics import formats, segments
from analytics.charts import intervals as interval_charts
from analytics.charts import segments as charts
from analytics.dates import day_text
from analytics.models.intervals import FEW
from analytics.segments import Segment
from analytics.sentences import segments as segments_sentences
from analytics.tables.segments import rfm as rfm_tables
from analytics.tables.segments.rows import GRID_MEASURES
from data.errors import DataError
from ui import choices, customer_parts, queries, saved, state
from ui.card import Absent, Card, Chart, CustomerList, Drawn, Rows
from ui.choices import Choice
from ui.content import purchases
from ui.content import segments as segments_content
from ui.customer_parts import Figure
from ui.headings import ColumnConfig
from ui.sidebar import View

GROUP: Final = "rfm_group"
MEASURE: Final = "rfm_measure"
PROFILED: Final = "profile_of"
_SHOWN: Final = "_profile_shown"

SCORES: Final = (
    "Each score is 1 + floor(5 x the share of customers strictly below), so ties share a score: R by the last order's "
    "day, F by orders, M by net revenue, from the first order to this day. FM is the mean of F and M, rounded half up."
)
IN_SHORT: Final = (
    "Scores run from 1 to 5, the best fifth of the customers has 5. R: how recently they bought; F: how often; M: for "
    f"how much, less returns; FM: F and M together. Pale: fewer than {FEW} customers."
)


def figures(view: View) -> None:
    """The customers and what moved, as numbers."""
    currency = queries.dataset(view.source).currency
    table, moved = segments_content.group_table(view), segments_content.moves(view)
    people = int(table["customers"].sum())
    good = table.filter(table["group"].is_in(["Champions", "Loyal"]))
    money = float(table["money"].sum())
    share = float(good["money"].sum()) / money if money > 0 else None
    tiles = [
        Figure(
            "Customers scored", formats.text(people, "count"), f"Known customers with an order up to this day. {SCORES}"
        ),
        Figure(
            "Champions, Loyal",
            formats.text(int(good["customers"].sum()), "count"),
            "Customers in the two best groups.",
            f"{formats.text(share, 'share')} of net revenue",
        ),
    ]
    if moved:
        earlier = day_text(moved.earlier)
        tiles += [
            Figure(
                "Slipped",
                formats.text(moved.count, "count"),
                f"Customers who were among those who bought lately then, and have bought nothing since: their R was "
                f"3 or more on {earlier} and is 2 or less now.",
                f"since {earlier}",
            ),
            Figure(
                "Revenue at risk",
                formats.text(moved.at_risk, "money", currency),
                f"What those who slipped brought, less returns, in the 365 days up to {earlier}.",
                "of those who slipped",
            ),
        ]
    customer_parts.figures(tiles)


def grid(view: View) -> Card:
    """Recency against frequency and money, a cell per pair of scores."""
    measure = choices.chosen(MEASURE, list(GRID_MEASURES))
    shown = segments_content.grid(view, measure)
    return Card(
        "Customers by recency, frequency and money",
        name="rfm_grid",
        table=lambda: shown.rows.select("r", "fm", "group", "customers", "money", "each"),
        takeaway=shown.takeaway,
        note=f"{IN_SHORT} Click a cell to list its group below",
        choices=[Choice("Measure", MEASURE, list(GRID_MEASURES), lambda name: GRID_MEASURES[name][0])],
        body=[
            Chart(
                charts.grid(),
                shown.rows,
                alt="Grid of recency against frequency and money",
                name="rfm_grid",
                clicked=state.chooser(charts.PICK, "group", rfm_tables.GROUPS, GROUP),
            )
        ],
    )


def groups(view: View) -> Card:
    """The eleven groups beside one another."""
    table = segments_content.group_table(view)
    shown = table.select("group", "customers", "share", "each", "money", "orders", "recency")
    return Card(
        "The eleven groups",
        name="rfm_groups",
        table=table,
        takeaway="From those who buy now to those who stopped; revenue is less returns, over the whole history.",
        columns={
            "group": ColumnConfig("Group", width=120),
            "orders": ColumnConfig("Orders each", "number"),
        },
        body=[Rows(shown, alt="Groups of customers")],
    )


def migration(view: View) -> Card | Absent:
    """Who moved between groups since the earlier day."""
    moved = segments_content.moves(view)
    if moved is None:
        why = "There is no data before this period. Choose a later period to see who moved since."
        return Absent("Who moved between groups", why)
    earlier = day_text(moved.earlier)
    return Card(
        f"Who moved between groups since {earlier}",
        name="rfm_moves",
        table=moved.moves,
        takeaway=moved.takeaway,
        note=f"Left: {earlier}; right: now. Bands are as thick as customers moved, coloured by where they are now",
        columns={"recent": ColumnConfig("Net revenue of the year before", "money")},
        body=[Chart(charts.flow(), moved.flow, alt="Flow of customers between groups")],
    )


def slipped(view: View) -> Drawn:
    """The customers who slipped, those with most at risk first."""
    moved = segments_content.moves(view)
    if moved is None:
        return None
    rows = moved.slipped.select("customer", "customer_id", "name", "recent", "from", "to")
    return Card(
        "Customers who slipped",
        name="rfm_slipped",
        table=lambda: segments_content.slipped(view).drop("customer"),
        takeaway=segments_sentences.slipped(moved.count),
        note="Click a customer to open their page",
        columns={
            "recent": ColumnConfig("At risk", "money", "Net revenue of the year before the earlier day."),
            "from": "Was",
            "to": "Is",
        },
        body=[CustomerList(rows, name="slipped", alt="Customers who slipped", height=400)],
        empty="Nobody slipped.",
    )


def actions(view: View) -> Card:
    """The customers of one group, why they are in it, and what to do."""
    if st.session_state.get(GROUP) not in rfm_tables.GROUPS:
        st.session_state[GROUP] = "At risk"
    group = st.session_state[GROUP]
    shown = segments_content.group_customers(view, group)
    return Card(
        f"Action list: {group}",
        name="rfm_actions",
        table=lambda: segments_content.all_of_group(view, group).drop("customer"),
        takeaway=shown.takeaway,
        note=f"The first {purchases.SHOWN} by net revenue; the CSV has all. Click a customer for their page",
        columns={
            "reason": ColumnConfig("Why", width="large"),
            "r": ColumnConfig("R", "plain", width=40),
            "f": ColumnConfig("F", "plain", width=40),
            "m": ColumnConfig("M", "plain", width=40),
        },
        choices=[Choice("Group", GROUP, rfm_tables.GROUPS, form="pills")],
        body=[
            CustomerList(
                shown.rows,
                name="actions",
                alt="Customers of the group",
                whole=lambda: segments_content.all_of_group(view, group),
                file=f"{group} customers",
                count=shown.count,
                of=(view.source, view.filters, group),
            )
        ],
        empty="Nobody is in this group on this day.",
    )


def _profiled(view: View) -> list[Segment]:
    """The saved segments that this dataset can tell."""
    try:
        known = saved.known(view.source)
    except DataError:
        return []
    return [segment for segment in known.values() if not segments.lacking(segment, queries.dataset(view.source))]


def profile(view: View) -> Card:
    """What the group chosen above, or a saved segment, has more or less often than all other customers."""
    group = st.session_state.get(GROUP) or "At risk"
    known = {segment.name: segment for segment in _profiled(view)}
    own = view.source.segment.name if view.source.segment else ""
    options = [own, *([""] if own else []), *(name for name in known if name != own)]
    if st.session_state.get(PROFILED) not in options or st.session_state.get(_SHOWN) != own:
        st.session_state[PROFILED] = own
    st.session_state[_SHOWN] = own
    name = st.session_state[PROFILED]
    shown = segments_content.profile(view, known[name] if name else group)
    customers = Choice(
        "Customers",
        PROFILED,
        options,
        lambda segment: f"Saved segment: {segment}" if segment else f"Group: {group}",
        form="list",
        width=320,
    )
    return Card(
        f"What tells {name or group} apart",
        name="rfm_profile",
        table=lambda: shown.rows.select("member", "customers", "times", "low", "high", "share_text", "others_text"),
        takeaway=shown.takeaway,
        note="How many times as often as the other customers they have it, with 95 % intervals; only what chance does "
        f"not explain, of {FEW} customers or more. Places, categories and channels: customers who ever bought there",
        columns={
            "member": "What",
            "times": ColumnConfig("Times as often", "number"),
            "low": ColumnConfig("From", "number"),
            "high": ColumnConfig("To", "number"),
        },
        choices=[customers] if len(options) > 1 else [],
        body=[Chart(interval_charts.times(), shown.rows, alt="Over- and under-representation in the group")],
        empty="Nothing to draw.",
    )
