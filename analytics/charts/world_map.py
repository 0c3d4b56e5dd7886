"""The world, each country coloured by its value."""

from __future__ import annotations

from typing import Any, Final

from analytics.charts.style import MUTED, specification

PICK: Final = "pick"
"""Name of the selection: the `member` of each clicked country."""

MAP_URL: Final = "app/static/world-110m.json"
"""Relative on purpose: it follows the app to any page and base path it is served under."""

_SHAPES: Final[dict[str, Any]] = {"url": MAP_URL, "format": {"type": "topojson", "feature": "countries"}}

# Pixels per radian at which Earth without Antarctica just fits, and how far the equator then lies below the middle.
_SCALE: Final = "min(width / 5.42, height / 2.37)"
_BELOW: Final = 0.14

# The legend names the ends and what lies between: zero where values fall below it, else a quarter, which a square root
# puts half-way. Round numbers would crowd at the upper end.
_TOP: Final = "domain('color')[1]"
_TICKS: Final = f"domain('color')[0] < 0 ? [domain('color')[0], 0, {_TOP}] : [0, {_TOP} / 4, {_TOP}]"


@specification
def world_map(label_expr: str, *, height: int = 280) -> dict[str, Any]:
    """Countries with a value in the accent's shades over neutral land; a click selects `pick`.

    Rows, at most one per country drawn: `member`, `id` (as `places.map_ids` gives it), `value`, `text`, `share_text`,
    `base_text`, `change_text`, `selected`. Countries too small for the map are dots. The colour grows with the square
    root of the value, or one large market would leave all others pale. A row without a shape is not drawn: list it
    beside the map. `label_expr` writes the legend's numbers, as for an axis.
    """
    land = {
        "data": _SHAPES,
        "transform": [{"filter": "datum.geometry.type !== 'Point'"}],
        "mark": {"type": "geoshape", "opacity": 0.2, "tooltip": None, "aria": False},
        # A named grey is the theme's own, so land is neutral in light and dark without a second specification.
        "encoding": {"color": {"value": "gray"}},
    }
    countries = {
        "transform": [
            {"lookup": "id", "from": {"data": _SHAPES, "key": "id"}, "as": "shape"},
            {"filter": "isValid(datum.shape)"},
        ],
        "params": [{"name": PICK, "select": {"type": "point", "fields": ["member"], "on": "click", "toggle": False}}],
        "mark": {"type": "geoshape", "cursor": "pointer", "stroke": {"expr": "background"}, "strokeWidth": 0.5},
        "encoding": {
            "shape": {"field": "shape", "type": "geojson"},
            "color": {
                "field": "value",
                "type": "quantitative",
                "scale": {"type": "sqrt", "zero": True},
                "legend": {
                    "orient": "bottom",
                    "title": None,
                    "labelColor": {"expr": MUTED.expr},
                    "labelExpr": label_expr,
                    "values": {"expr": _TICKS},
                    "gradientLength": 180,
                    "gradientThickness": 8,
                },
            },
            "opacity": {"condition": {"test": "datum.selected", "value": 1}, "value": 0.35},
            "tooltip": [
                {"field": "member", "type": "nominal", "title": "Country"},
                {"field": "text", "type": "nominal", "title": "Value"},
                {"field": "share_text", "type": "nominal", "title": "Share"},
                {"field": "base_text", "type": "nominal", "title": "Compared with"},
                {"field": "change_text", "type": "nominal", "title": "Change"},
            ],
        },
    }
    return {
        "height": height,
        "projection": {
            "type": "equalEarth",
            # Cuts the sphere in the Bering Strait, so that no country is drawn on both edges. Scale and place are
            # given rather than fitted: a fit depends on the rows, and the world would jump with every filter.
            "rotate": [-11, 0, 0],
            "scale": {"expr": _SCALE},
            "translate": {"expr": f"[width / 2, height / 2 + {_BELOW} * {_SCALE}]"},
            "pointRadius": 3.5,
        },
        "layer": [land, countries],
        "config": {"view": {"stroke": None}},
    }
