"""The datasets that this visitor can open, whose each is, and how one is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from data.store import locations, store
from data.store.store import DatasetVersion
from ui import opened, queries, state, versions, visitor


@dataclass(frozen=True)
class AvailableDataset:
    """One dataset."""

    entry: DatasetVersion
    owner: str
    """Workspace of the visitor whose dataset it is, empty where everybody may open it."""

    @property
    def home(self) -> Path:
        """Where it is kept."""
        return visitor.own().home if self.owner else locations.home()

    @property
    def changeable(self) -> bool:
        """Whether this visitor may rename, refresh or delete it."""
        return self.entry.name != "demo" and (bool(self.owner) or visitor.may_write())


def known() -> dict[str, AvailableDataset]:
    """Name -> dataset, the one that opens first on top; a visitor's own takes the place of everybody's of its name."""
    datasets = {entry.name: AvailableDataset(entry, "") for entry in queries.entries()}
    own = visitor.entries()
    datasets |= {entry.name: AvailableDataset(entry, visitor.owner()) for entry in own}
    first = store.first(home=visitor.own().home) if own else ""
    return {first: datasets[first], **datasets} if first in datasets else datasets


def open_next(name: str) -> None:
    """Have a dataset opened as it is now, with no filter left from another."""
    st.session_state["dataset"] = name
    versions.follow(name)
    state.reset([])


def changed(name: str) -> None:
    """Look again at a dataset that was renamed, put back or deleted."""
    queries.entries.clear()
    opened.DATASETS.close(lambda key: key.name == name)
