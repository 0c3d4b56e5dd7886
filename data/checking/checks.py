"""Named rules that rows must meet, as dataframely schemas.

A row that breaks a rule is set aside under the name of the first rule it breaks. A value that cannot be read at all
is not set aside: it is an error, because it usually means that the recipe is wrong for the whole file.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dataframely as dy
import polars as pl

from data.checking.currencies import accepted
from data.recipe.policies import Policies

SOURCE: Final = "__source"
"""Column with the number of the source file."""

GROSS: Final = "__gross"
"""Column with a line's money before discount, Int64 ten-thousandths."""

RATE: Final = "__rate"
"""Column with a line's discount as a share of its money, in ten-thousandths."""

RAW: Final = "source: "
"""Prefix of the columns that carry a row's original text."""

UNREADABLE: Final = "unreadable: "
"""Prefix of the rules that a value could be read."""

FLAG: Final = "flag: "
"""Prefix of the columns with what `data.rules.flags` found."""

_TOO_LARGE: Final = 9e17
"""Ten-thousandths that one line may be worth: a tenth of what Int64 holds."""


@dataclass(frozen=True)
class Rule:
    """One named rule."""

    name: str
    reason: str
    """One sentence for people about the rows that break it."""
    valid: pl.Expr


CONTEXT: Final = {
    "duplicate_lines": "The row repeats an earlier row of its file in every column.",
    "overlapping_files": "An earlier file has the same row.",
    "contradicting_files": "An earlier file says something else about this product on this order.",
    "altered_price": "The row repeats an earlier row of its file at another price.",
    "price_range": "The price is more than ten times, or less than a tenth of, what the product usually costs.",
    "date_range": "The date lies more than a year away from nearly all others.",
    "future_date": "The date lies in the future.",
    "swapped_date": "Day and month of the date are swapped.",
    "unknown_product": "The products table does not list the product.",
}
"""Rules that need other rows to judge a row: their sentence; the flag is made by `data.rules.flags`."""


def unreadable_rules(readable: Sequence[Rule]) -> list[Rule]:
    """Rules of reading under which a row is set aside rather than stopping the import."""
    return [
        Rule(name := rule.name.replace(UNREADABLE, "unreadable_"), f"The {name[11:]} cannot be read.", rule.valid)
        for rule in readable
    ]


def line_rules(policies: Policies, columns: Sequence[str], *, currency: str = "") -> list[Rule]:
    """The rules of order lines, in the order in which they name a row."""
    quantity, gross = pl.col("quantity"), pl.col(GROSS)
    rules = [
        Rule("missing_order", "The row has no order number.", pl.col("order_id").is_not_null()),
        Rule("missing_date", "The row has no date.", pl.col("ordered_on").is_not_null()),
        Rule("missing_quantity", "The row has no quantity.", quantity.is_not_null()),
        Rule(
            "missing_price",
            "The row has no money: no revenue, no price, or a product without a price.",
            gross.is_not_null(),
        ),
        Rule(
            "too_large",
            "Quantity times price is larger than any sale.",
            pl.col("__size").abs() < _TOO_LARGE,
        ),
    ]
    if policies.missing_product == "set_aside":
        rules.insert(2, Rule("missing_product", "The row names no product.", pl.col("product_id").is_not_null()))
    if policies.no_sale == "set_aside" and "status" in columns:
        rules.append(Rule("no_sale", "The row's status says that it is no sale.", ~pl.col(FLAG + "no_sale")))
    if policies.missing_customer == "set_aside" and "customer_id" in columns:
        rules.append(Rule("missing_customer", "The row names no customer.", pl.col("customer_id").is_not_null()))
    if "currency" in columns:
        same = pl.col("currency").cast(pl.String).str.to_uppercase().is_in(accepted(currency))
        rules.append(Rule("other_currency", f"The money is not in {currency}.", same.fill_null(True)))
    for name, reason in CONTEXT.items():
        if getattr(policies, name) == "set_aside":
            rules.append(Rule(name, reason, ~pl.col(FLAG + name)))
    rules.append(Rule("zero_quantity", "The quantity is zero.", quantity != 0))
    if policies.negative_price == "set_aside":
        rules.append(Rule("negative_price", "The price is below zero.", gross.sign() * quantity.sign() >= 0))
    if policies.zero_price == "set_aside":
        rules.append(Rule("zero_price", "The price is zero.", gross != 0))
    if policies.negative_quantity == "set_aside":
        rules.append(Rule("negative_quantity", "The quantity is below zero.", quantity > 0))
    if RATE in columns:
        rules.append(
            Rule("discount_rate", "The discount is not a share from 0 to 1.", pl.col(RATE).is_between(0, 10_000))
        )
    return rules


