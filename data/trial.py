"""What a recipe would come to, worked out as an import works it out, with nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import polars as pl

from data import prepare
from data.building.layout import Prepared
from data.errors import DataError
from data.recipe.recipes import Recipe
from data.sources import Origin
from data.store import managing, opening
from data.store.store import DatasetVersion


@dataclass(frozen=True)
class ImportTotals:
    """The totals of an import; money in ten-thousandths."""

    rows: int = 0
    """Order lines kept."""
    revenue: int = 0
    orders: int = 0
    first_day: str = ""
    last_day: str = ""
    """ISO days; empty where no line is kept."""
    problem: str = ""
    """Why nothing could be prepared in this way."""
    seen: str = field(default="", compare=False)
    """What the files held, as `data.seen` keeps it."""

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> ImportTotals:
    """What `ImportTotals.as_json` gave."""
    return ImportTotals(**content)


def of(prepared: Prepared) -> ImportTotals:
    """The totals of what was read."""
    first, last = prepared.days
    counts = prepared.reconciliation
    return ImportTotals(
        counts.lines_kept, counts.revenue, prepared.orders.height, str(first), str(last), seen=prepared.seen
    )


def of_version(entry: DatasetVersion) -> ImportTotals | None:
    """The totals of what is published; None where it cannot be read."""
    try:
        about = managing.about(entry)
        with opening.readable(entry.path):
            orders = int(pl.scan_parquet(entry.path / "orders.parquet").select(pl.len()).collect().item())
    except DataError:
        return None
    return ImportTotals(about.rows, about.revenue, orders, str(about.first_day), str(about.last_day))


def trial(recipe: Recipe, origin: Origin, *, today: date | None) -> ImportTotals:
    """The totals that an import would give; a `problem` where it would end in a sentence."""
    try:
        return of(prepare.read(recipe, origin, name="trial", today=today))
    except DataError as error:
        return ImportTotals(problem=str(error))
