"""From canonical tables to a prepared dataset: coded, sorted, narrow.

Everything that makes the reductions fast and exact is decided here: the codes of customers, orders and products, the order
of the lines, and the order of every dimension's members. All work on lines is whole-column work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.dataset import (
    GEOGRAPHY,
    MEASURE_COLUMNS,
    NO_CUSTOMER,
    NOT_RECORDED,
    PRODUCT_LEVELS,
    Calendar,
    Dataset,
    Reconciliation,
)
from analytics.metrics import MEASURES, METRICS
from data.errors import DataError
from data.toml import toml_text

RESERVED: Final = frozenset(
    {
        *GEOGRAPHY,
        *PRODUCT_LEVELS,
        *MEASURE_COLUMNS,
        *MEASURES,
        *METRICS,
        *("dataset", "preset", "period", "compare", "compare_period", "grain", "metric"),
        *("customer", "customer_id", "name", "first_on", "second_on", "day", "order", "order_id", "ordered_on"),
        *("product_id", "territory_id", "row"),
    }
)
"""Names that mean something else on a page or in a prepared frame, so no customer attribute may bear them."""

LINE_COLUMNS: Final = ("order_id", "ordered_on", "customer_id", "product_id", "territory_id", *PRODUCT_LEVELS, *GEOGRAPHY)
"""Columns of canonical lines with a meaning of their own, beside the measures; any other column is a dimension."""

_CODE: Final = "__code"
_PLACE: Final = "__place"


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
        (folder / "dataset.toml").write_text(
            toml_text(
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
                )
            ),
            encoding="utf-8",
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
) -> dict[str, Any]:
    """What `dataset.toml` says, as a dict in the order it is written."""
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
            "set_aside": [
                {"rule": item.rule, "reason": item.reason, "rows": item.rows, "money": item.money}
                for item in reconciliation.set_aside
            ],
        },
        "sources": [
            {"file": item.file, "role": item.role, "rows": item.rows, "sha256": item.sha256} for item in sources
        ],
        "recipe": {"text": recipe},
    }


def members(schema: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Dimension -> members in the Enum's order, for every Enum column of `lines`."""
    return {
        name: tuple(dtype.categories.to_list()) for name, dtype in schema.items() if isinstance(dtype, pl.Enum)
    }


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
    gets its earliest day. Every decision of this kind is a note in the reconciliation. Raises DataError where no line is
    left or where a return or target names a place that cannot be told apart.
    """
    lines = tables.lines.lazy().collect()
    if lines.height == 0:
        raise DataError("No order lines are left to show: every row was set aside or the files are empty.")
    returns = None if tables.returns is None else tables.returns.lazy().collect()
    notes: list[str] = []

    products = _products(lines, returns, tables.products)
    places = _places(lines, returns, tables.places)
    customers = _customer_ids(lines, returns, tables.customers, notes)

    coded = _coded(lines, products, places, customers)
    measures = tuple(column for column in MEASURE_COLUMNS if column in lines.columns)
    others = tuple(column for column in lines.columns if column not in LINE_COLUMNS and column not in MEASURE_COLUMNS)
    del lines
    coded, orders = _orders(coded, notes, split_days=split_days)
    coded = coded.sort(
        pl.col("order").cast(pl.UInt64) * products.table.height + pl.col("product"), maintain_order=True
    )

    returns_coded = None if returns is None else _returns(returns, products, places, customers, orders)
    nobody = bool((orders["customer"] == NO_CUSTOMER).any()) or (
        returns_coded is not None
        and "customer" in returns_coded.columns
        and bool((returns_coded["customer"] == NO_CUSTOMER).any())
    )
    taken = {*others, *RESERVED}
    customer_table, segments = _customers(customers, tables.customers, orders, taken, with_nobody=nobody)
    geography = [level for level in GEOGRAPHY if level in places.table.columns]
    levels = [level for level in PRODUCT_LEVELS if level in products.table.columns]

    order = coded["order"]
    columns = [
        orders["customer"].gather(order),
        orders["day"].gather(order),
        order,
        _as_enum(coded["product"], products.table["product"]),
    ]
    place = orders[_PLACE].gather(order) if geography else None
    columns += [places.table[level].gather(place) for level in geography if place is not None]
    columns += [products.table[level].gather(coded["product"]) for level in levels if level != "product"]
    columns += [_dimension(coded[column]) for column in others]
    columns += [customer_table[segment].gather(columns[0]) for segment in segments]
    columns += [_narrow(coded["quantity"])]
    columns += [coded[measure].cast(pl.Int64) for measure in measures if measure != "quantity"]
    prepared_lines = pl.DataFrame(columns)

    if returns_coded is not None and "customer" in returns_coded.columns and segments:
        returns_coded = returns_coded.with_columns(
            [customer_table[segment].gather(returns_coded["customer"]) for segment in segments]
        )
    targets = None if tables.targets is None else _targets(tables.targets, products, places, notes)

    kept = prepared_lines.height
    revenue = int(prepared_lines["revenue"].sum())
    if reconciliation is None:
        reconciliation = Reconciliation(rows_read=kept, lines_kept=kept, revenue=revenue)
    return Prepared(
        name=name,
        title=title,
        currency=currency,
        lines=prepared_lines,
        orders=orders.select("order_id"),
        customers=customer_table,
        products=products.table.select("product_id", *reversed(levels)),
        returns=returns_coded,
        targets=targets,
        segments=segments,
        calendar=calendar or Calendar(),
        reconciliation=replace(
            reconciliation, lines_kept=kept, revenue=revenue, notes=(*reconciliation.notes, *notes)
        ),
        returns_valued=returns_valued,
    )


# --- Members and labels -----------------------------------------------------------------------------------------------


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String)


def _hierarchical(column: str) -> list[pl.Expr]:
    """Sort keys of one level: alphabetical without regard to case, what is not recorded last."""
    return [pl.col(column) == NOT_RECORDED, pl.col(column).str.to_lowercase(), pl.col(column)]


def _unique(labels: Sequence[str]) -> list[str]:
    """Labels made different from each other by " · 2", " · 3" where they are not."""
    seen: set[str] = set()
    result = []
    for label in labels:
        candidate, number = label, 1
        while candidate in seen:
            number += 1
            candidate = f"{label} · {number}"
        seen.add(candidate)
        result.append(candidate)
    return result


def _label_levels(table: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """Replace each level of a table in hierarchy order by Enum labels, unique within the level.

    A name that occurs under several parents becomes "Name · Parent". So each label has one parent, and the members of a
    level stand in hierarchy order: what is sorted by the narrowest level is sorted by all of them.
    """
    parent: str | None = None
    for level in levels:
        if parent is None:
            names = table.select(level).unique(maintain_order=True)
            labels = names[level].to_list()
        else:
            names = table.select(level, parent).unique(maintain_order=True)
            repeated = set(names.filter(pl.col(level).is_duplicated())[level].to_list())
            labels = _unique(
                [_under(own, above, own in repeated) for own, above in names.select(level, _text(parent)).iter_rows()]
            )
        keys = [level] if parent is None else [level, parent]
        label = pl.Series("__label", labels, dtype=pl.Enum(labels))
        table = (
            table.join(names.with_columns(label), on=keys, how="left", maintain_order="left")
            .with_columns(pl.col("__label").alias(level))
            .drop("__label")
        )
        parent = level
    return table


def _under(own: str, above: str, repeated: bool) -> str:
    if not repeated:
        return own
    if own == NOT_RECORDED and above.startswith(NOT_RECORDED):
        return above
    return f"{own} · {above}"


def _natural(values: Iterable[str | None]) -> list[str]:
    """Members of a free dimension: numbers by size, else alphabetical; what is not recorded last."""
    named = [value for value in set(values) if value is not None and value != NOT_RECORDED]
    try:
        named.sort(key=lambda value: (float(value), value))
    except ValueError:
        named.sort(key=lambda value: (value.lower(), value))
    return named


def _dimension(column: pl.Series, *, with_missing: bool = False) -> pl.Series:
    """A free dimension as Enum without nulls. An Enum column keeps its own order of members."""
    if isinstance(column.dtype, pl.Enum):
        present = set(column.unique().drop_nulls().cast(pl.String).to_list())
        order = [value for value in column.dtype.categories.to_list() if value in present and value != NOT_RECORDED]
    else:
        present = set(column.unique().drop_nulls().cast(pl.String).to_list())
        order = _natural(present)
    if with_missing or column.null_count() or NOT_RECORDED in present:
        order.append(NOT_RECORDED)
    codes = pl.DataFrame({_CODE: pl.Series(order, dtype=pl.Enum(order))}).with_columns(
        _text(_CODE).cast(column.dtype if isinstance(column.dtype, pl.Categorical) else pl.String).alias("__value")
    )
    if isinstance(column.dtype, pl.Categorical):
        values = column.to_frame("__value")
        joined = values.join(codes, on="__value", how="left", maintain_order="left")[_CODE]
    else:
        joined = column.cast(pl.String).cast(pl.Enum(order))
    return joined.fill_null(NOT_RECORDED).alias(column.name) if NOT_RECORDED in order else joined.alias(column.name)


def _as_enum(codes: pl.Series, labels: pl.Series) -> pl.Series:
    """Codes that are already the Enum's own, as that Enum."""
    return codes.cast(labels.to_physical().dtype).cat.to(labels.dtype).alias(labels.name)


