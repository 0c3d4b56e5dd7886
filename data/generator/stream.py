"""Chunks of the demo's prepared tables: invented customers with all their orders, coded as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import GEOGRAPHY, NO_CUSTOMER, PRODUCT_LEVELS
from data.generator import calendar, catalogue, orders, people, places, returns, targets, truths
from data.generator.catalogue import CATALOGUE

CUSTOMERS_PER_CHUNK: Final = 150_000
"""About 750,000 lines."""

_LINES_PER_CUSTOMER: Final = 4.6
"""A little under the mean, so that a chunk meant to be the last has enough lines."""
_LINES_PER_ORDER: Final = 2.2

MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "product": CATALOGUE.product,
    "continent": places.CONTINENT_NAMES,
    "country": places.COUNTRY_NAMES,
    "region": places.REGION_NAMES,
    "category": catalogue.CATEGORY_NAMES,
    "subcategory": catalogue.SUBCATEGORY_NAMES,
    "channel": orders.CHANNELS,
    **people.SEGMENTS,
}
"""Dimension -> members in code order."""

_FIRST_DAY: Final = int(np.datetime64(truths.FIRST_DAY).astype(np.int64))
_ENUMS: Final[dict[str, pl.DataType]] = {name: pl.Enum(members) for name, members in MEMBERS.items()}
_VALUES: Final = {name: pl.Series(MEMBERS[name], dtype=enum) for name, enum in _ENUMS.items()}

LINES_SCHEMA: Final = pl.Schema(
    {
        "customer": pl.UInt32(),
        "day": pl.Date(),
        "order": pl.UInt32(),
        **_ENUMS,
        "quantity": pl.Int16(),
        "revenue": pl.Int64(),
        "cost": pl.Int64(),
        "discount": pl.Int64(),
    }
)


class Chunk(NamedTuple):
    """Rows of the prepared tables that belong to the same customers."""

    lines: pl.DataFrame
    orders: pl.DataFrame
    customers: pl.DataFrame
    returns: pl.DataFrame
    revenue: NDArray[np.int64]
    """Revenue by month, country and category, in ten-thousandths."""


def chunks(lines: int, seed: int, *, customers_per_chunk: int = CUSTOMERS_PER_CHUNK) -> Iterator[Chunk]:
    """Exactly `lines` order lines: first those without a customer, then customer after customer."""
    anonymous = round(lines / _LINES_PER_ORDER * truths.ANONYMOUS_ORDERS)
    rng = np.random.default_rng([seed, 0])
    chunk = _chunk(rng, None, orders.without_customer(rng, anonymous), lines, code=NO_CUSTOMER, order=0)
    yield chunk
    left, code, order, number = lines - chunk.lines.height, NO_CUSTOMER + 1, anonymous, 0
    while left > 0:
        number += 1
        rng = np.random.default_rng([seed, number])
        buyers = people.draw(rng, min(customers_per_chunk, int(left / _LINES_PER_CUSTOMER) + 100))
        chunk = _chunk(rng, buyers, orders.of_customers(rng, buyers), left, code=code, order=order)
        yield chunk
        left -= chunk.lines.height
        code += chunk.customers.height
        order = int(chunk.lines["order"][-1]) + 1


def _chunk(
    rng: np.random.Generator, buyers: people.People | None, bought: orders.Orders, most: int, *, code: int, order: int
) -> Chunk:
    """One chunk, cut off after `most` lines; `code` and `order` are its first customer and order codes."""
    items = orders.lines(rng, bought)
    items = orders.OrderLines(*(values[:most] for values in items))
    bought = bought.head(int(items.order[-1]) + 1) if len(items.order) else bought
    back = returns.draw(rng, bought, items)
    lines = _lines(buyers, bought, items, code=code, order=order)
    country = places.COUNTRY_OF[bought.place][items.order]
    month = calendar.MONTH_OF_DAY[bought.day][items.order]
    cell = (month * targets.SHAPE[1] + country) * targets.SHAPE[2] + CATALOGUE.category[items.product]
    # Float sums are exact here: whole numbers far below 2**53.
    revenue = np.bincount(cell, items.revenue, minlength=int(np.prod(targets.SHAPE))).astype(np.int64)
    return Chunk(
        lines=lines,
        orders=_order_ids(order, len(bought.day)),
        customers=_nobody() if buyers is None else _customers(buyers, bought, code),
        returns=_returns(lines, back),
        revenue=revenue.reshape(targets.SHAPE),
    )


def _values(name: str, codes: NDArray[np.integer]) -> pl.Series:
    return _VALUES[name].gather(codes).alias(name)


def _dates(days: NDArray[np.int64]) -> pl.Series:
    return pl.Series((_FIRST_DAY + days).astype(np.int32)).cast(pl.Date)


def _lines(
    buyers: people.People | None, bought: orders.Orders, items: orders.OrderLines, *, code: int, order: int
) -> pl.DataFrame:
    place, buyer = bought.place[items.order], bought.buyer[items.order]
    codes: dict[str, NDArray[np.integer]] = {
        "product": items.product,
        "continent": places.CONTINENT_OF[place],
        "country": places.COUNTRY_OF[place],
        "region": place,
        "category": CATALOGUE.category[items.product],
        "subcategory": CATALOGUE.subcategory[items.product],
        "channel": bought.channel[items.order],
    }
    for name, members in people.SEGMENTS.items():
        unknown = np.full(len(buyer), len(members) - 1)
        codes[name] = unknown if buyers is None else buyers.shown[name][buyer]
    return pl.DataFrame(
        {
            "customer": (code + buyer).astype(np.uint32),
            "day": _dates(bought.day).gather(items.order),
            "order": (order + items.order).astype(np.uint32),
            **{name: _values(name, values) for name, values in codes.items()},
            "quantity": items.quantity.astype(np.int16),
            "revenue": items.revenue,
            "cost": items.cost,
            "discount": items.discount,
        },
        schema=LINES_SCHEMA,
    )


def _order_ids(first: int, count: int) -> pl.DataFrame:
    """Order numbers that sort like the order codes."""
    numbers = pl.Series(np.arange(first, first + count))
    return pl.DataFrame({"order_id": "SO" + numbers.cast(pl.String).str.zfill(9)})


def _returns(lines: pl.DataFrame, back: returns.ReturnedLines) -> pl.DataFrame:
    """Returns with what their lines say about product, place, customer and order."""
    return (
        lines[back.line]
        .with_columns(
            _dates(back.day).alias("day"),
            pl.Series("quantity", back.quantity.astype(np.int16)),
            pl.Series("amount", back.amount),
            pl.Series("reason", returns.REASONS).gather(back.reason),
        )
        .select(
            "day",
            *PRODUCT_LEVELS,
            *GEOGRAPHY,
            "quantity",
            "amount",
            "customer",
            "order",
            "reason",
            *people.SEGMENTS,
        )
    )


def _customers(buyers: people.People, bought: orders.Orders, code: int) -> pl.DataFrame:
    """Customers up to the last one with a line; each has at least one order."""
    count = int(bought.buyer[-1]) + 1
    starts = np.searchsorted(bought.buyer, np.arange(count))
    second = np.minimum(starts + 1, len(bought.day) - 1)
    came_back = bought.buyer[second] == np.arange(count)
    came_back &= second > starts
    second_on = pl.select(pl.when(pl.Series(came_back)).then(_dates(bought.day[second])).otherwise(None)).to_series()
    some = buyers.head(count)
    return people.text(some, np.arange(code, code + count)).select(
        "customer_id",
        "name",
        _dates(bought.day[starts]).alias("first_on"),
        second_on.alias("second_on"),
        *(_values(name, codes) for name, codes in some.shown.items()),
        "email",
        "born_on",
    )


def _nobody() -> pl.DataFrame:
    """Row 0 of the customers: the lines without one."""
    return pl.DataFrame(
        {name: [members[-1]] for name, members in people.SEGMENTS.items()},
        schema={name: _ENUMS[name] for name in people.SEGMENTS},
    ).select(
        pl.lit(None, pl.String).alias("customer_id"),
        pl.lit(None, pl.String).alias("name"),
        pl.lit(None, pl.Date).alias("first_on"),
        pl.lit(None, pl.Date).alias("second_on"),
        pl.all(),
        pl.lit(None, pl.String).alias("email"),
        pl.lit(None, pl.Date).alias("born_on"),
    )


def products() -> pl.DataFrame:
    """Row i describes product code i."""
    return pl.DataFrame(
        [
            pl.Series("product_id", CATALOGUE.product_id),
            _values("product", np.arange(len(CATALOGUE.product))),
            _values("subcategory", CATALOGUE.subcategory),
            _values("category", CATALOGUE.category),
        ]
    )
