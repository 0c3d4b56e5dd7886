"""The rules of order lines, returns and targets: a rule is an expression with a name, one row, and nowhere else.

Rows stand in the order in which they name a line that breaks several.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from data.rules import compared
from data.rules.compared import AllRows, Flag
from data.terms import charges, reductions
from data.terms.rows import FLAG, GROSS, RATE, SIZE, SOURCE

SET_ASIDE: Final = "set_aside"

_TOO_LARGE: Final = 9e17
"""Ten-thousandths that one line may be worth: a tenth of what Int64 holds."""


@dataclass(frozen=True)
class Rule:
    """One named rule and the choices that it leaves."""

    name: str
    title: str
    """What it is called on the Data page."""
    reason: str
    """One sentence about the rows that break it; `{currency}` is the recipe's."""
    valid: pl.Expr | None = None
    """True for rows that keep it; None where a column FLAG + name says which rows break it."""
    flag: Callable[[AllRows], Flag] | None = None
    """How that column is made where other rows tell it; otherwise `order_lines` makes it."""
    needs: str = ""
    """Column of the lines without which it says nothing."""
    options: tuple[str, ...] = ()
    """The words that a recipe may say; empty where its rows cannot be counted and are always set aside."""
    default: str = "keep"
    """The word of a recipe that says none."""
    read_first: tuple[str, ...] = ()
    """Options that change how rows are read, so that the Data page cannot tell their worth and does not offer them."""
    summed: bool = True
    """Whether the money of its rows is added up with other money."""
    earlier: tuple[str, ...] = ()
    """Columns that lead to the earlier row which a row contradicts; their money is compared."""

    @property
    def offered(self) -> tuple[str, ...]:
        """The options that the Data page offers."""
        return tuple(option for option in self.options if option not in self.read_first)

    @property
    def expression(self) -> pl.Expr:
        """True for rows that keep it."""
        return ~pl.col(FLAG + self.name) if self.valid is None else self.valid


_QUANTITY: Final = pl.col("quantity")
_GROSS: Final = pl.col(GROSS)
_CHOICE: Final = ("keep", SET_ASIDE)
_REDUCES: Final = pl.col(FLAG + reductions.RULE)

