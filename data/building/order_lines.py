"""Order lines before any rule: with their money, the prices and places of lookups, and what the source leaves out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from analytics.dataset import GEOGRAPHY, MONEY_SCALE, NOT_RECORDED
from data.building.members import own_categories
from data.checking.checks import GROSS, RATE, RAW, Rule
from data.checking.currencies import code, token
from data.checking.typed import FOREIGN, typed
from data.recipe.recipes import PLAIN_NUMBERS, ColumnSpec, FileSpec, Recipe
from data.report import money
from data.sources import SourceFile


def foreign_money(rows: pl.LazyFrame) -> str:
    """A sentence about the rows that have FOREIGN: how many of each currency, and their money; empty for none."""
    listed = rows.filter(pl.col(FOREIGN).is_not_null()).select(pl.col("currency").cast(pl.String), FOREIGN).collect()
    sums: dict[str, tuple[int, int]] = {}
    for (sign,), some in listed.group_by("currency"):
        count, amount = sums.get(code(str(sign)), (0, 0))
        sums[code(str(sign))] = (count + some.height, amount + int(some[FOREIGN].sum()))
    largest = sorted(sums.items(), key=lambda one: (-one[1][0], one[0]))
    parts = [f"{count:,} row{'s' * (count != 1)} with {money(amount)} {name}" for name, (count, amount) in largest]
    return f"{', '.join(parts)}." if parts else ""


def line_frame(
    recipe: Recipe,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    specs: dict[str, ColumnSpec],
    products: pl.DataFrame | None,
    customers: pl.DataFrame | None,
) -> tuple[pl.LazyFrame, list[str], list[Rule]]:
    """Order lines before any rule: typed columns with money, the names of those columns, and the rules of reading.

    What the source does not say is filled in: a quantity of 1, an order for each customer and day, one product.
    """
    if "product_id" not in specs and "product" in specs:
        specs["product_id"] = specs["product"]
    frame, readable = typed(recipe.lines, opened_files, specs)
    columns = list(specs)
    missing: dict[str, pl.Expr] = {}
    if "quantity" not in specs:
        missing["quantity"] = pl.lit(1, pl.Int64)
    if "product_id" not in specs:
        missing["product_id"] = pl.lit(NOT_RECORDED).cast(own_categories())
        missing["product"] = missing["product_id"]
    if "order_id" not in specs:
        missing["order_id"] = (pl.col("customer_id").cast(pl.String) + " " + pl.col("ordered_on").cast(pl.String)).cast(
            own_categories()
        )
    if "currency" not in specs and (signed := _signed(opened_files, specs)):
        missing["currency"] = token(pl.col(RAW + signed))
    frame = frame.with_columns(**missing)
    columns += missing
    frame, priced = _with_lookups(frame, columns, products, customers)
    frame, computed = _with_money(frame, priced, recipe.policies.discount)
    return frame, computed, readable


def _signed(opened_files: Sequence[tuple[SourceFile, FileSpec]], specs: Mapping[str, ColumnSpec]) -> str:
    """The source column of the money where its amounts may carry a currency's sign; empty where they cannot."""
    signs = any(spec.numbers != PLAIN_NUMBERS for _, spec in opened_files)
    money = [specs[name].columns[0] for name in ("revenue", "unit_price") if name in specs]
    return money[0] if signs and money else ""


def notes_on_missing(columns: Collection[str]) -> list[str]:
    """What the import filled in because the lines do not say it."""
    notes = []
    if "order_id" not in columns:
        notes.append("The lines have no order number: what a customer bought on one day is one order.")
    if "quantity" not in columns:
        notes.append("The lines have no quantity: each counts as one unit.")
    if not {"product_id", "product"} & set(columns):
        notes.append(f"The lines name no product: all are shown as '{NOT_RECORDED}'.")
    return notes


def _with_lookups(
    frame: pl.LazyFrame, columns: list[str], products: pl.DataFrame | None, customers: pl.DataFrame | None
) -> tuple[pl.LazyFrame, list[str]]:
    """Lines with the price and cost of their product and the place of their customer, where the lines have none."""
    if products is not None:
        taken = {"unit_price": {"revenue", "unit_price"}, "unit_cost": {"cost", "unit_cost"}}
        prices = [name for name, own in taken.items() if name in products.columns and not own & set(columns)]
        if prices:
            frame = with_columns_of(frame, products, "product_id", prices)
            columns = [*columns, *prices]
    if customers is not None:
        places = [name for name in ("territory_id", *GEOGRAPHY) if name in customers.columns and name not in columns]
        if places:
            frame = with_columns_of(frame, customers, "customer_id", places)
            columns = [*columns, *places]
    return frame, columns


def with_columns_of(frame: pl.LazyFrame, lookup: pl.DataFrame, key: str, columns: Sequence[str]) -> pl.LazyFrame:
    """Rows with columns of the lookup that their key leads to, null where it leads nowhere."""
    kind = frame.collect_schema()[key]
    other = lookup.lazy().select(pl.col(key).cast(kind), *columns)
    return frame.join(other, on=key, how="left", maintain_order="left")


def _with_money(frame: pl.LazyFrame, columns: list[str], discount: str) -> tuple[pl.LazyFrame, list[str]]:
    """Lines with revenue after discount, and cost and discount of the whole line; whole numbers throughout."""
    quantity = pl.col("quantity")
    if "revenue" in columns:
        gross = pl.col("revenue")
        size = gross.cast(pl.Float64)
    else:
        gross = pl.col("unit_price") * quantity
        size = pl.col("unit_price").cast(pl.Float64) * quantity.cast(pl.Float64)
    added = {GROSS: gross, "__size": size, "revenue": gross}
    if "unit_cost" in columns:
        added["cost"] = pl.col("unit_cost") * quantity
    if "discount" in columns:
        amount = pl.col("discount").fill_null(0)
        if discount in ("rate", "netted_rate"):
            added[RATE] = rate = amount
            # Of the money before the discount, or of what the discount left; a gift has nothing left to tell by.
            of, left = gross.abs(), pl.lit(MONEY_SCALE)
            if discount == "netted_rate":
                left = pl.when(rate < MONEY_SCALE).then(MONEY_SCALE - rate)
            # Half away from zero, in whole numbers.
            amount = ((of * rate + left // 2) // left * gross.sign()).fill_null(0)
        added["discount"] = amount
        if not discount.startswith("netted"):
            added["revenue"] = gross - amount
    if "profit" in columns:
        added["cost"] = added["revenue"] - pl.col("profit")
    frame = frame.with_columns(**added)
    return frame, list(dict.fromkeys([*columns, *added]))
