"""What is got ready while the server waits for its first visitor."""

from __future__ import annotations

from importlib import import_module
from threading import Thread
from typing import Final

AHEAD: Final = (
    "analytics.lines.kernels",
    "analytics.lines.wide",
    "analytics.models.loops",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.special",
    "scipy.stats",
)
"""Modules that pages import when they first need them: the loops, which are compiled or read from Numba's cache, and
libraries that take long. Together some seconds of a first visit."""


def start() -> Thread:
    """Import them in the background."""
    thread = Thread(target=load, name="ahead", daemon=True)
    thread.start()
    return thread


def load() -> None:
    """Import them now."""
    for name in AHEAD:
        import_module(name)
