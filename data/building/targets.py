"""Canonical targets, and the rows set aside."""

from __future__ import annotations

import polars as pl

from data.checking import checks
from data.checking.typed import checked, typed
from data.files import RecipeFiles
from data.recipe.recipes import Recipe
from data.rules.table import TARGET_RULES


def listed_targets(recipe: Recipe, files: RecipeFiles) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """Canonical targets and the rows set aside."""
    table = recipe.targets
    if table is None:
        return None, None
    opened_files = files.open(table)
    frame, readable = typed(table, opened_files, table.columns)
    rules = [*readable, *checks.plain_checks(TARGET_RULES)]
    good, bad = checked(table, opened_files, frame, rules, files, table.columns, list(table.columns))
    texts = [column for column in good.columns if column not in ("month", "revenue")]
    return good.with_columns(pl.col(texts).cast(pl.String)) if texts else good, bad
