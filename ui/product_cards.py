"""Chart cards of the Products and pricing page."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics import sentences_growth as sentences
from analytics.charts import abc as abc_charts
from analytics.charts import bars as bar_charts
from analytics.charts import estimates as estimate_charts
from analytics.charts import matrix as matrix_charts
from analytics.charts import prices as price_charts
from analytics.dataset import Dataset
from analytics.tables import affinity, prices, product_life
from analytics.tables.returns import FEWEST_SOLD
from ui import choices, growth, parts, state
from ui.sidebar import View

LEVEL: Final = "product_level"
SUPPORT: Final = "affinity_support"
ITEM: Final = "affinity_item"
SCOPE_LEVEL: Final = "price_level"
SCOPE_MEMBER: Final = "price_member"

EVERYTHING: Final = ""
SHOWN: Final = 8
"""Bars of a list."""


def levels(data: Dataset) -> list[str]:
    """Product levels from fine to wide."""
    return [name for name in ("product", "subcategory", "category") if data.has(name)]


def level(data: Dataset) -> str:
    """The level that the page's charts are shown at."""
    return str(choices.chosen(LEVEL, levels(data)))


def level_choice(data: Dataset) -> None:
    """Turns the page's first charts to another level."""
    level(data)
    choices.buttons("Level", LEVEL, levels(data), lambda name: dimensions.dimension(name, data).plural.capitalize())


def _label(data: Dataset, name: str) -> str:
    return dimensions.dimension(name, data).label


def _number(words: str, unit: str, data: Dataset) -> Any:
    return st.column_config.NumberColumn(words, format=formats.column(unit, data.currency))


def pareto(data: Dataset, view: View) -> None:
    """ABC classes and the Pareto curve."""
    name = level(data)
    shown, table, _ = growth.pareto(view, name)
    with parts.card(
        "ABC: what makes most of the revenue",
        name="abc",
        table=lambda: table,
        takeaway=shown.takeaway,
        note="A up to 80 % of revenue, B up to 95 %, C the rest; what crosses a line belongs to the higher class",
        columns={
            "member": _label(data, name),
            "revenue": _number("Revenue", "money", data),
            "units": _number("Products sold", "count", data),
            "share": _number("Share", "share", data),
            "cumulative": _number("Cumulative share", "share", data),
            "rank": "Rank",
            "rank_share": _number("Share of items", "share", data),
            "abc": "Class",
        },
    ):
        parts.draw(abc_charts.pareto(), shown.rows, alt="Pareto curve of revenue")


def growth_matrix(data: Dataset, view: View) -> None:
    """Growth against share; a click filters."""
    name = level(data)
    if view.filters.base is None:
        with st.container(border=True, height="stretch"):
            st.markdown("**Growth against share**")
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see growth.")
        return
    shown = growth.growth_matrix(view, name)
    key = state.turn("matrix")

    def clicked() -> None:
        state.pick(key, matrix_charts.PICK, "member", name)
        state.rotate("matrix")

    with parts.card(
        "Growth against share",
        name="matrix",
        table=lambda: shown.rows.select("member", "revenue", "revenue_base", "share", "growth", "profit", "quadrant"),
        takeaway=shown.takeaway,
        note="Large: a share above the mean · gaining: growth above that of all together · click to filter",
        columns={
            "member": _label(data, name),
            "revenue": _number("Revenue", "money", data),
            "revenue_base": _number("Base", "money", data),
            "share": _number("Share", "share", data),
            "growth": _number("Growth", "share", data),
            "profit": _number("Profit", "money", data),
            "quadrant": "Is",
        },
    ):
        parts.draw(matrix_charts.matrix(), shown.rows.head(120), alt="Growth against share", key=key, on_select=clicked)


