"""How many visitors' pages are worked out at once.

Python runs one thread at a time. Many pages under way share it in slices, so that all are late and each switch costs;
in turns, first come first served, half as many seconds pass until the last of fifty visitors has an answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from data.turns import Turns

TURNS: Final = Turns((os.cpu_count() or 1) + 1)
"""One more than the processors, so that there is work while a page waits for polars or for another page's answer."""
PATIENCE: Final = 2.0
"""Seconds after which a page is worked out without a turn, so that slow pages do not hold up everybody's."""


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, and give it up when the page is drawn, stopped or failed."""
    place = TURNS.join(owner="", size=0)
    try:
        place.wait(PATIENCE)
        yield
    finally:
        place.leave()
