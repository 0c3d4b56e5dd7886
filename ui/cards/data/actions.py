"""What a dataset's menu opens below it: another title, its recipe, its versions, the confirmation of a deletion."""

from __future__ import annotations

import streamlit as st

from analytics.dates import time_text
from analytics.formats import file_name, plain
from analytics.periods import Period
from data.errors import DataError
from data.store import managing, store
from data.store.store import DatasetVersion
from data.terms.texts import money
from ui.cards.data import asked
from ui.cards.data.asked import DatasetAction
from ui.datasets import AvailableDataset


def said() -> None:
    """What became of what was asked last."""
    done, sentence = asked.last_said()
    if sentence:
        show, icon = (st.success, ":material/check_circle:") if done else (st.error, ":material/error:")
        show(plain(sentence), icon=icon)


def panel(one: AvailableDataset) -> None:
    """What is open for a dataset, if anything is."""
    seen = asked.open_one(one.entry.name)
    if seen is None:
        return
    with st.container(border=True, key=f"dataset_panel_{one.entry.name}"):
        try:
            match seen.action:
                case "rename":
                    _rename(one, seen)
                case "recipe":
                    _recipe(one)
                case "versions":
                    _versions(one, seen)
                case _:
                    _delete(one, seen)
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            st.button("Close", on_click=asked.close)


def _rename(one: AvailableDataset, seen: DatasetAction) -> None:
    key = f"dataset_title_{one.entry.name}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("New title", value=seen.title, key=key, max_chars=managing.MOST_TITLE, width=360)
        st.button("Rename", type="primary", on_click=asked.rename, args=(one, seen, key))
        st.button("Cancel", on_click=asked.close)


def _recipe(one: AvailableDataset) -> None:
    st.caption("The recipe says how your files were read. Drop it with new files, or edit it as text.")
    with st.container(horizontal=True):
        st.download_button(
            "Download the recipe",
            store.recipe_text(one.entry.path),
            file_name=f"{file_name(one.entry.name)}.toml",
            mime="application/toml",
            key=f"dataset_recipe_{one.entry.name}",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
        )
        st.button("Close", on_click=asked.close)


def _versions(one: AvailableDataset, seen: DatasetAction) -> None:
    st.caption(
        "Every import makes a version; none is ever changed. An earlier one opens to be read only, or can be put in "
        "use again: then everybody sees it, and you can come back to the newer one in the same way."
    )
    for entry in store.versions(one.entry.name, home=one.home):
        used = entry.version == one.entry.version
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"version_{entry.version}"):
            st.markdown(plain(_version(entry)) + (" · **in use**" if used else ""), width="stretch")
            if not entry.trouble:
                st.button(
                    "Open",
                    key=f"version_open_{entry.version}",
                    on_click=asked.read_earlier,
                    args=(one, entry.version),
                )
            if not used and one.changeable:
                if not entry.trouble:
                    st.button(
                        "Put in use",
                        key=f"version_back_{entry.version}",
                        on_click=asked.go_back,
                        args=(one, entry.version, seen),
                    )
                st.button(
                    "Delete",
                    key=f"version_delete_{entry.version}",
                    icon=":material/delete:",
                    on_click=asked.delete_version,
                    args=(one, entry.version),
                )
    st.button("Close", on_click=asked.close)


def _version(entry: DatasetVersion) -> str:
    if entry.trouble:
        return f"{entry.version[:7]}: {entry.trouble}"
    found = managing.about(entry)
    days = Period(found.first_day, found.last_day).describe()
    return (
        f"{time_text(found.prepared)} · {found.rows:,} rows · {money(found.revenue)} {found.currency} · {days} · "
        f"{managing.in_bytes(found.bytes)} · version {entry.version[:7]}"
    )


def _delete(one: AvailableDataset, seen: DatasetAction) -> None:
    lost = managing.goes(one.entry.name, home=one.home)
    st.warning(
        plain(
            f"Delete {one.entry.title}? It goes {lost.said()}. This cannot be undone. Your own files stay where they "
            "are, and so does the recipe if you have downloaded it. Whoever has it open is told."
        ),
        icon=":material/delete:",
    )
    with st.container(horizontal=True):
        st.button(
            f"Delete {plain(one.entry.title)}",
            key=f"dataset_delete_{one.entry.name}",
            type="primary",
            icon=":material/delete:",
            on_click=asked.delete,
            args=(one, seen),
        )
        st.button("Keep it", key=f"dataset_keep_{one.entry.name}", on_click=asked.close)
