"""From canonical tables to a prepared dataset: coded, sorted, narrow.

Everything that makes the reductions fast and exact is decided here: the codes of customers, orders and products, the
order of the lines, and the order of every dimension's members. All work on lines is whole-column work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS, NO_CUSTOMER, Calendar, Dataset, Reconciliation
from data.building import coding, companions
from data.building.coding import PLACE, Coded
from data.building.customers import customer_table
from data.building.members import free_dimension, most_frequent, narrow
from data.checking.categories import as_categorical
from data.errors import DataError
from data.files import UsedFile
from data.terms.columns import LINE_COLUMNS


@dataclass(frozen=True)
class Tables:
    """Canonical tables, as `data/README.md` describes them. Text may be String or Categorical, money is Int64.

    `products` (product_id, product, category, subcategory) and `places` (territory_id, continent, country, region) hold
    what the lines then need not repeat on every row.
    """

    lines: pl.LazyFrame | pl.DataFrame
    customers: pl.DataFrame | None = None
    products: pl.DataFrame | None = None
    places: pl.DataFrame | None = None
    returns: pl.LazyFrame | pl.DataFrame | None = None
    targets: pl.DataFrame | None = None
    unit_scale: int = 1
    """Parts of a unit in which the quantities of lines and returns are counted."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A dataset ready to be used or written; the frames are those of `analytics.dataset.Dataset`."""

    name: str
    title: str
    currency: str
    lines: pl.DataFrame
    orders: pl.DataFrame
    """Row i is order code i: its text order_id."""
    customers: pl.DataFrame
    products: pl.DataFrame
    returns: pl.DataFrame | None
    targets: pl.DataFrame | None
    segments: tuple[str, ...]
    calendar: Calendar
    reconciliation: Reconciliation
    returns_valued: str
    set_aside: pl.DataFrame | None = None
    sources: tuple[UsedFile, ...] = ()
    recipe: str = ""
    """Text of the recipe that prepared it."""
    choices: str = ""
    """What a person decided on the way to that recipe, as JSON; empty where the recipe was written by hand."""
    seen: str = ""
    """What its files held, as `data.seen` keeps it."""
    unit_scale: int = 1

    @property
    def days(self) -> tuple[date, date]:
        """First and last day with a line."""
        first, last = self.lines.select(pl.col("day").min().alias("first"), pl.col("day").max().alias("last")).row(0)
        return first, last

    def dataset(self, *, version: str = "in memory") -> Dataset:
        """The dataset held in memory."""
        first, last = self.days
        return Dataset(
            name=self.name,
            version=version,
            title=self.title,
            currency=self.currency,
            lines=self.lines.lazy(),
            customers=self.customers,
            products=self.products,
            returns=self.returns,
            targets=self.targets,
            first_day=first,
            last_day=last,
            members=members(self.lines.schema),
            segments=self.segments,
            calendar=self.calendar,
            reconciliation=self.reconciliation,
            returns_valued=self.returns_valued,
            unit_scale=self.unit_scale,
        )


