"""What is taken away equals what is shown, and harms no spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from data.store import store
from tests.browser.conftest import Open, Server, close_popover, grid, mark, open_table, query, settled
from tests.small_datasets import MARKUP

CARDS = {
    "sales_performance": ("trend", "growth", "revenue_and_orders", "world", "by_product", "weekday_month", "movers"),
    "customer_insights": (
        "new_and_returning",
        "per_customer",
        "top_customers",
        "behaviour",
        "spending",
        "segments",
    ),
}


def saved(page: Page, button: Any, folder: Path) -> Path:
    """The file that a download button gives."""
    with page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def alike(shown: str, held: str) -> bool:
    """Whether a cell of the table and one of the file say the same."""
    if shown == held or shown == held.removeprefix("'"):
        return True
    if re.fullmatch(r"\d{4}-\d\d-\d\d", held):
        return shown.startswith(held)
    try:
        return float(shown) == pytest.approx(float(held))
    except ValueError:
        return False


@pytest.mark.parametrize("name", CARDS)
def test_every_csv_equals_the_table_on_screen(server: Server, visit: Open, tmp_path: Path, name: str) -> None:
    page = visit(server.link(name, dataset="whole", grain="quarter"))
    for card in CARDS[name]:
        popover = open_table(page, card)
        shown = grid(popover)
        path = saved(page, popover.get_by_role("button", name="Download CSV"), tmp_path)
        content = path.read_bytes()
        held = list(csv.reader(content.decode("utf-8").splitlines()))
        assert path.name == f"{card}_{hashlib.sha256(content).hexdigest()[:8]}.csv"
        table = popover.locator("table[role=grid]").first
        assert [table.get_attribute(f"aria-{part}count") for part in ("row", "col")] == [
            str(len(held)),
            str(len(held[0])),
        ]
        assert len(shown) > 1
        assert shown[0] == held[0][: len(shown[0])], card
        for row, kept in zip(shown[1:], held[1:], strict=False):
            assert all(map(alike, row, kept)), (card, row, kept)
        close_popover(page)


def test_a_grid_offers_no_download_beside_the_safe_one(server: Server, visit: Open) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all"))
    popover = open_table(page, "movers")
    popover.locator("[data-testid=stDataFrame]").hover()
    expect(popover.get_by_test_id("stElementToolbarButton").first).to_be_visible()
    expect(popover.get_by_role("button", name="Download CSV")).to_be_visible()
    expect(popover.get_by_role("button", name=re.compile("download|export|save|csv", re.I))).to_have_count(1)


def test_a_filter_changes_an_open_table_and_the_file_s_name(server: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(server.link("sales_performance", dataset="whole", product=MARKUP[0]))
    popover = open_table(page, "trend")
    first = saved(page, popover.get_by_role("button", name="Download CSV"), tmp_path)
    close_popover(page)
    mark(page, "Bars by geography", "Asia", "bar").click()
    expect(page.locator(".st-key-chip_continent")).not_to_have_count(0)
    settled(page)
    second = saved(page, open_table(page, "trend").get_by_role("button", name="Download CSV"), tmp_path)
    assert first.name != second.name
    assert first.read_bytes() != second.read_bytes()


def test_the_filtered_lines_are_all_there_and_safe(
    server: Server, visit: Open, browser_home: Path, tmp_path: Path
) -> None:
    page = visit(server.link("sales_performance", dataset="whole", preset="all", subcategory="Saws", country="France"))
    page.locator(".st-key-export button").first.click()
    button = page.get_by_role("button", name=re.compile(r"Download [\d,]+ lines"))
    expect(button).to_be_visible()
    settled(page)
    announced = int(re.sub(r"\D", "", button.inner_text().split("lines")[0].split("Download")[1]))
    text = page.locator("[data-testid=stMain]").inner_text()
    assert f"in this view {announced:,}" in text
    path = saved(page, button, tmp_path)
    assert path.name.startswith("whole-lines_")

    lines = pl.read_csv(path, infer_schema=False)
    kept = (
        store.load("whole", home=browser_home)
        .lines.filter(pl.col("subcategory").cast(pl.String) == "Saws", pl.col("country").cast(pl.String) == "France")
        .collect()
    )
    assert lines.height == announced == kept.height
    assert lines["revenue"].cast(pl.Float64).sum() == pytest.approx(kept["revenue"].sum() / 10_000)
    assert set(lines["product"]) == {f"'{name}" if name.startswith("=") else name for name in MARKUP[1:]}
    assert lines["order_id"].str.contains(r"^o\d{4}$").all()
    cells = [cell for name in lines.columns for cell in lines[name].drop_nulls().to_list()]
    assert not [cell for cell in cells if cell[:1] in "=+-@"]
    assert query(page)["country"] == ["France"]
