"""Recipes: a TOML file that says how a company's files become the canonical tables.

Reading is strict. An unknown key, a missing one or a value of the wrong kind is one sentence that names the file, the
key, what was expected and what was found.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS, PRODUCT_LEVELS, Calendar
from data.errors import DataError, quoted
from data.layout import RESERVED
from data.reading.options import Options
from data.toml import toml_text

SHIPPED: Final = Path(__file__).parent / "recipes"
"""Folder of the recipes that come with the app."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

LOOKUPS: Final = {
    "products": "product_id",
    "subcategories": "subcategory_id",
    "categories": "category_id",
    "territories": "territory_id",
    "customers": "customer_id",
}
"""Lookup role -> the column by which other tables join it."""

_COLUMNS: Final = {
    "lines": (
        *("order_id", "ordered_on", "customer_id", "product_id", "territory_id", "unit_price", "unit_cost"),
        *("profit", "currency"),
        *MEASURE_COLUMNS,
        *PRODUCT_LEVELS,
        *GEOGRAPHY,
    ),
    "customers": ("name", "territory_id", *GEOGRAPHY),
    "products": (*PRODUCT_LEVELS, "subcategory_id", "category_id", "unit_price", "unit_cost"),
    "subcategories": ("subcategory", "category", "category_id"),
    "categories": ("category",),
    "territories": GEOGRAPHY,
    "returns": (
        *("returned_on", "product_id", "quantity", "amount", "order_id", "customer_id", "territory_id", "reason"),
        *GEOGRAPHY,
    ),
    "targets": ("month", "revenue", *GEOGRAPHY, *PRODUCT_LEVELS),
}
"""Canonical columns of each role. Lines may have further ones (dimensions), customers too (segments)."""

_REQUIRED: Final = {
    "lines": ("ordered_on",),
    "customers": (),
    "products": (),
    "subcategories": (),
    "categories": ("category",),
    "territories": (),
    "returns": ("returned_on", "product_id", "quantity"),
    "targets": ("month", "revenue"),
}

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")

PLAIN_NUMBERS: Final = "1234.56"

NUMBERS: Final = (PLAIN_NUMBERS, "1,234.56", "1.234,56", "1 234,56", "1'234.56")
"""Ways to write a number. All but the first may also carry a currency sign, a percent sign, parentheses or a minus
behind for negative numbers."""


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
    """How the file writes numbers: one of NUMBERS."""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """Options of `data.reading` that were chosen by hand, e.g. a sheet; only where the recipe says `detect`."""


@dataclass(frozen=True)
class ColumnSpec:
    """Where a canonical column comes from, and what is done to its text."""

    columns: tuple[str, ...]
    """Source columns; several are joined by a space."""
    values: tuple[tuple[str, str], ...] = ()
    """Source value -> label; a value that is not listed stays as it is."""
    bands: tuple[Decimal, ...] = ()
    """Lower bounds that sort numbers into bands."""
    title_case: bool = False
    remove_suffix: str = ""


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
class Policies:
    """What happens to rows that are not plain sales; the words are those of POLICIES."""

    negative_quantity: str = "set_aside"
    """`returns`, `set_aside`, or `net`: the row lowers the order it names; without such an order it is a return."""
    missing_customer: str = "none"
    """`none` keeps the line without a customer, `set_aside` does not."""
    zero_price: str = "keep"
    negative_price: str = "set_aside"
    discount: str = "amount"
    """`amount` and `rate` are taken off the revenue; `netted` and `netted_rate` say that it is already without it."""
    order_days: str = "earliest"
    """Order number on several days: `earliest` makes it one order, `split` one for each day."""
    no_quantity: str = "error"
    """Lines without a quantity column: `error`, or `one_unit` a line."""
    unreadable: str = "error"
    """A date or number that cannot be read: `error` stops the import, `set_aside` sets the row aside."""
    duplicate_lines: str = "keep"
    """A row that repeats an earlier row of the same file in every column."""
    overlapping_files: str = "keep"
    """A row that an earlier file has as well."""
    contradicting_files: str = "keep"
    """A row about a product on an order of which an earlier file says something else."""
    altered_price: str = "keep"
    """A row that repeats an earlier row of the same file at another price."""
    price_range: str = "keep"
    """A price more than ten times, or less than a tenth of, what the product usually costs."""
    date_range: str = "keep"
    """A date more than a year away from all but a thousandth of the rows."""
    future_date: str = "keep"
    """A date after the day of the import."""
    swapped_date: str = "keep"
    """A date whose day and month a spreadsheet has swapped; `swap_back` mends it."""
    unknown_product: str = "keep"
    """A product that the products table does not list."""


