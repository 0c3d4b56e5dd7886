"""From canonical tables to a prepared dataset: coded, sorted, narrow.

Everything that makes the reductions fast and exact is decided here: the codes of customers, orders and products, the
order of the lines, and the order of every dimension's members. All work on lines is whole-column work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS, NO_CUSTOMER, PRODUCT_LEVELS, Calendar, Dataset, Reconciliation
from data.building import coding, companions
from data.building.coding import PLACE, Coded
from data.building.members import as_categorical, free_dimension, most_frequent, narrow
from data.errors import DataError
from data.store import manifest

LINE_COLUMNS: Final = (
    *("order_id", "ordered_on", "customer_id", "product_id", "territory_id"),
    *PRODUCT_LEVELS,
    *GEOGRAPHY,
)
"""Columns of canonical lines with a meaning of their own, beside the measures; any other column is a dimension."""


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


@dataclass(frozen=True)
class Source:
    """One file that a dataset was prepared from."""

    file: str
    role: str
    rows: int
    sha256: str


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
    sources: tuple[Source, ...] = ()
    recipe: str = ""
    """Text of the recipe that prepared it."""
    choices: str = ""
    """What a person decided on the way to that recipe, as JSON; empty where the recipe was written by hand."""

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
        )

    def write(self, folder: Path) -> None:
        """Write the version folder: the Parquet files and `dataset.toml`. Equal content gives equal bytes."""
        frames = {
            "lines": self.lines,
            "orders": self.orders,
            "customers": self.customers,
            "products": self.products,
            "returns": self.returns,
            "targets": self.targets,
            "set_aside": self.set_aside,
        }
        for name, frame in frames.items():
            if frame is not None:
                frame.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=3)
        first, last = self.days
        manifest.write(
            folder,
            describe(
                name=self.name,
                title=self.title,
                currency=self.currency,
                first_day=first,
                last_day=last,
                segments=self.segments,
                calendar=self.calendar,
                returns_valued=self.returns_valued,
                reconciliation=self.reconciliation,
                sources=self.sources,
                recipe=self.recipe,
                choices=self.choices,
            ),
        )


def describe(
    *,
    name: str,
    title: str,
    currency: str,
    first_day: date,
    last_day: date,
    segments: Sequence[str],
    calendar: Calendar,
    returns_valued: str,
    reconciliation: Reconciliation,
    sources: Sequence[Source] = (),
    recipe: str = "",
    choices: str = "",
) -> dict[str, Any]:
    """What `dataset.toml` says of the dataset, as a dict in the order it is written."""
    return {
        "name": name,
        "title": title,
        "currency": currency,
        "first_day": first_day,
        "last_day": last_day,
        "segments": list(segments),
        "returns_valued": returns_valued,
        "calendar": {
            "week_start": calendar.week_start,
            "fiscal_start_month": calendar.fiscal_start_month,
            "retail": calendar.retail,
        },
        "reconciliation": {
            "rows_read": reconciliation.rows_read,
            "lines_kept": reconciliation.lines_kept,
            "returns_kept": reconciliation.returns_kept,
            "revenue": reconciliation.revenue,
            "returns_money": reconciliation.returns_money,
            "notes": list(reconciliation.notes),
            **({"doubts": list(reconciliation.doubts)} if reconciliation.doubts else {}),
            "set_aside": [
                {"rule": item.rule, "reason": item.reason, "rows": item.rows, "money": item.money}
                for item in reconciliation.set_aside
            ],
        },
        "sources": [
            {"file": item.file, "role": item.role, "rows": item.rows, "sha256": item.sha256} for item in sources
        ],
        "recipe": {"text": recipe, **({"choices": choices} if choices else {})},
    }


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

    # An order's code follows from customer, day and order number: sorting by it and the product sorts by all four.
    rank = pl.col("order").cast(pl.UInt64) * products.table.height + pl.col("product")
    position = pl.DataFrame([order, product]).select(pl.arg_sort_by(rank, maintain_order=True)).to_series()
    order, product = order.gather(position), product.gather(position)

    coded_returns = None
    if returns is not None:
        coded_returns = companions.code_returns(returns, products, places, known, orders)
    nobody = [orders["customer"]]
    if coded_returns is not None and "customer" in coded_returns.columns:
        nobody.append(coded_returns["customer"])
    others = [column for column in text if column not in LINE_COLUMNS]
    customers, segments = coding.customer_table(
        known,
        tables.customers if known.height > 1 else None,
        orders,
        others,
        with_nobody=any((codes == NO_CUSTOMER).any() for codes in nobody),
    )

    customer = orders["customer"].gather(order)
    columns = [customer, orders["day"].gather(order), order, _as_enum(product, products.table["product"])]
    if places is not None:
        place = orders[PLACE].gather(order)
        columns += [places.table[level].gather(place) for level in places.levels]
    columns += [products.table[level].gather(product) for level in products.levels if level != "product"]
    columns += [free_dimension(lines[column]).gather(position) for column in others]
    columns += [customers[segment].gather(customer) for segment in segments]
    columns += [narrow(lines["quantity"]).gather(position)]
    columns += [
        lines[measure].cast(pl.Int64).gather(position)
        for measure in MEASURE_COLUMNS
        if measure != "quantity" and measure in lines.columns
    ]
    prepared = pl.DataFrame(columns)
    del columns, lines

    if coded_returns is not None and "customer" in coded_returns.columns:
        own = coded_returns["customer"]
        coded_returns = coded_returns.with_columns(customers[segment].gather(own) for segment in segments)
    targets = None
    if tables.targets is not None:
        hierarchies = [products] if places is None else [places, products]
        targets = companions.code_targets(tables.targets, hierarchies, notes)
    counts = reconciliation or Reconciliation(rows_read=prepared.height, lines_kept=prepared.height)
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
        reconciliation=replace(counts, revenue=int(prepared["revenue"].sum()), notes=(*counts.notes, *notes)),
        returns_valued=returns_valued,
    )


def _products(
    lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None, notes: list[str]
) -> tuple[pl.Series, Coded]:
    """The product code of each line in source order, and the products."""
    keys = [column for column in ("product_id", "category", "subcategory") if column in lines.columns]
    numbers, found = coding.factorise([lines[column] for column in keys])
    named_by = [
        most_frequent(frame.lazy(), "product_id", "product")
        for frame in (lines, returns)
        if frame is not None and "product" in frame.columns
    ]
    products = coding.products(coding.with_others(found, returns), lookup, named_by, notes)
    return coding.code_of(numbers, found, products).alias("product"), products


def _places(
    lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None
) -> tuple[pl.Series, Coded | None]:
    """The place code of each line in source order, and the places; code 0 and None without geography."""
    keys: list[str] = [level for level in GEOGRAPHY if level in lines.columns]
    if lookup is not None and "territory_id" in lines.columns:
        keys = ["territory_id"]
    if not keys:
        return pl.repeat(0, lines.height, dtype=pl.UInt32, eager=True).alias(PLACE), None
    numbers, found = coding.factorise([lines[column] for column in keys])
    places = coding.places(coding.with_others(found, returns), lookup)
    return coding.code_of(numbers, found, places).alias(PLACE), places


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
