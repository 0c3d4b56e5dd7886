"""The page's menu: the filtered order lines as CSV, made when asked for."""

from __future__ import annotations

import hashlib
from typing import Final

import streamlit as st

from analytics import dimensions, filters
from analytics.formats import count_of, file_name, plain
from data.errors import DataError
from ui import parts, queries
from ui.sidebar import View

MOST_LINES: Final = 1_000_000


def menu(view: View) -> None:
    """A button that opens what can be taken away from this view."""
    popover = st.popover("Export", icon=":material/download:", key="export", on_change="rerun")
    if not popover.open:
        return
    data = queries.dataset(view.source)
    count = queries.line_count(view.source, view.filters)
    kept = filters.describe(view.filters, dimensions.labels(data))
    sentence = f"{count_of(count, 'order line')} in this view: {kept}."
    if count > MOST_LINES:
        sentence += (
            f" The file holds the first {MOST_LINES:,} of them, by customer and day; narrow the filters for the rest."
        )
    digest = hashlib.sha256(repr((view.source, view.filters)).encode()).hexdigest()[:8]
    with popover:
        st.markdown("**Order lines as CSV**")
        try:
            queries.order_ids(view.source)
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.markdown(f":small[{plain(sentence)}]")
        st.download_button(
            f"Download {count_of(min(count, MOST_LINES), 'line')}",
            lambda: parts.csv_bytes(queries.exported_lines(view.source, view.filters, MOST_LINES)),
            file_name=f"{file_name(data.title)}-lines_{digest}.csv",
            mime="text/csv",
            key="csv_lines",
            on_click="ignore",
            icon=":material/download:",
            disabled=count == 0,
        )
        st.caption("Large files take a moment. Cells that a spreadsheet would run as a formula are made safe.")
