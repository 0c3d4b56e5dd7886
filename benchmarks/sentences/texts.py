"""Numbers as the app writes them, read back: a value, and how far the truth may lie from it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

AMOUNT: Final = r"(?:[-+]?[€$£]?\d[\d,]*(?:\.\d+)?[KMBT]?(?:%| pp)?|–)"
"""A number of any unit, or that there is none."""

_SCALES: Final = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_PARTS: Final = re.compile(r"([-+]?)([€$£]?)(\d[\d,]*(?:\.\d+)?)([KMBT]?)(%| pp)?")


@dataclass(frozen=True)
class Read:
    """A number that was read."""

    value: float
    half: float
    """Half of the last digit that was written."""

    def holds(self, truth: Fraction | float | int | None) -> bool:
        """Whether the truth rounds to what was written."""
        return truth is not None and abs(self.value - float(truth)) <= self.half * (1 + 1e-9) + 1e-12


def read(text: str) -> Read | None:
    """A number from its text, shares as 0.42; None for the sign of no value. ValueError for anything else."""
    if text == "–":
        return None
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ValueError(f"no number: {text!r}")
    minus, _, digits, scale, unit = parts.groups()
    size = float(digits.replace(",", ""))
    decimals = len(digits.partition(".")[2])
    if unit:
        # Three significant digits, two decimals at most; trailing zeros may be gone.
        half = 0.5 * 10.0 ** -max(0, 2 if size < 10 else 1 if size < 100 else 0) / 100
        value = size / 100
    elif scale:
        half = 0.5 * 10.0 ** (math.floor(math.log10(size)) - 2) * _SCALES[scale]
        value = size * _SCALES[scale]
    else:
        value, half = size, 0.5 * 10.0**-decimals
    return Read(-value if minus == "-" else value, half)


def matches(text: str, truth: Fraction | float | int | None) -> bool:
    """Whether a written number, or the sign of none, is the truth."""
    found = read(text)
    return truth is None if found is None else found.holds(truth)
