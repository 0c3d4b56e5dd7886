"""What all charts share: greys that work on light and dark, quiet axes, and the step from Altair to a cached dict."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec

import altair as alt

P = ParamSpec("P")

GREY: Final = "#8a94a6"
"""Comparisons and rules; 3:1 against both backgrounds."""
FALL: Final = "#d9603b"
"""What went down, or is against the reader's interest; always named in words or by a sign as well."""
RISE: Final = "#2f9e78"
"""What went up."""
INK: Final = alt.ExprRef("luminance(background) > 0.4 ? '#17202c' : '#e5e9ef'")
"""Text inside a chart, readable on the theme's background."""
MUTED: Final = alt.ExprRef("luminance(background) > 0.4 ? '#4b5665' : '#a9b4c2'")
"""Labels of axes and legends, AA on both backgrounds."""
ROWS: Final = alt.NamedData("rows")
"""Stands for the frame that travels beside the specification."""

PERCENT: Final = "format(datum.value, '.3~p')"
"""Labels of an axis of shares."""
TELEPHONE: Final = 500
"""Pixels of a window below which labels are kept short."""

TIME_FORMAT: Final = {"year": "%Y", "quarter": "%b", "month": "%b", "week": "%-d %b", "date": "%-d %b"}


def time_axis() -> alt.Axis:
    """A quiet time axis: few labels, no grid, no title."""
    return alt.Axis(title=None, grid=False, format=TIME_FORMAT, tickCount=8, labelOverlap=True, domain=False)


def bucket_axis(*, labels: bool = True) -> alt.Axis:
    """A quiet axis of time steps drawn as bars: few labels, none where one beneath bears them."""
    return alt.Axis(
        title=None,
        labelExpr="utcFormat(toDate(datum.value), utcdate(toDate(datum.value)) == 1 ? '%b %y' : '%-d %b')",
        labelOverlap="greedy",
        ticks=False,
        domain=False,
        labelAngle=0,
        labels=labels,
    )


def member_axis(limit: int, *, split: str = "") -> alt.Axis:
    """A quiet axis of names, at most `limit` pixels wide and less on a telephone; `split` begins a new line."""
    wide = alt.ExprRef(f"windowSize()[0] < {TELEPHONE} ? min({limit}, 145) : {limit}")
    lines: dict[str, Any] = {"labelExpr": f"split(datum.label, '{split}')"} if split else {}
    return alt.Axis(title=None, labelLimit=wide, ticks=False, domain=False, labelPadding=6, labelFlush=False, **lines)


def share_axis(title: str) -> alt.Axis:
    """A horizontal axis of shares with a title that says of what."""
    return alt.Axis(
        title=title,
        titleColor=MUTED,
        titleFontWeight="normal",
        labelExpr=PERCENT,
        tickCount=5,
        grid=False,
        domain=False,
    )


def number_axis(label_expr: str, *, ticks: int = 4) -> alt.Axis:
    """A quiet number axis whose labels come from `formats.axis_label`."""
    return alt.Axis(title=None, labelExpr=label_expr, tickCount=ticks, domain=False, ticks=False, gridOpacity=0.5)


def odd_marks(base: Any, field: str = "odd") -> Any:
    """Diamonds at `field` over a chart's own axes, for buckets with unusual days; `field`_text says which."""
    return base.mark_point(shape="diamond", size=110, filled=True, color=FALL, opacity=1).encode(
        y=alt.Y(f"{field}:Q"),
        tooltip=[alt.Tooltip("label:N", title="Period"), alt.Tooltip(f"{field}_text:N", title="Unusual")],
    )


def specification(build: Callable[P, dict[str, Any]]) -> Callable[P, dict[str, Any]]:
    """Build a specification once for the process, though many first visitors ask for it at the same moment."""
    specs: dict[Any, dict[str, Any]] = {}
    lock = threading.Lock()

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        key = args, tuple(sorted(kwargs.items()))
        with lock:
            if key not in specs:
                specs[key] = build(*args, **kwargs)
            return specs[key]

    return built


def finish(chart: Any) -> dict[str, Any]:
    """The specification as a dict without data, as `st.vega_lite_chart` takes it beside a frame.

    Bars, cells, places and points describe themselves to assistive technology; what stands beside them would say the
    same again, and be written anew at every click.
    """
    quiet = chart.configure_view(strokeWidth=0).configure_axis(labelColor=MUTED, aria=False)
    quiet = quiet.configure_legend(orient="bottom", title=None, labelColor=MUTED, aria=False)
    quiet = quiet.configure_text(aria=False).configure_rule(aria=False).configure_tick(aria=False)
    spec: dict[str, Any] = quiet.configure_line(aria=False).configure_area(aria=False).to_dict()
    for key in ("data", "datasets", "$schema"):
        spec.pop(key, None)
    return spec
