"""The customer pages in a browser: links, telephones, dark charts, tables and files, and a segment that is saved."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data.store.saved import Saved
from tests import small_datasets
from tests.browser.conftest import (
    Open,
    Server,
    close_popover,
    grid,
    mark,
    open_table,
    press,
    query,
    serve,
    settled,
    tiles,
)
from tests.browser.test_downloads import alike, saved
from tests.browser.test_looks import contrast

CARDS = {
    "segments": ("rfm_grid", "rfm_groups", "rfm_moves", "rfm_slipped", "rfm_actions", "rfm_profile"),
    "retention": ("bridge", "bridge_customers", "cohorts", "came_back", "first_members", "waiting"),
    "value": ("value_best", "value_by", "value_backtest", "overdue", "lapsed"),
    "customer": ("customer_orders", "customer_spent", "customer_rhythm", "customer_scores", "customer_lines"),
}
SOMEBODY = "C000008222"


def link(server: Server, name: str, **more: str) -> str:
    return server.link(name, **(more | ({"customer": SOMEBODY} if name == "customer" else {})))


@pytest.mark.parametrize("name", CARDS)
def test_a_cold_deep_link_keeps_its_filters(cold_server: Server, visit: Open, name: str) -> None:
    page = visit(link(cold_server, name, dataset="demo", country="Germany", compare="previous_period"))
    title = {"segments": "Segments", "retention": "Retention", "value": "Value", "customer": "Customer"}[name]
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    assert query(page)["country"] == ["Germany"]
    assert query(page)["compare"] == ["previous_period"]
    expect(page.get_by_role("button", name="Country: Germany")).to_have_count(0 if name == "customer" else 1)
    page.get_by_role("link", name="Sales performance").first.click()
    expect(page.get_by_role("button", name="Country: Germany")).to_be_visible()
    assert query(page)["country"] == ["Germany"]
    assert cold_server.complaints() == ""


@pytest.mark.parametrize("name", CARDS)
def test_every_csv_equals_the_table_on_screen(server: Server, visit: Open, tmp_path: Path, name: str) -> None:
    page = visit(link(server, name, dataset="demo"))
    for card in CARDS[name]:
        popover = open_table(page, card)
        shown = grid(popover)
        path = saved(page, popover.get_by_role("button", name="Download CSV"), tmp_path)
        content = path.read_bytes()
        held = list(csv.reader(content.decode("utf-8").splitlines()))
        assert path.name == f"{card}_{hashlib.sha256(content).hexdigest()[:8]}.csv"
        assert len(set(held[0])) == len(held[0])
        assert len(shown) > 1
        assert shown[0] == held[0][: len(shown[0])], card
        for row, kept in zip(shown[1:], held[1:], strict=False):
            assert all(map(alike, row, kept)), (card, row, kept)
        close_popover(page)


@pytest.mark.parametrize("name", CARDS)
def test_a_phone_shows_all_of_it_and_charts_are_named(server: Server, visit: Open, name: str) -> None:
    page = visit(link(server, name, dataset="demo"), width=390)
    wide = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
        .map(part => part.scrollWidth - part.clientWidth)"""
    assert page.evaluate(wide) == [0, 0]
    charts = page.locator("[data-testid=stVegaLiteChart]")
    outside = """charts => charts.filter(chart => {
        const card = chart.closest('[data-testid=stVerticalBlock]').getBoundingClientRect();
        return chart.querySelector('svg').getBoundingClientRect().right > card.right + 1;
      }).map(chart => chart.getAttribute('aria-label'))"""
    assert charts.evaluate_all(outside) == []
    names = charts.evaluate_all("charts => charts.map(chart => chart.getAttribute('aria-label'))")
    assert len(names) >= 3
    assert all(names)
    assert len(set(names)) == len(names)
    tables = page.locator("[data-testid=stDataFrameResizable]")
    assert all(tables.evaluate_all("tables => tables.map(table => table.getAttribute('aria-label'))"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "alt"), [("segments", "Grid of recency against frequency and money"), ("retention", "Grid of cohorts")]
)
def test_numbers_on_cells_are_readable(server: Server, visit: Open, name: str, alt: str, scheme: str) -> None:
    page = visit(server.link(name, dataset="demo"), scheme=scheme)
    pairs = page.locator(f'[data-testid=stVegaLiteChart][aria-label="{alt}"]').evaluate(
        """chart => {
          const cells = [...chart.querySelectorAll('.mark-rect path')].map(cell => [
            cell.getBoundingClientRect(), getComputedStyle(cell).fill, getComputedStyle(cell).opacity]);
          return [...chart.querySelectorAll('.mark-text text')].filter(
              text => text.textContent && !text.closest('.role-axis')).map(text => {
            const box = text.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
            const under = cells.find(([one, fill, opacity]) => fill && fill !== 'none' && opacity === '1'
              && one.left <= x && x <= one.right && one.top <= y && y <= one.bottom);
            return under ? [text.textContent, getComputedStyle(text).fill, under[1]] : null;
          }).filter(pair => pair);
        }"""
    )
    assert len(pairs) > 25
    assert [pair for pair in pairs if contrast(pair[1], pair[2]) < 4.5] == []


