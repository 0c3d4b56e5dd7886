"""The README's screenshots, taken from the running app on its demo data: `python -m benchmarks.screenshots`.

Writes docs/screenshots/PAGE_light.png, and PAGE_dark.png for the two dashboards.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.processes import ROOT
from benchmarks.server import serve
from ui.menu import PAGES

FOLDER: Final = ROOT / "docs" / "screenshots"
CUSTOMER: Final = "C000007388"
"""Whose page is shown."""
DARK: Final = ("sales_performance", "customer_insights")
"""Pages shown in the dark theme too."""
SIZE: Final = (1440, 1360)
"""Width and height of the window in CSS pixels: the tiles and the first charts."""
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
COLOURS: Final = 256
"""Colours of a picture; quiet charts need no more, and take half the bytes."""

STANDS: Final = """
() => {
  const app = document.querySelector('[data-testid=stApp]');
  if (app?.dataset.testScriptState !== 'notRunning' || app.querySelector('[data-testid=stSkeleton]')) return false;
  const charts = [...app.querySelectorAll('[data-testid=stVegaLiteChart]')];
  return charts.every(chart => chart.querySelector('svg'));
}
"""


def main() -> int:
    """Take every picture; 1 where there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("No browser found: install one with `apt-get install chromium`.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        serve(ROOT / "Home.py", folder=ROOT, environment={"SALES_HOME": home}) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]) as browser,
    ):
        for entry in PAGES:
            query = f"?customer={CUSTOMER}" if "customer" in entry.own else ""
            for scheme in SCHEMES[: 2 if entry.name in DARK else 1]:
                target = FOLDER / f"{entry.name}_{scheme}.png"
                _take(browser, f"{server.url}/{entry.name}{query}", scheme, target)
                print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1024:,.0f} KiB")
    return 0


def _take(browser: Browser, url: str, scheme: Literal["light", "dark"], target: Path) -> None:
    width, height = SIZE
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB", timezone_id="UTC"
    )
    page.goto(url)
    page.wait_for_timeout(1_500)
    page.wait_for_function(STANDS, timeout=60_000)
    page.wait_for_timeout(1_500)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    page.close()
    small = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(target, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
