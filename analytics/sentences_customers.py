"""Takeaways of the customer pages, composed by rules from the charts' own rows; plain text, names as the data has them.

Groups below FEW customers are never called best or worst.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.models.intervals import FEW
from analytics.models.survival import at, reached
from analytics.tables import rfm
from analytics.tables.bridge import Bridge
from analytics.tables.concentration import Concentration
from analytics.tables.value import LEVEL, OVERDUE_TIMES, Backtest

CLOSE: Final = 0.1
"""Sums that are off by less, as a share of what came, are not remarked upon."""


def _count(number: float | None) -> str:
    return formats.text(number, "count")


def _share(share: float | None) -> str:
    return formats.text(share, "share")


def _money(ten_thousandths: int, currency: str) -> str:
    return formats.text(ten_thousandths / MONEY_SCALE, "money", currency)


def grid(groups: pl.DataFrame, currency: str) -> str:
    """The best group's size and share of net revenue, and the largest group. Takes `rfm.groups`."""
    people, money = int(groups["customers"].sum()), int(groups["money"].sum())
    if not people:
        return "No known customers bought up to this day."
    best = groups.filter(pl.col("group") == rfm.GROUPS[0]).row(0, named=True)
    largest = groups.sort("customers", descending=True).row(0, named=True)
    said = f"{_count(best['customers'])} Champions ({_share(best['customers'] / people)} of {_count(people)} customers)"
    if money > 0 and best["money"] >= 0:
        said += f" brought {_share(best['money'] / money)} of all net revenue"
    else:
        said += f" brought {_money(best['money'], currency)}"
    return f"{said}; the largest group is {largest['group']} with {_count(largest['customers'])}."


def migration(moves: pl.DataFrame, slipped: pl.DataFrame, earlier: date, currency: str) -> str:
    """How many slipped from buying lately to not, with the revenue at risk, and how many improved."""
    known = moves.filter(pl.col("from") != rfm.NOT_YET)
    if known.is_empty():
        return f"Nobody had bought by {day(earlier)}."
    new = int(moves.filter(pl.col("from") == rfm.NOT_YET)["customers"].sum())
    stayed = int(known.filter(pl.col("from") == pl.col("to"))["customers"].sum())
    total = int(known["customers"].sum())
    said = (
        f"Since {day(earlier)}, {_count(slipped.height)} of {_count(total)} customers slipped: they bought lately then "
        f"and not since. The {_money(int(slipped['recent'].sum()), currency)} net that they brought in the year before "
        f"is at risk. {_count(stayed)} stayed in their group"
    )
    return said + (f"; {_count(new)} customers are new since." if new else ".")


def actions(group: str, customers: int, money: int, currency: str) -> str:
    """A group's size, its net revenue, and what a shop does with it."""
    if not customers:
        return f"Nobody is in {group} on this day."
    who = "customer" if customers == 1 else "customers"
    return f"{_count(customers)} {who}, {_money(money, currency)} net revenue so far. {rfm.ACTIONS[group]}"


def profile(rows: pl.DataFrame, group: str, inside: int) -> str:
    """What tells a group apart most. Takes `customer_views.profile`."""
    if inside < FEW:
        return f"{group} has {_count(inside)} customers, fewer than {FEW}: a comparison would be mostly chance."
    if rows.is_empty():
        return f"Nothing tells {group} apart from the other customers beyond chance."
    top = rows.row(0, named=True)
    said = []
    if top["times"] > 1:
        said.append(f"most over-represented is {top['member']} ({top['share_text']} against {top['others_text']})")
    low = rows.row(-1, named=True)
    if low["times"] < 1:
        said.append(f"most under-represented is {low['member']} ({low['share_text']} against {low['others_text']})")
    return f"In {group}, {', '.join(said)}."


def cohorts(rows: pl.DataFrame, pooled: pl.DataFrame, grain: str) -> str:
    """Average retention one and several periods on, and the best and worst whole cohort after one period.

    Takes rows of `cohorts.by_cohort` or `by_group` and `cohorts.average`.
    """
    after = {k: (share, people) for k, share, people in pooled.select("k", "retention", "eligible").iter_rows()}
    if 1 not in after:
        return f"No cohort has been observed for a whole {grain} after its first yet."
    if after[1][1] < FEW:
        return f"Only {_count(after[1][1])} customers have been observed for a whole {grain} after their first."
    share, people = after[1]
    said = f"On average {_share(share)} buy again one {grain} after their first (of {_count(people)} customers)"
    later = max((k for k in (12, 6, 4, 3, 2) if k in after and after[k][1] >= FEW), default=None)
    if later:
        said += f" and {_share(after[later][0])} after {later} (of {_count(after[later][1])})"
    first = rows.filter((pl.col("k") == 1) & pl.col("whole") & pl.col("enough")).sort("retention", "row_rank")
    if first.height > 1:
        high, low = first.row(-1, named=True), first.row(0, named=True)
        said += (
            f"; best was {high['row']} ({_share(high['retention'])}), lowest {low['row']} ({_share(low['retention'])})"
        )
    return f"{said}."


