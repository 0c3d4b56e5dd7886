"""Policies: what a recipe chooses, for the rules that leave a choice and for what the source leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from data.rules.table import RULES, SET_ASIDE

_DECISIONS: Final[Mapping[str, tuple[str, ...]]] = {
    # Lines without order numbers: what a customer bought on one day is an order, or each row, or each day.
    "no_order": ("customer_day", "row", "day"),
    # Money off the line, off one unit, a share (0.1) or one in hundredths (10). Each is taken off the revenue; with
    # `netted` in front (`netted` alone is an amount) it is off already.
    "discount": (
        *("amount", "rate", "percent", "per_unit"),
        *("netted", "netted_rate", "netted_percent", "netted_per_unit"),
    ),
    # Tax that is inside the revenue: money, or a rate or percent of the revenue without it.
    "included_tax": ("amount", "rate", "percent"),
    # An order number on several days is one order, or one for each day.
    "order_days": ("earliest", "split"),
    # Lines without a quantity column stop the import, or are one unit each.
    "no_quantity": ("error", "one_unit"),
    # A date or number that cannot be read stops the import, or sets its row aside.
    "unreadable": ("error", SET_ASIDE),
}
"""Decisions beside the rules -> the words that a recipe may say, the default first."""

POLICIES: Final[Mapping[str, tuple[str, ...]]] = {
    **{rule.name: rule.options for rule in RULES.values() if rule.options},
    **_DECISIONS,
}
"""Policy -> the words that a recipe may say."""

DEFAULTS: Final[Mapping[str, str]] = {
    **{rule.name: rule.default for rule in RULES.values() if rule.options},
    **{name: words[0] for name, words in _DECISIONS.items()},
}
"""Policy -> the word of a recipe that says none."""

LABELS: Final[Mapping[str, str]] = {
    "none": "Keep, without a customer",
    "keep": "Keep",
    SET_ASIDE: "Set aside",
    "returns": "Turn into returns",
    "net": "Net against the order",
    "swap_back": "Swap day and month back",
}
"""What a choice that a rule leaves is called."""


class Policies(Mapping[str, str]):
    """Policy -> the word that counts: the one that was chosen, or the default."""

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self._words = {**DEFAULTS, **(chosen or {})}

    def __getitem__(self, name: str) -> str:
        return self._words[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __repr__(self) -> str:
        return f"Policies({self.chosen()!r})"

    def but(self, changed: Mapping[str, str]) -> Policies:
        """The same with other words for some."""
        return Policies({**self, **changed})

    def chosen(self) -> dict[str, str]:
        """Those that differ from the default."""
        return {name: word for name, word in self.items() if word != DEFAULTS[name]}
