"""The states of the Data page by the rules of WCAG 2.2 A and AA, as axe-core tests them, in both themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, serve, settled
from tests.browser.test_datasets import IMPORT, TILL, WEB, choose, drop, manage, prepare, ready, states

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKED_AT: Final = {
    "include": [["[data-testid=stMain]"]],
    # A chosen segment bears the accent, which is no lighter since it carries white text elsewhere, and a frame as well.
    "exclude": [["[data-testid=stButtonGroup] [role=radio][aria-checked=true]"]],
}
WIDE: Final = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(part => part.scrollWidth - part.clientWidth)"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server over a home of its own."""
    with serve(tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running
        assert running.complaints() == ""


def accessible(page: Page, state: str) -> None:
    """Hold the page's main part against the rules; the frame around it, Streamlit's own menu, is not ours to write."""
    settled(page, IMPORT)
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
    found = Axe().run(page, context=LOOKED_AT, options=options).response
    broken = [
        (
            state,
            one["id"],
            node["html"][:200],
            [item["message"] for item in (*node["any"], *node["all"], *node["none"])],
        )
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert broken == []
    assert page.evaluate(WIDE) == [0, 0], state


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark"), (390, "light"), (1440, "dark")])
def test_the_data_page_in_every_state(own: Server, visit: Open, tmp_path: Path, width: int, scheme: str) -> None:
    name = f"{'wide' if width > 1000 else 'narrow'}{scheme}"
    page = visit(own.link("data"), width=width, scheme=scheme)
    accessible(page, "empty, with the list of datasets")
    drop(page, tmp_path, **{name: states("paid", "shipped", "parked")})
    expect(page.get_by_text("Status says 'parked' on some rows")).to_be_visible(timeout=IMPORT)
    accessible(page, "a question about states")
    page.get_by_text("They are no sales", exact=True).click()
    ready(page)
    accessible(page, "a question answered")
    choose(page, "Order Date", "Not used")
    expect(page.locator("[class*=st-key-data_gap_]")).to_be_visible(timeout=IMPORT)
    accessible(page, "the date is missing")
    page.get_by_role("button", name="Use 'Order Date' as the order date").click()
    ready(page)
    choose(page, "Order No", "Not used")
    expect(page.locator(".st-key-data_totals")).to_contain_text("before: ")
    accessible(page, "meanings by hand, totals before and after")
    prepare(page)
    accessible(page, "prepared")
    manage(page, name, "Earlier versions")
    accessible(page, "earlier versions")
    manage(page, name, "Rename")
    accessible(page, "another title")
    manage(page, name, "Delete")
    expect(page.locator(f".st-key-dataset_panel_{name}")).to_contain_text("This cannot be undone")
    accessible(page, "confirmation of a deletion")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dates_either_way_round_and_files_left_out(own: Server, visit: Open, tmp_path: Path, scheme: str) -> None:
    page = visit(own.link("data"), scheme=scheme)
    drop(page, tmp_path, till=TILL, notes="Shelf;Colour\n" + "".join(f"{n};red\n" for n in range(14)))
    expect(page.get_by_text("A question for you")).to_be_visible(timeout=IMPORT)
    expect(page.get_by_text("is left out · 14 rows")).to_be_visible()
    accessible(page, "a question about dates, a file left out")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_doubts_where_the_dashboards_open(own: Server, visit: Open, tmp_path: Path, scheme: str) -> None:
    page = visit(own.link("data"), scheme=scheme)
    drop(page, tmp_path, **{f"doubts{scheme}": WEB})
    ready(page)
    prepare(page)
    page.get_by_role("button", name="Open the dashboards").click()
    expect(page.get_by_role("heading", name="Sales performance")).to_be_visible()
    settled(page)
    doubts = page.locator(".st-key-doubts")
    expect(doubts).to_contain_text("80 times its usual 4.00. It comes to 320.00.")
    expect(doubts).to_contain_text("1 row has a date after the day of the import")
    found = Axe().run(page, context=".st-key-doubts", options={"runOnly": {"type": "tag", "values": RULES}}).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
