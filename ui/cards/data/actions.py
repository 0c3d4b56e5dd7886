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
from ui.cards.data import pending
from ui.cards.data.pending import DatasetAction
from ui.datasets import AvailableDataset


def show_outcome() -> None:
    """What became of what was asked last."""
    done, sentence = pending.last_outcome()
    if sentence:
        show, icon = (st.success, ":material/check_circle:") if done else (st.error, ":material/error:")
        show(plain(sentence), icon=icon)


def panel(dataset: AvailableDataset) -> None:
    """What is open for a dataset, if anything is."""
    seen = pending.open_one(dataset.entry.name)
    if seen is None:
        return
    with st.container(border=True, key=f"dataset_panel_{dataset.entry.name}"):
        try:
            match seen.action:
                case "rename":
                    _rename(dataset, seen)
                case "recipe":
                    _recipe(dataset)
                case "versions":
                    _versions(dataset, seen)
                case _:
                    _delete(dataset, seen)
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            st.button("Close", on_click=pending.close)


def _rename(dataset: AvailableDataset, seen: DatasetAction) -> None:
    key = f"dataset_title_{dataset.entry.name}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("New title", value=seen.title, key=key, max_chars=managing.MOST_TITLE, width=360)
        st.button("Rename", type="primary", on_click=pending.rename, args=(dataset, seen, key))
        st.button("Cancel", on_click=pending.close)


def _recipe(dataset: AvailableDataset) -> None:
    st.caption("The recipe says how your files were read. Drop it with new files, or edit it as text.")
    with st.container(horizontal=True):
        st.download_button(
            "Download the recipe",
            store.recipe_text(dataset.entry.path),
            file_name=f"{file_name(dataset.entry.name)}.toml",
            mime="application/toml",
            key=f"dataset_recipe_{dataset.entry.name}",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
        )
        st.button("Close", on_click=pending.close)


def _versions(dataset: AvailableDataset, seen: DatasetAction) -> None:
    st.caption(
        "Every import makes a version; none is ever changed. An earlier one opens to be read only, or can be put in "
        "use again: then everybody sees it, and you can come back to the newer one in the same way."
    )
    for entry in store.versions(dataset.entry.name, home=dataset.home):
        used = entry.version == dataset.entry.version
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"version_{entry.version}"):
            st.markdown(plain(_version(entry)) + (" · **in use**" if used else ""), width="stretch")
            if not entry.trouble:
                st.button(
                    "Open",
                    key=f"version_open_{entry.version}",
                    on_click=pending.read_earlier,
                    args=(dataset, entry.version),
                )
            if not used and dataset.changeable:
                if not entry.trouble:
                    st.button(
                        "Put in use",
                        key=f"version_back_{entry.version}",
                        on_click=pending.go_back,
                        args=(dataset, entry.version, seen),
                    )
                st.button(
                    "Delete",
                    key=f"version_delete_{entry.version}",
                    icon=":material/delete:",
                    on_click=pending.delete_version,
                    args=(dataset, entry.version),
                )
    st.button("Close", on_click=pending.close)


def _version(entry: DatasetVersion) -> str:
    if entry.trouble:
        return f"{entry.version[:7]}: {entry.trouble}"
    summary = managing.about(entry)
    days = Period(summary.first_day, summary.last_day).describe()
    return (
        f"{time_text(summary.prepared)} · {summary.rows:,} rows · {money(summary.revenue)} {summary.currency} · "
        f"{days} · {managing.in_bytes(summary.bytes)} · version {entry.version[:7]}"
    )


def _delete(dataset: AvailableDataset, seen: DatasetAction) -> None:
    lost = managing.goes(dataset.entry.name, home=dataset.home)
    st.warning(
        plain(
            f"Delete {dataset.entry.title}? It goes {lost.in_words()}. This cannot be undone. Your own files stay "
            "where they are, and so does the recipe if you have downloaded it. Whoever has it open is told."
        ),
        icon=":material/delete:",
    )
    with st.container(horizontal=True):
        st.button(
            f"Delete {plain(dataset.entry.title)}",
            key=f"dataset_delete_{dataset.entry.name}",
            type="primary",
            icon=":material/delete:",
            on_click=pending.delete,
            args=(dataset, seen),
        )
        st.button("Keep it", key=f"dataset_keep_{dataset.entry.name}", on_click=pending.close)