def _narrow(column: pl.Series) -> pl.Series:
    """The narrowest of Int16, Int32 and Int64 that holds every value."""
    low, high = column.min(), column.max()
    for dtype in (pl.Int16, pl.Int32):
        bounds = pl.select(low=dtype.min(), high=dtype.max()).row(0)
        if bounds[0] <= low and high <= bounds[1]:  # type: ignore[operator]
            return column.cast(dtype)
    return column.cast(pl.Int64)


def most_frequent(frame: pl.LazyFrame, key: str, column: str) -> pl.LazyFrame:
    """One row per key: its most frequent text in `column`, the alphabetically first of several."""
    return (
        frame.filter(pl.col(column).is_not_null())
        .group_by(key, column)
        .agg(pl.len().alias("__count"))
        .sort(pl.col("__count"), _text(column), descending=[True, False])
        .unique(subset=key, keep="first", maintain_order=True)
        .select(key, _text(column))
    )


# --- Products and places ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Coded:
    """Row i of `table` describes code i; `codes` leads from the columns `keys` of canonical frames to it."""

    table: pl.DataFrame
    keys: tuple[str, ...]
    codes: pl.DataFrame = field(repr=False)

    def join(self, frame: pl.LazyFrame, code: str) -> pl.LazyFrame:
        """Add the code of each row."""
        return frame.join(
            self.codes.lazy().rename({_CODE: code}),
            on=list(self.keys),
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )


