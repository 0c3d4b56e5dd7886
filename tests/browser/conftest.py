"""The app as people meet it: a server process of its own, started by the README's command, and a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from benchmarks.processes import streamlit
from data.building import layout
from data.store import writing
from tests import small_datasets

INSTALL: Final = "no browser found: install one with `apt-get install chromium`"
PATIENCE: Final = 30_000
"""Milliseconds that a machine with two busy cores may take for one step."""

OWN_PROBES: Final = re.compile(r"/_stcore/(health|host-config)$")
"""Streamlit looks for its server below a page's path first and is told 404; it does so on every deep link."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


# --- The server -------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A running app."""

    url: str
    log: Path

    def link(self, page: str = "", **query: Any) -> str:
        """The address of a page with a query; lists repeat their name, as the app writes them."""
        return f"{self.url}/{page}" + (f"?{urlencode(query, doseq=True)}" if query else "")

    def complaints(self) -> str:
        """What the server's log says beyond that it started."""
        wanted = ("Traceback", "Error", "Exception", "WARNING", "was created with a default value")
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return "\n".join(line for line in lines if any(word in line for word in wanted))


@contextlib.contextmanager
def serve(home: Path, log: Path, *options: str) -> Iterator[Server]:
    """The README's command as a fresh process; it ends with the block."""
    environment = os.environ | {"SALES_HOME": str(home)}
    with streamlit("Home.py", *options, log=log, environment=environment) as (url, _):
        yield Server(url, log)


