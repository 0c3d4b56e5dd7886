"""Cards of Segments."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analytics import formats, segments
from analytics.charts import intervals as interval_charts
from analytics.charts import segments as charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.models.intervals import FEW
from analytics.segments import Segment
from analytics.tables.segments import rfm as rfm_tables
from analytics.tables.segments.rows import GRID_MEASURES
from data.errors import DataError
from ui import customer_parts, parts, saved
from ui.content import purchases
from ui.content import segments as segments_content
from ui.customer_parts import Figure, count_column, day_column, money_column, number_column, share_column
from ui.sidebar import View

GROUP: Final = "rfm_group"
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


def figures(data: Dataset, view: View) -> None:
    """The customers and what moved, as numbers."""
    table, moved = segments_content.group_table(view), segments_content.moves(view)
    people = int(table["customers"].sum())
    good = table.filter(table["group"].is_in(["Champions", "Loyal"]))
    money = float(table["money"].sum())
    share = float(good["money"].sum()) / money if money > 0 else None
    shown = [
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
        shown += [
            Figure(
                "Slipped",
                formats.text(moved.count, "count"),
                f"Customers who bought lately then and have not since: their R was 3 or more on {_day(moved)} and is 2 "
                "or less now.",
                f"since {_day(moved)}",
            ),
            Figure(
                "Revenue at risk",
                formats.text(moved.at_risk, "money", data.currency),
                f"What those who slipped brought, less returns, in the 365 days up to {_day(moved)}.",
                "of those who slipped",
            ),
        ]
    customer_parts.figures(shown)


def _day(moved: segments_content.Moves) -> str:
    return f"{moved.earlier.day} {moved.earlier:%b %Y}"


def grid(data: Dataset, view: View) -> None:
    """Recency against frequency and money, a cell per pair of scores."""
    measure = st.session_state.get("rfm_measure") or "customers"
    shown = segments_content.grid(view, measure)

    def clicked(key: str) -> None:
        points = (st.session_state.get(key) or {}).get("selection", {}).get(charts.PICK) or []
        if points and points[0].get("group") in rfm_tables.GROUPS:
            st.session_state[GROUP] = points[0]["group"]

    with parts.card(
        "Customers by recency, frequency and money",
        name="rfm_grid",
        table=lambda: shown.rows.select("r", "fm", "group", "customers", "money", "each"),
        takeaway=shown.takeaway,
        note=f"{IN_SHORT} Click a cell to list its group below",
        columns={
            "r": "R",
            "fm": "FM",
            "group": "Group",
            "customers": count_column("Customers"),
            "money": money_column("Net revenue", data.currency),
            "each": money_column("Per customer", data.currency),
        },
    ):
        st.segmented_control(
            "Measure",
            list(GRID_MEASURES),
            key="rfm_measure",
            default="customers",
            required=True,
            format_func=lambda name: GRID_MEASURES[name][0],
            label_visibility="collapsed",
        )
        parts.draw(
            charts.grid(),
            shown.rows,
            alt="Grid of recency against frequency and money",
            name="rfm_grid",
            clicked=clicked,
        )


def groups(data: Dataset, view: View) -> None:
    """The eleven groups beside one another."""
    table = segments_content.group_table(view)
    columns = {
        "group": st.column_config.TextColumn("Group", width=120),
        "customers": count_column("Customers"),
        "share": share_column("Share"),
        "money": money_column("Net revenue", data.currency),
        "each": money_column("Per customer", data.currency),
        "orders": number_column("Orders each"),
        "recency": number_column("Days since last", help="Median days since the last order."),
        "action": st.column_config.TextColumn("What to do", width="large"),
    }
    with parts.card(
        "The eleven groups",
        name="rfm_groups",
        table=lambda: table,
        takeaway="From those who buy now to those who stopped; revenue is less returns, over the whole history.",
        columns=columns,
    ):
        shown = table.select("group", "customers", "share", "each", "money", "orders", "recency")
        st.dataframe(shown, hide_index=True, column_config=columns, alt="Groups of customers", height="content")


def migration(data: Dataset, view: View) -> None:
    """Who moved between groups since the earlier day."""
    moved = segments_content.moves(view)
    if moved is None:
        with st.container(border=True):
            st.markdown("**Who moved between groups**")
            parts.blank("There is no data before this period. Choose a later period to see who moved since.")
        return
    with parts.card(
        f"Who moved between groups since {_day(moved)}",
        name="rfm_moves",
        table=lambda: moved.moves,
        takeaway=moved.takeaway,
        note=f"Left: {_day(moved)}; right: now. Bands are as thick as customers moved, coloured by where they are now",
        columns={
            "from": "From",
            "to": "To",
            "customers": count_column("Customers"),
            "recent": money_column("Net revenue of the year before", data.currency),
        },
    ):
        parts.draw(charts.flow(), moved.flow, alt="Flow of customers between groups")


def slipped(data: Dataset, view: View) -> None:
    """The customers who slipped, those with most at risk first."""
    moved = segments_content.moves(view)
    if moved is None:
        return
    columns = {
        **_who(),
        "recent": money_column("At risk", data.currency, help="Net revenue of the year before the earlier day."),
        "from": "Was",
        "to": "Is",
    }
    with parts.card(
        "Customers who slipped",
        name="rfm_slipped",
        table=lambda: segments_content.slipped(view).drop("customer"),
        takeaway=f"{formats.text(moved.count, 'count')} customers, those who brought most first.",
        note="Click a customer to open their page",
        columns=columns,
    ):
        if moved.slipped.is_empty():
            parts.blank("Nobody slipped.")
        else:
            customer_parts.customers(
                moved.slipped.select("customer", *columns),
                columns,
                name="slipped",
                alt="Customers who slipped",
                height=400,
            )


def _who() -> dict[str, Any]:
    return {
        "customer_id": st.column_config.TextColumn("Customer id", width=110),
        "name": st.column_config.TextColumn("Name", width=150),
    }


def actions(data: Dataset, view: View) -> None:
    """The customers of one group, why they are in it, and what to do."""
    if st.session_state.get(GROUP) not in rfm_tables.GROUPS:
        st.session_state[GROUP] = "At risk"
    group = st.session_state[GROUP]
    shown = segments_content.group_customers(view, group)
    columns = {
        **_who(),
        "reason": st.column_config.TextColumn("Why", width="large"),
        "r": st.column_config.NumberColumn("R", width=40),
        "f": st.column_config.NumberColumn("F", width=40),
        "m": st.column_config.NumberColumn("M", width=40),
        "last_day": day_column("Last order"),
        "orders": count_column("Orders"),
        "money": money_column("Net revenue", data.currency),
    }
    with parts.card(
        f"Action list: {group}",
        name="rfm_actions",
        table=lambda: segments_content.all_of_group(view, group).drop("customer"),
        takeaway=shown.takeaway,
        note=f"The first {purchases.SHOWN} by net revenue; the CSV has all. Click a customer for their page",
        columns=columns,
    ):
        st.pills("Group", rfm_tables.GROUPS, key=GROUP, required=True, label_visibility="collapsed")
        if shown.rows.is_empty():
            parts.blank("Nobody is in this group on this day.")
            return
        customer_parts.customers(shown.rows, columns, name="actions", alt="Customers of the group")
        customer_parts.csv(
            lambda: segments_content.all_of_group(view, group),
            name=f"{group} customers",
            label=f"Download all {shown.count:,} as CSV",
            of=(view.source, view.filters, group),
        )


def _profiled(data: Dataset, view: View) -> list[Segment]:
    """The saved segments that this dataset can tell."""
    try:
        found = saved.known(view.source)
    except DataError:
        return []
    return [one for one in found.values() if not segments.lacking(one, data)]


def profile(data: Dataset, view: View) -> None:
    """What the group chosen above, or a saved segment, has more or less often than all other customers."""
    group = st.session_state.get(GROUP) or "At risk"
    known = {one.name: one for one in _profiled(data, view)}
    own = view.source.segment.name if view.source.segment else ""
    options = [own, *([""] if own else []), *(name for name in known if name != own)]
    if st.session_state.get(PROFILED) not in options or st.session_state.get(_SHOWN) != own:
        st.session_state[PROFILED] = own
    st.session_state[_SHOWN] = own
    name = st.session_state[PROFILED]
    shown = segments_content.profile(view, known[name] if name else group)
    title = plain(name) if name else group
    with parts.card(
        f"What tells {title} apart",
        name="rfm_profile",
        table=lambda: shown.rows.select("member", "customers", "times", "low", "high", "share_text", "others_text"),
        takeaway=shown.takeaway,
        note="How many times as often as the other customers they have it, with 95 % intervals; only what chance does "
        f"not explain, of {FEW} customers or more. Places, categories and channels: customers who ever bought there",
        columns={
            "member": "What",
            "customers": count_column("Customers"),
            "times": number_column("Times as often"),
            "low": number_column("From"),
            "high": number_column("To"),
            "share_text": "In the group",
            "others_text": "Among the others",
        },
    ):
        if len(options) > 1:
            st.selectbox(
                "Customers",
                options,
                key=PROFILED,
                format_func=lambda one: f"Saved segment: {one}" if one else f"Group: {group}",
                label_visibility="collapsed",
                width=320,
                filter_mode=None,
            )
        if shown.rows.is_empty():
            parts.blank("Nothing to draw.")
        else:
            parts.draw(interval_charts.times(), shown.rows, alt="Over- and under-representation in the group")
