"""Texts of numbers as an import's report and its notes write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from analytics.dataset import MONEY_SCALE


def money(amount: int) -> str:
    """Ten-thousandths as text with two decimals."""
    return f"{(Decimal(amount) / MONEY_SCALE).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
