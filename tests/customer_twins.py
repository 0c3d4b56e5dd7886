"""Slow obvious twins of the customer tables: plain loops over dict rows, one sentence of a definition at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from analytics.dataset import Dataset
from analytics.filters import Where
from tests.twins import Row, kept_row, lines_of

Days = dict[int, dict[date, Row]]


def purchases(data: Dataset, where: Where, until: date) -> Days:
    """Customer -> day -> orders, revenue, returned."""
    found: Days = defaultdict(dict)
    orders: dict[tuple[int, date], set[int]] = defaultdict(set)
    for row in lines_of(data):
        if row["customer"] is None or row["day"] > until or not kept_row(row, where):
            continue
        cell = found[row["customer"]].setdefault(row["day"], {"orders": 0, "revenue": 0, "returned": 0})
        orders[row["customer"], row["day"]].add(row["order"])
        cell["orders"] = len(orders[row["customer"], row["day"]])
        cell["revenue"] += row["revenue"]
    returns = [] if data.returns is None else data.returns.to_dicts()
    carried = set() if data.returns is None else set(data.returns.columns)
    if "customer" not in carried or not {name for name, _ in where} <= carried:
        returns = []
    for row in returns:
        if row["customer"] == 0 or row["day"] > until or not kept_row(row, where):
            continue
        before = [day for day in found.get(row["customer"], {}) if day <= row["day"]]
        if before:
            found[row["customer"]][max(before)]["returned"] += row["amount"]
    return found


def summaries(found: Days, as_of: date) -> dict[int, Row]:
    """Customer -> what RFM is made of."""
    out = {}
    for customer, days in found.items():
        known = {day: cell for day, cell in days.items() if day <= as_of}
        if known:
            net = {day: cell["revenue"] - cell["returned"] for day, cell in known.items()}
            out[customer] = {
                "last_day": max(known),
                "orders": sum(cell["orders"] for cell in known.values()),
                "money": sum(net.values()),
                "recent": sum(money for day, money in net.items() if day > as_of - timedelta(days=365)),
            }
    return out


TABLE = """
R5 New, Potential, Potential, Champions, Champions; R4 Promising, Potential, Potential,
Loyal, Champions; R3 About to sleep, About to sleep, Needs attention, Loyal, Loyal; R2 Hibernating, Hibernating,
At risk, At risk, At risk; R1 Lost, Lost, At risk, Can't lose, Can't lose
"""
"""The groups as the definition writes them."""


def group(r: int, fm: int) -> str:
    rows = {int(part.split()[0][1:]): part.split(maxsplit=1)[1] for part in TABLE.replace("\n", " ").split(";")}
    return [name.strip() for name in rows[r].split(",")][fm - 1]


def rfm(found: Days, as_of: date) -> dict[int, Row]:
    """Customer -> scores and group, each score from a count of the customers strictly below."""
    known = summaries(found, as_of)

    def score(name: str, customer: int) -> int:
        below = sum(1 for other in known.values() if other[name] < known[customer][name])
        return 1 + (5 * below) // len(known)

    out = {}
    for customer in known:
        r, f, m = score("last_day", customer), score("orders", customer), score("money", customer)
        fm = (f + m) // 2 if (f + m) % 2 == 0 else (f + m + 1) // 2
        out[customer] = known[customer] | {"r": r, "f": f, "m": m, "fm": fm, "group": group(r, fm)}
    return out


def first_days(data: Dataset) -> dict[int, date]:
    """Customer -> day of the first purchase ever."""
    first: dict[int, date] = {}
    for row in lines_of(data):
        if row["customer"] is not None:
            first[row["customer"]] = min(row["day"], first.get(row["customer"], row["day"]))
    return first


def survival(people: list[tuple[int, bool]]) -> dict[int, float]:
    """Day -> share to whom nothing has happened: at each day with an event, times 1 - events / still observed."""
    share, out = 1.0, {}
    for day in sorted({day for day, _ in people} | {0}):
        at_risk = sum(1 for other, _ in people if other >= day)
        events = sum(1 for other, happened in people if other == day and happened)
        if at_risk:
            share *= 1 - events / at_risk
        out[day] = share
    return out


def bridge(data: Dataset, where: Where, now: Any, base: Any) -> dict[str, int]:
    """Step -> change, customer by customer."""
    spent: dict[str, dict[int, int]] = {"now": defaultdict(int), "base": defaultdict(int)}
    unrecorded = {"now": 0, "base": 0}
    for row in lines_of(data):
        for name, period in (("now", now), ("base", base)):
            if period.start <= row["day"] <= period.end and kept_row(row, where):
                if row["customer"] is None:
                    unrecorded[name] += row["revenue"]
                else:
                    spent[name][row["customer"]] += row["revenue"]
    first = first_days(data)
    out = dict.fromkeys(("new", "recovered", "expansion", "contraction", "lapsed"), 0)
    for customer in {*spent["now"], *spent["base"]}:
        change = spent["now"].get(customer, 0) - spent["base"].get(customer, 0)
        if customer not in spent["base"]:
            out["new" if first[customer] >= now.start else "recovered"] += change
        elif customer not in spent["now"]:
            out["lapsed"] += change
        elif change > 0:
            out["expansion"] += change
        else:
            out["contraction"] += change
    return out | {
        "unrecorded": unrecorded["now"] - unrecorded["base"],
        "total_now": sum(spent["now"].values()) + unrecorded["now"],
        "total_base": sum(spent["base"].values()) + unrecorded["base"],
    }
