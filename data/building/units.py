"""Quantities that are weighed: whole numbers of parts of a unit, from the digits of the file to the dataset's scale."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.dataset import UNIT_SCALES
from data.terms.specs import FINEST_PARTS, TableSpec

_CALLED: Final = {10: "tenths", 100: "hundredths", 1_000: "thousandths", 10_000: "ten-thousandths"}


def parts_of(table: TableSpec | None) -> int:
    """Parts of a unit in which a table's quantities are read: 1 where they are whole."""
    quantity = None if table is None else table.columns.get("quantity")
    return FINEST_PARTS if quantity is not None and quantity.decimals else 1


def times(each: pl.Expr, parts: int) -> pl.Expr:
    """Money of a unit times the quantity, half away from zero, in whole ten-thousandths."""
    if parts == 1:
        return (each * pl.col("quantity")).round(0).cast(pl.Int64)
    product = each.cast(pl.Int128) * pl.col("quantity").cast(pl.Int128)
    # What does not fit is set aside by its size; here it must only not stop the import.
    return ((product.abs() + parts // 2) // parts * product.sign()).cast(pl.Int64, wrap_numerical=True)


def scale_of(*tables: tuple[pl.DataFrame | None, int]) -> int:
    """The fewest parts of a unit that hold every quantity of some tables, each with the parts it was read in."""
    read = [(frame["quantity"], parts) for frame, parts in tables if frame is not None and parts > 1]
    return next(
        scale
        for scale in UNIT_SCALES
        if scale == FINEST_PARTS or all((quantity % (parts // scale) == 0).all() for quantity, parts in read)
    )


def scaled(frame: pl.DataFrame, parts: int, scale: int) -> pl.DataFrame:
    """The same rows, their quantities in another scale that holds them."""
    if parts == scale:
        return frame
    quantity = pl.col("quantity")
    if scale > parts:
        return frame.with_columns(quantity * (scale // parts))
    return frame.with_columns(quantity.abs() // (parts // scale) * quantity.sign())


def text(quantity: int, scale: int) -> str:
    """A quantity as people read it, with the decimals that it needs."""
    whole, part = divmod(abs(quantity), scale)
    decimals = f"{part:0{len(str(scale)) - 1}}".rstrip("0")
    return f"{'-' if quantity < 0 else ''}{whole:,}{'.' if decimals else ''}{decimals}"


def note(
    column: str, sold: pl.DataFrame, back: pl.DataFrame | None, aside: pl.DataFrame, parts: int, scale: int
) -> str:
    """Where the units of a weighed file went, to the last decimal. What is set aside is still in `parts` of a unit."""
    kept, out = (int(frame["quantity"].sum()) for frame in (sold, aside))
    returned = 0 if back is None else int(back["quantity"].sum())
    whole = (kept - returned) * (parts // scale) + out
    sentence = f"{column} holds decimals; quantities are kept exactly, in {_CALLED[scale]} of a unit. "
    sentence += f"The file's {text(whole, parts)} units are {text(kept, scale)} sold"
    sentence += f", less {text(returned, scale)} that came back" if returned else ""
    return sentence + (f", and {text(out, parts)} set aside." if out else ".")
