"""The Data page as people use it: drop files, confirm, prepare, open; and what a visitor keeps to themselves."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from data.turns import LARGE
from tests.browser.conftest import Open, Server, serve, settled, tiles
from tests.data.conftest import SHARED
from tests.data.reading.conftest import sheet_rows, xlsx
from ui.menu import PAGES

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
    expect(main.get_by_text("Negative quantity or credit note", exact=True)).to_be_visible()
    shown = dict(main.locator("[data-testid=stMetric]").evaluate_all(
        "all => all.map(one => [one.querySelector('[data-testid=stMetricLabel]').innerText.trim(),"
        " one.querySelector('[data-testid=stMetricValue]').innerText.trim()])"
    ))  # fmt: skip
    expected = {"Rows in": "4", "Kept": "3", "Turned into returns": "1", "Set aside": "0"}
    assert {name: shown.get(name) for name in expected} == expected
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
    until = time.monotonic() + 30
    while any((tmp_path / "workspaces" / "sessions" / owner).exists() for owner in owners):
        assert time.monotonic() < until
        time.sleep(0.2)


MARKUP = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(2)</script>",
    "[click](http://elsewhere.example.org)",
    "![seen](http://elsewhere.example.org/seen.png)",
    "**bold** $x^2$ :red[red] :material/delete:",
    '"><svg onload=alert(3)>',
    "=1+1",
    "{{7*7}} ${7*7} %s",
)
HEADER = (
    *("Order No", "Order Date", "Customer", "Product", "Category", "Quantity", "Amount"),
    *("<b onmouseover=alert(4)>bold</b>", "[link](http://elsewhere.example.org)"),
)


def _naughty() -> list[str]:
    """Markup first, so that it is among the best sellers, then the list of naughty strings."""
    path = SHARED.parent / "corpora" / "naughty_strings.tar.xz"
    if not path.exists():
        pytest.skip(f"needs {path.name} from the shared data, which is not part of the repository")
    with tarfile.open(path) as packed:
        member = packed.extractfile("naughty_strings/blns.json")
        assert member is not None
        return [*MARKUP, *json.load(member)]


def _naughty_file(path: Path) -> int:
    """Two orders for each string, worth less and less; returns how many rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    strings = _naughty()
    for number, text in enumerate(strings):
        for turn in range(2):
            day = date(2024, 1, 1) + timedelta(days=(number * 7 + turn * 30) % 360)
            place = MARKUP[number % len(MARKUP)]
            money = f"{(len(strings) - number) * 10}.00"
            writer.writerow([f"A{number}-{turn}", day, text, text, place, 1 + turn, money, place, place])
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return 2 * len(strings)


def test_naughty_texts_are_their_own_text_on_every_page(server: Server, visit: Open, tmp_path: Path) -> None:
    path = tmp_path / f"{MARKUP[0]} {MARKUP[2].replace('/', '_')}.csv"
    rows = _naughty_file(path)
    dialogs: list[str] = []

    def heard(page: Page) -> Page:
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        return page

    page = heard(visit(server.link("data")))
    _drop(page, path)
    assert tiles(page)["Rows in"] == f"{rows:,}"
    _prepare_and_open(page)
    name = page.url.split("dataset=")[1].split("&")[0]
    seen = {}
    for entry in PAGES:
        page = heard(visit(server.link(entry.name, dataset=name, preset="all")))
        assert page.locator(".stException").count() == 0
        made = page.evaluate(
            """() => [...document.querySelectorAll('[src="x"], [onerror], [onload], [onmouseover], a, img')].filter(
                one => !(one.href || one.src || 'x').startsWith(location.origin) && !(one.src || '').startsWith('data:')
            ).map(one => one.outerHTML)"""
        )
        assert made == [], entry.name
        seen[entry.name] = page.evaluate(
            """() => document.querySelector('[data-testid=stMain]').innerText + [...document.querySelectorAll(
                '[data-testid=stMain] [aria-label]')].map(one => one.getAttribute('aria-label')).join(' ')"""
        )
    assert dialogs == []
    for name in ("sales_performance", "customer_insights"):
        for text in MARKUP[:3]:
            assert text in seen[name], (name, text)


ORDERS = (
    ("Order No", "Order Date", "Customer", "Product", "Quantity", "Amount"),
    ("A1", "2024-01-31", "Anna", "Pen", 2, 10.5),
    ("A2", "2024-02-01", "Bo", "Lamp", 1, 20),
)


def test_a_workbook_whose_sheets_are_read_together(server: Server, visit: Open, tmp_path: Path) -> None:
    more = [("B1", f"2023-01-{day:02}", "Cy", "Cup", 1, 100) for day in range(1, 29)]
    path = tmp_path / "two years.xlsx"
    path.write_bytes(
        xlsx({"Notes": sheet_rows(["Read me"]), "2024": sheet_rows(*ORDERS), "2023": sheet_rows(ORDERS[0], *more)})
    )
    page = visit(server.link("data"))
    _drop(page, path)
    # A year stands in each of two sheets; the sheet of notes holds no lines.
    assert tiles(page)["Rows in"] == "30"
    _prepare_and_open(page)
    assert "of the dataset $2,830.50 · difference to the import 0.00" in _reconciled(page)


def test_a_workbook_that_would_end_its_reader_is_refused_in_a_sentence(
    server: Server, visit: Open, tmp_path: Path
) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(xlsx({"S": sheet_rows(*ORDERS) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'}))
    page = visit(server.link("data"))
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("It is left out.")).to_be_visible(timeout=60_000)
    settled(page)
    # The page goes on with another file.
    good = tmp_path / "good.xlsx"
    good.write_bytes(xlsx({"S": sheet_rows(*ORDERS)}))
    _drop(page, good)
    assert tiles(page)["Rows in"] == "2"


def test_a_second_large_import_says_that_it_waits(server: Server, visit: Open, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    row = "{};2024-03-05;{};Pen;2;1.50\n"
    path.write_text(
        "Order No;Date;Client No;Article;Pieces;Amount\n" + "".join(row.format(n, n % 999) for n in range(600_000)),
        encoding="utf-8",
    )
    assert path.stat().st_size > LARGE
    first, second = visit(server.link("data")), visit(server.link("data"))
    for page in (first, second):
        page.locator("input[type=file]").set_input_files([path])
    waiting = [page.get_by_text("Waiting for a turn: 1 other import is under way") for page in (first, second)]
    until = time.monotonic() + 60
    while not any(said.is_visible() for said in waiting):
        assert time.monotonic() < until
        first.wait_for_timeout(100)
    small = tmp_path / "small.csv"
    small.write_text(SALES, encoding="utf-8")
    _drop(visit(server.link("data")), small)
    for page in (first, second):
        expect(page.get_by_text("4 · Prepare and open")).to_be_visible(timeout=300_000)
