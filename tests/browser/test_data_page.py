"""The Data page as people use it: drop files, confirm, prepare, open; and what a visitor keeps to themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, serve, settled, tiles
from tests.data.conftest import SHARED

SALES = (
    "Order No;Date;Client No;Article;Pieces;Amount;Country\n"
    "A1;31/12/2023;00123;<b>Pen</b>;2;1.234,50;France\n"
    "A1;31/12/2023;00123;Lamp;1;20,00;France\n"
    "A2;02/01/2024;00124;Lamp;-1;-20,00;Spain\n"
    "A2;02/01/2024;00124;[Gift](https://example.org);3;0,30;Spain\n"
)


def _drop(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.get_by_text("4 · Prepare and open")).to_be_visible(timeout=120_000)
    settled(page)


def _prepare_and_open(page: Page) -> None:
    page.get_by_role("button", name="Prepare", exact=True).click()
    expect(page.get_by_text("The dataset is ready.")).to_be_visible(timeout=120_000)
    settled(page)
    page.get_by_role("button", name="Open the dashboards").click()
    expect(page.get_by_role("heading", name="Sales performance")).to_be_visible()
    settled(page)


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {name} from the shared data, which is not part of the repository")
    return path


def _reconciled(page: Page) -> str:
    return page.get_by_text("difference to the import").inner_text()


KNOWN = {
    "superstore.zip": ("Lines read 9,994 · kept 9,994 · set aside 0", "$2,297,200.86"),
    "cdnow.zip": ("Lines read 69,659 · kept 69,659 · set aside 0", "$2,500,315.63"),
    "aw_maven_2020_2022_mit.zip": ("Lines read 56,046 · kept 56,046 · set aside 0", "$24,914,586.82"),
    "online_retail_2010_2011_raw_strings.parquet": (
        "Lines read 541,909 · kept 530,104 · turned into returns 9,288 · set aside 2,517",
        "£10,666,684.54",
    ),
}
"""File -> how its rows and its revenue are accounted for once it is opened."""


@pytest.mark.parametrize("name", KNOWN)
def test_known_files_by_confirming_alone(name: str, server: Server, visit: Open) -> None:
    rows, revenue = KNOWN[name]
    page = visit(server.link("data"))
    _drop(page, _shared(name))
    _prepare_and_open(page)
    said = _reconciled(page)
    assert rows in said
    assert f"of the dataset {revenue} · difference to the import 0.00" in said


def test_messy_texts_stay_texts_and_policies_count(server: Server, visit: Open, tmp_path: Path) -> None:
    path = tmp_path / "<img src=x> [sales](y).csv"
    path.write_text(SALES, encoding="windows-1252")
    page = visit(server.link("data"))
    _drop(page, path)
    main = page.locator("[data-testid=stMain]")
    assert main.locator("img").count() == 0
    expect(main.get_by_text("Negative quantity or credit note")).to_be_visible()
    shown = dict(main.locator("[data-testid=stMetric]").evaluate_all(
        "all => all.map(one => [one.querySelector('[data-testid=stMetricLabel]').innerText.trim(),"
        " one.querySelector('[data-testid=stMetricValue]').innerText.trim()])"
    ))  # fmt: skip
    assert shown == {"Rows in": "4", "Kept": "3", "Turned into returns": "1", "Set aside": "0"}
    _prepare_and_open(page)
    assert tiles(page)["Revenue"] == "€1,255"


@pytest.fixture
def shared_server(browser_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server that keeps nothing."""
    monkeypatch.setenv("SALES_WRITE", "0")
    monkeypatch.setenv("SALES_WORKSPACES", str(tmp_path / "workspaces"))
    with serve(browser_home, tmp_path / "server.log") as running:
        yield running


def test_a_visitor_s_upload_stays_theirs(
    shared_server: Server, visit: Open, browser_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "secret shop.csv"
    path.write_text(SALES, encoding="utf-8")
    before = sorted(entry.name for entry in browser_home.iterdir())
    mine = visit(shared_server.link("data"))
    expect(mine.get_by_text("nobody else can see it")).to_be_visible()
    _drop(mine, path)
    _prepare_and_open(mine)
    link = mine.url
    assert "dataset=secret-shop" in link
    owners = [folder.name for folder in (tmp_path / "workspaces" / "sessions").iterdir()]
    assert not any(owner in mine.content() or owner in link for owner in owners)
    # Somebody else, with the very link.
    other = visit(link)
    expect(other.get_by_text("is not known here and was ignored")).to_be_visible()
    assert "Secret shop" not in other.content()
    assert sorted(entry.name for entry in browser_home.iterdir()) == before
    # It goes with its visitor.
    mine.close()
