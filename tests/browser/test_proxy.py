"""The app behind the shipped proxy, with two processes: what people do works whichever process they get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE, open_table, settled
from tests.browser.test_downloads import saved
from tests.deploy.conftest import Site, served

ORDERS = """Order No,Date,Client No,Article,Pieces,Amount,Country
A1,2023-12-31,00123,Pen,2,1234.50,France
A2,2024-01-02,00124,Lamp,3,0.30,Spain
"""
COOKIE = "sales_process"
MANY = 20


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path) as started:
        yield started


def test_upload_prepare_reload_and_download_on_each_process(site: Site, browser: Browser, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(ORDERS, encoding="utf-8")
    done: set[str] = set()
    for _ in range(MANY):
        if len(done) == len(site.processes):
            break
        # The site's certificate is of an authority that the browser does not know; the protocol's tests do.
        with browser.new_context(ignore_https_errors=True, locale="en-GB") as visitor:
            visitor.set_default_timeout(PATIENCE)
            page = visitor.new_page()
            page.goto(f"{site.url}/data")
            settled(page)
            process = {cookie["name"]: cookie["value"] for cookie in visitor.cookies()}[COOKIE]
            if process in done:
                continue
            done.add(process)
            page.locator("input[type=file]").set_input_files(orders)
            page.get_by_role("button", name="Prepare", exact=True).click(timeout=120_000)
            expect(page.get_by_text("The dataset is ready.")).to_be_visible(timeout=120_000)
            page.get_by_role("button", name="Open the dashboards").click()
            expect(page.get_by_role("heading", name="Sales performance")).to_be_visible()
            settled(page)
            expect(page.get_by_text("difference to the import 0.00")).to_be_visible()
            table = saved(page, open_table(page, "trend").get_by_role("button", name="Download CSV"), tmp_path)
            assert "1234.5" in table.read_text(encoding="utf-8-sig")
            page.goto(f"{site.url}/customer_insights?dataset=demo&country=France")
            settled(page)
            expect(page.get_by_role("heading", name="Customer insights", exact=True)).to_be_visible()
            assert {cookie["name"]: cookie["value"] for cookie in visitor.cookies()}[COOKIE] == process
    assert len(done) == len(site.processes)
