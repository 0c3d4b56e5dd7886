"""From a recipe and its files to a published dataset: read, check, turn into canonical tables, code, publish."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.building import layout, tables
from data.files import RecipeFiles
from data.recipe.recipes import Recipe
from data.seen import seen
from data.sources import Origin, opened
from data.store import writing


@dataclass(frozen=True, eq=False)
class PublishedDataset:
    """A published dataset."""

    prepared: layout.Prepared
    name: str
    version: str
    path: Path


def prepare(
    recipe: Recipe, origin: Path | Origin, *, home: Path, name: str, today: date | None = None
) -> PublishedDataset:
    """Read, check and publish; raises DataError with nothing written where the input cannot be used."""
    return publish(read(recipe, origin, name=name, today=today), home=home, name=name)


def publish(prepared: layout.Prepared, *, home: Path, name: str) -> PublishedDataset:
    """Put a prepared dataset in use."""
    version = writing.publish(name, prepared, home=home)
    return PublishedDataset(prepared, name, version, home / name / "versions" / version)


def read(recipe: Recipe, origin: Path | Origin, *, name: str, today: date | None = None) -> layout.Prepared:
    """The prepared dataset of a recipe's files, in memory. `today` is the day after which dates lie in the future."""
    with opened(origin) as source:
        files = RecipeFiles(source, detect=recipe.detect)
        built = tables.build(recipe, files, today=today)
        prepared = layout.build(
            built.tables,
            name=name,
            title=recipe.title,
            currency=recipe.currency,
            calendar=recipe.calendar,
            returns_valued=built.returns_valued,
            split_days=recipe.policies["order_days"] == "split",
            reconciliation=built.reconciliation,
        )
        held = seen(files.opened.values()).text()
    return replace(prepared, set_aside=built.set_aside, sources=tuple(files.used), recipe=recipe.text, seen=held)