def members(schema: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Dimension -> members in the Enum's order, for every Enum column of `lines`."""
    return {name: tuple(dtype.categories.to_list()) for name, dtype in schema.items() if isinstance(dtype, pl.Enum)}


def build(
    tables: Tables,
    *,
    name: str,
    title: str,
    currency: str,
    calendar: Calendar | None = None,
    returns_valued: str = "amount",
    split_days: bool = False,
    reconciliation: Reconciliation | None = None,
) -> Prepared:
    """Code and sort canonical tables.

    `split_days` counts an order number that occurs on several days as one order for each day; otherwise such an order
    gets its earliest day. Every decision of this kind is a note in the reconciliation. Raises DataError where no line
    is left, or where a return names a place that cannot be told apart.
    """
    lines = tables.lines.lazy().collect()
    if lines.height == 0:
        raise DataError("No order lines are left to show: every row was set aside, or the files have no rows.")
    returns = None if tables.returns is None else tables.returns.lazy().collect()
    notes: list[str] = []
    text = [column for column in lines.columns if column not in (*MEASURE_COLUMNS, "ordered_on")]
    lines = lines.with_columns(as_categorical(lines[column]) for column in text if column in LINE_COLUMNS)

    product, products = _products(lines, returns, tables.products, notes)
    place, places = _places(lines, returns, tables.places)
    customer, known = _customers(lines, returns, tables.customers, notes)
    keys = pl.DataFrame([lines["order_id"], customer, lines["ordered_on"].alias("day"), place])
    order, orders = coding.orders(keys, notes, split_days=split_days)
    del keys, customer, place

    position = _positions(order, product, products.table.height)
    order, product = order.gather(position), product.gather(position)

    coded_returns = None
    if returns is not None:
        coded_returns = companions.code_returns(returns, products, places, known, orders)
    others = [column for column in text if column not in LINE_COLUMNS]
    customers, segments = customer_table(
        known,
        tables.customers if known.height > 1 else None,
        orders,
        others,
        with_nobody=_names_nobody(orders) or (coded_returns is not None and _names_nobody(coded_returns)),
    )

    customer = orders["customer"].gather(order)
    prepared = pl.DataFrame(
        [
            *(customer, orders["day"].gather(order), order, _as_enum(product, products.table["product"])),
            *_levels(places, products, orders[PLACE].gather(order), product),
            *(free_dimension(lines[column]).gather(position) for column in others),
            *(customers[segment].gather(customer) for segment in segments),
            *_measures(lines, position),
        ]
    )
    del lines

    if coded_returns is not None and "customer" in coded_returns.columns:
        own = coded_returns["customer"]
        coded_returns = coded_returns.with_columns(customers[segment].gather(own) for segment in segments)
    targets = None
    if tables.targets is not None:
        hierarchies = [products] if places is None else [places, products]
        targets = companions.code_targets(tables.targets, hierarchies, notes)
    counts = reconciliation or Reconciliation(rows_read=prepared.height, lines_kept=prepared.height)
    counts = replace(counts, revenue=int(prepared["revenue"].sum()), notes=(*counts.notes, *notes))
    return Prepared(
        name=name,
        title=title,
        currency=currency,
        lines=prepared,
        orders=orders.select("order_id"),
        customers=customers,
        products=products.table.select("product_id", *reversed(products.levels)),
        returns=coded_returns,
        targets=targets,
        segments=segments,
        calendar=calendar or Calendar(),
        reconciliation=counts,
        returns_valued=returns_valued,
        unit_scale=tables.unit_scale,
    )


def _positions(order: pl.Series, product: pl.Series, products: int) -> pl.Series:
    """Where each sorted line stands in the source.

    An order's code follows from customer, day and order number: sorting by it and the product sorts by all four.
    """
    rank = pl.col("order").cast(pl.UInt64) * products + pl.col("product")
    return pl.DataFrame([order, product]).select(pl.arg_sort_by(rank, maintain_order=True)).to_series()


def _names_nobody(frame: pl.DataFrame) -> bool:
    """Whether some rows have no customer."""
    return "customer" in frame.columns and bool((frame["customer"] == NO_CUSTOMER).any())


def _levels(places: Coded | None, products: Coded, place: pl.Series, product: pl.Series) -> list[pl.Series]:
    """The levels of place and product of each line, but the product itself."""
    levels = [] if places is None else [places.table[level].gather(place) for level in places.levels]
    return levels + [products.table[level].gather(product) for level in products.levels if level != "product"]


def _measures(lines: pl.DataFrame, position: pl.Series) -> list[pl.Series]:
    """Units as narrow as they fit and money as Int64, in the order of the sorted lines."""
    money = [name for name in MEASURE_COLUMNS if name != "quantity" and name in lines.columns]
    return [narrow(lines["quantity"]).gather(position), *(lines[n].cast(pl.Int64).gather(position) for n in money)]


def _products(
    lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None, notes: list[str]
) -> tuple[pl.Series, Coded]:
    """The product code of each line in source order, and the products."""
    keys = [column for column in ("product_id", "category", "subcategory") if column in lines.columns]
    numbers, result = coding.factorise([lines[column] for column in keys])
    named_by = [
        most_frequent(frame.lazy(), "product_id", "product")
        for frame in (lines, returns)
        if frame is not None and "product" in frame.columns
    ]
    products = coding.products(coding.with_others(result, returns), lookup, named_by, notes)
    return coding.code_of(numbers, result, products).alias("product"), products


def _places(
    lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None
) -> tuple[pl.Series, Coded | None]:
    """The place code of each line in source order, and the places; code 0 and None without geography."""
    keys: list[str] = [level for level in GEOGRAPHY if level in lines.columns]
    if lookup is not None and "territory_id" in lines.columns:
        keys = ["territory_id"]
    if not keys:
        return pl.repeat(0, lines.height, dtype=pl.UInt32, eager=True).alias(PLACE), None
    numbers, result = coding.factorise([lines[column] for column in keys])
    places = coding.places(coding.with_others(result, returns), lookup)
    return coding.code_of(numbers, result, places).alias(PLACE), places


def _customers(
    lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None, notes: list[str]
) -> tuple[pl.Series, pl.DataFrame]:
    """The customer code of each line in source order, and the ids of the customers by code."""
    if "customer_id" not in lines.columns:
        nobody = pl.repeat(NO_CUSTOMER, lines.height, dtype=pl.UInt32, eager=True).alias("customer")
        return nobody, pl.DataFrame({"customer_id": pl.Series([None], dtype=pl.String)})
    returned = returns["customer_id"] if returns is not None and "customer_id" in returns.columns else None
    known, codes = coding.customers(lines["customer_id"], returned, lookup, notes)
    return codes, known


def _as_enum(codes: pl.Series, labels: pl.Series) -> pl.Series:
    """Codes that are already the Enum's own, as that Enum."""
    return codes.cast(labels.to_physical().dtype).cat.to(labels.dtype).alias(labels.name)
