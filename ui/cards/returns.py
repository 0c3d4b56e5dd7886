"""Return cards: what comes back, why, where and when."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analytics import formats
from analytics.charts import bars as bar_charts
from analytics.charts import prices as prices_charts
from analytics.dataset import Dataset
from analytics.sentences import returns as returns_sentences
from analytics.tables.returns import FEWEST_SOLD
from ui import parts
from ui.cards.products import SHOWN
from ui.content import returns as content
from ui.sidebar import View


def returns(data: Dataset, view: View) -> None:
    """What comes back: by product against its neighbours, by reason, by place and by time."""
    st.subheader("Returns", anchor="returns")
    found = content.returned(view)
    if isinstance(found, str):
        with st.container(border=True):
            parts.blank(found)
        return
    percent = "format(datum.value, '.3~p')"
    titles = (
        ("text", "Comes back"), ("range_text", "95 % interval"), ("expected_text", "Expected"),
        ("amount_text", "Money returned"),
    )  # fmt: skip
    rate_columns = {
        "sold": parts.number_column("Units sold", "count", data),
        "returned": parts.number_column("Units returned", "count", data),
        "rate": parts.number_column("Return rate", "share", data),
        "low": parts.number_column("From", "share", data),
        "high": parts.number_column("To", "share", data),
        "expected": parts.number_column("Expected", "share", data),
        "beyond": "Beyond chance",
        "amount": parts.number_column("Money returned", "money", data),
        "excess": parts.number_column("Lost beyond expected", "money", data),
        "share": parts.number_column("Share of units", "share", data),
    }
    hide = pl.exclude("text", "range_text", "expected_text", "amount_text")
    left, right = st.columns([7, 5])
    with (
        left,
        parts.card(
            "Return rate by product",
            name="returns_product",
            table=lambda: found.products.select(hide),
            takeaway=returns_sentences.returns(found, data.currency),
            note="Grey tick: what the rest of the subcategory leads one to expect · most money lost beyond it first, "
            f"products with {FEWEST_SOLD} units sold or more",
            columns={"member": "Product", "subcategory": "Subcategory", "category": "Category", **rate_columns},
        ),
    ):
        rows = found.products.filter(pl.col("sold") >= FEWEST_SOLD).head(SHOWN)
        rows = rows.with_columns(pl.col("rate").alias("value"), pl.col("expected").alias("mark"))
        parts.draw(
            prices_charts.estimates(percent, titles=titles), rows, alt="Return rate by product against its neighbours"
        )
    with (
        right,
        parts.card(
            "Why goods come back",
            name="returns_reason",
            table=lambda: found.reasons.select(pl.exclude("text", "value")) if found.reasons.height else found.reasons,
            takeaway=returns_sentences.reasons(found.reasons, data.currency),
            note="Money returned, by the reason given",
            columns={"member": "Reason", **rate_columns},
        ),
    ):
        if found.reasons.height:
            parts.draw(bar_charts.bars(130), _as_bars(found.reasons), alt="Money returned by reason")
    left, right = st.columns([7, 5])
    with (
        left,
        parts.card(
            "Return rate by place",
            name="returns_place",
            table=lambda: found.places.select(hide) if found.places.height else found.places,
            takeaway=returns_sentences.return_places(found.places)
            if found.places.height
            else "The returns name no place.",
            note="Grey tick: the rate of all other places",
            columns={"member": "Place", **rate_columns},
        ),
    ):
        if found.places.height:
            rows = found.places.head(SHOWN).with_columns(
                pl.col("rate").alias("value"), pl.col("expected").alias("mark")
            )
            parts.draw(prices_charts.estimates(percent, titles=titles), rows, alt="Return rate by place")
    with (
        right,
        parts.card(
            "How long it takes",
            name="returns_lag",
            table=lambda: found.lags.select("member", "returned", "share") if found.lags.height else found.lags,
            takeaway=returns_sentences.lags(found),
            note="Days from order to return, share of units",
            columns={"member": "After", **rate_columns},
        ),
    ):
        if found.lags.height:
            parts.draw(bar_charts.bars(110), _as_bars(found.lags), alt="Days from order to return")


def _as_bars(rows: pl.DataFrame) -> pl.DataFrame:
    texts = [formats.text(v, "share") for v in rows["share"]]
    return rows.with_columns(
        pl.lit(None, pl.Float64).alias("value_base"),
        pl.lit(True).alias("selected"),
        pl.Series("share_text", texts, pl.String),
        pl.lit("–").alias("base_text"),
        pl.lit("–").alias("change_text"),
    )
