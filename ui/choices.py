"""Choices inside a card: known before the card's takeaway is written, and always one of the options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st


@dataclass(frozen=True)
class Choice:
    """A choice among options; `chosen` holds what was chosen."""

    label: str
    key: str
    options: Sequence[Any]
    words: Callable[[Any], str] = str
    form: Literal["buttons", "menu", "list", "pills"] = "buttons"
    """A few options side by side, many under a label that can be searched, a list without a label, or words in rows."""
    width: int = 260


def chosen(key: str, options: Sequence[Any]) -> Any:
    """What a choice holds, or the first option where it holds none of them, as after another dataset was opened."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.session_state[key]


def draw(choices: Sequence[Choice]) -> None:
    """Draw choices, several of them side by side."""
    if len(choices) > 1:
        with st.container(horizontal=True):
            for choice in choices:
                _draw(choice)
    else:
        for choice in choices:
            _draw(choice)


def _draw(choice: Choice) -> None:
    if choice.form == "menu":
        menu(choice.label, choice.key, choice.options, choice.words, width=choice.width)
    elif choice.form == "list":
        st.selectbox(
            choice.label,
            list(choice.options),
            key=choice.key,
            format_func=choice.words,
            label_visibility="collapsed",
            width=choice.width,
            filter_mode=None,
        )
    elif choice.form == "pills":
        st.pills(
            choice.label,
            choice.options,
            key=choice.key,
            required=True,
            format_func=choice.words,
            label_visibility="collapsed",
        )
    else:
        buttons(choice.label, choice.key, choice.options, choice.words)


def buttons(label: str, key: str, options: Sequence[Any], words: Callable[[Any], str] = str) -> None:
    """A few options side by side; nothing where there is but one."""
    if len(options) > 1:
        st.segmented_control(
            label, list(options), key=key, required=True, format_func=words, label_visibility="collapsed"
        )


def menu(label: str, key: str, options: Sequence[Any], words: Callable[[Any], str] = str, *, width: int = 260) -> None:
    """Many options in a list that can be searched."""
    st.selectbox(label, list(options), key=key, format_func=words, width=width, filter_mode="contains")
