"""The backtest of expected purchases."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts import columns as columns_charts
from analytics.charts.style import FALL, GREY, ROWS, finish, number_axis, specification


@specification
def backtest(label_expr: str) -> dict[str, Any]:
    """Per `member` (purchases before): bars of what came (`actual`), dots of the model, ticks of the baseline."""
    base = alt.Chart(ROWS).encode(
        x=columns_charts.steps("Purchase days before the holdout"),
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
