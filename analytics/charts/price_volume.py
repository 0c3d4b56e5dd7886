"""The bridge from the base period's revenue to this one's."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import altair as alt

from analytics.charts.style import FALL, GREY, INK, RISE, ROWS, finish, number_axis

PICK: Final = "pick"

SMALLER: Final = alt.ExprRef("width < 340 ? 8.5 : 11.5")
"""Amounts above neighbouring bars touch on a telephone otherwise."""


@cache
def waterfall(label_expr: str) -> dict[str, Any]:
    """One bar from `start` to `end` per `label`: totals grey, rises and falls in their colours, each with its `text`.

    A click selects `pick` with the bar's `step`.
    """
    pick = alt.selection_point(name=PICK, fields=["step"], on="click", toggle=False)
    x = alt.X("label:N", sort=None, axis=alt.Axis(title=None, labelAngle=0, ticks=False, domain=False, labelLimit=110))
    base = alt.Chart(ROWS).encode(
        x=x,
        tooltip=[
            alt.Tooltip("label:N", title=" "),
            alt.Tooltip("text:N", title="Revenue"),
            alt.Tooltip("meaning:N", title="Means"),
        ],
    )
    colour = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(domain=["total", "rise", "fall"], range=[GREY, RISE, FALL]),
    )
    bar = base.mark_bar(cornerRadius=2, cursor="pointer", width={"band": 0.66}).encode(
        y=alt.Y("start:Q", axis=number_axis(label_expr)), y2="end:Q", color=colour
    )
    text = base.mark_text(dy=-8, fontSize=SMALLER, color=INK).encode(y="top:Q", text="text:N")
    return finish(alt.layer(bar.add_params(pick), text).properties(height=310))
