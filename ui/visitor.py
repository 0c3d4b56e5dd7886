"""Who may keep what: datasets of everybody, and those that live in one visitor's session."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

import streamlit as st

from data.errors import DataError
from data.store import store, workspace
from data.store.workspace import Workspace

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_KEY: Final = "_workspace"


def may_write() -> bool:
    """Whether imports are kept for everybody: SALES_WRITE says so, else only where nobody else can reach the app."""
    named = os.environ.get("SALES_WRITE", "").strip()
    if named:
        return named == "1"
    return str(st.get_option("server.address") or "") in LOOPBACK


def sources_root() -> Path | None:
    """The folder on the server whose files may be used, where SALES_SOURCES names one."""
    named = os.environ.get("SALES_SOURCES", "")
    return Path(named).resolve() if named else None


def own() -> Workspace:
    """This visitor's workspace; it goes with the session."""
    _swept()
    held = st.session_state.get(_KEY)
    if held is None:
        held = st.session_state[_KEY] = Workspace()
    return held


def owner() -> str:
    """The name of this visitor's workspace; empty where there is none yet."""
    held = st.session_state.get(_KEY)
    return held.owner if held is not None else ""


def home() -> Path:
    """Where this visitor's imports go."""
    return store.home() if may_write() else own().home


def entries() -> list[store.Entry]:
    """Datasets that only this visitor can open."""
    held = st.session_state.get(_KEY)
    if held is None or not held.home.is_dir():
        return []
    return [entry for entry in store.entries(home=held.home) if entry.name != "demo"]


@st.cache_resource(show_spinner=False)
def _swept() -> bool:
    """Once: remove what killed processes left behind."""
    with contextlib.suppress(DataError, OSError):
        workspace.sweep()
        if may_write():
            store.sweep()
    return True
