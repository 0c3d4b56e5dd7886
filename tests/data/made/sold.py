"""What was sold: lines with whole cents, drawn at random."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass
class Line:
    """One line as it was sold; money in cents."""

    order: str
    day: date
    customer: str
    product: str
    country: str
    quantity: int
    price: int
    share: int = 0
    """Discount in percent."""
    off: int = 0

    @property
    def gross(self) -> int:
        return self.quantity * self.price

    @property
    def net(self) -> int:
        return self.gross - self.off


def sold(pick: random.Random, rows: int, form: str) -> list[Line]:
    products = [
        (
            f"{pick.choice(('Mug', 'Tea', 'Pot', 'Lamp', 'Bowl', 'Pan'))} {n}",
            pick.choice((pick.randint(150, 9900), pick.randint(2, 90) * 100 + pick.choice((0, 50, 95, 99)))),
        )
        for n in range(pick.randint(3, 7))
    ]
    customers = [
        f"{pick.choice(('Ana', 'Ben', 'Cara', 'Dirk', 'Eva'))} {chr(65 + n)}" for n in range(max(2, rows // 4))
    ]
    countries = {name: pick.choice(("Germany", "France", "Spain")) for name in customers}
    lines: list[Line] = []
    number, day = pick.randint(1, 9000), date(2024, 1, 1) + timedelta(pick.randint(0, 60))
    while len(lines) < rows:
        number, day = number + 1, day + timedelta(pick.randint(0, 4))
        customer = pick.choice(customers)
        for product, price in pick.sample(products, min(len(products), pick.choice((1, 1, 2, 3)))):
            quantity = pick.choice((1, 1, 2, 2, 3, 4, 5, 12))
            line = Line(f"A{number}", day, customer, product, countries[customer], quantity, price)
            if form and pick.random() < 0.45:
                line.share = pick.choice((5, 10, 15, 20, 25))
                line.off = off(line, form, pick)
            lines.append(line)
    return lines[:rows]


def off(line: Line, form: str, pick: random.Random) -> int:
    if form == "amount" or form == "negative":
        return min(pick.randint(20, max(21, line.gross // 4)), line.gross)
    if form == "per_unit":
        return line.quantity * max(1, line.price * line.share // 100)
    return (line.gross * line.share + 50) // 100
