"""Upright bars over named steps: distributions."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import INK, MUTED, ROWS, finish, number_axis, specification


def steps(title: str | None = None, *, labels: str | None = None) -> alt.X:
    axis: dict[str, Any] = {"title": title, "titleColor": MUTED, "labelAngle": 0, "ticks": False, "domain": False}
    if labels:
        axis["labelExpr"] = labels
    return alt.X("member:N", sort=None, axis=alt.Axis(labelOverlap=True, **axis))


@specification
def columns(label_expr: str, title: str = "") -> dict[str, Any]:
    """One bar of `value` per `member`, in the rows' order, with its share above it (`short`)."""
    tooltip = [
        alt.Tooltip("member:N", title=title or " "),
        alt.Tooltip("value_text:N", title="Value"),
        alt.Tooltip("share_text:N", title="Share"),
    ]
    base = alt.Chart(ROWS).encode(x=steps(title or None), tooltip=tooltip)
    bar = base.mark_bar(cornerRadiusEnd=3, width={"band": 0.72}).encode(
        y=alt.Y("value:Q", axis=number_axis(label_expr))
    )
    text = base.mark_text(dy=-7, fontSize=11, color=INK).encode(y="value:Q", text="short:N")
    return finish(alt.layer(bar, text).properties(height=230))
