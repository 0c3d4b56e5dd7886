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
from ui.cards.data import actions, pending
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
        actions.show_outcome()
        opens = _opens_first()
        for dataset in datasets.known().values():
            _row(dataset, dataset.entry.name == opens)


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


def _row(dataset: AvailableDataset, first: bool) -> None:
    entry = dataset.entry
    with st.container(key=f"dataset_{entry.name}", gap="xsmall"):
        left, right = st.columns([4, 1], vertical_alignment="center")
        with left, st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"**{plain(entry.title)}**", width="content")
                _badges(dataset, first)
            st.caption(plain(_described(dataset)))
        with right, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
            st.button(
                "Open",
                key=f"dataset_open_{entry.name}",
                on_click=pending.open_now,
                args=(entry.name,),
                disabled=bool(entry.trouble),
            )
            options = _options(dataset, first)
            if options:
                st.menu_button(
                    "Manage",
                    list(options),
                    key=f"dataset_menu_{entry.name}",
                    format_func=options.__getitem__,
                    on_click=pending.ask,
                    args=(entry.name,),
                )
        actions.panel(dataset)


def _badges(dataset: AvailableDataset, first: bool) -> None:
    if first:
        st.badge("Opens first", color="green")
    if dataset.entry.name == "demo":
        st.badge("Demo", color="gray")
    if dataset.owner:
        st.badge("Only you, until you close the tab", color="orange", icon=":material/lock:")
    if dataset.entry.trouble:
        st.badge("Cannot be opened", color="red", icon=":material/error:")


def _options(dataset: AvailableDataset, first: bool) -> dict[str, str]:
    """What this visitor can do with a dataset."""
    entry = dataset.entry
    if dataset.changeable:
        options = dict(_CHANGE)
    elif entry.name == "demo":
        options = {"first": _CHANGE["first"]} if visitor.may_write() else {}
    else:
        options = dict(_READ)
    without = {"first"} if first else set()
    if entry.trouble:
        without |= {"recipe", "change", "refresh", "first"}
    elif "recipe" in options and not store.recipe_text(entry.path):
        without |= {"recipe", "refresh", "change"}
    return {name: words for name, words in options.items() if name not in without}


def _described(dataset: AvailableDataset) -> str:
    """Rows, period, source, version, age and size."""
    entry = dataset.entry
    if entry.trouble:
        return entry.trouble
    try:
        summary = managing.about(entry)
    except (DataError, OSError) as error:
        return str(error)
    days = Period(summary.first_day, summary.last_day).describe()
    return (
        f"{summary.rows:,} rows · {days} · from {summary.source} · version {entry.version[:7]}, prepared "
        f"{ago(summary.prepared, datetime.now())} · {managing.in_bytes(summary.bytes)}"
    )


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in the largest whole unit."""
    seconds = max(0.0, (now - then).total_seconds())
    for unit, length in (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count_of(count, unit)} ago"
    return "just now"
