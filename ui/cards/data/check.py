"""Step 3: what the rules found, what it is worth, and what happens to it."""

from __future__ import annotations

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.formats import count_of, plain
from data import gaps
from data.errors import DataError
from data.findings import Findings, RuleFinding
from data.rules import months
from data.rules.policies import LABELS, Policies
from data.rules.table import RULES
from ui.cards.data import again, totals
from ui.cards.data.job import Job, check, job, refusal
from ui.cards.data.totals import money


def step(slot: DeltaGenerator) -> Findings | None:
    """Show the step, and the totals in their place; what was found, None where it could not be tried."""
    work = job()
    with st.container(border=True):
        st.markdown("**3 · Check**")
        try:
            findings = check(work)
            recipe = work.recipe()
        except DataError as error:
            refusal(DataError(gaps.in_plain_words(str(error))))
            return None
        with slot:
            totals.strip(work, recipe.currency)
        if work.trial is not None and work.trial.problem:
            st.error(plain(gaps.in_plain_words(work.trial.problem)), icon=":material/error:")
        if _new(work):
            return None
        _balance(findings, recipe.policies, recipe.currency)
        if not findings.by_rule:
            st.caption("Nothing to decide: no rule found anything.")
        for finding in findings.by_rule:
            _rule(work, findings, finding, recipe.policies, recipe.currency)
    return findings


def _new(work: Job) -> bool:
    """What a refresh finds in the files that was not there before; whether it must be decided first."""
    news = work.news()
    undecided = bool(news.states) and work.as_before != work.read
    if news:
        with st.container(border=True, key="data_news", gap="xsmall"):
            st.markdown("**New in these files**")
            for sentence in news.sentences():
                st.markdown(f":material/new_releases: {plain(sentence)}")
            with st.container(horizontal=True):
                st.button(
                    "Choose what it means",
                    key="data_news_change",
                    type="primary" if undecided else "secondary",
                    icon=":material/tune:",
                    on_click=again.change,
                    args=(work,),
                )
                if undecided:
                    st.button("Read it as before", key="data_news_keep", on_click=_as_before, args=(work,))
    if undecided:
        st.caption("Nothing is prepared before this is decided.")
    return undecided


def _as_before(work: Job) -> None:
    work.as_before = work.read


def _balance(findings: Findings, policies: Policies, currency: str) -> None:
    """Rows in = rows kept + rows turned into returns + rows set aside, and the money of each."""
    ends = findings.outcome(policies)
    with st.grid(4, min_column_width=150, gap="small"):
        total = ends.revenue + ends.returns_money + ends.aside_money
        for label, rows, amount in (
            ("Rows in", findings.rows, total),
            ("Kept", ends.kept, ends.revenue),
            ("Turned into returns", ends.returned, ends.returns_money),
            ("Set aside", ends.aside, ends.aside_money),
        ):
            st.metric(label, f"{rows:,}", money(amount, currency), delta_color="off", delta_arrow="off", border=True)


def _rule(work: Job, findings: Findings, finding: RuleFinding, policies: Policies, currency: str) -> None:
    with st.container(border=True, key=f"data_rule_{finding.rule}"):
        left, right = st.columns([3, 2])
        with left:
            rows = count_of(finding.rows, "row")
            st.markdown(f"**{plain(finding.title)}** · {rows} · {plain(money(finding.money, currency))}")
            st.caption(plain(f"{finding.reason} {finding.note}".strip()))
        with right:
            _policy(work, findings, finding, policies, currency)
        opened = st.expander("Examples", type="compact", key=f"data_examples_{finding.rule}", on_change="rerun")
        if opened.open:
            with opened:
                st.dataframe(_frame(finding), hide_index=True, alt=f"Examples of {finding.title}")


def _worth(amount: int, currency: str) -> str:
    """What a choice does to the revenue."""
    return f"revenue {'+' if amount > 0 else ''}{money(amount, currency)}" if amount else "same revenue"


def _frame(finding: RuleFinding) -> pl.DataFrame:
    rows = [dict(row) for row in finding.examples]
    return pl.DataFrame(rows, infer_schema_length=None).rename({"file": "File", "row": "Row"})


def _policy(work: Job, findings: Findings, finding: RuleFinding, policies: Policies, currency: str) -> None:
    """What happens to the rows, each choice with what it does to the revenue."""
    options = RULES[finding.rule].offered if finding.rule in RULES else ()
    if not options:
        st.caption("Set aside: such rows cannot be counted.")
        return
    now = policies[finding.rule]
    effects = {option: findings.effect(policies, finding.rule, option) for option in options}

    def label(option: str) -> str:
        return LABELS[option] if option == now else f"{LABELS[option]} ({_worth(effects[option], currency)})"

    key = f"data_policy_{work.read[:8]}_{finding.rule}"
    # What counts stands there, also after the last change was taken back.
    st.session_state[key] = now
    st.selectbox(
        f"What happens to them: {finding.title}",
        options,
        format_func=label,
        key=key,
        filter_mode=None,
        label_visibility="collapsed",
        on_change=_decided,
        args=(work, finding.rule, key),
    )
    others = [f"{LABELS[option]}: {_worth(effects[option], currency)}" for option in options if option != now]
    st.caption(plain(f"Instead · {' · '.join(others)}"))
    for option in options:
        if moved := months.in_words(option, finding.months):
            st.caption(plain(f"{LABELS[option]} · {moved}"))


def _decided(work: Job, rule: str, key: str) -> None:
    work.choose(policies={**work.choices.policies, rule: st.session_state[key]})
