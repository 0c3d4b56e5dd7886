"""Sparklines: the course of a KPI as a small image without axes, which costs the browser far less than a chart."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from analytics.charts.style import FALL, GREY, RISE

COLOURS: Final = {"good": RISE, "bad": FALL, "neither": GREY}
"""How a change is meant -> the line's colour, 3:1 against both backgrounds."""

WIDTH, HEIGHT, EDGE = 100, 30, 2


def sparkline(values: Sequence[float | None], name: str, meaning: str = "neither") -> str:
    """HTML of an image: values in order, the lowest at the bottom, the highest at the top; empty below two values.

    Missing values are left out. `name`, a constant, is what assistive technology reads.
    """
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    low, high = (end(value for _, value in known) for end in (min, max))
    tall, wide = (HEIGHT - 2 * EDGE) / ((high - low) or 1), WIDTH / (len(values) - 1)
    points = [f"{n * wide:.1f},{HEIGHT - EDGE - (value - low) * tall:.1f}" for n, value in known]
    colour, line = COLOURS[meaning], " ".join(points)
    first, last = points[0].split(",")[0], points[-1].split(",")[0]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<polygon points="{first},{HEIGHT} {line} {last},{HEIGHT}" fill="{colour}" fill-opacity="0.12"/>'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    source = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    return f'<img alt="{name}" style="width:100%;height:40px;display:block" src="{source}">'