def _products(lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None) -> _Coded:
    """The products sold or returned, in hierarchy order.

    A product that the lines put into several categories is one row for each, so that categories tie to the source.
    """
    keys = [column for column in ("product_id", "category", "subcategory") if column in lines.columns]
    found = lines.select(keys).unique()
    if returns is not None:
        found = _with_others(found, returns, keys)
    table = found.with_row_index(_CODE).with_columns(_text(key).alias(f"__{key}") for key in keys)
    named = table.select(_CODE, *(pl.col(f"__{key}").alias(key) for key in keys))
    if lookup is not None:
        wanted = [column for column in PRODUCT_LEVELS if column in lookup.columns and column not in keys]
        named = named.join(
            lookup.select(_text("product_id"), *(_text(column) for column in wanted)),
            on="product_id",
            how="left",
            maintain_order="left",
        )
    for frame in (lines, returns):
        if frame is not None and "product" in frame.columns:
            names = most_frequent(frame.lazy(), "product_id", "product").collect()
            names = names.select(_text("product_id"), pl.col("product").alias("__name"))
            named = named.join(names, on="product_id", how="left", maintain_order="left")
            own = pl.col("product") if "product" in named.columns else pl.lit(None, dtype=pl.String)
            named = named.with_columns(pl.coalesce(own, "__name").alias("product")).drop("__name")
    if "product" not in named.columns:
        named = named.with_columns(pl.col("product_id").alias("product"))
    levels = [level for level in PRODUCT_LEVELS if level in named.columns]
    named = named.with_columns(
        pl.col("product").fill_null(pl.col("product_id")),
        *(pl.col(level).fill_null(NOT_RECORDED) for level in levels if level != "product"),
    ).sort(*(key for level in levels for key in _hierarchical(level)), "product_id")
    twice = pl.col("product").is_duplicated()
    named = named.with_columns(
        pl.when(twice).then(pl.format("{} · #{}", "product", "product_id")).otherwise("product").alias("product")
    )
    raw = named.select(pl.col(level).alias(f"__{level}") for level in levels)
    labelled = _label_levels(named.drop("product"), levels[:-1]).hstack(raw)
    labels = _unique(named["product"].to_list())
    labelled = labelled.with_columns(pl.Series("product", labels, dtype=pl.Enum(labels)))
    codes = labelled.select(_CODE).with_row_index("__rank").join(table, on=_CODE, how="left", maintain_order="left")
    return _Coded(
        table=labelled.drop(_CODE),
        keys=tuple(keys),
        codes=codes.select(*keys, pl.col("__rank").alias(_CODE)),
    )


