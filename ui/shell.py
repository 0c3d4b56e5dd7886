"""The frame: navigation, sidebar, and the hand-over of the view to the page that runs."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, cast

import streamlit as st
from polars.exceptions import PanicException, PolarsError

from analytics import grains, metrics, periods
from analytics.dataset import Dataset
from analytics.formats import plain
from data.errors import DataError
from data.store import store
from ui import datasets, doubts, export, queries, reruns, saved, sidebar, state, versions
from ui.menu import PAGES, Page
from ui.queries import VersionKey
from ui.server import ahead
from ui.sidebar import View

ROOT: Final = Path(__file__).resolve().parent.parent
HANDED_OVER: Final = "_view"
OPENED: Final = "_source"
"""The version that the session looked at last."""
_LOG: Final = logging.getLogger(__name__)


def navigation() -> st.Page:
    """The menu over the files in pages/; a page's URL is its file's name, and the first one's also the root."""
    sections: dict[str, list[st.Page]] = {}
    for entry in PAGES:
        page = _page(entry, default=entry is PAGES[0], visibility="hidden" if entry.hidden else "visible")
        sections.setdefault(entry.section, []).append(page)
    sections[""].append(_page(PAGES[0], visibility="hidden"))
    return st.navigation(sections, position="top")


def _page(entry: Page, *, default: bool = False, visibility: Literal["visible", "hidden"] = "visible") -> st.Page:
    return st.Page(
        ROOT / entry.script,
        title=entry.title,
        icon=entry.icon,
        help=entry.help,
        url_path="home" if default else entry.name,
        default=default,
        visibility=visibility,
    )


def _configure() -> None:
    """Title and icon; before the navigation, which would fetch the page's icon from elsewhere."""
    st.set_page_config(
        page_title="Sales Insights",
        page_icon=str(ROOT / "static" / "icon.svg"),
        layout="wide",
        initial_sidebar_state=310,
    )


def run() -> None:
    """Navigation, sidebar, hand-over, page."""
    with reruns.turn():
        _run()


def _run() -> None:
    _configure()
    state.arrive()
    page = navigation()
    st.logo(str(ROOT / "static" / "logo.svg"), size="large", icon_image=str(ROOT / "static" / "icon.svg"))
    entry = next(entry for entry in PAGES if entry.title == page.title)
    with _failures(page.title):
        st.session_state[HANDED_OVER] = view = _view(entry.own)
        if not entry.of_view:
            st.title(page.title, anchor=False)
            st.session_state[HANDED_OVER] = True
            page.run()
        elif view is not None:
            _settle()
            _header(page, view, entry)
            page.run()


@contextmanager
def _failures(title: str) -> Iterator[None]:
    """What cannot be read ends in a sentence, about the damaged file where there is one; polars' panics too."""
    try:
        yield
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
    except (OSError, PolarsError, PanicException):
        _LOG.exception("The page %s failed", title)
        sentence = (
            "This page could not be worked out; the server's log says why. Choose another view, or reload the page."
        )
        try:
            if OPENED in st.session_state:
                queries.whole(st.session_state[OPENED])
        except DataError as error:
            sentence = str(error)
        st.error(plain(sentence), icon=":material/error:")


def arrive() -> None:
    """What a page that shows no view calls first; see `view`."""
    view()


def view() -> View:
    """The view that the frame handed over.

    A cold server that is first visited by a page's own link starts that page without the frame. Calling the navigation
    once ends that mode for the process; the rerun then goes through Home.py.
    """
    handed = st.session_state.pop(HANDED_OVER, None)
    if handed is None:
        _configure()
        navigation()
        st.rerun()
    return cast(View, handed)


