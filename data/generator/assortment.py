"""The shelves of the demo's shop: what there is, what it costs and how much each is wanted."""

from __future__ import annotations

from typing import Final, NamedTuple

from data.generator import truths


class PlantedProduct(NamedTuple):
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
    named: tuple[PlantedProduct, ...] = ()
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
                (PlantedProduct("Juniper Rain Jacket", 129.99, 1.6),),
            ),
            Subcategory(
                "Socks",
                10,
                8,
                28,
                12,
                ("Trail Socks", "Hiking Socks"),
                (PlantedProduct("Juniper Merino Socks", 18.99, 1.8),),
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
                (PlantedProduct(truths.DEFECTIVE, 49.99, 1.3),),
            ),
            Subcategory("Camp Lighting", 10, 12, 80, 7, ("Head Torch", "Camp Lantern")),
            Subcategory(
                "Sleeping Bags",
                10,
                55,
                210,
                3,
                ("Down Quilt", "Summer Sleeping Bag"),
                (PlantedProduct("Harrowfell Down Sleeping Bag", 169.99, 1.2),),
            ),
            Subcategory(
                "Tents",
                11,
                340,
                800,
                5,
                ("3-Person Tent", "Tunnel Tent", "Tarp Shelter"),
                (PlantedProduct("Harrowfell 2-Person Tent", 379.99, 1.6),),
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
                (PlantedProduct(truths.LAUNCHED, 2499.99, 1.4),),
                large=True,
            ),
            Subcategory(
                "Helmets",
                10,
                35,
                160,
                6,
                ("Road Helmet", "Urban Helmet"),
                (PlantedProduct("Kestrel Helmet", 89.99, 1.4),),
            ),
            Subcategory(
                "Trail Bikes",
                10,
                950,
                2200,
                8,
                ("Hardtail Bike", "Gravel Bike"),
                (PlantedProduct("Kestrel Trail Bike", 1449.99, 1.5),),
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
                (PlantedProduct(truths.DISCONTINUED, 1899.99, 1.3),),
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
