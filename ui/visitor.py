"""Who may keep what: datasets of everybody, and those that live in one visitor's session."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.errors import DataError
from data.store import locations, managing, store, workspace
from data.store.workspace import Workspace
from ui.server import hosts

_KEY: Final = "_workspace"


def may_write() -> bool:
    """Whether this visitor's imports are kept for everybody.

    SALES_WRITE says so for all visitors. Without it only a browser on this computer may, and only where the app listens
    on this computer alone: through a proxy anybody may come.
    """
    named = _named()
    if named:
        return named == "1"
    return hosts.only_loopback() and hosts.is_direct(st.context.headers, st.context.ip_address)


def _named() -> str:
    return os.environ.get("SALES_WRITE", "").strip()


def sources_root() -> Path | None:
    """The folder on the server whose files may be used, where SALES_SOURCES names one."""
    named = os.environ.get("SALES_SOURCES", "")
    return Path(named).resolve() if named else None


def own() -> Workspace:
    """This visitor's workspace; it goes with the session."""
    _swept()
    held = st.session_state.get(_KEY)
    if held is None:
        context = get_script_run_ctx()
        held = st.session_state[_KEY] = Workspace(context.session_id if context else "")
    return held


def owner() -> str:
    """The name of this visitor's workspace; empty where there is none yet."""
    held = st.session_state.get(_KEY)
    return held.owner if held is not None else ""


def home() -> Path:
    """Where this visitor's imports go."""
    return locations.home() if may_write() else own().home


def entries() -> list[store.DatasetVersion]:
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
        if _named() == "1" or (not _named() and hosts.only_loopback()):
            managing.sweep()
    return True
