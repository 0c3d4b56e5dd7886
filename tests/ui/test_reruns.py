"""Pages are worked out a few at a time, first come first served, and none waits for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.turns import Turns
from ui import reruns


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(reruns, "TURNS", Turns(2))
    return 2


def test_no_more_pages_than_places_at_once(places: int) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def page(_: int) -> None:
        nonlocal running, most
        with reruns.turn():
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(page, range(30)))
    assert most == places


@pytest.mark.usefixtures("places")
def test_a_page_that_fails_gives_up_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reruns, "PATIENCE", 30.0)
    start = time.monotonic()
    for _ in range(5):
        with pytest.raises(ValueError, match="failed"), reruns.turn():
            raise ValueError("failed")
    assert time.monotonic() - start < 5


def test_patience_ends(monkeypatch: pytest.MonkeyPatch, places: int) -> None:
    monkeypatch.setattr(reruns, "PATIENCE", 0.05)
    slow = [reruns.TURNS.join("", 0) for _ in range(places)]
    entered = threading.Event()
    with reruns.turn():
        entered.set()
    assert entered.is_set()
    for place in slow:
        place.leave()
    assert (reruns.TURNS._running, reruns.TURNS._waiting) == ([], [])
