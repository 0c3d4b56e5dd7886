"""Canonical returns: rows of the lines that came back, money that they say was given back, and a table of returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analytics.dataset import NOT_RECORDED
from data.building import units
from data.building.lines import CREDIT
from data.building.lookups import Lookups
from data.building.order_lines import with_columns_of
from data.checking import checks
from data.checking.categories import own_categories
from data.checking.typed import checked, typed
from data.errors import DataError
from data.files import RecipeFiles
from data.recipe.recipes import Recipe
from data.rules.table import RETURN_RULES


@dataclass(frozen=True, eq=False)
class Split:
    """Order lines apart from those that came back."""

    lines: pl.DataFrame
    returns: pl.DataFrame | None
    """None where the recipe turns no lines into returns."""

    @property
    def rows(self) -> int:
        """Rows turned into returns."""
        return 0 if self.returns is None else self.returns.height

    @property
    def money(self) -> int:
        """Their money as the lines have it, below zero; ten-thousandths."""
        return 0 if self.returns is None else -int(self.returns["amount"].sum())


def split(lines: pl.DataFrame, policies: Mapping[str, str], notes: list[str]) -> Split:
    """Rows below zero as returns where the policy says so; those that are netted stay with their order."""
    policy = policies["negative_quantity"]
    if policy not in ("returns", "net"):
        return Split(lines, None)
    back = pl.col("quantity") < 0
    if policy == "net":
        back &= ~pl.col(CREDIT)
    turned = lines.filter(back).with_columns(
        pl.col("ordered_on").alias("returned_on"), -pl.col("quantity"), (-pl.col("revenue")).alias("amount")
    )
    kept = lines.filter(~back)
    if CREDIT in kept.columns:
        netted = kept.filter(pl.col(CREDIT))
        notes.append(
            f"{netted.height:,} credit rows were netted against the order that they name; those with an order "
            "number of their own became returns."
        )
        kept, turned = kept.drop(CREDIT), turned.drop(CREDIT)
    return Split(kept, turned)


def all_returns(parts: Split, listed: pl.DataFrame | None) -> pl.DataFrame | None:
    """What came back by the lines and by the table of returns; None where neither says anything."""
    turned = parts.returns
    if "refunded" in parts.lines.columns:
        given_back = _refunded(parts.lines)
        turned = given_back if turned is None else pl.concat([turned, given_back], how="diagonal_relaxed")
    if turned is None or not turned.height:
        return listed
    return turned if listed is None else pl.concat([_as_text(turned), _as_text(listed)], how="diagonal")


def _refunded(lines: pl.DataFrame) -> pl.DataFrame:
    """Returns from the money that the lines say was given back: all of a line's units where all its money was."""
    back = lines.filter(pl.col("refunded") != 0)
    whole = pl.col("refunded").abs() >= pl.col("revenue")
    return back.with_columns(
        pl.col("ordered_on").alias("returned_on"),
        pl.when(whole).then("quantity").otherwise(0).alias("quantity"),
        pl.col("refunded").abs().alias("amount"),
    )


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """A small frame whose Categorical columns are plain text, so that it can be combined with another."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))


def listed_returns(
    recipe: Recipe, files: RecipeFiles, lookups: Lookups
) -> tuple[pl.DataFrame | None, pl.DataFrame | None, str]:
    """Canonical returns, the rows set aside, and how they are valued."""
    table = recipe.returns
    if table is None:
        return None, None, "amount"
    opened_files, products = files.open(table), lookups.products
    specs = dict(table.columns)
    if "product_id" not in specs and "product" in specs:
        specs["product_id"] = specs["product"]
    if not {"quantity", "amount"} & set(specs):
        raise DataError(
            "The returns have no quantity and no amount: map returns.columns.quantity, or returns.columns.amount where "
            "they say money alone."
        )
    frame, readable = typed(table, opened_files, specs)
    columns = list(specs)
    valued, rules = "amount", list(RETURN_RULES)
    if "quantity" not in specs:
        # Money that was given back on an order, of which no units are said.
        frame = frame.with_columns(pl.lit(0, pl.Int64).alias("quantity"))
        columns.append("quantity")
        rules = [rule for rule in RETURN_RULES if rule.name not in ("missing_quantity", "no_quantity")]
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
        frame = frame.with_columns(units.times(pl.col("unit_price"), units.parts_of(table)).alias("amount"))
        columns.append("amount")
        valued = "list price"
    good, bad = checked(table, opened_files, frame, [*readable, *checks.plain_checks(rules)], files, specs, columns)
    return good, bad, valued
