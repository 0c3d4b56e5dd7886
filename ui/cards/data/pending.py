"""What a visitor asked to be done with a dataset of the list, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from data.errors import DataError
from data.store import locations, managing, store
from ui import datasets, versions
from ui.cards.data import again
from ui.datasets import AvailableDataset

_ASKED: Final = "_dataset_asked"
_SAID: Final = "_dataset_said"
_OPENING: Final = "_dataset_opening"


@dataclass(frozen=True)
class DatasetAction:
    """What is to be done with which dataset."""

    name: str
    action: str
    version: str
    """The version in use when it was asked for."""
    title: str
    first: str
    """The dataset that was set to open first then."""


def ask(name: str) -> None:
    """Take what the menu of a dataset was clicked for; what needs no more is done at once."""
    action = st.session_state.get(f"dataset_menu_{name}")
    dataset = datasets.known().get(name)
    if dataset is None or not action:
        return
    seen = DatasetAction(name, str(action), dataset.entry.version, dataset.entry.title, store.first(home=dataset.home))
    st.session_state.pop(_ASKED, None)
    if action == "first":
        home = locations.home() if not dataset.owner else dataset.home
        _done(dataset, lambda: managing.set_first(name, seen=seen.first, home=home), f"{seen.title} opens first now.")
    elif action in ("refresh", "change"):
        _done(dataset, lambda: again.begin(dataset, changing=action == "change"), "")
    else:
        st.session_state[_ASKED] = seen


def open_one(name: str) -> DatasetAction | None:
    """What is asked about a dataset just now."""
    held: DatasetAction | None = st.session_state.get(_ASKED)
    return held if held is not None and held.name == name else None


def close() -> None:
    """Leave it."""
    st.session_state.pop(_ASKED, None)


def last_outcome() -> tuple[bool, str]:
    """Whether the last thing asked was done, and a sentence about it; told once."""
    done, sentence = st.session_state.pop(_SAID, (True, ""))
    return bool(done), str(sentence)


def rename(dataset: AvailableDataset, seen: DatasetAction, key: str) -> None:
    """Give a dataset the title that was typed."""
    title = str(st.session_state.get(key) or "")
    plain = " ".join(title.split())
    _done(
        dataset,
        lambda: managing.rename(dataset.entry.name, title, seen=seen.title, home=dataset.home),
        f"It is called {plain} now; links to it stay as they are.",
    )


def go_back(dataset: AvailableDataset, version: str, seen: DatasetAction) -> None:
    """Put a version in use."""

    def put() -> None:
        managing.go_back(dataset.entry.name, version, seen=seen.version, home=dataset.home)
        versions.follow(dataset.entry.name)

    _done(dataset, put, f"{dataset.entry.title} is at version {version[:7]} now; the one before stays in the list.")


def read_earlier(dataset: AvailableDataset, version: str) -> None:
    """Open a version that is not in use, to read only."""
    datasets.open_next(dataset.entry.name)
    if version != dataset.entry.version:
        versions.open_earlier(dataset.entry.name, dataset.owner, version)
    st.session_state[_OPENING] = dataset.entry.name


def delete_version(dataset: AvailableDataset, version: str) -> None:
    """Delete one earlier version."""
    _done(
        dataset,
        lambda: managing.delete_version(dataset.entry.name, version, home=dataset.home),
        f"Version {version[:7]} of {dataset.entry.title} is deleted.",
        stays=True,
    )


def delete(dataset: AvailableDataset, seen: DatasetAction) -> None:
    """Delete a dataset."""
    _done(
        dataset,
        lambda: managing.delete(dataset.entry.name, seen=seen.version, home=dataset.home),
        f"{dataset.entry.title} is deleted.",
    )


def open_now(name: str) -> None:
    """Open a dataset's dashboards."""
    datasets.open_next(name)
    st.session_state[_OPENING] = name


def opening() -> str:
    """The dataset whose dashboards are to be opened in this run; told once."""
    return str(st.session_state.pop(_OPENING, ""))


def _done(dataset: AvailableDataset, change: Callable[[], None], sentence: str, *, stays: bool = False) -> None:
    try:
        change()
    except DataError as error:
        st.session_state[_SAID] = (False, str(error))
    else:
        st.session_state[_SAID] = (True, sentence)
    if not stays:
        close()
    datasets.changed(dataset.entry.name)
