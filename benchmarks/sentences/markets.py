"""Readers of Markets: how they compare, where one buys less than its peers, and what stands out."""

from __future__ import annotations

import re
from fractions import Fraction

import polars as pl

from analytics import dimensions
from analytics.dataset import NOT_RECORDED
from benchmarks.sentences.grammar import NAME, A, Case, extreme, several, taken
from benchmarks.sentences.texts import read
from benchmarks.sentences.twin import NOBODY, change

FEW = 30
"""Customers (or orders, where none are known) from which a market's rates are compared."""


def scorecard(case: Case, text: str, name: str) -> None:
    """The largest market, and which of those with enough customers grew most and least."""
    free = case.free(dimensions.set_free_by(name))
    text = case.unfiltered(text, dimensions.set_free_by(name))
    there = case.twin.sold(name, free, case.now) - {NOT_RECORDED, NOBODY}
    values = {one: value for one, value in case.twin.members("revenue", name, free, case.now).items() if one in there}
    if text.startswith("Nothing was sold"):
        case.claim(not case.twin.sold(name, free, case.now) - {NOBODY}, "something was sold")
        return
    plural = dimensions.dimension(name, case.twin.data).plural
    if text == f"None of the {plural} is recorded in this view.":
        case.claim(not values, "one is")
        return
    if text == f"None of the {plural} has revenue above 0 in this view.":
        case.claim(bool(values) and all((one or 0) <= 0 for one in values.values()), "one has")
        return
    who, of, amount, rest = taken(rf"{NAME} is (?:the largest of {A}|the only one of the) {plural} \({A}\)(.*)", text)
    case.claim(extreme(values, who, high=True), f"{who} is not the largest")
    case.number(of or "1", len(values), "markets")
    case.number(amount, values.get(who), who)
    few = _few(case, name)
    tail = taken(rf"(.*?\.)(?: {A} with fewer than {A} customers (is|are) not ranked by rates\.)?", rest)
    rest = tail[0]
    case.claim(bool(tail[1]) == bool(few), "small markets")
    if tail[1]:
        case.number(tail[1], len(few), "small markets")
        several(case, tail[3], "is", len(few))
    base = case.filters.base
    then = case.twin.members("revenue", name, free, base) if base else {}
    for part in rest.removesuffix(".").split("; ")[1:] if " (" in rest else []:
        one, verb, how, said = taken(rf"{NAME} (grew|fell|stood still)(?: (most|least))? \({A}\)", part)
        truth = change("revenue", values.get(one), then.get(one))
        case.claim(one not in few, f"{one} is small")
        case.number(said, truth, one)
        case.claim(truth is not None and {"grew": truth > 0, "fell": truth < 0}.get(verb, abs(truth) < 0.001), part)
        case.claim(bool(how) != (verb == "stood still"), part)


def _few(case: Case, name: str) -> set[str]:
    """The markets with fewer than FEW customers."""
    free = case.free(dimensions.set_free_by(name))
    counted = case.twin.members("customers" if case.twin.data.has_customers else "orders", name, free, case.now)
    there = case.twin.sold(name, free, case.now) - {NOT_RECORDED, NOBODY}
    return {one for one, count in counted.items() if one in there and (count or 0) < FEW}


def white_space(case: Case, text: str, rows: pl.DataFrame, names: tuple[str, str]) -> None:
    """The gap with most at stake: its share and its peers', and the money as the card's table has it."""
    text = case.unfiltered(text, tuple(freed for name in names for freed in dimensions.set_free_by(name)))
    if text.startswith("No market buys less"):
        case.claim(rows.is_empty(), "one does")
        return
    market, own, category, peers, money, low, high, count, verb = taken(
        rf"{NAME} spends {A} on {NAME} where its peers spend {A}: {A} at stake in this period \({A} to {A}\)\. "
        rf"{A} gaps? (lies|lie) beyond chance\.", text
    )  # fmt: skip
    top = max(rows.to_dicts(), key=lambda row: row["money"])
    case.claim((market, category) == (top["market"], top["category"]), "another gap is wider")
    case.number(count, rows.height, "gaps")
    several(case, verb, "lies", rows.height)
    case.number(money, top["money"], "at stake")
    case.number(low, top["money_low"], "low")
    case.number(high, top["money_high"], "high")
    case.claim(top["money_low"] > 0, "it may be chance")
    gap(case, market, category, own, peers, names)


