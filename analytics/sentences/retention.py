"""Takeaways of Retention."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.formats import count_of, numbered
from analytics.models.intervals import FEW
from analytics.models.survival import at, reached
from analytics.sentences.words import counted, percent, signed
from analytics.tables.retention.bridge import RevenueBridge


def cohorts(rows: pl.DataFrame, pooled: pl.DataFrame, grain: str) -> str:
    """Average retention one and several periods on, and the best and worst whole cohort after one period.

    Takes rows of `cohorts.by_cohort` or `by_group` and `cohorts.average`.
    """
    after = {k: (share, people) for k, share, people in pooled.select("k", "retention", "eligible").iter_rows()}
    if 1 not in after:
        return f"No cohort has been observed for a whole {grain} after its first yet."
    if after[1][1] < FEW:
        known = after[1][1]
        return (
            f"Only {count_of(known, 'customer', compact=True)} {numbered(known, 'has', 'have')} been observed for a "
            f"whole {grain} after {numbered(known, 'the', 'their')} first."
        )
    share, people = after[1]
    of = count_of(people, "customer", compact=True)
    sentence = f"On average {percent(share)} buy again one {grain} after their first (of {of})"
    later = max((k for k in (12, 6, 4, 3, 2) if k in after and after[k][1] >= FEW), default=None)
    if later:
        sentence += f" and {percent(after[later][0])} after {later} (of {counted(after[later][1])})"
    first = rows.filter((pl.col("k") == 1) & pl.col("whole") & pl.col("enough")).sort("retention", "row_rank")
    if first.height > 1:
        high, low = first.row(-1, named=True), first.row(0, named=True)
        sentence += f"; best was {high['row']} ({percent(high['retention'])})"
        sentence += f", lowest {low['row']} ({percent(low['retention'])})"
    return f"{sentence}."


def came_back(rows: pl.DataFrame) -> str:
    """Shares who bought again within 30 to 180 days. Takes `retention.came_back` of everybody."""
    if rows.is_empty():
        return "Nobody has been observed for 30 days yet."
    parts = [
        f"{percent(row['share'])} within {row['horizon']} days (of {counted(row['eligible'])})"
        for row in rows.iter_rows(named=True)
    ]
    return f"Bought again: {', '.join(parts)}."


def waiting(curve: pl.DataFrame) -> str:
    """When half have come back, or how many have by the longest round horizon. Takes a Kaplan-Meier curve."""
    if curve.is_empty() or not int(curve["events"].sum()):
        return "Nobody has bought a second time yet."
    half = reached(curve, 0.5)
    last = int(curve["day"][-1])
    known = [day for day in (30, 90, 365, 730) if day <= last]
    parts = []
    for days in known:
        survival, _, _ = at(curve, days)
        if survival is not None:
            parts.append(f"{percent(1 - survival)} by day {days}")
    if not parts:
        when = f"within the {count_of(last, 'day')} observed" if half is None else f"by day {half:,}"
        who = "Fewer than half" if half is None else "Half"
        return f"{who} of all customers come back {when}, counting those still awaited."
    within = f"Half do by day {half:,}." if half is not None else "Half never do within what is observed."
    return f"Came back, counting those still awaited: {', '.join(parts)}. {within}"


def first_members(rows: pl.DataFrame, label: str, horizon: int) -> str:
    """After which first purchase most and fewest come back. Takes `repurchase.apart`."""
    known = rows.filter("enough").sort("share", "group", descending=[True, False])
    if known.height < 2:
        return f"Fewer than two groups have {FEW} customers observed for {horizon} days."
    high, low = known.row(0, named=True), known.row(-1, named=True)
    sentence = (
        f"First {label}: after {high['group']}, {percent(high['share'])} buy again within {horizon} days; "
        f"after {low['group']}, {percent(low['share'])}"
    )
    if high["beyond"] or low["beyond"]:
        return f"{sentence}."
    return f"{sentence}; of so many groups some lie as far apart by chance."


def bridge(bridge: RevenueBridge, currency: str) -> str:
    """What moved revenue most, with NRR, GRR and the check."""
    if not (bridge.base or bridge.now or (bridge.steps["change"] != 0).any()):
        return "Neither period has revenue."
    steps = bridge.steps.filter(pl.col("step") != "unrecorded").sort("change")
    words = {"new": "new customers", "recovered": "recovered customers", "expansion": "customers who spent more",
             "contraction": "customers who spent less", "lapsed": "lapsed customers"}  # fmt: skip
    gain, loss = steps.row(-1, named=True), steps.row(0, named=True)
    parts = []
    if gain["change"] > 0:
        parts.append(f"{words[gain['step']]} brought {signed(gain['change'], currency)} ({counted(gain['customers'])})")
    if loss["change"] < 0:
        parts.append(f"{words[loss['step']]} took {signed(loss['change'], currency)} ({counted(loss['customers'])})")
    text = "; ".join(parts)
    sentences = f"{text[0].upper()}{text[1:]}. " if text else ""
    if bridge.nrr is not None:
        sentences += _bought_again(bridge.buyers_base, bridge.retained)
        if bridge.retained:
            sentences += (
                f" They brought {percent(bridge.nrr)} of their base revenue (NRR), {percent(bridge.grr)} without what "
                "they added (GRR)."
            )
        sentences += " "
    left = formats.text(bridge.residual / MONEY_SCALE, "money", currency, compact=False)
    return f"{sentences}The bars add up: {left} is left over."


def _bought_again(before: int, again: int) -> str:
    """How many of the base's buyers bought in this period too."""
    if before == 1:
        return f"The base's only buyer {'bought again' if again else 'did not buy again'}."
    of = count_of(before, "buyer", compact=True)
    return f"Of the base's {of} {counted(again)} bought again." if again else f"None of the base's {of} bought again."


def buyers(new: int, returning: int, currency: str, *, told: bool) -> str:
    """Whether customers who were new in their period or those who came back moved revenue; not `told` where the data
    begins with the base, so that all of its customers look new."""
    if not told:
        return "The data begins with the compared period, so who was new in it is not known."
    if not new and not returning:
        return "Neither new nor returning customers moved revenue."
    first, then = ("New", "returning") if abs(new) >= abs(returning) else ("Returning", "new")
    moved = {"New": new, "new": new, "Returning": returning, "returning": returning}
    return (
        f"{first} customers moved revenue most: {signed(moved[first], currency)}; "
        f"{then} ones {signed(moved[then], currency)}."
    )


def in_step(count: int, change: float, currency: str) -> str:
    """How many customers are in one bar of the bridge, and what they changed together, in currency units."""
    if not count:
        return "Nobody is in this bar."
    together = "together " if count > 1 else ""
    return f"{count_of(count, 'customer')}, {together}{formats.signed_text(change, 'money', currency)}."
