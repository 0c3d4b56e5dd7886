"""Flat files whose columns of money vary: plain ones as a program exports them, and hard ones.

Hard ones have lying names, nonsense names, columns that distract, six rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from data.understanding.names import number_role
from tests.data.made.base import Files, truth
from tests.data.made.sold import Line, sold
from tests.data.made.words import COMMA, MORE_NAMES, NAMES, OTHER_NAMES, ROLES

# --- How it is written ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dialect:
    """How numbers and days are written."""

    comma: bool
    thousands: bool
    sign: str
    day: str

    def money(self, cents: int) -> str:
        whole, rest = divmod(abs(cents), 100)
        text = f"{whole:,}" if self.thousands else str(whole)
        text = f"{text}.{rest:02}"
        if self.comma:
            text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
        return f"{'-' if cents < 0 else ''}{self.sign}{text}"


def _dialect(pick: random.Random, language: str) -> Dialect:
    comma = language in COMMA and pick.random() < 0.8
    forms = ["%Y-%m-%d", "%Y/%m/%d", *(["%d.%m.%Y"] if comma else []), "%d/%m/%Y" if language != "en" else "%m/%d/%Y"]
    return Dialect(comma, pick.random() < 0.3, pick.choice(("", "", "", "$", "€")), pick.choice(forms))


Cells = Callable[[Line], str]


def _columns(pick: random.Random, layout: str, form: str, dialect: Dialect, lines: list[Line]) -> dict[str, Cells]:
    """The money columns of a layout."""
    money = dialect.money
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.order] = totals.get(line.order, 0) + line.net
    rate = pick.choice((7, 10, 19, 20, 21))
    tax = {id(line): (line.net * rate + 50) // 100 for line in lines}
    discount: dict[str, Cells] = {
        "amount": lambda line: money(line.off),
        "negative": lambda line: money(-line.off),
        "rate": lambda line: _decimal(f"{line.share / 100:.2f}" if line.off else "0", dialect),
        "percent": lambda line: str(line.share if line.off else 0),
        "sign": lambda line: f"{line.share if line.off else 0}%",
        "per_unit": lambda line: money(line.off // line.quantity),
    }
    every: dict[str, Cells] = {
        "quantity": lambda line: str(line.quantity),
        "price": lambda line: money(line.price),
        "amount": lambda line: money(line.net),
        "gross": lambda line: money(line.gross),
        "net": lambda line: money(line.net),
        "tax": lambda line: money(tax[id(line)]),
        "total": lambda line: money(line.net + tax[id(line)]),
        "order_total": lambda line: money(totals[line.order]),
        "discount": discount.get(form, discount["amount"]),
    }
    return {name: every[name] for name in LAYOUTS[layout]}


def _decimal(text: str, dialect: Dialect) -> str:
    return text.replace(".", ",") if dialect.comma else text


LAYOUTS: Final = {
    "price": ("quantity", "price"),
    "amount": ("quantity", "amount"),
    "all": ("quantity", "price", "amount"),
    "all_order": ("quantity", "price", "amount", "order_total"),
    "price_order": ("quantity", "price", "order_total"),
    "discounted": ("quantity", "price", "discount", "amount"),
    "discount_only": ("quantity", "price", "discount"),
    "gross_net": ("quantity", "gross", "discount", "net"),
    "taxed": ("quantity", "price", "net", "tax", "total"),
    "taxed_price": ("quantity", "price", "tax", "total"),
    "whole": ("quantity", "gross", "discount", "net", "tax", "total"),
    "everything": ("quantity", "price", "discount", "net", "tax", "total", "order_total"),
}
"""Layout -> its columns of numbers."""

_DISCOUNTED: Final = frozenset({"discounted", "discount_only", "gross_net", "whole", "everything"})
_PROVEN: Final = frozenset({"all", "all_order", "discounted", "gross_net", "taxed", "whole", "everything"})


def _written(
    lines: list[Line], columns: dict[str, Cells], names: dict[str, str], order: list[str], separator: str
) -> bytes:
    """The lines as text under the names of a file."""
    cells = {names[key]: [columns[key](line) for line in lines] for key in order}
    return pl.DataFrame(cells).write_csv(separator=separator).encode()


def plain(seed: int) -> Files:
    """A file as a program exports it, in one of twenty languages."""
    pick = random.Random(f"plain {seed}")
    language = pick.choice(sorted({**NAMES, **MORE_NAMES}))
    table = MORE_NAMES if language in MORE_NAMES else pick.choice((NAMES, OTHER_NAMES))
    names = dict(zip(ROLES, table[language], strict=True))
    layout = pick.choice(sorted(LAYOUTS))
    form = pick.choice(("amount", "rate", "percent", "sign", "negative", "per_unit")) if layout in _DISCOUNTED else ""
    if layout == "discount_only":
        form = pick.choice(("sign", "negative", "amount"))
    if layout in ("gross_net", "whole") and form == "per_unit":
        form = "amount"
    dialect = _dialect(pick, language)
    lines = sold(pick, pick.randint(20, 80), form)
    columns: dict[str, Cells] = {
        "order": lambda line: line.order,
        "day": lambda line: line.day.strftime(dialect.day),
        "customer": lambda line: line.customer,
        "product": lambda line: line.product,
        **({"country": lambda line: line.country} if pick.random() < 0.5 else {}),
        **_columns(pick, layout, form, dialect, lines),
    }
    order = list(columns)
    pick.shuffle(order)
    first = {line.order: line for line in reversed(lines)}
    if pick.random() < 0.2 and "country" in columns:
        columns["country"] = lambda line: line.country if first[line.order] is line else ""
    separator = ";" if dialect.comma else pick.choice((",", ",", "\t", ";"))
    proven = layout in _PROVEN and _tells(lines, form) and not _open(lines, dialect)
    parts = {"sales.csv": lines}
    if pick.random() < 0.1:
        cut = next((n for n in range(len(lines) // 2, len(lines)) if lines[n].order != lines[n - 1].order), 0)
        if cut:
            parts = {"sales_1.csv": lines[:cut], "sales_2.csv": lines[cut:]}
    contents = {name: _written(own, columns, names, order, separator) for name, own in parts.items()}
    customers = len({line.customer for line in lines})
    products = len({line.product for line in lines})
    return Files(truth(lines, customers=customers, products=products, proven=proven), contents, f"plain {layout}")


def _tells(lines: list[Line], form: str) -> bool:
    """Whether enough rows can tell: several of more than one unit and, with a discount, several discounted."""
    many = sum(line.quantity > 1 for line in lines)
    return many >= 3 and (not form or sum(line.off > 2 for line in lines) >= 3)


def _open(lines: list[Line], dialect: Dialect) -> bool:
    both = dialect.day in ("%d/%m/%Y", "%m/%d/%Y")
    return both and all(line.day.day <= 12 for line in lines)


_LIES: Final = {
    "quantity": ("Number", "Value", "Total", "Amount", "x1", "Count", "Price", "Spalte 3"),
    "price": ("Value", "Total", "Amount", "Rate", "col_b", "Sales", "Cost", "Net"),
    "amount": ("Price", "Value", "Gross", "Quantity", "f7", "Unit Price", "Points"),
    "net": ("Price", "Value", "Gross", "z", "Total"),
    "gross": ("Net", "Amount", "Price", "gg"),
    "discount": ("Fee", "Value", "Adjustment", "q9", "Tax", "Bonus"),
    "tax": ("Extra", "Value", "t_1", "Fee", "Discount"),
    "total": ("Amount", "Sum", "Price", "Sales", "w"),
    "order_total": ("Amount", "Sum", "Total", "oo"),
    "order": ("No", "Ref", "a1", "Customer"),
    "day": ("When", "d", "Stamp"),
    "customer": ("Who", "b2", "Product"),
    "product": ("What", "c3", "Order"),
    "country": ("Where", "k"),
}
"""Role -> names that say nothing, or something else."""


_SAME: Final = {"quantity": ("quantity",), "price": ("price",), "amount": ("amount",)}


def hard(seed: int) -> Files:
    """A file with lying or nonsense names, columns that distract, and often few rows."""
    pick = random.Random(f"hard {seed}")
    language = pick.choice(sorted(NAMES))
    usual = dict(zip(ROLES, NAMES[language], strict=True))
    names = dict(usual)
    layout = pick.choice(sorted(LAYOUTS))
    form = pick.choice(("amount", "rate", "percent", "sign", "negative", "per_unit")) if layout in _DISCOUNTED else ""
    if layout in ("gross_net", "whole") and form == "per_unit":
        form = "amount"
    dialect = _dialect(pick, language)
    lines = sold(pick, pick.choice((6, 6, 8, 12, 30, 60)), form)
    columns: dict[str, Cells] = {
        "order": lambda line: line.order,
        "day": lambda line: line.day.strftime(dialect.day),
        "customer": lambda line: line.customer,
        "product": lambda line: line.product,
        **_columns(pick, layout, form, dialect, lines),
    }
    lying = pick.choice((0, 1, 1, 2, 3, 9))
    for role in pick.sample(list(columns), min(lying, len(columns))):
        # Nothing contradicts a name that speaks of something else where no equation holds: there names say nothing.
        lies = [name for name in _LIES[role] if layout in _PROVEN or number_role(name) in ("", *_SAME.get(role, ()))]
        names[role] = pick.choice(lies)
    _apart(names, columns)
    for number in range(pick.choice((0, 1, 1, 2, 3))):
        role = f"distract {number}"
        names[role], columns[role] = _distraction(pick, dialect, lines, number)
    _apart(names, columns)
    order = list(columns)
    pick.shuffle(order)
    proven = layout in _PROVEN and _tells(lines, form) and len(lines) >= 12 and not _open(lines, dialect)
    body = _written(lines, columns, names, order, ";" if dialect.comma else ",")
    # Which column counts the orders is nothing that arithmetic could prove: with lying names it is left open.
    known = all(names[role] == usual[role] for role in ("order", "day", "customer", "product"))
    orders = len({line.order for line in lines}) if known else None
    return Files(truth(lines, proven=proven, orders=orders), {"sales.csv": body}, f"hard {layout}")


def _apart(names: dict[str, str], columns: dict[str, Cells]) -> None:
    seen: set[str] = set()
    for role in columns:
        while names[role].lower() in seen:
            names[role] += " 2"
        seen.add(names[role].lower())


def _distraction(pick: random.Random, dialect: Dialect, lines: list[Line], number: int) -> tuple[str, Cells]:
    """A column that has nothing to do with the money of a line."""
    kind = pick.choice(("rating", "stock", "weight", "points", "list", "cost", "shipping", "index", "budget"))
    made: dict[int, str] = {}
    for line in lines:
        made[id(line)] = {
            "rating": str(pick.randint(1, 5)),
            "stock": str(pick.randint(0, 400)),
            "weight": _decimal(f"{pick.random() * 9:.3f}", dialect),
            "points": str(pick.randint(0, 60) * 10),
            "list": dialect.money(line.price + pick.choice((0, 100, 250))),
            "cost": dialect.money(line.price * 6 // 10 * line.quantity),
            "shipping": dialect.money(pick.choice((0, 495, 990))),
            "index": str(1000 + len(made)),
            "budget": dialect.money(pick.randint(1000, 90000)),
        }[kind]
    names = {"rating": "Rating", "stock": "Stock", "weight": "Weight", "points": "Points", "list": "List Price",
             "cost": "Cost", "shipping": "Shipping", "index": "Row", "budget": "Budget"}  # fmt: skip
    name = pick.choice((names[kind], f"n{number}", names[kind]))
    return name, lambda line: made[id(line)]
