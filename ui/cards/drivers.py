"""Cards of Drivers: the bridge, what stands out, and contributions by member and pair."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import waterfall as waterfall_charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.metrics import METRICS
from analytics.tables.drivers import price_volume as price_volume_tables
from ui import choices, parts, state
from ui.content import drivers as content
from ui.sidebar import View

GRAIN: Final = "bridge_grain"
PART: Final = "_bridge_part"


def no_base(view: View) -> None:
    """What to do where nothing can be compared."""
    why = view.filters.comparison.refused or "Nothing is compared."
    st.info(f"{why} Choose a comparison in the sidebar to see why revenue moved.", icon=":material/compare_arrows:")


def findings(said: list[str], title: str, empty: str) -> None:
    """A card with the findings of a page, most telling first."""
    with st.container(border=True):
        st.markdown(f"**{title}**")
        numbered(said, empty)


def numbered(said: list[str], empty: str) -> None:
    """Sentences in order, or what to say where there are none."""
    if not said:
        parts.blank(empty)
    for number, text in enumerate(said, 1):
        st.markdown(f":primary[**{number}**]  {plain(text)}")


def what_stands_out(data: Dataset, view: View) -> None:
    """The members that moved unlike the rest, in words, with all members behind the table."""
    shown, said = content.findings(view)
    _, whole, _ = content.contribution_tables(view)
    metric = METRICS[whole.metric]
    note = "Members of every dimension that moved unlike the rest, beyond chance; one of each kind first"
    with parts.card(
        f"{metric.label}: what stands out",
        name="findings",
        table=lambda: shown.rows,
        takeaway=shown.takeaway,
        note=note,
        columns=ranked_columns(whole.metric, data.currency),
    ):
        numbered(said, "No member moved unlike the rest by more than chance.")


def ranked_columns(metric: str, currency: str) -> dict[str, Any]:
    """How a table of contributions shows its columns."""
    row, number = METRICS[metric], st.column_config.NumberColumn
    money = formats.column(row.unit, currency)
    return {
        "dimension": "Dimension",
        "member": "Member",
        "value": number("Now", format=money),
        "value_base": number("Base", format=money),
        "moved": number("Contribution", format=money, help="The members of a dimension sum to the whole change."),
        "share_of_change": number("Share of change", format="percent"),
        "growth": number("Own growth", format="percent"),
        "growth_rest": number("Growth of the rest", format="percent"),
        "excess": number("Beyond the rest", format=money, help="What it moved more than had it moved like the rest."),
        "sure": number("In standard errors", format="%.1f"),
        "lines": number("Order lines", format="%,.0f"),
    }


def bridge(data: Dataset, view: View) -> None:
    """The waterfall from the base's revenue to this period's; a click on a bar opens it beside."""
    grains = price_volume_tables.grains(data)
    grain = choices.chosen(GRAIN, list(grains))
    shown, found = content.bridge(view, grains[grain])

    def clicked(key: str) -> None:
        points = (st.session_state.get(key) or {}).get("selection", {}).get(waterfall_charts.PICK) or []
        steps = [point.get("step") for point in points if point.get("step") in price_volume_tables.PARTS]
        if steps:
            st.session_state[PART] = steps[0]

    number = st.column_config.NumberColumn
    money = formats.column("money", data.currency)
    residual = formats.text(found.residual / 10_000, "money", data.currency, compact=False)
    with parts.card(
        "Revenue: price, volume, mix, new and lost",
        name="bridge",
        table=lambda: price_volume_tables.items_table(found),
        takeaway=shown.takeaway,
        note=f"Click a bar to see what makes it up · unexplained: {residual}",
        columns={
            "item": "Item",
            **{n: number(words, format=money) for n, words in price_volume_tables.PARTS.items()},
            "change": number("Change", format=money),
            "revenue": number("Revenue", format=money),
            "revenue_base": number("Base", format=money),
            "units": number("Units", format="%,.0f"),
            "units_base": number("Units in base", format="%,.0f"),
        },
    ):
        choices.buttons("Told apart by", GRAIN, list(grains), lambda name: grain_words(data, grains[name]))
        spec = waterfall_charts.waterfall(formats.axis_label("money", data.currency), "meaning", "Means")
        parts.draw(spec, shown.rows, alt="Bridge from the base to now", name="bridge", clicked=clicked)


def grain_words(data: Dataset, names: tuple[str, ...]) -> str:
    """A bridge's grain as people call it."""
    return " × ".join(dimensions.dimension(name, data).label for name in names)


