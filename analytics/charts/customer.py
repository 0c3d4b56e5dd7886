"""One customer's purchases over time and scores."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import ROWS, bucket_axis, finish, number_axis, specification


@specification
def over_time(label_expr: str, titles: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """One bar of `value` per `start` (a day). `titles` are columns of words for the tooltip, each with its title."""
    axis = bucket_axis()
    axis["labelBound"] = True
    chart = (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("start:O", axis=axis),
            y=alt.Y("value:Q", axis=number_axis(label_expr)),
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles],
        )
    )
    return finish(chart.properties(height=230))


@specification
def scores() -> dict[str, Any]:
    """Lines of `score` (1 to 5) over `day`, one per `kind`, drawn at `beside`, so that equal scores do not hide."""
    chart = (
        alt.Chart(ROWS)
        .mark_line(point=alt.OverlayMarkDef(size=40), strokeWidth=2, interpolate="step-after")
        .encode(
            x=alt.X(
                "day:T",
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(title=None, grid=False, domain=False, format="%b %y", tickCount=8, labelOverlap=True),
            ),
            y=alt.Y(
                "beside:Q",
                scale=alt.Scale(domain=[0.8, 5.2]),
                axis=alt.Axis(title=None, values=[1, 2, 3, 4, 5], domain=False, ticks=False, gridOpacity=0.5),
            ),
            color=alt.Color("kind:N", sort=None),
            tooltip=[
                alt.Tooltip("label:N", title="As of"),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("score:Q", title="Score"),
                alt.Tooltip("group:N", title="Group"),
            ],
        )
    )
    return finish(chart.properties(height=230))
