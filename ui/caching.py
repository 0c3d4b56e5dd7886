"""Answers that are remembered for all visitors, within one budget of memory.

What was asked for before is not computed again, and what was not asked for longest is forgotten first. Visitors who ask
for the same thing at once wait for one computation. An answer's key is its function and that function's arguments, all
of them plain values: a view or a source, which names the dataset's version, whose it is and the saved segment, then
filters, days and choices. What lives in one visitor's workspace therefore has keys that no other visitor can ask for.
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import is_dataclass
from typing import Any, Final, ParamSpec, TypeVar

import numpy as np
import polars as pl

from ui import opened
from ui.flights import Flights

BUDGET: Final = 160 * 1024**2
"""Bytes of answers that are remembered, beside half as many as the open datasets take: what is made of lines grows with
them."""

COLUMN: Final = 2_300
"""Bytes that a column of a frame takes beside its values; most of a card's table is this."""

SPARE: Final = 1.5
"""Bytes that are set aside for texts over those that they fill."""

P = ParamSpec("P")
R = TypeVar("R")

REMEMBERED: Final[list[Callable[..., Any]]] = []
"""Every function whose answers are remembered."""


def weigh(value: object) -> int:
    """Bytes of memory that a value takes with all that it holds; what two of its parts share counts twice."""
    if isinstance(value, pl.DataFrame):
        return COLUMN + sum(map(weigh, value.iter_columns()))
    if isinstance(value, pl.Series):
        return COLUMN + int(value.estimated_size() * (SPARE if value.dtype == pl.String else 1))
    if isinstance(value, np.ndarray):
        return sys.getsizeof(value) if value.base is None else sys.getsizeof(value) + value.nbytes
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + sum(weigh(key) + weigh(held) for key, held in value.items())
    if isinstance(value, tuple | list | set | frozenset):
        return sys.getsizeof(value) + sum(map(weigh, value))
    if is_dataclass(value) and not isinstance(value, type):
        return sys.getsizeof(value) + weigh(vars(value))
    return sys.getsizeof(value)


class Answers:
    """Answers by key, those asked for least recently first, within a budget of bytes; large ones make room first."""

    def __init__(self, budget: Callable[[], int]) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._flights = Flights()
        self.bytes = 0
        """Weight of all that is held."""

    def __len__(self) -> int:
        return len(self._held)

    def ask(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """The answer held under a key, or computed now, by one of those who ask for it at once."""
        answer = self._find(key)
        if answer is None:
            answer = self._flights.once(key, lambda: self._find(key) or self._keep(key, compute()))
        return answer[0]

    def _find(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
            return held

    def _keep(self, key: Hashable, answer: object) -> tuple[Any, int]:
        kept, budget = (answer, weigh(answer) + weigh(key)), self._budget()
        with self._lock:
            if kept[1] <= budget:
                self._held[key] = kept
                self.bytes += kept[1]
            while self.bytes > budget:
                self.bytes -= self._held.pop(self._to_evict())[1]
        return kept

    def _to_evict(self) -> Hashable:
        """The key to evict: the one asked for least recently of those at least as heavy as the mean.

        What took long, such as a model's fit, is often small: dropped for a large table it would be computed again
        soon, and free next to nothing. The latest answer stays as long as there is another.
        """
        weights = [(key, weight) for key, (_, weight) in self._held.items()]
        others = weights[:-1] or weights
        total = sum(weight for _, weight in others)
        return next(key for key, weight in others if weight * len(others) >= total)

    def forget(self, which: Callable[[Any], bool] = lambda _: True) -> None:
        """Let go of the answers whose key is one of `which`, or of all."""
        with self._lock:
            for key in [key for key in self._held if which(key)]:
                self.bytes -= self._held.pop(key)[1]


ANSWERS: Final = Answers(lambda: BUDGET + opened.DATASETS.bytes // 2)
"""All that this process remembers."""


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Remember a function's answers, which nobody may change.

    Its first argument is a view or a source. What it is given beside plain values, such as somebody to tell how far it
    has come, bears a name that begins with _ and is no part of the key.
    """
    names = list(inspect.signature(function).parameters)
    plain = next((n for n, name in enumerate(names) if name.startswith("_")), len(names))

    @functools.wraps(function)
    def answered(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (function, args[:plain], tuple(sorted(kwargs.items())))
        answer: R = ANSWERS.ask(key, lambda: function(*args, **kwargs))
        return answer

    REMEMBERED.append(function)
    return answered


def forget(owner: str) -> None:
    """Let go of all that is remembered of a visitor's own datasets, when their workspace goes."""
    ANSWERS.forget(lambda key: any(_owner(one) == owner for one in key[1][:1]))


def _owner(first: Any) -> str:
    source = getattr(first, "source", first)
    return str(source.owner)
