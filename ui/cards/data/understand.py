"""Step 2: what the files are taken for, with the evidence, everything changeable by lists."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.formats import count_of, plain
from data import gaps
from data.errors import DataError
from data.gaps import Offer
from data.understanding import called
from data.understanding.currency import CURRENCIES
from data.understanding.types import Question, Understanding
from ui.cards.data import again, columns, words
from ui.cards.data.job import Job, job, read, refusal

_MOST_LEFT_OUT: Final = 12


def step() -> DeltaGenerator | None:
    """Show the step; the place where the totals belong, None where the import cannot go on yet."""
    work = job()
    if not work.tabular or work.unread:
        return None
    with st.container(border=True):
        st.markdown("**2 · Understand**")
        try:
            read(work)
        except DataError as error:
            refusal(error)
            return None
        _refused(work)
        if work.again:
            st.button("Read again", key="data_read_again", icon=":material/refresh:", on_click=work.read_again)
        if not work.tables:
            return None
        slot = st.container()
        if work.by_recipe:
            _by_recipe(work)
        else:
            _understood(work)
            if _missing(work):
                return None
            if work.open():
                st.caption("Nothing is prepared before the questions above are answered.")
                return None
        try:
            work.recipe()
        except DataError as error:
            st.error(plain(gaps.in_plain_words(str(error))), icon=":material/error:")
            return None
    return slot


def _refused(work: Job) -> None:
    for name, sentence in work.refused:
        st.warning(f"{plain(name)}: {plain(sentence)} It is left out.", icon=":material/block:")


def _by_recipe(work: Job) -> None:
    st.caption("The recipe says what the files are and what their columns mean.")
    if work.recipe_of:
        st.button(
            "Change columns and rules",
            key="data_change",
            icon=":material/tune:",
            on_click=again.change,
            args=(work,),
            help="Shows what each column is taken for, so that you can change it.",
        )


def _understood(work: Job) -> None:
    understanding = work.found
    if understanding.content:
        _questions(work, understanding)
    _gaps(work)
    _left_out(work, understanding)
    order = list(words.USES)
    places = [
        number
        for number, file_use in enumerate(understanding.files)
        if file_use.role != "unused" or not understanding.content
    ]
    with st.container(gap="xsmall"):
        for number in sorted(places, key=lambda number: order.index(understanding.files[number].role)):
            columns.file(work, understanding, number)
    if understanding.sentences:
        with st.expander("Why it is read like this", type="compact"):
            for sentence in understanding.sentences:
                st.caption(plain(sentence))


def _missing(work: Job) -> bool:
    return bool(gaps.gaps(work.found, work.choices))


def _gaps(work: Job) -> None:
    """What is missing, each with buttons that fill it."""
    for number, gap in enumerate(gaps.gaps(work.found, work.choices)):
        with st.container(border=True, key=f"data_gap_{number}"):
            st.markdown(f":material/help: {plain(gap.sentence)}")
            with st.container(horizontal=True):
                for place, offer in enumerate(gap.offers):
                    st.button(
                        plain(offer.label),
                        key=f"data_offer_{number}_{place}",
                        on_click=_fill,
                        args=(work, offer),
                    )


def _fill(work: Job, offer: Offer) -> None:
    work.choose(**gaps.filled(work.choices, offer))


def _left_out(work: Job, understanding: Understanding) -> None:
    """Files that are not used, in sight: rows, reason, and the list by which they come in."""
    places = [number for number, file_use in enumerate(understanding.files) if file_use.role == "unused"]
    if not places or not understanding.content:
        return
    for number in places[:_MOST_LEFT_OUT]:
        file_use = understanding.files[number]
        with st.container(border=True, key=f"data_left_out_{number}"):
            left, right = st.columns([3, 2], vertical_alignment="center")
            rows = count_of(file_use.rows, "row")
            left.markdown(f":material/visibility_off: **{plain(file_use.file)}** is left out · {rows}")
            left.caption(plain(file_use.evidence))
            with right:
                columns.use(work, understanding, number, "Use it as", width="stretch")
    if len(places) > _MOST_LEFT_OUT:
        rest = [understanding.files[number] for number in places[_MOST_LEFT_OUT:]]
        names = ", ".join(file_use.file for file_use in rest[:5])
        count = sum(file_use.rows for file_use in rest)
        st.caption(plain(f"{len(rest):,} more files with {count:,} rows are left out, such as {names}."))


def _questions(work: Job, understanding: Understanding) -> None:
    left, right = st.columns([3, 2])
    if not work.recipe_of:
        key = f"data_title_{work.read[:8]}"
        st.session_state[key] = work.title()
        left.text_input("What to call it", key=key, max_chars=80, on_change=_called, args=(work, key))
    chosen = str(understanding.recipe(work.choices).get("currency", understanding.currency))
    currencies = list(dict.fromkeys([chosen, *CURRENCIES]))
    key = f"data_currency_{work.read[:8]}"
    # What counts stands there, also after the last change was taken back.
    st.session_state[key] = chosen
    right.selectbox("Currency", currencies, key=key, filter_mode=None, on_change=_answer, args=(work, "currency", key))
    if understanding.question("currency") and "currency" not in work.choices.answers:
        right.caption("No file says which currency: please confirm.")
    for question in understanding.questions:
        if question.key != "currency":
            _question(work, question)


def _question(work: Job, question: Question) -> None:
    """A question with what each answer comes to and a row that shows it."""
    known = work.choices.answers.get(question.key)
    taken = known if known in question.options else None if question.must else question.default
    labels = {
        answer.key: answer.label if not question.option else called.answer(answer.key) for answer in question.answers
    }
    captions = [
        plain(" · ".join(part for part in (answer.totals.sentence() if answer.totals else "", answer.row) if part))
        for answer in question.answers
    ]
    with st.container(border=taken is None, key=f"data_asked_{question.key.split(':')[0]}_{_number(work, question)}"):
        if taken is None:
            st.badge("A question for you", icon=":material/help:", color="orange")
        key = f"data_question_{work.read[:8]}_{question.key}"
        st.session_state[key] = taken
        st.radio(
            plain(question.text),
            question.options,
            index=None,
            format_func=lambda option: plain(labels[option]),
            captions=captions,
            key=key,
            on_change=_answer,
            args=(work, question.key, key),
        )


def _number(work: Job, question: Question) -> int:
    return work.found.questions.index(question)


def _called(work: Job, key: str) -> None:
    title = str(st.session_state[key] or "").strip()
    if title:
        work.choose(title=title)


def _answer(work: Job, question: str, key: str) -> None:
    answer, asked = st.session_state[key], work.found.question(question)
    label = asked.answer(answer).label if asked is not None and answer in asked.options else ""
    work.choose(answers={**work.choices.answers, question: answer}, labels={**work.choices.labels, question: label})
