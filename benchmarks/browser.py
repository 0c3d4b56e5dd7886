"""From a click to the last paint it causes, in a real browser.

A script put into the page before its own stamps the trusted `pointerdown`, then every later change to charts,
metrics, tables and text outside the sidebar, and every stroke on a canvas in them. Painted is the last of these plus
the frame that shows it, once the app says its script has ended and nothing has changed for a while. All times are of
the page's own clock, so what drives the browser is not in them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

QUIET: Final = 400
"""Milliseconds without a change after which a page counts as painted."""

PATIENCE: Final = 60_000

WATCH: Final = r"""
(() => {
  const seen = window.__seen = {};
  const clear = () => Object.assign(seen, {click: 0, message: 0, change: 0, frame: 0, chart: 0, rebuilt: 0});
  seen.clear = clear;
  clear();
  const kinds = ['VegaLiteChart', 'Metric', 'Html', 'DataFrame', 'Table', 'MarkdownContainer'];
  const parts = kinds.map(kind => `[data-testid=st${kind}]`).join();
  const charts = '[data-testid=stVegaLiteChart]';
  const changed = node => {
    const part = (node.nodeType === 1 ? node : node.parentElement)?.closest(parts);
    if (!seen.click || !part || part.closest('[data-testid=stSidebar],[data-testid=stHeader]')) return null;
    seen.change = performance.now();
    if (part.matches(`${charts},[data-testid=stMetric],[data-testid=stHtml]`)) seen.chart = seen.change;
    requestAnimationFrame(() => requestAnimationFrame(() => { seen.frame = performance.now(); }));
    return part;
  };
  const pressed = event => { if (event.isTrusted && !seen.click) seen.click = performance.now(); };
  addEventListener('pointerdown', pressed, true);
  new MutationObserver(records => {
    for (const record of records) {
      const part = changed(record.target);
      if (part?.matches(charts))
        for (const added of record.addedNodes) if (['svg', 'CANVAS'].includes(added.nodeName)) seen.rebuilt++;
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['d', 'transform', 'x', 'y', 'width', 'height', 'points', 'opacity', 'fill', 'aria-label',
      'src']});
  for (const name of ['fillRect', 'clearRect', 'fillText', 'stroke', 'fill', 'drawImage']) {
    const own = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      changed(this.canvas);
      return own.apply(this, given);
    };
  }
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => { if (seen.click) seen.message = performance.now(); });
    }
  };
})();
"""

IDLE: Final = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
PAINTED: Final = f"""quiet => {{
  const seen = window.__seen;
  return {IDLE} && seen.message && performance.now() - Math.max(seen.change, seen.message) > quiet;
}}"""
READ: Final = """() => {
  const seen = window.__seen, since = moment => moment ? moment - seen.click : 0;
  return {paint: since(Math.max(seen.change, seen.frame)), chart: since(seen.chart), rebuilt: seen.rebuilt};
}"""


@dataclass(frozen=True)
class PaintTiming:
    """One click, in milliseconds from it."""

    paint: float
    """The frame that shows the last change of all."""
    chart: float
    """The last change of a chart, metric or sparkline; 0 where none changed."""
    rebuilt: int
    """Charts whose drawing was replaced rather than changed; a KPI tile's sparkline is a metric and not counted."""


def executable() -> str | None:
    """The browser on this machine, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def browser(path: str) -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


class Tab:
    """A page that is clicked; `click` is called in turn with what prepares a click and returns what to click."""

    def __init__(self, started: Any, url: str, targets: Callable[[Any, int], Any]) -> None:
        context = started.new_context(viewport={"width": 1440, "height": 1600}, locale="en-GB")
        context.add_init_script(WATCH)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self._targets = targets
        self.page.goto(url, wait_until="domcontentloaded")
        self._settle(2000)

    def click(self, turn: int) -> PaintTiming:
        """Click once and wait until the page has come to rest."""
        self.page.bring_to_front()
        target = self._targets(self.page, turn)
        self.page.wait_for_timeout(QUIET)
        self.page.evaluate("() => window.__seen.clear()")
        target.click()
        self.page.wait_for_function(PAINTED, arg=QUIET, polling=50)
        if self.page.locator("[data-testid=stException]").count():
            raise RuntimeError(f"{self.page.url} shows an error")
        return PaintTiming(**self.page.evaluate(READ))

    def _settle(self, quiet: int) -> None:
        self.page.wait_for_function(f"() => {IDLE}")
        self.page.wait_for_timeout(quiet)
