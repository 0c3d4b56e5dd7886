"""Takeaways on one customer."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.amounts import money, share
from analytics.dataset import Calendar
from analytics.dates import day_text
from analytics.formats import count_of
from analytics.grains import label


def over_time(table: pl.DataFrame, grain: str, calendar: Calendar, currency: str) -> str:
    """In how many months or quarters a customer bought, and in which most. Takes `customer.orders_over_time`."""
    bought = table.filter(pl.col("orders") > 0)
    best = bought.sort("revenue", "start").row(-1, named=True)
    name, amount = label(best["start"], grain, calendar), money(best["revenue"], currency)
    if table.height == 1:
        return f"Bought in the only {grain} there is, {name}, for {amount}."
    return f"Bought in {bought.height:,} of {count_of(table.height, grain)}; most in {name} ({amount})."


def spent_on(table: pl.DataFrame, plural: str, currency: str) -> str:
    """What a customer spends most on. Takes `customer.spent_on`."""
    first, total = table.row(0, named=True), float(table["revenue"].sum())
    amount = money(first["revenue"], currency)
    if table.height == 1:
        return f"{first['member']} is the only one of the {plural} they bought, for {amount}."
    # Where something was bought for less than nothing, the parts are no shares of the whole.
    adds_up = total > 0 and float(table["revenue"].min()) >= 0  # type: ignore[arg-type]
    part = f", {share(first['revenue'] / total)} of their revenue" if adds_up else ""
    return f"{first['member']} leads with {amount}{part}, of {table.height:,} {plural}."


def rhythm(gaps: Sequence[int], since: int) -> str:
    """The mean, the shortest and the longest of the days between purchases, and for how long a customer is away."""
    usual, away = sum(gaps) / len(gaps), f"Now {count_of(since, 'day')} away"
    beside = f"{away}, {since / usual:,.1f} times the usual." if usual else f"{away}."
    if len(gaps) == 1:
        return f"Bought on two days, {count_of(gaps[0], 'day')} apart. {beside}"
    span = f", from {min(gaps):,} to {max(gaps):,}" if min(gaps) < max(gaps) else ""
    every = "on average" if span else "each time"
    return f"Bought again after {count_of(usual, 'day')} {every}{span}. {beside}"


def order_lines(count: int, most: int) -> str:
    """How many order lines there are, and how many of them are shown."""
    sentence = f"{count_of(count, 'line')}, latest first."
    return f"{sentence} Shown are {most:,}; the CSV has all." if count > most else sentence


def scores(rows: pl.DataFrame) -> str:
    """How a customer's group changed. Takes `customer_detail.scores`."""
    if rows.is_empty():
        return "No scores yet."
    now, first = rows.row(-1, named=True), rows.row(0, named=True)
    sentence = f"{now['group']} on {day_text(now['day'])} (R {now['r']}, F {now['f']}, M {now['m']})"
    if rows.height > 1 and first["group"] != now["group"]:
        return f"{sentence}; {first['group']} on {day_text(first['day'])}."
    return f"{sentence}, as on {day_text(first['day'])}." if rows.height > 1 else f"{sentence}."
