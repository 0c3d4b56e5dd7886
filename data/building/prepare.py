"""From a recipe and its files to a prepared dataset: read, check, turn into canonical tables, publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from analytics.dataset import GEOGRAPHY, NOT_RECORDED, Reconciliation, SetAside
from data.building import layout
from data.building.lookups import Lookups, lookup_tables
from data.building.members import most_frequent, own_categories
from data.building.order_lines import foreign_money, line_frame, notes_on_missing, with_columns_of
from data.checking import checks
from data.checking.checks import FLAG, GROSS, RATE, RAW, UNREADABLE, Rule
from data.checking.doubts import doubts
from data.checking.rules import flags
from data.checking.typed import checked, typed
from data.errors import DataError
from data.files import Files
from data.recipe.policies import Policies
from data.recipe.recipes import Recipe
from data.report import money
from data.sources import ROW, Origin, opened
from data.store import store

ON_ORDER: Final = FLAG + "credit_on_order"

_CUSTOMER: Final = "customer: "
"""Prefix of customer attributes that stand in the lines' own files."""


_NOT_KEPT: Final = frozenset(
    {"unit_price", "unit_cost", "profit", "currency", "status", "included_tax", GROSS, RATE, "__size"}
)
"""Columns that are needed for the rules and the money only."""


@dataclass(frozen=True, eq=False)
class Result:
    """A published dataset."""

    prepared: layout.Prepared
    name: str
    version: str
    path: Path


def prepare(recipe: Recipe, origin: Path | Origin, *, home: Path, name: str, today: date | None = None) -> Result:
    """Read, check and publish; raises DataError with nothing written where the input cannot be used."""
    return publish(read(recipe, origin, name=name, today=today), home=home, name=name)


def publish(prepared: layout.Prepared, *, home: Path, name: str) -> Result:
    """Put a prepared dataset in use."""
    version = store.publish(name, prepared.write, home=home)
    return Result(prepared, name, version, home / name / "versions" / version)


def read(recipe: Recipe, origin: Path | Origin, *, name: str, today: date | None = None) -> layout.Prepared:
    """The prepared dataset of a recipe's files, in memory. `today` is the day after which dates lie in the future."""
    with opened(origin) as source:
        files = Files(source, detect=recipe.detect)
        tables, reconciliation, set_aside, valued = _tables(recipe, files, today)
        prepared = layout.build(
            tables,
            name=name,
            title=recipe.title,
            currency=recipe.currency,
            calendar=recipe.calendar,
            returns_valued=valued,
            split_days=recipe.policies.order_days == "split",
            reconciliation=reconciliation,
        )
    return replace(prepared, set_aside=set_aside, sources=tuple(files.used), recipe=recipe.text)


