"""The demo's assortment: 250 products, their prices month by month, their costs and how much each is wanted.

The assortment is the same for every seed and size; only who buys what differs.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.generator import truths
from data.generator.calendar import MONTHS, month_index, month_start

_ASSORTMENT_SEED: Final = 7


class Named(NamedTuple):
    """A product with a part to play in the planted truths."""

    name: str
    price: float
    weight: float
    """Demand relative to the best seller of its subcategory."""


class Subcategory(NamedTuple):
    """A shelf of similar products."""

    name: str
    products: int
    low: float
    high: float
    """Range of prices."""
    weight: float
    """Share of choices: among large purchases where `large`, else among small ones."""
    nouns: tuple[str, ...]
    named: tuple[Named, ...] = ()
    large: bool = False


class Category(NamedTuple):
    """A department."""

    name: str
    cost: float
    """Unit cost as a share of the price."""
    returned: float
    """Share of units that come back."""
    shelves: tuple[Subcategory, ...]


CATEGORIES: Final = (
    Category(
        "Apparel",
        0.43,
        0.085,
        (
            Subcategory("Base Layers", 10, 25, 80, 6, ("Merino Top", "Thermal Leggings", "Merino Tee")),
            Subcategory("Fleece", 10, 40, 130, 5, ("Fleece Jacket", "Fleece Vest", "Half-Zip Fleece")),
            Subcategory("Gloves & Hats", 11, 12, 50, 6, ("Wool Beanie", "Softshell Gloves", "Sun Hat")),
            Subcategory("Hiking Boots", 10, 75, 200, 4, ("Mid Boot", "Leather Boot", "Trail Shoe")),
            Subcategory(
                "Rain Jackets",
                10,
                60,
                210,
                4,
                ("Rain Shell", "Storm Parka"),
                (Named("Juniper Rain Jacket", 129.99, 1.6),),
            ),
            Subcategory(
                "Socks", 10, 8, 28, 12, ("Trail Socks", "Hiking Socks"), (Named("Juniper Merino Socks", 18.99, 1.8),)
            ),
        ),
    ),
    Category(
        "Camping & Hiking",
        0.56,
        0.04,
        (
            Subcategory("Backpacks", 11, 40, 190, 5, ("Daypack 22", "Trekking Pack 50", "Travel Pack 38")),
            Subcategory(
                "Camp Kitchen",
                11,
                15,
                90,
                9,
                ("Cook Set", "Enamel Kettle", "Spork Set"),
                (Named(truths.DEFECTIVE, 49.99, 1.3),),
            ),
            Subcategory("Camp Lighting", 10, 12, 80, 7, ("Head Torch", "Camp Lantern")),
            Subcategory(
                "Sleeping Bags",
                10,
                55,
                210,
                3,
                ("Down Quilt", "Summer Sleeping Bag"),
                (Named("Harrowfell Down Sleeping Bag", 169.99, 1.2),),
            ),
            Subcategory(
                "Tents",
                11,
                340,
                800,
                5,
                ("3-Person Tent", "Tunnel Tent", "Tarp Shelter"),
                (Named("Harrowfell 2-Person Tent", 379.99, 1.6),),
                large=True,
            ),
            Subcategory("Trekking Gear", 11, 20, 140, 6, ("Trekking Poles", "Water Filter", "Dry Bag Set")),
        ),
    ),
    Category(
        "Cycling",
        0.63,
        0.03,
        (
            Subcategory("Bike Care", 10, 6, 35, 10, ("Chain Oil", "Cleaning Kit", "Patch Kit")),
            Subcategory("Bike Parts", 12, 9, 140, 9, ("Brake Set", "Tyre 28", "Pedals", "Saddle")),
            Subcategory("City Bikes", 10, 680, 1400, 7, ("City Bike", "Step-Through Bike"), large=True),
            Subcategory(
                "E-Bikes",
                9,
                1500,
                2700,
                7,
                ("Touring E-Bike", "Cargo E-Bike"),
                (Named(truths.LAUNCHED, 2499.99, 1.4),),
                large=True,
            ),
            Subcategory(
                "Helmets", 10, 35, 160, 6, ("Road Helmet", "Urban Helmet"), (Named("Kestrel Helmet", 89.99, 1.4),)
            ),
            Subcategory(
                "Trail Bikes",
                10,
                950,
                2200,
                8,
                ("Hardtail Bike", "Gravel Bike"),
                (Named("Kestrel Trail Bike", 1449.99, 1.5),),
                large=True,
            ),
        ),
    ),
    Category(
        "Home & Garden",
        0.51,
        0.045,
        (
            Subcategory(
                "Garden Furniture",
                11,
                680,
                1900,
                9,
                ("Lounge Set", "Bench", "Hammock"),
                (Named(truths.DISCONTINUED, 1899.99, 1.3),),
                large=True,
            ),
            Subcategory("Garden Tools", 11, 12, 90, 7, ("Pruning Shears", "Hand Fork", "Watering Can")),
            Subcategory("Grills", 10, 480, 1250, 6, ("Charcoal Grill", "Gas Grill", "Fire Bowl"), large=True),
            Subcategory("Outdoor Lighting", 11, 15, 130, 5, ("Path Light", "String Lights", "Wall Lantern")),
            Subcategory("Planters", 11, 10, 70, 6, ("Clay Planter", "Raised Bed", "Hanging Basket")),
            Subcategory("Rugs & Throws", 10, 22, 160, 4, ("Wool Throw", "Outdoor Rug")),
        ),
    ),
)
"""In hierarchy order, by name."""

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
    return homeowner * 8 + parent * 4 + senior * 2 + white_space * np.int64(1)


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
    return (rows / rows[:, -1:] + np.arange(len(rows))[:, None]).ravel()


_CHOICE_CDF: Final = _choice_cdf()


def choose(
    rng: np.random.Generator, large: NDArray[np.bool_], taste: NDArray[np.int64], month: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One product for each purchase."""
    row = (large * TASTES + taste) * MONTHS + month
    found = np.searchsorted(_CHOICE_CDF, row + rng.random(len(row)), side="right")
    return np.asarray(found - row * len(CATALOGUE.product))
