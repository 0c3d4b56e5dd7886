"""Price cards: prices over time, how units answer, what another price brings."""

from __future__ import annotations

from typing import Final

import polars as pl
import streamlit as st

from analytics import formats
from analytics.charts import prices as charts
from analytics.dataset import Dataset
from analytics.sentences import prices as prices_sentences
from analytics.tables import prices
from ui import choices, parts, queries
from ui.card import Card, Chart
from ui.cards.products import label, levels
from ui.content import prices as content
from ui.content import products as products_content
from ui.headings import ColumnConfig
from ui.sidebar import View

SCOPE_LEVEL: Final = "price_level"
SCOPE_MEMBER: Final = "price_member"
EVERYTHING: Final = ""
MOST_ESTIMATES: Final = 12
"""Elasticities that are drawn: the most elastic."""


def scope(data: Dataset, view: View) -> prices.Scope:
    """What the price cards are about, by the two choices above them."""
    options = [EVERYTHING, *reversed(levels(data))]
    name = str(choices.chosen(SCOPE_LEVEL, options))
    if not name:
        return prices.Scope("", "")
    return prices.Scope(name, str(choices.chosen(SCOPE_MEMBER, _members(data, view, name))))


def _members(data: Dataset, view: View, name: str) -> list[str]:
    sold = products_content.pareto(view, name)[1]["member"].to_list()
    return sold or list(data.members[name][:1])


def scope_choice(data: Dataset, view: View) -> None:
    """The two choices that say what the price cards are about."""
    chosen = scope(data, view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choices.menu(
            "Prices of",
            SCOPE_LEVEL,
            [EVERYTHING, *reversed(levels(data))],
            lambda name: "Everything in this view" if not name else f"One {label(data, name).lower()}",
            width=220,
        )
        if chosen.level:
            choices.menu(label(data, chosen.level), SCOPE_MEMBER, _members(data, view, chosen.level), width=300)


def scope_words(price_scope: prices.Scope) -> str:
    """A scope as people call it."""
    return price_scope.member or "Everything in this view"


def price_history(view: View) -> Card:
    """Prices paid and discounts over the months of the whole history."""
    data = queries.dataset(view.source)
    price_scope = scope(data, view)
    shown = content.price_history(view, price_scope)
    spec = charts.prices(formats.axis_label("money", data.currency))
    return Card(
        f"Price history: {scope_words(price_scope)}",
        name="price_history",
        table=lambda: shown.rows.select("label", "price", "list_price", "discount_rate", "units", "revenue"),
        takeaway=shown.takeaway,
        note="Line: paid a unit, dashed before discounts · bars: units · whole months up to this period's end",
        columns={"label": "Month"},
        body=[
            Chart(spec, shown.rows, alt="Prices over time"),
            Chart(charts.units(), shown.rows, alt="Units over time"),
        ]
        if shown.rows.height > 1
        else [],
        empty="Too few whole months with sales.",
    )


def elasticities(view: View) -> Card:
    """How units answer to price, each with its interval."""
    data = queries.dataset(view.source)
    price_scope = scope(data, view)
    own, table = content.elasticity(view, price_scope), content.elasticities(view, price_scope)
    identified = table.filter(pl.col("value").is_not_null())
    rest = table.height - identified.height
    drawn = identified.head(MOST_ESTIMATES)
    short = pl.Series("short", [prices.short(value) for value in drawn["value"]], pl.String)
    rows = drawn.with_columns(pl.lit(0.0).alias("mark"), pl.col("text").alias("range"), short.alias("text"))
    titles = (("range", "Elasticity (95 % interval)"), ("observations", "Item-months"))
    spec = charts.estimates("format(datum.value, '~r')", titles=titles)
    return Card(
        "How units answer to price",
        name="elasticity",
        table=lambda: table.drop("text", "chance", "elastic"),
        takeaway=prices_sentences.elasticity(own, scope_words(price_scope)),
        note="Elasticity: percentage change of units for a price 1 % higher, by the month's usual unit price (bulk "
        "purchases left out) with month effects; months without sales count"
        + (f" · {rest:,} not identifiable, see the table" if rest else ""),
        columns={
            "member": "Item",
            "value": ColumnConfig("Elasticity", format="%.2f"),
            "low": ColumnConfig("From", format="%.2f"),
            "high": ColumnConfig("To", format="%.2f"),
            "revenue": "Revenue of all data",
        },
        body=[Chart(spec, rows, alt="Elasticities with their intervals")],
        empty="Not identifiable: prices hardly varied, or too few months had sales. See the table for each.",
    )


def what_if(view: View) -> None:
    """What another price or discount would bring, with its interval."""
    data = queries.dataset(view.source)
    price_scope = scope(data, view)
    own, sold = content.elasticity(view, price_scope), content.sold(view, price_scope)
    with st.container(border=True, height="stretch"):
        st.markdown(f"**What if the price changed? {formats.plain(scope_words(price_scope))}**")
        if not own.usable:
            st.markdown(f":small[{formats.plain(prices_sentences.elasticity(own, scope_words(price_scope)))}]")
            parts.blank("Without an answer to price there is nothing honest to reckon with.")
            return
        if not sold.revenue > 0:
            parts.blank("Nothing was sold in this period.")
            return
        by_discount = False
        if sold.discount is not None:
            by_discount = (
                st.segmented_control(
                    "Change", ["Price", "Discount"], key="what_if_kind", default="Price", required=True,
                    label_visibility="collapsed",
                )
                == "Discount"
            )  # fmt: skip
        if by_discount:
            now = sold.discount_rate
            at = min(60, round(now * 100))
            rate = st.slider("Discount on the list price", 0, 60, at, 1, format="%d%%", key="what_if_rate")
            change = (1 - rate / 100) / (1 - now) - 1
        else:
            change = st.slider("Price change", -40, 40, -10, 1, format="%d%%", key="what_if_price") / 100
        outcome = prices.outcome(own, change, sold, data.currency)
        st.markdown(f":small[{formats.plain(prices_sentences.what_if(outcome, change))}]")
        with st.container(horizontal=True):
            for row in outcome.to_dicts():
                st.metric(
                    row["measure"],
                    f"{row['low_text']} to {row['high_text']}",
                    formats.change_text(row["change"], "count"),
                    delta_description=f"expected {row['expected_text']}, now {row['now_text']}",
                )
        st.caption(
            f"Elasticity {prices.text(own)}; units answer with it, unit costs stay. The ranges are those of the "
            "elasticity's 95 % interval; competitors and stock are not in it."
        )
