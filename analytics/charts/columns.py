"""Upright bars over named steps: distributions, a backtest, and the Lorenz curve beside them."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import FALL, GREY, INK, MUTED, ROWS, bucket_axis, finish, number_axis, specification


def _steps(title: str | None = None, *, labels: str | None = None) -> alt.X:
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
    base = alt.Chart(ROWS).encode(x=_steps(title or None), tooltip=tooltip)
    bar = base.mark_bar(cornerRadiusEnd=3, width={"band": 0.72}).encode(
        y=alt.Y("value:Q", axis=number_axis(label_expr))
    )
    text = base.mark_text(dy=-7, fontSize=11, color=INK).encode(y="value:Q", text="short:N")
    return finish(alt.layer(bar, text).properties(height=230))


@specification
def backtest(label_expr: str) -> dict[str, Any]:
    """Per `member` (purchases before): bars of what came (`actual`), dots of the model, ticks of the baseline."""
    base = alt.Chart(ROWS).encode(
        x=_steps("Purchase days before the holdout"),
        tooltip=[
            alt.Tooltip("member:N", title="Purchase days before"),
            alt.Tooltip("customers_text:N", title="Customers"),
            alt.Tooltip("actual_text:N", title="Came"),
            alt.Tooltip("predicted_text:N", title="Model"),
            alt.Tooltip("baseline_text:N", title="Own frequency"),
        ],
    )
    colours = {"What came": GREY, "Own frequency": FALL, "Model": "#3e73c5"}
    axis = number_axis(label_expr)
    bar = base.mark_bar(cornerRadiusEnd=3, opacity=0.55, width={"band": 0.62}).encode(y=alt.Y("actual:Q", axis=axis))
    dot = base.mark_point(filled=True, size=110, opacity=1).encode(y="predicted:Q")
    tick = base.mark_tick(thickness=3, width={"band": 0.62}).encode(y="baseline:Q")
    spec = finish(alt.layer(bar, tick, dot).properties(height=250))
    scale = {"domain": list(colours), "range": list(colours.values())}
    for layer, name in zip(spec["layer"], colours, strict=True):
        layer["encoding"]["color"] = {"datum": name, "type": "nominal", "scale": scale}
    return spec


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


@specification
def over_time(label_expr: str, titles: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """One bar of `value` per `start` (a day). `titles` are columns of words for the tooltip, each with its title."""
    axis = bucket_axis()
    axis["labelBound"] = True
    chart = (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("start:O", axis=axis),
            y=alt.Y("value:Q", axis=number_axis(label_expr)),
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles],
        )
    )
    return finish(chart.properties(height=230))


@specification
def scores() -> dict[str, Any]:
    """Lines of `score` (1 to 5) over `day`, one per `kind`, drawn at `beside`, so that equal scores do not hide."""
    chart = (
        alt.Chart(ROWS)
        .mark_line(point=alt.OverlayMarkDef(size=40), strokeWidth=2, interpolate="step-after")
        .encode(
            x=alt.X(
                "day:T",
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(title=None, grid=False, domain=False, format="%b %y", tickCount=8, labelOverlap=True),
            ),
            y=alt.Y(
                "beside:Q",
                scale=alt.Scale(domain=[0.8, 5.2]),
                axis=alt.Axis(title=None, values=[1, 2, 3, 4, 5], domain=False, ticks=False, gridOpacity=0.5),
            ),
            color=alt.Color("kind:N", sort=None),
            tooltip=[
                alt.Tooltip("label:N", title="As of"),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("score:Q", title="Score"),
                alt.Tooltip("group:N", title="Group"),
            ],
        )
    )
    return finish(chart.properties(height=230))
