"""Choices inside a card: known before the card's takeaway is written, and always one of the options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def chosen(key: str, options: Sequence[Any]) -> Any:
    """What a choice holds, or the first option where it holds none of them, as after another dataset was opened."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.session_state[key]


def buttons(label: str, key: str, options: Sequence[Any], words: Callable[[Any], str] = str) -> None:
    """A few options side by side; nothing where there is but one."""
    if len(options) > 1:
        st.segmented_control(
            label, list(options), key=key, required=True, format_func=words, label_visibility="collapsed"
        )


def menu(label: str, key: str, options: Sequence[Any], words: Callable[[Any], str] = str, *, width: int = 260) -> None:
    """Many options in a list that can be searched."""
    st.selectbox(label, list(options), key=key, format_func=words, width=width, filter_mode="contains")
