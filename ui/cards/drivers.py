"""Cards of Drivers: the bridge, what stands out, and contributions by member and pair."""

from __future__ import annotations

from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import waterfall as waterfall_charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.metrics import METRICS
from analytics.tables.drivers import price_volume as price_volume_tables
from analytics.tables.drivers.contributions import MetricChange
from ui import choices, parts, queries, state
from ui.card import Absent, Card, Chart, Rows
from ui.choices import Choice
from ui.content import drivers as content
from ui.headings import ColumnConfig, Heading
from ui.sidebar import View

GRAIN: Final = "bridge_grain"
PART: Final = "_bridge_part"
CONTRIBUTIONS_BY: Final = "contribution_dimension"


def no_base(view: View) -> None:
    """What to do where nothing can be compared."""
    why = view.filters.comparison.refused or "Nothing is compared."
    st.info(f"{why} Choose a comparison in the sidebar to see why revenue moved.", icon=":material/compare_arrows:")


def findings(sentences: list[str], title: str, empty: str) -> None:
    """A card with the findings of a page, most telling first."""
    with st.container(border=True):
        st.markdown(f"**{title}**")
        numbered(sentences, empty)


def numbered(sentences: list[str], empty: str) -> None:
    """Sentences in order, or what to say where there are none."""
    if not sentences:
        parts.blank(empty)
    for text in _in_order(sentences):
        st.markdown(text)


def _in_order(sentences: list[str]) -> list[str]:
    return [f":primary[**{number}**]  {plain(text)}" for number, text in enumerate(sentences, 1)]


def what_stands_out(view: View) -> None:
    """The members that moved unlike the rest, in words, with all members behind the table."""
    data = queries.dataset(view.source)
    shown, sentences = content.findings(view)
    _, whole, _ = content.contribution_tables(view)
    metric = METRICS[whole.metric]
    note = "Members of every dimension that moved unlike the rest, beyond chance; one of each kind first"
    with parts.card(
        data,
        f"{metric.label}: what stands out",
        name="findings",
        table=shown.rows,
        takeaway=shown.takeaway,
        note=note,
        columns=ranked_columns(whole),
    ):
        numbered(sentences, "No member moved unlike the rest by more than chance.")


def ranked_columns(whole: MetricChange) -> dict[str, Heading]:
    """How a table of contributions to a whole change is headed."""
    unit = METRICS[whole.metric].unit
    estimate = formats.estimate(unit, [whole.now, whole.base])
    return {
        "value": ColumnConfig("Now", unit),
        "value_base": ColumnConfig("Base", unit),
        "moved": ColumnConfig("Contribution", unit, "The members of a dimension sum to the whole change."),
        "growth": "Own growth",
        "excess": ColumnConfig("Beyond the rest", estimate, "What it moved more than had it moved like the rest."),
    }


def bridge(view: View) -> Card:
    """The waterfall from the base's revenue to this period's; a click on a bar opens it beside."""
    data = queries.dataset(view.source)
    grains = price_volume_tables.grains(data)
    shown, whole = content.bridge(view, grains[choices.chosen(GRAIN, list(grains))])
    residual = formats.text(whole.residual / 10_000, "money", data.currency, compact=False)
    return Card(
        "Revenue: price, volume, mix, new and lost",
        name="bridge",
        table=lambda: price_volume_tables.items_table(whole),
        takeaway=shown.takeaway,
        note=f"Click a bar to see what makes it up · unexplained: {residual}",
        columns={
            **{name: ColumnConfig(words, "money") for name, words in price_volume_tables.PARTS.items()},
            "change": ColumnConfig("Change", "money"),
        },
        choices=[Choice("Told apart by", GRAIN, list(grains), lambda name: grain_words(data, grains[name]))],
        body=[
            Chart(
                waterfall_charts.waterfall(formats.axis_label("money", data.currency), "meaning", "Means"),
                shown.rows,
                alt="Bridge from the base to now",
                name="bridge",
                clicked=state.chooser(waterfall_charts.PICK, "step", price_volume_tables.PARTS, PART),
            )
        ],
    )


def grain_words(data: Dataset, names: tuple[str, ...]) -> str:
    """A bridge's grain as people call it."""
    return " × ".join(dimensions.dimension(name, data).label for name in names)


