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
    result: dict[str, Segment] = {}
    for name, plain_values in sorted(items.items(), key=lambda item: (item[0].lower(), item[0])):
        try:
            result[name] = segments.from_plain(name, plain_values)
        except (KeyError, TypeError, ValueError):
            state.note(f"The saved segment '{name}' cannot be read and was left out.")
    return result


def chosen(source: VersionKey) -> VersionKey:
    """The dataset narrowed to the saved segment that the widget or the link names; draws the widget."""
    try:
        segments_by_name = known(source)
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        segments_by_name = {}
    state.note_gone(PARAM, "saved segment", [NOBODY, *segments_by_name])
    name = state.choice(PARAM, [NOBODY, *segments_by_name], NOBODY)
    if segments_by_name:
        with st.sidebar:
            st.selectbox(
                "Saved segment",
                [NOBODY, *segments_by_name],
                key=PARAM,
                format_func=lambda one: one or "All customers",
                filter_mode=None,
                help="Narrows every page to these customers. Segments are defined on the Segments page.",
            )
    return replace(source, segment=segments_by_name[name]) if name else source
