"""The columns that a recipe knows and the tables that they stand in: one row each, and nowhere else.

What names of a column look like in many languages stands in `data/understanding/synonyms.toml` and `stems.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS

Kind = Literal["id", "text", "date", "money", "count"]


@dataclass(frozen=True)
class CanonicalColumn:
    """One meaning that a column of a file can have."""

    name: str
    label: str
    """What it is called in sentences."""
    kind: Kind
    """How its text is read. Money is Int64 ten-thousandths, a count a whole number, an id and a text stay text."""
    named: tuple[str, ...] = ()
    """Roles of `[[numbers]]` in stems.toml whose names speak for it."""
    instead: str = ""
    """Columns with the same word here say the same money; a table has one of them."""
    kept: bool = True
    """Whether order lines keep it; otherwise it is needed for the rules and the money only."""
    in_list: str = ""
    """What it is called in the list from which it is chosen, where the label says too little there."""


@dataclass(frozen=True)
class TableRole:
    """One role that a file can play."""

    role: str
    label: str
    """What it is called in sentences."""
    in_list: str
    """What it is called in the list from which the use of a file is chosen."""
    columns: tuple[str, ...]
    """What its columns can mean, in the order in which equally good meanings are given out."""
    key: str = ""
    """The column by which other tables join it; empty where none does."""
    required: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Meanings that are understood here and that a recipe says in another way, such as first and last name."""
    free: str = ""
    """What its further columns are: a `dimension` of the lines or a `segment` of the customers; empty for none."""

    @property
    def recipe_columns(self) -> tuple[str, ...]:
        """The columns that a recipe may map."""
        return tuple(name for name in self.columns if name != self.key and name not in self.elsewhere)


COLUMNS: Final[Mapping[str, CanonicalColumn]] = {
    column.name: column
    for column in (
        CanonicalColumn("order_id", "Order number", "id"),
        CanonicalColumn("ordered_on", "Order date", "date"),
        CanonicalColumn("customer_id", "Customer number", "id"),
        CanonicalColumn("name", "Customer name", "text"),
        CanonicalColumn("first_name", "First name", "text"),
        CanonicalColumn("last_name", "Last name", "text"),
        CanonicalColumn("product_id", "Product number", "id"),
        CanonicalColumn("product", "Product name", "text"),
        CanonicalColumn("quantity", "Quantity", "count", named=("quantity",)),
        CanonicalColumn(
            "revenue",
            "Revenue",
            "money",
            named=("amount", "target"),
            instead="money",
            in_list="Money of the whole line",
        ),
        CanonicalColumn("unit_price", "Price of one unit", "money", named=("price",), instead="money", kept=False),
        CanonicalColumn("discount", "Discount", "money", named=("discount",)),
        CanonicalColumn("included_tax", "Tax inside the revenue", "money", kept=False, in_list="Tax inside the money"),
        CanonicalColumn("cost", "Cost", "money", named=("cost",), instead="cost", in_list="Cost of the whole line"),
        CanonicalColumn("unit_cost", "Cost of one unit", "money", named=("cost",), instead="cost", kept=False),
        CanonicalColumn(
            "profit",
            "Profit",
            "money",
            named=("profit",),
            instead="cost",
            kept=False,
            in_list="Profit of the whole line",
        ),
        CanonicalColumn("refunded", "Money given back", "money"),
        CanonicalColumn("currency", "Currency", "text", kept=False),
        CanonicalColumn("status", "Status", "text", kept=False, in_list="Status, such as cancelled"),
        CanonicalColumn("category", "Category", "text"),
        CanonicalColumn("subcategory", "Subcategory", "text"),
        CanonicalColumn("continent", "Continent", "text"),
        CanonicalColumn("country", "Country", "text"),
        CanonicalColumn("region", "Region", "text"),
        CanonicalColumn("territory_id", "Place number", "id"),
        CanonicalColumn("category_id", "Category number", "id"),
        CanonicalColumn("subcategory_id", "Subcategory number", "id"),
        CanonicalColumn("returned_on", "Return date", "date"),
        CanonicalColumn("amount", "Money given back", "money", named=("refund", "amount")),
        CanonicalColumn("reason", "Reason", "text"),
        CanonicalColumn("month", "Month", "date"),
    )
}
"""Name of a column -> its row."""

TABLES: Final[Mapping[str, TableRole]] = {
    table.role: table
    for table in (
        TableRole(
            "lines",
            "Order lines",
            "Sales: a row for each item sold",
            (
                *("order_id", "ordered_on", "customer_id", "name", "product_id", "product"),
                *("quantity", "revenue", "unit_price", "discount", "included_tax", "cost", "unit_cost", "profit"),
                *("refunded", "currency", "status", "category", "subcategory"),
                *("continent", "country", "region", "territory_id"),
            ),
            elsewhere=("name",),
            free="dimension",
        ),
        TableRole(
            "returns",
            "Returns",
            "Returns",
            (
                *("returned_on", "product_id", "product", "quantity", "amount", "order_id", "customer_id"),
                *("territory_id", "reason", *GEOGRAPHY),
            ),
            required=("returned_on",),
        ),
        TableRole(
            "targets",
            "Targets",
            "Targets by month",
            ("month", "revenue", *GEOGRAPHY, "category", "subcategory", "product"),
            required=("month", "revenue"),
        ),
        TableRole(
            "products",
            "Products",
            "List of products",
            (
                *("product_id", "product", "category", "subcategory", "category_id", "subcategory_id"),
                *("unit_price", "unit_cost"),
            ),
            key="product_id",
        ),
        TableRole(
            "subcategories",
            "Subcategories",
            "List of subcategories",
            ("subcategory_id", "subcategory", "category", "category_id"),
            key="subcategory_id",
        ),
        TableRole(
            "categories",
            "Categories",
            "List of categories",
            ("category_id", "category"),
            key="category_id",
            required=("category",),
        ),
        TableRole("territories", "Places", "List of places", ("territory_id", *GEOGRAPHY), key="territory_id"),
        TableRole(
            "customers",
            "Customers",
            "List of customers",
            ("customer_id", "name", "first_name", "last_name", "territory_id", *GEOGRAPHY),
            key="customer_id",
            elsewhere=("first_name", "last_name"),
            free="segment",
        ),
        TableRole(
            "orders",
            "Orders",
            "Orders: a row for each order",
            ("order_id", "ordered_on", "customer_id", "name", "currency", "status", "territory_id", *GEOGRAPHY),
            key="order_id",
            elsewhere=("name",),
            free="dimension",
        ),
    )
}
"""Role -> its row."""

LOOKUPS: Final[Mapping[str, str]] = {table.role: table.key for table in TABLES.values() if table.key}
"""Lookup role -> the column by which other tables join it."""

KEYS: Final = frozenset(LOOKUPS.values())

DATES: Final = frozenset(column.name for column in COLUMNS.values() if column.kind == "date")

NUMERIC: Final = frozenset(column.name for column in COLUMNS.values() if column.kind in ("money", "count"))

LINE_COLUMNS: Final = tuple(
    name for name in TABLES["lines"].recipe_columns if COLUMNS[name].kept and name not in (*MEASURE_COLUMNS, "refunded")
)
"""Columns of canonical lines with a meaning of their own, beside the measures; any other column is a dimension."""


def alternatives(name: str) -> frozenset[str]:
    """The columns of which a table has one, among them this one."""
    word = COLUMNS[name].instead
    return frozenset(column.name for column in COLUMNS.values() if word and column.instead == word)
