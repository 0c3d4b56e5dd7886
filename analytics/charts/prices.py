"""Prices over time, with the units sold at them beneath."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, ROWS, bucket_axis, finish, odd_marks, specification

EXTENT = 46
"""Pixels kept for the labels of both vertical axes, so that the months of both charts stand below each other."""


def _base(*, labels: bool) -> Any:
    tooltip = [
        alt.Tooltip("label:N", title="Month"),
        alt.Tooltip("price_text:N", title="Paid a unit"),
        alt.Tooltip("list_text:N", title="Before discounts"),
        alt.Tooltip("discount_text:N", title="Discount"),
        alt.Tooltip("units_text:N", title="Units"),
    ]
    return alt.Chart(ROWS).encode(x=alt.X("month:O", axis=bucket_axis(labels=labels)), tooltip=tooltip)


def _axis(label_expr: str, ticks: int) -> alt.Axis:
    return alt.Axis(
        title=None, labelExpr=label_expr, tickCount=ticks, domain=False, ticks=False, gridOpacity=0.5,
        minExtent=EXTENT, maxExtent=EXTENT,
    )  # fmt: skip


@specification
def prices(label_expr: str) -> dict[str, Any]:
    """The paid `price` (line) and the `list_price` (dashed) per `month`."""
    scale = alt.Scale(zero=False)
    listed = _base(labels=False).mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5)
    paid = _base(labels=False).mark_line(strokeWidth=2.2, point=True)
    chart = alt.layer(
        listed.encode(y=alt.Y("list_price:Q", axis=_axis(label_expr, 4), scale=scale)),
        paid.encode(y=alt.Y("price:Q", axis=_axis(label_expr, 4), scale=scale)),
    )
    return finish(chart.properties(height=170))


@specification
def units() -> dict[str, Any]:
    """Bars of `units` per `month`, diamonds where `odd` is."""
    bars = _base(labels=True).mark_bar(cornerRadius=2, opacity=0.8)
    label = "replace(format(datum.value, '.3~s'), 'k', 'K')"
    shown = bars.encode(y=alt.Y("units:Q", axis=_axis(label, 2)))
    return finish(alt.layer(shown, odd_marks(_base(labels=True))).properties(height=95))
