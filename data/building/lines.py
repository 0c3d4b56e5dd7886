"""Canonical order lines: those that meet the rules, and the rows that do not."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from analytics.dataset import GEOGRAPHY
from analytics.formats import count_of, numbered
from data.building.lookups import Lookups
from data.building.members import most_frequent
from data.building.order_lines import foreign_money, line_frame, notes_on_missing
from data.checking import checks, flags
from data.checking.typed import checked
from data.files import RecipeFiles
from data.recipe.recipes import Recipe
from data.rules.table import ON_ORDER, SET_ASIDE
from data.terms.columns import COLUMNS
from data.terms.rows import FLAG, GROSS, RATE, SIZE
from data.terms.texts import money

CREDIT: Final = FLAG + ON_ORDER
"""Column that says whether a row below zero belongs to an order with a sale."""

_CUSTOMER: Final = "customer: "
"""Prefix of customer attributes that stand in the lines' own files."""

_NOT_KEPT: Final = frozenset({name for name, column in COLUMNS.items() if not column.kept} | {GROSS, RATE, SIZE})
"""Columns that are needed for the rules and the money only."""


def checked_lines(
    recipe: Recipe, files: RecipeFiles, lookups: Lookups, today: date | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Canonical lines that meet the rules, and the rows that do not."""
    table, policies = recipe.lines, recipe.policies
    specs = dict(table.columns)
    own_customers = recipe.lookups.get("customers")
    attributes: list[str] = []
    if own_customers is not None and not own_customers.files:
        attributes = [name for name in own_customers.columns if name not in GEOGRAPHY]
        specs |= {_CUSTOMER + name: own_customers.columns[name] for name in attributes}
    opened_files = files.open(table)
    frame, computed, readable = line_frame(recipe, opened_files, specs, lookups)
    frame = flags.flagged(frame, recipe, opened_files, flags.needed(policies), today=today, products=lookups.products)
    wanted = [column for column in computed if column not in _NOT_KEPT]
    if policies["negative_quantity"] == "net":
        wanted.append(CREDIT)
    reading = checks.unreadable_checks(readable) if policies["unreadable"] == SET_ASIDE else readable
    rules = [*reading, *checks.line_checks(policies, computed, currency=recipe.currency)]
    return checked(table, opened_files, frame, rules, files, specs, wanted)


def notes_on_lines(recipe: Recipe, lookups: Lookups, good: pl.DataFrame, bad: pl.DataFrame) -> list[str]:
    """What the import filled in, left out or took as it is."""
    notes = [*notes_on_missing(recipe.lines.columns, recipe.policies), *lookups.notes]
    notes += _notes_on_status(recipe, bad)
    if "currency" in bad.columns and (other := foreign_money(bad.lazy())):
        notes.append(f"Rows in another currency are not in these sums: {other}")
    if "cost" in good.columns and (missing := good["cost"].null_count()):
        notes.append(f"{missing:,} lines have no cost: counted with a cost of 0, so profit is too high by their cost.")
    return notes


def notes_on_sums(recipe: Recipe, files: RecipeFiles) -> list[str]:
    """How many rows of each file add up others, and so are none of its lines."""
    counts = [(file.name, file.sums()) for file, _ in files.open(recipe.lines)]
    return [
        f"{name}: {count_of(count, 'row')} {numbered(count, 'adds', 'add')} up others and "
        f"{numbered(count, 'is', 'are')} left out."
        for name, count in counts
        if count
    ]


def customers_of_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per customer of flat lines: each attribute's most frequent value."""
    table = lines.select(pl.col("customer_id").unique().drop_nulls().cast(pl.String))
    for column in lines.columns:
        if column.startswith(_CUSTOMER):
            values = most_frequent(lines.lazy(), "customer_id", column)
            table = table.join(values, on="customer_id", how="left")
    return table.rename(lambda name: name.removeprefix(_CUSTOMER)).sort("customer_id")


def without_attributes(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines without the attributes of their customers."""
    return lines.select(column for column in lines.columns if not column.startswith(_CUSTOMER))


def _notes_on_status(recipe: Recipe, bad: pl.DataFrame) -> list[str]:
    """How many rows with which status are no sale, and their money."""
    orders = recipe.lookups.get("orders")
    spec = recipe.lines.columns.get("status") or (orders.columns.get("status") if orders is not None else None)
    rows = bad.filter(pl.col("rule") == "no_sale")
    if spec is None or not rows.height:
        return []
    per = rows.group_by(pl.col("status").cast(pl.String)).agg(pl.len(), pl.col("revenue").sum()).sort("status")
    parts = [f"{status} ({count_of(count, 'row')}, {money(worth)})" for status, count, worth in per.iter_rows()]
    return [f"{spec.columns[0]} says of some rows that they are no sale: {', '.join(parts)}. They are set aside."]