def test_a_cell_lists_its_group(server: Server, visit: Open) -> None:
    page = visit(server.link("segments", dataset="demo"))
    press(mark(page, "Grid of recency against frequency and money", "Group: Lost", "rect mark"))
    expect(page.get_by_text("Action list: Lost")).to_be_visible()
    settled(page)
    expect(page.get_by_text("What tells Lost apart")).to_be_visible()


def test_a_customer_in_a_list_opens_and_the_filters_stay(server: Server, visit: Open) -> None:
    page = visit(server.link("segments", dataset="demo", country="Germany"))
    page.locator("[data-testid=stDataFrameResizable][aria-label='Customers of the group']").click(
        position={"x": 60, "y": 60}
    )
    expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_visible()
    settled(page)
    assert query(page)["country"] == ["Germany"]
    assert re.fullmatch(r"C\d{9}", query(page)["customer"][0])
    expect(page.get_by_text("do not apply to this page")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", name="Segments", exact=True)).to_be_visible()


def test_a_bar_of_the_bridge_lists_its_customers(server: Server, visit: Open) -> None:
    page = visit(server.link("retention", dataset="demo"))
    mark(page, "Customer bridge", "New", "bar").click()
    expect(page.get_by_text("Customers in the bridge: new")).to_be_visible()


def test_a_search_leads_to_the_customer(server: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(server.link("customer", dataset="demo"))
    box = page.get_by_placeholder("Name or customer id")
    box.fill(SOMEBODY.lower())
    box.press("Enter")
    expect(page.get_by_text("Found 1.")).to_be_visible()
    settled(page)
    page.locator("[data-testid=stDataFrameResizable][aria-label='Customers found']").click(position={"x": 60, "y": 55})
    expect(page.get_by_text(f"id {SOMEBODY}")).to_be_visible()
    settled(page)
    path = saved(page, page.get_by_role("button", name=re.compile("Download all .* lines")), tmp_path)
    orders = {row[0] for row in list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]}
    assert str(len(orders)) == tiles(page)["Orders"]


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may not save, with a segment that was saved before."""
    home = tmp_path_factory.mktemp("reading")
    small_datasets.publish(home)
    rule = {"as_of": "2030-01-01", "where": {}, "groups": ["Champions", "Loyal"], "r": [1, 5], "f": [1, 5], "m": [1, 5]}
    Saved(home).put("whole", "segment", "The best", rule, seen=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALES_WRITE", "0")
        with serve(home, home / "server.log") as running:
            yield running


def test_a_saved_segment_filters_where_nothing_can_be_saved(reading: Server, visit: Open) -> None:
    page = visit(reading.link("segments", dataset="whole", preset="all"))
    best, everybody = tiles(page)["Champions, Loyal"], tiles(page)["Customers scored"]
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    page.get_by_role("textbox", name="Name").fill("Mine")
    page.get_by_role("textbox", name="Name").press("Enter")
    settled(page)
    page.get_by_role("button", name="Save segment").click()
    expect(page.get_by_text("Saved as")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(1)
    page = visit(reading.link("segments", dataset="whole", preset="all", segment="The best"))
    assert tiles(page)["Customers scored"] == best != everybody
    expect(page.get_by_text("What tells The best apart")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
