"""Amounts as sentences say them."""

from __future__ import annotations

from analytics import formats


def money(amount: float, currency: str) -> str:
    """An amount, short."""
    return formats.text(amount, "money", currency)


def signed(amount: float, currency: str) -> str:
    """A difference of money, short."""
    return formats.signed_text(amount, "money", currency)


def share(part: float | None) -> str:
    """A share of a change: `56.0%`."""
    return formats.text(part, "share")
