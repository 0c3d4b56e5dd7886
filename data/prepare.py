"""From a recipe and its files to a prepared dataset: read, check, turn into canonical tables, publish."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.dataset import GEOGRAPHY, MONEY_SCALE, NOT_RECORDED, PRODUCT_LEVELS, Reconciliation, SetAside
from data import checks, layout, store
from data.checks import FLAG, GROSS, RATE, RAW, SOURCE, UNREADABLE, Rule
from data.errors import DataError, problem, quoted
from data.members import as_categorical, most_frequent, own_categories, relabelled, texts
from data.recipes import LOOKUPS, PLAIN_NUMBERS, ColumnSpec, FileSpec, Policies, Recipe, TableSpec
from data.rules import flags
from data.sources import ROW, Origin, SourceFile, opened
from data.staging import StagedOrigin, open_detected

_DATES: Final = frozenset({"ordered_on", "returned_on", "month"})
_MONEY: Final = frozenset({"revenue", "unit_price", "unit_cost", "cost", "profit", "discount", "amount"})
_NUMBERS: Final = _MONEY | {"quantity"}
_LOW_CARDINALITY: Final = frozenset({*GEOGRAPHY, *PRODUCT_LEVELS})
OR: Final = " | "
"""Stands between the date formats of a file that has several."""

ON_ORDER: Final = FLAG + "credit_on_order"
_CUSTOMER: Final = "customer: "
"""Prefix of customer attributes that stand in the lines' own files."""


@dataclass(frozen=True, eq=False)
class Result:
    """A published dataset."""

    prepared: layout.Prepared
    name: str
    version: str
    path: Path


def prepare(recipe: Recipe, origin: Path | Origin, *, home: Path, name: str, today: date | None = None) -> Result:
    """Read, check and publish; raises DataError with nothing written where the input cannot be used."""
    prepared = read(recipe, origin, name=name, today=today)
    version = store.publish(name, prepared.write, home=home)
    return Result(prepared, name, version, home / name / "versions" / version)


def read(recipe: Recipe, origin: Path | Origin, *, name: str, today: date | None = None) -> layout.Prepared:
    """The prepared dataset of a recipe's files, in memory. `today` is the day after which dates lie in the future."""
    with opened(origin) as source:
        files = Files(source, detect=recipe.detect)
        tables, reconciliation, set_aside, valued = _tables(recipe, files, today)
        prepared = layout.build(
            tables,
            name=name,
            title=recipe.title,
            currency=recipe.currency,
            calendar=recipe.calendar,
            returns_valued=valued,
            split_days=recipe.policies.order_days == "split",
            reconciliation=reconciliation,
        )
    return replace(prepared, set_aside=set_aside, sources=tuple(files.used), recipe=recipe.text)


class Files:
    """The origin's files by pattern, and a record of those that were used."""

    def __init__(self, origin: Origin, *, detect: bool = False) -> None:
        self._origin = origin
        self._detect = detect and not isinstance(origin, StagedOrigin)
        self.used: list[layout.Source] = []

    def open(self, table: TableSpec) -> list[tuple[SourceFile, FileSpec]]:
        """The files of a table, each once."""
        found: dict[str, tuple[SourceFile, FileSpec]] = {}
        for spec in table.files:
            for member in self._origin.find(spec.file):
                if member in found:
                    raise DataError(f"{member}: expected once in the recipe's files of {table.role}, found twice.")
                found[member] = (self._one(member, spec), spec)
        return list(found.values())

    def _one(self, member: str, spec: FileSpec) -> SourceFile:
        if self._detect:
            return open_detected(self._origin, member, spec.reading, self._origin.scratch)
        return self._origin.open(member, encoding=spec.encoding, separator=spec.separator)

    def record(self, table: TableSpec, file: SourceFile, rows: int) -> None:
        """Remember a file as a source of the dataset."""
        self.used.append(layout.Source(file=file.name, role=table.role, rows=rows, sha256=file.sha256))


def lookup_tables(recipe: Recipe, files: Files) -> tuple[pl.DataFrame | None, pl.DataFrame | None, pl.DataFrame | None]:
    """Products with their categories, customers, and places, each None where the recipe has none."""
    lookups = {role: _lookup(table, files) for role, table in recipe.lookups.items() if table.files}
    products = _joined(lookups.get("products"), lookups, ("subcategories", "categories"))
    return products, lookups.get("customers"), lookups.get("territories")


