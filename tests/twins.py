"""Slow obvious twins of the reductions: plain loops over dict rows, one sentence of DEFINITIONS at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from analytics import periods
from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.lines import Totals
from analytics.metrics import MEASURES
from analytics.periods import Period

Row = dict[str, Any]


def lines_of(data: Dataset) -> list[Row]:
    """The lines as dict rows; `customer` is None where there is none, and so are its attributes."""
    rows = data.lines.collect().to_dicts()
    for row in rows:
        if row["customer"] == 0:
            row["customer"] = None
            row["shown"] = dict.fromkeys(data.segments)
        else:
            row["shown"] = {name: row[name] for name in data.segments}
    return rows


def order_days(rows: list[Row]) -> dict[int, list[date]]:
    """Customer -> the days of all orders ever, in order."""
    orders: dict[int, dict[int, date]] = defaultdict(dict)
    for row in rows:
        if row["customer"] is not None:
            orders[row["customer"]][row["order"]] = row["day"]
    return {customer: sorted(found.values()) for customer, found in orders.items()}


def kept_row(row: Row, where: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    """Whether every filtered dimension has one of its members."""
    return all(row[name] in members for name, members in where)


def page(data: Dataset, filters: Filters, request: Totals, grain: str) -> dict[tuple[Any, ...], Row]:
    """Key -> measures with and without `_base`, as `lines.page` should have them."""
    where = filters.without(request.without).where
    now_days = dict(periods.bucket_of_days(filters.period, grain, data.calendar).iter_rows())
    now = measured(data, where, filters.period, now_days, request)
    base: dict[tuple[Any, ...], Row] | None = None
    if filters.base and request.compared and request.by != ("day",):
        mode = filters.comparison.mode
        frame = periods.base_bucket_of_days(filters.base, filters.period, mode, grain, data.calendar)
        base = measured(data, where, filters.base, dict(frame.iter_rows()), request)
    absent = absent_measures(data, where, request.by)
    out = {}
    for key in {*now, *(base or {})}:
        row = {}
        for name in MEASURES:
            row[name] = None if name in absent else now.get(key, {}).get(name, 0)
            compared = None if base is None else base.get(key, {}).get(name, 0)
            row[f"{name}_base"] = None if name in absent else compared
        out[key] = row
    return out


def absent_measures(data: Dataset, where: tuple[tuple[str, tuple[str, ...]], ...], by: tuple[str, ...]) -> set[str]:
    """The measures that the data cannot give for a view."""
    absent = {name for name in ("cost", "discount") if name not in data.lines.collect_schema().names()}
    needed = {name for name, _ in where} | {name for name in by if name not in ("bucket", "day", "weekday")}
    if data.returns is None or not needed <= set(data.returns.columns):
        absent |= {"returned_units", "returned_amount"}
    return absent


def measured(
    data: Dataset,
    where: tuple[tuple[str, tuple[str, ...]], ...],
    period: Period,
    days: dict[date, int],
    request: Totals,
) -> dict[tuple[Any, ...], Row]:
    """Key -> MEASURES of one period."""
    history = lines_of(data)
    ever = order_days(history)
    last_day_of = {bucket: max(day for day in days if days[day] == bucket) for bucket in set(days.values())}

    def is_new(row: Row) -> bool:
        first = ever[row["customer"]][0]
        if "bucket" in request.by:
            return days.get(first) == days[row["day"]]
        return period.start <= first <= period.end

    def is_repeat(row: Row) -> bool:
        end = last_day_of[days[row["day"]]] if "bucket" in request.by else period.end
        return len(ever[row["customer"]]) >= 2 and ever[row["customer"]][1] <= end

    values: dict[str, Callable[[Row], Any]] = {
        "bucket": lambda row: days[row["day"]],
        "day": lambda row: row["day"],
        "weekday": lambda row: row["day"].weekday(),
        "buyer": lambda row: "not recorded" if row["customer"] is None else "new" if is_new(row) else "returning",
    }

    def key_of(row: Row) -> tuple[Any, ...]:
        shown = row.get("shown", row)
        return tuple(values[n](row) if n in values else shown[n] if n in data.segments else row[n] for n in request.by)

    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in history:
        if period.start <= row["day"] <= period.end and kept_row(row, where):
            groups[key_of(row)].append(row)
    out = {key: _measures(rows, is_new, is_repeat) for key, rows in groups.items()}
    if not request.by:
        out.setdefault((), _measures([], is_new, is_repeat))
    if data.returns is not None and "returned_units" not in absent_measures(data, where, request.by):
        for row in data.returns.to_dicts():
            if "customer" in row and row["customer"] == 0:
                row["shown"] = row | dict.fromkeys(data.segments)
            if period.start <= row["day"] <= period.end and kept_row(row, where):
                measures = out.setdefault(key_of(row), _measures([], is_new, is_repeat))
                measures["returned_units"] += row["quantity"]
                measures["returned_amount"] += row["amount"]
    return out


def _measures(rows: list[Row], is_new: Callable[[Row], bool], is_repeat: Callable[[Row], bool]) -> Row:
    known = [row for row in rows if row["customer"] is not None]
    return {
        "lines": len(rows),
        "units": sum(row["quantity"] for row in rows),
        "discount": sum(row.get("discount", 0) for row in rows),
        "revenue": sum(row["revenue"] for row in rows),
        "cost": sum(row.get("cost", 0) for row in rows),
        "orders": len({row["order"] for row in rows}),
        "customers": len({row["customer"] for row in known}),
        "known_revenue": sum(row["revenue"] for row in known),
        "known_orders": len({row["order"] for row in known}),
        "new_customers": len({row["customer"] for row in known if is_new(row)}),
        "repeat_customers": len({row["customer"] for row in known if is_repeat(row)}),
        "returned_units": 0,
        "returned_amount": 0,
    }


def customers(data: Dataset, filters: Filters, place: str | None) -> dict[int, Row]:
    """Customer code -> what `lines.customers` says of each known customer of the view."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in lines_of(data):
        inside = filters.period.start <= row["day"] <= filters.period.end and kept_row(row, filters.where)
        if inside and row["customer"] is not None:
            groups[row["customer"]].append(row)
    out = {}
    for customer, rows in groups.items():
        out[customer] = {
            "units": sum(row["quantity"] for row in rows),
            "revenue": sum(row["revenue"] for row in rows),
            "orders": len({row["order"] for row in rows}),
            "last_day": max(row["day"] for row in rows),
        }
        if place:
            # Orders of one day count in the order of their codes.
            out[customer]["place"] = max(rows, key=lambda row: (row["day"], row["order"]))[place]
    return out


def members(data: Dataset, where: tuple[tuple[str, tuple[str, ...]], ...], dimension: str) -> list[str]:
    """The members that occur with the kept members of the other dimensions of the hierarchy, in the Enum's order."""
    hierarchies = (("continent", "country", "region"), ("category", "subcategory", "product"))
    hierarchy = next((h for h in hierarchies if dimension in h), ())
    narrowing = tuple(item for item in where if item[0] in hierarchy and item[0] != dimension)
    if not narrowing:
        return list(data.members[dimension])
    found = {row[dimension] for row in lines_of(data) if kept_row(row, narrowing)}
    return [member for member in data.members[dimension] if member in found]
