"""Step 1: files from the visitor's machine, or from the folder that the server offers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.formats import plain
from data.errors import DataError
from data.recipe import recipes
from data.sources import files_in
from data.store import store, workspace
from ui import datasets, visitor
from ui.cards.data import again, sample
from ui.cards.data.job import HandedFile, Job, is_recipe, job, refusal
from ui.server import uploads

_MOST_OFFERED: Final = 500


def step() -> None:
    """The upload box, and the files that are there."""
    work = job()
    with st.container(border=True):
        st.markdown("**1 · Drop files**")
        if work.recipe_of:
            _prepared_anew(work)
        elif not work.files:
            _needed()
        _where_it_goes()
        dropped = st.file_uploader(
            "Sales files",
            accept_multiple_files=True,
            max_upload_size=_most(),
            key=f"data_drop_{work.turn}",
            label_visibility="collapsed",
        )
        st.caption(
            "Excel, OpenDocument, CSV or text, Parquet or Arrow, also zipped: one table, or several that belong "
            f"together, such as orders, products and customers. {_limits()}"
        )
        if dropped and _keep(work, dropped):
            # A new box, as the old one would offer what was stored.
            work.turn += 1
            st.rerun()
        _offered(work)
        _listed(work)
        _recipe(work)


def _needed() -> None:
    """What a file must hold, and one to try."""
    st.markdown(
        "Drop the sales export of your shop, till or accounting program. It needs a row for each item sold, with"
    )
    with st.grid(4, min_column_width=200, gap="small") as grid:
        for icon, what, means in sample.NEEDED:
            with grid.cell(), st.container(gap=None):
                st.markdown(f"{icon} {what}")
                st.caption(means)
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.caption(sample.WELCOME)
    right.download_button(
        "Sample file",
        sample.text(),
        file_name=sample.NAME,
        mime="text/csv",
        key="data_sample",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
        help="A small file that can be imported as it is, to see what is needed and to try the page.",
    )


def _prepared_anew(work: Job) -> None:
    """Which dataset is prepared anew, and which files that takes."""
    dataset = datasets.known().get(work.recipe_of)
    title = dataset.entry.title if dataset is not None else work.recipe_of
    what = "Change the columns and rules of" if work.changing else "Refresh"
    named = again.named_as_before(work)
    missing = again.lacking(work)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/refresh: {what} **{plain(title)}**", width="stretch")
        st.button("Leave it as it is", key="data_leave", on_click=again.leave, args=(work,))
    if named:
        st.caption(plain(named))
    if missing:
        listing = ", ".join(missing[:8]) + (f" and {len(missing) - 8:,} more" if len(missing) > 8 else "")
        why = "The app does not keep your files." if work.changing else "They may be new exports of the same kind."
        st.info(plain(f"Drop the files that it was made from: {listing}. {why}"), icon=":material/upload_file:")
    elif work.changing:
        st.caption("Below is what was chosen for it; nothing changes before you prepare it again.")


def _limits() -> str:
    """How much may be dropped: the box itself only says that a file was refused."""
    try:
        together = workspace.limits()[0] // workspace.MB
    except DataError as error:
        return plain(str(error))
    return f"Up to {_most():,} MB a file and {together:,} MB together."


def _most() -> int:
    """Megabytes that one file may have: the box says so itself, where what the door refuses is a number to it."""
    most = int(st.get_option("server.maxUploadSize"))
    try:
        return max(1, min(most, workspace.limits()[0] // workspace.MB))
    except DataError:
        return most


def _where_it_goes() -> None:
    if not visitor.may_write():
        st.info(
            "What you bring stays in this session: nobody else can see it, and it goes when you leave. To keep it, "
            "download its recipe at the end and drop that with your files the next time, or run this app on your own "
            "computer.",
            icon=":material/lock:",
        )


def _keep(work: Job, dropped: list[UploadedFile]) -> bool:
    """Store what was dropped under its digest; False where it was refused, so that the sentence stays."""
    try:
        for file in dropped:
            if not isinstance(file, UploadedFile):
                continue  # It was stored before another one was refused.
            sha256, path = visitor.own().keep(file)
            _add(work, HandedFile(file.name, sha256, path, file.size))
            uploads.let_go(file)
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return False
    return True


def _add(work: Job, file: HandedFile) -> None:
    """A file of the same name takes the place of the one before."""
    work.files = [other for other in work.files if other.name != file.name] + [file]
    work.done = None
    if work.again:
        work.read_again()


def _offered(work: Job) -> None:
    """Files below the folder that the server offers; no other path is ever opened."""
    root = visitor.sources_root()
    if root is None or not root.is_dir():
        return
    names = [path.relative_to(root).as_posix() for path in files_in(root)[:_MOST_OFFERED]]
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    chosen = left.multiselect("Files on this server", names, key="data_offered", placeholder="Choose files")
    if right.button("Use them", key="data_use_offered", disabled=not chosen, width="stretch"):
        for name in chosen:
            path = (root / name).resolve()
            if path.is_relative_to(root):
                _add(work, HandedFile(path.name, _digest(path), path, path.stat().st_size, uploaded=False))
        st.rerun()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _listed(work: Job) -> None:
    if not work.files:
        return
    with st.container(horizontal=True, gap="xsmall"):
        for number, file in enumerate(work.files):
            st.button(
                f"{plain(file.name)} · {_size(file.size)}",
                key=f"data_file_{number}",
                icon=":material/close:",
                icon_position="right",
                help="Remove this file",
                on_click=_remove,
                args=(work, number),
            )
        if any(not file.uploaded for file in work.files):
            st.button("Read again", key="data_refresh", icon=":material/refresh:", on_click=_refresh, args=(work,))
        if len(work.files) > 1:
            st.button("Remove all", key="data_file_all", type="tertiary", on_click=_remove_all, args=(work,))


def _refresh(work: Job) -> None:
    """Look at the server's files again."""
    work.files = [
        file
        if file.uploaded or not file.path.is_file()
        else HandedFile(file.name, _digest(file.path), file.path, file.path.stat().st_size, file.options, False)
        for file in work.files
    ]
    work.done = None