def _tables(
    recipe: Recipe, files: Files, today: date | None
) -> tuple[layout.Tables, Reconciliation, pl.DataFrame | None, str]:
    lookups = lookup_tables(recipe, files)
    customers = lookups.customers
    good, bad = _lines(recipe, files, lookups, today)
    notes = [*notes_on_missing(recipe.lines.columns, recipe.policies), *lookups.notes]
    notes += _notes_on_status(recipe, bad)
    if "currency" in bad.columns and (other := foreign_money(bad.lazy())):
        notes.append(f"Rows in another currency are not in these sums: {other}")
    if "cost" in good.columns and (missing := good["cost"].null_count()):
        notes.append(f"{missing:,} lines have no cost: counted with a cost of 0, so profit is too high by their cost.")
        good = good.with_columns(pl.col("cost").fill_null(0))
    if "customers" in recipe.lookups and not recipe.lookups["customers"].files:
        customers = _customers_of_lines(good)
    good = good.select(column for column in good.columns if not column.startswith(_CUSTOMER))
    good = _whole_units(recipe, good, notes)

    turned = None
    if recipe.policies.negative_quantity in ("returns", "net"):
        back = pl.col("quantity") < 0
        if recipe.policies.negative_quantity == "net":
            back &= ~pl.col(ON_ORDER)
        turned = good.filter(back).with_columns(
            pl.col("ordered_on").alias("returned_on"), -pl.col("quantity"), (-pl.col("revenue")).alias("amount")
        )
        good = good.filter(~back)
        if ON_ORDER in good.columns:
            netted = good.filter(pl.col(ON_ORDER))
            notes.append(
                f"{netted.height:,} credit rows were netted against the order that they name; those with an order "
                "number of their own became returns."
            )
            good, turned = good.drop(ON_ORDER), turned.drop(ON_ORDER)
    returned_rows = 0 if turned is None else turned.height
    returns_money = 0 if turned is None else -int(turned["amount"].sum())
    if "refunded" in good.columns:
        given_back = _refunded(good)
        turned = given_back if turned is None else pl.concat([turned, given_back], how="diagonal_relaxed")
    returns, returns_bad, valued = _returns(recipe, files, lookups, notes)
    if turned is not None and turned.height:
        returns = turned if returns is None else pl.concat([_as_text(turned), _as_text(returns)], how="diagonal")
    targets, targets_bad = _targets(recipe, files, notes)

    rules = [
        *checks.unreadable_rules([Rule(UNREADABLE + name, "", pl.lit(True)) for name in recipe.lines.columns]),
        *checks.line_rules(recipe.policies, [GROSS, RATE, "customer_id", "currency"], currency=recipe.currency),
    ]
    reconciliation = Reconciliation(
        rows_read=good.height + returned_rows + bad.height,
        lines_kept=good.height,
        returns_kept=returned_rows,
        revenue=int(good["revenue"].sum()),
        returns_money=returns_money,
        set_aside=_set_aside(bad, rules),
        notes=tuple(notes),
        doubts=doubts(good, today),
    )
    aside = [frame for frame in (bad, returns_bad, targets_bad) if frame is not None and frame.height]
    rejected = pl.concat([_original(frame) for frame in aside], how="diagonal") if aside else None
    tables = layout.Tables(
        lines=good,
        customers=customers,
        products=lookups.products,
        places=lookups.places,
        returns=returns,
        targets=targets,
    )
    return tables, reconciliation, rejected, valued


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """A small frame whose Categorical columns are plain text, so that it can be combined with another."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))


def _lines(recipe: Recipe, files: Files, lookups: Lookups, today: date | None) -> tuple[pl.DataFrame, pl.DataFrame]:
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
    if context := flags_needed(policies):
        found = flags.flags(
            frame,
            opened_files,
            context,
            today=today,
            products=lookups.products,
            numbered_orders="order_id" in specs,
            order_column=specs["order_id"].columns[0] if "order_id" in specs else "",
        )
        frame = flags.joined(frame, found)
        if policies.swapped_date == "swap_back":
            frame = flags.swapped_back(frame)
    wanted = [column for column in computed if column not in _NOT_KEPT]
    if policies.negative_quantity == "net":
        wanted.append(ON_ORDER)
    reading = checks.unreadable_rules(readable) if policies.unreadable == "set_aside" else readable
    rules = [*reading, *checks.line_rules(policies, computed, currency=recipe.currency)]
    return checked(table, opened_files, frame, rules, files, specs, wanted)


def flags_needed(policies: Policies) -> list[str]:
    """Flags that the policies act upon."""
    needed = [name for name in checks.CONTEXT if getattr(policies, name) != "keep"]
    return [*needed, "credit_on_order"] if policies.negative_quantity == "net" else needed


def _whole_units(recipe: Recipe, lines: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Lines whose units are whole numbers, at least one; their money was worked out with the units as written."""
    if not lines["quantity"].dtype.is_float():
        return lines
    units, column = pl.col("quantity"), recipe.lines.columns["quantity"].columns[0]
    whole = pl.max_horizontal(units.abs().round(0, "half_away_from_zero"), pl.lit(1.0)) * units.sign()
    parts = lines.filter(units != units.round(0)).height
    rounded = lines.with_columns(whole.cast(pl.Int64).alias("quantity"))
    before, now = lines["quantity"].sum(), rounded["quantity"].sum()
    if parts:
        notes.append(
            f"{column} holds decimals, no whole numbers, on {parts:,} rows: their money is exact, their units are "
            f"rounded to whole ones, at least one a line ({before:,.10g} units are shown as {now:,})."
        )
    return rounded


def _refunded(lines: pl.DataFrame) -> pl.DataFrame:
    """Returns from the money that the lines say was given back: all of a line's units where all its money was."""
    back = lines.filter(pl.col("refunded") != 0)
    whole = pl.col("refunded").abs() >= pl.col("revenue")
    return back.with_columns(
        pl.col("ordered_on").alias("returned_on"),
        pl.when(whole).then("quantity").otherwise(0).alias("quantity"),
        pl.col("refunded").abs().alias("amount"),
    )


