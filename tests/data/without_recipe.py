"""Files without a recipe as a dataset, and its totals."""

from __future__ import annotations

from datetime import date
from typing import Any

from analytics.dataset import MONEY_SCALE
from data import staged
from data.building.layout import Prepared
from data.guided import ImportOptions, InspectedFiles
from data.prepare import read
from data.recipe import recipes

TODAY = date(2026, 11, 23)


def prepare_files(files: InspectedFiles, asked: ImportOptions = ImportOptions()) -> Prepared:  # noqa: B008
    recipe = recipes.parse(files.recipe(asked), file="recipe", name="files")
    return read(recipe, staged.StagedOrigin(files.tables), name="files", today=TODAY)


def currency_units(amount: int) -> float:
    return round(amount / MONEY_SCALE, 2)


def totals_of(prepared: Prepared) -> dict[str, Any]:
    lines = prepared.lines
    return {
        "lines": lines.height,
        "revenue": currency_units(lines["revenue"].sum()),
        "orders": prepared.orders.height,
        "customers": prepared.customers["first_on"].count(),
        "units": int(lines["quantity"].cast(int).sum()),
    }
