"""Revenue of new, returning and unknown customers, stacked over time."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, ROWS, bucket_axis, finish, number_axis, odd_marks, specification

CUSTOMER_KINDS = ("Returning customers", "New customers", "No customer recorded")


@specification
def customer_mix(label_expr: str) -> dict[str, Any]:
    """Bars of `value` per `start`, stacked by `kind` (one of CUSTOMER_KINDS, in that order); diamonds at `odd`."""
    base = alt.Chart(ROWS).encode(x=alt.X("start:O", axis=bucket_axis()))
    bars = base.mark_bar().encode(
        y=alt.Y("value:Q", stack=True, axis=number_axis(label_expr)),
        color=alt.Color(
            "kind:N",
            sort=None,
            scale=alt.Scale(domain=list(CUSTOMER_KINDS), range=["#2f6fde", "#e09f3e", GREY]),
            legend=alt.Legend(columns=alt.ExprRef("width < 340 ? 1 : 3")),
        ),
        order=alt.Order("rank:Q"),
        tooltip=[
            alt.Tooltip("label:N", title="Period"),
            alt.Tooltip("kind:N", title=" "),
            alt.Tooltip("text:N", title="Revenue"),
            alt.Tooltip("share_text:N", title="Share"),
        ],
    )
    return finish(alt.layer(bars, odd_marks(base)).properties(height=236))