def _view(own: Sequence[str]) -> View | None:
    entries = datasets.known()
    if not entries:
        st.error("There is no dataset yet. Bring your own on the Data page.")
        return None
    defaults = {"dataset": next(iter(entries)), saved.PARAM: saved.NOBODY, **state.DEFAULTS}
    for key in defaults:
        if key in st.session_state:
            # A switch that this page does not draw would lose its choice at the end of the run.
            st.session_state[key] = st.session_state[key]
    state.note_gone("dataset", "dataset", entries)
    name = state.choice("dataset", entries, defaults["dataset"])
    entry, owner = entries[name].entry, entries[name].owner
    with st.sidebar:
        titles = [dataset.entry.title for dataset in entries.values()]
        st.selectbox(
            "Dataset",
            list(entries),
            key="dataset",
            format_func=lambda key: (
                entries[key].entry.title
                if titles.count(entries[key].entry.title) == 1
                else f"{entries[key].entry.title} · {key}"
            ),
            filter_mode=None,
        )
    source = saved.chosen(VersionKey(name, versions.looked_at(entry, owner), owner))
    try:
        data = _opened(entry, source)
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        versions.offer(entry, owner)
        return None
    lacking = metrics.METRICS.get(st.query_params.get("metric", ""))
    if lacking and (why := metrics.missing(lacking, data)):
        state.note(f"{why} Revenue is shown instead.")
    opening = periods.opening(data.first_day, data.last_day)
    state.opened_with(opening)
    defaults["preset"], defaults["compare"] = opening
    for key, options in (
        ("preset", list(periods.PRESETS)),
        ("compare", list(periods.COMPARISONS)),
        ("grain", grains.grains(data.calendar)),
        ("metric", [metric.name for metric in metrics.available(data)]),
    ):
        state.choice(key, options, defaults[key])
    filters, grain = sidebar.filters(source, data, st.session_state["grain"])
    view = View(source, filters, grain, st.session_state["metric"])
    state.write_link(defaults, data.members, own)
    return view


def _opened(entry: store.DatasetVersion, source: VersionKey) -> Dataset:
    """The dataset in the version that the session looks at; DataError where that cannot be opened, or is damaged."""
    if entry.trouble and source.version == entry.version:
        raise DataError(entry.trouble)
    data = queries.dataset(source)
    queries.pending(source)
    st.session_state[OPENED] = source
    versions.keep(source.name, source.owner, source.version)
    return data


def _header(page: st.Page, view: View, entry: Page) -> None:
    data = queries.dataset(view.source)
    versions.notice(datasets.known()[view.source.name].entry, view.source.owner, data.title)
    if entry in PAGES[:2]:
        doubts.notice(data, view.source)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(page.title, anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
            if "metric" in entry.turned:
                st.selectbox(
                    "Metric",
                    [metric.name for metric in metrics.available(data)],
                    key="metric",
                    width=220,
                    format_func=lambda name: metrics.METRICS[name].label,
                    help="Turns every chart to this metric.",
                )
            if "grain" in entry.turned:
                st.segmented_control(
                    "Time steps",
                    grains.grains(data.calendar),
                    key="grain",
                    required=True,
                    format_func=lambda name: grains.GRAINS[name].label,
                )
            if not entry.whole:
                export.menu(view)
    if not entry.whole:
        _describe(data, view)
    _say_notes(view)


def _describe(data: Dataset, view: View) -> None:
    """The view in words: segment, period, comparison, and its filters as buttons that remove them."""
    filters = view.filters
    line = filters.period.describe_days()
    if view.source.segment:
        line = f"Saved segment {view.source.segment.name} · {line}"
    if filters.base:
        line += f" · compared with {filters.base.describe_days()}"
    elif filters.comparison.refused:
        line += f" · {filters.comparison.refused}"
    opening = periods.opening(data.first_day, data.last_day)
    if opening != periods.OPENINGS[0] and (st.session_state["preset"], st.session_state["compare"]) == opening:
        line += " · the data are too short for twelve months against the twelve before"
    if view.grain != st.session_state["grain"]:
        line += f" · shown by {view.grain}: the period is too long to draw by {st.session_state['grain']}"
    st.caption(plain(line))
    sidebar.chips(data, filters)


def _say_notes(view: View) -> None:
    """What was left out of the link, until the view changes."""
    notes = state.notes()
    if not notes:
        return
    if st.session_state.setdefault("_noted_view", view) != view:
        state.clear_notes()
        del st.session_state["_noted_view"]
        return
    st.warning("  \n".join(plain(note) for note in notes), icon=":material/link_off:")


@st.cache_resource(show_spinner=False)
def _settle() -> None:
    """Once, after imports, compiled loops and base data: keep what is alive out of later garbage collections.

    Streamlit collects after every run and would walk through all of it each time.
    """
    ahead.load()
    gc.collect()
    gc.freeze()
