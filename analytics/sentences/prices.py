"""Takeaways on prices and how units answer to them."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.amounts import money, share
from analytics.formats import count_of
from analytics.models.elasticity import Elasticity
from analytics.tables.prices import SamePrices


def prices(history: pl.DataFrame, currency: str, same: SamePrices | None, products: int) -> str:
    """What was paid a unit at both ends, and how deep discounts were. `same` are the prices of what was sold at both
    ends; of several `products` an average moves by what is sold as well."""
    if history["price"].count() < 2:
        return "Too few whole months with sales to show prices over time."
    known = history.filter(pl.col("price") > 0)
    if known.height < 2:
        return "Too few whole months have sales at a price above 0 to show prices over time."
    first, last = known.row(0, named=True), known.row(-1, named=True)
    change = last["price"] / first["price"] - 1
    paid = "Paid a unit" if products == 1 else "Paid a unit on average, whatever was sold"
    sentence = (
        f"{paid}: {money(first['price'], currency)} in {first['label']}, {money(last['price'], currency)} in "
        f"{last['label']} ({_moved(change)})"
    )
    if products > 1 and same is None:
        sentence += "; nothing was sold at a price in both"
    elif products > 1 and same is not None:
        sentence += f"; the prices of {count_of(same.products, 'product')} sold in both: {_moved(same.change)}"
    depth = known.drop_nulls("discount_rate")
    if depth.is_empty():
        return sentence + "."
    deep = depth.sort("discount_rate").row(-1, named=True)
    return f"{sentence}; deepest discount {share(deep['discount_rate'])} in {deep['label']}."


def _moved(change: float) -> str:
    text = formats.change_text(change, "count")
    return text if text[0] in "+-" else "unchanged"


def elasticity(elasticity: Elasticity, name: str) -> str:
    """How units answer to price, or why that cannot be told."""
    if elasticity.value is None or elasticity.low is None or elasticity.high is None:
        return f"{name}: not identifiable. {elasticity.reason[:1].upper()}{elasticity.reason[1:]}."
    if elasticity.low > 0:
        return (
            f"{name}: units rose with the price ({elasticity.low:.1f} to {elasticity.high:.1f}). Demand does "
            "not do that; "
            f"something else moved both, so do not reckon with it."
        )
    if elasticity.high >= 0:
        return (
            f"{name}: no clear answer to price; the elasticity lies between {elasticity.low:.1f} and "
            f"{elasticity.high:.1f} (from {count_of(elasticity.observations, 'item-month')})."
        )
    count = f"from {count_of(elasticity.observations, 'item-month')}"
    kind = (
        "elastic"
        if elasticity.high < -1
        else "inelastic"
        if elasticity.low > -1
        else "neither clearly elastic nor clearly inelastic"
    )
    return (
        f"{name}: a price 1% higher sells {abs(elasticity.value):.1f}% fewer units (95% interval "
        f"{abs(elasticity.high):.1f} to "
        f"{abs(elasticity.low):.1f}, {count}); demand is {kind}."
    )


def what_if(outcome: pl.DataFrame, change: float) -> str:
    """What another price would bring, always as a range."""
    by = {row["measure"]: row for row in outcome.to_dicts()}
    target = by.get("Profit", by["Revenue"])
    sure = target["low"] > target["now"] or target["high"] < target["now"]
    way = "more" if target["expected"] > target["now"] else "less"
    verdict = f"{way} than now anywhere inside that" if sure else "which may be more or less than now"
    return (
        f"Prices {formats.change_text(change, 'count')}: {target['measure'].lower()} between {target['low_text']} and "
        f"{target['high_text']} (now {target['now_text']}), {verdict}."
    )
