"""Order lines with a column for each rule that other rows tell, and dates swapped back where the recipe says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from data.recipe.recipes import Recipe
from data.rules import compared, swapped
from data.rules.compared import AllRows, Flag
from data.rules.policies import Policies
from data.rules.table import ON_ORDER, RULES
from data.sources import SourceFile
from data.terms.rows import FLAG, ROW, SOURCE
from data.terms.specs import FileSpec


def needed(policies: Policies) -> list[str]:
    """The flags that the policies act upon."""
    names = [rule.name for rule in RULES.values() if rule.flag and policies[rule.name] != "keep"]
    return [*names, ON_ORDER] if policies["negative_quantity"] == "net" else names


def flagged(
    frame: pl.LazyFrame,
    recipe: Recipe,
    opened_files: Sequence[tuple[SourceFile, FileSpec]],
    names: Sequence[str],
    *,
    today: date | None,
    products: pl.DataFrame | None,
) -> pl.LazyFrame:
    """Order lines with a Boolean column `FLAG` + name for each name, true where the row breaks that rule."""
    if not names:
        return frame
    order = recipe.lines.columns.get("order_id")
    rows = AllRows(
        frame=frame,
        slim=compared.slim(frame),
        files=[file.scan() for file, _ in opened_files],
        today=today,
        products=products,
        numbered_orders=order is not None,
        order_column=order.columns[0] if order is not None else "",
    )
    flags = rows.slim.with_columns(_flag(name)(rows).alias(FLAG + name) for name in names)
    flags = flags.select(SOURCE, ROW, *(FLAG + name for name in names))
    frame = frame.join(flags.lazy(), on=[SOURCE, ROW], how="left", maintain_order="left")
    if recipe.policies[swapped.NAME] == "swap_back":
        frame = swapped.swapped_back(frame)
    return frame


def _flag(name: str) -> Callable[[AllRows], Flag]:
    flag = compared.credit_on_order if name == ON_ORDER else RULES[name].flag
    assert flag is not None, f"{name} is told by the row itself"
    return flag