def _remove(work: Job, number: int) -> None:
    gone = work.files.pop(number)
    if gone.uploaded and all(file.sha256 != gone.sha256 for file in work.files):
        visitor.own().forget(gone.sha256)
    work.done = None


def _remove_all(work: Job) -> None:
    while work.files:
        _remove(work, 0)


def _size(size: int) -> str:
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:,.0f} {unit}"
        size = size // 1024 if unit != "KB" else size / 1024  # type: ignore[assignment]
    return f"{size:,.1f} GB"


def _written(work: Job) -> None:
    """The recipe among the files, the last where there are several; and what to do where it is all there is."""
    work.edited = work.unread = ""
    written = [file for file in work.files if is_recipe(file)]
    if not written:
        return
    name = written[-1].name
    try:
        work.edited = recipes.text_of(written[-1].path, file=name)
        recipe = recipes.parse(work.edited, file=name, name="dropped")
    except DataError as error:
        work.unread = str(error)
        refusal(error)
        return
    if len(written) > 1:
        st.caption(plain(f"Of {len(written)} recipes the last one is used, {name}."))
    if not work.tabular:
        files = [spec.file for table in recipe.tables for spec in table.files]
        listing = ", ".join(files[:10]) + (f" and {len(files) - 10:,} more" if len(files) > 10 else "")
        sentence = f"{name} is a recipe: it says how files are read. Drop the files that it names, too: {listing}."
        st.info(plain(sentence), icon=":material/description:")


def _recipe(work: Job) -> None:
    """Whether to find out how to read the files, or to use the recipe of a dataset (to bring it up to date)."""
    _written(work)
    if not work.files or work.edited:
        return
    known = {
        entry.name: entry.title
        for entry in store.entries(home=visitor.home())
        if entry.name != "demo" and not entry.trouble and store.recipe_text(entry.path)
    }
    if not known or work.changing:
        return
    options = ["", *known]
    if work.recipe_of not in options:
        work.recipe_of = ""
    chosen = st.selectbox(
        "How to read them",
        options,
        index=options.index(work.recipe_of),
        key=f"data_recipe_of_{work.turn}",
        format_func=lambda name: f"As before, to refresh {known[name]}" if name else "As the files themselves show",
        filter_mode=None,
        help="A refresh reads the files as an earlier import did and shows what changed since.",
    )
    if chosen != work.recipe_of:
        work.recipe_of, work.wanted, work.done = chosen, (), None
        st.rerun()
