"""What an import kept though it may be misread, said where the dashboards open until it is put aside."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.dataset import Dataset
from analytics.formats import plain
from ui.menu import BY_NAME
from ui.queries import VersionKey

_SEEN: Final = "_doubts_seen"


def notice(data: Dataset, source: VersionKey) -> None:
    """Warn of the version that is looked at; nothing once the visitor has said so for it."""
    doubts = data.reconciliation.doubts
    seen: set[tuple[str, str, str]] = st.session_state.setdefault(_SEEN, set())
    about = (source.owner, source.name, source.version)
    if not doubts or about in seen:
        return
    with st.container(border=True, key="doubts", gap="xsmall"):
        st.markdown("**Please look: this may not be what you meant**")
        for doubt in doubts:
            st.markdown(f":material/warning: {plain(doubt)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(BY_NAME["data"].script, label="Change columns and rules", icon=":material/tune:")
            st.button("It is right", key="doubts_right", type="tertiary", on_click=seen.add, args=(about,))
