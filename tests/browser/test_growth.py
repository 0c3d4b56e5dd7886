"""The growth pages in a browser: they fit a telephone, name their charts, and a click opens a bar of the bridge."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, chart, close_popover, grid, mark, open_table, settled
from tests.browser.test_downloads import saved

PAGES = ("drivers", "products_and_pricing", "markets", "outlook")


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_all_of_it(server: Server, visit: Open, name: str) -> None:
    page = visit(server.link(name), width=390)
    wide = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
        .map(part => part.scrollWidth - part.clientWidth)"""
    assert page.evaluate(wide) == [0, 0]
    outside = """charts => charts.filter(chart => {
        const card = chart.closest('[data-testid=stVerticalBlock]').getBoundingClientRect();
        return chart.querySelector('svg').getBoundingClientRect().right > card.right + 1;
      }).map(chart => chart.getAttribute('aria-label'))"""
    assert page.locator("[data-testid=stVegaLiteChart]").evaluate_all(outside) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_and_table_has_a_name(server: Server, visit: Open, name: str) -> None:
    page = visit(server.link(name))
    read = "parts => parts.map(part => part.getAttribute('aria-label'))"
    names = page.locator("[data-testid=stVegaLiteChart]").evaluate_all(read)
    assert len(names) >= 2
    assert all(names)
    assert "Vega visualization" not in names
    assert len(set(names)) == len(names)
    assert all(page.locator("[data-testid=stDataFrameResizable]").evaluate_all(read))


def test_a_click_on_the_bridge_opens_its_bar(server: Server, visit: Open) -> None:
    page = visit(server.link("drivers"))
    mark(page, "Bridge from the base to now", "Lost", "bar").click()
    settled(page)
    expect(page.get_by_text("items that only the base period sold").first).to_be_visible()


def test_the_bridge_s_csv_adds_up(server: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(server.link("drivers"))
    popover = open_table(page, "bridge")
    assert grid(popover)[0][:3] == ["Item", "Change", "Price"]
    path = saved(page, popover.get_by_role("button", name="Download CSV"), tmp_path)
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parts = ("Price", "Volume", "Mix", "New", "Lost")
    for row in rows:
        assert sum(float(row[name]) for name in parts) == pytest.approx(float(row["Change"]), abs=1e-6)
    close_popover(page)


def test_a_sentence_of_the_summary_leads_to_its_evidence(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", country="Germany"))
    page.get_by_test_id("stPageLink-NavLink").first.click()
    expect(page.get_by_role("heading", name="Drivers")).to_be_visible()
    settled(page)
    expect(page.get_by_role("button", name="Country: Germany")).to_be_visible()


def test_targets_typed_into_the_page_are_saved(server: Server, visit: Open) -> None:
    def opened() -> tuple[Page, list[Any]]:
        page = visit(server.link("outlook"))
        page.get_by_text("Edit targets").click()
        cells = [page.get_by_role("spinbutton", name=month) for month in ("January 2026", "February 2026")]
        expect(cells[0]).to_be_visible()
        return page, cells

    page, cells = opened()
    before = [cell.input_value() for cell in cells]
    for cell, amount in zip(cells, ("12345", "23456.5"), strict=True):
        cell.click()
        page.keyboard.press("Control+A")
        page.keyboard.type(amount)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    settled(page)

    again, cells = opened()
    assert [cell.input_value() for cell in cells] == ["12345.00", "23456.50"]
    again.get_by_role("button", name="Forget what was edited").click()
    expect(again.get_by_text("What was edited is forgotten")).to_be_visible()
    settled(again)
    assert [cell.input_value() for cell in opened()[1]] == before


def test_unusual_days_stand_on_every_trend_with_what_made_them(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", preset="all"))
    for name in ("Metric over time", "Revenue and orders over time"):
        diamond = chart(page, name).locator('[aria-roledescription="point"]').first
        expect(diamond).to_be_attached()
    table = open_table(page, "trend")
    assert any("1 Nov 2023" in cell and "usually" in cell for row in grid(table) for cell in row)
    close_popover(page)
    page = visit(server.link("outlook", preset="all"))
    expect(chart(page, "Forecast with intervals").locator('[aria-roledescription="point"]').first).to_be_attached()
    page = visit(server.link("customer_insights", preset="all"))
    expect(
        chart(page, "New and returning revenue over time").locator('[aria-roledescription="point"]').first
    ).to_be_attached()