def _with_others(found: pl.DataFrame, other: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Key combinations of the lines, and those that only the other frame has."""
    shared = [key for key in keys if key in other.columns]
    if not shared:
        return found
    extra = other.select(pl.col(key).cast(found.schema[key]) for key in shared).unique()
    extra = extra.join(found, on=shared, how="anti", nulls_equal=True)
    return pl.concat([found, extra], how="diagonal")


def _places(lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None) -> _Coded:
    """The places of the lines and returns, in hierarchy order; one row without columns where there is no geography."""
    if "territory_id" in lines.columns and lookup is not None:
        keys = ["territory_id"]
        levels = [level for level in GEOGRAPHY if level in lookup.columns]
    else:
        keys = levels = [level for level in GEOGRAPHY if level in lines.columns]
    if not levels:
        return _Coded(table=pl.DataFrame(), keys=(), codes=pl.DataFrame())
    found = lines.select(keys).unique()
    if returns is not None:
        found = _with_others(found, returns, keys)
    named = found.with_row_index(_CODE).select(_CODE, *(_text(key) for key in keys))
    if lookup is not None and keys == ["territory_id"]:
        named = named.join(
            lookup.select(_text("territory_id"), *(_text(level) for level in levels)),
            on="territory_id",
            how="left",
            maintain_order="left",
        )
    named = named.with_columns(pl.col(level).fill_null(NOT_RECORDED) for level in levels)
    # Two territories may share one place: the code is the place's, or an order in both would look like two places.
    distinct = named.select(levels).unique().sort(*(key for level in levels for key in _hierarchical(level)))
    ranks = named.join(distinct.with_row_index("__rank"), on=levels, how="left", maintain_order="left")
    codes = found.with_row_index(_CODE).join(ranks.select(_CODE, "__rank"), on=_CODE, how="left", maintain_order="left")
    raw = distinct.select(pl.col(level).alias(f"__{level}") for level in levels)
    return _Coded(
        table=_label_levels(distinct, levels).hstack(raw),
        keys=tuple(keys),
        codes=codes.select(*keys, pl.col("__rank").alias(_CODE)),
    )


# --- Customers and orders ---------------------------------------------------------------------------------------------


def _customer_ids(
    lines: pl.DataFrame, returns: pl.DataFrame | None, lookup: pl.DataFrame | None, notes: list[str]
) -> _Coded:
    """Every known customer, by id; code 0 is nobody."""
    if "customer_id" not in lines.columns:
        return _Coded(table=pl.DataFrame({"customer_id": pl.Series([None], dtype=pl.String)}), keys=(), codes=pl.DataFrame())
    dtype = lines.schema["customer_id"]
    bought = lines.select("customer_id").unique().select(_text("customer_id")).drop_nulls()
    parts = [bought]
    if lookup is not None:
        listed = lookup.select(_text("customer_id"))
        unlisted = bought.join(listed, on="customer_id", how="anti").height
        if unlisted:
            notes.append(f"{unlisted:,} customers on the lines are not in the customers table: kept, without attributes.")
        parts.append(listed)
    if returns is not None and "customer_id" in returns.columns:
        parts.append(returns.select(_text("customer_id")).unique().drop_nulls())
    known = pl.concat(parts).unique().sort("customer_id")
    codes = known.with_row_index(_CODE, offset=1).with_columns(pl.col("customer_id").cast(dtype))
    nobody = pl.DataFrame({"customer_id": pl.Series([None], dtype=pl.String)})
    return _Coded(table=pl.concat([nobody, known]), keys=("customer_id",), codes=codes)


def _coded(lines: pl.DataFrame, products: _Coded, places: _Coded, customers: _Coded) -> pl.DataFrame:
    """The lines in source order with codes for product, place and customer in place of text."""
    frame = products.join(lines.lazy().drop("product", strict=False), "product")
    frame = places.join(frame, _PLACE) if places.keys else frame.with_columns(pl.lit(0, pl.UInt32).alias(_PLACE))
    if customers.keys:
        frame = customers.join(frame, "customer").with_columns(pl.col("customer").fill_null(NO_CUSTOMER))
    else:
        frame = frame.with_columns(pl.lit(NO_CUSTOMER, pl.UInt32).alias("customer"))
    dropped = set(LINE_COLUMNS) - {"order_id", "product"}
    return frame.rename({"ordered_on": "day"}).drop(*dropped, strict=False).collect()


def _orders(lines: pl.DataFrame, notes: list[str], *, split_days: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines with the code of their order, and the orders by code: order_id, customer, day, place.

    An order has one day, one customer and one place. Where the lines of one order number disagree: a line without a
    customer belongs to the order's customer; several customers or places make one order each; several days give the
    earliest, or one order each with `split_days`.
    """
    known = pl.col("customer").filter(pl.col("customer") != NO_CUSTOMER)
    orders = (
        lines.lazy()
        .group_by("order_id")
        .agg(
            pl.col("customer").max(),
            pl.col("day").min(),
            pl.col(_PLACE).min(),
            (pl.col("customer").min() == NO_CUSTOMER).alias("__nobody"),
            known.min().alias("__lowest"),
            (pl.col(_PLACE).min() != pl.col(_PLACE).max()).alias("__places"),
            (pl.col("day").min() != pl.col("day").max()).alias("__days"),
        )
        .collect()
    )
    several = orders.select(
        nobody=((pl.col("__lowest") == pl.col("customer")) & pl.col("__nobody")).sum(),
        customers=(pl.col("__lowest") != pl.col("customer")).sum(),
        places=pl.col("__places").sum(),
        days=pl.col("__days").sum(),
    ).row(0, named=True)
    key = ["order_id"]
    if several["nobody"]:
        notes.append(
            f"{several['nobody']:,} orders name their customer on some lines only: all lines count for that customer."
        )
        lines = _with_order_customer(lines, orders)
    if several["customers"]:
        notes.append(f"{several['customers']:,} order numbers name several customers: counted as one order for each.")
        key.append("customer")
    if several["places"]:
        notes.append(f"{several['places']:,} order numbers name several places: counted as one order for each.")
        key.append(_PLACE)
    if several["days"] and split_days:
        notes.append(f"{several['days']:,} order numbers occur on several days: counted as one order for each day.")
        key.append("day")
    elif several["days"]:
        notes.append(f"{several['days']:,} orders have lines of several days: counted on their earliest day.")
    if len(key) > 1:
        rest = [pl.col(column).min() for column in ("customer", "day", _PLACE) if column not in key]
        orders = lines.lazy().group_by(key).agg(rest).collect()
    orders = (
        orders.select("order_id", "customer", "day", _PLACE)
        .sort("customer", "day", "order_id", _PLACE)
        .with_row_index("order")
    )
    lines = (
        lines.lazy()
        .join(orders.lazy().select("order", *key), on=key, how="left", maintain_order="left")
        .drop("order_id", "customer", "day", _PLACE)
        .collect()
    )
    return lines, orders


def _with_order_customer(lines: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Lines without a customer get the one customer that the other lines of their order name."""
    only = orders.filter((pl.col("__lowest") == pl.col("customer")) & pl.col("__nobody"))
    return (
        lines.join(only.select("order_id", pl.col("customer").alias("__only")), on="order_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("__only", "customer").alias("customer"))
        .drop("__only")
    )


def _customers(
    ids: _Coded, lookup: pl.DataFrame | None, orders: pl.DataFrame, taken: set[str], *, with_nobody: bool
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The customers by code, and the names of their segments."""
    table = ids.table
    renamed: dict[str, str] = {}
    if lookup is not None and ids.keys:
        for column in lookup.columns:
            if column not in ("customer_id", "name"):
                renamed[column] = f"customer_{column}" if column in taken else column
        table = table.join(
            lookup.with_columns(_text("customer_id")).rename(renamed), on="customer_id", how="left", maintain_order="left"
        )
    if "name" not in table.columns:
        table = table.with_columns(pl.lit(None, pl.String).alias("name"))
    segments = tuple(renamed.values())
    # Row 0 is nobody: its attributes are "not recorded" only where some line shows them.
    attributes = []
    for segment in segments:
        known = _dimension(table[segment][1:], with_missing=with_nobody)
        first = NOT_RECORDED if with_nobody else None
        attributes.append(pl.concat([pl.Series(segment, [first], dtype=known.dtype), known]))
    bought = orders.lazy().filter(pl.col("customer") != NO_CUSTOMER)
    nth = bought.group_by("customer", maintain_order=True).agg(
        pl.col("day").first().alias("first_on"), pl.col("day").get(1, null_on_oob=True).alias("second_on")
    )
    table = (
        table.with_row_index("customer")
        .lazy()
        .join(nth, on="customer", how="left", maintain_order="left")
        .select("customer_id", _text("name"), "first_on", "second_on")
        .collect()
        .hstack(attributes)
    )
    return table, segments


# --- Returns and targets ----------------------------------------------------------------------------------------------


def _returns(
    returns: pl.DataFrame, products: _Coded, places: _Coded, customers: _Coded, orders: pl.DataFrame
) -> pl.DataFrame:
    """Returns by day, with the lines' Enums; customer and place come from the order where only that is named."""
    frame = returns.lazy().with_columns(pl.col("returned_on").alias("day"))
    frame = _match(frame, returns.columns, products, "product_code")
    columns = ["day", "quantity", "amount", "product_code"]
    if "order_id" in returns.columns:
        first = orders.lazy().unique(subset="order_id", keep="first", maintain_order=True)
        found = first.select("order_id", "order", pl.col("customer").alias("__customer"), pl.col(_PLACE).alias("__from"))
        frame = frame.join(found, on="order_id", how="left", maintain_order="left")
        columns += ["order", "__customer", "__from"]
    if customers.keys and "customer_id" in returns.columns:
        ids = customers.codes.lazy().with_columns(_text("customer_id"))
        frame = (
            frame.with_columns(_text("customer_id"))
            .join(ids, on="customer_id", how="left", maintain_order="left")
            .rename({_CODE: "customer"})
            .with_columns(pl.col("customer").fill_null(NO_CUSTOMER))
        )
        columns.append("customer")
    has_place = bool(places.keys) and any(key in returns.columns for key in places.keys)
    if has_place:
        frame = _match(frame, returns.columns, places, _PLACE)
        columns.append(_PLACE)
    if "reason" in returns.columns:
        frame = frame.with_columns(_text("reason"))
        columns.append("reason")
    coded = frame.select(columns).sort("day", "product_code", maintain_order=True).collect()
    if "order" in coded.columns:
        linked = coded["order"].null_count() < coded.height
        if linked and customers.keys and "customer" not in coded.columns:
            coded = coded.with_columns(pl.col("__customer").fill_null(NO_CUSTOMER).alias("customer"))
        if places.keys and not has_place and coded["order"].null_count() == 0:
            coded = coded.with_columns(pl.col("__from").alias(_PLACE))
        coded = coded.drop("__customer", "__from", *([] if linked else ["order"]))
    levels = [level for level in PRODUCT_LEVELS if level in products.table.columns]
    shown = [products.table[level].gather(coded["product_code"]) for level in levels]
    if _PLACE in coded.columns:
        whole = not has_place or set(places.keys) <= set(returns.columns)
        shown += [
            places.table[level].gather(coded[_PLACE])
            for level in GEOGRAPHY
            if level in places.table.columns and (whole or level in returns.columns)
        ]
    tail = [column for column in ("customer", "order", "reason") if column in coded.columns]
    return pl.DataFrame(
        [coded["day"], *shown, _narrow(coded["quantity"]), coded["amount"].cast(pl.Int64), *(coded[c] for c in tail)]
    )


def _match(frame: pl.LazyFrame, columns: Sequence[str], coded: _Coded, code: str) -> pl.LazyFrame:
    """Add the code of each row from those key columns that the frame has; an ambiguous name is an error."""
    keys = [key for key in coded.keys if key in columns]
    codes = coded.codes.select(*(_text(key) for key in keys), pl.col(_CODE).alias(code)).sort(code)
    if len(keys) < len(coded.keys):
        codes = _told_apart(codes, keys, coded, code)
    return frame.with_columns(_text(key) for key in keys).join(
        codes.lazy(), on=keys, how="left", nulls_equal=True, maintain_order="left"
    )


def _told_apart(codes: pl.DataFrame, keys: list[str], coded: _Coded, code: str) -> pl.DataFrame:
    """The first code for each combination of the keys; names that mean different members are an error."""
    labels = [key for key in keys if key in coded.table.columns and key in GEOGRAPHY]
    if labels:
        seen = codes.with_columns(coded.table[label].gather(codes[code]).alias(f"__{label}") for label in labels)
        unclear = seen.group_by(keys).agg(pl.struct(f"__{label}" for label in labels).n_unique().alias("__n"))
        unclear = unclear.filter(pl.col("__n") > 1).sort(keys)
        if unclear.height:
            name = ", ".join(str(value) for value in unclear.row(0)[:-1])
            raise DataError(
                f"The returns name {name}, which lies in several places of the lines: map the wider level in the "
                "returns as well."
            )
    return codes.unique(subset=keys, keep="first", maintain_order=True)


def _targets(targets: pl.DataFrame, products: _Coded, places: _Coded, notes: list[str]) -> pl.DataFrame:
    """Targets by month with the lines' Enums; null means all. One that names what no line has is left out and noted."""
    frame = targets.with_columns(pl.col("month").dt.truncate("1mo"), pl.col("revenue").cast(pl.Int64))
    unknown = pl.lit(False)
    for coded, hierarchy in ((places, GEOGRAPHY), (products, PRODUCT_LEVELS)):
        wider: list[str] = []
        for level in hierarchy:
            if level not in frame.columns:
                continue
            wider.append(level)
            if level not in coded.table.columns:
                unknown = unknown | pl.col(level).is_not_null()
                continue
            frame = frame.join(
                _names(coded, level, wider), on=wider, how="left", nulls_equal=True, maintain_order="left"
            )
            unknown = unknown | (pl.col(level).is_not_null() & pl.col(f"__label_{level}").is_null())
    left_out = frame.filter(unknown)
    if left_out.height:
        notes.append(f"{left_out.height:,} targets name places or products that no line has: left out.")
    labels = {f"__label_{column}": column for column in frame.columns if f"__label_{column}" in frame.columns}
    frame = frame.filter(~unknown)
    kept = ["month", *(pl.col(label).alias(level) for label, level in labels.items()), "revenue"]
    return frame.select(kept).sort("month", *labels.values(), maintain_order=True)


def _names(coded: _Coded, level: str, wider: list[str]) -> pl.DataFrame:
    """The label of one level for each source name of it, told apart by the wider levels that are named with it."""
    raw = [pl.col(f"__{column}").alias(column) for column in wider if f"__{column}" in coded.table.columns]
    table = coded.table.select(*raw, pl.col(level).alias(f"__label_{level}")).unique()
    alone = table.drop(wider[:-1]).unique().with_columns(pl.lit(None, pl.String).alias(column) for column in wider[:-1])
    both = pl.concat([table, alone.select(table.columns)], how="vertical") if len(wider) > 1 else table
    return both.filter(pl.struct(wider).is_unique())

