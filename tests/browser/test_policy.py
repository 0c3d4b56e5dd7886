"""What the browser itself refuses to do for a page of the app: foreign code, foreign addresses, foreign frames."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Server, settled


@pytest.fixture
def page(contexts: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A tab that may complain."""
    opened = contexts(1440, "light", "UTC").new_page()
    yield opened
    opened.close()


def test_no_code_or_picture_but_the_app_s_own(server: Server, page: Page) -> None:
    page.goto(server.link("sales_performance", dataset="whole"))
    settled(page)
    tried = page.evaluate(
        """async elsewhere => {
          const inline = document.createElement('script');
          inline.textContent = 'window.ran = true';
          document.body.append(inline);
          const picture = await new Promise(done => {
            const image = new Image();
            image.onload = () => done('shown');
            image.onerror = () => done('refused');
            image.src = elsewhere;
          });
          const sent = await fetch(elsewhere).then(() => 'sent', () => 'refused');
          const form = document.createElement('form');
          form.action = elsewhere;
          document.body.append(form);
          form.submit();
          let evaluated = 'refused';
          try { evaluated = new Function('return 1')(); } catch {}
          return [window.ran === true, picture, sent, evaluated];
        }""",
        "http://127.0.0.1:9/x.png",
    )
    assert tried == [False, "refused", "refused", "refused"]
    settled(page)
    assert page.url.startswith(server.url)


@pytest.fixture
def another_site(server: Server) -> Iterator[str]:
    """A page of another origin that frames the app."""

    class Framing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f'<iframe src="{server.url}" width="800" height="600"></iframe>'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Framing) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


def test_no_other_site_frames_the_app(another_site: str, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(another_site)
    page.wait_for_timeout(5000)
    assert any("frame-ancestors" in text for text in said)
    assert page.frame_locator("iframe").locator("[data-testid=stApp]").count() == 0
