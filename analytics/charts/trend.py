"""A metric over time with the line it is compared with."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import (
    FALL,
    GREY,
    RISE,
    ROWS,
    bucket_axis,
    finish,
    number_axis,
    odd_marks,
    specification,
    time_axis,
)

BRUSH = "brush"


@specification
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
        odd_marks(base),
    ]
    layers[2] = base.mark_line(strokeWidth=2.2).encode(y=alt.Y("solid:Q", axis=number_axis(label_expr)))
    return finish(alt.layer(*layers).properties(height=260))


@specification
def growth(label_expr: str) -> dict[str, Any]:
    """Bars of `change` per bucket: growth against the compared bucket, falls in another colour and below the line."""
    x = alt.X("start:O", axis=bucket_axis())
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


@specification
def paired(upper_expr: str, lower_expr: str) -> dict[str, Any]:
    """Two panels over one time axis: `upper` as bars, `lower` as a line, each with its own scale starting at 0.

    Diamonds stand where `upper_odd` and `lower_odd` are, as `unusual.marked` gives them.
    """

    def panel(field: str, expr: str, mark: dict[str, Any], height: int, *, last: bool) -> Any:
        base = alt.Chart(ROWS).encode(x=alt.X("start:O", axis=bucket_axis(labels=last)))
        drawn = base.mark_bar(**mark) if not last else base.mark_line(**mark)
        visible = drawn.encode(
            y=alt.Y(f"{field}:Q", axis=number_axis(expr, ticks=3), scale=alt.Scale(zero=True)),
            tooltip=[alt.Tooltip("label:N", title="Period"), alt.Tooltip(f"{field}_text:N", title="Value")],
        )
        return alt.layer(visible, odd_marks(base, f"{field}_odd")).properties(height=height, width="container")

    upper = panel("upper", upper_expr, {"cornerRadius": 2}, 120, last=False)
    lower = panel("lower", lower_expr, {"point": True, "strokeWidth": 2}, 100, last=True)
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return finish(alt.vconcat(upper, lower, spacing=8).properties(autosize=fit))