def return_rules() -> list[Rule]:
    """The rules of a returns table."""
    return [
        Rule("missing_date", "The return has no date.", pl.col("returned_on").is_not_null()),
        Rule("missing_product", "The return names no product.", pl.col("product_id").is_not_null()),
        Rule("missing_quantity", "The return has no quantity.", pl.col("quantity").is_not_null()),
        Rule("no_quantity", "The returned quantity is not above zero.", pl.col("quantity") > 0),
        Rule(
            "missing_price", "The return has no amount, and its product no list price.", pl.col("amount").is_not_null()
        ),
    ]


def target_rules() -> list[Rule]:
    """The rules of a targets table."""
    return [
        Rule("missing_month", "The target has no month.", pl.col("month").is_not_null()),
        Rule("missing_revenue", "The target has no revenue.", pl.col("revenue").is_not_null()),
    ]


def schema(schema: Mapping[str, Any], rules: Sequence[Rule]) -> type[dy.Schema]:
    """The dataframely schema of a frame: its columns with their types, and the rules by name."""
    content: dict[str, Any] = {}
    for number, (name, dtype) in enumerate(schema.items()):
        content[f"column_{number}"] = _column(dtype, name)
    for rule in rules:
        content[rule.name] = dy.rule()(_always(rule.valid))
    made: type[dy.Schema] = types.new_class("Rows", (dy.Schema,), exec_body=lambda body: body.update(content))
    return made


def _always(valid: pl.Expr) -> Callable[[Any], pl.Expr]:
    return lambda _: valid


def _column(dtype: Any, name: str) -> dy.Column:
    kinds: dict[Any, type[dy.Column]] = {
        pl.String: dy.String,
        pl.Date: dy.Date,
        pl.Int64: dy.Int64,
        pl.UInt32: dy.UInt32,
        pl.UInt16: dy.UInt16,
        pl.Float64: dy.Float64,
    }
    # Nulls are allowed here because named rules of our own tell people about missing values.
    kind = kinds.get(dtype.base_type())
    return dy.Any(alias=name) if kind is None else kind(nullable=True, alias=name)


def check(frame: pl.LazyFrame, rules: Sequence[Rule], *, wanted: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that meet every rule, with the wanted columns; and the others, with `rule`, the first one broken."""
    checked = schema(frame.collect_schema(), rules).filter(frame)
    # Only the wanted columns of the good rows are ever held; both sides share one pass over the files.
    both: Any = dy.filter_result.LazyFilterResult(checked.result.select(wanted), checked.failure)  # type: ignore
    good, failure = both.collect_all()
    names = [rule.name for rule in rules]
    details = failure.details()
    broken = [pl.when(pl.col(name) == "invalid").then(pl.lit(name)) for name in names]
    return good, details.with_columns(pl.coalesce(broken).alias("rule")).drop(names)


class Lookup(dy.Schema):
    """A lookup's keys: each there once."""

    key = dy.String(primary_key=True)
    row = dy.UInt32()


def bad_keys(keys: pl.DataFrame) -> pl.DataFrame:
    """Rows of (key, row) whose key is missing or occurs again, in file order."""
    _, failure = Lookup.filter(keys)
    return failure.invalid().sort("row")
