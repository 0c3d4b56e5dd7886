"""Takeaways on how revenue, orders and days spread over customers."""

from __future__ import annotations

import polars as pl

from analytics.formats import count_of, numbered
from analytics.sentences.words import percent
from analytics.tables.concentration import Concentration


def concentration(concentration: Concentration) -> str:
    """The share of the best 1, 5, 10 and 20 % with the Gini coefficient."""
    if not concentration.customers:
        return "No known customers bought in this view."
    if concentration.gini is None:
        return "Known customers brought nothing, or some less than nothing, in this view, so there are no shares of it."
    if concentration.customers == 1:
        return "Only one known customer bought in this view: all known revenue is theirs."
    parts = [f"top {top}%: {percent(share)}" for top, share in concentration.shares.items()]
    alike = round(1 / concentration.hhi) if concentration.hhi else 0
    return (
        f"Of {count_of(concentration.customers, 'customer', compact=True)}, {', '.join(parts)} of known revenue. Gini "
        f"{concentration.gini:.2f}; as concentrated as {count_of(alike, 'customer', compact=True)} of equal size."
    )


def orders_per_customer(rows: pl.DataFrame) -> str:
    """How many ordered once, and what the others bring. Takes `concentration.orders_per_customer`."""
    people, money = int(rows["customers"].sum()), int(rows["revenue"].sum())
    if not people:
        return "No known customers bought in this view."
    once = rows.row(0, named=True)
    if people == 1:
        return f"The only known customer ordered {'once' if once['customers'] else 'more than once'} in this view."
    of = count_of(people, "customer", compact=True)
    sentence = f"{percent(once['customers'] / people)} of {of} ordered once in this view"
    return (
        f"{sentence} and brought {percent(once['revenue'] / money)} of known revenue." if money > 0 else f"{sentence}."
    )


def gaps(count: int, middle: int | None, lapse: int | None) -> str:
    """The median and the 90th percentile of the days between purchases."""
    if not count or middle is None:
        return "Nobody bought on two days, so there is no gap to measure."
    known = count_of(count, "gap", compact=True)
    if lapse is None:
        return f"{known} between purchases {numbered(count, 'is', 'are')} too few to say when a customer has lapsed."
    return (
        f"Half of {known} are {count_of(middle, 'day')} or shorter and 90% are {lapse:,} or shorter: a customer away "
        f"for more than {count_of(lapse, 'day')} counts as lapsed."
    )
