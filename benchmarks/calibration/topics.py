"""The modules that hold claims."""

from __future__ import annotations

from importlib import import_module
from typing import Final

TOPICS: Final = (
    *("forecasts", "weeks", "public", "elasticities", "values", "unusual"),
    *("drivers", "segments", "products", "markets", "retention"),
)
"""One module each; a new topic is one name here."""


def load() -> None:
    """Register the claims of all topics."""
    for name in TOPICS:
        import_module(f"benchmarks.calibration.{name}")
