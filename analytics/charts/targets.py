"""Attainment of targets, and the pace towards one."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, ROWS, bucket_axis, finish, number_axis, specification, time_axis


@specification
def attainment(label_expr: str) -> dict[str, Any]:
    """Bars of `actual` per `month`, with a tick at the target of the days that are over (`mark`)."""
    base = alt.Chart(ROWS).encode(
        x=alt.X("month:O", axis=bucket_axis()),
        tooltip=[
            alt.Tooltip("label:N", title="Month"),
            alt.Tooltip("text:N", title="Sold"),
            alt.Tooltip("target_text:N", title="Target"),
            alt.Tooltip("mark_text:N", title="Due by now"),
            alt.Tooltip("attainment_text:N", title="Reached of what is due"),
        ],
    )
    bar = base.mark_bar(cornerRadius=2).encode(y=alt.Y("actual:Q", axis=number_axis(label_expr)))
    tick = base.mark_tick(thickness=2.5, color=GREY, width={"band": 0.9}).encode(y=alt.Y("mark:Q"))
    return finish(alt.layer(bar, tick).properties(height=225))


@specification
def pace(label_expr: str) -> dict[str, Any]:
    """Line of `actual` summed up over `day` beside the target's (`due`, dashed)."""
    x = alt.X("day:T", scale=alt.Scale(type="utc"), axis=time_axis())
    base = alt.Chart(ROWS).encode(
        x=x,
        tooltip=[
            alt.Tooltip("label:N", title="By"),
            alt.Tooltip("text:N", title="Sold"),
            alt.Tooltip("due_text:N", title="Target by then"),
        ],
    )
    due = base.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(
        y=alt.Y("due:Q", axis=number_axis(label_expr))
    )
    actual = base.mark_line(strokeWidth=2.2).encode(y=alt.Y("actual:Q"))
    return finish(alt.layer(due, actual).properties(height=225))
