"""Stacked bars over time: the parts that make up a sum."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt

from analytics.charts.style import GREY, ROWS, finish, number_axis

CUSTOMER_KINDS = ("Returning customers", "New customers", "No customer recorded")


@cache
def customer_mix(label_expr: str) -> dict[str, Any]:
    """Bars of `value` per `start`, stacked by `kind` (one of CUSTOMER_KINDS, in that order)."""
    axis = alt.Axis(
        title=None,
        labelExpr="utcFormat(toDate(datum.value), '%b %y')",
        labelOverlap="greedy",
        ticks=False,
        domain=False,
        labelAngle=0,
    )
    chart = (
        alt.Chart(ROWS)
        .mark_bar()
        .encode(
            x=alt.X("start:O", axis=axis),
            y=alt.Y("value:Q", stack=True, axis=number_axis(label_expr)),
            color=alt.Color(
                "kind:N", sort=None, scale=alt.Scale(domain=list(CUSTOMER_KINDS), range=["#2f6fde", "#e09f3e", GREY])
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("label:N", title="Period"),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("text:N", title="Revenue"),
                alt.Tooltip("share_text:N", title="Share"),
            ],
        )
    )
    return finish(chart.properties(height=236))
