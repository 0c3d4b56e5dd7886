"""Which names are served: by rule, and by a running app over HTTP and WebSocket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from websockets.exceptions import InvalidStatus

from tests.server.conftest import Running, Visitor, serve
from ui.server import hosts
from ui.server.hosts import Hosts

LOCAL = Hosts()
NAMED = Hosts(("sales.example.com", "*.shop.example"))
OPEN = Hosts(("*.streamlit.app", "till.local"), addresses=True)
ANY = Hosts(("*",))

SERVED = [
    (LOCAL, "localhost:8501", None),
    (LOCAL, "LocalHost", "http://localhost:3000"),
    (LOCAL, "127.0.0.1:1", "http://127.0.0.1:1"),
    (LOCAL, "127.8.9.10", None),
    (LOCAL, "[::1]:8501", "http://[::1]:8501"),
    (LOCAL, "localhost.", None),
    (NAMED, "sales.example.com", "https://sales.example.com"),
    (NAMED, "SALES.example.com.:443", None),
    (NAMED, "a.b.shop.example", "https://a.b.shop.example"),
    (NAMED, "localhost:8501", "https://sales.example.com"),
    (NAMED, "localhost:8501", None),
    (OPEN, "192.168.1.20:8501", "http://192.168.1.20:8501"),
    (OPEN, "[fd00::1]:8501", None),
    (OPEN, "till.local", None),
    (OPEN, "my-shop.streamlit.app", "https://my-shop.streamlit.app"),
    (ANY, "anything.example", "http://anything.example"),
]

REFUSED = [
    (LOCAL, "evil.example", None, 421),
    (LOCAL, "localhost.evil.example", None, 421),
    (LOCAL, "127.0.0.1.evil.example", None, 421),
    (LOCAL, "evil.localhost.example:8501", None, 421),
    (LOCAL, "192.168.1.20:8501", None, 421),
    (LOCAL, "0.0.0.0:8501", None, 421),
    (LOCAL, "[::2]:8501", None, 421),
    (LOCAL, "localhost@evil.example", None, 421),
    (LOCAL, "localhost:8501/x", None, 421),
    (LOCAL, "", None, 421),
    (LOCAL, "localhost:8501", "http://evil.example", 403),
    (LOCAL, "localhost:8501", "http://localhost.evil.example:8501", 403),
    (LOCAL, "localhost:8501", "null", 403),
    (LOCAL, "localhost:8501", "", 403),
    (LOCAL, "localhost:8501", "http://[", 403),
    (LOCAL, "localhost:8501", "http://user@localhost:8501", 403),
    (NAMED, "evil.example", None, 421),
    (NAMED, "shop.example", None, 421),
    (NAMED, "evilshop.example", None, 421),
    (NAMED, "192.168.1.20", None, 421),
    (NAMED, "sales.example.com", "http://localhost:8501", 403),
    (OPEN, "evil.example", None, 421),
    (OPEN, "streamlit.app.evil.example", None, 421),
    (OPEN, "0.0.0.0", None, 421),
    (OPEN, "192.168.1.20:8501", "http://203.0.113.9", 403),
    (ANY, "anything.example", "http://evil.example", 403),
]


@pytest.mark.parametrize(("rule", "host", "origin"), SERVED)
def test_served(rule: Hosts, host: str, origin: str | None) -> None:
    assert rule.refusal([host], origin) is None


@pytest.mark.parametrize(("rule", "host", "origin", "status"), REFUSED)
def test_refused(rule: Hosts, host: str, origin: str | None, status: int) -> None:
    refusal = rule.refusal([host], origin)
    assert refusal is not None
    assert (refusal.status, refusal.sentence[:8], refusal.sentence[-1]) == (status, "Expected", ".")


def test_no_host_and_two_hosts_are_refused() -> None:
    for sent in ([], ["localhost", "localhost"], ["localhost", "evil.example"]):
        refusal = LOCAL.refusal(sent, None)
        assert refusal is not None
        assert refusal.status == 421


@pytest.fixture
def address() -> Iterator[None]:
    before = st.get_option("server.address")
    yield
    st.config.set_option("server.address", before)


@pytest.mark.usefixtures("address")
def test_what_is_served_follows_from_how_the_app_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def rule(address: str | None, names: str = "") -> Hosts:
        st.config.set_option("server.address", address)
        monkeypatch.setenv("SALES_HOSTS", names)
        return hosts.settings()

    for here in ("localhost", "127.0.0.1", "127.0.0.2", "::1"):
        assert rule(here) == Hosts()
    assert rule("localhost", "Sales.Example.com , *.shop.example,") == Hosts(("sales.example.com", "*.shop.example"))
    for everywhere in (None, "0.0.0.0", "::", "192.168.1.20"):
        unnamed = rule(everywhere)
        assert unnamed.addresses
        assert unnamed.refusal([socket.gethostname()], None) is None
        assert unnamed.refusal(["my-shop.streamlit.app"], None) is None
        assert unnamed.refusal(["evil.example"], None) is not None
        assert rule(everywhere, "sales.example.com") == Hosts(("sales.example.com",))


# --- A running app ----------------------------------------------------------------------------------------------------

PATHS = (
    "/", "/data", "/_stcore/health", "/_stcore/host-config", "/app/static/world-110m.json", "/media/x.csv",
    "/static/x.js",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_gets_nothing_over_http(local: Running, path: str) -> None:
    for name in ("evil.example", "localhost.evil.example"):
        for sent in (name, f"{name}:{local.port}"):
            answer = local.ask(path, host=sent)
            assert answer.status == 421
            assert answer.text.startswith(f"Expected a request for an address of this app, found one for '{name}'.")
    assert local.ask(path, origin="http://evil.example").status == 403
    assert local.ask(path, host=f"127.0.0.1:{local.port}", origin=f"http://127.0.0.1:{local.port}").status in (200, 404)


def test_a_foreign_host_uploads_nothing(local: Running) -> None:
    with Visitor(local).run() as visitor:
        (there,) = visitor.addresses(1)
        assert visitor.upload(there, 10, host="evil.example").status == 421
        assert visitor.upload(there, 10, origin="http://evil.example").status == 403
        assert visitor.upload(there, 10).status == 204


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("evil.example", "http://evil.example", 421),
        ("localhost.evil.example", "http://localhost.evil.example", 421),
        ("localhost", "http://evil.example", 403),
        ("localhost", "null", 403),
        ("evil.example", "http://localhost", 421),
    ],
)
def test_a_foreign_page_gets_no_numbers_over_a_websocket(local: Running, host: str, origin: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Visitor(local, host=f"{host}:{local.port}", origin=origin if origin == "null" else f"{origin}:{local.port}")
    assert refused.value.response.status_code == status
    assert (refused.value.response.body or b"").startswith(b"Expected a request")


def test_this_computer_is_served_under_each_of_its_names(local: Running) -> None:
    for name in ("localhost", "127.0.0.1"):
        here = f"{name}:{local.port}"
        with Visitor(local, host=here, origin=f"http://{here}") as visitor:
            assert "**1 · Drop files**" in visitor.run().texts


@pytest.mark.parametrize(("names", "served", "refused"), [
    ("sales.example.com,*.shop.example", ["sales.example.com", "a.shop.example", "localhost"], ["evil.example"]),
    ("", ["127.0.0.1", socket.gethostname(), "my-shop.streamlit.app"], ["evil.example", "sales.example.com"]),
])  # fmt: skip
def test_on_a_network(home: Path, tmp_path: Path, names: str, served: list[str], refused: list[str]) -> None:
    with serve(home, tmp_path, address="", SALES_HOSTS=names) as running:
        for name in served:
            assert running.ask("/", host=name).status == 200
            with Visitor(running, host=name, origin=f"http://{name}") as visitor:
                assert "**1 · Drop files**" in visitor.run().texts
        for name in refused:
            assert running.ask("/", host=name).status == 421
            with pytest.raises(InvalidStatus):
                Visitor(running, host=name, origin=f"http://{name}")
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("https://sales.example.com", "sales.example.com"),
        ("sales.example.com:8443", "sales.example.com:8443"),
        ("https://a.example.com, *.shop.example:8443/", "till.shop.example"),
        ("[fd00::1]:8443", "[fd00::1]"),
        ("fd00::1", "[fd00::1]:8501"),
        ("*", "anything.example"),
    ],
)
def test_a_site_as_a_proxy_takes_it_names_a_host(monkeypatch: pytest.MonkeyPatch, site: str, host: str) -> None:
    """The compose file hands on SALES_SITE, in which Caddy takes a scheme and a port, too."""
    monkeypatch.setenv("SALES_HOSTS", site)
    assert hosts.settings().refusal([host], None) is None
    assert (hosts.settings().refusal(["evil.test"], None) is None) == (site == "*")
