"""Saved segments: where they are kept, and the widget that narrows every page to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from analytics import segments
from analytics.formats import plain
from analytics.segments import Segment
from data.errors import DataError
from data.store import locations
from data.store.saved import ReadOnly, Saved
from ui import state, versions, visitor
from ui.queries import VersionKey

PARAM: Final = "segment"
KIND: Final = "segment"
NOBODY: Final = ""
"""Stands for no segment."""


def held(source: VersionKey, *, writing: bool = False) -> Saved | None:
    """Where this visitor may save and delete segments; None where nothing can be there yet."""
    kind = ReadOnly if versions.is_earlier(source.name, source.owner, source.version) else Saved
    if visitor.may_write() and not source.owner:
        return kind(visitor.home())
    return kind(visitor.own().home) if writing or visitor.owner() else None


def of_visitor(source: VersionKey) -> dict[str, dict[str, Any]]:
    """The segments that this visitor may delete, by name, as plain values."""
    kept = held(source)
    return kept.items(source.name, KIND) if kept else {}


def known(source: VersionKey) -> dict[str, Segment]:
    """The segments saved for a dataset, by name: the server's, which everybody may use, and this visitor's own.

    Those that cannot be read are left out.
    """
    everybody, own = (None if source.owner else Saved(locations.home())), held(source)
    items: dict[str, dict[str, Any]] = {}
    for kept in (everybody, own):
        items |= kept.items(source.name, KIND) if kept else {}
    found: dict[str, Segment] = {}
    for name, plain_values in sorted(items.items(), key=lambda item: (item[0].lower(), item[0])):
        try:
            found[name] = segments.from_plain(name, plain_values)
        except (KeyError, TypeError, ValueError):
            state.note(f"The saved segment '{name}' cannot be read and was left out.")
    return found


def chosen(source: VersionKey) -> VersionKey:
    """The dataset narrowed to the saved segment that the widget or the link names; draws the widget."""
    try:
        found = known(source)
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        found = {}
    state.note_gone(PARAM, "saved segment", [NOBODY, *found])
    name = state.choice(PARAM, [NOBODY, *found], NOBODY)
    if found:
        with st.sidebar:
            st.selectbox(
                "Saved segment",
                [NOBODY, *found],
                key=PARAM,
                format_func=lambda one: one or "All customers",
                filter_mode=None,
                help="Narrows every page to these customers. Segments are defined on the Segments page.",
            )
    return replace(source, segment=found[name]) if name else source
