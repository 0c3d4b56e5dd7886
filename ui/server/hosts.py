"""Whose requests are served: names in Host and Origin, and whether a request comes from this computer itself.

A web page elsewhere can point a name of its own at this computer and ask through its visitor's browser (DNS rebinding).
Such a request carries the page's name in Host; a request of another site's page carries that site in Origin.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from ui.server.answers import ErrorResponse

_HOST: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::\d{1,5})?", re.IGNORECASE)

_COMMUNITY_CLOUD: Final = "*.streamlit.app"
"""Addresses of Streamlit Community Cloud; nobody else can have a name there."""

_FORWARDED: Final = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip"}
)
"""Headers that proxies add, beside all that begin with x-forwarded."""


@dataclass(frozen=True)
class Hosts:
    """The names under which the app is served, beside those of the computer itself."""

    names: tuple[str, ...] = ()
    """`*.example.com` stands for all names below one, `*` for any."""
    addresses: bool = False
    """Whether every IP address is served: where none is looked up, no name can be pointed elsewhere."""

    def refusal(self, hosts: Sequence[str], origin: str | None) -> ErrorResponse | None:
        """Why a request with these Host headers and this Origin is not served; None where it is."""
        name = name_of(hosts[0]) if len(hosts) == 1 else ""
        if not self._serves(name):
            return ErrorResponse(
                421,
                f"Expected a request for an address of this app, found one for {repr(name) if name else 'none'}. "
                "Whoever runs the app can allow a name by starting it with SALES_HOSTS=name.",
            )
        if origin is not None and not self._trusts(origin, name):
            return ErrorResponse(403, "Expected a request from this app's own pages, found one from another site.")
        return None

    def _serves(self, name: str) -> bool:
        if not name:
            return False
        return is_loopback(name) or "*" in self.names or self._lists(name) or (self.addresses and _is_address(name))

    def _trusts(self, origin: str, host: str) -> bool:
        """Whether a page of an origin may ask: the same host, or one that was named."""
        try:
            name = name_of(urlsplit(origin).netloc)
        except ValueError:
            return False
        if not name:
            return False
        return name == host or (is_loopback(name) and is_loopback(host)) or self._lists(name)

    def _lists(self, name: str) -> bool:
        return any(name == known or (known[:2] == "*." and name.endswith(known[1:])) for known in self.names)


def settings() -> Hosts:
    """What is served as the server was started.

    Only on this computer: its own names and those in SALES_HOSTS. On the network: those in SALES_HOSTS; where it is not
    set, the names of this machine, IP addresses, and Streamlit Community Cloud.
    """
    named = tuple(_named(name) for name in os.environ.get("SALES_HOSTS", "").split(",") if name.strip())
    if named or only_loopback():
        return Hosts(named)
    return Hosts((_COMMUNITY_CLOUD, *_own_names()), addresses=True)


def _named(site: str) -> str:
    """The name in a site as people write it, also with a scheme or a port, as SALES_SITE may have for the proxy."""
    bare = site.strip().lower().rpartition("://")[2].rstrip("/.")
    below = "*." if bare.startswith("*.") else ""
    rest = bare.removeprefix(below)
    return below + (name_of(rest) or rest)


def _own_names() -> list[str]:
    """What this machine calls itself, and what it was told to listen on."""
    machine = socket.gethostname().lower()
    return [machine, f"{machine.split('.')[0]}.local", name_of(_address())]


def _address() -> str:
    return str(st.get_option("server.address") or "")


def only_loopback() -> bool:
    """Whether the server listens on this computer only."""
    return is_loopback(name_of(_address()) or _address())


def is_direct(headers: Mapping[str, str], peer: str | None) -> bool:
    """Whether a request comes from a browser on this computer, with no proxy between.

    `peer` is the address that the connection comes from, None where that is this computer.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    if any(name in _FORWARDED or name.startswith("x-forwarded") for name in sent):
        return False
    origin = sent.get("origin")
    return (
        is_loopback(name_of(sent.get("host", "")))
        and (origin is None or is_loopback(name_of(urlsplit(origin).netloc)))
        and (peer is None or is_loopback(peer))
    )


def name_of(host: str) -> str:
    """The name or address in a Host header, without its port; empty where it is none."""
    match = _HOST.fullmatch(host)
    return (match[1] or match[2]).lower().rstrip(".") if match else ""


def is_loopback(name: str) -> bool:
    """Whether a name or address means this computer and can mean no other."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        return not ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return False
