"""The Lorenz curve."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, MUTED, ROWS, finish, number_axis, specification


@specification
def lorenz() -> dict[str, Any]:
    """The share of revenue that the smallest share of `customers` brings, beside perfect equality."""
    percent = "format(datum.value, '.0%')"
    x = alt.X(
        "customers:Q",
        axis=alt.Axis(
            title="Share of customers, smallest first", titleColor=MUTED, labelExpr=percent, tickCount=5, grid=False
        ),
        scale=alt.Scale(domain=[0, 1]),
    )
    y = alt.Y("revenue:Q", axis=number_axis(percent, ticks=5), scale=alt.Scale(domain=[0, 1]))
    tooltip = [
        alt.Tooltip("customers_text:N", title="Of the customers"),
        alt.Tooltip("revenue_text:N", title="bring of the revenue"),
    ]
    base = alt.Chart(ROWS).encode(x=x, tooltip=tooltip)
    equal = base.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(
        y=alt.Y("customers:Q", scale=alt.Scale(domain=[0, 1]))
    )
    area = base.mark_area(opacity=0.1, line=False).encode(y=y)
    line = base.mark_line(strokeWidth=2.2).encode(y=y)
    return finish(alt.layer(equal, area, line).properties(height=260))
