"""The parts that pages are made of: KPI tiles, chart cards with their table and CSV, the reconciliation strip."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Literal

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts.sparkline import sparkline
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.formats import plain
from analytics.metrics import METRICS, Metric, definition, missing
from analytics.tables.ledger import Ledger
from data.errors import DataError
from ui import drawn, headings, queries, state
from ui.content.dashboards import Tile
from ui.headings import ColumnConfig, Heading
from ui.queries import VersionKey
from ui.sidebar import View


def draw(
    spec: dict[str, Any],
    rows: pl.DataFrame,
    *,
    alt: str,
    name: str = "",
    clicked: Callable[[str], None] | None = None,
) -> None:
    """Draw a specification over rows. `alt` is the chart's constant name; its takeaway belongs in the card.

    A chart with a `name` of its own on the page calls `clicked` with its key when something in it is selected. It then
    gets a new key, so that its own marking goes and the next click counts again.
    """
    if not clicked:
        st.vega_lite_chart(drawn.table(rows), spec, alt=alt, width="stretch")
        return
    key = state.turn(name)

    def selected() -> None:
        clicked(key)
        state.rotate(name)

    st.vega_lite_chart(drawn.table(rows), spec, alt=alt, key=key, on_select=selected, width="stretch")


def tile(data: Dataset, kpi: Tile) -> None:
    """One KPI: value, change against the base with its value, definition on hover, sparkline of the whole buckets."""
    metric, moved = METRICS[kpi.metric], kpi.change
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            metric.label,
            formats.text(kpi.now, metric.unit, data.currency),
            "–" if moved is None else formats.change_text(moved, metric.unit) if moved else 0,
            delta_color="off" if moved is None else "inverse" if metric.better == "less" else "normal",
            delta_arrow="off" if moved is None else "auto",
            delta_description=(
                "no base" if moved is None else f"vs {formats.text(kpi.base, metric.unit, data.currency)}"
            ),
            help=f"{definition(metric, data)}  \n{plain(_in_full(kpi, data.currency))}",
        )
        line = sparkline(kpi.spark, f"Course of {metric.label}", _meaning(metric, moved))
        if line:
            st.html(line)


def _meaning(metric: Metric, moved: float | None) -> str:
    if not moved:
        return "neither"
    return "good" if (moved > 0) == (metric.better == "more") else "bad"


def _in_full(kpi: Tile, currency: str) -> str:
    unit = METRICS[kpi.metric].unit
    sentence = f"In full: {formats.text(kpi.now, unit, currency, compact=False)}"
    return (
        f"{sentence}, against {formats.text(kpi.base, unit, currency, compact=False)}."
        if kpi.change is not None
        else f"{sentence}."
    )


@contextmanager
def card(
    data: Dataset,
    title: str,
    *,
    table: pl.DataFrame | Callable[[], pl.DataFrame],
    name: str,
    takeaway: str = "",
    note: str = "",
    columns: Mapping[str, Heading] | None = None,
    height: Literal["stretch", "content"] = "stretch",
) -> Iterator[None]:
    """A bordered card: title, takeaway and note in plain text, what is drawn inside, its table and CSV behind a button.

    The table is built when its button is opened; the CSV holds exactly that table, under the same headings: those of
    `headings.HEADINGS` and, where they differ, of `columns`.
    """
    with st.container(border=True, height=height, gap="small"):
        with st.container(horizontal=True, wrap=False, gap="small"):
            # One element for all words of a card: the browser pays for each one at every click.
            texts = [f"**{plain(title)}**", *([f":small[{plain(takeaway)}]"] if takeaway else [])]
            texts += [f":small[:gray[{plain(note)}]]"] if note else []
            st.markdown("  \n".join(texts), width="stretch")
            popover = st.popover("Table", type="tertiary", key=f"table_{name}", on_change="rerun")
        if popover.open:
            with popover:
                rows = table if isinstance(table, pl.DataFrame) else table()
                _table(title, rows, name, columns or {}, data.currency)
        yield


def _table(title: str, frame: pl.DataFrame, name: str, columns: Mapping[str, Heading], currency: str) -> None:
    st.markdown(f"**{plain(title)}**")
    configuration = headings.configuration(frame, columns, currency)
    st.dataframe(frame, hide_index=True, column_config=configuration, alt=f"Table of {title}", width=640)
    heads = headings.labels(frame.columns, columns)
    content = csv_bytes(frame.select(list(heads)).rename(heads))
    digest = hashlib.sha256(content).hexdigest()[:8]
    st.download_button(
        "Download CSV",
        content,
        file_name=f"{name}_{digest}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        icon=":material/download:",
    )


def table(
    data: Dataset,
    rows: pl.DataFrame,
    columns: Mapping[str, Heading],
    *,
    alt: str,
    height: int | Literal["content"] = "content",
) -> None:
    """Rows drawn as a table inside a card, headed as those behind its button."""
    configuration = headings.configuration(rows, columns, data.currency)
    st.dataframe(rows, hide_index=True, column_config=configuration, alt=alt, height=height)


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as UTF-8 CSV; text that a spreadsheet would run as a formula is made safe, numbers stay as they are."""
    buffer = io.BytesIO()
    formats.csv_safe(frame).write_csv(buffer)
    return buffer.getvalue()