def life(data: Dataset, view: View) -> None:
    """Products by stage of life, and those launched or discontinued."""
    shown, table = growth.life(view)
    columns: dict[str, Any] = {
        "member": "Product",
        "stage": st.column_config.TextColumn("Stage", help=_stages()),
        "first_day": st.column_config.DateColumn("First sold", format="D MMM YYYY"),
        "last_day": st.column_config.DateColumn("Last sold", format="D MMM YYYY"),
        "revenue": _number("Revenue", "money", data),
        "revenue_base": _number("Base", "money", data),
        "change": _number("Change", "share", data),
        "lines": _number("Order lines", "count", data),
        "lines_base": _number("Order lines in base", "count", data),
    }
    with parts.card(
        "Product life",
        name="product_life",
        table=lambda: table,
        takeaway=shown.takeaway,
        note="Bars: products. Launched: first sold in this period · discontinued: not sold for 60 days and 8 of its "
        "usual gaps · growing, declining: more or fewer order lines than the comparison, beyond chance",
        columns=columns,
    ):
        parts.draw(bar_charts.bars(110), shown.rows, alt="Products by stage of life")


def _stages() -> str:
    return "; ".join(f"{stage}: {meaning}" for stage, meaning in product_life.STAGES.items())


def profits(data: Dataset, view: View) -> None:
    """What loses money, and what earns most."""
    name = level(data)
    if not data.has("cost"):
        with st.container(border=True, height="stretch"):
            parts.lacking("Profit: what loses money", "a cost column on the order lines")
        return
    shown = growth.profits(view, name)
    rows = shown.rows
    most = rows.sort("profit", "member", descending=[True, False])
    ends = most if most.height <= 2 * SHOWN - 4 else pl.concat([most.head(SHOWN - 3), most.tail(SHOWN - 3)])
    key = state.turn("bars_profit")

    def clicked() -> None:
        state.pick(key, bar_charts.PICK, "member", name)
        state.rotate("bars_profit")

    with parts.card(
        "Profit: what earns and what loses money",
        name="profit",
        table=lambda: rows.select("member", "revenue", "profit", "margin"),
        takeaway=shown.takeaway,
        note="Highest and lowest profit: revenue less the cost of the units sold · click to filter",
        columns={
            "member": _label(data, name),
            "revenue": _number("Revenue", "money", data),
            "profit": _number("Profit", "money", data),
            "margin": _number("Margin", "share", data),
        },
    ):
        parts.draw(bar_charts.movers(170), ends, alt="Highest and lowest profit", key=key, on_select=clicked)


# --- Bought together --------------------------------------------------------------------------------------------------


def _support() -> float:
    return float(choices.chosen(SUPPORT, affinity.SUPPORTS[1:] + affinity.SUPPORTS[:1]))


def support() -> float:
    """The smallest share of orders that a pair needs."""
    return _support()


def _rule_columns(data: Dataset) -> dict[str, Any]:
    return {
        "item": "With",
        "offer": "Offer",
        "both": _number("Orders with both", "count", data),
        "item_orders": _number("Orders with the first", "count", data),
        "offer_orders": _number("Orders with the second", "count", data),
        "support": _number("Support", "share", data),
        "confidence": _number("Confidence", "share", data),
        "lift": st.column_config.NumberColumn("Lift", format="%.2f"),
        "least_lift": st.column_config.NumberColumn("Lift at least", format="%.2f"),
    }


RULE_TITLES: Final = (("text", "Lift"), ("detail", "On"))
TIMES: Final = "format(datum.value, '~r') + '×'"


def together(data: Dataset, view: View) -> None:
    """What is bought together most beyond chance."""
    name, least = level(data), _support()
    shown = growth.strongest(view, name, least)
    with parts.card(
        "Bought together",
        name="affinity",
        table=lambda: growth.rules(view, name, least)[0],
        takeaway=shown.takeaway,
        note="Lift: how many times as often as if chance alone put both on an order; bar: its lower end at 95 %",
        columns=_rule_columns(data),
    ):
        choices.menu(
            "At least this share of orders",
            SUPPORT,
            affinity.SUPPORTS,
            lambda value: f"{formats.text(value, 'share')} of orders",
            width=180,
        )
        if shown.rows.is_empty():
            parts.blank("No pair lies beyond chance. Ask for a smaller share of orders, or a wider product level.")
        else:
            spec = estimate_charts.estimates(TIMES, titles=RULE_TITLES, label_limit=300)
            parts.draw(spec, shown.rows.with_columns(_ends()), alt="What is bought together")


