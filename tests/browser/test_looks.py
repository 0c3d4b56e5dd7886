"""Narrow screens, dark mode, time zones, markup in names, the keyboard, and what stands where something is missing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    Open,
    Server,
    chart,
    chip,
    close_popover,
    grid,
    mark,
    open_table,
    serve,
    settled,
    tiles,
)
from tests.small_datasets import LACKING, MARKUP

PAGES = ("sales_performance", "customer_insights")
TRACE = re.compile(r"Traceback|\.py\b|line \d+, in|Error:|Exception")


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_all_of_it(server: Server, visit: Open, name: str) -> None:
    page = visit(server.link(name, preset="all"), width=390)
    wide = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
        .map(part => part.scrollWidth - part.clientWidth)"""
    assert page.evaluate(wide) == [0, 0]
    cut = """values => values.filter(value => [value, ...value.querySelectorAll('*')]
        .some(part => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible'))
        .map(value => value.innerText)"""
    assert page.locator("[data-testid=stMetricValue]").evaluate_all(cut) == []
    outside = """charts => charts.filter(chart => {
        const card = chart.closest('[data-testid=stVerticalBlock]').getBoundingClientRect();
        return chart.querySelector('svg').getBoundingClientRect().right > card.right + 1;
      }).map(chart => chart.getAttribute('aria-label'))"""
    assert page.locator("[data-testid=stVegaLiteChart]").evaluate_all(outside) == []


def _channel(value: float) -> float:
    value /= 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance of a CSS colour, by WCAG 2."""
    red, green, blue = (_channel(float(part)) for part in re.findall(r"[\d.]+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two CSS colours, by WCAG 2: 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_in_charts_is_readable(server: Server, visit: Open, name: str, scheme: str) -> None:
    page = visit(server.link(name, dataset="whole"), scheme=scheme)
    ground = page.locator("[data-testid=stApp]").evaluate("app => getComputedStyle(app).backgroundColor")
    assert (luminance(ground) < 0.2) == (scheme == "dark")
    read = """charts => charts.flatMap(chart => [...chart.querySelectorAll('svg text')]
        .filter(text => text.textContent.trim() && getComputedStyle(text).opacity > 0)
        .map(text => [chart.getAttribute('aria-label'), text.textContent, getComputedStyle(text).fill]))"""
    texts = page.locator("[data-testid=stVegaLiteChart]").evaluate_all(read)
    assert len(texts) > 40
    faint = [(where, text, fill) for where, text, fill in texts if contrast(fill, ground) < 4.5]
    assert faint == []


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
def test_every_time_zone_reads_the_same_days(server: Server, visit: Open, zone: str) -> None:
    link = server.link("sales_performance", dataset="whole", preset="custom", period=["2025-01-01", "2025-06-30"])
    read = """charts => charts.map(chart => [
        ...[...chart.querySelectorAll('.role-axis-label text')].map(text => text.textContent),
        ...[...chart.querySelectorAll('path[aria-label]')].map(mark => mark.getAttribute('aria-label')),
      ])"""
    shown = []
    for where in ("UTC", zone):
        page = visit(link, zone=where)
        days = page.locator("[data-testid=stDateInput]").first.inner_text()
        shown.append((page.locator("[data-testid=stVegaLiteChart]").evaluate_all(read), tiles(page), days))
    assert shown[0] == shown[1]
    assert any("Jan" in label for label in shown[1][0][0])


def test_names_with_markup_stand_as_they_are(server: Server, visit: Open) -> None:
    levels = {"category": ["Food", "Tools"], "subcategory": ["Bread", "Saws"]}
    page = visit(server.link("sales_performance", dataset="whole", preset="all", **levels))
    page.locator(".st-key-level_product").get_by_role("radio", name="Product").click()
    expect(mark(page, "Bars by product", MARKUP[0], "bar")).to_be_visible()
    popover = open_table(page, "by_product")
    assert {row[0] for row in grid(popover)[1:]} == set(MARKUP)
    close_popover(page)
    leads = "|".join(map(re.escape, MARKUP))
    expect(page.get_by_text(re.compile(rf"^({leads}) leads with")).first).to_be_visible()
    tooltip = page.locator("#vg-tooltip-element")
    for product in MARKUP:
        bar = mark(page, "Bars by product", product, "bar")
        bar.hover()
        expect(tooltip).to_be_visible()
        expect(tooltip).to_contain_text(product)
        bar.click()
        expect(chip(page, "product")).to_contain_text(f"Product: {product}")
        settled(page)
        chip(page, "product").click()
        expect(chip(page, "product")).to_have_count(0)
        settled(page)


def test_names_of_customers_stand_as_they_are(server: Server, visit: Open) -> None:
    page = visit(server.link("customer_insights", dataset="whole", preset="all"))
    expect(page.get_by_text(re.compile(r"^\*Name\* \d+ leads with"))).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_and_table_has_a_name(server: Server, visit: Open, name: str) -> None:
    page = visit(server.link(name, dataset="whole"))
    names = page.locator("[data-testid=stVegaLiteChart]").evaluate_all(
        "charts => charts.map(chart => chart.getAttribute('aria-label'))"
    )
    assert len(names) >= 6
    assert all(names)
    assert "Vega visualization" not in names
    assert len(set(names)) == len(names)
    tables = page.locator("[data-testid=stDataFrameResizable]").evaluate_all(
        "tables => tables.map(table => table.getAttribute('aria-label'))"
    )
    assert all(tables)


def test_the_keyboard_reaches_every_filter(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole"))
    reached: set[str] = set()
    read = """() => { const on = document.activeElement;
        return on.getAttribute('aria-label') || on.labels?.[0]?.innerText || on.innerText || ''; }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(read).strip())
    said = " | ".join(reached)
    for label in (
        "Dataset",
        "Period",
        "Compare with",
        "Continent",
        "Country",
        "Region",
        "Product",
        "Reset filters",
        "Metric",
        "Export",
    ):
        assert label in said, f"{label} in {said}"


