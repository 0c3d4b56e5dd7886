"""Estimates with how sure they are: a dot, its interval, and a tick at what was to be expected."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics.charts.style import GREY, INK, ROWS, finish, member_axis, number_axis, specification

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