def _ends() -> list[pl.Expr]:
    return [pl.col("value").alias("high"), pl.lit(1.0).alias("mark")]


def offer(data: Dataset, view: View) -> None:
    """What to offer with one item."""
    name, least = level(data), _support()
    found = growth.rules(view, name, least)[0]
    best = found.group_by("item", maintain_order=True).agg(pl.col("least_lift").max())["item"].to_list()
    if not best:
        with st.container(border=True, height="stretch"):
            st.markdown("**What to offer with it**")
            parts.blank("Nothing is on enough orders together. Ask for a smaller share of orders.")
        return
    item = choices.chosen(ITEM, best)
    shown = growth.offers(view, name, least, item)
    with parts.card(
        "What to offer with it",
        name="offers",
        table=lambda: found.filter(pl.col("item") == item),
        takeaway=shown.takeaway,
        note="Surest first; the grey tick is what chance would give",
        columns=_rule_columns(data),
    ):
        choices.menu("With", ITEM, best)
        spec = estimate_charts.estimates(TIMES, titles=RULE_TITLES)
        parts.draw(spec, shown.rows.with_columns(_ends()), alt="What to offer with an item")


# --- Prices -----------------------------------------------------------------------------------------------------------


def scope(data: Dataset, view: View) -> prices.Scope:
    """What the price cards are about, by the two choices above them."""
    options = [EVERYTHING, *reversed(levels(data))]
    name = str(choices.chosen(SCOPE_LEVEL, options))
    if not name:
        return prices.Scope("", "")
    return prices.Scope(name, str(choices.chosen(SCOPE_MEMBER, _members(data, view, name))))


def _members(data: Dataset, view: View, name: str) -> list[str]:
    sold = growth.pareto(view, name)[1]["member"].to_list()
    return sold or list(data.members[name][:1])


