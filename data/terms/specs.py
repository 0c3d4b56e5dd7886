"""What a recipe says of one file, one column and one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from analytics.dataset import UNIT_SCALES
from data.terms.numbers import PLAIN_NUMBERS
from data.terms.shaping import AS_IT_STANDS, Reshaping

FINEST_PARTS: Final = UNIT_SCALES[-1]
"""Parts of a unit in which quantities with decimals are read: four decimals; further ones are rounded."""


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
    shape: Reshaping = AS_IT_STANDS
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
    """Whether a quantity may be no whole number, such as 0.45 kg: it is read in FINEST_PARTS of a unit."""
    times: float = 1
    """What its numbers are multiplied by, one of scales.TIMES: 1,000 where they are thousands, 0.01 where cents."""
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
