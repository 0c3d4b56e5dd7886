"""Turns at something that only a few may do at once: first come, first served, with room left for what is quick.

Long steps of imports take memory and processor time, so that only some of them run at a time. One visitor runs one at a
time, and large ones leave a place free, so that nobody who brings a small file waits for somebody's large one.
"""

from __future__ import annotations

import threading
import time
from typing import Final

LARGE: Final = 16 * 1024 * 1024
"""Bytes from which on the files of a step are large."""


class Turns:
    """A queue before a number of places."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._changed = threading.Condition()
        self._waiting: list[Turn] = []
        self._running: list[Turn] = []

    def join(self, owner: str, size: int) -> Turn:
        """Queue up for a step of `owner`, the empty one being nobody's, over files of `size` bytes."""
        turn = Turn(self, owner, size >= LARGE)
        with self._changed:
            self._waiting.append(turn)
            self._admit()
        return turn

    def _admit(self) -> None:
        """Let in whoever may go, the longest waiting first."""
        for turn in list(self._waiting):
            if len(self._running) < self.places and self._may_run(turn):
                self._waiting.remove(turn)
                self._running.append(turn)
        self._changed.notify_all()

    def _may_run(self, turn: Turn) -> bool:
        if turn.owner and any(turn.owner == other.owner for other in self._running):
            return False
        return not turn.large or sum(other.large for other in self._running) < self.places - 1


class Turn:
    """One place in the queue, from `join` until `leave`."""

    def __init__(self, turns: Turns, owner: str, large: bool) -> None:
        self.owner, self.large = owner, large
        self._turns = turns

    def wait(self, seconds: float) -> bool:
        """Whether the step may run, as soon as it may and after so many seconds at the latest."""
        turns, until = self._turns, time.monotonic() + seconds
        with turns._changed:
            while self not in turns._running and (left := until - time.monotonic()) > 0:
                turns._changed.wait(left)
            return self in turns._running

    def leave(self) -> None:
        """Give up the place, whether the step has run or not."""
        with self._turns._changed:
            for queue in (self._turns._waiting, self._turns._running):
                if self in queue:
                    queue.remove(self)
            self._turns._admit()

    def describe(self) -> str:
        """What is waited for, in words."""
        with self._turns._changed:
            running = len(self._turns._running)
            before = self._turns._waiting.index(self) if self in self._turns._waiting else 0
        under_way = "1 other import is under way" if running == 1 else f"{running} other imports are under way"
        return f"Waiting for a turn: {under_way}" + (f", {before} more before this one" if before else "")
