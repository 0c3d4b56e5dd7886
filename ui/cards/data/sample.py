"""A small sales file that can be downloaded, to see what is needed and to try the page."""

from __future__ import annotations

from typing import Final

NAME: Final = "sample_sales.csv"

NEEDED: Final = (
    (":material/event:", "**When**", "the date of each sale"),
    (":material/shopping_bag:", "**What**", "the item sold, by name or number, and how many"),
    (":material/payments:", "**How much**", "the money of the line, or the price of one item"),
    (":material/receipt_long:", "**Which order or customer**", "an order number, a customer, or both"),
)
"""What a file must hold: icon, what it is, and what that means."""

WELCOME: Final = (
    "Also welcome: category, country or city, cost, discount, returns, shop or channel. Each turns on more of the "
    "dashboards. Columns may have any name, in any order and many languages."
)

_ITEMS: Final = (
    ("Enamel mug", "Kitchen", "9.50"),
    ("Wool blanket", "Home", "64.00"),
    ("Oak board", "Kitchen", "28.00"),
    ("Beeswax candle", "Home", "12.25"),
    ("Linen apron", "Kitchen", "39.00"),
)
_BUYERS: Final = (("C-101", "Ireland"), ("C-102", "France"), ("C-103", "Ireland"), ("C-104", "Spain"))


def text() -> str:
    """The file: two years of invented orders of one or two items."""
    lines = ["Order No,Order Date,Customer No,Country,Product,Category,Quantity,Unit Price,Line Total"]
    for number in range(96):
        buyer, country = _BUYERS[(number * 7 + number // 5) % len(_BUYERS)]
        day = f"{2024 + number // 48}-{number // 4 % 12 + 1:02d}-{number * 5 % 27 + 1:02d}"
        for place in range(1 + number % 2):
            product, category, price = _ITEMS[(number * 3 + place) % len(_ITEMS)]
            units = 1 + (number + place) % 3
            cents = units * round(100 * float(price))
            lines.append(
                f"S{1001 + number},{day},{buyer},{country},{product},{category},{units},{price},"
                f"{cents // 100}.{cents % 100:02d}"
            )
    return "\n".join(lines) + "\n"
