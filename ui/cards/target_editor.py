"""Targets that are edited in the page and saved for the dataset; they take the place of those that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions
from analytics.dataset import Dataset
from analytics.dates import long_month_text, month_name
from analytics.formats import plain
from analytics.tables.targets import edits
from data.errors import DataError
from ui import choices, conflicts, state, target_saving, visitor
from ui.queries import VersionKey

_YEAR: Final = "target_edit_year"
_BY: Final = "target_edit_by"
MOST_DIMENSIONS: Final = 2

Amounts = dict[date, float | None]


def edited(data: Dataset, source: VersionKey) -> pl.DataFrame | None:
    """The targets edited for a dataset; None where none were, or they cannot be read."""
    try:
        kept = target_saving.kept(source)
        return edits.from_plain(kept, data) if kept else None
    except (DataError, KeyError, TypeError, ValueError):
        st.warning("The targets edited for this dataset cannot be read and were left out.", icon=":material/flag:")
        return None


def editor(data: Dataset, source: VersionKey, as_of: date) -> None:
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
            table = edits.empty(data, by)
        names = edits.dimensions_of(table)
        year, members = _which(data, names, as_of)
        about = "·".join(("target_cells", source.name, str(year), *members.values()))
        _fields(source, members, edits.of(table, members, year), about)
        if mine is not None:
            st.button(
                "Forget what was edited", icon=":material/undo:", on_click=target_saving.forget,
                args=(source, about, target_saving.kept(source)),
            )  # fmt: skip
        sentence = target_saving.outcome(about)
        if sentence:
            st.caption(plain(sentence))
        if not visitor.may_write() or source.owner:
            st.caption("Targets are kept for this visit only: this server does not save (SALES_WRITE=1 lets it).")
    # Below, so that the card above keeps its place on the page and with it stays unfolded.
    conflicts.ask(target_saving.PLACE)


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


def _fields(source: VersionKey, members: dict[str, str], now: Amounts, about: str) -> None:
    """A field for each month.

    A field keeps what is in it while it is on the page. What is typed is therefore a change to what the fields were
    filled with, and not to what is saved by now, which somebody else may have changed.
    """
    key = state.turn(about)
    filled = f"_filled_{key}"
    if filled not in st.session_state or not any(f"{key}·{month}" in st.session_state for month in now):
        st.session_state[filled] = now
    seen: Amounts = st.session_state[filled]
    others = [month_name(month) for month in now if now[month] != seen[month]]
    if others:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Somebody else has set other targets for {', '.join(others)} since these fields were filled.")
            st.button("Fill them again", key=f"fill_{about}", on_click=state.rotate, args=(about,))
    # Plain inputs in a form: nothing runs between two months, and no key is lost to a grid that opens its editor.
    with st.form(f"form_{key}", border=False):
        with st.grid(4, min_column_width=150, gap="small"):
            for month, amount in seen.items():
                st.number_input(
                    long_month_text(month),
                    min_value=0.0,
                    value=amount,
                    step=100.0,
                    format="%.2f",
                    placeholder="No target",
                    key=f"{key}·{month}",
                )
        st.form_submit_button(
            "Save targets", type="primary", icon=":material/save:", on_click=_typed,
            args=(source, members, seen, about),
        )  # fmt: skip


def _typed(source: VersionKey, members: dict[str, str], seen: Amounts, about: str) -> None:
    """Save what is in the fields, as a change to what they were filled with."""
    key = state.turn(about)
    typed = {month: st.session_state[f"{key}·{month}"] for month in seen}
    try:
        wanted = edits.change(members, seen, typed)
    except ValueError as error:
        target_saving.keep_outcome(about, f"Not saved: {error}")
        return
    if wanted.months:
        target_saving.save(source, wanted, about)
    else:
        target_saving.keep_outcome(about, "Nothing was changed, so nothing was saved.")
