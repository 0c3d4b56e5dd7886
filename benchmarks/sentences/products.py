"""Readers of the pages about products and drivers: what makes the revenue, what loses, comes back, and moved it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from analytics import dimensions
from analytics.dataset import MONEY_SCALE
from analytics.filters import Where
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.twin import SUMS, Number, change


def pareto(case: Case, text: str, level: str) -> None:
    """How few items make most of the revenue: the item that crosses a boundary belongs to the higher class."""
    values = case.twin.members("revenue", level, case.where, case.now)
    there = case.twin.sold(level, case.where, case.now)
    sold = sorted(((value or Fraction(0), name) for name, value in values.items() if name in there), reverse=True)
    if text.startswith("Nothing was sold"):
        case.claim(not sold, "something was sold")
        return
    plural = dimensions.dimension(level, case.twin.data).plural
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
    elif ", the only one of the " in text:
        who, lost, on = taken(rf"{NAME}, the only one of the {plural} sold, loses money: {A} on {A}\.", text)
        case.claim(list(known) == [who] and known[who] < 0, "there are others, or none loses")
        case.number(lost, -known[who], "lost")
        case.number(on, by["revenue"].get(who), who)
    else:
        count, of, verb, lost, who, worst, on = taken(
            rf"{A} of {A} {plural} (loses?) money, {A} in all\. Most: {NAME} \({A} on {A}\)\.", text
        )
        case.number(count, len(losing), "losing")
        case.number(of, len(known), "items")
        case.claim((verb == "loses") == (len(losing) == 1), "number of the verb")
        case.number(lost, -sum(losing.values(), Fraction(0)), "lost")
        case.claim(extreme(dict(losing), who, high=False), f"{who} does not lose most")
        case.number(worst, losing.get(who), who)
        case.number(on, by["revenue"].get(who), who)


def returned(case: Case, text: str) -> None:
    """How much came back, of how much, worth what."""
    back = case.twin.kept(case.twin.returns, case.where, case.now)
    units = sum(row["quantity"] for row in back)
    if text.startswith("Nothing was returned"):
        case.claim(not units, "something came back")
        return
    count, noun, rate, worth = taken(rf"{A} (units?) came back, {A} of those sold, worth {A}\. .+", text)
    sold = case.twin.value("units", case.where, case.now) or Fraction(0)
    case.number(count, units, "units back")
    case.claim((noun == "unit") == (units == 1), "number of the noun")
    case.number(rate, Fraction(units) / sold if sold else None, "rate")
    case.number(worth, Fraction(sum(row["amount"] for row in back), MONEY_SCALE), "worth")


def price_volume(case: Case, text: str, names: tuple[str, ...]) -> None:
    """What moved revenue most, up and down, between two periods: price, volume, mix, new and lost items."""
    base = case.filters.base
    assert base is not None
    parts = _bridge(case, case.where, base, names)
    if text == "Revenue did not change.":
        case.claim(not any(parts.values()), "it did")
        return
    whole, up, added, down, took = taken(
        rf"Revenue moved by {A}:(?: ([\w ]+?) added most \({A}\))?;?(?: ([\w ]+?) took most \({A}\))?\."
        rf"(?: The parts add up to it exactly\.)?", text
    )  # fmt: skip
    case.number(whole, sum(parts.values(), Fraction(0)), "change")
    for name, said, high in ((up, added, True), (down, took, False)):
        if name:
            case.claim(extreme(dict(parts), name, high=high), f"{name} did not move most")
            case.number(said, parts[name], name)
    case.claim(bool(up) == (max(parts.values()) > 0) and bool(down) == (min(parts.values()) < 0), "a part is missing")


def _bridge(case: Case, where: Where, base: Period, names: tuple[str, ...]) -> dict[str, Fraction]:
    sides: list[dict[Any, tuple[int, Fraction]]] = []
    for span in (base, case.now):
        items: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row in case.twin.kept(case.twin.lines, where, span):
            items[tuple(row[name] for name in names)].append(row)
        sides.append({
            key: (sum(row["quantity"] for row in rows), Fraction(sum(row["revenue"] for row in rows), MONEY_SCALE))
            for key, rows in items.items()
        })  # fmt: skip
    then, now = sides
    both = [key for key in then if key in now and then[key][0] > 0 and now[key][0] > 0]
    q0, q1 = (Fraction(sum(side[key][0] for key in both)) for side in sides)
    growth = q1 / q0 if q0 else Fraction(1)
    parts = dict.fromkeys(("prices", "volume", "the mix", "new items", "lost items"), Fraction(0))
    for key in both:
        (units0, money0), (units1, money1) = then[key], now[key]
        price0 = money0 / units0
        parts["prices"] += money1 - price0 * units1
        parts["volume"] += money0 * (growth - 1)
        parts["the mix"] += price0 * (units1 - units0 * growth)
    parts["new items"] = sum((now[key][1] for key in now if key not in both), Fraction(0))
    parts["lost items"] = -sum((then[key][1] for key in then if key not in both), Fraction(0))
    return parts


def contributions(case: Case, text: str, name: str, metric: str) -> None:
    """How many members rose and fell, and which gave and took most."""
    base = case.filters.base
    assert base is not None
    now, then = (case.twin.members(metric, name, case.where, span) for span in (case.now, base))
    by: dict[str, Number] = {one: (now.get(one) or 0) - (then.get(one) or Fraction(0)) for one in {*now, *then}}
    if text.startswith("No "):
        case.claim(not any(by.values()), "something moved")
        return
    plural = dimensions.dimension(name, case.twin.data).plural
    of, up, down, top, added, low, took = taken(
        rf"Of {A} {plural}, {A} rose and {A} fell(?:; {NAME} added most \({A}\))?(?:; {NAME} took most \({A}\))?\.",
        text,
    )
    case.number(of, len(by), "members")
    case.number(up, sum(value > 0 for value in by.values() if value is not None), "rises")
    case.number(down, sum(value < 0 for value in by.values() if value is not None), "falls")
    for who, said, high in ((top, added, True), (low, took, False)):
        if who:
            case.claim(extreme(by, who, high=high), f"{who} did not move most")
            case.number(said, by[who], who)


def finding(case: Case, text: str, metric: str) -> None:
    """Who moved, against its own past and the rest, and its share of the whole change; read of one dimension."""
    base = case.filters.base
    assert base is not None
    if " × " in text.partition(" made ")[0] or metric not in SUMS:
        return
    head, made, tail = text.rpartition(" It made ")
    case.claim(bool(made), f"cannot be read: {text!r}")
    who, label, rest = taken(rf"{NAME} \(([^()]+)\) (.+?)\.?", head)
    names = {dimensions.dimension(name, case.twin.data).label.lower(): name for name in case.twin.data.members}
    now, then = (case.twin.members(metric, names[label], case.where, span) for span in (case.now, base))
    own, past = now.get(who) or Fraction(0), then.get(who) or Fraction(0)
    whole, before = (sum((one for one in side.values() if one), Fraction(0)) for side in (now, then))
    moved, share = taken(rf"{A}(?:, {A} of the whole change)?\.", tail)
    case.number(moved, own - past, f"{who} made")
    if share:
        case.number(share, (own - past) / (whole - before), f"{who}'s share")
    if rest == "is new":
        case.claim(bool(own) and not past, f"{who} is not new")
        return
    if rest.startswith("went from"):
        one, other = taken(rf"went from {A} to {A}", rest)
        case.number(one, past, f"{who} then")
        case.number(other, own, f"{who} now")
        return
    moves = r"(grew|fell|stood still)(?: ([\d.,]+%))?"
    verb, by, verb_rest, by_rest, beside, way = taken(
        rf"{moves}(?: while all others {moves}(?:: {A} (more|less) than had it kept pace)?)?", rest
    )
    others = change(metric, whole - own, before - past)
    for said, size, truth in ((verb, by, change(metric, own, past)), (verb_rest, by_rest, others)):
        if said:
            assert truth is not None
            case.number(size or "0%", abs(truth), f"{who} {said}")
            case.claim(said == "stood still" or (said == "grew") == (truth > 0), f"{who} did not {said}")
    if beside:
        assert others is not None
        excess = own - past * (1 + others)
        case.number(beside, abs(excess), f"{who} beside the others")
        case.claim((way == "more") == (excess > 0), f"{who}: {way}")


def scorecard(case: Case, text: str, name: str) -> None:
    """The largest market, and which of those with enough customers grew most and least."""
    free = case.free(dimensions.set_free_by(name))
    there = case.twin.sold(name, free, case.now)
    values = {one: value for one, value in case.twin.members("revenue", name, free, case.now).items() if one in there}
    if text.startswith("Nothing was sold"):
        case.claim(not values, "something was sold")
        return
    plural = dimensions.dimension(name, case.twin.data).plural
    who, of, amount, rest = taken(rf"{NAME} is (?:the largest of {A}|the only one of the) {plural} \({A}\)(.*)", text)
    case.claim(extreme(values, who, high=True), f"{who} is not the largest")
    case.number(of or "1", len(values), "markets")
    case.number(amount, values.get(who), who)
    base = case.filters.base
    then = case.twin.members("revenue", name, free, base) if base else {}
    for part in rest.partition(".")[0].split("; ")[1:] if " (" in rest else []:
        one, verb, how, said = taken(rf"{NAME} (grew|fell|stood still)(?: (most|least))? \({A}\)", part)
        truth = change("revenue", values.get(one), then.get(one))
        case.number(said, truth, one)
        case.claim(truth is not None and {"grew": truth > 0, "fell": truth < 0}.get(verb, abs(truth) < 0.001), part)
        case.claim(bool(how) != (verb == "stood still"), part)
