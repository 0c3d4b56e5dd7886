"""A way to read the money of order lines: which columns make it, and what it comes to on every row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from data.understanding.relations import Numbers, Relation, Sheet


@dataclass(eq=False)
class MoneyReading:
    """One way, with all that speaks for and against it."""

    base: tuple[str, ...]
    """(quantity, price of one unit), or the one column of the line's money."""
    quantity: str
    """Column of the units; empty where each line counts as one."""
    gross: Numbers
    """Money before the discount, without tax."""
    revenue: Numbers
    """Money after it."""
    off: Numbers
    """The discount in money."""
    discounts: tuple[str, ...] = ()
    form: str = "amount"
    """`amount`, `rate`, `percent` or `per_unit`."""
    netted: bool = False
    """Whether the base is what the discount left."""
    negated: bool = False
    """Whether discounts are written below zero."""
    tax: str = ""
    """Column of the tax that the base holds."""
    tax_form: str = "amount"
    unsure: bool = False
    """Whether nothing but the looks of a nameless column says that it is a discount."""
    once: bool = False
    """Whether the base stands once for an order, on each of its lines."""
    score: float = 0.0
    proofs: list[Relation] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    explained: dict[str, str] = field(default_factory=dict)
    """Column -> what it is in this way."""
    unexplained: dict[str, float] = field(default_factory=dict)
    """Column -> how much it speaks against the way."""
    taxes: list[str] = field(default_factory=list)
    rates: list[str] = field(default_factory=list)
    order_totals: list[str] = field(default_factory=list)
    unit_cost: str = ""
    rate: str = ""
    """Column of rates of exchange that the base is converted by already."""

    @property
    def has_discount(self) -> bool:
        """Whether there is a discount in it."""
        return bool(self.discounts)

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that it is made of."""
        return tuple(name for name in (*self.base, self.quantity, *self.discounts, self.tax) if name)

    @property
    def gross_formula(self) -> str:
        """The money before the discount, in words."""
        text = " x ".join(self.base)
        text = f"{text} without {self.tax}" if self.tax else text
        if self.netted and self.has_discount:
            return f"{text} + {' + '.join(self.discounts)}"
        return f"{text} once an order" if self.once else text

    @property
    def formula(self) -> str:
        """The money of a line, in words."""
        text = " x ".join(self.base)
        text = f"{text} without {self.tax}" if self.tax else text
        if not self.has_discount:
            return f"{text} once an order" if self.once else text
        named = " - ".join(self.discounts)
        if self.netted:
            return f"{text} (after {named})"
        # 'Discount %' bears its sign already.
        form = "" if self.form == "percent" and named.endswith("%") else _FORMS[self.form]
        return f"{text} - {named}{form}"

    def units(self, sheet: Sheet) -> Numbers | None:
        """The units of each line, None where each counts as one."""
        return sheet.columns[self.quantity] if self.quantity else None

    @property
    def proven(self) -> bool:
        """Whether equations prove it."""
        return any(proof.proves for proof in self.proofs)

    def total(self) -> float:
        """The revenue of all rows."""
        return float(np.nansum(self.revenue))


_FORMS = {"amount": "", "rate": " (a share)", "percent": " %", "per_unit": " a unit"}


def fresh(way: MoneyReading, **changed: object) -> MoneyReading:
    """A way with lists of its own."""
    own: dict[str, object] = {"proofs": [], "hints": list(way.hints), "explained": {}, "unexplained": {}}
    own |= {"taxes": [], "rates": [], "order_totals": []}
    return replace(way, **{**own, **changed})  # type: ignore[arg-type]