def drill(data: Dataset, view: View) -> None:
    """What one bar of the bridge is made of."""
    grains = price_volume_tables.grains(data)
    names = grains[choices.chosen(GRAIN, list(grains))]
    _, found = content.bridge(view, names)
    largest = max(found.parts, key=lambda name: abs(found.parts[name]))
    part = st.session_state.get(PART)
    if part not in price_volume_tables.PARTS:
        st.session_state[PART] = part = largest
    shown = content.drill(view, names, part)
    with parts.card(
        "What makes up a bar",
        name="drill",
        table=lambda: (
            price_volume_tables.items_table(found).select("item", part, "units", "units_base").filter(pl.col(part) != 0)
        ),
        takeaway=shown.takeaway,
        note="Largest rises and falls",
        columns={
            "item": "Item",
            part: st.column_config.NumberColumn(
                price_volume_tables.PARTS[part], format=formats.column("money", data.currency)
            ),
        },
    ):
        choices.buttons("Part", PART, list(price_volume_tables.PARTS), price_volume_tables.PARTS.__getitem__)
        if shown.rows.is_empty():
            parts.blank("Nothing: no item is part of this bar.")
        else:
            parts.draw(bar_charts.movers(190), shown.rows, alt="What makes up a bar of the bridge")


def contributions(data: Dataset, view: View) -> None:
    """Contributions of one dimension's members; a click filters."""
    tables, _, why = content.contribution_tables(view)
    names = sorted((name for (name,) in tables), key=lambda n: n != "country")
    if not names:
        with st.container(border=True, height="stretch"):
            st.markdown("**Who made the change**")
            parts.blank("Every dimension has one member in this view. Remove a filter to tell members apart.")
        return
    name = choices.chosen("contribution_dimension", names)
    shown, table, explained = content.contributions_of(view, name)
    metric = METRICS[explained]

    def clicked(key: str) -> None:
        state.pick(key, bar_charts.PICK, "member", name)

    with parts.card(
        f"{metric.label}: who made the change",
        name="contributions",
        table=lambda: table.select(pl.exclude("^(key.*|noise)$")),
        takeaway=f"{shown.takeaway} {why}".strip(),
        note="All members of a dimension sum to the whole change · click a bar to filter",
        columns=ranked_columns(explained, data.currency),
    ):
        choices.menu("By", "contribution_dimension", names, lambda n: dimensions.dimension(n, data).label)
        parts.draw(
            bar_charts.movers(190),
            shown.rows,
            alt="Contributions by member",
            name="bars_contributions",
            clicked=clicked,
        )


def cancelling(data: Dataset, view: View) -> None:
    """Dimensions in which large rises and falls leave a small change."""
    shown, explained = content.cancelling(view)
    number, money = st.column_config.NumberColumn, formats.column(METRICS[explained].unit, data.currency)
    columns: dict[str, Any] = {
        "dimension": "Dimension",
        "rises": number("Rises", format=money),
        "falls": number("Falls", format=money),
        "net": number("Net", format=money),
        "cancelled": number("Cancelled", format="percent", help="The smaller of rises and falls over the larger."),
        "up": "Rose most",
        "up_moved": number("Rose by", format=money),
        "down": "Fell most",
        "down_moved": number("Fell by", format=money),
    }
    with parts.card(
        "What cancels out",
        name="cancelling",
        table=lambda: shown.rows,
        takeaway=shown.takeaway,
        note="Rises and falls of each dimension's members; those that cancel most first",
        columns=columns,
    ):
        if shown.rows.height:
            st.dataframe(
                _cancelling_words(shown.rows.head(10), explained, data.currency),
                hide_index=True,
                alt="How much of each dimension's movement cancels out",
                height="content",
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


def pairs(data: Dataset, view: View) -> None:
    """Pairs of members of two dimensions that moved unlike what both lead one to expect, shown as they are found."""
    steps = content.pair_steps(view)
    _, whole, _ = content.contribution_tables(view)
    found: content.Table = {}

    def every() -> pl.DataFrame:
        for keys, wanted in steps:
            found.update(content.pairs(view, keys, wanted))
        return content.pair_findings(view, found)[1]

    with parts.card(
        "Pairs that stand out",
        name="pairs",
        table=every,
        takeaway="Two members together, against what each of them alone leads one to expect.",
        note="Places, products, channels and the three customer attributes that moved most; beyond chance only",
        columns=ranked_columns(whole.metric, data.currency),
    ):
        room, progress = st.empty(), st.empty()
        for number, (keys, wanted) in enumerate(steps, 1):
            found.update(content.pairs(view, keys, wanted))
            said, _ = content.pair_findings(view, found)
            with room.container():
                numbered(said, "No pair moved unlike its two members by more than chance.")
            if number < len(steps):
                progress.caption(f"Looked at {number} of {len(steps)} kinds of pairs …")
        progress.empty()
