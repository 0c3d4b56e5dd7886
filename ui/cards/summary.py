"""The three sentences at the top of both dashboards, each with a link to the page that shows it."""

from __future__ import annotations

import streamlit as st

from analytics.formats import plain
from ui.content import summary as content
from ui.menu import BY_NAME
from ui.sidebar import View


def card(view: View, page: str) -> None:
    """What happened in the period, why, and who stood out."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    with st.container(border=True, gap="xsmall"):
        for sentence in content.sentences(view, page):
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                st.markdown(plain(sentence.text), width="stretch")
                st.page_link(
                    BY_NAME[sentence.page].script,
                    label=BY_NAME[sentence.page].title,
                    icon=":material/arrow_forward:",
                    icon_position="right",
                    query_params=query,
                    width="content",
                )