def _tables(
    recipe: Recipe, files: Files, today: date | None
) -> tuple[layout.Tables, Reconciliation, pl.DataFrame | None, str]:
    products, customers, places = lookup_tables(recipe, files)
    good, bad = _lines(recipe, files, products, customers, today)
    notes = notes_on_missing(recipe.lines.columns)
    if "cost" in good.columns and (missing := good["cost"].null_count()):
        notes.append(f"{missing:,} lines have no cost: counted with a cost of 0, so profit is too high by their cost.")
        good = good.with_columns(pl.col("cost").fill_null(0))
    if "customers" in recipe.lookups and not recipe.lookups["customers"].files:
        customers = _customers_of_lines(good)
    good = good.select(column for column in good.columns if not column.startswith(_CUSTOMER))

    turned = None
    if recipe.policies.negative_quantity in ("returns", "net"):
        back = pl.col("quantity") < 0
        if recipe.policies.negative_quantity == "net":
            back &= ~pl.col(ON_ORDER)
        turned = good.filter(back).with_columns(
            pl.col("ordered_on").alias("returned_on"), -pl.col("quantity"), (-pl.col("revenue")).alias("amount")
        )
        good = good.filter(~back)
        if ON_ORDER in good.columns:
            netted = good.filter(pl.col(ON_ORDER))
            notes.append(
                f"{netted.height:,} credit rows were netted against the order that they name; those with an order "
                "number of their own became returns."
            )
            good, turned = good.drop(ON_ORDER), turned.drop(ON_ORDER)
    returned_rows = 0 if turned is None else turned.height
    returns_money = 0 if turned is None else -int(turned["amount"].sum())
    returns, returns_bad, valued = _returns(recipe, files, products, places, notes)
    if turned is not None and turned.height:
        returns = turned if returns is None else pl.concat([_as_text(turned), _as_text(returns)], how="diagonal")
    targets, targets_bad = _targets(recipe, files, notes)

    rules = [
        *checks.unreadable_rules([Rule(UNREADABLE + name, "", pl.lit(True)) for name in recipe.lines.columns]),
        *checks.line_rules(recipe.policies, [GROSS, RATE, "customer_id", "currency"], currency=recipe.currency),
    ]
    reconciliation = Reconciliation(
        rows_read=good.height + returned_rows + bad.height,
        lines_kept=good.height,
        returns_kept=returned_rows,
        revenue=int(good["revenue"].sum()),
        returns_money=returns_money,
        set_aside=_set_aside(bad, rules),
        notes=tuple(notes),
    )
    aside = [frame for frame in (bad, returns_bad, targets_bad) if frame is not None and frame.height]
    rejected = pl.concat([_original(frame) for frame in aside], how="diagonal") if aside else None
    tables = layout.Tables(
        lines=good,
        customers=customers,
        products=products,
        places=places,
        returns=returns,
        targets=targets,
    )
    return tables, reconciliation, rejected, valued


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """A small frame whose Categorical columns are plain text, so that it can be combined with another."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))


# --- Reading values ---------------------------------------------------------------------------------------------------


def _clean(column: pl.Expr, dtype: pl.DataType, missing: Sequence[str]) -> pl.Expr:
    """A source column as text: trimmed, null where it is empty or says that it is missing."""
    if dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum):
        text = column.cast(pl.String).str.strip_chars()
        return pl.when(text.is_in(["", *missing])).then(None).otherwise(text)
    return column.cast(pl.String)


def _trimmed(column: pl.Expr) -> pl.Expr:
    """Text of a number or date; what means missing cannot be read as one and so needs no care here."""
    return column.cast(pl.String).str.strip_chars()


def _value(name: str, spec: ColumnSpec, dtypes: Mapping[str, Any], table: TableSpec, file: FileSpec) -> pl.Expr:
    """One canonical column of a table, typed; null where the source is empty or cannot be read."""
    dtype = dtypes[spec.columns[0]]
    column = pl.col(spec.columns[0])
    if name in _DATES:
        return _date(column, dtype, table.missing, file.dates).alias(name)
    if name in _NUMBERS:
        if file.numbers != PLAIN_NUMBERS and not dtype.is_numeric():
            text = plain_number(column.cast(pl.String), file.numbers)
            if name != "quantity":
                return _money(text).alias(name)
            whole = text.str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)
            return whole.alias(name)
        if dtype.is_float():
            scaled = column if name == "quantity" else column * MONEY_SCALE
            whole = scaled.round() if name != "quantity" else pl.when(scaled == scaled.round()).then(scaled)
            return whole.cast(pl.Int64, strict=False).alias(name)
        if name == "quantity":
            whole = column if dtype.is_integer() else _trimmed(column).str.strip_suffix(".0")
            return whole.cast(pl.Int64, strict=False).alias(name)
        return _money(column if dtype.is_numeric() else _trimmed(column)).alias(name)
    return _label(spec, dtypes, table.missing).alias(name)


def plain_number(text: pl.Expr, style: str) -> pl.Expr:
    """Text of a number in one of the recipe's styles as digits with a decimal point; anything else stays unreadable.

    Currency signs, a percent sign and spaces go; parentheses or a minus behind mean below zero.
    """
    bare = text.str.replace_all(r"[\p{Sc}%\s\u{00a0}\u{202f}]|\b[A-Z]{3}\b", "")
    bare = bare.str.replace_all("−", "-", literal=True)
    bare = bare.str.replace(r"^\((.+)\)$", "-$1").str.replace(r"^([^-].*)-$", "-$1")
    thousands, decimal = style[1], style[-3]
    # A thousands sign must stand before each group of three digits: 12.5 in the style 1.234,56 is no number.
    group = {" ": "", ",": ",", ".": r"\.", "'": "['’]"}[thousands]
    mark = {",": ",", ".": r"\."}[decimal]
    shape = rf"^[+-]?(\d+|\d{{1,3}}({group}\d{{3}})+)?({mark}\d*)?$"
    digits = bare.str.replace_all("[" + group.strip("[]") + "]", "") if group else bare
    return pl.when(bare.str.contains(shape)).then(digits.str.replace(decimal, ".", literal=True))


def _money(column: pl.Expr) -> pl.Expr:
    """Ten-thousandths of a decimal text, exact to the fourth decimal; further decimals are rounded."""
    return column.cast(pl.Decimal(38, 4), strict=False).to_physical().cast(pl.Int64, strict=False)


def _date(column: pl.Expr, dtype: pl.DataType, missing: Sequence[str], dates: str) -> pl.Expr:
    """A plain date between 1900 and 2199, null otherwise: a two-digit year read with %Y is no date."""
    if dtype == pl.Date:
        day = column
    elif isinstance(dtype, pl.Datetime):
        day = column.dt.date()
    else:
        text = _trimmed(column)
        day = pl.coalesce(_day(text, one) for one in dates.split(OR))
    return pl.when(day.is_between(date(1900, 1, 1), date(2199, 12, 31))).then(day)


def _day(text: pl.Expr, dates: str) -> pl.Expr:
    timed = any(sign in dates for sign in ("%H", "%I", "%T", "%R", "%s"))
    return text.str.to_datetime(dates, strict=False).dt.date() if timed else text.str.to_date(dates, strict=False)


def _label(spec: ColumnSpec, dtypes: Mapping[str, Any], missing: Sequence[str]) -> pl.Expr:
    """A text column with its recipe's changes applied in order: suffix, case, bands, labels."""
    parts = [_clean(pl.col(column), dtypes[column], missing) for column in spec.columns]
    text = parts[0]
    if len(parts) > 1:
        text = pl.concat_str(parts, separator=" ", ignore_nulls=True)
        text = pl.when(text != "").then(text)
    if spec.remove_suffix:
        text = text.str.strip_suffix(spec.remove_suffix)
    if spec.title_case:
        text = text.str.to_titlecase()
    if spec.bands:
        return _banded(text, spec)
    if spec.values:
        text = text.replace(dict(spec.values))
    return text


