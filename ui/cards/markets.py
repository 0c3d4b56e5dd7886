"""Cards of Markets."""

from __future__ import annotations

from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import markets as market_charts
from analytics.charts import prices as prices_charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.metrics import METRICS, definition
from analytics.tables import markets
from ui import choices, parts, queries
from ui.card import Card, Chart, Drawn, Rows, lacking
from ui.content import markets as content
from ui.headings import ColumnConfig, Heading
from ui.sidebar import View

DIMENSION: Final = "market_dimension"
SHOWN: Final = 12


def dimension(data: Dataset) -> str | None:
    """What markets are told apart by; None where the data has nothing to tell them by."""
    names = markets.places(data)
    return str(choices.chosen(DIMENSION, names)) if names else None


def level(data: Dataset) -> str | None:
    """The product level whose share is compared between markets."""
    return next((name for name in ("category", "subcategory") if data.has(name)), None)


def dimension_choice(data: Dataset) -> None:
    """Turns the page to countries, regions or a customer attribute."""
    choices.menu("Markets are", DIMENSION, markets.places(data), lambda n: dimensions.dimension(n, data).plural)


def scorecard(view: View) -> Drawn:
    """Every market with its scores; ranks are in the table."""
    data = queries.dataset(view.source)
    name = dimension(data)
    if name is None:
        return None
    shown = content.scorecard(view, name)
    card, label = shown.rows, dimensions.dimension(name, data).label
    scores = [n for n in card.columns if n not in ("member", "few") and not n.endswith("_rank")]
    columns: dict[str, Heading] = {"member": label}
    for score in scores:
        columns[score] = _score(score, data)
        columns[f"{score}_rank"] = ColumnConfig(f"{markets.label(score)}: rank", format="%d")
    return Card(
        f"Scorecard by {label.lower()}",
        name="scorecard",
        table=card,
        takeaway=shown.takeaway,
        note="Table: ranks too, 1 is best; rates of small markets are drawn towards all markets' before ranking, "
        f"and markets with fewer than {markets.FEWEST_CUSTOMERS} customers are not",
        columns=columns,
        body=[
            Rows(
                card.select("member", *scores).head(40),
                alt="Scorecard of markets",
                height="content" if card.height <= SHOWN else 460,
            )
        ],
        height="content",
    )


def _score(score: str, data: Dataset) -> ColumnConfig:
    text = formats.column(markets.unit(score), data.currency)
    return ColumnConfig(
        markets.label(score),
        help=markets.SCORE_SENTENCES.get(score) or definition(METRICS[score], data),
        format=text.replace("%,.2f", "%,.0f") if score == "revenue" else text,
        width=92,
    )


def white_space(view: View) -> Drawn:
    """Where markets buy less of a category than their peers, by the money at stake."""
    data = queries.dataset(view.source)
    name, product_level = dimension(data), level(data)
    if name is None or product_level is None:
        return lacking("White space", "a category or subcategory column")
    shown = content.white_space(view, name, product_level)
    titles = (("text", "At stake"), ("range_text", "90 % interval"), ("share_text", "Its share"),
              ("peers_text", "Peers' share"))  # fmt: skip
    rows = shown.rows.head(SHOWN).select(
        "member",
        pl.col("money").alias("value"),
        pl.col("money_low").alias("low"),
        pl.col("money_high").alias("high"),
        pl.lit(0.0).alias("mark"),
        "text", "range_text", "share_text", "peers_text",
    )  # fmt: skip
    spec = prices_charts.estimates(formats.axis_label("money", data.currency), titles=titles, label_limit=230)
    return Card(
        "White space: who buys less than their peers",
        name="white_space",
        table=lambda: shown.rows.select(
            "market", "category", "share", "peers", "shrunk", "gap", "money", "money_low", "money_high", "orders"
        ),
        takeaway=shown.takeaway,
        note="At stake in this period: (peers' share - own share, drawn towards theirs by its size) x revenue, "
        "with its 90 % interval by customer; listed where that excludes 0, of all gaps with false ones held at 5 %",
        columns={
            "market": dimensions.dimension(name, data).label,
            "category": dimensions.dimension(product_level, data).label,
            "share": "Its share",
            "gap": ColumnConfig("Gap", "share"),
            "money": "At stake",
        },
        body=[Chart(spec, rows, alt="Money at stake by market and category")],
        empty="No gap is larger than chance allows. A longer period tells more.",
    )


def side_by_side(view: View) -> None:
    """Two markets beside each other: every score with its rank, and what they buy."""
    data = queries.dataset(view.source)
    name, product_level = dimension(data), level(data)
    if name is None:
        return
    card = content.scorecard(view, name).rows.sort("few", maintain_order=True)
    members = card["member"].to_list()
    if len(members) < 2:
        return
    first = str(choices.chosen("market_first", members))
    others = [member for member in members if member != first]
    second = str(choices.chosen("market_second", others))
    shown = content.side_by_side(view, name, first, second)
    columns: dict[str, Heading] = {
        "first_text": plain(first),
        "second_text": plain(second),
        "first": ColumnConfig("First, number", "plain"),
    }
    with parts.card(
        data,
        "Two markets side by side",
        name="side_by_side",
        table=shown.rows,
        takeaway=shown.takeaway,
        note="Ranks among all markets with enough customers, 1 is best",
        columns=columns,
    ):
        with st.container(horizontal=True):
            choices.menu("Market", "market_first", members, width=200)
            choices.menu("beside", "market_second", others, width=200)
        left, right = st.columns(2) if product_level else (st.container(), None)
        with left:
            parts.table(
                data,
                shown.rows.select("score", _ranked("first"), _ranked("second")),
                columns,
                alt="Scores of two markets",
            )
        if right is not None and product_level:
            with right:
                rows = content.mix(view, name, product_level, first, second)
                rows = rows.with_columns((pl.col("member") != first).cast(pl.Int64).alias("rank"))
                st.caption(
                    f"Share of each market's revenue by {dimensions.dimension(product_level, data).label.lower()}"
                )
                parts.draw(market_charts.mix(), rows, alt="What two markets buy")


def _ranked(which: str) -> pl.Expr:
    rank = pl.col(f"{which}_rank").cast(pl.String)
    return (pl.col(f"{which}_text") + (" · rank " + rank).fill_null(" · not ranked")).alias(f"{which}_text")


def findings(data: Dataset, view: View, name: str) -> tuple[list[str], str]:
    """At most five findings of the page, and what to say where there are none."""
    product_level = level(data)
    why = []
    if view.filters.base is None:
        why.append("without a period to compare with, growth cannot be told")
    if product_level is None:
        why.append("without a category column, nothing can be said of what they buy")
    empty = f"{'; '.join(why)}." if why else "No market differs from the others beyond chance in this view."
    return content.market_findings(view, name, product_level), empty[0].upper() + empty[1:]
