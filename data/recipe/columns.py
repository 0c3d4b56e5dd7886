"""How a recipe says where the canonical columns of a table come from."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Final

from analytics.dimensions import RESERVED
from data.recipe.files import numbers_of
from data.recipe.sections import LONGEST, MISSING, Section
from data.terms.columns import TABLES
from data.terms.scales import TIMES
from data.terms.specs import ColumnSpec

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")

_MOST_COLUMNS: Final = 500
_MOST_BANDS: Final = 100
_LARGEST_BAND: Final = 10**12


def columns_of(role: str, section: Section) -> dict[str, ColumnSpec]:
    """Canonical column -> where it comes from."""
    table = TABLES[role]
    known_columns = table.recipe_columns
    columns: dict[str, ColumnSpec] = {}
    if len(section.left()) > _MOST_COLUMNS:
        raise section.wrong("", f"up to {_MOST_COLUMNS:,} columns", f"{len(section.left()):,}", counted=True)
    for name in section.left():
        if name not in known_columns:
            if not table.free:
                known = ", ".join(known_columns)
                raise section.wrong(name, f"one of the columns of {role} ({known})", name)
            if not _NAME.fullmatch(name) or name.endswith("_id"):
                raise section.wrong(name, "a name of small letters, digits and _ (not ending in _id)", name)
            if role != "customers" and name in RESERVED:
                raise section.wrong(name, "another name, as this one has a meaning of its own", name)
        columns[name] = _column(name, section)
    for name in table.required:
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
        numbers=numbers_of(inner, ""),
        negated=inner.flag("negated"),
        decimals=inner.flag("decimals"),
        times=_times(inner),
        once=inner.flag("once"),
        returns=inner.texts("returns"),
        no_sale=inner.texts("no_sale"),
    )
    inner.finish()
    return spec


def _times(section: Section) -> float:
    """What the numbers of a column are multiplied by."""
    value = section.take("times")
    if value is MISSING:
        return 1
    if isinstance(value, bool) or value not in TIMES:
        raise section.wrong("times", f"one of {', '.join(f'{times:,}' for times in TIMES)}", value)
    return float(value)
