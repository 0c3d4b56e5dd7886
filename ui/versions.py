"""Which version of a dataset a session looks at: the one that it opened, until it asks for the one in use.

A dataset that is prepared anew under an open page must not change under it: codes of one version mean nothing in the
tables of another.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.formats import plain
from data.store.store import DatasetVersion

_KEY: Final = "_versions"
_EARLIER: Final = "_earlier_versions"


def _kept() -> dict[tuple[str, str], str]:
    """Version by owner and name of each dataset that the session has opened."""
    held: dict[tuple[str, str], str] = st.session_state.setdefault(_KEY, {})
    return held


def looked_at(entry: DatasetVersion, owner: str) -> str:
    """The version that the session looks at; the one in use where it has opened none."""
    return _kept().get((owner, entry.name), entry.version)


def keep(name: str, owner: str, version: str) -> None:
    """Go on with a version that has been opened."""
    _kept()[owner, name] = version


def follow(name: str) -> None:
    """Open the version in use from the next run on."""
    for key in [key for key in _kept() if key[1] == name]:
        del _kept()[key]
    earlier: set[tuple[str, str, str]] = st.session_state.get(_EARLIER, set())
    earlier -= {key for key in earlier if key[1] == name}


def open_earlier(name: str, owner: str, version: str) -> None:
    """Look at a version that is not in use, to read only, until the session follows the one in use again."""
    keep(name, owner, version)
    earlier: set[tuple[str, str, str]] = st.session_state.setdefault(_EARLIER, set())
    earlier.add((owner, name, version))


def is_earlier(name: str, owner: str, version: str) -> bool:
    """Whether the session looks at a version that it asked for although another one is in use."""
    return (owner, name, version) in st.session_state.get(_EARLIER, ())


def notice(entry: DatasetVersion, owner: str, title: str) -> None:
    """Say that another version is in use by now, with a button that opens it."""
    version = looked_at(entry, owner)
    if version == entry.version:
        st.session_state.get(_EARLIER, set()).discard((owner, entry.name, version))
        return
    if is_earlier(entry.name, owner, version):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/history: This is an earlier version of {plain(title)} ({plain(version)}), open to be read "
                "only: segments and targets cannot be saved here.",
                width="stretch",
            )
            st.button("Open the version in use", key="open_version", on_click=follow, args=(entry.name,))
        return
    if entry.trouble:
        st.warning(
            plain(f"{entry.trouble} This page goes on with the version that it opened."), icon=":material/error:"
        )
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/update: {plain(title)} was prepared anew. This page goes on with the version that it opened.",
            width="stretch",
        )
        offer(entry, owner)


def offer(entry: DatasetVersion, owner: str) -> None:
    """A button that opens the version in use, where that is not the one looked at."""
    if looked_at(entry, owner) != entry.version and not entry.trouble:
        st.button("Open the new version", key="open_version", on_click=follow, args=(entry.name,))
