"""The datasets that are open in this process, under one budget of memory for all of them.

A dataset whose lines do not fit beside those in use is read from its file at each query; one that nobody has used for a
while makes room for the next.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from analytics.dataset import Dataset
from data.store import store
from ui.flights import Flights

IDLE: Final = 120.0
"""Seconds after which a dataset that nobody asked for may be closed, and one read from its file is tried again.
Shorter, two visitors with large datasets would close each other's at every click."""

Room = Callable[[int], bool]
"""Asks for bytes of memory and says whether they are there; they count from then on."""


@dataclass
class _Open:
    """One dataset."""

    data: Dataset
    bytes: int
    """Memory that its lines, where they are held, and its other tables take."""
    refused: int
    """Memory that its lines would have taken, 0 where they are held."""
    under: Hashable | None
    """Key of the dataset whose lines it reads."""
    since: float
    asked: float


class Datasets:
    """Open datasets by key, those asked for least recently first."""

    def __init__(self, budget: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock = budget, clock
        self._lock = threading.RLock()
        self._flights = Flights()
        self._open: OrderedDict[Hashable, _Open] = OrderedDict()
        self._promised: dict[Hashable, int] = {}

    @property
    def bytes(self) -> int:
        """Memory that all of them take, and that is promised to those being opened."""
        with self._lock:
            return sum(held.bytes for held in self._open.values()) + sum(self._promised.values())

    def ask(self, key: Hashable, load: Callable[[Room], Dataset], *, under: Hashable | None = None) -> Dataset:
        """The dataset of a key, loaded where it is not open, by one of those who ask for it at once.

        `load` asks for room for the lines. Lines that are not held may be read from those of the dataset `under`.
        """
        data = self._find(key)
        if data is None:
            data = self._flights.once(key, lambda: self._find(key) or self._load(key, load, under))
        return data.data

    def close(self, which: Callable[[Any], bool] = lambda _: True) -> None:
        """Close the datasets whose key is one of `which`, or all."""
        with self._lock:
            for key in [key for key in self._open if which(key)]:
                self._close(key)

    def _find(self, key: Hashable) -> _Open | None:
        with self._lock:
            held, now = self._open.get(key), self._clock()
            if held is None:
                return None
            if held.refused and now - held.since > IDLE and self._fits(held.refused, but=key):
                self._close(key)
                return None
            held.asked = now
            self._open.move_to_end(key)
            if held.under is not None and not held.data.held and self._find(held.under) is None:
                self._close(key)
                return None
            return held

    def _load(self, key: Hashable, load: Callable[[Room], Dataset], under: Hashable | None) -> _Open:
        refused = 0

        def room(size: int) -> bool:
            nonlocal refused
            granted = self._promise(key, size)
            refused = 0 if granted else size
            return granted

        try:
            data = load(room)
            with self._lock:
                size, now = self._promised.pop(key, 0) + _tables(data), self._clock()
                self._make_room(size)
                self._open[key] = _Open(data, size, refused, under, now, now)
                return self._open[key]
        finally:
            with self._lock:
                self._promised.pop(key, None)

    def _promise(self, key: Hashable, size: int) -> bool:
        with self._lock:
            if not self._fits(size, but=key):
                return False
            self._make_room(size)
            self._promised[key] = size
            return True

    def _fits(self, size: int, but: Hashable) -> bool:
        """Whether there is room beside the datasets in use, without one of them."""
        used = sum(held.bytes for key, held in self._open.items() if key != but and not self._idle(held))
        promised = sum(bytes_ for key, bytes_ in self._promised.items() if key != but)
        return used + promised + size <= self._budget()

    def _make_room(self, size: int) -> None:
        for key in [key for key, held in self._open.items() if self._idle(held)]:
            if self.bytes + size <= self._budget():
                return
            self._close(key)

    def _idle(self, held: _Open) -> bool:
        return self._clock() - held.asked > IDLE

    def _close(self, key: Hashable) -> None:
        if self._open.pop(key, None) is not None:
            for other in [other for other, held in self._open.items() if held.under == key and not held.data.held]:
                self._close(other)


def _tables(data: Dataset) -> int:
    """Bytes of a dataset's tables beside its lines."""
    tables = (data.customers, data.products, data.returns, data.targets)
    return sum(int(table.estimated_size()) for table in tables if table is not None)


DATASETS: Final = Datasets(store.memory_budget)
"""All that are open in this process."""