POLICIES: Final = {
    "negative_quantity": ("returns", "net", "set_aside"),
    "missing_customer": ("none", "set_aside"),
    "zero_price": ("keep", "set_aside"),
    "negative_price": ("keep", "set_aside"),
    "discount": ("amount", "rate", "netted", "netted_rate"),
    "order_days": ("earliest", "split"),
    "no_quantity": ("error", "one_unit"),
    "unreadable": ("error", "set_aside"),
    "duplicate_lines": ("keep", "set_aside"),
    "overlapping_files": ("keep", "set_aside"),
    "contradicting_files": ("keep", "set_aside"),
    "altered_price": ("keep", "set_aside"),
    "price_range": ("keep", "set_aside"),
    "date_range": ("keep", "set_aside"),
    "future_date": ("keep", "set_aside"),
    "swapped_date": ("keep", "swap_back", "set_aside"),
    "unknown_product": ("keep", "set_aside"),
}
"""Policy -> the words a recipe may say."""


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
    policies: Policies = Policies()
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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name}: expected a recipe as UTF-8 text, found a file that cannot be read ({error})."
        ) from None
    return parse(text, file=path.name, name=path.stem)


def parse(text: str, *, file: str, name: str) -> Recipe:
    """A recipe from its text. `file` is named in errors."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{file}: expected a recipe in TOML, found a mistake in it: {error}.") from None
    top = _Section(file, "", content)
    title = top.text("title")
    currency = top.text("currency", pattern=r"[A-Z]{3}", expected="a currency code such as USD")
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


class _Section:
    """One table of a recipe, read key by key; what is left over at the end is unknown."""

    def __init__(self, file: str, path: str, content: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(content, dict):
            raise self.wrong("", "a table", content)
        self._left: dict[str, Any] = dict(content)
        self._known: list[str] = []

    def wrong(self, key: str, expected: str, found: object) -> DataError:
        """The error for one key."""
        place = ".".join(part for part in (self.path, key) if part)
        shown = found if isinstance(found, _Missing) else quoted(found)
        return DataError(f"{self.file}, key {place}: expected {expected}, found {shown}.")

    def take(self, key: str) -> Any:
        """The raw value of a key, `_MISSING` where it is not there."""
        self._known.append(key)
        return self._left.pop(key, _MISSING)

    def text(self, key: str, default: str | None = None, *, pattern: str = r"(?s).+", expected: str = "a text") -> str:
        """A text."""
        value = self.take(key)
        if value is _MISSING and default is not None:
            return default
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self.wrong(key, expected, value)
        return value

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """One of several words."""
        value = self.take(key)
        if value is _MISSING:
            return default
        if value not in options:
            raise self.wrong(key, " or ".join(quoted(option) for option in options), value)
        return str(value)

    def flag(self, key: str) -> bool:
        """true or false; false where it is not there."""
        value = self.take(key)
        if value is _MISSING:
            return False
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false", value)
        return value

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number within bounds."""
        value = self.take(key)
        if value is _MISSING:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, f"a whole number from {low} to {high}", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text stands for a list of one."""
        value = self.take(key)
        if value is _MISSING:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise self.wrong(key, "a text or a list of texts", value)
        return tuple(values)

    def section(self, key: str) -> _Section:
        """A nested table, empty where it is not there."""
        value = self.take(key)
        return _Section(self.file, f"{self.path}.{key}" if self.path else key, {} if value is _MISSING else value)

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self._known.append(key)
        return key in self._left

    def left(self) -> list[str]:
        """Keys not yet taken."""
        return list(self._left)

    def finish(self) -> None:
        """Every key must have been taken."""
        if self._left:
            key = next(iter(self._left))
            place = ".".join(part for part in (self.path, key) if part)
            known = ", ".join(dict.fromkeys(self._known))
            raise DataError(f"{self.file}, key {place}: expected one of {known}; found a key with no meaning here.")


class _Missing:
    def __str__(self) -> str:
        return "nothing"


_MISSING: Final = _Missing()


def _calendar(section: _Section) -> Calendar:
    calendar = Calendar(
        week_start=WEEKDAYS.index(section.choice("week_start", WEEKDAYS, "monday")),
        fiscal_start_month=section.whole("fiscal_start_month", 1, 12, 1),
        retail=section.flag("retail_4_5_4"),
    )
    section.finish()
    return calendar


def _policies(section: _Section) -> Policies:
    defaults = Policies()
    chosen = {key: section.choice(key, options, getattr(defaults, key)) for key, options in POLICIES.items()}
    section.finish()
    return Policies(**chosen)


def _table(role: str, section: _Section) -> TableSpec:
    shared = _reading(section, FileSpec(file=""))
    from_lines = role == "customers" and not section.has("files")
    files = () if from_lines else _files(section, shared)
    key = "" if role not in LOOKUPS or from_lines else section.text("key", expected="the name of the key column")
    missing = section.texts("missing")
    columns = _columns(role, section.section("columns"))
    section.finish()
    return TableSpec(role=role, files=files, key=key, columns=columns, missing=missing)


def _reading(section: _Section, default: FileSpec) -> FileSpec:
    """How to read files: the keys dates, encoding, separator, numbers and options."""
    dates = section.text("dates", default.dates, pattern=r".*%.*", expected="a date format such as %d-%m-%Y")
    encoding = section.text("encoding", default.encoding)
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise section.wrong("encoding", "an encoding such as utf-8 or windows-1252", encoding) from None
    separator = section.text("separator", default.separator, pattern=r"[\x01-\x7f]", expected="one character")
    numbers = section.choice("numbers", NUMBERS, default.numbers)
    options = section.take("options")
    if options is _MISSING:
        options = default.reading
    known = {item.name for item in fields(Options)}
    if not isinstance(options, dict) or not options.keys() <= known:
        raise section.wrong("options", f"a table of reading options ({', '.join(sorted(known))})", options)
    return FileSpec(default.file, dates, encoding, separator, numbers, options)


def _files(section: _Section, shared: FileSpec) -> tuple[FileSpec, ...]:
    value = section.take("files")
    entries = value if isinstance(value, list) else [value]
    if value is _MISSING or not entries:
        raise section.wrong("files", "a file name or a list of files", _MISSING)
    files = []
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, str) and entry:
            files.append(replace(shared, file=entry))
        elif isinstance(entry, dict):
            inner = _Section(section.file, f"{section.path}.files {number}", entry)
            file = inner.text("file", expected="a file name")
            files.append(_reading(inner, replace(shared, file=file)))
            inner.finish()
        else:
            raise section.wrong("files", 'a file name or { file = "...", dates = "..." }', entry)
    return tuple(files)


def _columns(role: str, section: _Section) -> dict[str, ColumnSpec]:
    free = role in ("lines", "customers")
    columns: dict[str, ColumnSpec] = {}
    for name in section.left():
        if name not in _COLUMNS[role]:
            if not free:
                known = ", ".join(_COLUMNS[role])
                raise section.wrong(name, f"one of the columns of {role} ({known})", name)
            if not _NAME.fullmatch(name) or name.endswith("_id"):
                raise section.wrong(name, "a name of small letters, digits and _ (not ending in _id)", name)
            if role == "lines" and name in RESERVED:
                raise section.wrong(name, "another name, as this one has a meaning of its own", name)
        columns[name] = _column(name, section)
    for name in _REQUIRED[role]:
        if name not in columns:
            raise section.wrong(name, f"the source column that holds {name}", _MISSING)
    return columns


def _column(name: str, section: _Section) -> ColumnSpec:
    value = section.take(name)
    if isinstance(value, str) and value:
        return ColumnSpec(columns=(value,))
    if not isinstance(value, dict):
        raise section.wrong(name, 'a source column or { column = "...", values = {...} }', value)
    inner = _Section(section.file, f"{section.path}.{name}", value)
    columns = inner.texts("column")
    if not columns or not all(columns):
        raise inner.wrong("column", "a source column or a list of them", _MISSING)
    values = inner.section("values")
    labels = tuple((key, values.text(key)) for key in values.left())
    bands = inner.take("bands")
    if bands is _MISSING:
        bands = []
    rising = isinstance(bands, list) and all(isinstance(b, int | float) and not isinstance(b, bool) for b in bands)
    if not rising or any(low >= high for low, high in pairwise(bands)):
        raise inner.wrong("bands", "a list of rising numbers", bands)
    spec = ColumnSpec(
        columns=columns,
        values=labels,
        bands=tuple(Decimal(str(bound)) for bound in bands),
        title_case=inner.flag("title_case"),
        remove_suffix=inner.text("remove_suffix", ""),
    )
    inner.finish()
    return spec


def _check_joins(recipe: Recipe, file: str) -> None:
    """Tables must fit together: something names the product, the money and each lookup, and nothing is named twice."""
    mapped = {table.role: set(table.columns) for table in recipe.tables}
    lines, products = mapped["lines"], mapped.get("products", set())
    if not lines & {"product_id", "product"} and "products" in mapped:
        raise DataError(f"{file}, key lines.columns.product_id: expected the product's column, found nothing.")
    if not lines & {"order_id", "customer_id"}:
        raise DataError(
            f"{file}, key lines.columns.order_id: expected the order's column, or customer_id to make an order of a "
            "customer's day, found neither."
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
    _check_once(file, mapped, ("lines", "customers", "territories"), GEOGRAPHY)


def _check_once(file: str, mapped: Mapping[str, set[str]], roles: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        users = [role for role in roles if column in mapped.get(role, ())]
        if len(users) > 1:
            raise DataError(
                f"{file}, key {users[1]}.columns.{column}: expected {column} in one table, found it in "
                f"{' and '.join(users)}. Keep one."
            )


def with_policies(text: str, policies: Policies) -> str:
    """A recipe's text whose policies are these; comments in it go where they differ."""
    content = tomllib.loads(text)
    default = Policies()
    wanted = {key: value for key in POLICIES if (value := getattr(policies, key)) != getattr(default, key)}
    if content.get("policies", {}) == wanted:
        return text
    tables = {key: value for key, value in content.items() if key != "policies"}
    plain = {key: value for key, value in tables.items() if not isinstance(value, dict)}
    return toml_text({**plain, "policies": wanted, **{key: tables[key] for key in tables if key not in plain}})
