"""What the lines say, by plain loops: metrics of any members and days, written down once more from the definitions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Where
from analytics.periods import Period

Row = dict[str, Any]
Number = Fraction | None

NOBODY: Final = "No customer recorded"
"""Stands for the attribute of lines without a customer."""

SUMS: Final = frozenset(
    {"revenue", "profit", "cost", "units", "gross_sales", "discount", "net_revenue", "returned_units"}
)
"""Metrics that add up over members."""

SHARES: Final = frozenset({"margin", "return_rate", "discount_rate", "repeat_rate", "return_rate_amount"})
"""Metrics that change in percentage points."""

RATIOS: Final = SHARES | {"aov", "units_per_order", "revenue_per_customer", "orders_per_customer"}


def _day(row: Row) -> date:
    return row["day"]  # type: ignore[no-any-return]


@dataclass
class Purchase:
    """What one customer bought on one day."""

    orders: set[int] = field(default_factory=set)
    money: Fraction = Fraction(0)
    back: Fraction = Fraction(0)
    """Money of what came back of it."""

    @property
    def net(self) -> Fraction:
        """Money less what came back."""
        return self.money - self.back


class Twin:
    """The lines of a dataset as dict rows, and what follows from them."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.lines: list[Row] = sorted(data.lines.collect().to_dicts(), key=_day)
        self.returns: list[Row] = [] if data.returns is None else sorted(data.returns.to_dicts(), key=_day)
        orders: dict[int, dict[int, date]] = defaultdict(dict)
        for row in self.lines:
            orders[row["customer"]][row["order"]] = row["day"]
        self.days: dict[int, list[date]] = {who: sorted(found.values()) for who, found in orders.items() if who}
        """Known customer -> days of all orders ever."""
        self._purchases: dict[tuple[Where, date], dict[int, dict[date, Purchase]]] = {}
        people = data.customers.to_dicts()
        self.names: dict[int, str] = {n: row["name"] or row["customer_id"] for n, row in enumerate(people) if n}

    def kept(self, rows: Sequence[Row], where: Where, period: Period) -> list[Row]:
        """Rows of a period under some filters; `rows` in the order of their days."""
        wanted = {name: set(members) for name, members in where}
        inside = rows[bisect_left(rows, period.start, key=_day) : bisect_right(rows, period.end, key=_day)]
        return [row for row in inside if all(row.get(name) in members for name, members in wanted.items())]

    def purchases(self, where: Where, until: date) -> dict[int, dict[date, Purchase]]:
        """Known customer -> day -> what they bought up to a day; what came back is taken from the last day before it
        that they bought on, where returns name the customer and all that is filtered."""
        if (known := self._purchases.get((where, until))) is not None:
            return known
        out: dict[int, dict[date, Purchase]] = defaultdict(dict)
        for row in self.kept(self.lines, where, Period(self.data.first_day, until)):
            if row["customer"]:
                bought = out[row["customer"]].setdefault(row["day"], Purchase())
                bought.orders.add(row["order"])
                bought.money += Fraction(row["revenue"], MONEY_SCALE)
        if self._carried((*where, ("customer", ()))):
            for row in self.kept(self.returns, where, Period(min(self.data.first_day, *self._days_back()), until)):
                days = [day for day in out.get(row["customer"], {}) if day <= row["day"]]
                if row["customer"] and days:
                    out[row["customer"]][max(days)].back += Fraction(row["amount"], MONEY_SCALE)
        self._purchases[where, until] = {who: dict(sorted(days.items())) for who, days in sorted(out.items())}
        return self._purchases[where, until]

    def _days_back(self) -> list[date]:
        return [row["day"] for row in self.returns] or [self.data.first_day]

    def value(self, metric: str, where: Where, period: Period) -> Number:
        """A metric of a period under some filters."""
        back = self.kept(self.returns, where, period) if self._carried(where) else None
        return self.of(metric, self.kept(self.lines, where, period), period, back)

    def members(self, metric: str, name: str, where: Where, period: Period) -> dict[str, Number]:
        """The same for each member of a dimension that has lines or returns."""
        groups: dict[str, list[Row]] = defaultdict(list)
        back: dict[str, list[Row]] = defaultdict(list)
        for row in self.kept(self.lines, where, period):
            groups[self.member(row, name)].append(row)
        carried = self._carried((*where, (name, ())))
        if carried:
            for row in self.kept(self.returns, where, period):
                back[row[name]].append(row)
        return {
            member: self.of(metric, groups[member], period, back[member] if carried else None)
            for member in {*groups, *back}
        }

    def sold(self, name: str, where: Where, period: Period) -> set[str]:
        """The members of a dimension that have lines."""
        return {self.member(row, name) for row in self.kept(self.lines, where, period)}

    def member(self, row: Row, name: str) -> str:
        """A line's member of a dimension; nobody has an attribute."""
        return NOBODY if name in self.data.segments and not row["customer"] else row[name]

    def _carried(self, where: Where) -> bool:
        return self.data.returns is not None and {name for name, _ in where} <= set(self.data.returns.columns)

    def of(self, metric: str, rows: list[Row], period: Period, back: list[Row] | None) -> Number:
        """A metric of some lines and returns; None where it is not defined."""
        known = [row for row in rows if row["customer"]]
        who = {row["customer"] for row in known}
        orders, own = {row["order"] for row in rows}, {row["order"] for row in known}
        units = sum(row["quantity"] for row in rows)

        def money(name: str, of: list[Row] = rows) -> Fraction:
            return Fraction(sum(row[name] for row in of), MONEY_SCALE)

        def over(top: Fraction | int, bottom: Fraction | int) -> Number:
            return Fraction(top) / bottom if bottom > 0 else None

        def returned(name: str) -> Fraction:
            return Fraction(sum(row[name] for row in back or []))

        if metric in ("return_rate", "net_revenue", "returned_units", "return_rate_amount") and back is None:
            return None
        formulas: dict[str, Callable[[], Number]] = {
            "revenue": lambda: money("revenue"),
            "cost": lambda: money("cost"),
            "profit": lambda: money("revenue") - money("cost"),
            "margin": lambda: over(money("revenue") - money("cost"), money("revenue")),
            "orders": lambda: Fraction(len(orders)),
            "customers": lambda: Fraction(len(who)),
            "units": lambda: Fraction(units),
            "aov": lambda: over(money("revenue"), len(orders)),
            "units_per_order": lambda: over(units, len(orders)),
            "gross_sales": lambda: money("revenue") + money("discount"),
            "discount": lambda: money("discount"),
            "discount_rate": lambda: over(money("discount"), money("revenue") + money("discount")),
            "revenue_per_customer": lambda: over(money("revenue", known), len(who)),
            "orders_per_customer": lambda: over(len(own), len(who)),
            "repeat_rate": lambda: over(sum(len(self.ever(one, period.end)) > 1 for one in who), len(who)),
            "new_customers": lambda: Fraction(sum(self.days[one][0] >= period.start for one in who)),
            "net_revenue": lambda: money("revenue") - returned("amount") / MONEY_SCALE,
            "returned_units": lambda: returned("quantity"),
            "return_rate": lambda: over(returned("quantity"), units),
            "return_rate_amount": lambda: over(returned("amount") / MONEY_SCALE, money("revenue")),
        }
        return formulas[metric]()

    def ever(self, customer: int, end: date) -> list[date]:
        """Days of a customer's orders up to a day."""
        return [day for day in self.days[customer] if day <= end]


def change(metric: str, now: Number, base: Number) -> Number:
    """A relative change, of shares the difference; None without a base above 0."""
    if now is None or base is None:
        return None
    if metric in SHARES:
        return now - base
    return now / base - 1 if base > 0 else None


def moved(metric: str, now: dict[str, Number], base: dict[str, Number]) -> dict[str, Fraction]:
    """Member -> value less base, of those that can be compared: a sum or count that is gone is 0, what cannot be
    told is none."""
    out = {}
    for name in {*now, *base}:
        missing = None if metric in RATIOS else Fraction(0)
        one, other = now.get(name, missing), base.get(name, missing)
        if one is not None and other is not None:
            out[name] = one - other
    return out


def days_of(period: Period) -> list[date]:
    """Every day of a period."""
    return [period.start + timedelta(days=n) for n in range(period.days)]
