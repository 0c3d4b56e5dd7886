"""Values with their intervals: dots with whiskers, and curves with bands."""

from __future__ import annotations

from typing import Any, Final, Literal

import altair as alt

from analytics.charts.style import FALL, GREY, INK, MUTED, RISE, ROWS, finish, number_axis, specification


@specification
def ranges(label_expr: str) -> dict[str, Any]:
    """One dot per `member` at `value` with a whisker from `low` to `high` and its `text`; grey where not `enough`.

    Rows are in the order drawn; `edge` leaves room for the texts.
    """
    y = alt.Y(
        "member:N",
        sort=None,
        axis=alt.Axis(title=None, labelLimit=150, ticks=False, domain=False, labelPadding=6, labelFlush=False),
    )
    tooltip = [
        alt.Tooltip("member:N", title=" "),
        alt.Tooltip("text:N", title="Value"),
        alt.Tooltip("interval_text:N", title="Interval"),
        alt.Tooltip("size_text:N", title="Customers"),
    ]
    colour = alt.condition("datum.enough", alt.value("#3e73c5"), alt.value(GREY))
    base = alt.Chart(ROWS).encode(y=y, tooltip=tooltip)
    line = base.mark_rule(strokeWidth=2.5, opacity=0.5).encode(x=alt.X("low:Q"), x2="high:Q", color=colour)
    dot = base.mark_circle(size=70, opacity=1).encode(
        x=alt.X("value:Q", axis=number_axis(label_expr), scale=alt.Scale(zero=True)), color=colour
    )
    text = base.mark_text(align="left", dx=7, fontSize=11, color=INK).encode(x=alt.X("high:Q"), text="text:N")
    room = base.mark_point(opacity=0).encode(x="edge:Q")
    return finish(alt.layer(line, dot, text, room).properties(height=alt.Step(26)))


_OUTSIDE: Final[tuple[tuple[str, str, Literal["left", "right"], int], ...]] = (
    (">=", "high", "left", 7),
    ("<", "low", "right", -7),
)
"""Texts stand beyond the end of the whisker that is farther from 1."""


@specification
def times() -> dict[str, Any]:
    """How many times as often as elsewhere: a dot per `member` at `times`, whisker `low` to `high`, 1 in the middle.

    Above 1 and telling is green, below is orange, what does not tell is grey. Rows are in the order drawn.
    """
    y = alt.Y(
        "member:N",
        sort=None,
        axis=alt.Axis(title=None, labelLimit=190, ticks=False, domain=False, labelPadding=6, labelFlush=False),
    )
    axis = alt.Axis(
        title=None,
        labelExpr="format(datum.value, '.2~f') + '×'",
        values=[0.25, 0.5, 1, 2, 4, 8],
        domain=False,
        ticks=False,
    )
    scale = alt.Scale(type="log", nice=False)
    colour = {
        "condition": [
            {"test": "!datum.tells", "value": GREY},
            {"test": "datum.times >= 1", "value": RISE},
        ],
        "value": FALL,
    }
    tooltip = [
        alt.Tooltip("member:N", title=" "),
        alt.Tooltip("times_text:N", title="As often as the others"),
        alt.Tooltip("interval_text:N", title="95 % interval"),
        alt.Tooltip("share_text:N", title="In the group"),
        alt.Tooltip("others_text:N", title="Among the others"),
        alt.Tooltip("size_text:N", title="Customers of the group with it"),
    ]
    base = alt.Chart(ROWS).encode(y=y, tooltip=tooltip)
    item = alt.Chart(ROWS).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=alt.datum(1))
    rule = base.mark_rule(strokeWidth=2.5, opacity=0.5, clip=True).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    dot = base.mark_circle(size=70, opacity=1).encode(x=alt.X("times:Q", axis=axis, scale=scale))
    texts = [
        base.transform_filter(f"datum.times {side} 1")
        .mark_text(align=align, dx=dx, fontSize=11, color=INK)
        .encode(x=alt.X(f"{end}:Q", scale=scale), text="times_text:N")
        for side, end, align, dx in _OUTSIDE
    ]
    room = [base.mark_point(opacity=0).encode(x=alt.X(f"{end}:Q", scale=scale)) for end in ("edge_low", "edge_high")]
    spec = finish(alt.layer(item, rule, dot, *texts, *room).properties(height=alt.Step(24)))
    for layer in spec["layer"]:
        if layer["mark"]["type"] in ("rule", "circle") and "y" in layer["encoding"]:
            layer["encoding"]["color"] = colour
    return spec


@specification
def survival(label_expr: str, *, several: bool) -> dict[str, Any]:
    """A step of `value` over `day` with its band from `low` to `high`, or one per `series` where there are several."""
    x = alt.X("day:Q", axis=alt.Axis(title="Days since the first purchase", titleColor=MUTED, grid=False, tickCount=8))
    y = alt.Y("value:Q", axis=number_axis(label_expr), scale=alt.Scale(zero=True))
    colour = alt.Color("series:N", sort=None, legend=alt.Legend(columns=4) if several else None)
    base = alt.Chart(ROWS).encode(x=x)
    band = base.mark_area(
        interpolate="step-after", opacity=alt.ExprRef("luminance(background) > 0.4 ? 0.2 : 0.36")
    ).encode(y=alt.Y("low:Q"), y2="high:Q", color=colour, detail="series:N")
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        y=y,
        color=colour,
        tooltip=[
            alt.Tooltip("series:N", title=" "),
            alt.Tooltip("day:Q", title="Days"),
            alt.Tooltip("text:N", title="Came back"),
            alt.Tooltip("interval_text:N", title="95 % interval"),
            alt.Tooltip("risk_text:N", title="Still awaited before"),
        ],
    )
    return finish(alt.layer(band, line).properties(height=280))
