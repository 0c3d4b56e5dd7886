"""Reader of what stands out: members and pairs that moved unlike the rest, of sums and of ratios."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from analytics import dimensions
from analytics.metrics import METRICS
from benchmarks.sentences.drivers import by_members, moved_by, over_and_per, ratio_parts
from benchmarks.sentences.grammar import NAME, A, Case, taken
from benchmarks.sentences.twin import RATIOS, Row, change


def finding(case: Case, text: str, metric: str) -> None:
    """Who moved, against its own past and the rest or what both lead one to expect, and its share of the change."""
    base = case.filters.base
    assert base is not None
    head, made, tail = text.partition(" Together they made ")
    if not made:
        head, made, tail = text.partition(" It made ")
    case.claim(bool(made), f"cannot be read: {text!r}")
    names, members, rest = _who(case, head)
    who = " × ".join(members)
    by = moved_by(case, names, metric)
    moved, share, more = taken(rf"{A}(?:, {A} of the whole change)?\.(.*)", tail)
    case.number(moved, by.get(who, Fraction(0)), f"{who} made")
    if share:
        part = by[who] / sum(by.values(), Fraction(0))
        case.number(share, part, f"{who}'s share")
        case.claim(0 < part <= 1, "a share that says nothing")
    now, then = (by_members(case, names, span) for span in (case.now, base))
    if metric in RATIOS:
        unlike = [[row for member, rows in side.items() if member != who for row in rows] for side in (now, then)]
        rest = _beside_others(case, rest, metric, *unlike)
        _ratio(case, rest, more, metric, now.get(who, []), then.get(who, []), ratio_parts(case, names, metric)[who])
        return

    def worth(rows: list[Row]) -> Fraction:
        return case.twin.of(metric, rows, case.now, None) or Fraction(0)

    own, past = worth(now.get(who, [])), worth(then.get(who, []))
    whole, before = (worth([row for rows in side.values() for row in rows]) for side in (now, then))
    if rest == "is new":
        case.claim(bool(own) and not past, f"{who} is not new")
        return
    if rest.startswith("went from"):
        one, other = taken(rf"went from {A} to {A}", rest)
        case.number(one, past, f"{who} then")
        case.number(other, own, f"{who} now")
        return
    moves = r"(grew|fell|stood still)(?: ([\d.,]+%))?"
    verb, size, verb_rest, size_rest, beside, way, both, both_way = taken(
        rf"{moves}(?: while all others {moves}(?:: {A} (more|less) than had it kept pace)?)?"
        rf"(?:: {A} (more|less) than both lead one to expect)?", rest
    )  # fmt: skip
    others = change(metric, whole - own, before - past)
    for said, amount, truth in ((verb, size, change(metric, own, past)), (verb_rest, size_rest, others)):
        if said:
            assert truth is not None
            case.number(amount or "0%", abs(truth), f"{who} {said}")
            case.claim(said == "stood still" or (said == "grew") == (truth > 0), f"{who} did not {said}")
    excess = None
    if both:
        excess = own - past * _both(case, names, members, worth, whole / before)
    elif beside:
        assert others is not None
        excess = own - past * (1 + others)
    if excess is not None:
        case.number(both or beside, abs(excess), f"{who} beside the others")
        case.claim(((both_way or way) == "more") == (excess > 0), f"{who}: {both_way or way}")


def _both(case: Case, names: tuple[str, ...], members: list[str], worth: Any, grew: Fraction) -> Fraction:
    """The growth that two members lead one to expect of both: the product of theirs over that of everything."""
    base = case.filters.base
    assert base is not None
    out = 1 / grew
    for name, member in zip(names, members, strict=True):
        now, then = (worth(by_members(case, (name,), span).get(member, [])) for span in (case.now, base))
        out *= now / then if then > 0 else grew
    return max(out, Fraction(0))


def _who(case: Case, head: str) -> tuple[tuple[str, ...], list[str], str]:
    """Dimensions, members and the rest of `Racer (product) × France (country) grew 3%.`"""
    labels = {dimensions.dimension(name, case.twin.data).label.lower(): name for name in case.twin.data.members}
    names, members, rest = [], [], head
    while True:
        member, label, rest = taken(rf"{NAME} \(({'|'.join(map(re.escape, labels))})\) (.+)", rest)
        names.append(labels[label])
        members.append(member)
        if not rest.startswith("× "):
            return tuple(names), members, rest.removesuffix(".")
        rest = rest.removeprefix("× ")


def _beside_others(case: Case, rest: str, metric: str, now: list[Row], then: list[Row]) -> str:
    """By how much the ratio of all others moved; the rest of the text."""
    head, found, said = rest.partition(" while all others moved by ")
    if found:
        (n, d), (n_base, d_base) = over_and_per(metric, now), over_and_per(metric, then)
        case.claim(d > 0 and d_base > 0, "all others have no ratio")
        case.number(said, n / d - n_base / d_base, "all others")
    return head


def _ratio(
    case: Case, rest: str, more: str, metric: str, now: list[Row], then: list[Row],
    parts: tuple[Fraction, Fraction | None],
) -> None:  # fmt: skip
    """A member's own ratio then and now, and what of its contribution that and its weight made."""
    values = [n / d if d > 0 else None for n, d in (over_and_per(metric, then), over_and_per(metric, now))]
    if rest == "is new":
        case.claim(bool(values[1]) and not values[0], "it is not new")
        return
    one, other = taken(rf"went from {A} to {A}", rest)
    case.number(one, values[0], "then")
    case.number(other, values[1], "now")
    if not more:
        case.claim(parts[1] is None, "rate and weight can be told apart")
        return
    total, own = parts
    assert own is not None
    kind, first, second = taken(
        rf" Mostly its (weight|own {METRICS[metric].label.lower()}) moved: {A}, its [\w ]+? {A}\.", more
    )
    weight = total - own
    case.claim((kind == "weight") == (abs(weight) > abs(own)), f"mostly {kind}")
    case.number(first, weight if kind == "weight" else own, "first")
    case.number(second, own if kind == "weight" else weight, "second")
