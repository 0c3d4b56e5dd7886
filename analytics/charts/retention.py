"""Cohorts as a grid, and as curves."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from analytics.charts.style import GREY, INK, MUTED, ROWS, finish, number_axis, specification

STEP: Final = 26

STRONG: Final = "datum.strength > (luminance(background) > 0.4 ? 0.63 : 0.405)"
"""Whether a cell, shaded by its share of the largest value (`strength`), is nearer to the text than to the ground."""
ON_STRONG: Final = alt.ExprRef("luminance(background) > 0.4 ? '#ffffff' : '#000000'")
"""Text on such a cell; AA on every shade."""
ON_WEAK: Final = alt.ExprRef("luminance(background) > 0.4 ? '#000000' : '#ffffff'")
"""Text on the other cells."""
PALE: Final = 0.35
"""Opacity of a cell with few customers."""


def cell_ink() -> Any:
    """The colour of a text on a cell: of the ground's own ink where few customers leave the cell pale."""
    return {
        "condition": [
            {"test": "!datum.enough", "value": INK.to_dict()},
            {"test": STRONG, "value": ON_STRONG.to_dict()},
        ],
        "value": ON_WEAK.to_dict(),
    }


POOLED: Final = "All cohorts"


@specification
def grid() -> dict[str, Any]:
    """One cell per `row` (in order of `row_rank`) and period since the first purchase `k`, shaded by `value`.

    A cell that cannot be observed yet has no row and stays blank. Cells of a period that is not over are outlined
    dashed; those of few customers are pale. `text` is written where it fits.
    """
    quiet: dict[str, Any] = {"ticks": False, "domain": False, "labelPadding": 6}
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "k:O",
            axis=alt.Axis(
                title="Periods since the first purchase", titleColor=MUTED, orient="top", labelAngle=0, **quiet
            ),
            scale=alt.Scale(paddingInner=0.06),
        ),
        y=alt.Y(
            "row:N",
            sort=alt.EncodingSortField("row_rank"),
            axis=alt.Axis(title=None, labelLimit=150, **quiet),
            scale=alt.Scale(paddingInner=0.08),
        ),
        tooltip=[
            alt.Tooltip("row:N", title="Cohort"),
            alt.Tooltip("k:O", title="Periods since"),
            alt.Tooltip("text:N", title="Value"),
            alt.Tooltip("customers_text:N", title="Customers who bought"),
            alt.Tooltip("eligible_text:N", title="Of customers observed"),
            alt.Tooltip("state:N", title=" "),
        ],
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("value:Q", scale=alt.Scale(zero=True), legend=None),
        opacity=alt.condition("datum.enough", alt.value(1.0), alt.value(PALE)),
    )
    partial = (
        base.transform_filter("!datum.whole")
        .mark_rect(cornerRadius=3, filled=False, stroke=GREY, strokeWidth=1.5, strokeDash=[3, 2])
        .encode()
    )
    # On a phone the numbers would run into one another; there the shade and the table tell them.
    text = base.mark_text(fontSize=10.5).encode(
        text="text:N",
        opacity=alt.condition("bandwidth('x') > 30", alt.value(1), alt.value(0)),
    )
    spec = finish(alt.layer(cells, partial, text).properties(height=alt.Step(STEP)))
    spec["layer"][-1]["encoding"]["color"] = cell_ink()
    return spec


@specification
def curves(label_expr: str) -> dict[str, Any]:
    """One line of `value` over `k` per `row`, and a thick one for the row named POOLED; hovering names it."""
    x = alt.X(
        "k:Q", axis=alt.Axis(title="Periods since the first purchase", titleColor=MUTED, grid=False, tickMinStep=1)
    )
    y = alt.Y("value:Q", axis=number_axis(label_expr), scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("row:N", title="Cohort"),
        alt.Tooltip("k:Q", title="Periods since"),
        alt.Tooltip("text:N", title="Value"),
        alt.Tooltip("eligible_text:N", title="Of customers observed"),
    ]
    base = alt.Chart(ROWS).encode(x=x, y=y, tooltip=tooltip)
    own = f"datum.row != '{POOLED}'"
    lines = (
        base.transform_filter(own)
        .mark_line(strokeWidth=1.5, point=alt.OverlayMarkDef(size=18))
        .encode(color=alt.Color("row:N", sort=alt.EncodingSortField("row_rank"), legend=alt.Legend(columns=3)))
    )
    pooled = (
        base.transform_filter(f"datum.row == '{POOLED}'")
        .mark_line(strokeWidth=3, color=INK, point=alt.OverlayMarkDef(size=26, color=INK))
        .encode()
    )
    return finish(alt.layer(lines, pooled).properties(height=280))
