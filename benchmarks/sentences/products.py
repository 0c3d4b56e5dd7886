"""Readers of Products: what makes the revenue, grows, is new or gone, and loses money."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

import polars as pl

from analytics import dimensions
from analytics.dates import day_text
from analytics.periods import Period
from benchmarks.sentences import prices, returns
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.texts import matches


def pareto(case: Case, text: str, level: str) -> None:
    """How few items make most of the revenue: the item that crosses a boundary belongs to the higher class."""
    values = case.twin.members("revenue", level, case.where, case.now)
    there = case.twin.sold(level, case.where, case.now)
    sold = sorted(((value or Fraction(0), name) for name, value in values.items() if name in there), reverse=True)
    if text.startswith("Nothing was sold"):
        case.claim(not sold, "something was sold")
        return
    plural = dimensions.dimension(level, case.twin.data).plural
    if text == f"None of the {plural} sold in this view brought revenue above 0.":
        case.claim(bool(sold) and sold[0][0] <= 0, "one did")
        return
    if text.startswith(f"Only one of the {plural} was sold"):
        case.claim(len(sold) == 1, "there are others")
        return
    count, of, share, verb, makes, rest, verb_c, left = taken(
        rf"{A} of {A} {plural} \({A}\) (makes?) {A} of the revenue; the {A} in class C (makes?) {A}\.", text
    )
    total = sum((value for value, _ in sold), Fraction(0))
    classes: dict[str, list[Fraction]] = {"A": [], "B": [], "C": []}
    running = Fraction(0)
    for value, _ in sold:
        before, running = running, running + value
        name = "C" if value <= 0 else "A" if before < total * 80 / 100 else "B" if before < total * 95 / 100 else "C"
        classes[name].append(value)
    case.number(of, len(sold), "items")
    case.number(count, len(classes["A"]), "class A")
    case.number(share, Fraction(len(classes["A"]), len(sold)), "class A's part of items")
    case.number(makes, sum(classes["A"]) / total if total else None, "class A's share")
    case.number(rest, len(classes["C"]), "class C")
    case.number(left, sum(classes["C"]) / total if total else None, "class C's share")
    for one, key in ((verb, "A"), (verb_c, "C")):
        case.claim((one == "makes") == (len(classes[key]) == 1), "number of the verb")


def profits(case: Case, text: str, level: str) -> None:
    """What sells below cost, or the thinnest margin where nothing does."""
    by = {name: case.twin.members(name, level, case.where, case.now) for name in ("profit", "revenue", "margin")}
    there = case.twin.sold(level, case.where, case.now)
    known = {name: value or Fraction(0) for name, value in by["profit"].items() if name in there}
    losing = {name: value for name, value in known.items() if value < 0}
    plural = dimensions.dimension(level, case.twin.data).plural
    if text.startswith("Nothing was sold"):
        case.claim(not known, "something was sold")
    elif text.startswith("None of the"):
        case.claim(not losing, "something loses money")
        if "thinnest" in text:
            who, margin = taken(rf"None of the {plural} loses money; {NAME} has the thinnest margin \({A}\)\.", text)
            case.claim(extreme(by["margin"], who, high=False), f"{who} is not the thinnest")
            case.number(margin, by["margin"].get(who), who)
        elif "their margin is" in text:
            (margin,) = taken(rf"None of the {plural} loses money; their margin is {A} each\.", text)
            for who, truth in by["margin"].items():
                case.claim(truth is None or matches(margin, truth), f"{who} has another")
    elif " has a margin of " in text:
        who, margin = taken(rf"{NAME}, the only one of the {plural} sold, has a margin of {A}\.", text)
        case.claim(list(known) == [who] and not losing, "there are others, or it loses")
        case.number(margin, by["margin"].get(who), who)
    elif ", the only one of the " in text:
        who, lost, on = taken(rf"{NAME}, the only one of the {plural} sold, loses money: {A} on {A}\.", text)
        case.claim(list(known) == [who] and known[who] < 0, "there are others, or none loses")
        case.number(lost, -known[who], "lost")
        case.number(on, by["revenue"].get(who), who)
    else:
        count, of, verb, lost, who, worst, on = taken(
            rf"(?:All|{A} of) {A} {plural} (loses?) money, {A} in all\. Most: {NAME} \({A} on {A}\)\.", text
        )
        case.number(count or of, len(losing), "losing")
        case.number(of, len(known), "items")
        case.claim((verb == "loses") == (len(losing) == 1), "number of the verb")
        case.number(lost, -sum(losing.values(), Fraction(0)), "lost")
        case.claim(extreme(dict(losing), who, high=False), f"{who} does not lose most")
        case.number(worst, losing.get(who), who)
        case.number(on, by["revenue"].get(who), who)


def matrix(case: Case, text: str, level: str) -> None:
    """The largest item that grew more than all of them together, and the largest that grew less."""
    base = case.filters.base
    assert base is not None
    now, then = (case.twin.members("revenue", level, case.where, span) for span in (case.now, base))
    both = {name: (now.get(name) or Fraction(0), was) for name, was in then.items() if (was or 0) > 0}
    both = {name: (one, was) for name, (one, was) in both.items() if one > 0 and was}
    plural = dimensions.dimension(level, case.twin.data).plural
    if text == f"None of the {plural} brought revenue above 0 in both periods.":
        case.claim(not both, "some were")
        return
    growth = {name: one / was - 1 for name, (one, was) in both.items() if was}
    whole = sum((one for one, _ in both.values()), Fraction(0)) / sum(
        (was or 0 for _, was in both.values()), Fraction(0)
    )
    if " is the only one of the " in text:
        who, money, by = taken(
            rf"{NAME} is the only one of the {plural} with revenue above 0 in both periods \({A}, {A}\)\.", text
        )
        case.claim(list(both) == [who], "there are others")
        case.number(money, both[who][0], who)
        case.number(by, growth[who], who)
        return
    if text.endswith(" grew alike."):
        case.claim(max(growth.values()) - min(growth.values()) < Fraction(1, 10**8), "they did not")
        return
    found = re.findall(rf"(?:^|; ){NAME} \({A}, {A}\) is the largest that (gains|loses)", text)
    case.claim(bool(found) and text.endswith(" on the rest."), f"cannot be read: {text!r}")
    for who, money, by, way in found:
        sign = 1 if way == "gains" else -1
        side = {name: both[name][0] for name in both if (growth[name] - whole + 1) * sign > Fraction(1, 10**9)}
        case.number(money, both[who][0], who)
        case.number(by, growth[who], who)
        case.claim(who in side and side[who] == max(side.values()), f"{who} is not the largest that {way}")


def stages(case: Case) -> tuple[dict[str, date], dict[str, date]]:
    """Products launched and discontinued among those sold in the view or its base -> their first and last day."""
    end, data = case.now.end, case.twin.data
    days: dict[str, set[date]] = defaultdict(set)
    for row in case.twin.kept(case.twin.lines, (), Period(data.first_day, end)):
        days[row["product"]].add(row["day"])
    spans = [case.now, *([case.filters.base] if case.filters.base else [])]
    there = set().union(*(case.twin.sold("product", case.where, span) for span in spans))
    launched, gone = {}, {}
    for name in there & set(days):
        first, last, selling = min(days[name]), max(days[name]), len(days[name])
        quiet = (end - last).days
        if quiet > 60 and quiet > 8 * Fraction((last - first).days, max(selling - 1, 1)) and selling >= 3:
            gone[name] = last
        elif first >= case.now.start and (first - data.first_day).days >= 60:
            launched[name] = first
    return launched, gone


def life(case: Case, text: str, table: pl.DataFrame) -> None:
    """How many products were launched and discontinued, the largest of each, and how many moved beyond chance."""
    if text.startswith("Nothing was sold"):
        case.claim(table.is_empty(), "something was")
        return
    launched, gone = stages(case)
    base, counts = case.filters.base, Counter(table["stage"].to_list())
    now = case.twin.members("revenue", "product", case.where, case.now)
    then = case.twin.members("revenue", "product", case.where, base) if base else {}
    head, beyond = taken(
        r"(.+?)\. (What grows and declines cannot be told without a period to compare with|\d[\d,]* grows? and "
        r"\d[\d,]* declines? beyond chance)\.", text
    )  # fmt: skip
    case.claim((base is None) == beyond.startswith("What"), "a base")
    if base:
        grow, decline = re.findall(r"(\d[\d,]*) (?:grows?|declines?)", beyond)
        case.number(grow, counts["Growing"], "growing")
        case.number(decline, counts["Declining"], "declining")
        for row in table.filter(pl.col("stage").is_in(["Growing", "Declining"])).to_dicts():
            more = row["lines"] > (row["lines_base"] or 0) * case.now.days / base.days
            case.claim(more == (row["stage"] == "Growing"), f"{row['member']} is not {row['stage'].lower()}")
    for word, of, values in (("launched", launched, now), ("discontinued", gone, then)):
        found = re.search(
            rf"{A} {word}: {NAME}(?: brought {A}(?: in the base period)?)? \((?:first|last) sold ([^()]+)\)", head
        )
        case.claim((found is not None) == bool(of), word)
        if found:
            case.number(found[1], len(of), word)
            who = found[2].removeprefix("; ")
            case.claim(found[4] == day_text(of[who]), f"{who}'s day")
            worth = {name: values.get(name) or Fraction(0) for name in of}
            if found[3]:
                case.number(found[3], worth[who], who)
            case.claim(worth[who] == max(worth.values()), f"{who} is not the largest {word}")


def finding(case: Case, text: str, level: str, support: float, groups: pl.DataFrame) -> None:
    """One finding of the page: what loses, was launched, ended, comes back, is bought together or answers to price."""
    launched, gone = stages(case)
    if text.startswith("Sold below cost: "):
        who, lost, revenue = taken(rf"Sold below cost: {NAME} lost {A} on {A} of revenue\.", text)
        by = {name: case.twin.members(name, level, case.where, case.now) for name in ("profit", "revenue")}
        case.number(revenue, by["revenue"].get(who), who)
        case.number(lost, -(by["profit"].get(who) or 0), who)
        case.claim(extreme(by["profit"], who, high=False), f"{who} does not lose most")
    elif " was launched: " in text:
        who, day, money = taken(rf"{NAME} was launched: first sold (.+?), {A} since\.", text)
        case.claim(day == day_text(launched[who]), who)
        case.number(money, case.twin.members("revenue", "product", case.where, case.now).get(who) or 0, who)
    elif " is no longer sold: " in text:
        who, day, money = taken(rf"{NAME} is no longer sold: last on (.+?)(?:, {A} in the compared period)?\.", text)
        case.claim(day == day_text(gone[who]), who)
        if money and case.filters.base:
            case.number(
                money, case.twin.members("revenue", "product", case.where, case.filters.base).get(who) or 0, who
            )
    elif " comes back too often: " in text:
        who, own, others, lost = taken(
            rf"{NAME} comes back too often: {A} of units, where its neighbours' rate leads one to expect {A}; "
            rf"{A} lost\.",
            text,
        )
        returns.stands_out(case, who, own, others, lost)
    elif text.startswith("Offer "):
        offer, item, share, lift = taken(
            rf"Offer {NAME} with {NAME}: {A} of its orders take it along, ([\d.,]+) times the share of all orders\.",
            text,
        )
        prices.pair(case, item, offer, lift, share, "product", support)
    else:
        who, value, low, high = taken(
            rf"{NAME} answers to price most surely: elasticity (-[\d.]+) \((-[\d.]+) to (-[\d.]+)\)\.", text
        )
        row = next(row for row in groups.to_dicts() if row["member"] == who)
        for said, name in ((value, "value"), (low, "low"), (high, "high")):
            case.claim(said == f"{row[name]:.1f}", f"{who}: {name}")
        case.claim(row["high"] < -1, f"{who} may be inelastic")
        known = groups.drop_nulls("chance").sort("chance")
        ranks = [n for n, one in enumerate(known["chance"], 1) if one <= 0.05 * n / known.height]
        case.claim(row["chance"] <= 0.05 * max(ranks, default=0) / known.height, f"{who} may be chance of so many")
        elastic = known.filter(pl.col("value") < -1)
        case.claim(row["chance"] == elastic["chance"].min(), f"{who} is not the surest")