def scope_choice(data: Dataset, view: View) -> None:
    """The two choices that say what the price cards are about."""
    found = scope(data, view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choices.menu(
            "Prices of",
            SCOPE_LEVEL,
            [EVERYTHING, *reversed(levels(data))],
            lambda name: "Everything in this view" if not name else f"One {_label(data, name).lower()}",
            width=220,
        )
        if found.level:
            choices.menu(_label(data, found.level), SCOPE_MEMBER, _members(data, view, found.level), width=300)


def scope_words(found: prices.Scope) -> str:
    """A scope as people call it."""
    return found.member or "Everything in this view"


def price_history(data: Dataset, view: View) -> None:
    """Prices paid and discounts over the months of the whole history."""
    found = scope(data, view)
    shown = growth.price_history(view, found)
    with parts.card(
        f"Price history: {formats.plain(scope_words(found))}",
        name="price_history",
        table=lambda: shown.rows.select("label", "price", "list_price", "discount_rate", "units", "revenue"),
        takeaway=shown.takeaway,
        note="Line: paid a unit, dashed before discounts · bars: units · whole months up to this period's end",
        columns={
            "label": "Month",
            "price": _number("Paid a unit", "money", data),
            "list_price": _number("Before discounts", "money", data),
            "discount_rate": _number("Discount", "share", data),
            "units": _number("Units", "count", data),
            "revenue": _number("Revenue", "money", data),
        },
    ):
        if shown.rows.height < 2:
            parts.blank("Too few whole months with sales.")
        else:
            spec = price_charts.prices(formats.axis_label("money", data.currency))
            parts.draw(spec, shown.rows, alt="Prices over time")
            parts.draw(price_charts.units(), shown.rows, alt="Units over time")


def elasticities(data: Dataset, view: View) -> None:
    """How units answer to price, each with its interval."""
    found = scope(data, view)
    own, table = growth.elasticity(view, found), growth.elasticities(view, found)
    told = table.filter(pl.col("value").is_not_null())
    rest = table.height - told.height
    with parts.card(
        "How units answer to price",
        name="elasticity",
        table=lambda: table.drop("text"),
        takeaway=sentences.elasticity(own, scope_words(found)),
        note="Elasticity: percentage change of units for a price 1 % higher; log units on log price with month effects"
        + (f" · {rest:,} not identifiable, see the table" if rest else ""),
        columns={
            "member": "Item",
            "value": st.column_config.NumberColumn("Elasticity", format="%.2f"),
            "low": st.column_config.NumberColumn("From", format="%.2f"),
            "high": st.column_config.NumberColumn("To", format="%.2f"),
            "observations": _number("Item-months", "count", data),
            "variation": _number("Price variation", "share", data),
            "reason": "Why not",
            "revenue": _number("Revenue of all data", "money", data),
        },
    ):
        if told.is_empty():
            parts.blank("Not identifiable: prices hardly varied, or too few months had sales. See the table for each.")
        else:
            spec = estimate_charts.estimates(
                "format(datum.value, '~r')", titles=(("text", "Elasticity (95 % interval)"),)
            )
            rows = told.head(12).with_columns(pl.lit(0.0).alias("mark"))
            parts.draw(spec, rows, alt="Elasticities with their intervals")


def what_if(data: Dataset, view: View) -> None:
    """What another price or discount would bring, with its interval."""
    found = scope(data, view)
    own, sold = growth.elasticity(view, found), growth.sold(view, found)
    with st.container(border=True, height="stretch"):
        st.markdown(f"**What if the price changed? {formats.plain(scope_words(found))}**")
        if not own.identifiable:
            st.markdown(f":small[{formats.plain(sentences.elasticity(own, scope_words(found)))}]")
            parts.blank("Without an elasticity there is nothing honest to reckon with.")
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
        st.markdown(f":small[{formats.plain(sentences.what_if(outcome, change, data.currency))}]")
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


# --- Returns ----------------------------------------------------------------------------------------------------------


def returns(data: Dataset, view: View) -> None:
    """What comes back: by product against its neighbours, by reason, by place and by time."""
    st.subheader("Returns", anchor="returns")
    found = growth.returned(view)
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
        "sold": _number("Units sold", "count", data),
        "returned": _number("Units returned", "count", data),
        "rate": _number("Return rate", "share", data),
        "low": _number("From", "share", data),
        "high": _number("To", "share", data),
        "expected": _number("Expected", "share", data),
        "beyond": "Beyond chance",
        "amount": _number("Money returned", "money", data),
        "excess": _number("Lost beyond expected", "money", data),
        "share": _number("Share of units", "share", data),
    }
    hide = pl.exclude("text", "range_text", "expected_text", "amount_text")
    left, right = st.columns([7, 5])
    with (
        left,
        parts.card(
            "Return rate by product",
            name="returns_product",
            table=lambda: found.products.select(hide),
            takeaway=sentences.returns(found, data.currency),
            note="Grey tick: what the rest of the subcategory leads one to expect · most money lost beyond it first, "
            f"products with {FEWEST_SOLD} units sold or more",
            columns={"member": "Product", "subcategory": "Subcategory", "category": "Category", **rate_columns},
        ),
    ):
        rows = found.products.filter(pl.col("sold") >= FEWEST_SOLD).head(SHOWN)
        rows = rows.with_columns(pl.col("rate").alias("value"), pl.col("expected").alias("mark"))
        parts.draw(
            estimate_charts.estimates(percent, titles=titles), rows, alt="Return rate by product against its neighbours"
        )
    with (
        right,
        parts.card(
            "Why goods come back",
            name="returns_reason",
            table=lambda: found.reasons.select(pl.exclude("text", "value")) if found.reasons.height else found.reasons,
            takeaway=sentences.reasons(found.reasons, data.currency),
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
            takeaway=sentences.return_places(found.places) if found.places.height else "The returns name no place.",
            note="Grey tick: the rate of all other places",
            columns={"member": "Place", **rate_columns},
        ),
    ):
        if found.places.height:
            rows = found.places.head(SHOWN).with_columns(
                pl.col("rate").alias("value"), pl.col("expected").alias("mark")
            )
            parts.draw(estimate_charts.estimates(percent, titles=titles), rows, alt="Return rate by place")
    with (
        right,
        parts.card(
            "How long it takes",
            name="returns_lag",
            table=lambda: found.lags.select("member", "returned", "share") if found.lags.height else found.lags,
            takeaway=sentences.lags(found),
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
