"""Two processes of the app as the systemd unit starts them, and Caddy with the shipped Caddyfile before them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.processes import free_port, running, wait_for
from tests import small_datasets
from tests.deploy import unit
from tests.deploy.programs import DEPLOY, program

NAME = "sales.localhost"
"""What people type; like a company's name it is not one that the app knows by itself."""


@dataclass
class Site:
    """The app behind the proxy."""

    url: str
    plain_url: str
    """The same without TLS, which leads to the other."""
    authority: Path
    """Certificate of who vouches for the site."""
    processes: dict[int, subprocess.Popen[bytes]]
    """By port."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests of a file."""
    with served(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, for a test that ends a process."""
    with served(tmp_path) as started:
        yield started


@contextlib.contextmanager
def served(tmp_path: Path) -> Iterator[Site]:
    """The site; its datasets, logs and certificates are in a folder."""
    caddy = program("caddy")
    home = tmp_path / "home"
    small_datasets.publish(home)
    ports = [free_port(), free_port()]
    with contextlib.ExitStack() as stack:
        processes = {}
        for port in ports:
            command = [sys.executable, *unit.command(str(port))[1:]]
            given = os.environ | {"SALES_HOME": str(home), "SALES_HOSTS": NAME, "SALES_WRITE": "0"}
            processes[port] = stack.enter_context(running(command, log=tmp_path / f"{port}.log", environment=given))
        for port, process in processes.items():
            wait_for(f"http://localhost:{port}/_stcore/health", process, tmp_path / f"{port}.log")
        plain, secure = free_port(), free_port()
        given = os.environ | {
            "SALES_SITE": NAME,
            "SALES_UPSTREAMS": " ".join(f"localhost:{port}" for port in ports),
            "SALES_HTTP_PORT": str(plain),
            "SALES_HTTPS_PORT": str(secure),
            "XDG_DATA_HOME": str(tmp_path / "caddy"),
            "XDG_CONFIG_HOME": str(tmp_path / "caddy"),
        }
        log = tmp_path / "caddy.log"
        command = [caddy, "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
        process = stack.enter_context(running(command, log=log, environment=given))
        authority = tmp_path / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None and "certificate obtained" not in log.read_text():
            time.sleep(0.1)
        assert authority.exists(), log.read_text(encoding="utf-8")
        yield Site(f"https://{NAME}:{secure}", f"http://{NAME}:{plain}", authority, processes)
