"""Takeaways on returns."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.amounts import money, share
from analytics.formats import count_of, numbered
from analytics.tables.returns import ReturnTables


def returns(returns: ReturnTables, currency: str) -> str:
    """How much came back, and which product does beyond what its neighbours lead one to expect."""
    if not returns.units:
        return "Nothing was returned in this view."
    rate = f", {share(returns.units / returns.sold)} of those sold" if returns.sold > 0 else ""
    units = f"{formats.text(returns.units, 'units', compact=False)} {numbered(returns.units, 'unit')}"
    sentence = f"{units} came back{rate}, worth {money(returns.amount, currency)}."
    beyond = returns.products.filter("beyond")
    if beyond.is_empty():
        return f"{sentence} No product comes back more than its neighbours beyond chance."
    top = beyond.row(0, named=True)
    return (
        f"{sentence} {top['member']} stands out: {top['text']} come back where {top['expected_text']} "
        "would be expected, "
        f"{money(top['excess'], currency)} lost beyond that."
    )


def lags(returns: ReturnTables) -> str:
    """How long it takes until goods come back."""
    if returns.median_days is None:
        return "The returns do not name their orders, so the time until they came back is not known."
    return f"Half of the units came back within {count_of(returns.median_days, 'day')}."


def reasons(table: pl.DataFrame, currency: str) -> str:
    """The reason that costs most."""
    if table.is_empty():
        return "The returns give no reasons."
    top = table.row(0, named=True)
    return f"{top['member']} costs most: {money(top['amount'], currency)}, {share(top['share'])} of the units returned."


def return_places(table: pl.DataFrame) -> str:
    """Where more comes back than elsewhere, beyond chance."""
    beyond = table.filter("beyond")
    if beyond.is_empty():
        return "No place returns more than the others beyond chance."
    top = beyond.row(0, named=True)
    return f"{top['member']} returns {top['text']}, where all others return {top['expected_text']}."
