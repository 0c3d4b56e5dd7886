"""Targets that are edited in the page and saved for the dataset; they take the place of those that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.tables import target_edits
from data.errors import DataError
from data.saved import Saved
from ui import choices, state, visitor
from ui.queries import Source

KIND: Final = "targets"
NAME: Final = "targets"
_YEAR: Final = "target_edit_year"
_BY: Final = "target_edit_by"
_SAID: Final = "_target_said"
MOST_DIMENSIONS: Final = 2


def _store(source: Source, *, writing: bool = False) -> Saved | None:
    """Where this visitor's targets are kept; None where nothing can be there yet."""
    if visitor.may_write() and not source.owner:
        return Saved(visitor.home())
    return Saved(visitor.own().home) if writing or visitor.owner() else None


def edited(data: Dataset, source: Source) -> pl.DataFrame | None:
    """The targets edited for a dataset; None where none were, or they cannot be read."""
    try:
        held = _store(source)
        found = held.items(source.name, KIND).get(NAME) if held else None
        return target_edits.from_plain(found, data) if found else None
    except (DataError, KeyError, TypeError, ValueError):
        st.warning("The targets edited for this dataset cannot be read and were left out.", icon=":material/flag:")
        return None


def editor(data: Dataset, source: Source, as_of: date) -> None:
    """A folded card: months of a year, for one combination of members, to type targets into."""
    with st.expander("Edit targets", icon=":material/edit:"):
        mine = edited(data, source)
        table = mine if mine is not None else data.targets
        st.caption(
            f"Type a target for each month, in {data.currency}, and save. What is saved here takes the place of the "
            "targets that came with the data, for every view of this dataset."
        )
        if table is None or table.is_empty():
            by = st.multiselect(
                "Set by", [n for n in data.members if n != "product"], key=_BY, max_selections=MOST_DIMENSIONS,
                format_func=lambda name: dimensions.dimension(name, data).label, placeholder="The total",
            )  # fmt: skip
            table = target_edits.empty(data, by)
        names = target_edits.dimensions_of(table)
        year, members = _which(data, names, as_of)
        now = target_edits.of(table, members, year)
        about = "·".join(("target_cells", source.name, str(year), *members.values()))
        key = state.turn(about)
        # Plain inputs in a form: nothing runs between two months, and no key is lost to a grid that opens its editor.
        with st.form(f"form_{key}", border=False):
            with st.grid(4, min_column_width=150, gap="small"):
                for month, amount in now.items():
                    st.number_input(
                        f"{month:%B %Y}",
                        min_value=0.0,
                        value=amount,
                        step=100.0,
                        format="%.2f",
                        placeholder="No target",
                        key=f"{key}·{month}",
                    )
            st.form_submit_button(
                "Save targets", type="primary", icon=":material/save:", on_click=_save,
                args=(source, table, members, now, about),
            )  # fmt: skip
        if mine is not None:
            st.button("Forget what was edited", icon=":material/undo:", on_click=_forget, args=(source, about))
        told, said = st.session_state.get(_SAID, ("", ""))
        if told == about:
            st.caption(plain(said))
        if not visitor.may_write() or source.owner:
            st.caption("Targets are kept for this visit only: this server does not save (SALES_WRITE=1 lets it).")


def _which(data: Dataset, names: Sequence[str], as_of: date) -> tuple[int, dict[str, str]]:
    years = [as_of.year, as_of.year + 1, as_of.year - 1]
    with st.container(horizontal=True):
        choices.chosen(_YEAR, years)
        choices.menu("Year", _YEAR, years, width=120)
        members = {}
        for name in names:
            key = f"target_edit_{name}"
            members[name] = str(choices.chosen(key, list(data.members[name])))
            choices.menu(dimensions.dimension(name, data).label, key, data.members[name], width=220)
    return int(st.session_state[_YEAR]), members


def _save(
    source: Source, table: pl.DataFrame, members: dict[str, str], now: dict[date, float | None], about: str
) -> None:
    key = state.turn(about)
    amounts = {month: st.session_state[f"{key}·{month}"] for month in now}
    held = _store(source, writing=True)
    try:
        if held and amounts != now:
            new = target_edits.changed(table, members, amounts)
            held.put(source.name, KIND, NAME, target_edits.to_plain(new))
            state.rotate(about)
        st.session_state[_SAID] = (about, "Saved." if amounts != now else "Nothing was changed, so nothing was saved.")
    except (DataError, ValueError) as error:
        st.session_state[_SAID] = (about, f"Not saved: {error}")


def _forget(source: Source, about: str) -> None:
    held = _store(source)
    if held:
        held.delete(source.name, KIND, NAME)
        st.session_state[_SAID] = (
            about,
            "What was edited is forgotten; the targets that came with the data count again.",
        )
