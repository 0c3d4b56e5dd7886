"""What could not be saved because somebody else had saved something else: both values, and a choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl
import streamlit as st

from analytics.formats import plain

_KEY: Final = "_conflict_"


@dataclass(frozen=True)
class Conflict:
    """One choice that is open."""

    sentence: str
    rows: tuple[tuple[str, str, str], ...]
    """What it is about, what is saved now, and what was to be saved."""
    mine: str
    """What the button says that does what was wanted all the same."""
    theirs: str
    """What the button says that leaves what is saved."""
    again: Callable[[], None]
    """Does what was wanted over what `rows` say is saved; if that has changed once more, there is a new conflict."""


def hold(place: str, conflict: Conflict) -> None:
    """Have `ask` ask about it."""
    st.session_state[_KEY + place] = conflict


def ask(place: str) -> None:
    """Show the conflict of a place, if there is one, until it is decided."""
    open_one: Conflict | None = st.session_state.get(_KEY + place)
    if open_one is None:
        return
    with st.container(border=True, key=f"conflict_{place}"):
        st.warning(plain(open_one.sentence), icon=":material/group:")
        st.dataframe(
            pl.DataFrame(open_one.rows, schema=["what", "now", "mine"], orient="row"),
            hide_index=True,
            column_config={"what": "", "now": "Saved now", "mine": "Yours"},
            alt="What is saved and what was to be saved",
            height="content",
        )
        with st.container(horizontal=True):
            st.button(open_one.theirs, key=f"theirs_{place}", on_click=_decide, args=(place, None))
            st.button(open_one.mine, key=f"mine_{place}", on_click=_decide, args=(place, open_one.again))


def _decide(place: str, again: Callable[[], None] | None) -> None:
    st.session_state.pop(_KEY + place, None)
    if again:
        again()
