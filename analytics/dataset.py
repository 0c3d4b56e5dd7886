"""What a prepared dataset is: the frames, the dimensions they carry, and what was set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

MONEY_SCALE: Final = 10_000
"""Money is a whole number of ten-thousandths of the currency unit until it leaves the reductions."""

UNIT_SCALES: Final = (1, 10, 100, 1_000, 10_000)
"""Parts that a unit may have. A dataset whose goods are weighed keeps quantities as a whole number of such parts until
they leave the reductions; one that sells whole units has parts of 1."""

NO_CUSTOMER: Final = 0
"""Customer code of lines without a customer. It is never counted as a customer."""

NOT_RECORDED: Final = "Not recorded"
"""Member that stands for a missing dimension value."""

GEOGRAPHY: Final = ("continent", "country", "region")
"""Places, from wide to narrow; a dataset may carry any of them."""

PLACES: Final = ("country", *(level for level in GEOGRAPHY if level != "country"))
"""Places, the one that says most first."""

PRODUCT_LEVELS: Final = ("category", "subcategory", "product")
"""Products, from wide to narrow; `product` is always there."""

MEASURE_COLUMNS: Final = ("quantity", "revenue", "cost", "discount")
"""Measures of `lines`; `cost` and `discount` are there only where the source has them."""


CUSTOMER_COLUMNS: Final = ("customer_id", "name", "first_on", "second_on")
"""Columns of `customers` beside the attributes."""


@dataclass(frozen=True)
class Calendar:
    """How days fall into weeks, fiscal years and retail periods."""

    week_start: int = 0
    """First day of the week, 0 = Monday ... 6 = Sunday."""
    fiscal_start_month: int = 1
    """Month in which the fiscal year starts; 1 makes fiscal and calendar years one."""
    retail: bool = False
    """True where the dataset uses the 4-5-4 retail calendar."""


@dataclass(frozen=True)
class SetAside:
    """Source rows that one named rule kept out of the dataset."""

    rule: str
    """Short name of the rule, e.g. `no_price`."""
    reason: str
    """One sentence for people: what was found and what was done."""
    rows: int
    money: int
    """Revenue of those rows in ten-thousandths, 0 where it cannot be computed."""


@dataclass(frozen=True)
class Reconciliation:
    """Where every source row went. rows_read = lines_kept + sum of set_aside rows + rows turned into returns."""

    rows_read: int
    lines_kept: int
    returns_kept: int = 0
    """Rows of the lines' source that became returns by policy."""
    revenue: int = 0
    """Revenue of the kept lines in ten-thousandths."""
    returns_money: int = 0
    """Money of the rows that became returns, as the source has it (negative), in ten-thousandths."""
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()
    """What the import had to decide, one sentence each."""
    doubts: tuple[str, ...] = ()
    """What was kept though it may be misread, one sentence each."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """One prepared dataset, held or scanned.

    `lines`: one row per product on an order, sorted by customer, day, order, product, no nulls: customer UInt32 (row of
        `customers`, 0 = none), day Date, order UInt32 (unique code, rising in row order within a customer), product
        Enum, every further dimension as Enum (geography, category, subcategory, channel, customer segments), quantity
        integer, revenue Int64 and optionally cost, discount Int64 (ten-thousandths). An order has one day, one
        customer and one place.
    `customers`: row i describes customer code i; row 0 is "no customer", the others rise by customer_id. customer_id,
        name (text), first_on, second_on (Date: days of the first and second order ever, null where there is none),
        segments as Enum.
    `products`: row i describes product code i (the Enum's code): product_id, product, and category, subcategory where
        known.
    Quantities are whole numbers of 1 / `unit_scale` of a unit.
    `returns`: one row per return: day Date, quantity integer, amount Int64 (ten-thousandths), and those dimensions
        (same Enums as in `lines`) and `customer` UInt32 that the source carries; optionally `reason` text, `order`
        UInt32.
    `targets`: one row per target: month Date (first of month), any dimensions, revenue Int64 (ten-thousandths).
    """

    name: str
    version: str
    title: str
    currency: str
    lines: pl.LazyFrame
    customers: pl.DataFrame
    products: pl.DataFrame
    returns: pl.DataFrame | None
    targets: pl.DataFrame | None
    first_day: date
    last_day: date
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Dimension name -> its members in the Enum's order, for every dimension column of `lines`."""
    segments: tuple[str, ...] = ()
    """Names of the customer attributes among the dimensions."""
    calendar: Calendar = Calendar()
    reconciliation: Reconciliation = Reconciliation(0, 0)
    held: bool = True
    """Whether `lines` are in memory; otherwise they are read from their file at each query."""
    returns_valued: str = "amount"
    """`amount` where the source gives the money of a return, `list price` where it was valued from prices."""
    unit_scale: int = 1
    """One of UNIT_SCALES: 1 where all quantities are whole, 1,000 where 0.45 kg and 1.125 kg are sold."""

    def has(self, column: str) -> bool:
        """Whether `lines` carries a column."""
        return column in self.members or column in self.measures

    def units(self, quantity: pl.Expr) -> pl.Expr:
        """Quantities of `lines` or `returns`, or sums of them, as units: whole numbers, or decimals as Float64."""
        if self.unit_scale == 1:
            return quantity
        # Division by a constant may miss the nearest number by a bit; no quantity has more than four decimals.
        return (quantity / self.unit_scale).round(4)

    @property
    def place(self) -> str | None:
        """The dimension that says where: the country, or the level that there is."""
        return next((name for name in PLACES if name in self.members), None)

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """Column of `lines` -> its type."""
        return dict(self.lines.collect_schema())

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Measure columns that `lines` carries."""
        return tuple(name for name in MEASURE_COLUMNS if name in self.schema)

    @property
    def has_customers(self) -> bool:
        """Whether any line names its customer."""
        return self.customers.height > 1
