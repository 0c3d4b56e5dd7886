"""The Pareto curve, and products by size and growth."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from analytics.charts.style import FALL, GREY, PERCENT, RISE, ROWS, finish, number_axis, share_axis, specification

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


PICK: Final = "pick"
QUADRANTS: Final = ("Large, gaining", "Large, losing", "Small, gaining", "Small, losing")


@specification
def matrix() -> dict[str, Any]:
    """One dot per `member`: `share` to the right, growth (`drawn`) upwards, coloured by `quadrant`; click: `pick`."""
    pick = alt.selection_point(name=PICK, fields=["member"], on="click", toggle=False)
    colours = ["#2f6fde", FALL, RISE, GREY]
    x = alt.X(
        "share:Q",
        scale=alt.Scale(type="sqrt", zero=True),
        axis=share_axis("Share of revenue"),
    )
    y = alt.Y("drawn:Q", axis=number_axis(PERCENT))
    base = alt.Chart(ROWS)
    zero = base.mark_rule(color=GREY).encode(y=alt.datum(0))
    dots = base.mark_circle(opacity=0.85, cursor="pointer", size=90).encode(
        x=x,
        y=y,
        color=alt.Color(
            "quadrant:N",
            scale=alt.Scale(domain=list(QUADRANTS), range=colours),
            legend=alt.Legend(columns=2, orient="bottom", title=None),
        ),
        tooltip=[
            alt.Tooltip("member:N", title=" "),
            alt.Tooltip("text:N", title="Revenue"),
            alt.Tooltip("share_text:N", title="Share"),
            alt.Tooltip("change_text:N", title="Growth"),
            alt.Tooltip("quadrant:N", title="Is"),
        ],
    )
    return finish(alt.layer(zero, dots.add_params(pick)).properties(height=260))
