"""The demo's orders and their lines: when customers buy, where, how, and what lies in the basket."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.runs import run_starts
from data.generator import calendar, catalogue, people, places, truths
from data.generator.catalogue import CATALOGUE

CHANNELS: Final = ("Online", "Phone", "Store")

_STAYING: Final = (1.5, 1.75)
"""Beta distribution of the chance that a customer never comes back after an order."""
_RATE: Final = (1.4, 0.40)
"""Gamma distribution (shape, mean) of a customer's orders per 30 busy days while they stay."""
_MOST_RETURNS: Final = 120
_SATED: Final = 0.35
"""How fast the chance of a large purchase falls with each earlier order: nobody needs five bicycles."""
_ELSEWHERE: Final = 0.03
"""Share of orders that are not bought at home."""
_COUPON: Final = (0.05, 0.10)
"""Share of lines with a coupon on top of any promotion, and its rate."""
_MORE_LARGE: Final = 0.10
"""Chance that a further line of a large purchase is large as well."""


class Orders(NamedTuple):
    """Orders as arrays, sorted by buyer and day."""

    buyer: NDArray[np.int64]
    """Position of the customer within the chunk."""
    day: NDArray[np.int64]
    """Days since the first day of the data."""
    place: NDArray[np.int64]
    channel: NDArray[np.uint8]
    taste: NDArray[np.int64]
    large: NDArray[np.bool_]

    def head(self, count: int) -> Orders:
        """The first orders only."""
        return Orders(
            self.buyer[:count],
            self.day[:count],
            self.place[:count],
            self.channel[:count],
            self.taste[:count],
            self.large[:count],
        )


class OrderLines(NamedTuple):
    """Order lines as arrays, sorted by order and product; money in ten-thousandths."""

    order: NDArray[np.int64]
    """Position of the order within the chunk."""
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]
    revenue: NDArray[np.int64]
    discount: NDArray[np.int64]
    cost: NDArray[np.int64]


def of_customers(rng: np.random.Generator, buyers: people.People) -> Orders:
    """All orders of some customers: each has a first one, then returns at a rate of their own until they stay away."""
    count = len(buyers.born)
    first = np.searchsorted(calendar.FIRST_ORDER_CDF, rng.random(count), side="right")
    home = places.draw(rng, calendar.MONTH_OF_DAY[first])
    leaving = np.maximum(rng.beta(*_STAYING, count), 1e-3)
    returns = np.minimum(rng.geometric(leaving) - 1, _MOST_RETURNS)
    rate = np.maximum(rng.gamma(_RATE[0], _RATE[1] / _RATE[0], count), 1e-6) / 30
    start = calendar.ELAPSED[first] + rng.random(count) * calendar.BUSYNESS[first]
    buyer, moment = _returns(rng, returns, rate, start)
    kept = moment < calendar.ELAPSED[-1]
    buyer, moment = buyer[kept], moment[kept]
    day = np.searchsorted(calendar.ELAPSED, moment, side="right") - 1
    stays = rng.random(len(day)) >= 1 - (1 - places.DECLINE_OF[home[buyer]]) ** (day / 365.25)
    buyer, day = buyer[stays], day[stays]
    buyer = np.concatenate([np.arange(count), buyer])
    day = np.concatenate([first, day])
    order = np.argsort(buyer * calendar.DAYS + day, kind="stable")
    buyer, day = buyer[order], day[order]
    away = rng.random(len(day)) < _ELSEWHERE
    place = home[buyer]
    place[away] = places.draw(rng, calendar.MONTH_OF_DAY[day[away]])
    large = rng.random(len(day)) < buyers.appetite[buyer] * places.WEALTH_OF[place] / (1 + _SATED * _rank(buyer))
    taste = buyers.taste[buyer] + places.HAS_WHITE_SPACE[place]
    return Orders(buyer, day, place, _channel(rng, day, buyers.senior[buyer]), taste, large)


