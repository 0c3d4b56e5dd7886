"""Policies: what happens to rows that are not plain sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Policies:
    """What happens to rows that are not plain sales; the words are those of POLICIES."""

    negative_quantity: str = "set_aside"
    """`returns`, `set_aside`, or `net`: the row lowers the order it names; without such an order it is a return."""
    missing_customer: str = "none"
    """`none` keeps the line without a customer, `set_aside` does not."""
    zero_price: str = "keep"
    negative_price: str = "set_aside"
    """Money below zero for units above it, or the other way round; `returns` makes the row a return."""
    missing_product: str = "set_aside"
    """A row without a product; `keep` shows it as not recorded."""
    no_sale: str = "set_aside"
    """A row whose status says that it is no sale, such as Cancelled."""
    no_order: str = "customer_day"
    """Lines without order numbers: what a customer bought on one day is an order, or each `row`, or each `day`."""
    discount: str = "amount"
    """`amount` is money off the line, `per_unit` off one unit, `rate` a share (0.1), `percent` one in hundredths (10).
    Each is taken off the revenue; with `netted` in front (`netted` alone is an amount) it is off already."""
    included_tax: str = "amount"
    """Tax that is inside the revenue: an `amount` of money, or a `rate` or `percent` of the revenue without it."""
    order_days: str = "earliest"
    """Order number on several days: `earliest` makes it one order, `split` one for each day."""
    no_quantity: str = "error"
    """Lines without a quantity column: `error`, or `one_unit` a line."""
    unreadable: str = "error"
    """A date or number that cannot be read: `error` stops the import, `set_aside` sets the row aside."""
    duplicate_lines: str = "keep"
    """A row that repeats an earlier row of the same file in every column."""
    overlapping_files: str = "keep"
    """A row that an earlier file has as well."""
    contradicting_files: str = "keep"
    """A row about a product on an order of which an earlier file says something else."""
    altered_price: str = "keep"
    """A row that repeats an earlier row of the same file at another price."""
    price_range: str = "keep"
    """A price more than ten times, or less than a tenth of, what the product usually costs."""
    date_range: str = "keep"
    """A date more than a year away from all but a thousandth of the rows."""
    future_date: str = "keep"
    """A date after the day of the import."""
    swapped_date: str = "keep"
    """A date whose day and month a spreadsheet has swapped; `swap_back` mends it."""
    unknown_product: str = "keep"
    """A product that the products table does not list."""


POLICIES: Final = {
    "negative_quantity": ("returns", "net", "set_aside"),
    "missing_customer": ("none", "set_aside"),
    "zero_price": ("keep", "set_aside"),
    "negative_price": ("keep", "set_aside", "returns"),
    "missing_product": ("set_aside", "keep"),
    "no_sale": ("set_aside", "keep"),
    "no_order": ("customer_day", "row", "day"),
    "discount": (
        *("amount", "rate", "percent", "per_unit"),
        *("netted", "netted_rate", "netted_percent", "netted_per_unit"),
    ),
    "included_tax": ("amount", "rate", "percent"),
    "order_days": ("earliest", "split"),
    "no_quantity": ("error", "one_unit"),
    "unreadable": ("error", "set_aside"),
    "duplicate_lines": ("keep", "set_aside"),
    "overlapping_files": ("keep", "set_aside"),
    "contradicting_files": ("keep", "set_aside"),
    "altered_price": ("keep", "set_aside"),
    "price_range": ("keep", "set_aside"),
    "date_range": ("keep", "set_aside"),
    "future_date": ("keep", "set_aside"),
    "swapped_date": ("keep", "swap_back", "set_aside"),
    "unknown_product": ("keep", "set_aside"),
}
"""Policy -> the words a recipe may say."""
