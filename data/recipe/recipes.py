"""Recipes: a TOML file that says how a company's files become the canonical tables.

Reading is strict. An unknown key, a missing one or a value of the wrong kind is one sentence that names the file, the
key, what was expected and what was found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS, PRODUCT_LEVELS, Calendar
from analytics.dimensions import RESERVED
from data.building.shaping import AS_IT_STANDS, Shape, shape_of
from data.errors import DataError, quoted
from data.reading import codec
from data.recipe.policies import POLICIES, Policies
from data.recipe.sections import LONGEST, MISSING, Section
from data.recipe.toml import MOST, recipe_tree, toml_text, too_large

SHIPPED: Final = Path(__file__).parents[1] / "recipes"
"""Folder of the recipes that come with the app."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

LOOKUPS: Final = {
    "products": "product_id",
    "subcategories": "subcategory_id",
    "categories": "category_id",
    "territories": "territory_id",
    "customers": "customer_id",
    "orders": "order_id",
}
"""Lookup role -> the column by which other tables join it."""

_COLUMNS: Final = {
    "lines": (
        *("order_id", "ordered_on", "customer_id", "product_id", "territory_id", "unit_price", "unit_cost"),
        *("profit", "currency", "status", "refunded", "included_tax"),
        *MEASURE_COLUMNS,
        *PRODUCT_LEVELS,
        *GEOGRAPHY,
    ),
    "customers": ("name", "territory_id", *GEOGRAPHY),
    "products": (*PRODUCT_LEVELS, "subcategory_id", "category_id", "unit_price", "unit_cost"),
    "subcategories": ("subcategory", "category", "category_id"),
    "categories": ("category",),
    "territories": GEOGRAPHY,
    "orders": ("ordered_on", "customer_id", "territory_id", "currency", "status", *GEOGRAPHY),
    "returns": (
        *(
            "returned_on",
            "product_id",
            "product",
            "quantity",
            "amount",
            "order_id",
            "customer_id",
            "territory_id",
            "reason",
        ),
        *GEOGRAPHY,
    ),
    "targets": ("month", "revenue", *GEOGRAPHY, *PRODUCT_LEVELS),
}
"""Canonical columns of each role. Lines may have further ones (dimensions), customers too (segments)."""

_REQUIRED: Final = {
    "lines": (),
    "customers": (),
    "products": (),
    "subcategories": (),
    "categories": ("category",),
    "territories": (),
    "orders": (),
    "returns": ("returned_on", "quantity"),
    "targets": ("month", "revenue"),
}

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")

CURRENCY: Final = r"[A-Z]{3}"

_DIRECTIVE: Final = re.compile(r"%(?:[-_0]?[aAbBdDeFhHIjklmMpPRsSTyYzZ]|\.f|\.?[369]f|%)")
"""What may stand in a date format."""

_IN_WORDS: Final = re.compile(r"(?:day|month) first.{0,8}")
"""What may stand there instead, with the sign that stands between the numbers."""

_YEAR: Final = re.compile(r"%[-_0]?[yYDFs]")

_SEPARATOR: Final = r"[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x2f:-@\[-`{-\x7e]"
"""A sign of ASCII that is no line end, double quote, letter or digit."""

_LAST_ROW: Final = 2**31
_LONGEST_FILE: Final = 300
_MOST_FILES: Final = 1_000
_MOST_COLUMNS: Final = 500
_MOST_BANDS: Final = 100
_LARGEST_BAND: Final = 10**12

PLAIN_NUMBERS: Final = "1234.56"

NUMBERS: Final = (PLAIN_NUMBERS, "1,234.56", "1.234,56", "1 234,56", "1'234.56", "1 234.56")
"""Ways to write a number. All but the first may also carry a currency sign, a percent sign, a unit such as kg,
parentheses or a minus behind for negative numbers, Dr or Cr."""

OR: Final = " | "
"""Stands between the ways to write a date or a number of a file that has several."""


_A_DATE: Final = "a date format such as %d-%m-%Y, 'day first' or 'month first'"


