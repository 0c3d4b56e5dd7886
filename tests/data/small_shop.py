"""The files and the recipe of a shop small enough to write its findings by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from data import findings
from data.findings import Findings
from data.recipe import recipes
from data.recipe.recipes import Recipe
from data.sources import Origin

TODAY = date(2024, 6, 30)

RECIPE = """
title = "Shop"
currency = "EUR"

[policies]
unreadable = "set_aside"

[lines]
files = "*.csv"

[lines.columns]
order_id = "Order"
ordered_on = "Date"
customer_id = "Customer"
product_id = "Product"
quantity = "Quantity"
unit_price = "Price"
"""

Row = tuple[str, str, str, str, str, str]


def origin_of(folder: Path, files: dict[str, list[Row]]) -> Origin:
    for name, rows in files.items():
        text = "Order,Date,Customer,Product,Quantity,Price\n" + "".join(",".join(row) + "\n" for row in rows)
        (folder / name).write_text(text, encoding="utf-8")
    return Origin(folder, folder)


def recipe_with(**policies: str) -> Recipe:
    parsed = recipes.parse(RECIPE, file="rules", name="shop")
    return replace(parsed, policies=parsed.policies.but(policies))


def findings_in(folder: Path, files: dict[str, list[Row]], **policies: str) -> Findings:
    return findings.find(recipe_with(**policies), origin_of(folder, files), today=TODAY)


def counts_by_rule(found: Findings) -> dict[str, tuple[int, int]]:
    return {one.rule: (one.rows, one.money) for one in found.by_rule}
