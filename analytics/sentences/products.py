"""Takeaways of Products: what to sell."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.amounts import money, share
from analytics.dates import day_text
from analytics.formats import numbered
from analytics.sentences.words import times
from analytics.tables.returns import ReturnTables


def abc(classes: pl.DataFrame, plural: str) -> str:
    """How few items make most of the revenue."""
    by = {row["abc"]: row for row in classes.to_dicts()}
    items = int(classes["items"].sum())
    if not items:
        return "Nothing was sold in this view."
    first, last = by["A"], by["C"]
    if last["items"] == items:
        return f"None of the {plural} sold in this view brought revenue above 0."
    if items == 1:
        return f"Only one of the {plural} was sold in this view: all revenue is its own."
    return (
        f"{first['items']:,} of {items:,} {plural} ({share(first['items_share'])}) "
        f"{numbered(first['items'], 'makes', 'make')} {share(first['share'])} of the revenue; the {last['items']:,} in "
        f"class C {numbered(last['items'], 'makes', 'make')} {share(last['share'])}."
    )


def matrix(table: pl.DataFrame, plural: str, currency: str) -> str:
    """The largest that gains and the largest that loses on the rest."""
    if table.is_empty():
        return f"None of the {plural} brought revenue above 0 in both periods."
    if table.height == 1:
        only = table.row(0, named=True)
        text = f"{money(only['revenue'], currency)}, {only['change_text']}"
        return f"{only['member']} is the only one of the {plural} with revenue above 0 in both periods ({text})."
    sentences = []
    gain = pl.col("gain").round(9)  # what grew like the whole is off by a bit of its last digit
    for word, rows in (("gains", table.filter(gain > 0)), ("loses", table.filter(gain < 0))):
        if rows.height:
            top = rows.row(0, named=True)
            text = f"{money(top['revenue'], currency)}, {top['change_text']}"
            sentences.append(f"{top['member']} ({text}) is the largest that {word}")
    return (
        "; ".join(sentences) + " on the rest."
        if sentences
        else f"All {plural} with revenue in both periods grew alike."
    )


def profit(table: pl.DataFrame, plural: str, currency: str) -> str:
    """What sells below cost, or the thinnest margin where nothing does."""
    if table.is_empty():
        return "Nothing was sold in this view."
    losing = table.filter(pl.col("profit") < 0)
    if losing.is_empty():
        thin = table.drop_nulls("margin").sort("margin")
        if thin.is_empty():
            return f"None of the {plural} loses money."
        low, least = thin.row(0, named=True), share(thin["margin"][0])
        if table.height == 1:
            return f"{low['member']}, the only one of the {plural} sold, has a margin of {least}."
        if share(thin["margin"][-1]) == least:
            return f"None of the {plural} loses money; their margin is {least} each."
        return f"None of the {plural} loses money; {low['member']} has the thinnest margin ({least})."
    top, lost = losing.row(0, named=True), money(-float(losing["profit"].sum()), currency)
    if table.height == 1:
        on = money(top["revenue"], currency)
        return f"{top['member']}, the only one of the {plural} sold, loses money: {lost} on {on}."
    if losing.height == table.height:
        who = f"All {table.height:,} {plural} lose"
    else:
        who = f"{losing.height:,} of {table.height:,} {plural} {numbered(losing.height, 'loses', 'lose')}"
    most = f"{top['member']} ({money(top['profit'], currency)} on {money(top['revenue'], currency)})"
    return f"{who} money, {lost} in all. Most: {most}."


def product_life(stages: pl.DataFrame, life: pl.DataFrame, currency: str) -> str:
    """How many products were launched and discontinued, with the largest of each."""
    if life.is_empty():
        return "Nothing was sold in this view, nor in what it is compared with."
    counts = dict(stages.select("stage", "items").iter_rows())
    sentences = []
    for row in _largest(life, "Launched", "revenue"):
        brought = f"{row['member']} brought {money(row['revenue'], currency)} (first sold {day_text(row['first_day'])})"
        sentences.append(f"{counts['Launched']:,} launched: {brought}")
    for row in _largest(life, "Discontinued", "revenue_base"):
        lost = f" brought {money(row['revenue_base'], currency)} in the base period" if row["revenue_base"] else ""
        ended = f"{row['member']}{lost} (last sold {day_text(row['last_day'])})"
        sentences.append(f"{counts['Discontinued']:,} discontinued: {ended}")
    sentences = sentences or ["none launched or discontinued"]
    message = "; ".join(sentences)
    up, down = counts["Growing"], counts["Declining"]
    grow, decline = numbered(up, "grows", "grow"), numbered(down, "declines", "decline")
    beyond = f"{up:,} {grow} and {down:,} {decline} beyond chance"
    if life["revenue_base"].is_null().all():
        beyond = "What grows and declines cannot be told without a period to compare with"
    return f"{message[0].upper()}{message[1:]}. {beyond}."


def product_findings(
    losing: pl.DataFrame,
    life: pl.DataFrame,
    returns: ReturnTables | None,
    pairs: pl.DataFrame,
    groups: pl.DataFrame,
    currency: str,
) -> list[str]:
    """At most five findings, one of each kind, those with the most money first: what loses money, was launched, ended,
    comes back, answers to price, is bought together. Each frame has its largest first."""
    sentences: list[tuple[float, str]] = []
    for row in losing.filter(pl.col("profit") < 0).sort("profit").head(1).to_dicts():
        lost = f"Sold below cost: {row['member']} lost {money(-row['profit'], currency)}"
        sentences.append((-row["profit"], f"{lost} on {money(row['revenue'], currency)} of revenue."))
    for row in _largest(life, "Launched", "revenue"):
        amount = money(row["revenue"], currency)
        launched = f"{row['member']} was launched: first sold {day_text(row['first_day'])}, {amount} since."
        sentences.append((row["revenue"], launched))
    for row in _largest(life, "Discontinued", "revenue_base"):
        lost = row["revenue_base"]
        tail = f", {money(lost, currency)} in the compared period" if lost else ""
        sentences.append(
            (lost or 0.0, f"{row['member']} is no longer sold: last on {day_text(row['last_day'])}{tail}.")
        )
    if returns is not None:
        for row in returns.products.filter("beyond").head(1).to_dicts():
            rate = (
                f"{row['member']} comes back too often: {row['text']} of units, where its neighbours' rate leads one to"
            )
            sentences.append(
                (row["excess"], f"{rate} expect {row['expected_text']}; {money(row['excess'], currency)} lost.")
            )
    sentences.sort(key=lambda item: -item[0])
    out = [text for _, text in sentences]
    for row in pairs.filter("beyond").head(1).to_dicts():
        out.append(
            f"Offer {row['offer']} with {row['item']}: {share(row['confidence'])} of its orders take it along, "
            f"{times(row['lift'])} times the share of all orders."
        )
    for row in groups.filter("elastic").sort("chance", "value", "member").head(1).to_dicts():
        out.append(f"{row['member']} answers to price most surely: elasticity {row['text']}.")
    return out[:5]


def _largest(life: pl.DataFrame, stage: str, column: str) -> list[dict[str, Any]]:
    rows = life.filter(pl.col("stage") == stage).sort(column, "member", descending=[True, False], nulls_last=True)
    return rows.head(1).to_dicts()
