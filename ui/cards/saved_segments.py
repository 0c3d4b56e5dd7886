"""The card that turns the filters of the view and ranges of scores into a named segment."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, segments
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.segments import Range, Segment
from analytics.sentences import segments as segments_sentences
from analytics.tables import display
from analytics.tables.segments import rfm as rfm_tables
from data.errors import DataError
from data.store.saved import MOST_NAME, EditConflictError
from ui import conflicts, customer_parts, parts, queries, saved, visitor
from ui.conflicts import Conflict
from ui.content import purchases
from ui.content import segments as segments_content
from ui.queries import VersionKey
from ui.sidebar import View

_NAME: Final = "segment_name"
_SAID: Final = "_segment_said"
IN_FILE: Final = ("customer", "money", "orders", "last_day", "r", "f", "m", "group")
"""Columns of the file of a segment's customers."""
_PLACE: Final = "segments"
"""Where a conflict about segments is asked."""


def card(data: Dataset, view: View) -> None:
    """The card that turns the filters of the view and ranges of scores into a named segment."""
    with st.container(border=True):
        st.markdown("**Save a segment**")
        conflicts.ask(_PLACE)
        if view.source.segment:
            name = plain(view.source.segment.name)
            parts.blank(f"Shown is the saved segment {name}. Choose all customers in the sidebar to define another.")
        else:
            _define(data, view)
        _list(data, view.source)


def _define(data: Dataset, view: View) -> None:
    labels = dimensions.labels(data)
    st.caption(
        "The filters of this page, and what you choose here, make a segment. Once saved it can filter every page. "
        "Its rule is saved with the day it looks back from, and is applied anew to new data."
    )
    first, second, third, fourth = st.columns([2, 1, 1, 1])
    with first:
        groups = st.multiselect("Groups", rfm_tables.GROUPS, key="segment_groups", placeholder="All groups")
    ranges: dict[str, Range] = {}
    for column, (key, label) in zip(
        (second, third, fourth), (("r", "Recency score"), ("f", "Frequency score"), ("m", "Money score")), strict=True
    ):
        with column:
            least, most = st.slider(label, 1, 5, (1, 5), key=f"segment_{key}")
            ranges[key] = (int(least), int(most))
    draft = Segment("", purchases.as_of(view), view.filters.where, tuple(groups), ranges["r"], ranges["f"], ranges["m"])
    inside = segments.inside(segments_content.scored(view), draft)
    rule, money = segments.describe(draft, labels), int(inside["money"].sum())
    customer_parts.caption(segments_sentences.draft(inside.height, money, rule, data.currency))

    def listed() -> pl.DataFrame:
        return inside.sort("money", "customer", descending=[True, False])

    with st.expander("Customers of this segment", icon=":material/list:"):
        shown = listed().head(purchases.SHOWN).select("customer", "money", "orders", "last_day")
        customer_parts.customers(
            data, display.people(data, shown), {}, name="draft", alt="Customers of the segment", height=300
        )
        customer_parts.csv(
            lambda: display.people(data, listed().select(IN_FILE)),
            name="segment customers",
            label=f"Download all {inside.height:,} as CSV",
            of=(view.source, draft),
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name", key=_NAME, max_chars=MOST_NAME, placeholder="Name of the segment", width=320)
        st.button(
            "Save segment",
            type="primary",
            icon=":material/save:",
            on_click=_typed,
            args=(view.source, draft),
            disabled=inside.is_empty(),
        )
    sentence = st.session_state.pop(_SAID, None)
    if sentence:
        st.caption(plain(sentence))
    if not visitor.may_write() or view.source.owner:
        parts.blank("Segments are kept for this visit only: this server does not save (SALES_WRITE=1 lets it).")


def _typed(source: VersionKey, draft: Segment) -> None:
    """Save the draft under the name that was typed."""
    name = " ".join(str(st.session_state.get(_NAME) or "").split())
    if name:
        _save(source, replace(draft, name=name), None)
    else:
        st.session_state[_SAID] = "Give the segment a name first."


def _save(source: VersionKey, wanted: Segment, seen: dict[str, Any] | None) -> None:
    """Save a segment in place of the one seen under its name, None for none; ask where another one is there."""
    kept, content = saved.held(source, writing=True), segments.to_plain(wanted)
    try:
        if kept:
            kept.put(source.name, saved.KIND, wanted.name, content, seen=seen)
    except EditConflictError as changed:
        if changed.now is not None and changed.now != content:
            _ask(source, wanted, changed.now)
            return
        if changed.now is None:  # What was to be replaced is deleted by now.
            _save(source, wanted, None)
            return
    except DataError as error:
        st.session_state[_SAID] = str(error)
        return
    st.session_state[_NAME] = ""
    what = f"Saved as '{wanted.name}'." if seen is None else f"Saved as '{wanted.name}', in place of the one before."
    st.session_state[_SAID] = f"{what} Choose it in the sidebar to see every page for these customers."


def _ask(source: VersionKey, wanted: Segment, now: dict[str, Any]) -> None:
    conflicts.hold(
        _PLACE,
        Conflict(
            f"There is a segment '{wanted.name}' already. Yours is not saved yet: replace the one that is there, or "
            "keep it and give yours another name.",
            (("Rule", _rule(source, wanted.name, now), segments.describe(wanted, _labels(source))),),
            mine="Replace it with mine",
            theirs="Keep the one that is there",
            again=partial(_save, source, wanted, now),
        ),
    )


def _labels(source: VersionKey) -> dict[str, str]:
    return dimensions.labels(queries.dataset(replace(source, segment=None)))


def _rule(source: VersionKey, name: str, plain_values: dict[str, Any]) -> str:
    """The rule of a saved segment in words."""
    try:
        return segments.describe(segments.from_plain(name, plain_values), _labels(source))
    except (KeyError, TypeError, ValueError):
        return "a rule that cannot be read"


def _list(data: Dataset, source: VersionKey) -> None:
    """The saved segments, each with its rule and, for those that this visitor may delete, a way to forget it."""
    try:
        segments_by_name, own = saved.known(source), saved.of_visitor(source)
    except DataError:
        return  # said above the page
    labels = dimensions.labels(data)
    for number, (name, segment) in enumerate(segments_by_name.items()):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            rule = plain(segments.describe(segment, labels))
            st.markdown(f"**{plain(name)}** :small[:gray[{rule}]]", width="content")
            if name in own:
                st.button(
                    "Delete",
                    key=f"segment_delete_{number}",
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=_delete,
                    args=(source, name, own[name]),
                )


def _delete(source: VersionKey, name: str, seen: dict[str, Any]) -> None:
    """Delete a segment where it is still the one seen; ask where it has become another."""
    kept = saved.held(source)
    try:
        if kept:
            kept.delete(source.name, saved.KIND, name, seen=seen)
    except EditConflictError as changed:
        if changed.now is not None:
            conflicts.hold(
                _PLACE,
                Conflict(
                    f"Somebody else has changed the segment '{name}' since you looked. It is not deleted.",
                    (("Rule", _rule(source, name, changed.now), f"delete: {_rule(source, name, seen)}"),),
                    mine="Delete it all the same",
                    theirs="Keep it",
                    again=partial(_delete, source, name, changed.now),
                ),
            )
    except DataError as error:
        st.session_state[_SAID] = str(error)
