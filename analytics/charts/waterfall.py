"""The bridge from one period's revenue to another's: what came on top and what fell away."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from analytics.charts.style import FALL, GREY, INK, RISE, ROWS, finish, member_axis, number_axis, specification

PICK: Final = "pick"
ROOM: Final = alt.ExprRef("max(width - 58, 10)")
"""End of the bars, so that the longest one's text has room beside it."""
TOTAL: Final = "#3e73c5"


@specification
def waterfall(label_expr: str, detail: str, detail_title: str) -> dict[str, Any]:
    """One bar from `low` to `high` per `member`: totals in the accent, rises green, falls orange, each with its `text`.

    A dotted line leads from a bar's `end` to the `next`. `detail` is a column of words for the tooltip. A click selects
    `pick` with the bar's `step`.
    """
    pick = alt.selection_point(name=PICK, fields=["step"], on="click", toggle=False)
    y = alt.Y("member:N", sort=None, axis=member_axis(120))
    base = alt.Chart(ROWS).encode(
        y=y,
        tooltip=[
            alt.Tooltip("member:N", title=" "),
            alt.Tooltip("text:N", title="Revenue"),
            alt.Tooltip(f"{detail}:N", title=detail_title),
        ],
    )
    bar = base.mark_bar(cornerRadius=2, cursor="pointer", height={"band": 0.68}).encode(
        x=alt.X("low:Q", axis=number_axis(label_expr), scale=alt.Scale(zero=True, range=[0, ROOM])),
        x2="high:Q",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["total", "rise", "fall"], range=[TOTAL, RISE, FALL]),
        ),
    )
    link = alt.Chart(ROWS).mark_rule(color=GREY, strokeDash=[2, 2]).encode(y=y, y2="next:N", x="end:Q")
    text = base.mark_text(align="left", dx=6, fontSize=11, color=INK).encode(x="high:Q", text="text:N")
    link = link.transform_filter("datum.next != null")
    return finish(alt.layer(link, bar.add_params(pick), text).properties(height=alt.Step(34)))
