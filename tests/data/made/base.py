"""What the kinds share: a file's language and names, its cells as text, and what must come out."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.data.made.sold import Line, sold
from tests.data.made.words import COMMA, NAMES, OTHER_NAMES, ROLES, WORDS


@dataclass(frozen=True)
class Truth:
    """What a set of files comes to; None where a kind does not fix it. Money in currency units."""

    revenue: float
    units: float | None = None
    orders: int | None = None
    days: tuple[str, str] | None = None
    products: int | None = None
    customers: int | None = None
    returned: float | None = None
    currency: str | None = None
    members: Sequence[str] | None = None
    """Members that some dimension must have."""
    proven: bool = True
    """Whether the file proves its reading, so that a question is one too many."""


@dataclass
class Files:
    """Files by name, and the truth about them."""

    truth: Truth
    contents: dict[str, bytes] = field(default_factory=dict)
    kind: str = ""
    name: str = ""
    """Kind and seed, by which the same files are made again."""


Kind = Callable[["Maker"], Files]
KINDS: Final[dict[str, Kind]] = {}


def kind(function: Kind) -> Kind:
    """Register a kind under its function's name."""
    KINDS[function.__name__.strip("_")] = function
    return function


class Maker:
    """One random file: its language, names, numbers and lines."""

    def __init__(self, name: str, seed: int) -> None:
        self.pick = random.Random(f"{name} {seed}")
        self.language = self.pick.choice(sorted(NAMES))
        table = self.pick.choice((NAMES, OTHER_NAMES))[self.language]
        self.names = dict(zip(ROLES, table, strict=True))
        self.comma = self.language in COMMA and self.pick.random() < 0.8
        self.separator = ";" if self.comma else self.pick.choice((",", ",", "\t", ";"))
        self.day_form = self.pick.choice(("%Y-%m-%d", "%d.%m.%Y" if self.comma else "%Y/%m/%d"))

    def sold(self, fewest: int = 15, most: int = 60) -> list[Line]:
        """Lines without discounts."""
        return sold(self.pick, self.pick.randint(fewest, most), "")

    def word(self, what: str) -> str:
        """One of the language's words for something."""
        return self.pick.choice(WORDS[what][self.language])

    def money(self, cents: float) -> str:
        """An amount as the file writes it."""
        text = f"{abs(cents) / 100:.2f}"
        text = text.replace(".", ",") if self.comma else text
        return f"-{text}" if cents < 0 else text

    def day(self, line: Line) -> str:
        """The day of a line as the file writes it."""
        return line.day.strftime(self.day_form)

    def cells(self, line: Line) -> dict[str, str]:
        """The usual cells of a line, by role."""
        return {
            "order": line.order, "day": self.day(line), "customer": line.customer, "product": line.product,
            "quantity": str(line.quantity), "price": self.money(line.price), "amount": self.money(line.gross),
            "country": line.country,
        }  # fmt: skip

    def columns(self, *roles: str, keep: int = 0) -> list[str]:
        """Roles in a random order, the first `keep` where they are."""
        rest = list(roles[keep:])
        self.pick.shuffle(rest)
        return [*roles[:keep], *rest]

    def csv(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        """A table as text."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.pick.choice(("\n", "\r\n")))
        writer.writerow(header)
        writer.writerows(rows)
        return out.getvalue().encode(self.pick.choice(("utf-8", "utf-8-sig")))

    def table(self, roles: Sequence[str], rows: Sequence[dict[str, str]], **more: str) -> bytes:
        """Rows of cells by role under this file's names; `more` names further roles."""
        names = {**self.names, **more}
        return self.csv([names[role] for role in roles], [[row[role] for role in roles] for row in rows])


def truth(lines: Sequence[Line], **more: object) -> Truth:
    """What lines come to."""
    days = [line.day for line in lines]
    given: dict[str, object] = {
        "revenue": sum(line.net for line in lines) / 100, "units": sum(line.quantity for line in lines),
        "orders": len({line.order for line in lines}), "days": (str(min(days)), str(max(days))),
    }  # fmt: skip
    return Truth(**{**given, **more})  # type: ignore[arg-type]