def drill(view: View) -> Card:
    """What one bar of the bridge is made of."""
    grains = price_volume_tables.grains(queries.dataset(view.source))
    names = grains[choices.chosen(GRAIN, list(grains))]
    _, whole = content.bridge(view, names)
    largest = max(whole.parts, key=lambda name: abs(whole.parts[name]))
    part = st.session_state.get(PART)
    if part not in price_volume_tables.PARTS:
        st.session_state[PART] = part = largest
    shown = content.drill(view, names, part)
    return Card(
        "What makes up a bar",
        name="drill",
        table=lambda: (
            price_volume_tables.items_table(whole).select("item", part, "units", "units_base").filter(pl.col(part) != 0)
        ),
        takeaway=shown.takeaway,
        note="Largest rises and falls",
        columns={part: ColumnConfig(price_volume_tables.PARTS[part], "money")},
        choices=[Choice("Part", PART, list(price_volume_tables.PARTS), price_volume_tables.PARTS.__getitem__)],
        body=[Chart(bar_charts.movers(190), shown.rows, alt="What makes up a bar of the bridge")],
        empty="Nothing: no item is part of this bar.",
    )


def contributions(view: View) -> Card | Absent:
    """Contributions of one dimension's members; a click filters."""
    data = queries.dataset(view.source)
    tables, whole, why = content.contribution_tables(view)
    names = sorted((name for (name,) in tables), key=lambda n: n != "country")
    if not names:
        lone = "Every dimension has one member in this view. Remove a filter to tell members apart."
        return Absent("Who made the change", lone)
    name = choices.chosen(CONTRIBUTIONS_BY, names)
    shown, table, explained = content.contributions_of(view, name)
    return Card(
        f"{METRICS[explained].label}: who made the change",
        name="contributions",
        table=lambda: table.select(pl.exclude("^(key.*|noise|by_rate|customers)$")),
        takeaway=f"{shown.takeaway} {why}".strip(),
        note="All members of a dimension sum to the whole change · click a bar to filter",
        columns=ranked_columns(whole),
        choices=[Choice("By", CONTRIBUTIONS_BY, names, lambda n: dimensions.dimension(n, data).label, form="menu")],
        body=[
            Chart(
                bar_charts.movers(190),
                shown.rows,
                alt="Contributions by member",
                name="bars_contributions",
                clicked=state.picker(bar_charts.PICK, name),
            )
        ],
    )


def cancelling(view: View) -> Card:
    """Dimensions in which large rises and falls leave a small change."""
    shown, explained = content.cancelling(view)
    unit = METRICS[explained].unit
    words = _cancelling_words(shown.rows.head(10), explained, queries.dataset(view.source).currency)
    return Card(
        "What cancels out",
        name="cancelling",
        table=shown.rows,
        takeaway=shown.takeaway,
        note="Rises and falls of each dimension's members; those that cancel most first",
        columns={
            "rises": ColumnConfig("Rises", unit),
            "falls": ColumnConfig("Falls", unit),
            "net": ColumnConfig("Net", unit),
            "up_moved": ColumnConfig("Rose by", unit),
            "down_moved": ColumnConfig("Fell by", unit),
        },
        body=[Rows(words, alt="How much of each dimension's movement cancels out")] if words.height else [],
    )


def _cancelling_words(rows: pl.DataFrame, metric: str, currency: str) -> pl.DataFrame:
    unit = METRICS[metric].unit

    def amounts(name: str) -> pl.Series:
        return pl.Series([formats.signed_text(v, unit, currency) for v in rows[name]], dtype=pl.String)

    def most(member: str, moved: str) -> pl.Series:
        return rows[member] + " (" + amounts(moved) + ")"

    return pl.DataFrame(
        {
            "By": rows["dimension"],
            "Rose most": most("up", "up_moved"),
            "Fell most": most("down", "down_moved"),
            "Rises": amounts("rises"),
            "Falls": amounts("falls"),
            "Cancelled": [formats.text(v, "share") for v in rows["cancelled"]],
        }
    )


def pairs(view: View) -> None:
    """Pairs of members of two dimensions that moved unlike what both lead one to expect, shown as they are found."""
    steps = len(content.pair_steps(view))
    _, whole, _ = content.contribution_tables(view)
    with parts.card(
        queries.dataset(view.source),
        "Pairs that stand out",
        name="pairs",
        table=lambda: content.all_pairs(view),
        takeaway="Two members together, against what each of them alone leads one to expect.",
        note="Places, products, channels and the three customer attributes that moved most; beyond chance only",
        columns=ranked_columns(whole),
    ):
        room, progress = st.empty(), st.empty()
        for number in range(1, steps + 1):
            sentences = content.pair_findings(view, number)
            # One element: of several, those that a later pass leaves out would stay on the page.
            if sentences:
                room.markdown("\n\n".join(_in_order(sentences)))
            else:
                room.caption("No pair moved unlike its two members by more than chance.")
            if number < steps:
                progress.caption(f"Looked at {number} of {steps} kinds of pairs …")
        progress.empty()
