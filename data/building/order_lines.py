"""Order lines before any rule: with their money, the prices and places of lookups, and what the source leaves out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

from analytics.dataset import GEOGRAPHY, MONEY_SCALE, NOT_RECORDED
from analytics.formats import count_of
from data.building import units
from data.building.lookups import Lookups
from data.checking.categories import own_categories
from data.checking.checks import Check
from data.checking.typed import typed
from data.recipe.recipes import Recipe
from data.rules.policies import Policies
from data.sources import SourceFile
from data.terms import charges, reductions
from data.terms.columns import COLUMNS
from data.terms.currencies import accepted, code, token
from data.terms.numbers import PLAIN_NUMBERS
from data.terms.rows import FLAG, FOREIGN, GROSS, RATE, RAW, ROW, SIZE, SOURCE
from data.terms.specs import ColumnSpec, FileSpec
from data.terms.texts import money


def foreign_money(rows: pl.LazyFrame) -> str:
    """A sentence about the rows that have FOREIGN: how many of each currency, and their money; empty for none."""
    listed = rows.filter(pl.col(FOREIGN).is_not_null()).select(pl.col("currency").cast(pl.String), FOREIGN).collect()
    sums: dict[str, tuple[int, int]] = {}
    for (sign,), some in listed.group_by("currency"):
        count, amount = sums.get(code(str(sign)), (0, 0))
        sums[code(str(sign))] = (count + some.height, amount + int(some[FOREIGN].sum()))
    largest = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    parts = [f"{count_of(count, 'row')} with {money(amount)} {name}" for name, (count, amount) in largest]
    return f"{', '.join(parts)}." if parts else ""


def line_frame(
    recipe: Recipe,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    specs: dict[str, ColumnSpec],
    lookups: Lookups,
) -> tuple[pl.LazyFrame, list[str], list[Check]]:
    """Order lines before any rule: typed columns with money, the names of those columns, and the rules of reading.

    What the source does not say is filled in: a quantity of 1, an order for each customer and day, one product.
    Quantities are in `units.parts_of` the lines.
    """
    if "product_id" not in specs and "product" in specs:
        specs["product_id"] = specs["product"]
    frame, readable = typed(recipe.lines, opened_files, specs)
    columns = list(specs)
    if lookups.orders is not None:
        own = [name for name in lookups.orders.columns if name not in columns]
        frame = with_columns_of(frame, lookups.orders, "order_id", own)
        columns += own
    missing: dict[str, pl.Expr] = {}
    if "quantity" not in columns:
        missing["quantity"] = pl.lit(1, pl.Int64)
    if "product_id" not in columns:
        missing["product_id"] = pl.lit(NOT_RECORDED).cast(own_categories())
        missing["product"] = missing["product_id"]
    elif recipe.policies["missing_product"] == "keep":
        missing["product_id"] = pl.col("product_id").fill_null(NOT_RECORDED)
    if "order_id" not in columns:
        missing["order_id"] = _order_of(recipe.policies["no_order"]).cast(own_categories())
    if "currency" not in columns and (signed := _signed(opened_files, specs)):
        missing["currency"] = token(pl.col(RAW + signed))
    frame = frame.with_columns(**missing)
    columns += [name for name in missing if name not in columns]
    frame, priced = _with_lookups(frame, columns, lookups.products, lookups.customers)
    frame = _by_status(frame, recipe, specs)
    if "currency" in columns:
        same = pl.col("currency").cast(pl.String).str.to_uppercase().is_in(accepted(recipe.currency))
        frame = frame.with_columns((~same).fill_null(False).alias(FLAG + "other_currency"))
    once = "revenue" in specs and specs["revenue"].once
    frame, computed = _with_money(frame, priced, recipe.policies, once=once, parts=units.parts_of(recipe.lines))
    frame = _with_reductions(frame, specs, recipe.policies)
    return _with_charges(frame, specs, recipe.policies), computed, readable


_SPEAKING: Final = ("product", "product_id", "category", "subcategory", "status")
"""Columns whose texts may say that a row is a discount, beside those that a company adds."""


def _with_reductions(frame: pl.LazyFrame, specs: Mapping[str, ColumnSpec], policies: Policies) -> pl.LazyFrame:
    """Lines with a flag on those that are a discount on their order: money without units."""
    flag = FLAG + reductions.RULE
    if policies[reductions.RULE] == "keep":
        return frame.with_columns(pl.lit(False).alias(flag))
    texts = [name for name in specs if name in _SPEAKING or (name not in COLUMNS and ":" not in name)]
    frame = frame.with_columns(reductions.reduces(texts, "revenue", "order_id").alias(flag))
    return frame.with_columns(pl.when(flag).then(0).otherwise("quantity").alias("quantity"))


def _with_charges(frame: pl.LazyFrame, specs: Mapping[str, ColumnSpec], policies: Policies) -> pl.LazyFrame:
    """Lines with flags on those that are no goods by their text, as far as the recipe does not keep them."""
    texts = [name for name in specs if name in (*charges.TEXTS, *(() if "product" in specs else ("product_id",)))]
    return frame.with_columns(
        (
            pl.lit(False)
            if policies[kind] == "keep"
            else charges.is_no_goods(kind, texts, "revenue", "order_id", MONEY_SCALE / 100)
        ).alias(FLAG + kind)
        for kind in charges.KINDS
    )


def _order_of(policy: str) -> pl.Expr:
    """What makes an order where the lines have no order number."""
    day = pl.col("ordered_on").cast(pl.String)
    row = pl.format("{}-{}", pl.col(SOURCE).cast(pl.UInt32) + 1, ROW)
    if policy == "row":
        return row
    # A row that names no customer, such as a guest's, is an order of its own.
    return day if policy == "day" else pl.coalesce(pl.col("customer_id").cast(pl.String) + " " + day, row)


def _by_status(frame: pl.LazyFrame, recipe: Recipe, specs: Mapping[str, ColumnSpec]) -> pl.LazyFrame:
    """Lines whose status says that they are returns below zero, and a flag on those that are no sale."""
    orders = recipe.lookups.get("orders")
    spec = specs.get("status") or (orders.columns.get("status") if orders is not None else None)
    if spec is None:
        return frame
    status = pl.col("status").cast(pl.String).str.strip_chars()
    back = status.is_in(spec.returns).fill_null(False)
    signed = [
        pl.when(back).then(-pl.col(name).abs()).otherwise(name).alias(name)
        for name in ("quantity", "revenue", "discount", "included_tax")
        if name in specs or name == "quantity"
    ]
    return frame.with_columns(*signed, status.is_in(spec.no_sale).fill_null(False).alias(FLAG + "no_sale"))


def _signed(opened_files: Sequence[tuple[SourceFile, FileSpec]], specs: Mapping[str, ColumnSpec]) -> str:
    """The source column of the money where its amounts may carry a currency's sign; empty where they cannot."""
    signs = any(spec.numbers != PLAIN_NUMBERS for _, spec in opened_files)
    money = [specs[name].columns[0] for name in ("revenue", "unit_price") if name in specs]
    return money[0] if signs and money else ""