def tiles(data: Dataset, row: Sequence[Tile], names: Sequence[str]) -> None:
    """A grid of KPI tiles; metrics that the data cannot give are named beneath with what would show them."""
    with st.grid(4, min_column_width=200, gap="small"):
        for kpi in row:
            tile(data, kpi)
    hidden = [why for name in names if (why := missing(METRICS[name], data))]
    if hidden:
        st.caption(" ".join(hidden))


def drawn_without(data: Dataset, view: View, *names: str) -> str:
    """The end of a card's note where what it draws leaves out the filters on some dimensions."""
    labels = dimensions.let_go(data, view.filters.where, names)
    return f" · drawn without the filter on {' and '.join(labels)}" if labels else ""


def blank(text: str) -> None:
    """A card without a chart says why."""
    st.caption(text)


def hidden(columns: str) -> str:
    """Why something whose columns are absent is not shown, and which would show it."""
    return f"Hidden: this dataset has no such columns. Add {columns} to see it."


def lacking(title: str, columns: str) -> None:
    """What is absent says which columns would show it."""
    st.markdown(f"**{title}**")
    st.caption(hidden(columns))


def nothing(data: Dataset, view: View) -> None:
    """What to do when no line is left."""
    widen = [dimensions.dimension(name, data).label for name, _ in view.filters.where]
    text = f"No order lines {view.filters.period.when()}"
    text += (
        f" for the chosen {', '.join(widen)}. Remove one of these filters above, or choose a longer period."
        if widen
        else (". Choose a longer period.")
    )
    st.info(text, icon=":material/filter_alt_off:")


def columns(metric: Metric, *, member: str = "Period") -> dict[str, Heading]:
    """How the table of a metric by period or member is headed."""
    return {
        "member": member,
        "value": ColumnConfig(metric.label, metric.unit),
        "value_base": ColumnConfig("Compared with", metric.unit),
    }


def _changes(metric: Metric) -> pl.Expr:
    return (pl.col("change") * 100).alias("change_pp") if metric.unit == "share" else pl.col("change")


def trend_table(rows: pl.DataFrame, metric: Metric) -> pl.DataFrame:
    """A trend as people download it: one row per bucket."""
    return rows.select("label", "first", "last", "value", "value_base", _changes(metric))


def breakdown_table(rows: pl.DataFrame, metric: Metric) -> pl.DataFrame:
    """A breakdown as people download it: one row per member, all of them."""
    share = ["share"] if metric.kind == "sum" else []
    margin = ["margin"] if metric.name != "margin" and not rows["margin"].is_null().all() else []
    return rows.select("member", "value", *share, "value_base", _changes(metric), *margin)


def grid_table(rows: pl.DataFrame) -> pl.DataFrame:
    """A heat map as people read it: one row per row of the grid, one column per column."""
    ordered = rows.sort("column_rank", "row_rank")
    return ordered.pivot("column", index=["row_rank", "row"], values="value").sort("row_rank").drop("row_rank")


def reconciliation(data: Dataset, source: VersionKey, ledger: Ledger) -> None:
    """The strip at the foot of a page: where every line went, and that the money adds up.

    While large files are still being checked it says so instead of a difference, and looks again each second.
    """
    if queries.pending(source):
        _unreconciled(data, source, ledger)
    else:
        _strip(data, ledger, "")


@st.fragment(run_every=1.0)
def _unreconciled(data: Dataset, source: VersionKey, ledger: Ledger) -> None:
    try:
        pending = queries.pending(source)
    except DataError:
        st.rerun()  # the frame says what is wrong instead of the page
    if not pending:
        st.rerun()
    _strip(data, ledger, pending)


def _strip(data: Dataset, ledger: Ledger, pending: str) -> None:
    def money(amount: Decimal) -> str:
        return plain(formats.text(float(amount), "money", data.currency, compact=False))

    parts = [
        f"Lines read **{ledger.rows_read:,}**",
        f"kept **{ledger.lines_kept:,}**",
        *([f"turned into returns **{ledger.rows_returned:,}**"] if ledger.rows_returned else []),
        f"set aside **{ledger.rows_set_aside:,}**",
        f"in this view **{ledger.view_lines:,}**",
        f"revenue of the view **{money(ledger.view_revenue)}**",
        f"of the dataset **{money(ledger.revenue)}**",
        f"not yet reconciled with the import, being checked: **{plain(pending)}**"
        if pending
        else f"difference to the import **{ledger.difference:,.2f}**",
    ]
    with st.container(border=True):
        st.markdown(":small[" + " · ".join(parts) + "]")
        if data.reconciliation.set_aside or data.reconciliation.notes:
            with st.popover("What was set aside", icon=":material/rule:", type="tertiary"):
                for rule in data.reconciliation.set_aside:
                    amount = money(Decimal(rule.money) / MONEY_SCALE)
                    st.markdown(f"**{rule.rows:,}** lines, {amount}: {plain(rule.reason)}")
                for text in data.reconciliation.notes:
                    st.caption(plain(text))
