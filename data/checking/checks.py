"""Named rules that rows must meet, as dataframely schemas.

A row that breaks a rule is set aside under the name of the first rule it breaks. A value that cannot be read at all
is not set aside: it is an error, because it usually means that the recipe is wrong for the whole file.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dataframely as dy
import polars as pl

from data.rules.table import RULES, SET_ASIDE, Rule
from data.terms.rows import UNREADABLE


@dataclass(frozen=True)
class Check:
    """One rule as it is applied to a frame."""

    name: str
    reason: str
    """One sentence for people about the rows that break it."""
    valid: pl.Expr


def unreadable_checks(readable: Sequence[Check]) -> list[Check]:
    """Checks of reading under which a row is set aside rather than stopping the import."""
    return [
        Check(name := check.name.replace(UNREADABLE, "unreadable_"), f"The {name[11:]} cannot be read.", check.valid)
        for check in readable
    ]


def line_checks(policies: Mapping[str, str], columns: Sequence[str], *, currency: str = "") -> list[Check]:
    """The rules under which order lines are set aside, in the order in which they name a row."""
    return [
        Check(rule.name, rule.reason.format(currency=currency), rule.expression)
        for rule in RULES.values()
        if (not rule.options or policies[rule.name] == SET_ASIDE) and (not rule.needs or rule.needs in columns)
    ]


def plain_checks(rules: Sequence[Rule]) -> list[Check]:
    """Rules that leave no choice."""
    return [Check(rule.name, rule.reason, rule.expression) for rule in rules]


def schema(schema: Mapping[str, Any], rules: Sequence[Check]) -> type[dy.Schema]:
    """The dataframely schema of a frame: its columns with their types, and the rules by name."""
    content: dict[str, Any] = {}
    for number, (name, dtype) in enumerate(schema.items()):
        content[f"column_{number}"] = _column(dtype, name)
    for rule in rules:
        content[rule.name] = dy.rule()(_always(rule.valid))
    made: type[dy.Schema] = types.new_class("Rows", (dy.Schema,), exec_body=lambda body: body.update(content))
    return made


def _always(valid: pl.Expr) -> Callable[[Any], pl.Expr]:
    return lambda _: valid


def _column(dtype: Any, name: str) -> dy.Column:
    kinds: dict[Any, type[dy.Column]] = {
        pl.String: dy.String,
        pl.Date: dy.Date,
        pl.Int64: dy.Int64,
        pl.UInt32: dy.UInt32,
        pl.UInt16: dy.UInt16,
        pl.Float64: dy.Float64,
    }
    # Nulls are allowed here because named rules of our own tell people about missing values.
    kind = kinds.get(dtype.base_type())
    return dy.Any(alias=name) if kind is None else kind(nullable=True, alias=name)


def check(frame: pl.LazyFrame, rules: Sequence[Check], *, wanted: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that meet every rule, with the wanted columns; and the others, with `rule`, the first one broken."""
    checked = schema(frame.collect_schema(), rules).filter(frame)
    # Only the wanted columns of the good rows are ever held; both sides share one pass over the files.
    both: Any = dy.filter_result.LazyFilterResult(checked.result.select(wanted), checked.failure)  # type: ignore
    good, failure = both.collect_all()
    names = [rule.name for rule in rules]
    details = failure.details()
    broken = [pl.when(pl.col(name) == "invalid").then(pl.lit(name)) for name in names]
    return good, details.with_columns(pl.coalesce(broken).alias("rule")).drop(names)


class Lookup(dy.Schema):
    """A lookup's keys: each there once."""

    key = dy.String(primary_key=True)
    row = dy.UInt32()


def bad_keys(keys: pl.DataFrame) -> pl.DataFrame:
    """Rows of (key, row) whose key is missing or occurs again, in file order."""
    _, failure = Lookup.filter(keys)
    return failure.invalid().sort("row")
