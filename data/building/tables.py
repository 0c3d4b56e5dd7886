"""From a recipe's files to canonical tables: look up, check, turn into returns, account for every row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from analytics.dataset import Reconciliation
from data.building import lines, returned, targets, units
from data.building.layout import Tables
from data.building.lookups import lookup_tables
from data.building.reconciliation import note_on, originals, reconciliation
from data.checking.doubts import doubts
from data.files import RecipeFiles
from data.recipe.recipes import Recipe


@dataclass(frozen=True, eq=False)
class Built:
    """Canonical tables and where every row went."""

    tables: Tables
    reconciliation: Reconciliation
    set_aside: pl.DataFrame | None
    returns_valued: str
    """How returns are valued: by their `amount`, or at `list price`."""


def build(recipe: Recipe, files: RecipeFiles, *, today: date | None) -> Built:
    """The canonical tables of a recipe's files. `today` is the day after which dates lie in the future."""
    lookups = lookup_tables(recipe, files)
    good, bad = lines.checked_lines(recipe, files, lookups, today)
    notes = [*lines.notes_on_sums(recipe, files), *lines.notes_on_lines(recipe, lookups, good, bad)]
    if "cost" in good.columns:
        good = good.with_columns(pl.col("cost").fill_null(0))
    customers = lookups.customers
    if "customers" in recipe.lookups and not recipe.lookups["customers"].files:
        customers = lines.customers_of_lines(good)
    good = lines.without_attributes(good)
    listed, returns_bad, valued = returned.listed_returns(recipe, files, lookups)
    read, read_back = units.parts_of(recipe.lines), units.parts_of(recipe.returns)
    scale = units.scale_of((good, read), (listed, read_back))

    parts = returned.split(units.scaled(good, read, scale), recipe.policies, notes)
    listed = None if listed is None else units.scaled(listed, read_back, scale)
    targeted, targets_bad = targets.listed_targets(recipe, files)
    if read > 1 and scale > 1:
        column = recipe.lines.columns["quantity"].columns[0]
        notes.append(units.note(column, parts.lines, parts.returns, bad, read, scale))
    notes += [*note_on("returns", returns_bad), *note_on("targets", targets_bad)]

    tables = Tables(
        lines=parts.lines.drop("refunded", strict=False),
        customers=customers,
        products=lookups.products,
        places=lookups.places,
        returns=returned.all_returns(parts, listed),
        targets=targeted,
        unit_scale=scale,
    )
    account = reconciliation(recipe, parts, bad, notes)
    account = replace(account, doubts=doubts(parts.lines, today, scale))
    return Built(tables, account, originals([bad, returns_bad, targets_bad]), valued)
