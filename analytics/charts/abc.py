"""The Pareto curve."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, PERCENT, ROWS, finish, number_axis, share_axis, specification

CLASS_COLOURS = ("#2f6fde", "#e09f3e", GREY)


@specification
def pareto() -> dict[str, Any]:
    """Cumulative share of revenue (`cumulative`) over the share of items (`rank_share`), coloured by `abc`."""
    x = alt.X(
        "rank_share:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=share_axis("Share of items, best first"),
    )
    y = alt.Y("cumulative:Q", scale=alt.Scale(domain=[0, 1]), axis=number_axis(PERCENT))
    colour = alt.Color("abc:N", scale=alt.Scale(domain=["A", "B", "C"], range=list(CLASS_COLOURS)))
    base = alt.Chart(ROWS).encode(x=x)
    line = base.mark_line(strokeWidth=1.2, color=GREY).encode(y=y)
    points = base.mark_circle(size=34, opacity=0.9).encode(
        y=y,
        color=colour,
        tooltip=[
            alt.Tooltip("member:N", title=" "),
            alt.Tooltip("abc:N", title="Class"),
            alt.Tooltip("rank:Q", title="Rank"),
            alt.Tooltip("text:N", title="Revenue"),
            alt.Tooltip("share_text:N", title="Cumulative share"),
        ],
    )
    return finish(alt.layer(line, points).properties(height=260))
