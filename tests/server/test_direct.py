"""Whose imports are kept for everybody: a browser's on this computer, and not whoever comes through a proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.conftest import Running, Visitor, serve
from ui.server.hosts import is_direct

HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}
STAYS = "What you bring stays in this session"

PROXIES = [
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Host": "sales.example.com"},
    {"Forwarded": "for=203.0.113.9"},
    {"Via": "1.1 Caddy"},
    {"X-Real-IP": "203.0.113.9"},
    {"x-forwarded-for": "127.0.0.1"},
]


def test_a_browser_on_this_computer_is_direct() -> None:
    assert is_direct(HERE, None)
    assert is_direct({"host": "127.0.0.1:1"}, "127.0.0.1")
    assert is_direct({"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, "::1")


@pytest.mark.parametrize("added", PROXIES, ids=lambda added: next(iter(added)))
def test_a_proxy_is_not(added: dict[str, str]) -> None:
    assert not is_direct({**HERE, **added}, None)


def test_neither_is_another_computer_or_name() -> None:
    assert not is_direct(HERE, "192.168.1.30")
    assert not is_direct({**HERE, "Host": "sales.example.com"}, None)
    assert not is_direct({**HERE, "Origin": "https://sales.example.com"}, None)
    assert not is_direct({}, None)


def stays_private(running: Running, **headers: str) -> bool:
    """Whether the Data page says that imports stay in the visitor's session."""
    with Visitor(running, **headers).run() as visitor:
        return any(text.startswith(STAYS) for text in visitor.texts)


def test_imports_are_kept_only_for_a_direct_browser(local: Running) -> None:
    assert not stays_private(local)
    for added in PROXIES:
        assert stays_private(local, **{name.replace("-", "_"): value for name, value in added.items()})


def test_a_name_that_a_proxy_keeps_is_not_this_computer(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_HOSTS="sales.example.com") as running:
        public = "sales.example.com"
        assert not stays_private(running)
        assert stays_private(running, host=public, origin=f"https://{public}")


@pytest.mark.parametrize(("write", "private"), [("1", False), ("0", True)])
def test_a_setting_says_so_for_everybody(home: Path, tmp_path: Path, write: str, private: bool) -> None:
    with serve(home, tmp_path, SALES_WRITE=write) as running:
        assert stays_private(running) is private
        assert stays_private(running, X_Forwarded_For="203.0.113.9") is private


def test_nobody_s_imports_are_kept_on_a_network(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, address="") as running:
        assert stays_private(running)