def came_back(rows: pl.DataFrame) -> str:
    """Shares who bought again within 30 to 180 days. Takes `retention.came_back` of everybody."""
    if rows.is_empty():
        return "Nobody has been observed for 30 days yet."
    parts = [
        f"{_share(row['share'])} within {row['horizon']} days (of {_count(row['eligible'])})"
        for row in rows.iter_rows(named=True)
    ]
    return f"Bought again: {', '.join(parts)}."


def waiting(curve: pl.DataFrame) -> str:
    """When half have come back, or how many have by the longest round horizon. Takes a Kaplan-Meier curve."""
    if curve.is_empty() or not int(curve["events"].sum()):
        return "Nobody has bought a second time yet."
    half = reached(curve, 0.5)
    last = int(curve["day"][-1])
    told = [day for day in (30, 90, 365, 730) if day <= last]
    parts = []
    for days in told:
        survival, _, _ = at(curve, days)
        if survival is not None:
            parts.append(f"{_share(1 - survival)} by day {days}")
    said = f"Came back, counting those still awaited: {', '.join(parts)}." if parts else ""
    return said + (f" Half do by day {half:,}." if half is not None else " Half never do within what is observed.")


def first_members(rows: pl.DataFrame, label: str, horizon: int) -> str:
    """After which first purchase most and fewest come back. Takes `retention.came_back` of one horizon."""
    known = rows.filter("enough").sort("share", "group", descending=[True, False])
    if known.height < 2:
        return f"Fewer than two groups have {FEW} customers observed for {horizon} days."
    high, low = known.row(0, named=True), known.row(-1, named=True)
    said = (
        f"First {label}: after {high['group']}, {_share(high['share'])} buy again within {horizon} days; "
        f"after {low['group']}, {_share(low['share'])}"
    )
    apart = high["low"] > low["high"]
    return f"{said}." if apart else f"{said}; their intervals overlap, so the order may be chance."


def bridge(found: Bridge, currency: str) -> str:
    """What moved revenue most, with NRR, GRR and the check."""
    if found.base == 0 and found.now == 0:
        return "Nothing was sold in either period."
    steps = found.steps.filter(pl.col("step") != "unrecorded").sort("change")
    words = {"new": "new customers", "recovered": "recovered customers", "expansion": "customers who spent more",
             "contraction": "customers who spent less", "lapsed": "lapsed customers"}  # fmt: skip
    gain, loss = steps.row(-1, named=True), steps.row(0, named=True)
    parts = []
    if gain["change"] > 0:
        parts.append(f"{words[gain['step']]} brought {_signed(gain['change'], currency)} ({_count(gain['customers'])})")
    if loss["change"] < 0:
        parts.append(f"{words[loss['step']]} took {_signed(loss['change'], currency)} ({_count(loss['customers'])})")
    text = "; ".join(parts)
    said = f"{text[0].upper()}{text[1:]}. " if text else ""
    if found.nrr is not None:
        said += f"Of the base's {_count(found.buyers_base)} buyers {_count(found.retained)} bought again. They brought "
        said += f"{_share(found.nrr)} of their base revenue (NRR), {_share(found.grr)} without what they added (GRR). "
    left = formats.text(found.residual / MONEY_SCALE, "money", currency, compact=False)
    return f"{said}The bars add up: {left} is left over."


def _signed(ten_thousandths: int, currency: str) -> str:
    return formats.signed_text(ten_thousandths / MONEY_SCALE, "money", currency)


def backtest(found: Backtest, currency: str) -> str:
    """What the model said of the held-out days, what came, and how far both guesses are off for a customer."""
    money = [formats.text(value, "money", currency) for value in (found.predicted_value, found.actual_value)]
    return (
        f"Shown only what was known on {day(found.end)}, the model said {_count(found.predicted)} purchase days and "
        f"{money[0]} net for the {found.days:,} days after it, of {_count(found.customers)} customers. There came "
        f"{_count(found.actual)} days{_off(found.predicted, found.actual)} and "
        f"{money[1]}{_off(found.predicted_value, found.actual_value)}. For one customer it is off by "
        f"{found.model_error:.2f} purchase days, their own frequency by {found.baseline_error:.2f}."
    )


def _off(said: float, came: float) -> str:
    return f" (said {formats.change_text(said / came - 1, 'count')})" if came else ""


def trusted(found: Backtest) -> str:
    """Why the model is used, and by how much its sums were off where it was tested."""
    worse = found.baseline_error
    better = _share(1 - found.model_error / worse) if worse > 0 else "–"
    said = (
        f"Expected values come from a model. Tested on the last {found.days:,} days of the history (below), its error "
        f"for a customer was {better} smaller than that of the customer's own frequency."
    )
    off = [
        f"{_share(abs(by))} too {more if by > 0 else less} {name}"
        for (name, more, less), by in zip(
            (("purchase days", "many", "few"), ("revenue", "much", "little")), _sums_off(found), strict=True
        )
        if abs(by) >= CLOSE
    ]
    if off:
        said += f" In sum it said {' and '.join(off)}: trust the order of customers more than the sums."
    return said


