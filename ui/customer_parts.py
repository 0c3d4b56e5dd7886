"""Parts that the customer pages share: figures, and tables whose rows open a customer's own page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats, lines
from analytics.dataset import Dataset
from analytics.dates import day_text
from analytics.formats import plain
from ui import parts, state
from ui.headings import Heading, configuration
from ui.menu import BY_NAME
from ui.sidebar import View

_OPEN: Final = "_open_customer"


@dataclass(frozen=True)
class Figure:
    """One number with its definition."""

    label: str
    text: str
    help: str
    note: str = ""


def figures(all_figures: Sequence[Figure]) -> None:
    """A row of bordered numbers."""
    with st.grid(4, min_column_width=150, gap="small"):
        for figure in all_figures:
            st.metric(
                figure.label,
                figure.text,
                delta=figure.note or None,
                delta_color="off",
                delta_arrow="off",
                help=figure.help,
                border=True,
                height="stretch",
            )


def filtered(data: Dataset, view: View) -> str:
    """The dimension filters in words, to end a note with; empty where there are none."""
    labels = dimensions.labels(data)
    return ", ".join(labels.get(name, name) for name, _ in view.filters.where)


def customers(
    data: Dataset,
    rows: pl.DataFrame,
    columns: Mapping[str, Heading],
    *,
    name: str,
    alt: str,
    height: int | str = 388,
    leaving: Callable[[], None] | None = None,
) -> None:
    """A table of customers, one row each with customer_id; a click on any cell opens the customer's own page."""
    key = state.turn(f"customers_{name}")
    if rows["name"].is_null().all():
        rows = rows.drop("name")
    ids = rows["customer_id"].to_list()

    def picked() -> None:
        event = st.session_state.get(key) or {}
        cells = event.get("selection", {}).get("cells", [])
        if cells:
            st.session_state[_OPEN] = ids[cells[0][0]]
            if leaving:
                leaving()
            state.rotate(f"customers_{name}")

    st.dataframe(
        rows.drop("customer", strict=False),
        hide_index=True,
        column_config=configuration(rows, columns, data.currency),
        on_select=picked,
        selection_mode="single-cell",
        key=key,
        alt=alt,
        height=height,  # type: ignore[arg-type]
    )
    leave()


def leave() -> None:
    """Go to the page of the customer who was clicked, if one was."""
    customer_id = st.session_state.pop(_OPEN, None)
    if customer_id is not None:
        query: dict[str, Any] = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(BY_NAME["customer"].script, query_params=query | {"customer": customer_id})


def csv(whole: Callable[[], pl.DataFrame], *, name: str, label: str, of: object) -> None:
    """A button that makes and downloads a whole list, of which a table shows the first; `of` is what it depends on."""
    digest = hashlib.sha256(repr(of).encode()).hexdigest()[:8]
    st.download_button(
        label,
        lambda: parts.csv_bytes(whole().drop("customer", strict=False)),
        file_name=f"{formats.file_name(name)}_{digest}.csv",
        mime="text/csv",
        key=f"all_{name}",
        on_click="ignore",
        icon=":material/download:",
    )


def caption(text: str) -> None:
    """A sentence of the app's own, names in it as the data has them."""
    st.markdown(f":small[{plain(text)}]")


def looks_back(data: Dataset, view: View, as_of: date) -> None:
    """What the page counts: history up to a day, which filters narrow it, and whether returns are taken off."""
    text = f"Counts every order from {day_text(data.first_day)} to {day_text(as_of)}, the end of the period."
    names = filtered(data, view)
    if names:
        text += f" Only orders within the filters ({names}) count, also in scores."
    if data.returns is None:
        text += " The data has no returns, so revenue is as invoiced."
    elif not lines.can_net(data, view.filters.where):
        text += " Returns do not name " + (f"the customer and {names}" if names else "the customer")
        text += ", so they are not taken off."
    st.caption(plain(text))
