"""What the browser is given: the map, the fonts, the pictures, and a theme that everybody can read."""

from __future__ import annotations

import itertools
import json
import math
import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from streamlit.config import get_config_options

from analytics.charts.world_map import MAP_URL, world_map
from analytics.places import countries, map_ids

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "static"
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
THEME = CONFIG["theme"]
MODES = ("light", "dark")


# --- the map ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((STATIC / "world-110m.json").read_text("utf-8"))
    return loaded


def shapes(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {shape["id"]: shape for shape in world["objects"]["countries"]["geometries"] if "id" in shape}


def arcs_of(nested: list[Any]) -> list[int]:
    return [arc for part in nested for arc in (arcs_of(part) if isinstance(part, list) else [part])]


def corners(world: dict[str, Any], shape: dict[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east, north of a shape in degrees, by the TopoJSON specification (sections 2.1.2 and 2.2)."""
    (scale_x, scale_y), (move_x, move_y) = world["transform"]["scale"], world["transform"]["translate"]
    points = [tuple(shape["coordinates"])] if shape["type"] == "Point" else []
    for arc in arcs_of(shape.get("arcs", [])):
        x = y = 0
        for step_x, step_y in world["arcs"][arc if arc >= 0 else ~arc]:
            x, y = x + step_x, y + step_y
            points.append((x, y))
    lon, lat = [x * scale_x + move_x for x, _ in points], [y * scale_y + move_y for _, y in points]
    return min(lon), min(lat), max(lon), max(lat)


def test_map_has_every_country_but_antarctica_under_its_text_id(world: dict[str, Any]) -> None:
    ids = [shape["id"] for shape in world["objects"]["countries"]["geometries"] if "id" in shape]
    assert all(isinstance(code, str) and re.fullmatch(r"\d{3}", code) for code in ids)
    assert len(ids) == len(set(ids))
    named = {country.name: country.numeric for country in countries() if country.name != "Antarctica"}
    assert set(ids) == set(named.values())
    assert {shape["properties"]["name"]: code for code, shape in shapes(world).items()} == named
    # So whatever gets an id is drawn.
    assert set(map_ids(country.name for country in countries())["id"].drop_nulls()) == set(ids)


def test_map_is_small_and_its_arcs_are_all_there(world: dict[str, Any]) -> None:
    assert (STATIC / "world-110m.json").stat().st_size < 110_000
    used = {
        arc if arc >= 0 else ~arc
        for s in world["objects"]["countries"]["geometries"]
        for arc in arcs_of(s.get("arcs", []))
    }
    assert used == set(range(len(world["arcs"])))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("076", (-74.0, -33.8, -34.8, 5.3)),  # Brazil
        ("036", (113.3, -43.6, 153.6, -10.7)),  # Australia with Tasmania
        ("756", (6.0, 45.8, 10.5, 47.8)),  # Switzerland
        ("702", (103.8, 1.3, 103.8, 1.3)),  # Singapore, a point
        ("470", (14.4, 35.9, 14.4, 35.9)),  # Malta, a point
    ],
)
def test_countries_lie_where_they_lie(world: dict[str, Any], code: str, expected: tuple[float, ...]) -> None:
    assert corners(world, shapes(world)[code]) == pytest.approx(expected, abs=0.15)


def test_map_specification_is_valid_and_names_no_data() -> None:
    spec = world_map("datum.label")
    assert "data" not in spec
    assert "datasets" not in spec
    assert spec is world_map("datum.label")
    alt.LayerChart.from_dict(spec)  # raises where the schema is broken
    assert (ROOT / MAP_URL.removeprefix("app/")).exists()
    assert not MAP_URL.startswith(("/", "http"))


# --- fonts and pictures ----------------------------------------------------------------------------------------------


def test_fonts_are_ours_to_serve() -> None:
    faces = THEME["fontFaces"]
    assert {face["family"] for face in faces} == {"Inter"}
    for face in faces:
        assert face["url"].startswith("app/static/")
        assert (STATIC / face["url"].removeprefix("app/static/")).read_bytes()[:4] == b"wOF2"
    assert "SIL Open Font License" in (STATIC / "inter-OFL.txt").read_text("utf-8")


def test_every_served_file_has_its_licence_told() -> None:
    told = (STATIC / "LICENSES.md").read_text("utf-8")
    served = {path.name for path in STATIC.iterdir()} - {"LICENSES.md"}
    assert {name for name in served if f"`{name}`" not in told} == set()


@pytest.mark.parametrize("name", ["icon.svg", "logo.svg"])
def test_pictures_need_nothing_else(name: str) -> None:
    text = (STATIC / name).read_text("utf-8")
    root = ET.fromstring(text)
    assert root.attrib["viewBox"]
    assert not [
        element for element in root.iter() if element.tag.rpartition("}")[2] in ("text", "image", "style", "script")
    ]
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


# --- settings --------------------------------------------------------------------------------------------------------


def flat(section: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in section.items():
        found |= flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return found


def test_settings_exist_and_leave_the_installation_alone() -> None:
    settings = flat(CONFIG)
    assert set(settings) <= set(get_config_options())
    for key in ("address", "port", "allowedHosts", "headless", "corsAllowedOrigins"):
        assert key not in {name.rpartition(".")[2] for name in settings}
    assert settings["client.toolbarMode"] == "minimal"
    assert settings["client.showErrorDetails"] == "none"
    assert settings["server.enableStaticServing"] is True
    assert settings["browser.gatherUsageStats"] is False


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "//" not in (ROOT / ".streamlit" / "config.toml").read_text("utf-8")


# --- colours ---------------------------------------------------------------------------------------------------------


def linear(colour: str) -> list[float]:
    """Linear red, green and blue of an sRGB colour."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def faded(colour: str, background: str, share: float) -> str:
    """A colour laid over a background with some opacity."""
    mixed = (
        round(share * int(colour[i : i + 2], 16) + (1 - share) * int(background[i : i + 2], 16)) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


# Machado, Oliveira, Fernandes 2009: what people see who lack one kind of cone (severity 1.0), on linear RGB.
SIGHT = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def oklab(colour: str, sight: str) -> list[float]:
    """A colour as seen, in OKLab (Ottosson 2020), times 100 so that 1 is about just noticeable."""

    def apply(matrix: Any, vector: list[float]) -> list[float]:
        return [sum(cell * part for cell, part in zip(row, vector, strict=True)) for row in matrix]

    seen = [min(max(part, 0.0), 1.0) for part in apply(SIGHT[sight], linear(colour))]
    cones = apply(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        seen,
    )
    return apply(
        (
            (21.04542553, 79.36177850, -0.40720468),
            (197.79984951, -242.85922050, 45.05937099),
            (2.59040371, 78.27717662, -80.86757660),
        ),
        [math.cbrt(cone) for cone in cones],
    )


@pytest.mark.parametrize(("first", "second", "expected"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_wcags(first: str, second: str, expected: float) -> None:
    assert contrast(first, second) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("part", ["main", "sidebar"])
def test_text_is_readable(mode: str, part: str) -> None:
    theme = THEME[mode] if part == "main" else THEME[mode] | THEME[mode]["sidebar"]
    for background in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], background) >= 7
        assert contrast(theme["linkColor"], background) >= 4.5
    # Captions are the text's colour at 60 %.
    caption = faded(theme["textColor"], theme["backgroundColor"], 0.6)
    assert contrast(caption, theme["backgroundColor"]) >= 4.5
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) >= 3
    assert contrast(theme["codeTextColor"], theme["codeBackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_signals_are_readable(mode: str) -> None:
    theme = THEME[mode]
    for name in ("red", "orange", "yellow", "blue", "green", "violet", "gray"):
        assert contrast(theme[f"{name}TextColor"], theme[f"{name}BackgroundColor"]) >= 4.5
        assert contrast(theme[f"{name}TextColor"], theme["backgroundColor"]) >= 4.5
        assert contrast(theme[f"{name}Color"], theme["backgroundColor"]) >= 3
    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_categories_stand_out_and_apart_for_every_eye(mode: str) -> None:
    theme = THEME[mode]
    colours = theme["chartCategoricalColors"]
    assert len(colours) >= 8
    assert all(contrast(colour, theme["backgroundColor"]) >= 3 for colour in colours)
    nearest = {
        sight: min(math.dist(oklab(a, sight), oklab(b, sight)) for a, b in itertools.combinations(colours, 2))
        for sight in SIGHT
    }
    assert min(nearest.values()) >= 8.5, nearest


@pytest.mark.parametrize("mode", MODES)
def test_ramps_run_one_way(mode: str) -> None:
    """Ten colours each, as Streamlit wants them; more is further from the background, and the far end keeps 3:1."""
    theme = THEME[mode]
    background, ramp, both = theme["backgroundColor"], theme["chartSequentialColors"], theme["chartDivergingColors"]
    assert len(ramp) == len(both) == 10
    distance = [contrast(colour, background) for colour in ramp]
    assert distance == sorted(distance)
    assert distance[-1] >= 3
    distance = [contrast(colour, background) for colour in both]
    assert distance[:5] == sorted(distance[:5], reverse=True)
    assert distance[5:] == sorted(distance[5:])
    assert min(distance[0], distance[-1]) >= 3
    # No value is read from blue against orange alone by eyes that see them alike.
    assert all(math.dist(oklab(both[0], sight), oklab(both[-1], sight)) >= 8.5 for sight in SIGHT)
