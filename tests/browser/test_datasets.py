"""The Data page's questions, lists and datasets as people use them, each ending in the right total."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, serve, settled, tiles

WEB = "Order No,Order Date,Customer,Product,Quantity,Unit Price,Amount\n" + "".join(
    f"B{n},{'2031' if n == 7 else '2025'}-{n % 12 + 1:02}-15,C{n % 9},{('Mug', 'Quilt', 'Soap')[n % 3]},{n % 3 + 1},"
    f"{320 if n == 42 else (4, 25, 9)[n % 3]}.00,{320 if n == 42 else (n % 3 + 1) * (4, 25, 9)[n % 3]}.00\n"
    for n in range(60)
)
REVENUE = 20 * (4 + 50 + 27) - 4 + 320

TILL = "Order No;Date;Client No;Article;Pieces;Amount\n" + "".join(
    f"T{n};{n % 12 + 1:02}/{n // 5 % 12 + 1:02}/2024;C{n % 9};Lamp;1;{10 if n % 12 else 100}.00\n" for n in range(60)
)
"""Dates of which the file does not say whether the day or the month stands first; the first of each is dearer."""


def states(*words: str, channel: bool = False, price: int = 10) -> str:
    """Sixty rows of one item each, of which the words of a status take turns."""
    lines = [
        f"S{n},2025-{n % 12 + 1:02}-15,C{n % 9},Mug,1,{price}.00,{price}.00,{words[n % len(words)]}"
        + (f",{('web', 'till')[n // 2 % 2]}" if channel else "")
        for n in range(60)
    ]
    header = "Order No,Order Date,Customer,Product,Quantity,Unit Price,Amount,Status" + (",Channel" if channel else "")
    return "\n".join([header, *lines]) + "\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server over a home of its own."""
    with serve(tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running
        assert running.complaints() == ""


IMPORT = 120_000
"""Milliseconds that an import's step may take."""


def drop(page: Page, folder: Path, **files: str) -> None:
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(paths)


def ready(page: Page) -> None:
    expect(page.get_by_text("4 · Prepare and open")).to_be_visible(timeout=IMPORT)
    settled(page)


def prepare(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(play_arrow )?Prepare( again)?$")).click()
    expect(page.get_by_text("The dataset is ready.")).to_be_visible(timeout=IMPORT)
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    """Set a list by typing."""
    box = page.get_by_role("combobox", name=label, exact=True).first
    box.scroll_into_view_if_needed()
    box.click()
    box.press_sequentially(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    # Files are looked into anew, in a process of its own.
    settled(page, IMPORT)


def manage(page: Page, name: str, action: str) -> None:
    page.locator(f".st-key-dataset_menu_{name} button").first.click()
    page.get_by_role("menuitem", name=action, exact=True).click()
    settled(page)


def test_a_question_is_answered_and_ends_in_the_right_total(own: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(own.link("data"))
    drop(page, tmp_path, till=TILL)
    expect(page.get_by_text("A question for you")).to_be_visible(timeout=IMPORT)
    settled(page)
    expect(page.get_by_text("4 · Prepare and open")).to_have_count(0)
    page.get_by_text("12/31/2024 (month first)").click()
    ready(page)
    prepare(page)
    page.get_by_role("button", name="Open the dashboards").click()
    expect(page.get_by_role("heading", name="Sales performance")).to_be_visible()
    page.goto(own.link("sales_performance", dataset="till", preset="custom", period=["2024-01-01", "2024-01-31"]))
    settled(page)
    # With the month first all dear rows are of January.
    assert tiles(page)["Revenue"] == f"${sum(100 for n in range(60) if n % 12 == 0)}.00"


def test_a_file_left_out_is_brought_in_by_hand(own: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(own.link("data"))
    drop(page, tmp_path, web=WEB, hues="aa;bb\nMug;red\nQuilt;blue\nSoap;white\n")
    ready(page)
    listed = page.locator("summary").filter(has_text="hues.csv")
    expect(listed).to_contain_text("List of products · 3 rows")
    listed.click()
    choose(page, "This file is", "Left out")
    box = page.locator("[class*=st-key-data_left_out]")
    expect(box).to_contain_text("hues.csv is left out · 3 rows")
    ready(page)
    choose(page, "Use it as", "List of products")
    # Whose use was said by hand is asked for what only its owner knows, and nothing is prepared meanwhile.
    gap = page.locator("[class*=st-key-data_gap_]")
    expect(gap).to_contain_text("hues.csv: no column was taken as the product number. 'aa' or 'bb' hold texts")
    expect(page.get_by_text("4 · Prepare and open")).to_have_count(0)
    gap.get_by_role("button", name="Use 'aa' as the product number").click()
    expect(gap).to_contain_text("hardly any of its values stand in the other files")
    settled(page)
    gap.get_by_role("button", name="Use 'Product' of the sales as the product number").click()
    ready(page)
    expect(gap).to_have_count(0)
    expect(listed).to_contain_text("List of products · 3 rows")
    assert tiles(page)["Revenue"] == f"${REVENUE:,}.00"
    page.get_by_role("button", name="Undo the last change").click()
    expect(gap).to_contain_text("hardly any of its values stand in the other files")
    gap.get_by_role("button", name="Leave hues.csv out").click()
    expect(box).to_contain_text("hues.csv is left out · 3 rows")


def test_meanings_change_after_the_import_and_versions_go_back(own: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(own.link("data"))
    drop(page, tmp_path, web=WEB)
    ready(page)
    assert tiles(page)["Revenue"] == f"${REVENUE:,}.00"
    prepare(page)
    manage(page, "web", "Change columns and rules")
    ready(page)
    choose(page, "Order No", "Not used")
    strip = page.locator(".st-key-data_totals")
    expect(strip).to_contain_text("before: 60")
    expect(strip.get_by_text(f"${REVENUE:,}.00")).to_be_visible()
    prepare(page)
    # The earlier version opens to be read only, and is put in use again.
    manage(page, "web", "Earlier versions")
    versions = page.locator("[class*=st-key-version_]").filter(has_text=" rows · ")
    expect(versions).to_have_count(2)
    page.get_by_role("button", name="Put in use").click()
    expect(page.get_by_text("the one before stays in the list")).to_be_visible()
    settled(page)
    page.locator(".st-key-dataset_open_web button").click()
    expect(page.get_by_role("heading", name="Sales performance")).to_be_visible()
    settled(page)
    # What may be misread is said where the dashboards open.
    doubts = page.locator(".st-key-doubts")
    expect(doubts).to_contain_text("80 times its usual 4.00")
    expect(doubts).to_contain_text("the last is 2031-08-15")
    doubts.get_by_role("button", name="It is right").click()
    expect(doubts).to_have_count(0)
    page.goto(own.link("sales_performance", dataset="web", preset="all"))
    settled(page)
    assert tiles(page)["Orders"] == "60"
    page.goto(own.link("data"))
    settled(page)
    _rename_and_delete(page, own, visit)


def _rename_and_delete(page: Page, own: Server, visit: Open) -> None:
    open_page = visit(own.link("sales_performance", dataset="web", preset="all"))
    manage(page, "web", "Rename")
    page.get_by_label("New title").fill("<b>Corner</b> *shop*")
    page.get_by_label("New title").press("Tab")
    page.locator(".st-key-dataset_panel_web").get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_text("It is called <b>Corner</b> *shop* now; links to it stay as they are.")).to_be_visible()
    settled(page)
    expect(page.locator(".st-key-dataset_web").get_by_text("<b>Corner</b> *shop*", exact=True)).to_be_visible()
    manage(page, "web", "Open first")
    expect(page.locator(".st-key-dataset_web").get_by_text("Opens first")).to_be_visible()
    manage(page, "web", "Delete")
    panel = page.locator(".st-key-dataset_panel_web")
    expect(panel).to_contain_text("Delete <b>Corner</b> *shop*? It goes with 2 versions (")
    panel.get_by_role("button", name="Keep it").click()
    expect(panel).to_have_count(0)
    settled(page)
    manage(page, "web", "Delete")
    page.locator(".st-key-dataset_delete_web button").click()
    expect(page.get_by_text("<b>Corner</b> *shop* is deleted.")).to_be_visible()
    settled(page)
    expect(page.locator(".st-key-dataset_web")).to_have_count(0)
    # Whoever has it open is told.
    open_page.get_by_role("radio", name="Quarter").or_(open_page.get_by_text("Quarter", exact=True)).first.click()
    expect(open_page.get_by_text("The dataset 'web' is no longer among those that can be chosen here")).to_be_visible()


def test_a_refresh_asks_about_what_is_new_and_ends_in_the_right_total(own: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(own.link("data"))
    drop(page, tmp_path, counter=states("paid", "shipped", "parked"))
    expect(page.get_by_text("Status says 'parked' on some rows")).to_be_visible(timeout=IMPORT)
    settled(page)
    page.get_by_text("They are no sales", exact=True).click()
    ready(page)
    assert tiles(page)["Revenue"] == "$400.00"
    prepare(page)
    # A file of the same kind needs nothing but a click, and what changed is said.
    manage(page, "counter", "Refresh with new files")
    expect(page.get_by_text("Drop the files that it was made from: counter.csv.")).to_be_visible()
    drop(page, tmp_path, counter=states("paid", "shipped", "parked", price=20))
    ready(page)
    expect(page.locator(".st-key-data_news")).to_have_count(0)
    assert tiles(page)["Revenue"] == "$800.00"
    prepare(page)
    expect(page.get_by_text("What changed")).to_be_visible()
    # One with a word and a column that were not there before is asked about first.
    manage(page, "counter", "Refresh with new files")
    drop(page, tmp_path, counter=states("paid", "waylaid", "parked", channel=True))
    news = page.locator(".st-key-data_news")
    expect(news).to_contain_text("Status says 'waylaid' (20 rows), which it did not before", timeout=IMPORT)
    expect(news).to_contain_text("counter.csv has a column that it did not have before: 'Channel'")
    settled(page)
    expect(page.get_by_text("4 · Prepare and open")).to_have_count(0)
    news.get_by_role("button", name="Choose what it means").click()
    asked = page.locator("[class*=st-key-data_asked_status]")
    expect(asked).to_have_count(2, timeout=IMPORT)
    settled(page)
    # What was answered for the dataset before is answered still.
    expect(asked.filter(has_text="parked").get_by_role("radio", checked=True)).to_have_count(1)
    expect(page.get_by_text("4 · Prepare and open")).to_have_count(0)
    asked.filter(has_text="waylaid").get_by_text("They are no sales", exact=True).click()
    ready(page)
    assert tiles(page)["Revenue"] == "$200.00"
    expect(page.get_by_role("combobox", name="Channel", exact=True).first).to_be_attached()
    prepare(page)
    page.get_by_role("button", name="Open the dashboards").click()
    expect(page.get_by_role("heading", name="Sales performance")).to_be_visible()
    page.goto(own.link("sales_performance", dataset="counter", preset="all"))
    settled(page)
    assert tiles(page)["Revenue"] == "$200.00"
    expect(page.locator("[data-testid=stSidebar]").get_by_role("combobox", name="Channel")).to_be_attached()


def test_what_is_missing_is_offered(own: Server, visit: Open, tmp_path: Path) -> None:
    page = visit(own.link("data"))
    drop(page, tmp_path, gap=WEB.replace("Order Date", "Seen on").replace("320.00", "4.00").replace("2031", "2025"))
    ready(page)
    choose(page, "Seen on", "Not used")
    gap = page.locator("[class*=st-key-data_gap_]")
    expect(gap).to_contain_text("gap.csv: no column was taken as the order date. 'Seen on' holds dates; use it?")
    expect(page.get_by_text("4 · Prepare and open")).to_have_count(0)
    gap.get_by_role("button", name="Use 'Seen on' as the order date").click()
    ready(page)
    expect(gap).to_have_count(0)
    shown = tiles(page)
    assert (shown["Revenue"], shown["Orders"], shown["Days"]) == ("$1,620.00", "60", "335")


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
