"""What every answer carries, so that a browser runs, frames and sends nothing but what is the app's own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from streamlit import file_util

_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)

_Header = tuple[bytes, bytes]


def secured(sent: Iterable[_Header]) -> list[_Header]:
    """Headers of an answer with the security headers, which take the place of others of their names."""
    added = _security()
    return [(name, value) for name, value in sent if name.lower() not in added] + list(added.items())


@cache
def _security() -> dict[bytes, bytes]:
    return {
        b"content-security-policy": policy().encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
    }


def policy() -> str:
    """The Content-Security-Policy: everything from the app itself, and no script but Streamlit's own files."""
    sources = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *_inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in sources.items())


def _inline_scripts() -> list[str]:
    """Digests of the scripts that stand in Streamlit's page itself."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    digests = [hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page)]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
