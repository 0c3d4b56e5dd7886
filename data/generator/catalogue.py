"""The demo's assortment: 250 products, their prices month by month, their costs and how much each is wanted.

The assortment is the same for every seed and size; only who buys what differs.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.generator import truths
from data.generator.assortment import CATEGORIES, Subcategory
from data.generator.calendar import MONTHS, month_index, month_start

_ASSORTMENT_SEED: Final = 7

_SERIES: Final = (
    "Harrowfell",
    "Kestrel",
    "Juniper",
    "Tarnside",
    "Emberline",
    "Alderway",
    "Fellmoor",
    "Ridgewell",
    "Mosswick",
    "Larkrise",
    "Stonebeck",
    "Windhover",
    "Brackenhill",
    "Thistledown",
    "Copperfold",
    "Quillback",
)
_LOSS_MAKING_COST: Final = 1.06
_PRICE_STEPS: Final = (0.75, 0.85, 1.0, 1.1, 1.22)
"""Prices of elastic products, relative to their base price; each held for two to four months."""
_PROMOTION_RATES: Final = (0.10, 0.15, 0.20, 0.25)
_YEARLY_PRICE_RISE: Final = 0.03
_YEARLY_COST_RISE: Final = 0.02


class Catalogue(NamedTuple):
    """All products in hierarchy order (category, subcategory, product by name); arrays have one entry a product,
    or months x products."""

    product_id: tuple[str, ...]
    product: tuple[str, ...]
    category: NDArray[np.int64]
    subcategory: NDArray[np.int64]
    large: NDArray[np.bool_]
    returned: NDArray[np.float64]
    """Share of units that come back."""
    price: NDArray[np.int64]
    """List price by month, in ten-thousandths."""
    promotion: NDArray[np.float64]
    """Discount rate by month, 0 in most."""
    cost: NDArray[np.int64]
    """Unit cost by month, in ten-thousandths."""
    demand: NDArray[np.float64]
    """Relative demand by month, answering to price where that is planted; 0 while not on sale."""


def shop_price(price: float | NDArray[np.float64]) -> NDArray[np.int64]:
    """The nearest price as shops write it (x.99; from 200 on in steps of ten, less a cent), in ten-thousandths."""
    amount = np.asarray(price, dtype=np.float64)
    step = np.where(amount >= 200, 10.0, 1.0)
    return np.rint((np.maximum(np.rint(amount / step), 1) * step - 0.01) * 100).astype(np.int64) * 100


def _shelf_products(shelf: Subcategory, number: int, rng: np.random.Generator) -> list[tuple[str, float, float]]:
    """Name, price and demand weight of each product of a shelf."""
    taken = {named.name.split()[0] for named in shelf.named}
    series = [name for name in np.roll(_SERIES, -3 * number).tolist() if name not in taken]
    free = shelf.products - len(shelf.named)
    prices = rng.permutation(np.geomspace(shelf.low, shelf.high, free))
    weights = [named.weight for named in shelf.named] + [1 / (1 + place) ** 0.8 for place in range(free)]
    names = [f"{series[place]} {shelf.nouns[place % len(shelf.nouns)]}" for place in range(free)]
    rows = [(named.name, named.price) for named in shelf.named] + list(zip(names, prices.tolist(), strict=True))
    total = sum(weights)
    return sorted(
        (name, price, shelf.weight * weight / total) for (name, price), weight in zip(rows, weights, strict=True)
    )


def _price_factor(rng: np.random.Generator) -> NDArray[np.float64]:
    """A product's price by month relative to its base price: steps, each held for two to four months."""
    factor = np.empty(MONTHS)
    month, last = 0, -1
    while month < MONTHS:
        held = int(rng.integers(2, 5))
        last = int(rng.choice([step for step in range(len(_PRICE_STEPS)) if step != last]))
        factor[month : month + held] = _PRICE_STEPS[last]
        month += held
    return factor


