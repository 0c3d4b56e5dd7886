"""Step 2: what the files are taken for, with the evidence, everything changeable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl
import streamlit as st

from analytics.formats import plain
from data import staged
from data.errors import DataError
from data.understanding import called as words
from data.understanding.currency import CURRENCIES
from data.understanding.types import FileUse, Question, Understanding
from ui.cards.data.job import Job, job, read, refusal

_PREVIEW: Final = 12


def step() -> bool:
    """Show the step; whether the import can go on."""
    work = job()
    if not work.tabular or work.unread:
        return False
    with st.container(border=True):
        st.markdown("**2 · Understand**")
        try:
            read(work)
        except DataError as error:
            refusal(error)
            return False
        for name, sentence in work.refused:
            st.warning(f"{plain(name)}: {plain(sentence)} It is left out.", icon=":material/block:")
        if work.again:
            st.button("Read again", key="data_read_again", icon=":material/refresh:", on_click=work.read_again)
        if not work.tables:
            return False
        if work.edited or work.recipe_of:
            st.caption("The recipe says what the files are and what their columns mean.")
        else:
            _understood(work)
            if work.open():
                st.caption("Nothing is prepared before the questions above are answered.")
                return False
        try:
            work.recipe()
        except DataError as error:
            refusal(error)
            return False
    return True


def _understood(work: Job) -> None:
    found = work.found
    if found.content:
        _questions(work, found)
    for sentence in found.sentences:
        st.caption(plain(sentence))
    with st.container(gap="xsmall"):
        order = list(words.ROLES)
        for one in sorted(found.files, key=lambda one: order.index(one.role)):
            _file(work, found, one)


def _questions(work: Job, found: Understanding) -> None:
    left, right = st.columns([3, 2])
    title = left.text_input("Title", value=work.title(), key=f"data_title_{work.read[:8]}", max_chars=80)
    if title and title != work.title():
        work.choose(title=title)
        st.rerun()
    chosen = work.choices.answers.get("currency", found.currency)
    currencies = list(dict.fromkeys([chosen, *CURRENCIES]))
    currency = right.selectbox(
        "Currency",
        currencies,
        index=currencies.index(chosen),
        key=f"data_currency_{work.read[:8]}",
        filter_mode=None,
    )
    if found.question("currency") and "currency" not in work.choices.answers:
        right.caption("No file says which currency: please confirm.")
    if currency != chosen:
        _answer(work, "currency", currency)
    for question in found.questions:
        if question.key != "currency":
            _question(work, question)


def _question(work: Job, question: Question) -> None:
    """A question with what each answer comes to and a row that shows it."""
    known = work.choices.answers.get(question.key)
    taken = known if known in question.options else None if question.must else question.default
    labels = {
        answer.key: answer.label if not question.option else words.answer(answer.key) for answer in question.answers
    }
    captions = [
        plain(" · ".join(part for part in (answer.totals.sentence() if answer.totals else "", answer.row) if part))
        for answer in question.answers
    ]
    answer = st.radio(
        plain(question.text),
        question.options,
        index=None if taken is None else question.options.index(taken),
        format_func=lambda key: plain(labels[key]),
        captions=captions,
        key=f"data_question_{work.read[:8]}_{question.key}",
    )
    if answer is not None and answer != taken:
        _answer(work, question.key, answer)


def _answer(work: Job, key: str, answer: str) -> None:
    work.choose(answers={**work.choices.answers, key: answer})
    st.rerun()


def _file(work: Job, found: Understanding, one: FileUse) -> None:
    table = next(table for table in work.tables if table.name == one.file)
    label = f"**{plain(one.file)}** · {words.ROLES[one.role]} · {table.rows:,} rows"
    used = one.role != "unused"
    icon = ":material/table_chart:" if used else ":material/visibility_off:"
    first = len(found.files) == 1 or not found.of("lines")
    key = f"data_open_{table.sha256[:12]}_{one.file}"
    with st.expander(label, expanded=first, icon=icon, key=key, on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(plain(f"{one.evidence} {table.sentences[0] if table.sentences else ''}"))
        for sentence in one.sentences[1:8]:
            st.caption(plain(sentence))
        for sentence in found.joins:
            if sentence.startswith(f"{one.file} joins"):
                st.caption(plain(sentence))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            role = st.selectbox(
                "This file is",
                list(words.ROLES),
                index=list(words.ROLES).index(one.role),
                format_func=words.ROLES.__getitem__,
                key=f"data_role_{one.file}",
                filter_mode=None,
                width=240,
            )
            _how_read(work, table)
        if role != one.role:
            meanings = {name: chosen for name, chosen in work.choices.meanings.items() if name != one.file}
            work.choose(roles={**work.choices.roles, one.file: role}, meanings=meanings)
            st.rerun()
        if used:
            _columns(work, one)
        _preview(table)


def _columns(work: Job, one: FileUse) -> None:
    frame = pl.DataFrame(
        {
            "column": [column.name for column in one.facts],
            "means": [words.meaning(one.meanings[column.name].meaning) for column in one.facts],
            "examples": [", ".join(column.examples) for column in one.facts],
            "why": [one.meanings[column.name].evidence for column in one.facts],
        }
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=["column", "examples", "why"],
        key=f"data_means_{work.read[:8]}_{one.file}_{one.role}",
        column_config={
            "column": st.column_config.TextColumn("Column", width="small"),
            "examples": st.column_config.TextColumn("Examples", width="medium"),
            "means": st.column_config.SelectboxColumn(
                "Means", options=words.meanings(one.role), required=True, width="medium"
            ),
            "why": st.column_config.TextColumn("Why", width="large"),
        },
        alt=f"Columns of {one.file}",
    )
    changed = {
        column: words.meaning_of(now, one.role, column)
        for column, now, before in zip(frame["column"], edited["means"], frame["means"], strict=True)
        if now != before
    }
    if changed:
        chosen = {**work.choices.meanings.get(one.file, {}), **changed}
        # A meaning belongs to one column: what was chosen last has it.
        for column, meaning in list(chosen.items()):
            if column not in changed and meaning and meaning in changed.values():
                chosen[column] = ""
        work.choose(meanings={**work.choices.meanings, one.file: chosen})
        st.rerun()


def _how_read(work: Job, table: staged.Staged) -> None:
    """How a file was read, and what to change about it."""
    number = next((n for n, file in enumerate(work.files) if file.name == table.name), None)
    shape: Mapping[str, Any] = table.shape
    if number is None or shape.get("format") not in ("text", "xlsx", "xls", "xlsb", "ods"):
        return
    file = work.files[number]
    popover = st.popover("How it is read", icon=":material/tune:", key=f"data_read_{table.name}", on_change="rerun")
    if not popover.open:
        return
    with popover, st.form(f"reading_{table.name}", border=False):
        options: dict[str, Any] = {}
        if shape["format"] == "text":
            options["encoding"] = st.text_input("Encoding", value=str(shape.get("encoding") or ""), max_chars=40)
            options["delimiter"] = st.text_input(
                "Cells are parted by", value=_visible(shape.get("delimiter")), max_chars=10, help="\\t is a tab."
            )
        elif shape.get("sheets"):
            sheets = list(shape["sheets"])
            options["sheet"] = st.selectbox("Sheet", sheets, index=sheets.index(shape["sheet"]))
        header = shape.get("header_rows") or []
        options["header_rows"] = st.number_input("Header lines", 0, 20, len(header))
        first = min(header) if header else shape.get("first_row") or 1
        options["first_row"] = st.number_input("First line of the table or its header", 1, value=int(first))
        if st.form_submit_button("Read again"):
            if "delimiter" in options:
                options["delimiter"] = options["delimiter"].replace("\\t", "\t")
            kept = {name: value for name, value in options.items() if value not in ("", None)}
            work.files[number] = replace(file, options=kept)
            st.rerun()


def _visible(sign: object) -> str:
    return str(sign or "").replace("\t", "\\t")


def _preview(table: staged.Staged) -> None:
    tabs = ["As read", "As it stands"] if table.raw else ["As read"]
    shown = st.segmented_control(
        "Preview", tabs, default=tabs[0], key=f"data_preview_{table.name}", required=True, label_visibility="collapsed"
    )
    if shown == "As it stands":
        st.code(table.raw, language=None, height=300)
        return
    st.dataframe(staged.head(table, _PREVIEW), hide_index=True, alt=f"First rows of {table.name}")