RULES: Final[Mapping[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule("missing_order", "No order number", "The row has no order number.", pl.col("order_id").is_not_null()),
        Rule("missing_date", "No date", "The row has no date.", pl.col("ordered_on").is_not_null()),
        Rule(
            "missing_product", "No product", "The row names no product.", pl.col("product_id").is_not_null(),
            options=_CHOICE, default=SET_ASIDE,
        ),
        Rule("missing_quantity", "No quantity", "The row has no quantity.", _QUANTITY.is_not_null()),
        Rule(
            "missing_price", "No money", "The row has no money: no revenue, no price, or a product without a price.",
            _GROSS.is_not_null(),
        ),
        Rule(
            "too_large", "Amount too large", "Quantity times price is larger than any sale.",
            pl.col(SIZE).abs() < _TOO_LARGE, summed=False,
        ),
        Rule(
            "no_sale", "No sale by its status", "The row's status says that it is no sale.",
            needs="status", options=(SET_ASIDE, "keep"), default=SET_ASIDE,
        ),
        *(
            Rule(name, title, reason, options=("keep", SET_ASIDE), read_first=("keep",))
            for name, title, reason in (
                (charges.TAX, "Tax in a row of its own", "The row is tax on the other rows of its order, no goods."),
                (charges.PAYMENT, "Payment in a row of its own", "The row is how its order was paid, no goods."),
                (charges.CHARGE, "Charge, no goods", "The row is a charge such as postage or a tip, no goods."),
            )
        ),
        Rule(
            "missing_customer", "No customer", "The row names no customer.", pl.col("customer_id").is_not_null(),
            needs="customer_id", options=("none", SET_ASIDE), default="none",
        ),
        Rule(
            "other_currency", "Another currency", "The money is not in {currency}.", needs="currency", summed=False,
        ),
        Rule(
            "duplicate_lines", "Duplicate lines", "The row repeats an earlier row of its file in every column.",
            flag=compared.duplicate_lines, options=_CHOICE,
        ),
        Rule(
            "overlapping_files", "Overlapping files", "An earlier file has the same row.",
            flag=compared.overlapping_files, options=_CHOICE,
        ),
        Rule(
            "contradicting_files", "Files contradict each other",
            "An earlier file says something else about this product on this order.",
            flag=compared.contradicting_files, options=_CHOICE, earlier=("order_id", "product_id"),
        ),
        Rule(
            "altered_price", "Repeated at another price",
            "The row repeats an earlier row of its file at another price.",
            flag=compared.altered_price, options=_CHOICE, earlier=("order_id", "product_id", SOURCE),
        ),
        Rule(
            "price_range", "Price out of range",
            "The price is more than ten times, or less than a tenth of, what the product usually costs.",
            flag=compared.price_range, options=_CHOICE,
        ),
        Rule(
            "date_range", "Date out of range", "The date lies more than a year away from nearly all others.",
            flag=compared.date_range, options=_CHOICE,
        ),
        Rule(
            "future_date", "Date in the future", "The date lies in the future.",
            flag=compared.future_date, options=_CHOICE,
        ),
        Rule(
            "swapped_date", "Day and month swapped", "Day and month of the date are swapped.",
            flag=compared.swapped_date, options=("keep", "swap_back", SET_ASIDE),
        ),
        Rule(
            "unknown_product", "Unknown product", "The products table does not list the product.",
            flag=compared.unknown_product, options=_CHOICE,
        ),
        Rule(
            reductions.RULE, "Discount in a row of its own", "The row is a discount on the other rows of its order.",
            options=("keep", "net", SET_ASIDE), read_first=("keep",),
        ),
        Rule("zero_quantity", "Quantity of zero", "The quantity is zero.", (_QUANTITY != 0) | _REDUCES),
        Rule(
            "negative_price", "Price below zero", "The price is below zero.", _GROSS.sign() * _QUANTITY.sign() >= 0,
            options=(*_CHOICE, "returns"), default=SET_ASIDE, read_first=("returns",),
        ),
        Rule("zero_price", "Price of zero", "The price is zero.", _GROSS != 0, options=_CHOICE),
        Rule(
            "negative_quantity", "Negative quantity or credit note",
            "The row takes something back: its quantity or its money is below zero, or its status says so.",
            (_QUANTITY > 0) | _REDUCES, options=("returns", "net", SET_ASIDE), default=SET_ASIDE,
        ),
        Rule(
            "discount_rate", "Discount out of range", "The discount is not a share from 0 to 1.",
            pl.col(RATE).is_between(0, 10_000), needs=RATE,
        ),
    )
}  # fmt: skip
"""Rule -> its row."""

RETURN_RULES: Final = (
    Rule("missing_date", "No date", "The return has no date.", pl.col("returned_on").is_not_null()),
    Rule("missing_product", "No product", "The return names no product.", pl.col("product_id").is_not_null()),
    Rule("missing_quantity", "No quantity", "The return has no quantity.", _QUANTITY.is_not_null()),
    Rule("no_quantity", "Quantity not above zero", "The returned quantity is not above zero.", _QUANTITY > 0),
    Rule(
        "missing_price", "No money", "The return has no amount, and its product no list price.",
        pl.col("amount").is_not_null(),
    ),
)  # fmt: skip
"""The rules of a returns table."""

TARGET_RULES: Final = (
    Rule("missing_month", "No month", "The target has no month.", pl.col("month").is_not_null()),
    Rule("missing_revenue", "No revenue", "The target has no revenue.", pl.col("revenue").is_not_null()),
)
"""The rules of a targets table."""

NOT_SUMMED: Final = tuple(rule.name for rule in RULES.values() if not rule.summed)
"""Rules whose rows' money is never added up: where it does not fit, what was computed is not it; and money in another
currency is never summed with the recipe's."""

ON_ORDER: Final = "credit_on_order"
"""Flag of rows below zero whose order also has a sale: what `negative_quantity = "net"` nets."""


def title(rule: str) -> str:
    """What a rule of order lines is called."""
    known = RULES.get(rule)
    return known.title if known else f"Unreadable {rule.removeprefix('unreadable_')}".replace("_", " ")