@dataclass(frozen=True)
class FileSpec:
    """Which files to read and how."""

    file: str
    """File name or pattern with * and ?, found anywhere inside the folder or zip."""
    dates: str = "%Y-%m-%d"
    """Date format of the file, in the signs of strftime."""
    encoding: str = "utf-8"
    separator: str = ","
    numbers: str = PLAIN_NUMBERS
    """How the file writes numbers: one of NUMBERS, or two of them with OR between."""
    shape: Shape = AS_IT_STANDS
    """What happens to the table before its rows are lines."""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """Options of `data.reading` that were chosen by hand, e.g. a sheet; only where the recipe says `detect`."""


@dataclass(frozen=True)
class ColumnSpec:
    """Where a canonical column comes from, and what is done to its text."""

    columns: tuple[str, ...]
    """Source columns; several are joined by a space, numbers are added up."""
    first: bool = False
    """Whether of several columns the first that is filled counts."""
    values: tuple[tuple[str, str], ...] = ()
    """Source value -> label; a value that is not listed stays as it is."""
    bands: tuple[Decimal, ...] = ()
    """Lower bounds that sort numbers into bands."""
    title_case: bool = False
    remove_suffix: str = ""
    missing: tuple[str, ...] | None = None
    """Texts that mean a missing value in this column; None where they are the table's."""
    numbers: str = ""
    """How this column writes numbers; empty where it is as the file does."""
    negated: bool = False
    """Whether its numbers are written with the opposite sign, as a discount of -5.00."""
    decimals: bool = False
    """Whether a quantity may be no whole number, such as 0.45 kg: its money is exact, its units are rounded."""
    once: bool = False
    """Whether money stands once for an order, on each of its lines: only the first of them counts."""
    returns: tuple[str, ...] = ()
    """Values of a status that make a row a return."""
    no_sale: tuple[str, ...] = ()
    """Values of a status that say that a row is no sale, such as Cancelled."""


@dataclass(frozen=True)
class TableSpec:
    """One role: its files and the mapping of its columns."""

    role: str
    files: tuple[FileSpec, ...]
    """Empty for customers whose columns stand in the lines' own files."""
    key: str
    """Source column by which other tables join a lookup; empty for lines, returns and targets."""
    columns: Mapping[str, ColumnSpec]
    missing: tuple[str, ...] = ()
    """Texts that mean a missing value, beside an empty cell."""


@dataclass(frozen=True)
class Recipe:
    """A whole recipe."""

    name: str
    text: str
    title: str
    currency: str
    lines: TableSpec
    lookups: Mapping[str, TableSpec] = field(default_factory=dict)
    """Role -> lookup table, for the roles in LOOKUPS."""
    returns: TableSpec | None = None
    targets: TableSpec | None = None
    calendar: Calendar = field(default_factory=Calendar)
    policies: Policies = field(default_factory=Policies)
    detect: bool = False
    """Whether how a file is written is found out from the file; otherwise it is CSV as the recipe says, or Parquet."""

    @property
    def tables(self) -> tuple[TableSpec, ...]:
        """Every table of the recipe."""
        optional = (self.returns, self.targets)
        return (self.lines, *self.lookups.values(), *(table for table in optional if table is not None))


def shipped() -> list[str]:
    """Names of the recipes that come with the app."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read(recipe: str | Path) -> Recipe:
    """A recipe by path, or by name where it is a shipped one."""
    path = Path(recipe)
    if str(recipe) in shipped():
        path = SHIPPED / f"{recipe}.toml"
    if not path.is_file():
        names = ", ".join(shipped())
        raise DataError(f"{recipe}: expected a recipe file or the name of a shipped recipe ({names}), found neither.")
    return parse(text_of(path, file=path.name), file=path.name, name=path.stem)


def text_of(path: Path, *, file: str) -> str:
    """The text of a recipe's file. `file` is named in errors."""
    try:
        with path.open("rb") as content:
            # One byte more than a recipe may have tells that it is too large, however large it is.
            read = content.read(MOST + 1)
            if len(read) > MOST:
                raise too_large(file, path.stat().st_size)
            return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"a byte that is none after {error.start:,} bytes"
    except OSError as error:
        why = error.strerror or str(error)
    raise DataError(f"{file}: expected a recipe as UTF-8 text, found a file that cannot be read ({why}).")