_ORDERS: Final = {
    "customer_day": "what a customer bought on one day is one order",
    "row": "each row is one order",
    "day": "each day is one order",
}


def notes_on_missing(columns: Collection[str], policies: Policies) -> list[str]:
    """What the import filled in because the lines do not say it."""
    notes = []
    if "order_id" not in columns:
        notes.append(f"The lines have no order number: {_ORDERS[policies['no_order']]}.")
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


def _with_money(
    frame: pl.LazyFrame, columns: list[str], policies: Policies, *, once: bool, parts: int
) -> tuple[pl.LazyFrame, list[str]]:
    """Lines with revenue after discount and tax, and cost and discount of the whole line; whole numbers throughout."""
    quantity = pl.col("quantity")
    if "revenue" in columns:
        gross = pl.col("revenue")
        if once:
            first = pl.int_range(pl.len()).over("order_id") == 0
            gross = pl.when(first | gross.is_null()).then(gross).otherwise(0)
            frame = frame.with_columns(gross.alias("revenue"))
            gross = pl.col("revenue")
        size = gross.cast(pl.Float64)
        if policies["negative_price"] == "returns":
            # Money and units of opposite signs: the one that is below zero says that something came back.
            against = gross.sign() * quantity.sign() < 0
            frame = frame.with_columns(
                pl.when(against).then(-quantity.abs()).otherwise(quantity).alias("quantity"),
                pl.when(against).then(-gross.abs()).otherwise(gross).alias("revenue"),
            )
    else:
        gross = units.times(pl.col("unit_price"), parts)
        size = pl.col("unit_price").cast(pl.Float64) * quantity.cast(pl.Float64) / parts
    tax = _tax_inside(gross, policies["included_tax"]) if "included_tax" in columns else None
    gross = gross if tax is None else gross - tax
    added = {GROSS: gross, SIZE: size, "revenue": gross}
    if "unit_cost" in columns:
        added["cost"] = units.times(pl.col("unit_cost"), parts)
    if "discount" in columns:
        rate, amount = _discount(gross, policies["discount"], parts)
        if rate is not None:
            added[RATE] = rate
        added["discount"] = amount
        if not policies["discount"].startswith("netted"):
            added["revenue"] = gross - amount
    if "profit" in columns:
        added["cost"] = added["revenue"] - pl.col("profit")
    frame = frame.with_columns(**added)
    return frame, list(dict.fromkeys([*columns, *added]))


def _share(of: pl.Expr, rate: pl.Expr, base: pl.Expr | int) -> pl.Expr:
    """`of` x `rate` / `base`, half away from zero, in whole numbers."""
    base = pl.lit(base) if isinstance(base, int) else base
    return (of.abs() * rate + base // 2) // base * of.sign()


def _tax_inside(gross: pl.Expr, form: str) -> pl.Expr:
    """The tax that money holds: written as an amount, or as a rate of what is left without it."""
    tax = pl.col("included_tax").fill_null(0)
    if form == "amount":
        return tax
    rate = tax if form == "rate" else tax // 100
    return _share(gross, rate, MONEY_SCALE + rate)


def _discount(gross: pl.Expr, policy: str, parts: int) -> tuple[pl.Expr | None, pl.Expr]:
    """A line's discount as a share of its money, None where it is an amount, and as money."""
    written = pl.col("discount").fill_null(0)
    netted, form = policy.startswith("netted"), policy.removeprefix("netted").strip("_") or "amount"
    if form == "amount":
        return None, written
    if form == "per_unit":
        return None, units.times(written, parts)
    rate = written if form == "rate" else written // 100
    # Of the money before the discount, or of what the discount left; a gift has nothing left to tell by.
    left: pl.Expr | int = MONEY_SCALE
    if netted:
        left = pl.when(rate < MONEY_SCALE).then(MONEY_SCALE - rate)
    return rate, _share(gross, rate, left).fill_null(0)
