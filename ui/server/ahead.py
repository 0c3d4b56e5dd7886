"""What is got ready while the server waits for its first visitor."""

from __future__ import annotations

from threading import Thread


def start() -> None:
    """Compile the loops over the lines, or read them from the cache, in the background."""
    Thread(target=_load, name="kernels", daemon=True).start()


def _load() -> None:
    from analytics import lines

    lines.load()
