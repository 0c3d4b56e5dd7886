"""Horizontal bars: members of a dimension, and what moved."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import FALL, GREY, INK, RISE, ROWS, finish, specification

PICK = "pick"
STEP = 24
LABELS = 145
ROOM = alt.ExprRef("max(width - 58, 10)")
"""End of the bars, so that the longest one's text has room beside it."""


def _members(limit: int) -> alt.Y:
    axis = alt.Axis(title=None, labelLimit=limit, ticks=False, domain=False, labelPadding=6)
    return alt.Y("member:N", sort=None, axis=axis)


@specification
def bars(label_limit: int = LABELS) -> dict[str, Any]:
    """One bar per member with its value in words and a tick where its base was; a click selects `pick`.

    Rows are those of `views.breakdown`, in the order drawn.
    """
    pick = alt.selection_point(name=PICK, fields=["member"], on="click", toggle=False)
    return _bars(_members(label_limit), "value", alt.Scale(zero=True, range=[0, ROOM]), pick)


@specification
def groups() -> dict[str, Any]:
    """Bars of several dimensions below each other, each under its name; a click selects `pick`: dimension and member.

    Rows are those of `views.groups`. All bars have one scale, also across charts of the same call.
    """
    pick = alt.selection_point(name=PICK, fields=["dimension", "member"], on="click", toggle=False)
    axis = alt.Axis(
        title=None,
        labelExpr="slice(datum.value, 5)",
        labelFontWeight=alt.condition("datum.value[4] == 'h'", alt.value(600), alt.value(400)),
        labelLimit=LABELS,
        ticks=False,
        domain=False,
        labelPadding=6,
    )
    scale = alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, 1]), zero=True, nice=False, range=[0, ROOM])
    return _bars(alt.Y("row:N", axis=axis), "reach", scale, pick, description=alt.Description("said:N"))


def _bars(y: alt.Y, field: str, scale: alt.Scale, pick: alt.Parameter, **more: Any) -> dict[str, Any]:
    """Bars of a field with a tick at its base and its text beside the longer of the two."""
    tooltip = [
        alt.Tooltip("member:N", title=" "),
        alt.Tooltip("text:N", title="Value"),
        alt.Tooltip("share_text:N", title="Share"),
        alt.Tooltip("margin_text:N", title="Margin"),
        alt.Tooltip("base_text:N", title="Compared with"),
        alt.Tooltip("change_text:N", title="Change"),
    ]
    base = alt.Chart(ROWS).encode(y=y)
    hidden = alt.Axis(title=None, labels=False, ticks=False, grid=False, domain=False)
    shade = alt.condition("datum.selected", alt.value(1.0), alt.value(0.35))
    bar = base.mark_bar(cornerRadiusEnd=3, cursor="pointer", height={"band": 0.68}).encode(
        x=alt.X(f"{field}:Q", axis=hidden, scale=scale), opacity=shade, tooltip=tooltip, **more
    )
    tick = base.mark_tick(color=GREY, thickness=2, height={"band": 0.8}).encode(
        x=alt.X(f"{field}_base:Q"), tooltip=tooltip
    )
    beside = base.transform_calculate(edge=f"max(datum.{field}, datum.{field}_base)")
    text = beside.mark_text(align="left", dx=6, fontSize=11.5, color=INK).encode(x=alt.X("edge:Q"), text="text:N")
    return finish(alt.layer(bar.add_params(pick), tick, text).properties(height=alt.Step(STEP)))


@specification
def movers(label_limit: int = LABELS) -> dict[str, Any]:
    """Diverging bars of `moved`: rises to the right, falls to the left, with their amounts. A click selects `pick`."""
    pick = alt.selection_point(name=PICK, fields=["member"], on="click", toggle=False)
    base = alt.Chart(ROWS).encode(y=_members(label_limit))
    hidden = alt.Axis(title=None, labels=False, ticks=False, grid=False, domain=False)
    x = alt.X("moved:Q", axis=hidden, scale=alt.Scale(zero=True, padding=52))
    bar = base.mark_bar(cornerRadiusEnd=3, cursor="pointer", height={"band": 0.68}).encode(
        x=x,
        color=alt.condition("datum.moved < 0", alt.value(FALL), alt.value(RISE)),
        tooltip=[
            alt.Tooltip("member:N", title=" "),
            alt.Tooltip("text:N", title="Moved by"),
            alt.Tooltip("change_text:N", title="Change"),
        ],
    )
    up = base.transform_filter("datum.moved >= 0").mark_text(align="left", dx=6, fontSize=11.5, color=INK)
    down = base.transform_filter("datum.moved < 0").mark_text(align="right", dx=-6, fontSize=11.5, color=INK)
    rule = alt.Chart(ROWS).mark_rule(color=GREY).encode(x=alt.datum(0))
    texts = [layer.encode(x="moved:Q", text="text:N") for layer in (up, down)]
    return finish(alt.layer(bar.add_params(pick), rule, *texts).properties(height=alt.Step(STEP)))
