"""Charts, chips and the reset button set the filters."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, chart, chip, mark, press, query, settled, tiles


def period(page: Page) -> tuple[date, date]:
    first, last = query(page)["period"]
    return date.fromisoformat(first), date.fromisoformat(last)


def test_a_bar_filters_and_goes_one_level_deeper(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    for level, member, deeper in (("continent", "Europe", "Country"), ("country", "Germany", "Region")):
        mark(page, "Bars by geography", member, "bar").click()
        expect(chip(page, level)).to_contain_text(member)
        expect(page.locator(".st-key-level_geography").get_by_role("radio", name=deeper)).to_be_checked()
        settled(page)
    assert query(page)["continent"] == ["Europe"]
    assert query(page)["country"] == ["Germany"]
    expect(mark(page, "Bars by geography", "Bayern", "bar")).to_be_visible()
    expect(chart(page, "Bars by geography").locator('[aria-roledescription=bar][aria-label*="Nord"]')).to_have_count(0)


def test_a_click_on_the_only_member_kept_lets_it_free(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    press(mark(page, "World map by country", "Japan", "geoshape"))
    expect(chip(page, "country")).to_contain_text("Japan")
    settled(page)
    assert query(page)["country"] == ["Japan"]
    press(mark(page, "World map by country", "Japan", "geoshape"))
    expect(chip(page, "country")).to_have_count(0)
    assert "country" not in query(page)


def test_the_map_keeps_the_other_countries_to_click(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all", country="Japan"))
    press(mark(page, "World map by country", "Germany", "geoshape"))
    expect(chip(page, "country")).to_contain_text("Germany")
    assert query(page)["country"] == ["Germany"]
    expect(page.get_by_text("Not on the map: Atlantis")).to_be_visible()


def test_a_heat_map_cell_sets_the_period_to_its_month(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    mark(page, "Heat map by weekday and month", "Mar 25", "rect mark").click()
    expect(page).to_have_url(re.compile("preset=custom"))
    settled(page)
    assert period(page) == (date(2025, 3, 1), date(2025, 3, 31))
    expect(page.get_by_text("1 Mar – 31 Mar 2025 (31 days)").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("preset=all"))
    expect(page.get_by_text("1 Jan 2024 – 15 Jun 2026").first).to_be_visible()
    assert "period" not in query(page)


def test_a_mover_filters_its_product(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole"))
    mark(page, "Products that rose and fell most", "=SAW()", "bar").click()
    expect(chip(page, "product")).to_contain_text("=SAW()")
    assert query(page)["product"] == ["=SAW()"]


def test_a_segment_bar_filters_it(server: Server, visit: Open) -> None:
    page = visit(server.link("customer_insights", dataset="whole", preset="all"))
    mark(page, "Bars by customer segment, column 1", "Gender: F", "bar").click()
    expect(chip(page, "gender")).to_contain_text("F")
    assert query(page)["gender"] == ["F"]


def test_a_behaviour_cell_filters_its_country(server: Server, visit: Open) -> None:
    page = visit(server.link("customer_insights", dataset="whole", preset="all", grain="year"))
    mark(page, "Purchasing behaviour by country and period", "Japan", "rect mark").click()
    expect(chip(page, "country")).to_contain_text("Japan")


def test_dragging_across_the_trend_sets_the_period(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    points = chart(page, "Metric over time").locator("[aria-roledescription=circle]")
    chart(page, "Metric over time").scroll_into_view_if_needed()
    first, last = (points.nth(n).bounding_box() for n in (6, 11))
    assert first
    assert last
    y = max(first["y"], last["y"]) + 30
    page.mouse.move(first["x"] - 4, y)
    page.mouse.down()
    page.mouse.move((first["x"] + last["x"]) / 2, y, steps=4)
    page.mouse.move(last["x"] + 12, y, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("preset=custom"))
    settled(page)
    assert period(page) == (date(2024, 7, 1), date(2024, 12, 31))
    expect(page.get_by_text("1 Jul – 31 Dec 2024 (184 days)").first).to_be_visible()
    assert chart(page, "Metric over time").locator("[aria-roledescription=circle]").count() == 6


def test_chips_take_filters_away_and_reset_all_of_them(server: Server, visit: Open) -> None:
    page = visit(
        server.link("sales_performance", dataset="whole", preset="all", compare="none", country="France", gender="F")
    )
    chip(page, "country").first.click()
    expect(chip(page, "country")).to_have_count(0)
    expect(chip(page, "gender")).not_to_have_count(0)
    settled(page)
    assert "country" not in query(page)
    page.get_by_role("button", name="Reset filters").click()
    expect(chip(page, "gender")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("preset|compare|gender"))
    settled(page)
    assert query(page) == {"dataset": ["whole"]}
    fresh = visit(server.link("sales_performance", dataset="whole"))
    assert tiles(page) == tiles(fresh)


def test_the_metric_turns_the_charts(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole"))
    page.locator("[data-testid=stMain]").get_by_role("combobox", name="Metric").click()
    page.get_by_role("option", name="Orders", exact=True).click()
    expect(page.get_by_text("Orders over time")).to_be_visible()
    expect(page).to_have_url(re.compile("metric=orders"))
