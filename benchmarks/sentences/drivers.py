"""Readers of Drivers: what moved the revenue, which members did, and what of it stands out."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from analytics import dimensions
from analytics.dataset import MONEY_SCALE
from analytics.filters import Where
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.twin import RATIOS, Number, Row

PARTS = ("prices", "volume", "the mix", "new items", "lost items")
WORDS = {"price": "prices", "volume": "volume", "mix": "the mix", "new": "new items", "lost": "lost items"}
ROUNDED = Fraction(1, 2 * MONEY_SCALE)
"""What an item's part is rounded to."""


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
    items = _items(case, where, base, names)
    return {name: sum((one[name] for one in items.values()), Fraction(0)) for name in PARTS}


def _items(case: Case, where: Where, base: Period, names: tuple[str, ...]) -> dict[str, dict[str, Fraction]]:
    """Item -> what each part has of its change."""
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
    out: dict[str, dict[str, Fraction]] = {}
    for key in {*then, *now}:
        parts = out[" · ".join(key)] = dict.fromkeys(PARTS, Fraction(0))
        (units0, money0), (units1, money1) = then.get(key, (0, Fraction(0))), now.get(key, (0, Fraction(0)))
        if key in both:
            price0 = money0 / units0
            parts["prices"] = money1 - price0 * units1
            parts["volume"] = money0 * (growth - 1)
            parts["the mix"] = price0 * (units1 - units0 * growth)
        else:
            parts["new items"], parts["lost items"] = money1, -money0
    return out


def drill(case: Case, text: str, names: tuple[str, ...], part: str) -> None:
    """What one bar of the bridge comes to, over how many items, and the largest of them."""
    base = case.filters.base
    assert base is not None
    by = {name: one[WORDS[part]] for name, one in _items(case, case.where, base, names).items()}
    kept = {name: value for name, value in by.items() if abs(value) > ROUNDED}
    label = part.capitalize()
    if text.startswith(f"{label} is "):
        case.claim(not kept, "something is in it")
        return
    whole = sum(by.values(), Fraction(0))
    if ", all by " in text:
        amount, who = taken(rf"{label} {A}, all by {NAME}: .+\.", text)
        case.claim(list(kept) == [who], "there are others")
    else:
        amount, count, who, own = taken(rf"{label} {A}, over {A} .+?: .+\. Largest: {NAME} \({A}\)\.", text)
        case.number(count, len(kept), "items")
        case.number(own, kept.get(who), who)
        case.claim(
            who in kept and abs(kept[who]) >= max(map(abs, kept.values())) - 2 * ROUNDED, f"{who} is not largest"
        )
    case.number(amount, whole, part)


def over_and_per(metric: str, rows: list[Row]) -> tuple[Fraction, Fraction]:
    """A metric's numerator and denominator over some lines; of a sum, the sum and 1."""

    def money(name: str) -> Fraction:
        return Fraction(sum(row[name] for row in rows), MONEY_SCALE)

    revenue = money("revenue")
    if metric == "margin":
        return revenue - money("cost"), revenue
    if metric == "discount_rate":
        return money("discount"), revenue + money("discount")
    raise ValueError(metric)


def moved_by(case: Case, names: tuple[str, ...], metric: str) -> dict[str, Fraction]:
    """Member (or pair) -> its contribution to the change of the whole: of a ratio, by rate and weight together."""
    base = case.filters.base
    assert base is not None
    if metric not in RATIOS:
        now, then = (by_members(case, names, span) for span in (case.now, base))

        def worth(rows: list[Row]) -> Fraction:
            return case.twin.of(metric, rows, case.now, None) or Fraction(0)

        return {one: worth(now.get(one, [])) - worth(then.get(one, [])) for one in {*now, *then}}
    return {one: total for one, (total, _) in ratio_parts(case, names, metric).items()}


