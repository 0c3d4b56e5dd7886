"""What two markets buy, side by side."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, PERCENT, ROWS, finish, member_axis, number_axis, specification


@specification
def mix() -> dict[str, Any]:
    """Two bars of `value` per `kind`, one for each `member`, in the rows' order."""
    chart = (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("kind:N", sort=None, axis=member_axis(150)),
            yOffset=alt.YOffset("rank:O"),
            x=alt.X("value:Q", axis=number_axis(PERCENT)),
            color=alt.Color("member:N", sort=None, scale=alt.Scale(range=["#2f6fde", GREY])),
            tooltip=[
                alt.Tooltip("member:N", title=" "),
                alt.Tooltip("kind:N", title="Buys"),
                alt.Tooltip("text:N", title="Share of its revenue"),
            ],
        )
    )
    return finish(chart.properties(height=alt.Step(16)))
