"""The search that finds a customer, and who was found."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions
from analytics.dataset import Dataset
from analytics.dates import day_text
from analytics.formats import plain
from analytics.tables import customer as tables
from ui import customer_parts, queries
from ui.content import customer as content
from ui.queries import VersionKey

PARAM: Final = "customer"


SEARCH: Final = "customer_search"


def everybody(source: VersionKey) -> VersionKey:
    """The dataset with all customers: a customer is scored against everybody, whatever segment is chosen."""
    return replace(source, segment=None)


def search(source: VersionKey) -> None:
    """A box that looks through names and ids, and what it found."""
    customer_parts.leave()  # a click empties the box, and with it the list that was clicked
    typed = st.text_input(
        "Find a customer",
        key=SEARCH,
        type="search",
        placeholder="Name or customer id",
        help="Every word typed must occur in the name or the id.",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    if not typed:
        return
    matches = tables.find(content.directory(source), queries.dataset(source).customers, typed)
    if matches.is_empty():
        st.caption(f"No customer's name or id holds “{plain(typed)}”.")
        return
    with st.container(border=True):
        more = f"the first {matches.height}" if matches.height == tables.FOUND else f"{matches.height}"
        st.caption(f"Found {more}. Click one to open their page.")
        customer_parts.customers(
            queries.dataset(source),
            matches,
            {},
            name="found",
            alt="Customers found",
            height="content",
            leaving=_forget,
        )


def _forget() -> None:
    st.session_state[SEARCH] = ""


def chosen(data: Dataset) -> int | None:
    """The code of the customer that the link names; None, after saying so, where there is none."""
    wanted = st.query_params.get(PARAM)
    if not wanted:
        st.info("Search for a customer by name or id, or click one in any list.", icon=":material/person_search:")
        return None
    at = data.customers.with_row_index("code").filter((pl.col("customer_id") == wanted) & (pl.col("code") > 0))
    if at.is_empty() or at["first_on"][0] is None:
        why = "has no orders in" if not at.is_empty() else "is not in"
        st.warning(plain(f"Customer '{wanted}' {why} {data.title}."), icon=":material/person_off:")
        return None
    return int(at["code"][0])


def heading(data: Dataset, customer: int) -> None:
    """Name, id and attributes."""
    row = data.customers.row(customer, named=True)
    name = row["name"] or f"Customer {row['customer_id']}"
    st.subheader(plain(name), anchor=False)
    labels = dimensions.labels(data)
    known = [f"id {row['customer_id']}"]
    known += [f"{labels[attribute]}: {row[attribute]}" for attribute in data.segments if row[attribute] is not None]
    st.caption(plain(" · ".join(known)))
    st.caption(
        plain(
            f"Every order from {day_text(data.first_day)} to {day_text(data.last_day)}. The sidebar's period, "
            "filters and saved segment do not apply to this page."
        )
    )
