"""One file of an import: its use, what each of its columns means, how it is read; all set by lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st
from streamlit.elements.lib.layout_utils import WidthWithoutContent

from analytics.formats import count_of, plain
from data import staged
from data.understanding.facts import Fact
from data.understanding.types import FileUse, Understanding
from ui.cards.data import words
from ui.cards.data.job import Job

_PREVIEW: Final = 12
_READABLE: Final = ("text", "xlsx", "xls", "xlsb", "ods")


def file(work: Job, understanding: Understanding, number: int) -> None:
    """A file that is used, or left out but can be looked into."""
    file_use = understanding.files[number]
    table = next(table for table in work.tables if table.name == file_use.file)
    label = f"**{plain(file_use.file)}** · {words.USES[file_use.role].split(':')[0]} · {_rows(table.rows)}"
    first = len(understanding.files) == 1 or not understanding.content
    key = f"data_open_{table.sha256[:12]}_{number}"
    with st.expander(label, expanded=first, icon=":material/table_chart:", key=key, on_change="rerun") as opened:
        if not opened.open:
            return
        for sentence in [
            file_use.evidence,
            *file_use.sentences[:8],
            *(s for s in understanding.joins if s.startswith(f"{file_use.file} joins")),
        ]:
            st.caption(plain(sentence))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            use(work, understanding, number, "This file is")
            _how_read(work, table)
        if file_use.role != "unused":
            _columns(work, understanding, number)
        _preview(table, number)


def use(work: Job, understanding: Understanding, number: int, label: str, *, width: WidthWithoutContent = 280) -> None:
    """The list by which a file's use is set."""
    file_use = understanding.files[number]
    key = f"data_role_{work.read[:8]}_{number}"
    # What was found out stands there, also after another choice has changed it.
    st.session_state[key] = file_use.role
    st.selectbox(
        label,
        list(words.USES),
        key=key,
        format_func=words.USES.__getitem__,
        filter_mode=None,
        width=width,
        on_change=_used,
        args=(work, file_use.file, key),
    )


def _used(work: Job, name: str, key: str) -> None:
    meanings = {file: chosen for file, chosen in work.choices.meanings.items() if file != name}
    work.choose(roles={**work.choices.roles, name: st.session_state[key]}, meanings=meanings)


def _columns(work: Job, understanding: Understanding, number: int) -> None:
    file_use = understanding.files[number]
    used = [place for place, fact in enumerate(file_use.facts) if file_use.meanings[fact.name].meaning]
    idle = [place for place in range(len(file_use.facts)) if place not in used]
    st.markdown("**What each column is**")
    with st.grid(3, min_column_width=260, gap="small") as grid:
        for place in used:
            with grid.cell():
                _column(work, file_use, number, place)
    if idle:
        label = f"{len(idle):,} columns that are not used" if len(idle) > 1 else "1 column that is not used"
        key = f"data_idle_{work.read[:8]}_{number}"
        with st.expander(
            label, expanded=not understanding.content, type="compact", key=key, on_change="rerun"
        ) as opened:
            if opened.open:
                with st.grid(3, min_column_width=260, gap="small") as grid:
                    for place in idle:
                        with grid.cell():
                            _column(work, file_use, number, place)


def _column(work: Job, file_use: FileUse, number: int, place: int) -> None:
    """The list by which a column's meaning is set, with some of its values and why it was taken for that."""
    fact = file_use.facts[place]
    meaning = file_use.meanings[fact.name]
    key = f"data_means_{work.read[:8]}_{number}_{place}_{file_use.role}"
    st.session_state[key] = words.kind(meaning.meaning)
    st.selectbox(
        plain(fact.name) or "(no name)",
        list(dict.fromkeys([*words.meanings(file_use.role), words.kind(meaning.meaning)])),
        key=key,
        format_func=words.meaning,
        on_change=_meant,
        args=(work, file_use, fact, key),
    )
    st.caption(plain(" ".join(part for part in (_examples(fact), meaning.evidence) if part)))


def _examples(fact: Fact) -> str:
    shown = ", ".join(text[:40] for text in fact.examples[:3])
    return f"Such as {shown}." if shown else "Empty."


def _meant(work: Job, file_use: FileUse, fact: Fact, key: str) -> None:
    meaning = words.meaning_of(st.session_state[key], file_use.role, fact.name)
    own = dict(work.choices.meanings.get(file_use.file, {}))
    # A meaning belongs to one column: what was chosen last has it.
    own = {column: "" if meaning and chosen == meaning else chosen for column, chosen in own.items()}
    work.choose(meanings={**work.choices.meanings, file_use.file: {**own, fact.name: meaning}})


def _how_read(work: Job, table: staged.Staged) -> None:
    """How a file was read, and what to change about it."""
    number = next((n for n, file in enumerate(work.files) if file.name == table.name), None)
    shape: Mapping[str, Any] = table.shape
    if number is None or shape.get("format") not in _READABLE:
        return
    handed = work.files[number]
    popover = st.popover("How it is read", icon=":material/tune:", key=f"data_read_{table.name}", on_change="rerun")
    if not popover.open:
        return
    with popover, st.form(f"reading_{table.name}", border=False):
        options: dict[str, Any] = {}
        if shape["format"] == "text":
            options["encoding"] = st.text_input(
                "Character set", value=str(shape.get("encoding") or ""), max_chars=40, help="Such as utf-8, cp1252."
            )
            options["delimiter"] = st.text_input(
                "Columns are separated by",
                value=_visible(shape.get("delimiter")),
                max_chars=10,
                help="One sign, such as a comma or a semicolon; \\t is a tab.",
            )
        elif shape.get("sheets"):
            sheets = list(shape["sheets"])
            options["sheet"] = st.selectbox("Sheet", sheets, index=sheets.index(shape["sheet"]))
        header = shape.get("header_rows") or []
        options["header_rows"] = st.number_input("Lines that name the columns", 0, 20, len(header))
        first = min(header) if header else shape.get("first_row") or 1
        options["first_row"] = st.number_input("The table begins in line", 1, value=int(first))
        if st.form_submit_button("Read again"):
            if "delimiter" in options:
                options["delimiter"] = options["delimiter"].replace("\\t", "\t")
            kept = {name: value for name, value in options.items() if value not in ("", None)}
            work.files[number] = replace(handed, options=kept)
            st.rerun()


def _visible(sign: object) -> str:
    return str(sign or "").replace("\t", "\\t")


def _preview(table: staged.Staged, number: int) -> None:
    tabs = ["As a table", "As it stands in the file"] if table.raw else ["As a table"]
    shown = st.segmented_control(
        "First rows", tabs, default=tabs[0], key=f"data_preview_{number}", required=True, label_visibility="collapsed"
    )
    if shown == tabs[-1] and table.raw:
        st.code(table.raw, language=None, height=300)
        return
    st.dataframe(staged.head(table, _PREVIEW), hide_index=True, alt=f"First rows of {table.name}")


def _rows(count: int) -> str:
    return count_of(count, "row")
