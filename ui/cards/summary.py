"""The three sentences at the top of both dashboards, each with a link to the page that shows it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.formats import plain
from ui.content import summary as content
from ui.sidebar import View

TITLES: Final = {"drivers": "Drivers", "retention": "Retention"}
"""Pages that a sentence can lead to, and what they are called."""


def card(view: View, page: str) -> None:
    """What happened in the period, why, and who stood out."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    with st.container(border=True, gap="xsmall"):
        for one in content.said(view, page):
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                st.markdown(plain(one.text), width="stretch")
                st.page_link(
                    f"pages/{one.page}.py",
                    label=TITLES[one.page],
                    icon=":material/arrow_forward:",
                    icon_position="right",
                    query_params=query,
                    width="content",
                )
