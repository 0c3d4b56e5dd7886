"""Every view is a link: cold, reloaded, over page changes, and back again."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import websockets
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Open, Server, chip, mark, query, settled, tiles

TITLES = {"sales_performance": "Sales performance", "customer_insights": "Customer insights"}
VIEW = {"dataset": "whole", "preset": "all", "country": ["France", "Japan"], "product": "$x$ saw", "gender": "F"}


def says(page: Page, words: str) -> None:
    """The line under the title, which names the period and what it is compared with."""
    expect(page.locator("[data-testid=stMain] [data-testid=stCaptionContainer]").first).to_contain_text(words)


@pytest.mark.parametrize("name", TITLES)
def test_a_cold_deep_link_shows_the_frame_and_its_filters(cold_server: Server, visit: Open, name: str) -> None:
    page = visit(cold_server.link(name, **VIEW))
    expect(page.get_by_role("heading", name=TITLES[name], exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Sales performance")).to_be_visible()
    expect(page.get_by_role("link", name="Customer insights")).to_be_visible()
    expect(chip(page, "country")).to_contain_text("France, Japan")
    expect(chip(page, "product")).to_contain_text("$x$ saw")
    expect(chip(page, "gender")).to_contain_text("F")
    says(page, "1 Jan 2024")
    assert page.url.split("?")[0] == cold_server.link(name)
    assert query(page) == {key: [value] if isinstance(value, str) else value for key, value in VIEW.items()}
    assert cold_server.complaints() == ""


def test_a_reload_keeps_the_view(server: Server, visit: Open) -> None:
    page = visit(server.link("customer_insights", **VIEW, metric="orders", grain="quarter", compare="none"))
    before, url = tiles(page), page.url
    page.reload()
    settled(page)
    assert page.url == url
    assert tiles(page) == before
    expect(page.get_by_role("radio", name="Quarter")).to_be_checked()


def test_custom_ranges_are_in_the_link(server: Server, visit: Open) -> None:
    ranges = {"period": ["2025-01-05", "2025-03-07"], "compare_period": ["2024-02-05", "2024-03-07"]}
    page = visit(server.link("sales_performance", dataset="whole", preset="custom", compare="custom", **ranges))
    for _ in range(2):
        says(page, "5 Jan – 7 Mar 2025 (62 days) · compared with 5 Feb – 7 Mar 2024 (32 days)")
        assert {key: query(page)[key] for key in ranges} == ranges
        page.get_by_role("link", name="Customer insights").click()
        expect(page.get_by_role("heading", name="Customer insights", exact=True)).to_be_visible()
        settled(page)
        page.reload()
        settled(page)


def test_a_page_change_keeps_filters_and_link(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", **VIEW, compare="none"))
    before, asked = tiles(page), query(page)
    page.get_by_role("link", name="Customer insights").click()
    expect(page.get_by_role("heading", name="Customer insights", exact=True)).to_be_visible()
    settled(page)
    assert page.url.startswith(server.link("customer_insights"))
    assert query(page) == asked
    expect(chip(page, "country")).to_contain_text("France, Japan")
    assert tiles(page)["Revenue"] == before["Revenue"]
    page.get_by_role("link", name="Sales performance").click()
    expect(page.get_by_role("heading", name="Sales performance", exact=True)).to_be_visible()
    settled(page)
    assert tiles(page) == before
    assert query(page) == asked
    assert page.url.split("?")[0] == server.link()


def test_back_undoes_a_chart_click(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    before = tiles(page)
    mark(page, "Bars by geography", "Asia", "bar").click()
    expect(chip(page, "continent")).to_contain_text("Asia")
    settled(page)
    assert tiles(page) != before
    page.go_back()
    expect(chip(page, "continent")).to_have_count(0)
    settled(page)
    assert "continent" not in query(page)
    assert tiles(page) == before
    page.go_forward()
    expect(chip(page, "continent")).to_contain_text("Asia")
    assert query(page)["continent"] == ["Asia"]


def test_back_undoes_a_preset_change(server: Server, visit: Open) -> None:
    page = visit(server.link("customer_insights", dataset="whole", country="France"))
    before = tiles(page)
    choose(page, "Period", "All data")
    says(page, "1 Jan 2024")
    settled(page)
    assert query(page)["preset"] == ["all"]
    page.go_back()
    expect(page).not_to_have_url(re.compile("preset=all"))
    says(page, "2025")
    settled(page)
    assert tiles(page) == before
    expect(chip(page, "country")).to_contain_text("France")


def test_back_undoes_a_pick_in_a_list(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    shown = [tiles(page)]
    for country in ("France", "Japan"):
        choose(page, "Country", country)
        page.keyboard.press("Escape")
        expect(chip(page, "country")).to_contain_text(country)
        settled(page)
        shown.append(tiles(page))
    assert query(page)["country"] == ["France", "Japan"]
    page.go_back()
    expect(chip(page, "country")).not_to_contain_text("Japan")
    settled(page)
    assert query(page)["country"] == ["France"]
    assert tiles(page) == shown[1]
    page.go_back()
    expect(chip(page, "country")).to_have_count(0)
    settled(page)
    assert query(page) == {"dataset": ["whole"], "preset": ["all"]}
    assert tiles(page) == shown[0]
    page.go_forward()
    expect(chip(page, "country")).to_contain_text("France")
    settled(page)
    assert tiles(page) == shown[1]


def test_reset_is_one_step_back(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", **VIEW))
    asked = query(page)
    page.get_by_role("button", name="Reset filters").click()
    expect(chip(page, "country")).to_have_count(0)
    settled(page)
    assert query(page) == {"dataset": ["whole"]}
    page.go_back()
    expect(chip(page, "country")).to_contain_text("France, Japan")
    settled(page)
    assert query(page) == asked


def test_the_customer_stays_on_their_page(server: Server, visit: Open) -> None:
    page = visit(server.link("customer", dataset="whole", country="France", customer="c7"))
    page.get_by_role("link", name="Customer insights").click()
    expect(page.get_by_role("heading", name="Customer insights", exact=True)).to_be_visible()
    settled(page)
    page.get_by_role("radio", name="Quarter").click(force=True)
    settled(page)
    assert query(page) == {"dataset": ["whole"], "country": ["France"], "grain": ["quarter"]}
    for _ in range(2):
        page.go_back()
        settled(page)
    expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_visible()
    assert query(page) == {"dataset": ["whole"], "country": ["France"], "customer": ["c7"]}


def test_what_a_link_names_wrongly_does_not_hold_the_back_button(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole"))
    page.goto(server.link("customer_insights", dataset="whole", country=["France", "Lemuria"], hello="1"))
    expect(chip(page, "country")).to_contain_text("France")
    settled(page)
    assert query(page) == {"dataset": ["whole"], "country": ["France"]}
    for _ in range(2):
        page.go_back()
        settled(page)
    expect(page.get_by_role("heading", name="Sales performance", exact=True)).to_be_visible()


def test_back_undoes_a_page_change(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", **VIEW))
    page.get_by_role("link", name="Customer insights").click()
    expect(page.get_by_role("heading", name="Customer insights", exact=True)).to_be_visible()
    settled(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Sales performance", exact=True)).to_be_visible()
    expect(chip(page, "country")).to_contain_text("France, Japan")


def test_ten_first_visitors_of_a_cold_server(cold_server: Server) -> None:
    visits = [(list(TITLES)[n % 2], {"dataset": "whole", "country": "France"} if n % 3 else {}) for n in range(10)]

    async def everybody() -> list[list[str]]:
        return await asyncio.gather(*(_first_visit(cold_server, page, query) for page, query in visits))

    with ThreadPoolExecutor(1) as aside:  # the browser's own loop occupies this thread
        seen = aside.submit(lambda: asyncio.run(everybody())).result()
    for shown in seen:
        assert "exception" not in shown
        assert shown.count("metric") == 8
        assert shown.count("vega_lite_chart") >= 4
    assert cold_server.complaints() == ""


async def _first_visit(server: Server, page: str, query: dict[str, str]) -> list[str]:
    """What a visitor is shown at the end of the first run: the kinds of the elements, in the order they came."""
    address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    shown: list[str] = []
    async with websockets.connect(
        address,
        subprotocols=["streamlit"],
        origin=server.url,
        max_size=None,
        open_timeout=60,  # type: ignore[list-item,arg-type]
    ) as socket:
        request = BackMsg()
        request.rerun_script.query_string = urlencode(query)
        request.rerun_script.page_name = page
        await socket.send(request.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(socket.recv(), 60))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                shown.clear()
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                shown.append(message.delta.new_element.WhichOneof("type"))
            elif kind == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return shown


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box in the sidebar."""
    page.locator("[data-testid=stSidebar]").get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
