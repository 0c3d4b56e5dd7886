"""The Data page before anything is dropped: what is needed, a file to try, and the datasets there are."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Server, serve


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server over a home of its own."""
    with serve(tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running
        assert running.complaints() == ""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_empty_page_shows_what_is_needed_and_fits(own: Server, visit: Open, width: int, scheme: str) -> None:
    page = visit(own.link("data"), width=width, scheme=scheme)
    main = page.locator("[data-testid=stMain]")
    for text in ("When", "What", "How much", "Which order or customer", "Your datasets"):
        expect(main.get_by_text(text, exact=True)).to_be_visible()
    wide = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
        .map(part => part.scrollWidth - part.clientWidth)"""
    assert page.evaluate(wide) == [0, 0]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Sample file").click()
    assert waiting.value.suggested_filename == "sample_sales.csv"
