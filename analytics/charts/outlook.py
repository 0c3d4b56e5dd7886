"""The forecast's fan."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, ROWS, finish, number_axis, odd_marks, specification, time_axis

ACCENT = "#2f6fde"


@specification
def fan(label_expr: str) -> dict[str, Any]:
    """Line of past `value`, dashed `forecast` with its 80 % and 95 % bands, the other method (`beside`) in grey, over
    `start`; diamonds where `odd` is."""
    x = alt.X("start:T", scale=alt.Scale(type="utc"), axis=time_axis())
    base = alt.Chart(ROWS).encode(x=x)
    wide = base.mark_area(opacity=0.12, color=ACCENT).encode(
        y=alt.Y("low95:Q", axis=number_axis(label_expr)), y2="high95:Q"
    )
    narrow = base.mark_area(opacity=0.2, color=ACCENT).encode(y=alt.Y("low80:Q"), y2="high80:Q")
    beside = base.mark_line(color=GREY, strokeWidth=1.5, strokeDash=[5, 4]).encode(y=alt.Y("beside:Q"))
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
                alt.Tooltip("beside_text:N", title="Other method"),
            ],
        )
    )
    return finish(alt.layer(wide, narrow, beside, past, ahead, points, odd_marks(base)).properties(height=300))