def sums_hold(found: Backtest) -> bool:
    """Whether the model's sums of purchase days and revenue were CLOSE to what came in the test."""
    return all(abs(by) < CLOSE for by in _sums_off(found))


def _sums_off(found: Backtest) -> list[float]:
    sums = ((found.predicted, found.actual), (found.predicted_value, found.actual_value))
    return [told / came - 1 if came else 0.0 for told, came in sums]


def value(customers: int, alive: float, orders: float, money: float, horizon: int, currency: str) -> str:
    """What all customers together are expected to do."""
    return (
        f"In the next {horizon} days {_count(customers)} customers are expected to buy on {_count(orders)} days for "
        f"{formats.text(money, 'money', currency)} net; {_count(alive)} of them are expected to be still buying."
    )


def value_by_group(rows: pl.DataFrame, label: str, currency: str) -> str:
    """The group worth most, and the one with most per customer. Takes `value.by_group`."""
    known = rows.filter("enough")
    if known.is_empty():
        return f"No group has {FEW} customers or more."
    top = known.row(0, named=True)
    each = known.sort("per_customer", "member", descending=[True, False]).row(0, named=True)
    said = (
        f"{label} worth most: {top['member']}, {formats.text(top['value'], 'money', currency)} "
        f"({LEVEL:.0%} interval {formats.text(top['value_low'], 'money', currency)} to "
        f"{formats.text(top['value_high'], 'money', currency)})"
    )
    return f"{said}; most per customer: {each['member']}, {formats.text(each['per_customer'], 'money', currency)}."


def overdue(rows: pl.DataFrame, people: int, currency: str) -> str:
    """How many are overdue and what they brought in a year. Takes `value.at_risk`."""
    if rows.is_empty():
        return f"Of {_count(people)} customers with a rhythm of their own nobody is overdue."
    return (
        f"{_count(rows.height)} of {_count(people)} customers with a rhythm of their own have been away for more than "
        f"{OVERDUE_TIMES:g} times their usual gap; they brought {_money(int(rows['recent'].sum()), currency)} in the "
        "last year: revenue at risk."
    )


def lapsed(rows: pl.DataFrame, threshold: int, currency: str) -> str:
    """The gap rule's states. Takes `value.lapsed`."""
    states = {row["state"]: row for row in rows.iter_rows(named=True)}
    gone = states["Lapsed"]
    return (
        f"By the gap rule {_count(states['Active']['customers'])} customers are active, "
        f"{_count(states['Slipping']['customers'])} are slipping "
        f"({_money(states['Slipping']['recent'], currency)} in the last year) and {_count(gone['customers'])} have "
        f"lapsed: no purchase for more than {threshold:,} days, which 90% of all gaps stay below."
    )


def concentration(found: Concentration) -> str:
    """The share of the best 1, 5, 10 and 20 % with the Gini coefficient."""
    if found.gini is None:
        return "No known customers with revenue in this view."
    parts = [f"top {top}%: {_share(share)}" for top, share in found.shares.items()]
    alike = round(1 / found.hhi) if found.hhi else 0
    return (
        f"Of {_count(found.customers)} customers, {', '.join(parts)} of known revenue. Gini {found.gini:.2f}; "
        f"as concentrated as {_count(alike)} customers of equal size."
    )


def orders_per_customer(rows: pl.DataFrame) -> str:
    """How many ordered once, and what the others bring. Takes `concentration.orders_per_customer`."""
    people, money = int(rows["customers"].sum()), int(rows["revenue"].sum())
    if not people:
        return "No known customers bought in this view."
    once = rows.row(0, named=True)
    said = f"{_share(once['customers'] / people)} of {_count(people)} customers ordered once in this view"
    return f"{said} and brought {_share(once['revenue'] / money)} of known revenue." if money > 0 else f"{said}."


def gaps(count: int, middle: int | None, lapse: int | None) -> str:
    """The median and the 90th percentile of the days between purchases."""
    if not count or middle is None or lapse is None:
        return "Nobody bought on two days, so there is no gap to measure."
    return (
        f"Half of {_count(count)} gaps are {middle:,} days or shorter and 90% are {lapse:,} or shorter: a customer "
        f"away for more than {lapse:,} days counts as lapsed."
    )


def scores(rows: pl.DataFrame) -> str:
    """How a customer's group changed. Takes `customer_detail.scores`."""
    if rows.is_empty():
        return "No scores yet."
    now, first = rows.row(-1, named=True), rows.row(0, named=True)
    said = f"{now['group']} on {day(now['day'])} (R {now['r']}, F {now['f']}, M {now['m']})"
    if rows.height > 1 and first["group"] != now["group"]:
        return f"{said}; {first['group']} on {day(first['day'])}."
    return f"{said}, as on {day(first['day'])}." if rows.height > 1 else f"{said}."


def day(when: date) -> str:
    """A day in English: `9 Dec 2011`."""
    return f"{when.day} {when:%b %Y}"
