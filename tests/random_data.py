"""Hypothesis strategies: small random datasets through the real layout, and random views of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from analytics.dataset import Calendar, Dataset
from analytics.filters import Filters, where
from analytics.periods import COMPARISONS, Comparison, Period, compare, grains
from data.building.layout import Tables, build

FIRST_DAY: Final = date(2021, 12, 20)
DAYS: Final = 420

PLACES: Final = (
    ("Europe", "France", "Nord"),
    ("Europe", "France", "Sud"),
    ("Europe", "Spain", "Norte"),
    ("Asia", "Japan", "Kanto"),
    ("Asia", "Japan", None),
)
PRODUCTS: Final = (
    ("p1", "Road bike", "Bikes", "Road"),
    ("p2", "Racer", "Bikes", "Road"),
    ("p3", "Trail bike", "Bikes", "Mountain"),
    ("p4", "Glove", "Clothing", "Gloves"),
    ("p5", "Sock", "Clothing", "Socks"),
    ("p6", "Gift card", None, None),
)
CHANNELS: Final = ("shop", "web")
GENDERS: Final = ("F", "M", None)
CHILDREN: Final = (0, 2, 10)
CUSTOMERS: Final = 6


def examples(number: int) -> settings:
    """So many random datasets, however long each takes to make."""
    return settings(
        max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
    )


_MONEY = st.integers(0, 5_000_000)
# Few days collide often, many days fill all buckets; both kinds of history matter.
_DAY = st.one_of(st.sampled_from((0, 11, 12, 40, 365, 376, 377)), st.integers(0, DAYS - 1))


@st.composite
def datasets(
    draw: st.DrawFn,
    *,
    customers: bool | None = None,
    geography: bool | None = None,
    cost: bool | None = None,
    returns: bool | None = None,
) -> Dataset:
    """A prepared dataset of a few orders; a None option is drawn."""
    has_customers = draw(st.booleans()) if customers is None else customers
    has_places = draw(st.booleans()) if geography is None else geography
    has_cost = draw(st.booleans()) if cost is None else cost
    has_returns = draw(st.booleans()) if returns is None else returns
    has_channel, has_discount = draw(st.booleans()), draw(st.booleans())
    has_levels = draw(st.booleans())
    buyers = st.one_of(st.none(), st.integers(1, CUSTOMERS), st.integers(1, 2)) if has_customers else st.none()
    order = st.tuples(buyers, _DAY, st.integers(0, len(PLACES) - 1), st.lists(_line(), min_size=1, max_size=5))
    rows = []
    for number, (buyer, day, place, items) in enumerate(draw(st.lists(order, min_size=1, max_size=14))):
        for product, quantity, revenue, spent, discount, channel in items:
            rows.append(
                {"order_id": f"{number:02d}", "ordered_on": FIRST_DAY + timedelta(day)}
                | {"customer_id": None if buyer is None else f"c{buyer}"}
                | _product(product, has_levels)
                | (_place(place) if has_places else {})
                | ({"channel": CHANNELS[channel]} if has_channel else {})
                | {"quantity": quantity, "revenue": revenue}
                | ({"cost": spent} if has_cost else {})
                | ({"discount": discount} if has_discount else {})
            )
    people = [
        {"customer_id": f"c{n}", "name": f"Name {n}", "gender": draw(st.sampled_from(GENDERS))}
        | {"children": str(draw(st.sampled_from(CHILDREN)))}
        for n in range(1, CUSTOMERS + 1)
    ]
    tables = Tables(
        lines=_frame(rows),
        customers=pl.DataFrame(people) if has_customers else None,
        returns=_frame(draw(_returns(rows))) if has_returns else None,
    )
    calendar = Calendar(draw(st.sampled_from((0, 6))), draw(st.sampled_from((1, 7))), draw(st.booleans()))
    return build(tables, name="random", title="Random", currency="EUR", calendar=calendar).dataset()


def _line() -> st.SearchStrategy[tuple[int, int, int, int, int, int]]:
    product = st.integers(0, len(PRODUCTS) - 1)
    return st.tuples(product, st.integers(0, 9), _MONEY, _MONEY, _MONEY, st.integers(0, len(CHANNELS) - 1))


def _product(number: int, has_levels: bool) -> dict[str, Any]:
    product_id, name, category, subcategory = PRODUCTS[number]
    levels = {"category": category, "subcategory": subcategory} if has_levels else {}
    return {"product_id": product_id, "product": name} | levels


def _place(number: int) -> dict[str, Any]:
    return dict(zip(("continent", "country", "region"), PLACES[number], strict=True))


@st.composite
def _returns(draw: st.DrawFn, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns of some lines, which name the place, the customer and the order, or not."""
    named = [name for name in ("country", "customer_id") if name in rows[0] and draw(st.booleans())]
    if "country" in named:
        named += ["continent", "region"]
    out = []
    for row in draw(st.lists(st.sampled_from(rows), min_size=1, max_size=5)):
        day = row["ordered_on"] + timedelta(draw(st.integers(0, 45)))
        out.append(
            {"returned_on": day, "product_id": row["product_id"], "quantity": draw(st.integers(1, 3))}
            | {"product": row["product"], "amount": row["revenue"]}
            | {name: row[name] for name in (*named, *(n for n in ("category", "subcategory") if n in row))}
        )
    return out


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    text = ("customer_id", "region", "category", "subcategory")
    return pl.DataFrame(rows, schema_overrides={name: pl.String for name in text if name in rows[0]})


@st.composite
def views(draw: st.DrawFn, data: Dataset, *, where_any: bool = True) -> tuple[Filters, str]:
    """A random view of a dataset and a grain: any period, any kind of base, members of up to three dimensions."""
    start = FIRST_DAY + timedelta(draw(st.integers(-10, DAYS)))
    length = draw(st.one_of(st.just(1), st.integers(1, 40), st.integers(200, DAYS)))
    period = Period(start, start + timedelta(length - 1))
    if draw(st.integers(0, 4)) == 0:
        period = Period(data.first_day, data.last_day)
    grain = draw(st.sampled_from(grains(data.calendar)))
    mode = draw(st.sampled_from(list(COMPARISONS)))
    if mode == "custom":
        base_start = start + timedelta(draw(st.integers(-400, 20)))
        comparison = Comparison(mode, Period(base_start, base_start + timedelta(draw(st.integers(0, 60)))))
    else:
        comparison = compare(period, mode, data.first_day if draw(st.booleans()) else date(2000, 1, 1), grain=grain)
    chosen = {}
    if where_any:
        for name in draw(st.lists(st.sampled_from(sorted(data.members)), max_size=3, unique=True)):
            known = list(data.members[name])
            chosen[name] = draw(st.lists(st.sampled_from([*known, *known, "Unheard of"]), max_size=4))
    return Filters(period, comparison, where(chosen)), grain
