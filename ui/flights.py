"""Work that several threads ask for at once is done by one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any


class _Flight:
    """Work under way, and what comes of it."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.result: tuple[Any] | None = None
        """What came of it, None where it failed."""


class Flights:
    """The work under way, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, _Flight] = {}

    def once(self, key: Hashable, work: Callable[[], Any]) -> Any:
        """What `work` gives, done by the first who asks; the others wait for it.

        Where it fails, the error is the first one's alone, and the next in turn does the work anew: a visitor who goes
        away must not take the others along.
        """
        while True:
            with self._lock:
                flight = self._under_way.get(key)
                first = flight is None
                if flight is None:
                    flight = self._under_way[key] = _Flight()
            if first:
                return self._do(key, flight, work)
            flight.landed.wait()
            if flight.result is not None:
                return flight.result[0]

    def _do(self, key: Hashable, flight: _Flight, work: Callable[[], Any]) -> Any:
        try:
            result = work()
            flight.result = (result,)
        finally:
            with self._lock:
                del self._under_way[key]
            flight.landed.set()
        return result
