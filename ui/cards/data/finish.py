"""Step 4: prepare the dataset, say where every row went, and open it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import streamlit as st

from analytics.dataset import MONEY_SCALE
from analytics.formats import file_name, plain
from data.errors import DataError
from data.findings import Findings
from data.rules.table import title
from data.store import changes, store
from data.terms.rows import RAW
from ui import parts, queries, visitor
from ui.cards.data import pending
from ui.cards.data.job import Job, chosen_text, job, prepare, refusal
from ui.cards.data.totals import money


def step(findings: Findings | None) -> None:
    """Show the step."""
    work = job()
    if findings is None:
        return
    with st.container(border=True):
        st.markdown("**4 · Prepare and open**")
        try:
            name, text = work.name(), chosen_text(work)
        except DataError as error:
            refusal(error)
            return
        _consequence(work, name)
        with st.container(horizontal=True):
            wanted = st.button(
                "Prepare again" if work.done else "Prepare",
                key="data_prepare",
                type="secondary" if work.done else "primary",
                icon=":material/play_arrow:",
            )
            st.download_button(
                "Download the recipe",
                text,
                file_name=f"{file_name(name)}.toml",
                mime="application/toml",
                key="data_download_recipe",
                on_click="ignore",
                icon=":material/download:",
                help="To be edited, dropped here again, or used with `python -m data prepare`.",
            )
        if wanted:
            try:
                prepare(work)
                queries.entries.clear()
            except DataError as error:
                refusal(error)
            else:
                st.rerun()
        if work.done:
            _done(work, work.done)


def _consequence(work: Job, name: str) -> None:
    """Where the dataset goes, and what it replaces."""
    there = next((entry for entry in store.entries(home=visitor.home()) if entry.name == name), None)
    sentence = f"It becomes the dataset {name}"
    if there is not None and not work.done:
        sentence += f" and takes the place of {there.title}, whose earlier version stays on disk"
    st.caption(plain(f"{sentence}." if visitor.may_write() else f"{sentence}, in this session only."))


def _done(work: Job, done: dict[str, str]) -> None:
    path = Path(done["path"])
    st.success("The dataset is ready.", icon=":material/check_circle:")
    with st.container(horizontal=True):
        st.button(
            "Open the dashboards", key="data_open", type="primary", on_click=pending.open_now, args=(done["name"],)
        )
        aside = store.set_aside(path)
        if aside is not None:
            content = parts.csv_bytes(_readable(aside))
            st.download_button(
                f"Download the {aside.height:,} rows set aside" if aside.height > 1 else "Download the row set aside",
                content,
                file_name=f"set_aside_{hashlib.sha256(content).hexdigest()[:8]}.csv",
                mime="text/csv",
                key="data_download_aside",
                on_click="ignore",
                icon=":material/download:",
            )
    _accounted(path, work)
    with st.expander("The whole report", type="compact"):
        st.code(done["report"], language=None)
    if work.before == path:
        st.caption("Nothing changed since it was prepared before.")
    elif work.before is not None:
        st.markdown("**What changed**")
        rows = [
            (figure.label, figure.before, figure.now) for figure in changes.changes(work.before, path) if figure.changed
        ]
        if rows:
            frame = pl.DataFrame(rows, schema=["figure", "before", "now"], orient="row")
            st.dataframe(
                frame,
                hide_index=True,
                column_config={"figure": "", "before": "Before", "now": "Now"},
                alt="What changed",
            )
        else:
            st.caption("Nothing but how it is described.")


def _readable(aside: pl.DataFrame) -> pl.DataFrame:
    """Rows set aside for people: money in its unit, columns under their own names, rules as they are called."""
    own = ("role", "rule", "reason", "file", "row", "money")
    raw = {name: name.removeprefix(RAW) for name in aside.columns if name.startswith(RAW)}
    taken = {name: f"{name} (source)" if name in own else name for name in raw.values()}
    return aside.with_columns(
        pl.col("rule").map_elements(title, return_dtype=pl.String), pl.col("money").cast(pl.Float64) / MONEY_SCALE
    ).rename({name: taken[called] for name, called in raw.items()})


def _accounted(path: Path, work: Job) -> None:
    """Where every row went, files that were left out among them, and what was decided on the way."""
    content = store.content(path)
    counts, currency = content["reconciliation"], str(content["currency"])
    aside = counts.get("set_aside", [])
    total = counts["revenue"] + counts["returns_money"] + sum(rule["money"] for rule in aside)
    rows = [
        ("Rows in", counts["rows_read"], total, ""),
        ("Kept as sales", counts["lines_kept"], counts["revenue"], ""),
        ("Turned into returns", counts["returns_kept"], counts["returns_money"], ""),
        *((f"Set aside: {title(rule['rule'])}", rule["rows"], rule["money"], rule["reason"]) for rule in aside),
    ]
    named = {str(source["file"]) for source in content.get("sources", [])}
    frame = pl.DataFrame(
        [(label, f"{count:,}", money(amount, currency), why) for label, count, amount, why in rows]
        + _left_out(work, named),
        schema=["What became of them", "Rows", "Money", "Why"],
        orient="row",
    )
    st.dataframe(frame, hide_index=True, alt="Where every row went")
    for doubt in counts.get("doubts", []):
        st.warning(plain(doubt), icon=":material/visibility:")
    for note in counts.get("notes", []):
        st.caption(plain(note))


def _left_out(work: Job, used: set[str]) -> list[tuple[str, str, str, str]]:
    """A row for each file that went into nothing, with its rows and the reason."""
    why = {file_use.file: file_use.evidence for file_use in ([] if work.by_recipe else work.found.files)}
    left = [
        (f"Left out: {table.name}", f"{table.rows:,}", "–", why.get(table.name, "The recipe does not name it."))
        for table in work.tables
        if table.name not in used
    ]
    return left + [(f"Left out: {name}", "–", "–", sentence) for name, sentence in work.refused]