def parse(text: str, *, file: str, name: str) -> Recipe:
    """A recipe from its text, whatever that is. `file` is named in errors."""
    top = Section(file, "", recipe_tree(text, file=file))
    title = top.text("title", most=200)
    if not title.isprintable() or not title.strip():
        raise top.wrong("title", "a text on one line", title)
    currency = top.text("currency", pattern=CURRENCY, expected="a currency code such as USD")
    detect = top.choice("reading", ("as_written_here", "detect"), "as_written_here") == "detect"
    calendar = _calendar(top.section("calendar"))
    policies = _policies(top.section("policies"))
    tables = {role: _table(role, top.section(role)) for role in _COLUMNS if top.has(role) or role == "lines"}
    top.finish()
    recipe = Recipe(
        name=name,
        text=text,
        title=title,
        currency=currency,
        lines=tables["lines"],
        lookups={role: tables[role] for role in LOOKUPS if role in tables},
        returns=tables.get("returns"),
        targets=tables.get("targets"),
        calendar=calendar,
        policies=policies,
        detect=detect,
    )
    _check_joins(recipe, file)
    return recipe


def _calendar(section: Section) -> Calendar:
    calendar = Calendar(
        week_start=WEEKDAYS.index(section.choice("week_start", WEEKDAYS, "monday")),
        fiscal_start_month=section.whole("fiscal_start_month", 1, 12, 1),
        retail=section.flag("retail_4_5_4"),
    )
    section.finish()
    return calendar


def _policies(section: Section) -> Policies:
    defaults = Policies()
    chosen = {key: section.choice(key, options, getattr(defaults, key)) for key, options in POLICIES.items()}
    section.finish()
    return Policies(**chosen)


def _table(role: str, section: Section) -> TableSpec:
    shared = _reading(section, FileSpec(file=""))
    from_lines = role == "customers" and not section.has("files")
    files = () if from_lines else _files(section, shared)
    key = "" if role not in LOOKUPS or from_lines else section.text("key", expected="the name of the key column")
    missing = section.texts("missing")
    columns = _columns(role, section.section("columns"))
    section.finish()
    return TableSpec(role=role, files=files, key=key, columns=columns, missing=missing)


def _reading(section: Section, default: FileSpec) -> FileSpec:
    """How to read files: the keys dates, encoding, separator, numbers and options."""
    dates = section.text("dates", default.dates, expected=_A_DATE, most=200)
    if not _reads_dates(dates):
        raise section.wrong("dates", _A_DATE, dates)
    named = section.text("encoding", default.encoding)
    encoding = codec.known(named)
    if encoding is None:
        raise DataError(
            f"{section.wrong('encoding', 'an encoding such as utf-8 or windows-1252', named)} Known: {codec.KNOWN}."
        )
    separator = section.text("separator", default.separator, pattern=_SEPARATOR, expected="one character")
    numbers = _numbers(section, default.numbers)
    options = _options(section.section("options")) if section.has("options") else default.reading
    return FileSpec(default.file, dates, encoding, separator, numbers, shape_of(section, default.shape), options)


def _numbers(section: Section, default: str) -> str:
    """One way to write numbers, or two."""
    style = section.text("numbers", default)
    if style and not set(style.split(OR)) <= set(NUMBERS):
        raise section.wrong("numbers", " or ".join(quoted(option) for option in NUMBERS), style)
    return style


def _reads_dates(dates: str) -> bool:
    """Whether every way to write a date is one that can be read: all in words, or all in the signs of strftime."""
    ways = dates.split(OR)
    return all(_IN_WORDS.fullmatch(one) for one in ways) or all(_is_format(one) for one in ways)


def _is_format(form: str) -> bool:
    """Whether a date format has a year, and no sign that means nothing."""
    if "%" in _DIRECTIVE.sub("", form) or not _YEAR.search(form):
        return False
    try:
        pl.Series(["2024-12-31"]).str.to_date(form, strict=False)
    except pl.exceptions.PolarsError:  # Hours without minutes, or without a.m. and p.m.
        return False
    return True


def _options(section: Section) -> dict[str, Any]:
    """Options of `data.reading` that were chosen by hand."""
    found: dict[str, Any] = {}
    for name, pattern in (("delimiter", r"(?s).{1,10}"), ("quote", r"(?s).?"), ("escape", r"(?s).?")):
        if section.has(name):
            found[name] = section.text(name, pattern=pattern, expected="a sign")
    for name in ("encoding", "sheet", "member"):
        if section.has(name):
            found[name] = section.text(name)
    for name, least in (("header_rows", 0), ("first_row", 1), ("last_row", 1)):
        if section.has(name):
            found[name] = section.whole(name, least, _LAST_ROW, least)
    if section.has("keep_total_rows"):
        found["keep_total_rows"] = section.flag("keep_total_rows")
    section.finish()
    return found


