"""Where every row of the order lines went and what it is worth, and the rows set aside as they are kept."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.dataset import Reconciliation, SetAside
from data.building.returned import Split
from data.checking import checks
from data.checking.checks import Check
from data.recipe.recipes import Recipe
from data.rules.table import RULES
from data.terms.rows import RAW, ROW, UNREADABLE


def reconciliation(recipe: Recipe, parts: Split, bad: pl.DataFrame, notes: Sequence[str]) -> Reconciliation:
    """Rows in = rows kept + rows turned into returns + rows set aside, and the same for the money."""
    return Reconciliation(
        rows_read=parts.lines.height + parts.rows + bad.height,
        lines_kept=parts.lines.height,
        returns_kept=parts.rows,
        revenue=int(parts.lines["revenue"].sum()),
        returns_money=parts.money,
        set_aside=_by_rule(recipe, bad),
        notes=tuple(notes),
    )


def _by_rule(recipe: Recipe, bad: pl.DataFrame) -> tuple[SetAside, ...]:
    """The lines set aside by rule, in the order of the rules."""
    readable = [Check(UNREADABLE + name, "", pl.lit(True)) for name in recipe.lines.columns]
    every = [rule.needs for rule in RULES.values()]
    rules = [
        *checks.unreadable_checks(readable),
        *checks.line_checks(recipe.policies, every, currency=recipe.currency),
    ]
    money = bad.group_by("rule").agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("revenue").sum().alias("money"))
    result = {row["rule"]: row for row in money.iter_rows(named=True)}
    return tuple(
        SetAside(rule.name, rule.reason, result[rule.name]["rows"], result[rule.name]["money"])
        for rule in rules
        if rule.name in result
    )


def note_on(role: str, bad: pl.DataFrame | None) -> list[str]:
    """How many rows of a table beside the lines were set aside, by rule."""
    if bad is None or not bad.height:
        return []
    rules = ", ".join(f"{rule} {count:,}" for rule, count in bad.group_by("rule").len().sort("rule").iter_rows())
    return [f"{bad.height:,} rows of the {role} were set aside ({rules})."]


def originals(frames: Sequence[pl.DataFrame | None]) -> pl.DataFrame | None:
    """The rows set aside of several tables as they are kept; None where there are none."""
    rows = [_original(frame) for frame in frames if frame is not None and frame.height]
    return pl.concat(rows, how="diagonal") if rows else None


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