def gap(case: Case, market: str, category: str, own: str, peers: str, names: tuple[str, str]) -> None:
    """A market's share of its revenue in a category, and that of all the others together."""
    place, level = names
    free = case.free((*dimensions.set_free_by(place), *dimensions.set_free_by(level)))
    sums = {True: [Fraction(0), Fraction(0)], False: [Fraction(0), Fraction(0)]}
    for row in case.twin.kept(case.twin.lines, free, case.now):
        if case.twin.member(row, place) not in (NOT_RECORDED, NOBODY):
            side = sums[row[place] == market]
            side[1] += row["revenue"]
            side[0] += row["revenue"] if row[level] == category else 0
    for said, (part, whole) in ((own, sums[True]), (peers, sums[False])):
        case.number(said, part / whole if whole else None, f"{category} in {market} or elsewhere")
    one, other = read(own), read(peers)
    case.claim(one is not None and other is not None and one.value <= other.value, f"{market} buys no less")


def side_by_side(case: Case, text: str, card: pl.DataFrame, first: str, second: str, name: str) -> None:
    """Where two markets lie furthest apart in rank, as the scorecard has it."""
    text = case.unfiltered(text, dimensions.set_free_by(name))
    by = {row["member"]: row for row in card.to_dicts()}
    scores = [name for name in card.columns if f"{name}_rank" in card.columns]
    apart = {
        name: abs(by[first][f"{name}_rank"] - by[second][f"{name}_rank"])
        for name in scores
        if None not in (by[first][f"{name}_rank"], by[second][f"{name}_rank"])
    }
    if text == f"{first} beside {second}.":
        case.claim(not apart, "they can be compared")
        return
    if "rank alike" in text:
        case.claim(not any(apart.values()), "they do not")
        return
    label, value, rank, other, other_rank = taken(
        rf"They lie furthest apart in (.+?): {re.escape(first)} {A} \(rank {A}\), {re.escape(second)} {A} "
        rf"\(rank {A}\)\.", text
    )  # fmt: skip
    widest = [name for name, ranks in apart.items() if ranks == max(apart.values())]
    case.claim(
        any(
            all(
                (read(said) is None and by[one][name] is None)
                or ((found := read(said)) is not None and found.holds(by[one][name]))
                for said, one in ((value, first), (other, second))
            )
            and (int(rank), int(other_rank)) == (by[first][f"{name}_rank"], by[second][f"{name}_rank"])
            for name in widest
        ),
        f"they do not in {label}",
    )
    case.claim(rank != other_rank, "they rank alike")


def findings(case: Case, text: str, name: str, level: str | None) -> None:
    """A market that moved unlike the rest, or buys less of a category than its peers."""
    if " at stake." in text:
        assert level is not None
        text = case.unfiltered(text, tuple(freed for one in (name, level) for freed in dimensions.set_free_by(one)))
        market, how, category, own, peers, _ = taken(
            rf"{NAME} buys (less|no) {NAME}: {A} of its revenue, peers {A}; {A} at stake\.", text
        )
        case.claim(how == "less" or own == "0.00%", how)
        gap(case, market, category, own, peers, (name, level))
        return
    who, how, by, moved, rest = taken(
        rf"{NAME} (shrinks|falls behind|outgrows the others|holds up better than the others): "
        rf"{A} \({A}\), all others {A}\.", text
    )  # fmt: skip
    base = case.filters.base
    assert base is not None
    now, then = (case.twin.members("revenue", name, case.where, span) for span in (case.now, base))
    mine, past = now.get(who) or Fraction(0), then.get(who) or Fraction(0)
    others, before = (sum((v for v in side.values() if v), Fraction(0)) for side in (now, then))
    case.number(by, change("revenue", mine, past), who)
    case.number(moved, mine - past, who)
    grew, rest_grew = change("revenue", mine, past), change("revenue", others - mine, before - past)
    case.number(rest, rest_grew, "all others")
    if how in ("shrinks", "holds up better than the others"):
        case.claim(mine < past, "it grew")
    if grew is not None and rest_grew is not None:
        case.claim((grew > rest_grew) == (how not in ("falls behind", "shrinks")), how)
