"""An invented shop of thousands of lines in which something is to be found: where a claim needs enough to be made."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, Final

from benchmarks.sentences.shops import CHANNELS, PLACES, PRODUCTS, made
from data.building.layout import Prepared

FIRST: Final = date(2021, 1, 1)
DAYS: Final = 1000
PEOPLE: Final = 900

ANSWER: Final = -2.2
"""How units answer to price, as a power."""

HAS: Final = dict.fromkeys(("places", "levels", "channel", "cost", "discount", "returns"), True)


def large(seed: int) -> Prepared:
    """Customers who come back and stop, prices that vary by month, and what is planted in `_odds`."""
    draw = random.Random(f"large {seed}")
    price = {
        (name, month): base * draw.choice((0.8, 0.9, 1.0, 1.15, 1.3))
        for base, (name, _, _) in enumerate(PRODUCTS, start=12)
        for month in range(DAYS // 28 + 1)
    }
    rows: list[dict[str, Any]] = []
    for who in range(1, PEOPLE + 1):
        home, channel = draw.choice(PLACES), draw.choice(CHANNELS)
        often, stops = draw.gammavariate(0.8, 0.015), draw.betavariate(1.0, 6)
        day = draw.randrange(DAYS)
        while day < DAYS:
            if (FIRST + timedelta(day)).strftime("%m%d") not in ("0101", "1225", "1226", "0501"):
                rows += _order(draw, len(rows), who, day, home, channel, price)
            if draw.random() < stops:
                break
            day += 1 + int(draw.expovariate(often))
    return made(f"large-{seed}", rows, draw, PEOPLE, HAS, share=0.06)


def _order(
    draw: random.Random, number: int, who: int, day: int, home: tuple[str, str, str], channel: str,
    price: dict[tuple[str, int], float],
) -> list[dict[str, Any]]:  # fmt: skip
    names = [name for name, _, _ in PRODUCTS]
    weights = [
        (price[name, day // 28] / base) ** ANSWER * _odds(name, home, day) for base, name in enumerate(names, 12)
    ]
    basket = set(draw.choices(names, weights, k=draw.choice((1, 1, 2))))
    if "Glove" in basket and draw.random() < 0.6:
        basket.add("Lamp")
    out = []
    for name, category, level in PRODUCTS:
        if name not in basket:
            continue
        units = draw.choice((1, 1, 2, 3))
        paid = int(price[name, day // 28] * 10_000) * units
        off = draw.choice((0, 0, 0, paid // 10))
        cost = int(paid * (1.1 if name == "Lock" else 0.6))
        place = dict(zip(("continent", "country", "region"), home, strict=True))
        out.append({
            "order_id": f"{number:06d}", "ordered_on": FIRST + timedelta(day), "product_id": name, "product": name,
            "category": category, "subcategory": level, "customer_id": f"c{who}", "quantity": units, **place,
            "channel": channel, "revenue": paid - off, "discount": off, "cost": cost,
        })  # fmt: skip
    return out


def _odds(name: str, home: tuple[str, str, str], day: int) -> float:
    """What is planted: Spain buys few clothes, road bikes come late in France, a lock is new, the wool sock ends."""
    if (name == "Lock" and day < 0.7 * DAYS) or (name == "Wool sock" and day > 0.75 * DAYS):
        return 0.0
    if home[1] == "Spain" and name in ("Glove", "Sock", "Wool sock"):
        return 0.15
    if name == "Road bike":
        return 6.0 if home[1] == "France" and day > DAYS // 2 else 1.0
    return 1.0
