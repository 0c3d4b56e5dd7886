"""Sentences of the Products and pricing page: what to sell, at what price, and what comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from analytics import formats
from analytics.amounts import money, share
from analytics.models.elasticity import Elasticity
from analytics.tables.returns import Returns


def abc(classes: pl.DataFrame, plural: str) -> str:
    """How few items make most of the revenue."""
    by = {row["abc"]: row for row in classes.to_dicts()}
    items = int(classes["items"].sum())
    if not items:
        return "Nothing was sold in this view."
    first, last = by["A"], by["C"]
    return (
        f"{first['items']:,} of {items:,} {plural} ({share(first['items_share'])}) make {share(first['share'])} of the "
        f"revenue; the {last['items']:,} in class C make {share(last['share'])}."
    )


def matrix(table: pl.DataFrame, plural: str, currency: str) -> str:
    """The largest that gains and the largest that loses on the rest."""
    if table.is_empty():
        return f"No {plural} were sold in both periods."
    said = []
    for word, rows in (("gains", table.filter(pl.col("gain") > 0)), ("loses", table.filter(pl.col("gain") <= 0))):
        if rows.height:
            top = rows.row(0, named=True)
            shown = f"{money(top['revenue'], currency)}, {top['change_text']}"
            said.append(f"{top['member']} ({shown}) is the largest that {word}")
    return "; ".join(said) + " on the rest."


def profit(table: pl.DataFrame, plural: str, currency: str) -> str:
    """What sells below cost, or the thinnest margin where nothing does."""
    if table.is_empty():
        return "Nothing was sold in this view."
    losing = table.filter(pl.col("profit") < 0)
    if losing.is_empty():
        thin = table.drop_nulls("margin").sort("margin")
        if thin.is_empty():
            return f"None of the {plural} loses money."
        low = thin.row(0, named=True)
        return f"None of the {plural} loses money; {low['member']} has the thinnest margin ({share(low['margin'])})."
    top, lost = losing.row(0, named=True), money(-float(losing["profit"].sum()), currency)
    return (
        f"{losing.height:,} of {table.height:,} {plural} lose money, {lost} in all. "
        f"Most: {top['member']} ({money(top['profit'], currency)} on {money(top['revenue'], currency)})."
    )


def product_life(stages: pl.DataFrame, life: pl.DataFrame, currency: str) -> str:
    """How many products were launched and discontinued, with the largest of each."""
    counts = dict(stages.select("stage", "items").iter_rows())
    said = []
    for row in _largest(life, "Launched", "revenue"):
        brought = f"{row['member']} brought {money(row['revenue'], currency)} (first sold {_day(row['first_day'])})"
        said.append(f"{counts['Launched']:,} launched: {brought}")
    for row in _largest(life, "Discontinued", "revenue_base"):
        lost = f" brought {money(row['revenue_base'], currency)} in the base period" if row["revenue_base"] else ""
        ended = f"{row['member']}{lost} (last sold {_day(row['last_day'])})"
        said.append(f"{counts['Discontinued']:,} discontinued: {ended}")
    said = said or ["none launched or discontinued"]
    told = "; ".join(said)
    beyond = f"{counts['Growing']:,} grow and {counts['Declining']:,} decline beyond chance"
    if life["revenue_base"].is_null().all():
        beyond = "What grows and declines cannot be told without a period to compare with"
    return f"{told[0].upper()}{told[1:]}. {beyond}."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def affinity(table: pl.DataFrame, orders: int, least: int) -> str:
    """The pair that is bought together most beyond chance."""
    known = table.filter(pl.col("least_lift") > 1)
    if known.is_empty():
        return (
            f"No two are on the same order more often than chance, of those on {least:,} of {orders:,} orders or more."
        )
    top = known.row(0, named=True)
    return (
        f"Who buys {top['item']} takes {top['offer']} along on {share(top['confidence'])} of orders, "
        f"{top['lift']:,.1f} times as often as others do ({top['both']:,} orders with both)."
    )


def offers(table: pl.DataFrame, item: str) -> str:
    """What to offer with one item."""
    known = table.filter(pl.col("least_lift") > 1)
    if table.is_empty():
        return f"Nothing is often enough on the same order as {item} to say. Ask for a smaller share of orders."
    if known.is_empty():
        return f"Nothing goes with {item} beyond chance."
    named = ", ".join(f"{row['offer']} ({row['lift']:,.1f}×)" for row in known.head(3).to_dicts())
    return f"With {item}, offer {named}."


def prices(history: pl.DataFrame, currency: str) -> str:
    """What was paid a unit at both ends, and how deep discounts were."""
    known = history.drop_nulls("price")
    if known.height < 2:
        return "Too few whole months with sales to show prices over time."
    first, last = known.row(0, named=True), known.row(-1, named=True)
    change = last["price"] / first["price"] - 1 if first["price"] else None
    said = (
        f"Paid a unit: {money(first['price'], currency)} in {first['label']}, {money(last['price'], currency)} in "
        f"{last['label']} ({formats.change_text(change, 'count')})"
    )
    depth = known.drop_nulls("discount_rate")
    if depth.is_empty():
        return said + "."
    deep = depth.sort("discount_rate").row(-1, named=True)
    return f"{said}; deepest discount {share(deep['discount_rate'])} in {deep['label']}."


def elasticity(found: Elasticity, name: str) -> str:
    """How units answer to price, or why that cannot be told."""
    if found.value is None or found.low is None or found.high is None:
        return f"{name}: not identifiable. {found.reason[:1].upper()}{found.reason[1:]}."
    if found.low > 0:
        return (
            f"{name}: units rose with the price ({found.low:.1f} to {found.high:.1f}). Demand does not do that; "
            f"something else moved both, so do not reckon with it."
        )
    if found.high >= 0:
        return (
            f"{name}: no clear answer to price; the elasticity lies between {found.low:.1f} and {found.high:.1f} (from "
            f"{found.observations:,} item-months)."
        )
    count = f"from {found.observations:,} item-months"
    kind = (
        "elastic"
        if found.high < -1
        else "inelastic"
        if found.low > -1
        else "neither clearly elastic nor clearly inelastic"
    )
    return (
        f"{name}: a price 1% higher sells {abs(found.value):.1f}% fewer units (95 % interval {abs(found.high):.1f} to "
        f"{abs(found.low):.1f}, {count}); demand is {kind}."
    )


def what_if(outcome: pl.DataFrame, change: float, currency: str) -> str:
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


def returns(found: Returns, currency: str) -> str:
    """How much came back, and which product does beyond what its neighbours lead one to expect."""
    if not found.units:
        return "Nothing was returned in this view."
    rate = share(found.units / found.sold) if found.sold else "–"
    said = f"{found.units:,} units came back, {rate} of those sold, worth {money(found.amount, currency)}."
    beyond = found.products.filter("beyond")
    if beyond.is_empty():
        return f"{said} No product comes back more than its neighbours beyond chance."
    top = beyond.row(0, named=True)
    return (
        f"{said} {top['member']} stands out: {top['text']} come back where {top['expected_text']} would be expected, "
        f"{money(top['excess'], currency)} lost beyond that."
    )


def lags(found: Returns) -> str:
    """How long it takes until goods come back."""
    if found.median_days is None:
        return "The returns do not name their orders, so the time until they came back is not known."
    return f"Half of the units came back within {found.median_days:,.0f} days."


def reasons(table: pl.DataFrame, currency: str) -> str:
    """The reason that costs most."""
    if table.is_empty():
        return "The returns give no reasons."
    top = table.row(0, named=True)
    return f"{top['member']} costs most: {money(top['amount'], currency)}, {share(top['share'])} of the units returned."


def return_places(table: pl.DataFrame) -> str:
    """Where more comes back than elsewhere, beyond chance."""
    beyond = table.filter(pl.col("low") > pl.col("expected"))
    if beyond.is_empty():
        return "No place returns more than the others beyond chance."
    top = beyond.row(0, named=True)
    return f"{top['member']} returns {top['text']}, where all others return {top['expected_text']}."


def product_findings(
    losing: pl.DataFrame,
    life: pl.DataFrame,
    found: Returns | None,
    pairs: pl.DataFrame,
    groups: pl.DataFrame,
    currency: str,
) -> list[str]:
    """At most five findings, one of each kind, those with the most money first: what loses money, was launched, ended,
    comes back, answers to price, is bought together. Each frame has its largest first."""
    said: list[tuple[float, str]] = []
    for row in losing.filter(pl.col("profit") < 0).sort("profit").head(1).to_dicts():
        lost = f"Sold below cost: {row['member']}, {money(row['revenue'], currency)} of revenue lost"
        said.append((-row["profit"], f"{lost} {money(-row['profit'], currency)}."))
    for row in _largest(life, "Launched", "revenue"):
        amount = money(row["revenue"], currency)
        launched = f"{row['member']} was launched: first sold {_day(row['first_day'])}, {amount} since."
        said.append((row["revenue"], launched))
    for row in _largest(life, "Discontinued", "revenue_base"):
        lost = row["revenue_base"]
        tail = f", {money(lost, currency)} in the compared period" if lost else ""
        said.append((lost or 0.0, f"{row['member']} is no longer sold: last on {_day(row['last_day'])}{tail}."))
    if found is not None:
        for row in found.products.filter("beyond").head(1).to_dicts():
            rate = (
                f"{row['member']} comes back too often: {row['text']} of units, where its neighbours' rate leads one to"
            )
            said.append(
                (row["excess"], f"{rate} expect {row['expected_text']}; {money(row['excess'], currency)} lost.")
            )
    said.sort(key=lambda item: -item[0])
    out = [text for _, text in said]
    for row in pairs.filter(pl.col("least_lift") > 1).head(1).to_dicts():
        out.append(
            f"Offer {row['offer']} with {row['item']}: {share(row['confidence'])} of its orders take it along, "
            f"{row['lift']:,.1f} times the usual."
        )
    for row in groups.filter(pl.col("high") < -1).head(1).to_dicts():
        out.append(f"{row['member']} answers to price most surely: elasticity {row['text']}.")
    return out[:5]


def _largest(life: pl.DataFrame, stage: str, column: str) -> list[dict[str, Any]]:
    rows = life.filter(pl.col("stage") == stage).sort(column, "member", descending=[True, False], nulls_last=True)
    return rows.head(1).to_dicts()
