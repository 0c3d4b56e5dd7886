"""CLAIMS: every promise of an error rate that the app makes, one function each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

SEED: Final = 2026
"""First part of every seed, fixed before the first run and never chosen by a result."""


@dataclass(frozen=True)
class Measurement:
    """What a claim's worlds came to."""

    rate: float
    error: float
    """Standard error of the rate, over the worlds."""
    worlds: int
    power: float | None = None
    """Share of planted effects that were seen; None where the claim is about an interval."""


def measured(values: Sequence[float], power: Sequence[float] | None = None) -> Measurement:
    """The mean of one number per world (1 or 0 for a claim that was made or not, or a share of an interval's tries)."""
    each = np.asarray(values, float)
    seen = None if power is None else float(np.mean(power))
    # Worlds that all agree leave three errors of one part in their number (rule of three), not none.
    error = max(float(each.std() / np.sqrt(each.size)), 1 / each.size)
    return Measurement(float(each.mean()), error, each.size, seen)


Measure = Callable[[int], Measurement]


@dataclass(frozen=True)
class Claim:
    """A promise and how it is tried."""

    name: str
    low: float
    high: float
    """Ends of what is promised: the rate lies between them."""
    worlds: int
    """Worlds that the table in the README is made of."""
    few: int
    """Worlds of the short form, which is a test."""
    measure: Measure

    @property
    def promised(self) -> str:
        """The promise in short: `78–85 %`, `at most 7 %`."""
        if self.high > 1:
            return f"at most {self.high:.2f}"
        if self.low <= 0:
            return f"at most {self.high:.0%}".replace("%", " %")
        return f"{self.low:.0%}–{self.high:.0%}".replace("%", "", 1).replace("%", " %")

    def holds(self, result: Measurement, errors: float = 0.0) -> bool:
        """Whether a measured rate keeps the promise, some standard errors allowed."""
        room = errors * result.error
        return self.low - room <= result.rate <= self.high + room


CLAIMS: Final[dict[str, Claim]] = {}


def claim(name: str, *, low: float = 0.0, high: float, worlds: int, few: int) -> Callable[[Measure], Measure]:
    """Register a function from a number of worlds to what they came to. ValueError for a name that is taken."""

    def register(measure: Measure) -> Measure:
        if name in CLAIMS:
            raise ValueError(f"two claims are called '{name}'")
        CLAIMS[name] = Claim(name, low, high, worlds, few, measure)
        return measure

    return register
