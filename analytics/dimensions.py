"""DIMENSIONS: what sales can be told apart by, how people call it, and which lies inside which.

The known dimensions have one row each; whatever else a dataset carries (a sales channel, customer attributes) gets its
words from its column's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS, PRODUCT_LEVELS, Dataset
from analytics.filters import Where
from analytics.metrics import MEASURES, METRICS

HIERARCHIES: Final = {"geography": GEOGRAPHY, "product": PRODUCT_LEVELS}
"""Hierarchy -> its dimensions from wide to narrow."""

Table = Literal["lines", "products", "customers"]


@dataclass(frozen=True)
class Dimension:
    """One row of DIMENSIONS."""

    name: str
    """Column, widget key and name in the URL."""
    label: str
    plural: str
    hierarchy: str = ""
    """Key of HIERARCHIES, empty where it stands alone."""
    table: Table = "lines"
    """What it describes: an order's line, a product or a customer."""


_KNOWN: Final = (
    Dimension("continent", "Continent", "continents", "geography"),
    Dimension("country", "Country", "countries", "geography"),
    Dimension("region", "Region", "regions", "geography"),
    Dimension("category", "Category", "categories", "product", "products"),
    Dimension("subcategory", "Subcategory", "subcategories", "product", "products"),
    Dimension("product", "Product", "products", "product", "products"),
    Dimension("channel", "Sales channel", "sales channels"),
)
DIMENSIONS: Final[dict[str, Dimension]] = {known.name: known for known in _KNOWN}

RESERVED: Final = frozenset(
    {
        *("dataset", "preset", "period", "compare", "compare_period", "grain", "metric"),  # shared widgets
        *("embed", "embed_options"),  # the server's own names in a URL
        *GEOGRAPHY,
        *PRODUCT_LEVELS,
        *METRICS,
        *MEASURES,
        *("day", "order", "customer", "quantity", "bucket", "month", "weekday"),  # columns beside the dimensions
        *(
            "customer_id",
            "name",
            "first_on",
            "second_on",
            "order_id",
            "ordered_on",
            "product_id",
            "territory_id",
            "row",
        ),
        *("amount", "reason"),
        *("segment", "member", "value", "value_base", "change", "share"),
        *("export", "offered", "behaviour", "top_by"),
        *MEASURE_COLUMNS,
    }
)
"""Names with a meaning of their own, which no customer attribute and no further column of the lines may have."""


def segment_name(column: str, taken: Iterable[str] = ()) -> str:
    """The name under which a customer attribute is kept: the column's, with `customer_` before it where it is reserved.

    `taken` are names given already. Results that end like a comparison column (`_base`) count as reserved.
    """
    occupied = RESERVED.union(taken)
    name = column
    while name in occupied or name.endswith("_base"):
        name = f"customer_{name.removesuffix('_base')}"
    return name


def words(column: str) -> str:
    """A column's name as people write it: `marital_status` and `MaritalStatus` give `Marital status`."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column).replace("_", " ").replace("-", " ").split()
    lowered = [part if part.isupper() and len(part) > 1 else part.lower() for part in parts]
    joined = " ".join(lowered)
    return joined[:1].upper() + joined[1:]


def dimension(name: str, data: Dataset) -> Dimension:
    """A dimension of a dataset: its row in DIMENSIONS, or one made from its name. KeyError where the data lacks it."""
    if name not in data.members:
        raise KeyError(f"{data.title} has no dimension {name!r}; it has {', '.join(data.members) or 'none'}")
    if name in DIMENSIONS and name not in data.segments:
        return DIMENSIONS[name]
    label = words(name)
    lowered = label if label.isupper() else label[:1].lower() + label[1:]
    return Dimension(name, label, f"{lowered} groups", "", "customers" if name in data.segments else "lines")


def dimensions(data: Dataset) -> list[Dimension]:
    """All dimensions of a dataset: places, products, others such as a sales channel, then customer attributes."""
    names = [*levels(data, "geography"), *levels(data, "product"), *others(data), *data.segments]
    return [dimension(name, data) for name in names]


def labels(data: Dataset) -> dict[str, str]:
    """Dimension name -> label, for every dimension of a dataset."""
    return {row.name: row.label for row in dimensions(data)}


def levels(data: Dataset, hierarchy: str) -> tuple[str, ...]:
    """The dimensions of a hierarchy that a dataset carries, from wide to narrow. KeyError for an unknown hierarchy."""
    return tuple(name for name in HIERARCHIES[hierarchy] if name in data.members)


def others(data: Dataset) -> tuple[str, ...]:
    """The dimensions that are neither place, product nor customer attribute, such as a sales channel."""
    known = {*GEOGRAPHY, *PRODUCT_LEVELS, *data.segments}
    return tuple(name for name in data.members if name not in known)


def finer(name: str) -> tuple[str, ...]:
    """The dimensions inside one, from wide to narrow; `finer("continent")` is country and region, the last has none."""
    for hierarchy in HIERARCHIES.values():
        if name in hierarchy:
            return hierarchy[hierarchy.index(name) + 1 :]
    return ()


def let_go(data: Dataset, where: Where, names: Iterable[str]) -> list[str]:
    """Labels, in small letters, of the dimensions among `names` that are filtered: whoever leaves these filters out
    says so by them."""
    filtered = {name for name, _ in where}
    return [dimension(name, data).label.lower() for name in dict.fromkeys(names) if name in filtered]


def set_free_by(name: str) -> tuple[str, ...]:
    """The dimensions whose filters a clickable chart of one lets go, so that its members all stay: it and the finer."""
    return (name, *finer(name))