def _rank(buyer: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many orders each buyer placed before, for orders sorted by buyer."""
    position = np.arange(len(buyer))
    starts = run_starts(buyer)
    return np.asarray(position - np.maximum.accumulate(np.where(starts, position, 0)))


def _returns(
    rng: np.random.Generator, returns: NDArray[np.int64], rate: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Buyer and moment, on the busy clock, of every return, counted on from each buyer's start."""
    buyer = np.repeat(np.arange(len(returns)), returns)
    waited = np.cumsum(rng.standard_exponential(len(buyer)) / rate[buyer])
    before = np.concatenate([[0.0], waited])[np.cumsum(returns) - returns]
    return buyer, start[buyer] + waited - before[buyer]


def without_customer(rng: np.random.Generator, count: int) -> Orders:
    """Orders that nobody signed for, by day."""
    day = np.sort(np.searchsorted(calendar.FIRST_ORDER_CDF, rng.random(count), side="right"))
    place = places.draw(rng, calendar.MONTH_OF_DAY[day])
    return Orders(
        buyer=np.zeros(count, dtype=np.int64),
        day=day,
        place=place,
        channel=np.where(rng.random(count) < 0.8, 2, 1).astype(np.uint8),
        taste=places.HAS_WHITE_SPACE[place].astype(np.int64),
        large=rng.random(count) < 0.08,
    )


def _channel(rng: np.random.Generator, day: NDArray[np.int64], senior: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Online gains on the others over the years; older customers like it less."""
    online = 0.58 + 0.05 * day / 365.25 - 0.18 * senior
    drawn = rng.random(len(day))
    return np.where(drawn < online, 0, np.where(drawn < online + (1 - online) * 0.22, 1, 2)).astype(np.uint8)


def lines(rng: np.random.Generator, orders: Orders) -> OrderLines:
    """The lines of some orders; a product is at most once on an order."""
    month = calendar.MONTH_OF_DAY[orders.day]
    sizes = np.searchsorted(np.cumsum(truths.LINES_PER_ORDER)[:-1], rng.random(len(month)), side="right") + 1
    sizes = sizes + (sizes == 5) * np.minimum(rng.geometric(0.6, len(month)) - 1, 5)
    order = np.repeat(np.arange(len(month)), sizes)
    is_first = np.zeros(len(order), dtype=np.bool_)
    is_first[np.cumsum(sizes) - sizes] = True
    large = orders.large[order] & (is_first | (rng.random(len(order)) < _MORE_LARGE))
    product = catalogue.choose(rng, large, orders.taste[order], month[order])
    _take_along(rng, product, is_first)
    # One number for (order, product): unique() drops a product's second line on an order and sorts in one go.
    key = np.unique(order * len(CATALOGUE.product) + product)
    order, product = np.divmod(key, len(CATALOGUE.product))
    return _priced(rng, order, product, month[order])


def _take_along(rng: np.random.Generator, product: NDArray[np.int64], is_first: NDArray[np.bool_]) -> None:
    """Put the planted companion of a product on the next line of its order, in place."""
    has_next = np.append(~is_first[1:], False)
    for first, companion, chance in truths.BOUGHT_TOGETHER:
        result = np.flatnonzero((product == CATALOGUE.product.index(first)) & has_next)
        product[result[rng.random(len(result)) < chance] + 1] = CATALOGUE.product.index(companion)


_FURTHER_UNITS: Final = np.interp(CATALOGUE.price[0] / 10_000, [10, 30, 80, 200, 500], [0.9, 0.55, 0.22, 0.06, 0.02])
"""Mean units beyond the first by product: cheap things are bought by the handful."""


def _priced(
    rng: np.random.Generator, order: NDArray[np.int64], product: NDArray[np.int64], month: NDArray[np.int64]
) -> OrderLines:
    quantity = 1 + np.minimum(rng.poisson(_FURTHER_UNITS[product]), 11)
    gross = CATALOGUE.price[month, product] * quantity
    coupon = np.where(rng.random(len(product)) < _COUPON[0], _COUPON[1], 0.0)
    rate = CATALOGUE.promotion[month, product] + coupon
    discount = np.rint(gross * rate / 100).astype(np.int64) * 100
    return OrderLines(order, product, quantity, gross - discount, discount, CATALOGUE.cost[month, product] * quantity)
