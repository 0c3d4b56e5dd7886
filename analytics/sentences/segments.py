"""Takeaways of Segments."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from analytics.dates import day_text
from analytics.formats import count_of
from analytics.models.intervals import FEW
from analytics.sentences.words import amount, counted, percent
from analytics.tables.segments import rfm as rfm_tables

FIFTHS: Final = 5
"""Customers without whom a score has no fifths to give."""


def grid(groups: pl.DataFrame, currency: str) -> str:
    """The best group's size and share of net revenue, and the largest group. Takes `rfm.groups`."""
    people, money = int(groups["customers"].sum()), int(groups["money"].sum())
    if not people:
        return "No known customers bought up to this day."
    best = groups.filter(pl.col("group") == rfm_tables.GROUPS[0]).row(0, named=True)
    if people < FIFTHS:
        return f"{count_of(people, 'customer is', 'customers are')} too few to score by fifths: the groups say little."
    largest = groups.filter(pl.col("customers") == pl.col("customers").max())["group"].to_list()
    tail = f"; the largest group is {largest[0]} with {counted(int(groups['customers'].max()))}"  # type: ignore[arg-type]
    if len(largest) > 1:
        tail = f"; the largest groups have {counted(int(groups['customers'].max()))} each"  # type: ignore[arg-type]
    elif largest[0] == best["group"]:
        tail = ", the largest group"
    if not best["customers"]:
        return f"Nobody is a Champion, of {count_of(people, 'customer', compact=True)}{tail}."
    sentence = (
        f"{count_of(best['customers'], 'Champion', compact=True)} ({percent(best['customers'] / people)} of "
        f"{count_of(people, 'customer', compact=True)})"
    )
    if money > 0 and best["money"] >= 0:
        sentence += f" brought {percent(best['money'] / money)} of all net revenue"
    else:
        sentence += f" brought {amount(best['money'], currency)}"
    return f"{sentence}{tail}."


def migration(moves: pl.DataFrame, slipped: pl.DataFrame, earlier: date, currency: str) -> str:
    """How many slipped from buying lately to not, with the revenue at risk, and how many stayed or are new."""
    known = moves.filter(pl.col("from") != rfm_tables.NOT_YET)
    if known.is_empty():
        return f"Nobody had bought by {day_text(earlier)}."
    new = int(moves.filter(pl.col("from") == rfm_tables.NOT_YET)["customers"].sum())
    stayed = int(known.filter(pl.col("from") == pl.col("to"))["customers"].sum())
    total = int(known["customers"].sum())
    of = count_of(total, "customer", compact=True)
    who = f"{counted(slipped.height)} of {of}" if slipped.height else f"none of {of}" if total > 1 else "nobody"
    sentence = f"Since {day_text(earlier)}, {who} slipped"
    if slipped.height:
        sentence += (
            ": they were among those who bought lately then, and have bought nothing since. The "
            f"{amount(int(slipped['recent'].sum()), currency)} net that they brought in the year before is at risk"
        )
    sentence += f". {counted(stayed)} stayed in their group"
    return sentence + (f"; {count_of(new, 'customer is', 'customers are')} new since." if new else ".")


def actions(group: str, customers: int, money: int, currency: str) -> str:
    """A group's size, its net revenue, and what a shop does with it."""
    if not customers:
        return f"Nobody is in {group} on this day."
    who = count_of(customers, "customer", compact=True)
    return f"{who}, {amount(money, currency)} net revenue so far. {rfm_tables.ACTIONS[group]}"


def profile(rows: pl.DataFrame, group: str, inside: int) -> str:
    """What tells a group apart most. Takes `customer_views.profile`."""
    if inside < FEW:
        return f"{group} has {count_of(inside, 'customer')}, fewer than {FEW}: a comparison would be mostly chance."
    if rows.is_empty():
        return f"Nothing tells {group} apart from the other customers beyond chance."
    top = rows.row(0, named=True)
    sentences = []
    if top["times"] > 1:
        sentences.append(f"most over-represented is {top['member']} ({top['share_text']} against {top['others_text']})")
    low = rows.row(-1, named=True)
    if low["times"] < 1:
        sentences.append(
            f"most under-represented is {low['member']} ({low['share_text']} against {low['others_text']})"
        )
    return f"In {group}, {', '.join(sentences)}."


def slipped(count: int) -> str:
    """How many customers slipped."""
    who = count_of(count, "customer", compact=True)
    return "Nobody slipped." if not count else f"{who}, those who brought most first." if count > 1 else f"{who}."


def draft(customers: int, money: int, rule: str, currency: str) -> str:
    """How many customers a segment holds, what they brought, and its rule in words."""
    return f"{count_of(customers, 'customer')}, {amount(money, currency)} net revenue: {rule}."
