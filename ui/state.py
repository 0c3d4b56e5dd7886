"""The widgets' state: names, defaults, and how a click, a chip or a link changes it.

A widget's key is its name in the URL. Defaults are assigned to reset, never deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import polars as pl
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.grains import ONE_DAY
from analytics.periods import OPENINGS

DEFAULTS: Final = {**dict(zip(("preset", "compare"), OPENINGS[0], strict=True)), "grain": "month", "metric": "revenue"}
_OPENING: Final = "_opening"
"""The preset and comparison that the dataset opens with."""
RANGES: Final = {"period": "preset", "compare_period": "compare"}
"""Ranges of days, and the choice that makes each count when it is `custom`."""


def set_members(dimension: str, members: Sequence[str]) -> None:
    """Keep only these members of a dimension; an empty list lets it free."""
    st.session_state[dimension] = list(members)


def set_period(start: date, end: date) -> None:
    """Show a custom period, as typing two dates does."""
    st.session_state["period"] = (min(start, end), max(start, end))
    st.session_state["preset"] = "custom"


def reset_members(dimensions: Iterable[str]) -> None:
    """Let every dimension free."""
    for dimension in dimensions:
        st.session_state[dimension] = []


def reset(dimensions: Iterable[str]) -> None:
    """Back to the defaults: no member filters, all customers, the default period and comparison."""
    reset_members(dimensions)
    preset, compare = st.session_state.get(_OPENING, OPENINGS[0])
    for key, default in (("preset", preset), ("compare", compare), ("segment", "")):
        st.session_state[key] = default


def opened_with(opening: tuple[str, str]) -> None:
    """Take over what a dataset opens with; whoever has chosen another period or comparison keeps that."""
    before = st.session_state.get(_OPENING)
    if before not in (None, opening) and (st.session_state.get("preset"), st.session_state.get("compare")) == before:
        st.session_state["preset"], st.session_state["compare"] = opening
    st.session_state[_OPENING] = opening


def _picked(chart_key: str, param: str) -> Any:
    event = st.session_state.get(chart_key) or {}
    return event.get("selection", {}).get(param)


def pick(chart_key: str, param: str, field: str, dimension: str) -> None:
    """Filter a dimension by the mark just clicked; clicking the only member kept lets the dimension free."""
    points = _picked(chart_key, param) or []
    members = [str(point[field]) for point in points if field in point]
    if members:
        set_members(dimension, [] if st.session_state.get(dimension) == members else members)


def picker(param: str, dimension: str, field: str = "member") -> Callable[[str], None]:
    """What a click on a mark does that filters a dimension."""
    return lambda chart_key: pick(chart_key, param, field, dimension)


def chooser(param: str, field: str, options: Collection[str], key: str) -> Callable[[str], None]:
    """What a click on a mark does that turns a choice to the mark's field, where that is one of the options."""

    def choose(chart_key: str) -> None:
        named = [point.get(field) for point in _picked(chart_key, param) or [] if point.get(field) in options]
        if named:
            st.session_state[key] = named[0]

    return choose


def pick_of_several(chart_key: str, param: str) -> None:
    """The same for a chart of several dimensions, whose marks name theirs."""
    for point in _picked(chart_key, param) or []:
        if point.get("member") is not None:
            pick(chart_key, param, "member", str(point["dimension"]))


def pick_month(chart_key: str, param: str, rows: pl.DataFrame) -> None:
    """Show the month of the heat-map cell just clicked, or its part inside the period."""
    points = _picked(chart_key, param) or []
    cell = rows.filter(pl.col("column") == points[0].get("column")).head(1) if points else rows.clear()
    for first, last in cell.select("first", "last").iter_rows():
        set_period(first, last)


def brush_period(chart_key: str, param: str, rows: pl.DataFrame) -> None:
    """Show the buckets of a trend whose start lies in the range just dragged, or the one nearest to it."""
    span = (_picked(chart_key, param) or {}).get("start")
    if not span:
        return
    low, high = sorted(_instant(end) for end in span)
    inside = rows.filter(
        pl.col("start").is_between(low.date() + (ONE_DAY if low.time() != time.min else timedelta()), high.date())
    )
    if inside.is_empty():
        middle = (low + (high - low) / 2).date()
        inside = rows.filter(pl.col("start") <= middle).tail(1)
    if not inside.is_empty():
        set_period(inside["first"].min(), inside["last"].max())  # type: ignore[arg-type]


def _instant(value: float | str) -> datetime:
    """A moment as a chart reports it: milliseconds since 1970 in UTC, or ISO text."""
    if isinstance(value, str):
        return datetime.fromisoformat(value.replace("Z", "+00:00")).replace(tzinfo=None)
    return datetime(1970, 1, 1) + timedelta(milliseconds=value)