def _files(section: Section, shared: FileSpec) -> tuple[FileSpec, ...]:
    value = section.take("files")
    entries = value if isinstance(value, list) else [value]
    if value is MISSING or not entries:
        raise section.wrong("files", "a file name or a list of files", MISSING)
    if len(entries) > _MOST_FILES:
        raise section.wrong(
            "files", f"up to {_MOST_FILES:,} files; a name may be a pattern with *", f"{len(entries):,}", counted=True
        )
    files = []
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, str) and 0 < len(entry) <= _LONGEST_FILE:
            files.append(replace(shared, file=entry))
        elif isinstance(entry, dict):
            inner = Section(section.file, f"{section.path}.files {number}", entry)
            file = inner.text("file", expected="a file name", most=_LONGEST_FILE)
            files.append(_reading(inner, replace(shared, file=file)))
            inner.finish()
        else:
            raise section.wrong("files", 'a file name or { file = "...", dates = "..." }', entry)
    return tuple(files)


def _columns(role: str, section: Section) -> dict[str, ColumnSpec]:
    free = role in ("lines", "customers", "orders")
    columns: dict[str, ColumnSpec] = {}
    if len(section.left()) > _MOST_COLUMNS:
        raise section.wrong("", f"up to {_MOST_COLUMNS:,} columns", f"{len(section.left()):,}", counted=True)
    for name in section.left():
        if name not in _COLUMNS[role]:
            if not free:
                known = ", ".join(_COLUMNS[role])
                raise section.wrong(name, f"one of the columns of {role} ({known})", name)
            if not _NAME.fullmatch(name) or name.endswith("_id"):
                raise section.wrong(name, "a name of small letters, digits and _ (not ending in _id)", name)
            if role != "customers" and name in RESERVED:
                raise section.wrong(name, "another name, as this one has a meaning of its own", name)
        columns[name] = _column(name, section)
    for name in _REQUIRED[role]:
        if name not in columns:
            raise section.wrong(name, f"the source column that holds {name}", MISSING)
    return columns


def _column(name: str, section: Section) -> ColumnSpec:
    value = section.take(name)
    if isinstance(value, str) and 0 < len(value) <= LONGEST:
        return ColumnSpec(columns=(value,))
    if not isinstance(value, dict):
        raise section.wrong(name, 'a source column or { column = "...", values = {...} }', value)
    inner = Section(section.file, f"{section.path}.{name}", value)
    columns = inner.texts("column", most=20)
    if not columns or not all(columns):
        raise inner.wrong("column", "a source column or a list of them", MISSING)
    values = inner.section("values")
    labels = tuple((key, values.text(key)) for key in values.left())
    bands = inner.take("bands")
    if bands is MISSING:
        bands = []
    numbers = isinstance(bands, list) and all(isinstance(b, int | float) and not isinstance(b, bool) for b in bands)
    if not numbers or any(low >= high for low, high in pairwise(bands)):
        raise inner.wrong("bands", "a list of rising numbers", bands)
    if any(abs(bound) > _LARGEST_BAND for bound in bands):
        raise inner.wrong("bands", f"numbers of up to {_LARGEST_BAND:,}", bands)
    if len(bands) > _MOST_BANDS:
        raise inner.wrong("bands", f"up to {_MOST_BANDS:,} numbers", f"{len(bands):,}", counted=True)
    spec = ColumnSpec(
        columns=columns,
        values=labels,
        bands=tuple(Decimal(str(bound)) for bound in bands),
        title_case=inner.flag("title_case"),
        remove_suffix=inner.text("remove_suffix", ""),
        first=inner.flag("first"),
        missing=inner.texts("missing") if inner.has("missing") else None,
        numbers=_numbers(inner, ""),
        negated=inner.flag("negated"),
        decimals=inner.flag("decimals"),
        once=inner.flag("once"),
        returns=inner.texts("returns"),
        no_sale=inner.texts("no_sale"),
    )
    inner.finish()
    return spec


