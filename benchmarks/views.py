"""What is measured: two pages under six filters, and the tables that each page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from analytics import periods
from analytics.dataset import Dataset
from analytics.dimensions import levels, others, set_free_by
from analytics.filters import Filters, Where, where
from ui.menu import BY_NAME

GRAIN: Final = "month"
PAGES: Final = {
    "sales": BY_NAME["sales_performance"].title,
    "customers": BY_NAME["customer_insights"].title,
}
RANKINGS: Final = ("revenue", "orders", "units")
TOP: Final = 100


@dataclass(frozen=True)
class TableQuery:
    """One table of a page: measures by some keys, of the period and, where `compared`, of its base."""

    table: str
    by: tuple[str, ...] = ()
    """Dimensions, or `bucket` (month), `day`, `weekday` (Monday 0)."""
    where: Where = ()
    shows: Literal["all", "additive", "revenue"] = "all"
    """All measures, those that add up over days (no distinct customers), or revenue alone."""
    compared: bool = True
    buyers: bool = False
    """Whether new and returning customers' revenue is told apart."""


def charts(page: str, data: Dataset, filters: Filters) -> list[TableQuery]:
    """The tables of a page except rankings, customer segments and the sum of all revenue.

    A chart of a dimension leaves out the filters on it and on finer levels of it, so that its members stay clickable.
    """
    kept = filters.where
    places, products = levels(data, "geography"), levels(data, "product")
    if page == "sales":
        parts = (*places, *products, *others(data))
        shared = [
            TableQuery("trend", ("bucket",), kept),
            TableQuery("days", ("day",), kept, shows="additive", compared=False),
            TableQuery("heatmap", ("bucket", "weekday"), kept, shows="revenue", compared=False),
        ]
    else:
        parts = (*places, *products[:-1])
        shared = [
            TableQuery("trend", ("bucket",), kept, buyers=True),
            TableQuery("country_time", ("country", "bucket"), kept),
        ]
    breakdowns = [TableQuery(name, (name,), filters.without(set_free_by(name)).where) for name in parts]
    return [TableQuery("totals", (), kept), *shared, *breakdowns]


def segments(data: Dataset, filters: Filters) -> dict[Where, tuple[str, ...]]:
    """The customer attributes by the filter under which they are shown."""
    out: dict[Where, tuple[str, ...]] = {}
    for name in data.segments:
        own = filters.without(set_free_by(name)).where
        out[own] = (*out.get(own, ()), name)
    return out


def six(data: Dataset) -> dict[str, Filters]:
    """The six filters by name: none, one year, one country, one category, one customer segment, and all four at once.

    The year is the last whole calendar year, compared with the one before; all data has nothing to be compared with.
    """
    whole = periods.preset("all", data.first_day, data.last_day)
    year = periods.preset("last_year", data.first_day, data.last_day)
    middle = {name: [_middle(data, name)] for name in ("country", "category", data.segments[0])}

    def view(period: periods.Period, *names: str) -> Filters:
        base = periods.compare(period, "previous_year", data.first_day)
        return Filters(period, base, where({name: middle[name] for name in names}))

    return {
        "none": view(whole),
        "year": view(year),
        "country": view(whole, "country"),
        "category": view(whole, "category"),
        "segment": view(whole, data.segments[0]),
        "all four": view(year, *middle),
    }


def _middle(data: Dataset, dimension: str) -> str:
    """The member in the middle of a dimension's list: neither first nor best by design."""
    members = data.members[dimension]
    return members[len(members) // 2]