def turn(chart: str) -> str:
    """The current key of a clickable chart."""
    return f"{chart}-{st.session_state.get(f'_turn_{chart}', 0)}"


def rotate(chart: str) -> None:
    """Give a clicked chart a new key, so that its own marking goes and the next click counts again."""
    st.session_state[f"_turn_{chart}"] = st.session_state.get(f"_turn_{chart}", 0) + 1


def chosen(dimension: str) -> list[str]:
    """Members that a dimension's widget holds, brought in line with the link before the widget is drawn."""
    linked = _news(dimension)
    if linked is None and dimension not in st.session_state:
        # A page that is left by a click on a row loses its widgets' state; the link still tells it.
        linked = tuple(st.query_params.get_all(dimension))
    if linked is not None:
        set_members(dimension, linked)
    return list(st.session_state.get(dimension, []))


def arrive() -> None:
    """Keep the link over a page change; before the navigation, or the change becomes two steps to go back.

    The menu's links drop all of it. The browser takes the same query, written before the page changes, into the new
    page's address; another one, or one written afterwards, is a step of its own.
    """
    run = get_script_run_ctx()
    if run is None or run.is_history_navigation or st.session_state.get("_page", "") in ("", run.page_script_hash):
        return
    kept = st.session_state["_link"] | _linked()
    if kept != _linked():
        st.query_params.from_dict(kept)


def _linked() -> dict[str, tuple[str, ...]]:
    """All that the link says."""
    return {key: tuple(st.query_params.get_all(key)) for key in st.query_params}


def _written() -> dict[str, tuple[str, ...]]:
    """What the link says of each choice and range, as last read or written."""
    written: dict[str, tuple[str, ...]] = st.session_state.setdefault("_written", {})
    return written


def _news(key: str) -> tuple[str, ...] | None:
    """What the link says of a key, if that differs from what was last written, as after the back button; else None."""
    linked, written = tuple(st.query_params.get_all(key)), _written()
    if linked == written.get(key, ()):
        return None
    written[key] = linked
    return linked


def choice(key: str, options: Collection[str], default: str) -> str:
    """Bring a widget's choice in line with the link before the widget is drawn, and return it.

    A widget bound to the URL would put its option's label there; links are meant to carry plain names and outlive a
    change of words.
    """
    linked = _news(key)
    if linked is not None:
        if not linked or linked[-1] in options:
            st.session_state[key] = linked[-1] if linked else default
        else:
            note(f"The link's {key} '{linked[-1]}' is not known here and was ignored.")
    if st.session_state.get(key) not in options:
        st.session_state[key] = default
    return str(st.session_state[key])


def note_gone(key: str, what: str, options: Collection[str]) -> None:
    """Say that what was chosen is there no longer, before `choice` puts the default in its place."""
    chosen = st.session_state.get(key)
    if chosen and chosen not in options:
        note(f"The {what} '{chosen}' is no longer among those that can be chosen here.")


def link_dates(key: str) -> None:
    """Bring a range of days in line with the link before its widget is drawn.

    A widget bound to the URL leaves out its default, and what a click has set is the default of a range.
    """
    days = []
    for text in _news(key) or ():
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            note(f"The link's {key} '{text}' is not a date like 2026-01-31 and was ignored.")
    if len(days) == 2:
        st.session_state[key] = (min(days), max(days))


def write_link(defaults: Mapping[str, str], dimensions: Iterable[str], own: Collection[str]) -> None:
    """Put the choices that differ from their defaults, the custom ranges and the members chosen into the link.

    All at once, as each write is a step to go back. What else the link says, but for the page's own, goes with the next
    change.
    """
    dimensions, linked = list(dimensions), _linked()
    wanted = {key: (str(st.session_state[key]),) for key in defaults if st.session_state[key] != defaults[key]}
    for key, chooser in RANGES.items():
        if st.session_state[chooser] == "custom":
            wanted[key] = tuple(day.isoformat() for day in st.session_state[f"_{key}"])
    wanted |= {key: tuple(st.session_state[key]) for key in dimensions if st.session_state[key]}
    if any(linked.get(key) != wanted.get(key) for key in (*defaults, *RANGES, *dimensions)):
        st.query_params.from_dict(wanted | {key: linked[key] for key in own if key in linked})
    run = get_script_run_ctx()
    st.session_state["_written"], st.session_state["_link"] = wanted, _linked()
    st.session_state["_page"] = run.page_script_hash if run else ""


def note(text: str) -> None:
    """Keep a sentence about the link to be shown above the page until a filter changes."""
    notes: list[str] = st.session_state.setdefault("_notes", [])
    if text not in notes:
        notes.append(text)


def clear_notes() -> None:
    """Forget what was said about the link."""
    st.session_state["_notes"] = []


def notes() -> list[str]:
    """Sentences about the link, in the order they were made."""
    return list(st.session_state.get("_notes", []))
