"""Whether the tables of a recipe fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS
from data.errors import DataError
from data.terms.columns import LOOKUPS
from data.terms.specs import TableSpec


def check_joins(tables: Sequence[TableSpec], policies: Mapping[str, str], file: str) -> None:
    """Tables must fit together: something names the product, the money and each lookup, and nothing is named twice."""
    mapped = {table.role: set(table.columns) for table in tables}
    by_role = {table.role: table for table in tables}
    lines, products = mapped["lines"] | mapped.get("orders", set()), mapped.get("products", set())
    if "ordered_on" not in lines:
        raise DataError(f"{file}, key lines.columns.ordered_on: expected the column with the date, found nothing.")
    if not lines & {"product_id", "product"} and "products" in mapped:
        raise DataError(f"{file}, key lines.columns.product_id: expected the product's column, found nothing.")
    if not lines & {"order_id", "customer_id"} and policies["no_order"] == "customer_day":
        raise DataError(
            f"{file}, key lines.columns.order_id: expected the order's column, or customer_id to make an order of a "
            "customer's day, found neither. Say policies.no_order where each row or day is an order."
        )
    if "revenue" not in lines and "unit_price" not in lines | products:
        raise DataError(
            f"{file}, key lines.columns.revenue: expected revenue, or unit_price in lines or products, found nothing."
        )
    if {"revenue", "unit_price"} <= lines:
        raise DataError(f"{file}, key lines.columns: expected revenue or unit_price, found both. Keep one.")
    if len(costs := sorted(lines & {"cost", "unit_cost", "profit"})) > 1:
        raise DataError(f"{file}, key lines.columns: expected cost, unit_cost or profit, found {' and '.join(costs)}.")
    for role, column in LOOKUPS.items():
        users = [name for name, columns in mapped.items() if column in columns]
        if role in by_role and by_role[role].files and not users:
            raise DataError(f"{file}, key {role}: expected a table that joins it by {column}, found none.")
        if role not in by_role and users and column in ("territory_id", "category_id", "subcategory_id"):
            raise DataError(f"{file}, key {users[0]}.columns.{column}: expected a table [{role}] to join, found none.")
    if "quantity" not in lines and policies["no_quantity"] == "error":
        raise DataError(
            f"{file}, key lines.columns.quantity: expected the source column that holds quantity, found nothing."
        )
    if "customers" in mapped and "customer_id" not in lines:
        raise DataError(f"{file}, key lines.columns.customer_id: expected the customer's column, found nothing.")
    if "territory_id" in lines & mapped.get("customers", set()):
        raise DataError(
            f"{file}, key customers.columns.territory_id: expected one place an order, found it in lines too."
        )
    _check_once(file, mapped, ("lines", "products", "subcategories", "categories"), PRODUCT_LEVELS)
    _check_once(file, mapped, ("lines", "orders", "customers", "territories"), GEOGRAPHY)


def _check_once(file: str, mapped: Mapping[str, set[str]], roles: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        users = [role for role in roles if column in mapped.get(role, ())]
        if len(users) > 1:
            raise DataError(
                f"{file}, key {users[1]}.columns.{column}: expected {column} in one table, found it in "
                f"{' and '.join(users)}. Keep one."
            )