def ratio_parts(case: Case, names: tuple[str, ...], metric: str) -> dict[str, tuple[Fraction, Fraction | None]]:
    """Member -> its contribution to a ratio's change, and what of it its own ratio made; the rest is its weight's."""
    base = case.filters.base
    assert base is not None
    now, then = (by_members(case, names, span) for span in (case.now, base))
    whole = [over_and_per(metric, [row for rows in side.values() for row in rows]) for side in (now, then)]
    rate = whole[1][0] / whole[1][1] if whole[1][1] else Fraction(0)
    out = {}
    for one in {*now, *then}:
        (n1, d1), (n0, d0) = (over_and_per(metric, side.get(one, [])) for side in (now, then))
        beyond, before = (n1 - rate * d1) / whole[0][1], (n0 - rate * d0) / whole[1][1]
        own = (n1 / d1 - n0 / d0) * d1 / whole[0][1] if d1 > 0 and d0 > 0 else None
        out[one] = (beyond - before, own)
    return out


def by_members(case: Case, names: tuple[str, ...], span: Period) -> dict[str, list[Row]]:
    """Member (or pair) -> its lines of some days."""
    out: dict[str, list[Row]] = defaultdict(list)
    for row in case.twin.kept(case.twin.lines, case.where, span):
        out[" × ".join(case.twin.member(row, name) for name in names)].append(row)
    return out


def contributions(case: Case, text: str, name: str, metric: str) -> None:
    """How many members rose and fell, and which gave and took most."""
    by: dict[str, Number] = dict(moved_by(case, (name,), metric))
    if text.startswith("No "):
        case.claim(not any(by.values()), "something moved")
        return
    plural = dimensions.dimension(name, case.twin.data).plural
    of, up, down, top, added, low, took = taken(
        rf"Of {A} {plural}, {A} rose and {A} fell(?:; {NAME} added most \({A}\))?(?:; {NAME} took most \({A}\))?\.",
        text,
    )
    case.number(of, len(by), "members")
    if metric not in RATIOS:  # a ratio's contributions of nothing may be off by a bit of their last digit
        case.number(up, sum(value > 0 for value in by.values() if value is not None), "rises")
        case.number(down, sum(value < 0 for value in by.values() if value is not None), "falls")
    for who, said, high in ((top, added, True), (low, took, False)):
        if who:
            case.claim(extreme(by, who, high=high), f"{who} did not move most")
            case.number(said, by[who], who)


def cancelling(case: Case, text: str, names: list[str], metric: str) -> None:
    """In which dimension rises and falls cancel most, and by how much."""
    sums = {}
    for name in names:
        by = moved_by(case, (name,), metric)
        rises, falls = (sum((v for v in by.values() if v * sign > 0), Fraction(0)) for sign in (1, -1))
        if rises and falls:
            sums[name] = (rises, falls, by)
    if text.startswith("In no dimension"):
        case.claim(not sums, "in one they did")
        return
    little, label, rises_said, falls_said, net, up, by_up, down, by_down = taken(
        rf"(Little cancels out\. Most does )?[Bb]y (.+?), rises of {A} and falls of {A} leave {A}(?:: {NAME} \({A}\) "
        rf"and {NAME} \({A}\) pull apart most)?\.", text
    )  # fmt: skip
    name = next(n for n in names if dimensions.dimension(n, case.twin.data).label.lower() == label)
    rises, falls, by = sums[name]
    for said, truth in ((rises_said, rises), (falls_said, falls), (net, rises + falls)):
        case.number(said, truth, name)
    part = {n: min(a, -b) / max(a, -b) for n, (a, b, _) in sums.items()}
    case.claim(part[name] >= max(part.values()) - Fraction(1, 10**9), f"{name} does not cancel most")
    case.claim(bool(little) == (part[name] < Fraction(1, 2)), "little")
    for who, said, high in ((up, by_up, True), (down, by_down, False)):
        if who:
            case.number(said, by[who], who)
            case.claim(extreme(dict(by), who, high=high), f"{who} did not move most")
