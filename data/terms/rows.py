"""Names of the columns that a row carries beside its values on its way from a file to the dataset."""

from __future__ import annotations

from typing import Final

ROW: Final = "row"
"""A source row's number in its file: 2 is the first line below a CSV's header."""

SOURCE: Final = "__source"
"""Number of the source file."""

GROSS: Final = "__gross"
"""A line's money before discount, Int64 ten-thousandths."""

RATE: Final = "__rate"
"""A line's discount as a share of its money, in ten-thousandths."""

SIZE: Final = "__size"
"""A line's money before it is made to fit whole numbers, Float64 ten-thousandths."""

FOREIGN: Final = "__foreign"
"""Money of rows in another currency than the recipe's."""

RAW: Final = "source: "
"""Prefix of the columns that carry a row's original text."""

UNREADABLE: Final = "unreadable: "
"""Prefix of the rules that a value could be read."""

FLAG: Final = "flag: "
"""Prefix of the Boolean columns that say whether a row breaks a rule."""