def _banded(text: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """Numbers as the label of their band, an Enum in rising order."""
    names = [f"{bound:,}" for bound in spec.bands]
    labels = [f"Under {names[0]}"]
    labels += [f"{low} to under {high}" for low, high in pairwise(names)]
    labels.append(f"{names[-1]} and over")
    number = text.cast(pl.Decimal(38, 4), strict=False)
    band: Any = pl.when(number.is_null()).then(None)
    for bound, label in zip(spec.bands, labels, strict=False):
        band = band.when(number < pl.lit(bound).cast(pl.Decimal(38, 4))).then(pl.lit(label))
    banded: pl.Expr = band.otherwise(pl.lit(labels[-1])).cast(pl.Enum(labels))
    return banded


def _expected(name: str, dates: str, numbers: str = PLAIN_NUMBERS) -> str:
    if name in _DATES:
        first = dates.split(OR)[0]
        return f"a date like {date(2022, 12, 31).strftime(first)} ({dates}, from 1900 to 2199)"
    if name == "quantity":
        return "a whole number such as 12"
    return f"a number such as {numbers}"


def _need_columns(
    table: TableSpec, file: SourceFile, dtypes: Mapping[str, Any], specs: Mapping[str, ColumnSpec]
) -> None:
    """Every source column that the recipe names must be there."""
    for name, spec in specs.items():
        for column in spec.columns:
            if column not in dtypes:
                raise _no_column(file, column, f" ({table.role}: {name})", dtypes)
    if table.key and table.key not in dtypes:
        raise _no_column(file, table.key, f" (key of {table.role})", dtypes)


def _no_column(file: SourceFile, column: str, purpose: str, dtypes: Mapping[str, Any]) -> DataError:
    found = ", ".join(name for name in dtypes if name != ROW)
    return problem(
        file.name,
        row=None if file.is_parquet else 1,
        column=column,
        expected=f"a column of this name{purpose}",
        found=f"the columns {found}",
        advice="Correct the column's name in the recipe.",
    )


# --- Tables -----------------------------------------------------------------------------------------------------------


def _typed(
    table: TableSpec, opened_files: Sequence[tuple[SourceFile, FileSpec]], specs: Mapping[str, ColumnSpec]
) -> tuple[pl.LazyFrame, list[Rule]]:
    """All files of a table as one frame of typed columns and original text, and the rules that it could be read."""
    read = [name for name in specs if name in _DATES or name in _NUMBERS]
    kinds = {name: own_categories() for name in specs}
    frames = []
    for number, (file, spec) in enumerate(opened_files):
        frame = file.scan()
        dtypes = frame.collect_schema()
        _need_columns(table, file, dtypes, specs)
        sources = dict.fromkeys(column for column_spec in specs.values() for column in column_spec.columns)
        frames.append(
            frame.select(
                pl.lit(number, pl.UInt16).alias(SOURCE),
                pl.col(ROW),
                *(_typed_column(name, column, dtypes, table, spec, kinds[name]) for name, column in specs.items()),
                *(pl.col(column).cast(pl.String).alias(RAW + column) for column in sources),
            )
        )
    rules = [
        Rule(
            UNREADABLE + name,
            "",
            pl.col(name).is_not_null() | _blank(pl.col(RAW + specs[name].columns[0]), table.missing),
        )
        for name in read
    ]
    return pl.concat(frames, how="vertical_relaxed"), rules


def _blank(text: pl.Expr, missing: Sequence[str]) -> pl.Expr:
    """Whether a source text is empty or says that it is missing."""
    return text.is_null() | text.str.strip_chars().is_in(["", *missing])


def _typed_column(
    name: str, spec: ColumnSpec, dtypes: Mapping[str, Any], table: TableSpec, file: FileSpec, kind: pl.Categorical
) -> pl.Expr:
    """A canonical column; text as `kind`, so that a distinct text is stored once and joins compare numbers."""
    if name in _DATES or name in _NUMBERS:
        return _value(name, spec, dtypes, table, file)
    if _labelled_later(name, spec):
        return pl.col(spec.columns[0]).cast(pl.String).cast(kind).alias(name)
    return _value(name, spec, dtypes, table, file).cast(pl.String).cast(kind).alias(name)


def _labelled_later(name: str, spec: ColumnSpec) -> bool:
    """Whether a text column is cleaned and relabelled once for each distinct text, after the rows are read.

    Ids cannot wait: rules and joins need them.
    """
    return len(spec.columns) == 1 and not name.endswith("_id") and name not in _DATES and name not in _NUMBERS


def _relabelled(good: pl.DataFrame, table: TableSpec, specs: Mapping[str, ColumnSpec]) -> pl.DataFrame:
    """Text columns with the recipe's changes, made once for each distinct text."""
    columns = []
    for name, spec in specs.items():
        if name in good.columns and _labelled_later(name, spec):
            known = texts(good[name])
            labels = known.to_frame(spec.columns[0]).select(
                _label(spec, {spec.columns[0]: pl.String()}, table.missing).alias(name)
            )[name]
            if labels.dtype != pl.String or not labels.equals(known.alias(name), null_equal=True):
                values = labels if isinstance(labels.dtype, pl.Enum) else as_categorical(labels)
                columns.append(relabelled(good[name], values))
    return good.with_columns(columns)


def _checked(
    table: TableSpec,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    frame: pl.LazyFrame,
    rules: Sequence[Rule],
    files: Files,
    specs: Mapping[str, ColumnSpec],
    wanted: Sequence[str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Good rows and rows set aside; the first value that cannot be read, or the first broken row, is an error."""
    try:
        good, bad = checks.check(frame, rules, wanted=[SOURCE, *wanted])
    except pl.exceptions.PolarsError as error:
        for file, _ in opened_files:
            if not file.is_parquet and (found := file.first_bad_row()) is not None:
                raise found from None
        raise opened_files[0][0].explain(error) from None
    unreadable = bad.filter(pl.col("rule").str.starts_with(UNREADABLE)).sort(SOURCE, ROW)
    if unreadable.height:
        first = unreadable.row(0, named=True)
        file, spec = opened_files[first[SOURCE]]
        name = first["rule"].removeprefix(UNREADABLE)
        column = table.columns[name].columns[0]
        more = unreadable.filter(pl.col("rule") == first["rule"]).height - 1
        raise problem(
            file.name,
            row=first[ROW],
            column=column,
            expected=_expected(name, spec.dates, spec.numbers),
            found=quoted(first[RAW + column]) + (f" (and {more:,} more rows like it)" if more else ""),
            advice="Correct the rows, or the date format in the recipe." if name in _DATES else "Correct the rows.",
        )
    rows = pl.concat([good.select(SOURCE), bad.select(SOURCE)]).group_by(SOURCE).len()
    counts = dict(rows.iter_rows())
    for number, (file, _) in enumerate(opened_files):
        files.record(table, file, counts.get(number, 0))
    money = [column for column in ("revenue", "amount") if column in bad.columns]
    # Where the money does not fit, what was computed is not it.
    bad = bad.with_columns(
        pl.when(pl.col("rule") != "too_large").then(pl.col(column)).alias(column) for column in money
    )
    names = pl.Series([file.name for file, _ in opened_files])
    bad = bad.with_columns(
        pl.lit(table.role).alias("role"), names.gather(bad[SOURCE]).alias("file"), _reasons(rules).alias("reason")
    )
    return _relabelled(good.drop(SOURCE), table, specs), bad


def _reasons(rules: Sequence[Rule]) -> pl.Expr:
    return pl.col("rule").replace({rule.name: rule.reason for rule in rules})


def _lines(
    recipe: Recipe,
    files: Files,
    products: pl.DataFrame | None,
    customers: pl.DataFrame | None,
    today: date | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Canonical lines that meet the rules, and the rows that do not."""
    table, policies = recipe.lines, recipe.policies
    specs = dict(table.columns)
    own_customers = recipe.lookups.get("customers")
    attributes: list[str] = []
    if own_customers is not None and not own_customers.files:
        attributes = [name for name in own_customers.columns if name not in GEOGRAPHY]
        specs |= {_CUSTOMER + name: own_customers.columns[name] for name in attributes}
    opened_files = files.open(table)
    frame, computed, readable = line_frame(recipe, opened_files, specs, products, customers)
    if context := flags_needed(policies):
        found = flags.flags(
            frame, opened_files, context, today=today, products=products, numbered_orders="order_id" in specs
        )
        frame = flags.joined(frame, found)
        if policies.swapped_date == "swap_back":
            frame = flags.swapped_back(frame)
    wanted = [
        column
        for column in computed
        if column not in ("unit_price", "unit_cost", "profit", "currency", GROSS, RATE) and column != "__size"
    ]
    if policies.negative_quantity == "net":
        wanted.append(ON_ORDER)
    reading = checks.unreadable_rules(readable) if policies.unreadable == "set_aside" else readable
    rules = [*reading, *checks.line_rules(policies, computed, currency=recipe.currency)]
    return _checked(table, opened_files, frame, rules, files, specs, wanted)


def flags_needed(policies: Policies) -> list[str]:
    """Flags that the policies act upon."""
    needed = [name for name in checks.CONTEXT if getattr(policies, name) != "keep"]
    return [*needed, "credit_on_order"] if policies.negative_quantity == "net" else needed


def line_frame(
    recipe: Recipe,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    specs: dict[str, ColumnSpec],
    products: pl.DataFrame | None,
    customers: pl.DataFrame | None,
) -> tuple[pl.LazyFrame, list[str], list[Rule]]:
    """Order lines before any rule: typed columns with money, the names of those columns, and the rules of reading.

    What the source does not say is filled in: a quantity of 1, an order for each customer and day, one product.
    """
    if "product_id" not in specs and "product" in specs:
        specs["product_id"] = specs["product"]
    frame, readable = _typed(recipe.lines, opened_files, specs)
    columns = list(specs)
    missing: dict[str, pl.Expr] = {}
    if "quantity" not in specs:
        missing["quantity"] = pl.lit(1, pl.Int64)
    if "product_id" not in specs:
        missing["product_id"] = pl.lit(NOT_RECORDED).cast(own_categories())
        missing["product"] = missing["product_id"]
    if "order_id" not in specs:
        missing["order_id"] = (pl.col("customer_id").cast(pl.String) + " " + pl.col("ordered_on").cast(pl.String)).cast(
            own_categories()
        )
    frame = frame.with_columns(**missing)
    columns += missing
    frame, priced = _with_lookups(frame, columns, products, customers)
    frame, computed = _with_money(frame, priced, recipe.policies.discount)
    return frame, computed, readable


def notes_on_missing(columns: Collection[str]) -> list[str]:
    """What the import filled in because the lines do not say it."""
    notes = []
    if "order_id" not in columns:
        notes.append("The lines have no order number: what a customer bought on one day is one order.")
    if "quantity" not in columns:
        notes.append("The lines have no quantity: each counts as one unit.")
    if not {"product_id", "product"} & set(columns):
        notes.append(f"The lines name no product: all are shown as '{NOT_RECORDED}'.")
    return notes


def _with_lookups(
    frame: pl.LazyFrame, columns: list[str], products: pl.DataFrame | None, customers: pl.DataFrame | None
) -> tuple[pl.LazyFrame, list[str]]:
    """Lines with the price and cost of their product and the place of their customer, where the lines have none."""
    if products is not None:
        taken = {"unit_price": {"revenue", "unit_price"}, "unit_cost": {"cost", "unit_cost"}}
        prices = [name for name, own in taken.items() if name in products.columns and not own & set(columns)]
        if prices:
            frame = _with_columns_of(frame, products, "product_id", prices)
            columns = [*columns, *prices]
    if customers is not None:
        places = [name for name in ("territory_id", *GEOGRAPHY) if name in customers.columns and name not in columns]
        if places:
            frame = _with_columns_of(frame, customers, "customer_id", places)
            columns = [*columns, *places]
    return frame, columns


def _with_columns_of(frame: pl.LazyFrame, lookup: pl.DataFrame, key: str, columns: Sequence[str]) -> pl.LazyFrame:
    """Rows with columns of the lookup that their key leads to, null where it leads nowhere."""
    kind = frame.collect_schema()[key]
    other = lookup.lazy().select(pl.col(key).cast(kind), *columns)
    return frame.join(other, on=key, how="left", maintain_order="left")


def _with_money(frame: pl.LazyFrame, columns: list[str], discount: str) -> tuple[pl.LazyFrame, list[str]]:
    """Lines with revenue after discount, and cost and discount of the whole line; whole numbers throughout."""
    quantity = pl.col("quantity")
    if "revenue" in columns:
        gross = pl.col("revenue")
        size = gross.cast(pl.Float64)
    else:
        gross = pl.col("unit_price") * quantity
        size = pl.col("unit_price").cast(pl.Float64) * quantity.cast(pl.Float64)
    added = {GROSS: gross, "__size": size, "revenue": gross}
    if "unit_cost" in columns:
        added["cost"] = pl.col("unit_cost") * quantity
    if "discount" in columns:
        amount = pl.col("discount").fill_null(0)
        if discount in ("rate", "netted_rate"):
            added[RATE] = rate = amount
            # Of the money before the discount, or of what the discount left; a gift has nothing left to tell by.
            of, left = gross.abs(), pl.lit(MONEY_SCALE)
            if discount == "netted_rate":
                left = pl.when(rate < MONEY_SCALE).then(MONEY_SCALE - rate)
            # Half away from zero, in whole numbers.
            amount = ((of * rate + left // 2) // left * gross.sign()).fill_null(0)
        added["discount"] = amount
        if not discount.startswith("netted"):
            added["revenue"] = gross - amount
    if "profit" in columns:
        added["cost"] = added["revenue"] - pl.col("profit")
    frame = frame.with_columns(**added)
    return frame, list(dict.fromkeys([*columns, *added]))


def _customers_of_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per customer of flat lines: each attribute's most frequent value."""
    table = lines.select(pl.col("customer_id").unique().drop_nulls().cast(pl.String))
    for column in lines.columns:
        if column.startswith(_CUSTOMER):
            values = most_frequent(lines.lazy(), "customer_id", column)
            table = table.join(values, on="customer_id", how="left")
    return table.rename(lambda name: name.removeprefix(_CUSTOMER)).sort("customer_id")


def _returns(
    recipe: Recipe, files: Files, products: pl.DataFrame | None, places: pl.DataFrame | None, notes: list[str]
) -> tuple[pl.DataFrame | None, pl.DataFrame | None, str]:
    """Canonical returns, the rows set aside, and how they are valued."""
    table = recipe.returns
    if table is None:
        return None, None, "amount"
    opened_files = files.open(table)
    frame, readable = _typed(table, opened_files, table.columns)
    columns = list(table.columns)
    valued = "amount"
    if "amount" not in columns:
        if products is None or "unit_price" not in products.columns:
            raise DataError(
                "The returns have no amount: map returns.columns.amount, or products.columns.unit_price to value "
                "them at list price."
            )
        frame = _with_columns_of(frame, products, "product_id", ["unit_price"])
        frame = frame.with_columns((pl.col("unit_price") * pl.col("quantity")).alias("amount"))
        columns.append("amount")
        valued = "list price"
    good, bad = _checked(table, opened_files, frame, [*readable, *checks.return_rules()], files, table.columns, columns)
    _note_set_aside(notes, "returns", bad)
    return good, bad, valued


def _targets(recipe: Recipe, files: Files, notes: list[str]) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """Canonical targets and the rows set aside."""
    table = recipe.targets
    if table is None:
        return None, None
    opened_files = files.open(table)
    frame, readable = _typed(table, opened_files, table.columns)
    rules = [*readable, *checks.target_rules()]
    good, bad = _checked(table, opened_files, frame, rules, files, table.columns, list(table.columns))
    _note_set_aside(notes, "targets", bad)
    texts = [column for column in good.columns if column not in ("month", "revenue")]
    return good.with_columns(pl.col(texts).cast(pl.String)) if texts else good, bad


def _note_set_aside(notes: list[str], role: str, bad: pl.DataFrame) -> None:
    if bad.height:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in bad.group_by("rule").len().sort("rule").iter_rows())
        notes.append(f"{bad.height:,} rows of the {role} were set aside ({rules}).")


def _set_aside(bad: pl.DataFrame, rules: Sequence[Rule]) -> tuple[SetAside, ...]:
    """The rows set aside by rule, in the order of the rules."""
    money = bad.group_by("rule").agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("revenue").sum().alias("money"))
    found = {row["rule"]: row for row in money.iter_rows(named=True)}
    return tuple(
        SetAside(rule.name, rule.reason, found[rule.name]["rows"], found[rule.name]["money"])
        for rule in rules
        if rule.name in found
    )


def _original(bad: pl.DataFrame) -> pl.DataFrame:
    """Rows set aside as they are kept: role, rule, reason, file, row, money, and the original text."""
    money = "amount" if "amount" in bad.columns else "revenue"
    raw = [column for column in bad.columns if column.startswith(RAW)]
    frame = bad.select(
        "role",
        "rule",
        "reason",
        "file",
        ROW,
        pl.col(money).fill_null(0).alias("money"),
        *(pl.col(column) for column in raw),
    )
    return frame.sort("role", "file", ROW)


# --- Lookups ----------------------------------------------------------------------------------------------------------


def _lookup(table: TableSpec, files: Files) -> pl.DataFrame:
    """A lookup as canonical columns under its join column; each key occurs once."""
    frames, keys = [], []
    for file, spec in files.open(table):
        frame = file.scan()
        dtypes = frame.collect_schema()
        _need_columns(table, file, dtypes, table.columns)
        key = ColumnSpec(columns=(table.key,))
        exprs = [_value(name, column, dtypes, table, spec).alias(name) for name, column in table.columns.items()]
        raw = [
            _clean(pl.col(column.columns[0]), dtypes[column.columns[0]], table.missing).alias(RAW + name)
            for name, column in table.columns.items()
            if name in _NUMBERS
        ]
        try:
            read = frame.select(_label(key, dtypes, ()).alias("key"), pl.col(ROW), *exprs, *raw).collect()
        except pl.exceptions.PolarsError as error:
            raise file.explain(error) from None
        for name in table.columns:
            if name in _NUMBERS:
                _need_readable(read, name, table, file)
        frames.append(read.drop([column for column in read.columns if column.startswith(RAW)]))
        keys.append(read.select("key", ROW, pl.lit(file.name).alias("file")))
        files.record(table, file, read.height)
    _need_unique(table, pl.concat(keys))
    return pl.concat(frames).drop(ROW).rename({"key": LOOKUPS[table.role]})


def _need_readable(read: pl.DataFrame, name: str, table: TableSpec, file: SourceFile) -> None:
    wrong = read.filter(pl.col(name).is_null() & pl.col(RAW + name).is_not_null())
    if wrong.height:
        first = wrong.row(0, named=True)
        raise problem(
            file.name,
            row=first[ROW],
            column=table.columns[name].columns[0],
            expected=_expected(name, ""),
            found=quoted(first[RAW + name]),
            advice="Correct the rows.",
        )


def _need_unique(table: TableSpec, keys: pl.DataFrame) -> None:
    bad = checks.bad_keys(keys.select("key", ROW)) if keys["file"].n_unique() == 1 else _bad_over_files(keys)
    if not bad.height:
        return
    first = bad.row(0, named=True)
    if first["key"] is None:
        file = keys.filter(pl.col("key").is_null())["file"][0]
        raise problem(file, row=first[ROW], column=table.key, expected="a key", found="nothing", advice="Fill it in.")
    same = keys.filter(pl.col("key") == first["key"])
    rows = " and ".join(str(row) for row in same[ROW].to_list()[:5])
    raise problem(
        ", ".join(same["file"].unique(maintain_order=True)),
        row=None,
        column=table.key,
        expected="each key once",
        found=f"{quoted(first['key'])} in rows {rows}",
        advice=f"Keep one row per key of {table.role}.",
    )


def _bad_over_files(keys: pl.DataFrame) -> pl.DataFrame:
    """As `checks.bad_keys`, where a lookup has several files and row numbers repeat."""
    return keys.filter(pl.col("key").is_null() | pl.col("key").is_duplicated()).select("key", ROW)


def _joined(
    table: pl.DataFrame | None, lookups: Mapping[str, pl.DataFrame], roles: Sequence[str]
) -> pl.DataFrame | None:
    """Products with the columns of their subcategory and category."""
    if table is None:
        return None
    for role in roles:
        key = LOOKUPS[role]
        if role in lookups and key in table.columns:
            table = table.join(lookups[role], on=key, how="left", maintain_order="left").drop(key)
    return table
