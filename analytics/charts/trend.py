"""A metric over time with the line it is compared with."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt

from analytics.charts.style import FALL, GREY, RISE, ROWS, finish, number_axis, time_axis

BRUSH = "brush"


@cache
def trend(label_expr: str) -> dict[str, Any]:
    """Line of `solid` over `start`, dotted into cut buckets (`dashed`), the base dashed grey; dragging selects `brush`.

    Rows are those of `views.trend`, with a diamond where `odd` is, as `unusual.marked` gives it.
    """
    x = alt.X("start:T", scale=alt.Scale(type="utc"), axis=time_axis())
    y = alt.Y("value:Q", axis=number_axis(label_expr), scale=alt.Scale(zero=True))
    base = alt.Chart(ROWS).encode(x=x)
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    tooltip = [
        alt.Tooltip("label:N", title="Period"),
        alt.Tooltip("text:N", title="Value"),
        alt.Tooltip("base_text:N", title="Compared with"),
        alt.Tooltip("change_text:N", title="Change"),
    ]
    layers = [
        base.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(y=alt.Y("value_base:Q")),
        base.mark_area(opacity=0.08, line=False).encode(y=alt.Y("solid:Q")),
        base.mark_line(strokeWidth=2.2).encode(y=y.copy()),
        base.mark_line(strokeWidth=2.2, strokeDash=[2, 3]).encode(y=alt.Y("dashed:Q")),
        base.mark_circle(size=26, opacity=1).encode(y=alt.Y("value:Q"), tooltip=tooltip).add_params(brush),
        base.mark_point(shape="diamond", size=110, filled=True, color=FALL, opacity=1).encode(
            y=alt.Y("odd:Q"),
            tooltip=[alt.Tooltip("label:N", title="Period"), alt.Tooltip("odd_text:N", title="Unusual")],
        ),
    ]
    layers[2] = base.mark_line(strokeWidth=2.2).encode(y=alt.Y("solid:Q", axis=number_axis(label_expr)))
    return finish(alt.layer(*layers).properties(height=260))


@cache
def growth(label_expr: str) -> dict[str, Any]:
    """Bars of `change` per bucket: growth against the compared bucket, falls in another colour and below the line."""
    x = alt.X(
        "start:O",
        axis=alt.Axis(
            title=None,
            labelExpr="utcFormat(toDate(datum.value), '%b %y')",
            labelOverlap="greedy",
            ticks=False,
            domain=False,
            labelAngle=0,
        ),
    )
    chart = (
        alt.Chart(ROWS)
        .mark_bar(cornerRadius=2)
        .encode(
            x=x,
            y=alt.Y("change:Q", axis=number_axis(label_expr)),
            color=alt.condition("datum.change < 0", alt.value(FALL), alt.value(RISE)),
            tooltip=[
                alt.Tooltip("label:N", title="Period"),
                alt.Tooltip("change_text:N", title="Change"),
                alt.Tooltip("text:N", title="Value"),
                alt.Tooltip("base_text:N", title="Compared with"),
            ],
        )
    )
    return finish(chart.properties(height=225))


@cache
def paired(upper_expr: str, lower_expr: str) -> dict[str, Any]:
    """Two panels over one time axis: `upper` as bars, `lower` as a line, each with its own scale starting at 0."""

    def panel(field: str, expr: str, title: str, last: bool) -> Any:
        axis = alt.Axis(
            title=None,
            labelExpr="utcFormat(toDate(datum.value), '%b %y')",
            labelOverlap="greedy",
            ticks=False,
            domain=False,
            labelAngle=0,
            labels=last,
        )
        base = alt.Chart(ROWS).encode(
            x=alt.X("start:O", axis=axis),
            y=alt.Y(f"{field}:Q", axis=number_axis(expr, ticks=3)),
            tooltip=[alt.Tooltip("label:N", title="Period"), alt.Tooltip(f"{field}_text:N", title=title)],
        )
        return base

    upper = (
        panel("upper", upper_expr, "Revenue", False).mark_bar(cornerRadius=2).properties(height=120, width="container")
    )
    lower = (
        panel("lower", lower_expr, "Orders", True)
        .mark_line(point=True, strokeWidth=2)
        .properties(height=100, width="container")
    )
    return finish(alt.vconcat(upper, lower, spacing=8))