@pytest.fixture(scope="session")
def browser_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small datasets, and `many` with 5,000 products."""
    home = tmp_path_factory.mktemp("browser_home")
    small_datasets.publish(home)
    many = layout.build(small_datasets.many_products(), name="many", title="many", currency="EUR")
    writing.publish("many", many, home=home)
    return home


@pytest.fixture(scope="session")
def server(browser_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not need a cold one."""
    with serve(browser_home, tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running


@pytest.fixture
def cold_server(browser_home: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited."""
    with serve(browser_home, tmp_path / "server.log") as running:
        yield running


# --- The browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the test is skipped, or fails with REQUIRE_BROWSER=1."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1, but {INSTALL}")
        pytest.skip(INSTALL)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield started
        started.close()


@dataclass
class Heard:
    """What a page must not do: errors in its console, and requests to any other host."""

    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    complains: bool = False
    """Whether the test provokes one error."""

    def listen(self, page: Page, host: str) -> None:
        """Write down both for one page."""

        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and not OWN_PROBES.search(message.location.get("url", "")):
                self.errors.append(f"{message.text} {message.location.get('url', '')}".strip())

        def asked(url: str) -> None:
            if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != host:
                self.elsewhere.append(url)

        page.on("console", said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: asked(request.url))
        page.on("websocket", lambda socket: asked(socket.url))


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browser windows by width, colour scheme and time zone, kept so that the app's scripts are loaded once."""
    made: dict[tuple[int, str, str], BrowserContext] = {}

    def context(width: int, scheme: str, zone: str) -> BrowserContext:
        key = (width, scheme, zone)
        if key not in made:
            made[key] = browser.new_context(
                viewport={"width": width, "height": 1000},
                color_scheme=scheme,  # type: ignore[arg-type]
                timezone_id=zone,
                locale="en-GB",
                reduced_motion="reduce",
            )
            made[key].set_default_timeout(PATIENCE)
        return made[key]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture
def visit(contexts: Callable[..., BrowserContext]) -> Iterator[Open]:
    """Open a link in a new tab and wait until the page stands; at the end no tab may have complained."""
    heard, pages = Heard(), []

    def visited(
        url: str,
        *,
        width: int = 1440,
        scheme: str = "light",
        zone: str = "UTC",
        wait: bool = True,
        complains: bool = False,
    ) -> Page:
        page = contexts(width, scheme, zone).new_page()
        pages.append(page)
        heard.listen(page, urlsplit(url).netloc)
        heard.complains = complains
        page.goto(url, wait_until="commit")
        if wait:
            settled(page)
        return page

    yield visited
    for page in pages:
        page.close()
    assert sorted(set(heard.errors))[heard.complains :] == []
    assert heard.elsewhere == []


# --- Reading and using a page -----------------------------------------------------------------------------------------

_SETTLED: Final = """
() => {
  const app = document.querySelector('[data-testid=stApp]');
  if (!app || app.dataset.testScriptState !== 'notRunning') return false;
  if (!app.querySelector('[data-testid=stMain] [data-testid=stElementContainer]')) return false;
  if (app.querySelector('[data-testid=stSkeleton], [data-stale=true]')) return false;
  const charts = [...app.querySelectorAll('[data-testid=stVegaLiteChart]')];
  return charts.every(chart => chart.querySelector('svg'));
}
"""


def settled(page: Page, patience: int = PATIENCE) -> Page:
    """Wait until the script has ended and every chart is drawn."""
    page.wait_for_function(_SETTLED, timeout=patience)
    page.wait_for_timeout(150)
    page.wait_for_function(_SETTLED, timeout=patience)
    return page


def chart(page: Page, name: str) -> Any:
    """A chart by its accessible name."""
    return page.locator(f'[data-testid=stVegaLiteChart][aria-label="{name}"]')


def mark(page: Page, name: str, text: str, kind: str) -> Any:
    """A chart's mark of a kind (bar, rect mark, geoshape, circle) whose description holds a text."""
    return chart(page, name).locator(f'[aria-roledescription="{kind}"][aria-label*="{text}"]').first


def press(target: Any) -> None:
    """Click inside a mark, also where its middle is not its own, as an archipelago's."""
    target.scroll_into_view_if_needed()
    point = target.evaluate("""mark => {
      const box = mark.getBBox(), toScreen = mark.getScreenCTM();
      for (let parts = 2; parts < 80; parts++)
        for (let i = 1; i < parts; i++)
          for (let j = 1; j < parts; j++) {
            const inside = new DOMPoint(box.x + box.width * i / parts, box.y + box.height * j / parts);
            if (mark.isPointInFill(inside)) {
              const there = inside.matrixTransform(toScreen);
              return [there.x, there.y];
            }
          }
    }""")
    target.page.mouse.click(*point)


def tiles(page: Page) -> dict[str, str]:
    """KPI label -> value as shown."""
    read = """tiles => tiles.map(tile => ['stMetricLabel', 'stMetricValue'].map(
        part => tile.querySelector(`[data-testid=${part}]`).innerText.trim()))"""
    return dict(page.locator("[data-testid=stMetric]").evaluate_all(read))


def chip(page: Page, dimension: str) -> Any:
    """The chip of a filtered dimension above the page."""
    return page.locator(f".st-key-chip_{dimension} button:visible")


def query(page: Page) -> dict[str, list[str]]:
    """The page's URL query."""
    return parse_qs(urlsplit(page.url).query)


def open_table(page: Page, name: str) -> Any:
    """Open a card's table and return the popover that holds it."""
    page.locator(f".st-key-table_{name} button").first.click()
    popover = page.locator("[data-testid=stPopoverBody]").filter(has=page.locator("[data-testid=stDataFrame]"))
    expect(popover.locator("table[role=grid] td").first).to_be_attached()
    return popover


def close_popover(page: Page) -> None:
    """Close what is open."""
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=stPopoverBody]")).to_have_count(0)


def grid(popover: Any) -> list[list[str]]:
    """A table as its grid tells it to assistive technology: the header, then the rows, as far as they are in sight."""
    read = """frame => [...frame.querySelectorAll('table[role=grid] tr')].map(
        row => [...row.querySelectorAll('th, td')].map(cell => cell.textContent))"""
    rows: list[list[str]] = popover.locator("[data-testid=stDataFrame]").first.evaluate(read)
    return rows