def _build() -> Catalogue:
    rng = np.random.default_rng(_ASSORTMENT_SEED)
    starts = [month_start(month) for month in range(MONTHS)]
    years = np.array([start.year - starts[0].year for start in starts])
    november = np.array([start.month == 11 for start in starts])
    names, category, subcategory, large, returned = [], [], [], [], []
    prices, promotions, costs, demands = [], [], [], []
    shelf_number = 0
    for category_number, department in enumerate(CATEGORIES):
        for shelf in department.shelves:
            elasticity = truths.ELASTICITY.get(shelf.name, 0.0)
            cost_share = department.cost if shelf.name != truths.LOSS_MAKING_SUBCATEGORY else _LOSS_MAKING_COST
            for name, base, weight in _shelf_products(shelf, shelf_number, rng):
                factor = (1 + _YEARLY_PRICE_RISE) ** years
                if elasticity:
                    factor = factor * _price_factor(rng)
                price = shop_price(base * factor)
                on_offer = rng.random(MONTHS) < np.where(november, 0.40, 0.07)
                promotion = np.where(on_offer, rng.choice(_PROMOTION_RATES, MONTHS), 0.0)
                demand = weight * (price / 10_000 * (1 - promotion) / base) ** elasticity
                names.append(name)
                category.append(category_number)
                subcategory.append(shelf_number)
                large.append(shelf.large)
                returned.append(department.returned if name != truths.DEFECTIVE else truths.DEFECTIVE_RETURN_RATE)
                prices.append(price)
                promotions.append(promotion)
                costs.append(np.rint(base * cost_share * (1 + _YEARLY_COST_RISE) ** years * 100).astype(np.int64) * 100)
                demands.append(demand)
            shelf_number += 1
    demand = np.array(demands).T
    months = np.arange(MONTHS)
    demand[months < month_index(truths.LAUNCH_DAY), names.index(truths.LAUNCHED)] = 0
    demand[months >= month_index(truths.DISCONTINUED_DAY), names.index(truths.DISCONTINUED)] = 0
    return Catalogue(
        product_id=tuple(f"P{1001 + number}" for number in range(len(names))),
        product=tuple(names),
        category=np.array(category),
        subcategory=np.array(subcategory),
        large=np.array(large),
        returned=np.array(returned),
        price=np.array(prices).T,
        promotion=np.array(promotions).T,
        cost=np.array(costs).T,
        demand=demand,
    )


CATALOGUE: Final = _build()
CATEGORY_NAMES: Final = tuple(category.name for category in CATEGORIES)
SUBCATEGORY_NAMES: Final = tuple(shelf.name for category in CATEGORIES for shelf in category.shelves)

TASTES: Final = 16
"""Kinds of buyers: homeowner, parent, from 55 up, and living in the white-space market, each yes or no."""


def taste(
    homeowner: NDArray[np.bool_], parent: NDArray[np.bool_], senior: NDArray[np.bool_], white_space: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Kind of buyer, 0 to 15."""
    number: NDArray[np.int64] = homeowner * 8 + parent * 4 + senior * 2 + white_space * np.int64(1)
    return number


def _choice_cdf() -> NDArray[np.float64]:
    """Cumulated chances of each product by (small or large purchase, taste, month), rows laid end to end and raised by
    their number, so that one search in one sorted array answers them all."""
    kinds = np.arange(TASTES)[:, None]
    home = np.array([name == "Home & Garden" for name in CATEGORY_NAMES])[CATALOGUE.category]
    camping = np.array([name == "Camping & Hiking" for name in CATEGORY_NAMES])[CATALOGUE.category]
    e_bikes = np.array([name == "E-Bikes" for name in SUBCATEGORY_NAMES])[CATALOGUE.subcategory]
    avoided = np.array([name == truths.WHITE_SPACE[1] for name in CATEGORY_NAMES])[CATALOGUE.category]
    liking = (
        np.where((kinds & 8 > 0) & home, truths.HOMEOWNER_EFFECT, 1.0)
        * np.where((kinds & 4 > 0) & camping, truths.PARENT_EFFECT, 1.0)
        * np.where((kinds & 2 > 0) & e_bikes, truths.E_BIKE_EFFECT, 1.0)
        * np.where((kinds & 1 > 0) & avoided, truths.WHITE_SPACE[2], 1.0)
    )
    size = np.stack([~CATALOGUE.large, CATALOGUE.large])
    weight = size[:, None, None, :] * liking[None, :, None, :] * CATALOGUE.demand[None, None, :, :]
    rows = np.cumsum(weight.reshape(-1, len(CATALOGUE.product)), axis=1)
    shares: NDArray[np.float64] = (rows / rows[:, -1:] + np.arange(len(rows))[:, None]).ravel()
    return shares


_CHOICE_CDF: Final = _choice_cdf()


def choose(
    rng: np.random.Generator, large: NDArray[np.bool_], taste: NDArray[np.int64], month: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One product for each purchase."""
    row = (large * TASTES + taste) * MONTHS + month
    result = np.searchsorted(_CHOICE_CDF, row + rng.random(len(row)), side="right")
    return np.asarray(result - row * len(CATALOGUE.product))
