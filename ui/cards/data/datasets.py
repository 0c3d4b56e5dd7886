"""The list of datasets: what each is, and what can be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from analytics.formats import count_of, plain
from analytics.periods import Period
from data.errors import DataError
from data.store import locations, managing, store
from ui import datasets, visitor
from ui.cards.data import actions, asked
from ui.datasets import AvailableDataset

_READ: Final = {"recipe": "Download the recipe", "versions": "Earlier versions"}
_CHANGE: Final = {
    "refresh": "Refresh with new files",
    "change": "Change columns and rules",
    "rename": "Rename",
    "first": "Open first",
    **_READ,
    "delete": "Delete",
}


def step() -> None:
    """Show the list."""
    with st.container(border=True, key="datasets"):
        st.markdown("**Your datasets**")
        st.caption(_where())
        actions.said()
        opens = _opens_first()
        for one in datasets.known().values():
            _row(one, one.entry.name == opens)


def _opens_first() -> str:
    return next(iter(datasets.known()), "")


def _where() -> str:
    """Where datasets are kept, and who sees them."""
    if visitor.may_write():
        folder = plain(str(locations.home().resolve()))
        return f"They are kept on this computer, in the folder {folder}, and nothing is sent anywhere."
    return (
        "What you bring here is seen by you alone and goes when you close the tab. Datasets of everybody are kept by "
        "whoever runs this server."
    )


def _row(one: AvailableDataset, first: bool) -> None:
    entry = one.entry
    with st.container(key=f"dataset_{entry.name}", gap="xsmall"):
        left, right = st.columns([4, 1], vertical_alignment="center")
        with left, st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"**{plain(entry.title)}**", width="content")
                _badges(one, first)
            st.caption(plain(_described(one)))
        with right, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
            st.button(
                "Open",
                key=f"dataset_open_{entry.name}",
                on_click=asked.open_now,
                args=(entry.name,),
                disabled=bool(entry.trouble),
            )
            options = _options(one, first)
            if options:
                st.menu_button(
                    "Manage",
                    list(options),
                    key=f"dataset_menu_{entry.name}",
                    format_func=options.__getitem__,
                    on_click=asked.ask,
                    args=(entry.name,),
                )
        actions.panel(one)


def _badges(one: AvailableDataset, first: bool) -> None:
    if first:
        st.badge("Opens first", color="green")
    if one.entry.name == "demo":
        st.badge("Demo", color="gray")
    if one.owner:
        st.badge("Only you, until you close the tab", color="orange", icon=":material/lock:")
    if one.entry.trouble:
        st.badge("Cannot be opened", color="red", icon=":material/error:")


def _options(one: AvailableDataset, first: bool) -> dict[str, str]:
    """What this visitor can do with a dataset."""
    entry = one.entry
    if one.changeable:
        found = dict(_CHANGE)
    elif entry.name == "demo":
        found = {"first": _CHANGE["first"]} if visitor.may_write() else {}
    else:
        found = dict(_READ)
    without = {"first"} if first else set()
    if entry.trouble:
        without |= {"recipe", "change", "refresh", "first"}
    elif "recipe" in found and not store.recipe_text(entry.path):
        without |= {"recipe", "refresh", "change"}
    return {name: words for name, words in found.items() if name not in without}


def _described(one: AvailableDataset) -> str:
    """Rows, period, source, version, age and size."""
    entry = one.entry
    if entry.trouble:
        return entry.trouble
    try:
        found = managing.about(entry)
    except (DataError, OSError) as error:
        return str(error)
    days = Period(found.first_day, found.last_day).describe()
    return (
        f"{found.rows:,} rows · {days} · from {found.source} · version {entry.version[:7]}, prepared "
        f"{ago(found.prepared, datetime.now())} · {managing.in_bytes(found.bytes)}"
    )


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in the largest whole unit."""
    seconds = max(0.0, (now - then).total_seconds())
    for unit, length in (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count_of(count, unit)} ago"
    return "just now"
