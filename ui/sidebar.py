"""The sidebar: dataset, period, comparison, places, products and customer segments; returns the view they describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics import dimensions, periods
from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS, Dataset
from analytics.dates import day_text
from analytics.filters import Filters, where
from analytics.formats import plain
from analytics.periods import Comparison, Period
from ui import queries, state
from ui.queries import VersionKey


@dataclass(frozen=True)
class View:
    """What a page shows: which dataset, narrowed how, at which grain, in which metric."""

    source: VersionKey
    filters: Filters
    grain: str
    metric: str


def filters(source: VersionKey, data: Dataset, grain: str) -> tuple[Filters, str]:
    """Draw the filter widgets; what they say, and the grain, coarser where it would draw too many points."""
    with st.sidebar:
        period = _period(data)
        grain = periods.coarsen(grain, period, data.calendar)
        comparison = _comparison(data, period, grain)
        chosen: dict[str, list[str]] = {}
        _cascade(source, data, "Places", GEOGRAPHY, chosen)
        _cascade(source, data, "Products", PRODUCT_LEVELS, chosen)
        others = [name for name in data.members if name not in GEOGRAPHY + PRODUCT_LEVELS]
        segments = [name for name in others if name in data.segments]
        for name in others:
            if name not in segments:
                chosen[name] = _members(data, name, data.members[name])
        if segments:
            active = sum(bool(state.chosen(name)) for name in segments)
            label = f"Customer segments ({active})" if active else "Customer segments"
            with st.expander(label, icon=":material/group:", expanded=active > 0):
                for name in segments:
                    chosen[name] = _members(data, name, data.members[name])
        st.button(
            "Reset filters",
            icon=":material/restart_alt:",
            width="stretch",
            on_click=state.reset,
            args=(list(data.members),),
        )
    return Filters(period, comparison, where(chosen)), grain


def _period(data: Dataset) -> Period:
    preset = st.selectbox(
        "Period",
        list(periods.PRESETS),
        key="preset",
        format_func=periods.PRESETS.__getitem__,
        filter_mode=None,
        help=f"Presets end on {day_text(data.last_day)}, the last day with data.",
    )
    fallback = periods.preset("last_12_months" if preset == "custom" else preset, data.first_day, data.last_day)
    if preset == "custom":
        state.link_dates("period")
        dates = _complete(st.session_state.get("period"), st.session_state.get("_period"), fallback)
    else:
        dates = fallback
        st.session_state["period"] = (dates.start, dates.end)
    typed = _dates("From – to", "period", dates, data, _period_typed)
    period = typed if preset == "custom" and typed else dates
    st.session_state["_period"] = (period.start, period.end)
    return period


def _comparison(data: Dataset, period: Period, grain: str) -> Comparison:
    mode = st.selectbox(
        "Compare with",
        list(periods.COMPARISONS),
        key="compare",
        format_func=periods.COMPARISONS.__getitem__,
        filter_mode=None,
        help="Elapsed days are always matched. By weekday goes back 364 days; weeks are always compared that way.",
    )
    custom = None
    if mode == "custom":
        fallback = periods.compare(period, "previous_period", data.first_day, calendar=data.calendar).base or period
        state.link_dates("compare_period")
        dates = _complete(st.session_state.get("compare_period"), st.session_state.get("_compare_period"), fallback)
        custom = _dates("Compared range", "compare_period", dates, data, _compare_typed) or dates
        st.session_state["_compare_period"] = (custom.start, custom.end)
    return periods.compare(period, mode, data.first_day, custom=custom, grain=grain, calendar=data.calendar)


def _dates(label: str, key: str, period: Period, data: Dataset, typed: Callable[[], None]) -> Period | None:
    """A range of days; None while only one end is picked."""
    value = st.date_input(
        label,
        # A default beside a value that is already set is a warning in the log.
        value="today" if key in st.session_state else (period.start, period.end),
        key=key,
        format="DD/MM/YYYY",
        on_change=typed,
        min_value=min(data.first_day, period.start),
        max_value=max(data.last_day, period.end),
        label_visibility="collapsed",
    )
    return _range(value)


def _range(value: object) -> Period | None:
    if isinstance(value, Sequence) and len(value) == 2 and all(isinstance(day, date) for day in value):
        return Period(min(value), max(value))
    return None


def _complete(*candidates: object) -> Period:
    """The first complete range among the candidates, its days in order; the last candidate is always a Period."""
    for candidate in candidates:
        if isinstance(candidate, Period):
            return candidate
        period = _range(candidate)
        if period:
            return period
    raise ValueError("no complete range")


def _period_typed() -> None:
    if _range(st.session_state.get("period")):
        st.session_state["preset"] = "custom"


def _compare_typed() -> None:
    if _range(st.session_state.get("compare_period")):
        st.session_state["compare"] = "custom"


def _cascade(
    source: VersionKey, data: Dataset, title: str, hierarchy: Sequence[str], chosen: dict[str, list[str]]
) -> None:
    """Widgets of a hierarchy, each list narrowed by the levels above it."""
    levels = [name for name in hierarchy if name in data.members]
    if not levels:
        return
    st.markdown(f"**{title}**")
    above: dict[str, list[str]] = {}
    for name in levels:
        narrowed = where(above)
        options = queries.members(source, narrowed, name) if narrowed else data.members[name]
        above[name] = chosen[name] = _members(data, name, options)


def _members(data: Dataset, name: str, options: Sequence[str]) -> list[str]:
    """A multiselect of a dimension's members; what it cannot hold is dropped and named."""
    label = dimensions.dimension(name, data).label
    wanted = state.chosen(name)
    if wanted:
        allowed = frozenset(options)
        kept = [member for member in wanted if member in allowed]
        for member in wanted:
            if member not in allowed:
                known = member in data.members[name]
                why = "does not occur with the other choices" if known else "is not in this dataset"
                state.note(f"{label} '{member}' {why} and was left out.")
        if kept != wanted:
            state.set_members(name, kept)
    return st.multiselect(
        label,
        list(options),
        key=name,
        placeholder=f"All {len(options):,}",
        select_all=50,
        filter_mode="contains",
    )


def chips(data: Dataset, view: Filters) -> None:
    """The filters in words above the page; a click on one removes it."""
    # Drawn also when empty: what follows keeps its position, and so the browser keeps its charts.
    with st.container(horizontal=True, gap="xsmall"):
        for name, members in view.where:
            listing = ", ".join(plain(member) for member in members[:2])
            more = f" + {len(members) - 2}" if len(members) > 2 else ""
            st.button(
                f"{dimensions.dimension(name, data).label}: {listing}{more}",
                key=f"chip_{name}",
                icon=":material/close:",
                icon_position="right",
                help="Remove this filter",
                on_click=state.set_members,
                args=(name, []),
            )
        if len(view.where) > 1:
            st.button(
                "Clear all", key="chip_all", type="tertiary", on_click=state.reset_members, args=(list(data.members),)
            )
