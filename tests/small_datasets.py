"""Small datasets for tests of the app: a whole one, and ones that lack cost, customers or places."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from data.building import layout
from data.store import writing

LACKING: Final[dict[str, tuple[str, ...]]] = {
    "whole": (),
    "without_cost": ("cost",),
    "without_customers": ("customer_id",),
    "without_geography": ("continent", "country", "region"),
}
"""Name of a dataset -> the columns that it lacks."""

MARKUP: Final = ("Rye <b>1</b>", "=SAW()", "*Star* saw", "$x$ saw", ":red[x] saw")
"""Product names that Markdown, HTML or a spreadsheet would make something else of."""

FIRST_DAY: Final = date(2024, 1, 1)
DAYS: Final = 900
PLACES: Final = (
    ("Europe", "France", "Nord"),
    ("Europe", "Germany", "Bayern"),
    ("Asia", "Japan", "Kanto"),
    ("Asia", "Atlantis", "Deep"),
)
"""Continent, country and region; Atlantis is on no map."""

PRODUCTS: Final = (
    ("Food", "Fruit", "Apple"),
    ("Food", "Fruit", "Pear"),
    ("Food", "Bread", MARKUP[0]),
    *(("Tools", "Saws", name) for name in MARKUP[1:]),
)


def tables(lacking: Iterable[str] = ()) -> layout.Tables:
    """Some 800 lines of 400 orders by 60 customers, always the same, less the columns named."""
    rng = random.Random(7)
    rows = []
    for number in range(400):
        day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
        customer, place = rng.choice([None, *(f"c{n}" for n in range(60))]), rng.choice(PLACES)
        for category, subcategory, product in rng.sample(PRODUCTS, rng.randint(1, 3)):
            quantity = rng.randint(1, 5)
            price = rng.randint(1, 90) * 10_000
            rows.append(
                {
                    "order_id": f"o{number:04d}", "ordered_on": day, "customer_id": customer, "product_id": product,
                    "product": product, "category": category, "subcategory": subcategory, "continent": place[0],
                    "country": place[1], "region": place[2], "channel": "Web",
                    "quantity": quantity, "revenue": quantity * price, "cost": quantity * price // 2,
                }
            )  # fmt: skip
    lines = pl.DataFrame(rows)
    if "customer_id" in lacking:
        lines = lines.with_columns(pl.lit(None, pl.String).alias("customer_id"))
    lines = lines.drop([name for name in lacking if name != "customer_id"])
    customers = pl.DataFrame(
        {"customer_id": [f"c{n}" for n in range(60)], "name": [f"*Name* {n}" for n in range(60)],
         "gender": ["F", "M", None] * 20, "metric": ["x", "y"] * 30}
    )  # fmt: skip
    returns = pl.DataFrame(
        {"returned_on": [date(2026, 3, 1)], "product_id": ["Apple"], "quantity": [2], "amount": [150_000]}
    )
    return layout.Tables(lines, None if "customer_id" in lacking else customers, returns=returns)


def many_products(count: int = 5_000) -> layout.Tables:
    """One line for each of many products, ten lines an order."""
    rows = [
        {
            "order_id": f"o{n // 10}", "ordered_on": FIRST_DAY + timedelta(days=(n // 10) % DAYS),
            "customer_id": f"c{n // 10 % 97}", "product_id": f"p{n}", "product": f"Product {n:04d}",
            "category": f"Category {n % 7}", "country": PLACES[n // 10 % 3][1], "quantity": 1, "revenue": 10_000 + n,
        }
        for n in range(count)
    ]  # fmt: skip
    return layout.Tables(pl.DataFrame(rows), None)


def publish(home: Path) -> None:
    """Write the datasets of LACKING into a folder."""
    for name, lacking in LACKING.items():
        built = layout.build(tables(lacking), name=name, title=name.replace("_", " "), currency="EUR")
        writing.publish(name, built, home=home)
