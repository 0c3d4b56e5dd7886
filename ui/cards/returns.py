"""Return cards: what comes back, why, where and when."""

from __future__ import annotations

from typing import Final

import polars as pl
import streamlit as st

from analytics import formats
from analytics.charts import bars as bar_charts
from analytics.charts import prices as prices_charts
from analytics.sentences import returns as returns_sentences
from analytics.tables.returns import FEWEST_SOLD, ReturnTables
from ui import parts, queries
from ui.card import Card, Chart, row
from ui.cards.products import SHOWN
from ui.content import returns as content
from ui.content.remembered import NotShown
from ui.sidebar import View

TITLES: Final = (
    ("text", "Comes back"), ("range_text", "95 % interval"), ("expected_text", "Expected"),
    ("amount_text", "Money returned"),
)  # fmt: skip
TEXTS: Final = tuple(name for name, _ in TITLES)
"""Columns of words, which are drawn and stand in no table."""


def returns(view: View) -> None:
    """What comes back: by product against its neighbours, by reason, by place and by time."""
    st.subheader("Returns", anchor="returns")
    table = content.returned(view)
    if isinstance(table, NotShown):
        with st.container(border=True):
            parts.blank(table.why)
        return
    row(view, _products, _reasons, widths=(7, 5))
    row(view, _places, _lags, widths=(7, 5))


def _returned(view: View) -> ReturnTables:
    table = content.returned(view)
    if isinstance(table, NotShown):
        raise ValueError(table.why)
    return table


def _products(view: View) -> Card:
    returned, currency = _returned(view), queries.dataset(view.source).currency
    rows = returned.products.filter(pl.col("sold") >= FEWEST_SOLD)
    return Card(
        "Return rate by product",
        name="returns_product",
        table=lambda: returned.products.drop(TEXTS),
        takeaway=returns_sentences.returns(returned, currency),
        note="Grey tick: what the rest of the subcategory leads one to expect · most money lost beyond it first, "
        f"products with {FEWEST_SOLD} units sold or more",
        columns={"member": "Product"},
        body=[_rates(rows, "Return rate by product against its neighbours")],
    )


def _places(view: View) -> Card:
    rows = _returned(view).places
    return Card(
        "Return rate by place",
        name="returns_place",
        table=lambda: rows.drop(TEXTS, strict=False),
        takeaway=returns_sentences.return_places(rows) if rows.height else "The returns name no place.",
        note="Grey tick: the rate of all other places",
        columns={"member": "Place"},
        body=[_rates(rows, "Return rate by place")] if rows.height else [],
    )


def _rates(rows: pl.DataFrame, alt: str) -> Chart:
    spec = prices_charts.estimates("format(datum.value, '.3~p')", titles=TITLES)
    drawn = rows.head(SHOWN).with_columns(pl.col("rate").alias("value"), pl.col("expected").alias("mark"))
    return Chart(spec, drawn, alt=alt)


def _reasons(view: View) -> Card:
    rows = _returned(view).reasons
    return Card(
        "Why goods come back",
        name="returns_reason",
        table=lambda: rows.drop("text", "value", strict=False),
        takeaway=returns_sentences.reasons(rows, queries.dataset(view.source).currency),
        note="Money returned, by the reason given",
        columns={"member": "Reason", "share": "Share of units"},
        body=[Chart(bar_charts.bars(130), _as_bars(rows), alt="Money returned by reason")] if rows.height else [],
    )


def _lags(view: View) -> Card:
    returned = _returned(view)
    rows = returned.lags
    return Card(
        "How long it takes",
        name="returns_lag",
        table=lambda: rows.select("member", "returned", "share") if rows.height else rows,
        takeaway=returns_sentences.lags(returned),
        note="Days from order to return, share of units",
        columns={"member": "After", "share": "Share of units"},
        body=[Chart(bar_charts.bars(110), _as_bars(rows), alt="Days from order to return")] if rows.height else [],
    )


def _as_bars(rows: pl.DataFrame) -> pl.DataFrame:
    texts = [formats.text(v, "share") for v in rows["share"]]
    return rows.with_columns(
        pl.lit(None, pl.Float64).alias("value_base"),
        pl.lit(True).alias("selected"),
        pl.Series("share_text", texts, pl.String),
        pl.lit("–").alias("base_text"),
        pl.lit("–").alias("change_text"),
    )