def test_a_filter_can_be_set_by_keyboard_alone(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole"))
    page.locator("[data-testid=stSidebar]").get_by_role("combobox", name="Country").focus()
    page.keyboard.type("Jap")
    expect(page.get_by_role("option", name="Japan")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chip(page, "country").first).to_contain_text("Japan")


def test_five_thousand_products_narrow_as_one_types(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="many", preset="all"))
    box = page.locator("[data-testid=stSidebar]").get_by_role("combobox", name="Product")
    box.click()
    expect(page.get_by_role("option").first).to_be_visible()
    box.press_sequentially("4321")
    option = page.get_by_role("option", name="Product 4321")
    expect(option).to_be_visible()
    option.click()
    expect(chip(page, "product").first).to_contain_text("Product 4321")
    settled(page)
    assert tiles(page)["Orders"] == "1"


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_view_says_what_to_widen(server: Server, visit: Open, name: str) -> None:
    page = visit(
        server.link(
            name, dataset="whole", preset="custom", period=["2024-01-01", "2024-01-01"], country="Japan", gender="F",
            product="Apple",
        )
    )  # fmt: skip
    expect(page.get_by_text("Remove one of these filters")).to_be_visible()
    assert not TRACE.search(page.locator("body").inner_text())


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dataset", [name for name in LACKING if name != "whole"])
def test_a_lacking_dataset_says_what_to_add(server: Server, visit: Open, name: str, dataset: str) -> None:
    page = visit(server.link(name, dataset=dataset))
    text = page.locator("[data-testid=stMain]").inner_text()
    assert not TRACE.search(text)
    assert not re.search(r"\b(None|nan|NaN|null|undefined|inf)\b", text)
    if dataset == "without_geography":
        assert "Add " in text
        expect(chart(page, "World map by country")).to_have_count(0)
    expect(page.get_by_text("difference to the import 0.00")).to_be_visible()


def test_an_unknown_value_in_a_link_is_named(server: Server, visit: Open) -> None:
    page = visit(server.link("customer_insights", dataset="whole", country=["Lemuria", "France"], metric="happiness"))
    warning = page.locator("[data-testid=stAlert]")
    expect(warning).to_contain_text("Lemuria")
    expect(warning).to_contain_text("happiness")
    expect(chip(page, "country").first).to_contain_text("France")


DAMAGE: dict[str, Any] = {
    "lines.parquet": lambda path: path.write_bytes(b"PAR1 no longer"),
    "customers.parquet": lambda path: path.unlink(),
    "dataset.toml": lambda path: path.write_text("title = [", encoding="utf-8"),
}


@pytest.fixture(scope="module")
def damaged(browser_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server over datasets of which each lacks one file's content, and a whole one."""
    home = tmp_path_factory.mktemp("damaged")
    shutil.copytree(browser_home / "whole", home / "whole")
    for name, damage in DAMAGE.items():
        copy = home / f"without_{name.split('.')[0]}"
        shutil.copytree(browser_home / "whole", copy)
        damage(next(copy.glob(f"versions/*/{name}")))
    with serve(home, tmp_path_factory.mktemp("damaged_log") / "server.log") as running:
        yield running


@pytest.mark.parametrize("file", DAMAGE)
def test_a_damaged_dataset_gives_one_clear_message(damaged: Server, visit: Open, file: str) -> None:
    page = visit(damaged.link("customer_insights", dataset=f"without_{file.split('.')[0]}"))
    said = page.locator("[data-testid=stAlert], [data-testid=stException]").all_inner_texts()
    assert len(said) == 1
    assert "repare it again" in said[0] or "is not known" in said[0]
    assert not TRACE.search(page.locator("body").inner_text())


def test_a_damaged_dataset_leaves_the_others_alone(damaged: Server, visit: Open) -> None:
    page = visit(damaged.link("sales_performance", dataset="whole"))
    assert len(tiles(page)) == 8


def test_a_page_that_is_not_there_leads_home(server: Server, visit: Open) -> None:
    page = visit(server.link("nowhere", dataset="whole"), wait=False, complains=True)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Sales performance", exact=True)).to_be_visible()


def test_the_server_had_nothing_to_complain_about(server: Server, visit: Open) -> None:
    """Last of the file on purpose: the log of all that was asked of the shared server."""
    visit(server.link())
    assert server.complaints() == ""
