"""Readers of the return cards: how much came back, how soon, why and where."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from analytics.dataset import MONEY_SCALE
from benchmarks.sentences.grammar import NAME, A, Case, extreme, several, taken
from benchmarks.sentences.twin import Number


def _back(case: Case) -> list[dict[str, Any]]:
    return case.twin.kept(case.twin.returns, case.where, case.now)


def _units(case: Case, rows: list[dict[str, Any]]) -> Fraction:
    return Fraction(sum(row["quantity"] for row in rows), case.twin.data.unit_scale)


def _money(rows: list[dict[str, Any]]) -> Fraction:
    return Fraction(sum(row["amount"] for row in rows), MONEY_SCALE)


def returned(case: Case, text: str) -> None:
    """How much came back, of how much, worth what; and the product that stands out."""
    back = _back(case)
    units, sold = _units(case, back), case.twin.value("units", case.where, case.now) or Fraction(0)
    if text.startswith("Nothing was returned"):
        case.claim(not units, "something came back")
        return
    count, noun, rate, worth, rest = taken(rf"{A} (units?) came back(?:, {A} of those sold)?, worth {A}\. (.+)", text)
    case.number(count, units, "units back")
    several(case, noun, "unit", units)
    case.claim(bool(rate) == (sold > 0), "nothing was sold")
    if rate:
        case.number(rate, units / sold, "rate")
    case.number(worth, _money(back), "worth")
    if not rest.startswith("No product comes back more"):
        who, own, others, lost = taken(
            rf"{NAME} stands out: {A} come back where {A} would be expected, {A} lost beyond that\.", rest
        )
        stands_out(case, who, own, others, lost)


def stands_out(case: Case, who: str, own: str, others: str, lost: str) -> None:
    """A product's return rate, that of the rest of its subcategory (or of everything), and the money beyond that."""
    data, back = case.twin.data, defaultdict(list)
    for row in _back(case):
        back[row["product"]].append(row)
    sold = case.twin.members("units", "product", case.where, case.now)
    level = next((name for name in ("subcategory", "category") if data.has(name)), None)
    near = {row["product"]: row[level] if level else "" for row in data.products.to_dicts()}
    rest = {
        kind: (
            sum((sold.get(one) or Fraction(0) for one in some), Fraction(0)),
            sum((_units(case, back[one]) for one in some if one in back), Fraction(0)),
        )
        for kind, some in {
            "near": [one for one in near if near[one] == near[who] and one != who],
            "all": [one for one in near if one != who],
        }.items()
    }
    others_sold, others_back = rest["near"] if rest["near"][0] >= 20 else rest["all"]
    rate, usual = _units(case, back[who]) / (sold.get(who) or 1), others_back / others_sold
    case.number(own, rate, who)
    case.number(others, usual, "others")
    case.claim(rate > usual, f"{who} does not stand out")
    case.number(lost, _money(back[who]) * (1 - usual * (sold.get(who) or 0) / _units(case, back[who])), "lost")


def lags(case: Case, text: str) -> None:
    """By how many days after the order half of the units came back."""
    ordered = {row["order"]: row["day"] for row in case.twin.lines}
    waits = sorted(
        ((row["day"] - ordered[row["order"]]).days, row["quantity"])
        for row in _back(case)
        if row.get("order") in ordered and row["day"] >= ordered[row["order"]]
    )
    if text.startswith("The returns do not name their orders"):
        case.claim(not waits, "they do")
        return
    days, noun = taken(rf"Half of the units came back within {A} (days?)\.", text)
    total, so_far, half = sum(units for _, units in waits), 0, 0
    for wait, units in waits:
        so_far += units
        half = wait
        if 2 * so_far >= total:
            break
    case.number(days, half, "half")
    several(case, noun, "day", half)


def reasons(case: Case, text: str) -> None:
    """The reason that costs most, and its share of the units returned."""
    if text == "The returns give no reasons.":
        return
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _back(case):
        by[row["reason"] or "Not recorded"].append(row)
    who, money, share = taken(rf"{NAME} costs most: {A}, {A} of the units returned\.", text)
    values: dict[str, Number] = {name: _money(rows) for name, rows in by.items()}
    case.number(money, values.get(who), who)
    case.claim(extreme(values, who, high=True), f"{who} does not cost most")
    case.number(share, _units(case, by[who]) / _units(case, _back(case)), who)


def places(case: Case, text: str, name: str) -> None:
    """Where more comes back than in all other places."""
    if text.startswith(("No place returns more", "The returns name no place")):
        return
    who, own, others = taken(rf"{NAME} returns {A}, where all others return {A}\.", text)
    sold = case.twin.members("units", name, case.where, case.now)
    rates = []
    for inside in (True, False):
        units = sum((value or Fraction(0) for one, value in sold.items() if (one == who) == inside), Fraction(0))
        rates.append(_units(case, [row for row in _back(case) if (row[name] == who) == inside]) / units)
    case.number(own, rates[0], who)
    case.number(others, rates[1], "others")
    case.claim(rates[0] > rates[1], f"{who} does not return more")
