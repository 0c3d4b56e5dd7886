"""The RFM grid and the flow between groups at two dates."""

from __future__ import annotations

from typing import Any, Final, Literal

import altair as alt

from analytics.charts.retention import PALE, cell_ink
from analytics.charts.style import FALL, GREY, INK, MUTED, RISE, ROWS, finish, specification

PICK: Final = "pick"
CELL: Final = 54

NARROW: Final = "width < 340"
"""Whether a chart is as narrow as on a telephone."""

_SIDES: Final[tuple[tuple[int, Literal["right", "left"], int], ...]] = ((0, "right", -8), (1, "left", 8))

KINDS: Final = {"buying": RISE, "slowing": "#c38037", "stopped": FALL, "not yet": GREY}
"""Kind of group -> colour of its part of the flow; the labels name it as well."""


@specification
def grid() -> dict[str, Any]:
    """One cell per recency (rows) and FM score (columns), shaded by `value`, with its group and value in words.

    Rows: r, fm, group, value, text, customers_text, share_text, enough (pale where not). A click selects `pick` with
    the cell's group.
    """
    pick = alt.selection_point(name=PICK, fields=["group"], on="click", toggle=False)
    quiet: dict[str, Any] = {"ticks": False, "domain": False, "labelPadding": 6, "titleColor": MUTED}
    base = alt.Chart(ROWS).encode(
        x=alt.X("fm:O", axis=alt.Axis(title="How often and how much (FM)", labelAngle=0, **quiet)),
        y=alt.Y("r:O", sort="descending", axis=alt.Axis(title="How recently (R)", **quiet)),
        tooltip=[
            alt.Tooltip("group:N", title="Group"),
            alt.Tooltip("r:O", title="Recency score"),
            alt.Tooltip("fm:O", title="Frequency and money score"),
            alt.Tooltip("customers_text:N", title="Customers"),
            alt.Tooltip("share_text:N", title="Share of customers"),
            alt.Tooltip("money_text:N", title="Net revenue"),
            alt.Tooltip("each_text:N", title="Per customer"),
        ],
    )
    cells = base.mark_rect(cornerRadius=3, cursor="pointer", stroke="transparent", strokeWidth=2).encode(
        color=alt.Color("value:Q", scale=alt.Scale(zero=True), legend=None),
        opacity=alt.condition("datum.enough", alt.value(1.0), alt.value(PALE)),
    )
    fits: dict[str, Any] = {"limit": alt.ExprRef("width / 5 - 4"), "align": "center"}
    # On a phone a name of several words takes two lines.
    name = base.mark_text(
        text=alt.ExprRef(f"{NARROW} ? split(replace(datum.group, ' ', '|'), '|') : datum.group"),
        dy=alt.ExprRef(f"{NARROW} && indexof(datum.group, ' ') > 0 ? -15 : -9"),
        fontSize=alt.ExprRef(f"{NARROW} ? 9 : 11"),
        lineHeight=10,
        **fits,
    )
    value = base.mark_text(dy=11, fontSize=13, fontWeight=600, **fits).encode(text="text:N")
    spec = finish(alt.layer(cells.add_params(pick), name, value).properties(height=alt.Step(CELL)))
    for layer in spec["layer"][1:]:
        layer["encoding"]["color"] = cell_ink()
    return spec


@specification
def flow() -> dict[str, Any]:
    """Bands from the groups at the earlier date (left) to those at the later one (right), as thick as customers moved.

    Rows: part `band` with flow, at (0 to 1), low, high, kind and texts; part `node` with side (0, 1), low, high,
    middle, label. Heights are customers.
    """
    y: dict[str, Any] = {"axis": None, "scale": alt.Scale(reverse=True, nice=False, zero=True)}
    sides = alt.ExprRef(f"{NARROW} ? [-1, 2] : [-0.62, 1.5]")  # room for the names
    x = alt.X("at:Q", axis=None, scale=alt.Scale(domain=sides, nice=False))
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values())), legend=alt.Legend(title=None)
    )
    tooltip = [
        alt.Tooltip("from:N", title="From"),
        alt.Tooltip("to:N", title="To"),
        alt.Tooltip("customers_text:N", title="Customers"),
        alt.Tooltip("money_text:N", title="Net revenue of the year before"),
    ]
    band = (
        alt.Chart(ROWS)
        .transform_filter("datum.part == 'band'")
        .mark_area(interpolate="monotone", opacity=alt.ExprRef("luminance(background) > 0.4 ? 0.5 : 0.72"))
        .encode(x=x, y=alt.Y("low:Q", **y), y2="high:Q", detail="flow:N", color=colour, tooltip=tooltip)
    )
    nodes = alt.Chart(ROWS).transform_filter("datum.part == 'node'")
    bar = nodes.mark_bar(width=7, cornerRadius=1).encode(x=x, y=alt.Y("low:Q", **y), y2="high:Q", color=colour)
    names = [
        nodes.transform_filter(f"datum.at == {at}")
        .mark_text(
            align=align,
            dx=dx,
            fontSize=alt.ExprRef(f"{NARROW} ? 9.5 : 11"),
            color=INK,
            limit=alt.ExprRef("width * 0.33"),
        )
        .encode(x=x, y=alt.Y("middle:Q", **y), text="label:N")
        for at, align, dx in _SIDES
    ]
    return finish(alt.layer(band, bar, *names).properties(height=380))
