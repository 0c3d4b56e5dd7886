"""What comes next: the forecast's fan, and the pace towards a target."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, ROWS, bucket_axis, finish, number_axis, odd_marks, specification, time_axis

ACCENT = "#2f6fde"


@specification
def fan(label_expr: str) -> dict[str, Any]:
    """Line of past `value`, dashed `forecast` with its 80 % and 95 % bands, seasonal `naive` in grey, over `start`;
    diamonds where `odd` is."""
    x = alt.X("start:T", scale=alt.Scale(type="utc"), axis=time_axis())
    base = alt.Chart(ROWS).encode(x=x)
    wide = base.mark_area(opacity=0.12, color=ACCENT).encode(
        y=alt.Y("low95:Q", axis=number_axis(label_expr)), y2="high95:Q"
    )
    narrow = base.mark_area(opacity=0.2, color=ACCENT).encode(y=alt.Y("low80:Q"), y2="high80:Q")
    naive = base.mark_line(color=GREY, strokeWidth=1.5, strokeDash=[5, 4]).encode(y=alt.Y("naive:Q"))
    past = base.mark_line(strokeWidth=2.2).encode(y=alt.Y("value:Q"))
    ahead = base.mark_line(strokeWidth=2.2, strokeDash=[2, 3]).encode(y=alt.Y("forecast:Q"))
    points = (
        base.transform_calculate(shown="isValid(datum.value) ? datum.value : datum.forecast")
        .mark_circle(size=26, opacity=1)
        .encode(
            y=alt.Y("shown:Q"),
            tooltip=[
                alt.Tooltip("label:N", title="Period"),
                alt.Tooltip("text:N", title="Value"),
                alt.Tooltip("range_text:N", title="80 % interval"),
                alt.Tooltip("naive_text:N", title="Seasonal naive"),
            ],
        )
    )
    return finish(alt.layer(wide, narrow, naive, past, ahead, points, odd_marks(base)).properties(height=300))


@specification
def attainment(label_expr: str) -> dict[str, Any]:
    """Bars of `actual` per `month`, with a tick at the `target`."""
    base = alt.Chart(ROWS).encode(
        x=alt.X("month:O", axis=bucket_axis()),
        tooltip=[
            alt.Tooltip("label:N", title="Month"),
            alt.Tooltip("text:N", title="Sold"),
            alt.Tooltip("target_text:N", title="Target"),
            alt.Tooltip("attainment_text:N", title="Reached of what is due"),
        ],
    )
    bar = base.mark_bar(cornerRadius=2).encode(y=alt.Y("actual:Q", axis=number_axis(label_expr)))
    tick = base.mark_tick(thickness=2.5, color=GREY, width={"band": 0.9}).encode(y=alt.Y("target:Q"))
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