def _check_joins(recipe: Recipe, file: str) -> None:
    """Tables must fit together: something names the product, the money and each lookup, and nothing is named twice."""
    mapped = {table.role: set(table.columns) for table in recipe.tables}
    lines, products = mapped["lines"] | mapped.get("orders", set()), mapped.get("products", set())
    if "ordered_on" not in lines:
        raise DataError(f"{file}, key lines.columns.ordered_on: expected the column with the date, found nothing.")
    if not lines & {"product_id", "product"} and "products" in mapped:
        raise DataError(f"{file}, key lines.columns.product_id: expected the product's column, found nothing.")
    if not lines & {"order_id", "customer_id"} and recipe.policies.no_order == "customer_day":
        raise DataError(
            f"{file}, key lines.columns.order_id: expected the order's column, or customer_id to make an order of a "
            "customer's day, found neither. Say policies.no_order where each row or day is an order."
        )
    if "revenue" not in lines and "unit_price" not in lines | products:
        raise DataError(
            f"{file}, key lines.columns.revenue: expected revenue, or unit_price in lines or products, found nothing."
        )
    if {"revenue", "unit_price"} <= lines:
        raise DataError(f"{file}, key lines.columns: expected revenue or unit_price, found both. Keep one.")
    if len(costs := sorted(lines & {"cost", "unit_cost", "profit"})) > 1:
        raise DataError(f"{file}, key lines.columns: expected cost, unit_cost or profit, found {' and '.join(costs)}.")
    for role, column in LOOKUPS.items():
        users = [name for name, columns in mapped.items() if column in columns]
        if role in recipe.lookups and recipe.lookups[role].files and not users:
            raise DataError(f"{file}, key {role}: expected a table that joins it by {column}, found none.")
        if role not in recipe.lookups and users and column in ("territory_id", "category_id", "subcategory_id"):
            raise DataError(f"{file}, key {users[0]}.columns.{column}: expected a table [{role}] to join, found none.")
    if "quantity" not in lines and recipe.policies.no_quantity == "error":
        raise DataError(
            f"{file}, key lines.columns.quantity: expected the source column that holds quantity, found nothing."
        )
    if "customers" in mapped and "customer_id" not in lines:
        raise DataError(f"{file}, key lines.columns.customer_id: expected the customer's column, found nothing.")
    if "territory_id" in lines & mapped.get("customers", set()):
        raise DataError(
            f"{file}, key customers.columns.territory_id: expected one place an order, found it in lines too."
        )
    _check_once(file, mapped, ("lines", "products", "subcategories", "categories"), PRODUCT_LEVELS)
    _check_once(file, mapped, ("lines", "orders", "customers", "territories"), GEOGRAPHY)


def _check_once(file: str, mapped: Mapping[str, set[str]], roles: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        users = [role for role in roles if column in mapped.get(role, ())]
        if len(users) > 1:
            raise DataError(
                f"{file}, key {users[1]}.columns.{column}: expected {column} in one table, found it in "
                f"{' and '.join(users)}. Keep one."
            )


def chosen(recipe: Recipe, policies: Mapping[str, str], *, title: str, currency: str, file: str) -> Recipe:
    """A recipe with policies, title and currency that were said beside it, in its text as well."""
    text = with_policies(recipe.text, replace(recipe.policies, **policies), title=title, currency=currency)
    return recipe if text == recipe.text else parse(text, file=file, name=recipe.name)


def with_policies(text: str, policies: Policies, *, title: str = "", currency: str = "") -> str:
    """A recipe's text with these policies, and title and currency where given; comments go where they differ."""
    content = recipe_tree(text, file="recipe")
    default = Policies()
    wanted = {key: value for key in POLICIES if (value := getattr(policies, key)) != getattr(default, key)}
    said = {"title": title or content["title"], "currency": currency or content["currency"]}
    if content.get("policies", {}) == wanted and all(content[key] == value for key, value in said.items()):
        return text
    content |= said
    tables = {key: value for key, value in content.items() if key != "policies"}
    plain = {key: value for key, value in tables.items() if not isinstance(value, dict)}
    return toml_text({**plain, "policies": wanted, **{key: tables[key] for key in tables if key not in plain}})