def _notes_on_status(recipe: Recipe, bad: pl.DataFrame) -> list[str]:
    """How many rows with which status are no sale, and their money."""
    orders = recipe.lookups.get("orders")
    spec = recipe.lines.columns.get("status") or (orders.columns.get("status") if orders is not None else None)
    rows = bad.filter(pl.col("rule") == "no_sale")
    if spec is None or not rows.height:
        return []
    per = rows.group_by(pl.col("status").cast(pl.String)).agg(pl.len(), pl.col("revenue").sum()).sort("status")
    parts = [
        f"{status} ({count:,} row{'s' * (count != 1)}, {money(worth)})" for status, count, worth in per.iter_rows()
    ]
    return [f"{spec.columns[0]} says of some rows that they are no sale: {', '.join(parts)}. They are set aside."]


def _customers_of_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per customer of flat lines: each attribute's most frequent value."""
    table = lines.select(pl.col("customer_id").unique().drop_nulls().cast(pl.String))
    for column in lines.columns:
        if column.startswith(_CUSTOMER):
            values = most_frequent(lines.lazy(), "customer_id", column)
            table = table.join(values, on="customer_id", how="left")
    return table.rename(lambda name: name.removeprefix(_CUSTOMER)).sort("customer_id")


def _returns(
    recipe: Recipe, files: Files, lookups: Lookups, notes: list[str]
) -> tuple[pl.DataFrame | None, pl.DataFrame | None, str]:
    """Canonical returns, the rows set aside, and how they are valued."""
    table = recipe.returns
    if table is None:
        return None, None, "amount"
    opened_files, products = files.open(table), lookups.products
    specs = dict(table.columns)
    if "product_id" not in specs and "product" in specs:
        specs["product_id"] = specs["product"]
    frame, readable = typed(table, opened_files, specs)
    columns = list(specs)
    valued = "amount"
    if not {"product_id"} & set(specs):
        frame = frame.with_columns(pl.lit(NOT_RECORDED).cast(own_categories()).alias("product_id"))
        columns.append("product_id")
    if "amount" not in columns:
        if products is None or "unit_price" not in products.columns:
            raise DataError(
                "The returns have no amount: map returns.columns.amount, or products.columns.unit_price to value "
                "them at list price."
            )
        frame = with_columns_of(frame, products, "product_id", ["unit_price"])
        frame = frame.with_columns((pl.col("unit_price") * pl.col("quantity")).alias("amount"))
        columns.append("amount")
        valued = "list price"
    good, bad = checked(table, opened_files, frame, [*readable, *checks.return_rules()], files, specs, columns)
    _note_set_aside(notes, "returns", bad)
    return good, bad, valued


def _targets(recipe: Recipe, files: Files, notes: list[str]) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """Canonical targets and the rows set aside."""
    table = recipe.targets
    if table is None:
        return None, None
    opened_files = files.open(table)
    frame, readable = typed(table, opened_files, table.columns)
    rules = [*readable, *checks.target_rules()]
    good, bad = checked(table, opened_files, frame, rules, files, table.columns, list(table.columns))
    _note_set_aside(notes, "targets", bad)
    texts = [column for column in good.columns if column not in ("month", "revenue")]
    return good.with_columns(pl.col(texts).cast(pl.String)) if texts else good, bad


def _note_set_aside(notes: list[str], role: str, bad: pl.DataFrame) -> None:
    if bad.height:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in bad.group_by("rule").len().sort("rule").iter_rows())
        notes.append(f"{bad.height:,} rows of the {role} were set aside ({rules}).")


def _set_aside(bad: pl.DataFrame, rules: Sequence[Rule]) -> tuple[SetAside, ...]:
    """The rows set aside by rule, in the order of the rules."""
    money = bad.group_by("rule").agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("revenue").sum().alias("money"))
    found = {row["rule"]: row for row in money.iter_rows(named=True)}
    return tuple(
        SetAside(rule.name, rule.reason, found[rule.name]["rows"], found[rule.name]["money"])
        for rule in rules
        if rule.name in found
    )


def _original(bad: pl.DataFrame) -> pl.DataFrame:
    """Rows set aside as they are kept: role, rule, reason, file, row, money, and the original text."""
    money = "amount" if "amount" in bad.columns else "revenue"
    raw = [column for column in bad.columns if column.startswith(RAW)]
    frame = bad.select(
        "role",
        "rule",
        "reason",
        "file",
        ROW,
        pl.col(money).fill_null(0).alias("money"),
        *(pl.col(column) for column in raw),
    )
    return frame.sort("role", "file", ROW)
