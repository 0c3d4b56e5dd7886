"""Prices and units over time, and elasticities with how sure they are."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import (
    GREY,
    INK,
    ROWS,
    bucket_axis,
    finish,
    member_axis,
    number_axis,
    odd_marks,
    specification,
)

STEP = 25
ROOM = alt.ExprRef("max(width - 56, 10)")
"""End of the scale, so that the texts have room beside it."""
ACCENT = "#2f6fde"


@specification
def estimates(
    label_expr: str, *, titles: tuple[tuple[str, str], ...], label_limit: int = 190, split: str = ""
) -> dict[str, Any]:
    """One row per `member`: a dot at `value`, a bar from `low` to `high`, a grey tick at `mark`, its `text` beside it.

    `titles` are columns of words for the tooltip, each with its title. Where `split` stands in a name, a new line
    begins.
    """
    y = alt.Y("member:N", sort=None, axis=member_axis(label_limit, split=split))
    tooltip = [alt.Tooltip("member:N", title=" "), *(alt.Tooltip(f"{name}:N", title=title) for name, title in titles)]
    base = alt.Chart(ROWS).encode(y=y, tooltip=tooltip)
    x = alt.X("value:Q", axis=number_axis(label_expr), scale=alt.Scale(zero=True, padding=12, range=[0, ROOM]))
    span = base.mark_rule(strokeWidth=4, opacity=0.6, color=ACCENT, strokeCap="round").encode(x="low:Q", x2="high:Q")
    dot = base.mark_circle(size=75, opacity=1, color=ACCENT).encode(x=x)
    mark = base.mark_tick(color=GREY, thickness=2, height={"band": 0.75}).encode(x="mark:Q")
    text = base.mark_text(align="left", dx=9, fontSize=11.5, color=INK).encode(x="high:Q", text="text:N")
    return finish(alt.layer(span, mark, dot, text).properties(height=alt.Step(STEP if not split else STEP + 9)))


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
    visible = bars.encode(y=alt.Y("units:Q", axis=_axis(label, 2)))
    return finish(alt.layer(visible, odd_marks(_base(labels=True))).properties(height=95))
