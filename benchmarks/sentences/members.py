"""Readers of breakdowns: which member leads, what a filter keeps beside all others, and what moved most."""

from __future__ import annotations

import re
from fractions import Fraction

from analytics import dimensions
from analytics.metrics import METRICS
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.twin import RATIOS, SUMS, moved

LEAST = {
    "money": Fraction(1, 200),
    "share": Fraction(1, 20_000),
    "count": Fraction(1, 2),
    "number": Fraction(1, 200),
    "units": Fraction(1, 2_000),
}
"""Unit -> what is written as nothing below it."""


def breakdown(case: Case, text: str, name: str) -> None:
    """The leading member and its share, or what the chosen ones come to beside all, and who moved most."""
    metric, label = case.view.metric, case.label()
    plural = dimensions.dimension(name, case.twin.data).plural
    chosen = set(case.filters.members(name))
    free = case.free(dimensions.set_free_by(name))
    spans = [span for span in (case.now, case.filters.base) if span]
    if chosen >= {one for span in spans for one in case.twin.members(metric, name, free, span)}:
        chosen = set()  # There are no others to stand beside them.
    text = case.unfiltered(text, dimensions.finer(name))
    values = case.twin.members(metric, name, free, case.now)
    main, moves = _moves_apart(text)
    known = {one: value for one, value in values.items() if value is not None}
    if metric not in RATIOS:
        known = known if any(known.values()) else {}
    if main.endswith(f" cannot be told of any of the {plural} in this view."):
        case.claim(not known and metric in RATIOS, "it can")
        return
    if main.startswith(("No ", "None of the chosen ")):
        case.claim(not (set(known) & chosen if chosen else known) or (metric not in RATIOS and not any(
            known[one] for one in set(known) & chosen)), f"somebody has {label}")  # fmt: skip
        return
    total = sum(known.values(), Fraction(0))
    if chosen:
        kept = {one: known[one] for one in known if one in chosen}
        who, amount, share, first, most = taken(
            rf"(?:Of the [\d,]+ chosen {plural}, )?{NAME} (?:comes to|leads with) {A}"
            rf"(?:, {A} of the {label} of all {plural})?(?:; of all, {NAME} leads with {A})?\.", main
        )  # fmt: skip
        case.claim(extreme(kept, who, high=True), f"{who} leads nobody")
        case.number(amount, kept.get(who), who)
        if first:
            case.claim(extreme(known, first, high=True), f"{first} does not lead")
            case.number(most, known.get(first), first)
        else:
            case.claim(extreme(known, who, high=True), f"{who} does not lead all")
        if share:
            case.number(share, kept[who] / total, "share")
    elif " is the only one of the " in main:
        who, kind, amount = taken(
            rf"{NAME} is the only one of the {plural} (in this view, with|whose {label} can be told:) {A}\.", main
        )
        case.claim(len(values if kind.startswith("in") else known) == 1, "there are others")
        case.number(amount, values.get(who), who)
    elif main.startswith("All "):
        count, amount = taken(rf"All {A} {plural} are level with {A}\.", main)
        case.number(count, len(known), plural)
        case.claim(len(set(known.values())) == 1, "they are not")
        case.number(amount, max(known.values()), "each")
    elif " is below 0, nearest to it that of " in main:
        who, amount = taken(rf"The {label} of all {plural} is below 0, nearest to it that of {NAME} with {A}\.", main)
        case.claim(extreme(known, who, high=True) and max(known.values()) < 0, f"{who} is not nearest")
        case.number(amount, known.get(who), who)
    elif " has all of the " in main:
        who, amount = taken(rf"{NAME} has all of the {label} shown: {A}\.", main)
        case.claim(metric in SUMS and [one for one in known if known[one]] == [who], "others have some")
        case.number(amount, known.get(who), who)
    else:
        who, amount, level, _, share = taken(
            rf"{NAME} leads (?:the {plural} )?with {A}(?:, level with {A} (others?))?(?:, {A} of the {label} shown)?\.",
            main,
        )
        case.claim(extreme(known, who, high=True), f"{who} does not lead")
        base = case.twin.members(metric, name, free, case.filters.base) if case.filters.base else {}
        none = dict.fromkeys(base, Fraction(0)) if metric not in RATIOS else {}  # what is not sold now has none
        ties = sum(one == known.get(who) for one in (none | known).values()) - 1
        case.number(level or "0", ties, "level with it")
        case.number(amount, known.get(who), who)
        if share:
            case.claim(metric in SUMS, "no sum")
            case.number(share, known[who] / total, "share")
    _moved_most(case, moves, name, free, chosen or None)


def _moves_apart(text: str) -> tuple[str, str]:
    at = text.find(" Biggest ")
    if alone := re.fullmatch(rf"(.+\.) (.+ moved by {A}\.)", text):
        return alone[1], alone[2]
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def _moved_most(case: Case, text: str, name: str, where: object, among: set[str] | None) -> None:
    base = case.filters.base
    if base is None:
        case.claim(not text, "moved against nothing")
        return
    metric = case.view.metric
    values = [case.twin.members(metric, name, where, span) for span in (case.now, base)]  # type: ignore[arg-type]
    by = moved(metric, *values)
    if among is not None:
        by = {one: value for one, value in by.items() if one in among}
    if " moved by " in text:
        who, said = taken(rf"{NAME} moved by {A}\.", text)
        case.claim(list(by) == [who], "there are others")
        case.number(said, by[who], who)
        return
    parts = text.rstrip(".").split("; ") if text else []
    for part in parts:
        kind, who, said = taken(rf"[Bb]iggest (rise|fall): {NAME} \({A}\)", part)
        case.number(said, by.get(who), who)
        case.claim(extreme(dict(by), who, high=kind == "rise"), f"{who} did not move most")
        case.claim(by[who] > 0 if kind == "rise" else by[who] < 0, f"{who} moved the other way")
    least = LEAST.get(METRICS[metric].unit, Fraction(0))
    case.claim("rise:" in text or len(by) == 1 or all(value < least for value in by.values()), "a rise is missing")
    case.claim("fall:" in text or len(by) == 1 or all(value > -least for value in by.values()), "a fall is missing")


def movers(case: Case, text: str) -> None:
    """How many products rose and fell, and which most."""
    chosen = set(case.filters.members("product"))
    free = case.free(("product",))
    values = [
        case.twin.members(case.view.metric, "product", free, span) for span in (case.now, case.filters.base) if span
    ]
    by = moved(case.view.metric, *values) if len(values) == 2 else {}
    by = {one: value for one, value in by.items() if not chosen or one in chosen}
    main, moves = _moves_apart(text)
    if main.startswith("Nothing can be compared"):
        case.claim(not by, "something can be compared")
        return
    if found := re.fullmatch(rf"{NAME} moved by {A}\.", main):
        case.claim(list(by) == [found[1]], "there are others")
        case.number(found[2], by[found[1]], found[1])
        return
    if main.startswith("No products changed"):
        case.claim(not any(by.values()), "some changed")
        return
    if main:
        of, up, down = taken(rf"Of {A} products {A} rose and {A} fell\.", main)
        case.number(of, len(by), "products")
        case.number(up, sum(value > 0 for value in by.values()), "rises")
        case.number(down, sum(value < 0 for value in by.values()), "falls")
    _moved_most(case, moves, "product", free, chosen or None)
