"""What the files of an import held: their columns, and the values of their status; and what of it is new later on.

It is kept with the dataset. A recipe lists the values of a status that are no sale; any other counts as a sale, which
is right only for those that somebody has looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Final

import polars as pl

from data.sources import ROW, SourceFile
from data.terms.specs import TableSpec

_MOST: Final = 1000
"""Different values beyond which a column holds no states."""


@dataclass(frozen=True)
class Seen:
    """Columns and states of the files of one import."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    """File -> its columns."""
    states: dict[str, dict[str, int]] = field(default_factory=dict)
    """Column of states -> value -> rows."""

    def text(self) -> str:
        """As it is kept with a dataset."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class News:
    """What files hold that those of an earlier import did not."""

    columns: dict[str, list[str]]
    """File -> columns that are new in it."""
    states: dict[str, dict[str, int]]
    """Column of states -> value that is new -> rows."""

    def __bool__(self) -> bool:
        return bool(self.columns or self.states)

    def sentences(self) -> list[str]:
        """What is new, one sentence for each file or column."""
        found = []
        for column, values in self.states.items():
            listed = ", ".join(f"'{value}' ({rows:,} row{'s' * (rows != 1)})" for value, rows in values.items())
            found.append(f"{column} says {listed}, which it did not before. Read as before, such rows count as sales.")
        for file, names in self.columns.items():
            listed = ", ".join(f"'{name}'" for name in names)
            words = ("a column", "it is") if len(names) == 1 else ("columns", "they are")
            found.append(
                f"{file} has {words[0]} that it did not have before: {listed}. Read as before, {words[1]} not used."
            )
        return found


def seen(files: Iterable[tuple[TableSpec, SourceFile]]) -> Seen:
    """What the files of a recipe hold."""
    columns: dict[str, list[str]] = {}
    states: dict[str, dict[str, int]] = {}
    for table, source in files:
        frame = source.scan()
        names = [name for name in frame.collect_schema().names() if name != ROW]
        columns[source.name] = list(dict.fromkeys([*columns.get(source.name, []), *names]))
        spec = table.columns.get("status")
        if spec is None or not set(spec.columns) <= set(names):
            continue
        value = pl.concat_str(pl.col(spec.columns).cast(pl.String), separator=" ").str.strip_chars()
        counts = frame.filter(value.is_not_null()).group_by(value.alias("value")).len().head(_MOST + 1).collect()
        if counts.height <= _MOST:
            known = states.setdefault(" ".join(spec.columns), {})
            for name, rows in counts.sort("value").iter_rows():
                known[name] = known.get(name, 0) + rows
    return Seen(columns, states)


def from_text(text: str) -> Seen | None:
    """What `Seen.text` gave; None where it is none of that, as in a dataset of an earlier app."""
    try:
        content = json.loads(text)
        return Seen(
            {str(file): [str(name) for name in names] for file, names in content["columns"].items()},
            {
                str(column): {str(value): int(rows) for value, rows in values.items()}
                for column, values in content["states"].items()
            },
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def news(before: str, now: str) -> News:
    """What is new between two that were kept; nothing where either is not known."""
    then, here = from_text(before), from_text(now)
    if then is None or here is None:
        return News({}, {})
    columns = {
        file: [name for name in names if name not in then.columns[file]]
        for file, names in here.columns.items()
        if file in then.columns
    }
    states = {
        column: {value: rows for value, rows in values.items() if value not in then.states[column]}
        for column, values in here.states.items()
        if column in then.states
    }
    return News(
        {file: names for file, names in columns.items() if names},
        {column: values for column, values in states.items() if values},
    )
