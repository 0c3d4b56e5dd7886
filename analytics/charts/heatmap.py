"""A grid of cells, darker where the value is higher."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import ROWS, finish, specification

PICK = "pick"


@specification
def heatmap(fields: tuple[str, ...] = ("column",), step: int = 26) -> dict[str, Any]:
    """One cell per `column` (in order of `column_rank`) and `row` (in order of `row_rank`), shaded by `value`.

    An empty cell is left blank. A click selects `pick` with the cell's `fields`.
    """
    pick = alt.selection_point(name=PICK, fields=list(fields), on="click", toggle=False)
    quiet: dict[str, Any] = {"title": None, "ticks": False, "domain": False}
    chart = (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=3, cursor="pointer", stroke="transparent", strokeWidth=2)
        .encode(
            x=alt.X(
                "column:N",
                sort=alt.EncodingSortField("column_rank"),
                axis=alt.Axis(labelAngle=0, labelOverlap=True, labelExpr="split(datum.label, ' (')[0]", **quiet),
                scale=alt.Scale(paddingInner=0.06),
            ),
            y=alt.Y(
                "row:N",
                sort=alt.EncodingSortField("row_rank"),
                axis=alt.Axis(labelLimit=130, labelPadding=6, **quiet),
                scale=alt.Scale(paddingInner=0.08),
            ),
            color=alt.Color("value:Q", scale=alt.Scale(type="sqrt"), legend=None),
            tooltip=[
                alt.Tooltip("row:N", title=" "),
                alt.Tooltip("column:N", title="Period"),
                alt.Tooltip("text:N", title="Value"),
            ],
        )
        .add_params(pick)
    )
    return finish(chart.properties(height=alt.Step(step)))
