"""Processes that write one state after another, to be killed by `benchmarks.kills`, and what must be left of each."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import polars as pl

from analytics.dataset import MONEY_SCALE, Dataset
from data.__main__ import main as command
from data.building import layout
from data.errors import DataError
from data.store import integrity, locations, publishing, store, writing
from data.store.saved import FILE, EditConflictError, Saved

NAME: Final = "killed"
ROWS: Final = 3_000

RECIPE: Final = """
title = "Refreshed"
currency = "EUR"

[lines]
files = "orders.csv"
dates = "%Y-%m-%d"

[lines.columns]
order_id = "No"
ordered_on = "Day"
product = "Item"
quantity = "Units"
revenue = "Money"
"""


@dataclass
class KillCounts:
    """What many kills did."""

    kills: int = 0
    written: int = 0
    """States that were said to be written before the kills."""
    lost: list[str] = field(default_factory=list)
    """Said to be written, and neither there nor followed by a newer one."""
    corrupt: list[str] = field(default_factory=list)
    left: int = 0
    """Half-written folders and files that a sweep found."""

    def __str__(self) -> str:
        return (
            f"{self.kills:,} kills, {self.written:,} written, {self.left:,} left half-written and swept, "
            f"{len(self.lost):,} lost, {len(self.corrupt):,} corrupt"
        )


def write_for_ever(kind: str, home: Path, writer: str, first: int, said: Connection) -> None:
    """Write states number `first` and on, and say before and after each."""
    for number in count(first):
        said.send(("begun", number))
        try:
            KINDS[kind].write(home, writer, number)
        except Exception as error:
            said.send((f"{type(error).__name__}: {error}", number))
            return
        said.send(("written", number))


def _publish(home: Path, _: str, number: int) -> None:
    rows = pl.int_range(ROWS, eager=True)
    lines = pl.DataFrame(
        {
            "order_id": (rows // 3).cast(pl.String),
            "ordered_on": pl.Series([date(2024, 1, 1)] * ROWS),
            "customer_id": (rows % 97).cast(pl.String),
            "product_id": (rows % 31).cast(pl.String),
            "quantity": rows * 0 + 1,
            "revenue": _money(rows, number) * MONEY_SCALE,
        }
    )
    prepared = layout.build(layout.Tables(lines=lines), name=NAME, title="Published", currency="EUR")
    writing.publish(NAME, prepared, home=home)


def _refresh(home: Path, _: str, number: int) -> None:
    folder = home.with_name(f"{home.name}-files")
    folder.mkdir(exist_ok=True)
    rows = pl.int_range(ROWS, eager=True)
    frame = pl.DataFrame(
        {"No": rows // 3, "Day": ["2024-01-01"] * ROWS, "Item": rows % 31, "Units": 1, "Money": _money(rows, number)}
    )
    frame.write_csv(folder / "new.csv")
    os.replace(folder / "new.csv", folder / "orders.csv")
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    there = (home / NAME / locations.CURRENT).is_file()
    first = ["prepare", str(folder / "recipe.toml"), "--name", NAME]
    arguments = ["refresh", NAME, "--from", str(folder)] if there else first
    with contextlib.redirect_stdout(io.StringIO()):
        code = command([*arguments, "--home", str(home)])
    if code:
        raise RuntimeError(f"{arguments[0]} ended with {code}")


def _money(rows: pl.Series, number: int) -> pl.Series:
    """Money of each row, of which all together tell the number."""
    return (rows * 7_919) % 1_009 + (rows == 0).cast(pl.Int64) * number


def _save(home: Path, writer: str, number: int) -> None:
    """Save the number beside that of the other writer."""
    held = Saved(home)
    while True:
        seen = held.items(NAME, "numbers").get("both")
        try:
            held.put(NAME, "numbers", "both", {**(seen or {}), writer: number}, seen=seen)
        except EditConflictError:
            continue
        return


# --- What is left -----------------------------------------------------------------------------------------------------

_BASE: Final = sum((row * 7_919) % 1_009 for row in range(ROWS))


def _look_at_dataset(home: Path, said: Mapping[str, int], begun: Mapping[str, int], outcome: KillCounts) -> None:
    (last,), (latest,) = said.values(), begun.values()
    found = [entry for entry in store.entries(home=home) if entry.name == NAME]
    if found or last >= 0:
        try:
            number = _number(store.load(NAME, home=home))
            if not last <= number <= latest:
                outcome.lost.append(f"number {last} was said to be there, found {number}")
        except DataError as error:
            outcome.corrupt.append(str(error))
    for version in (home / NAME / "versions").glob("[!.]*"):
        try:
            integrity.check(version)
        except DataError as error:
            outcome.corrupt.append(str(error))
    outcome.left += publishing.sweep(home, young=0)
    if any(path.name.startswith(".") for path in (home / NAME).rglob("*")):
        outcome.corrupt.append("something half-written outlives a sweep")


def _number(data: Dataset) -> int:
    money = data.lines.select(pl.col("revenue").sum()).collect().item()
    return int(money) // MONEY_SCALE - _BASE


def _look_at_saved(home: Path, said: Mapping[str, int], begun: Mapping[str, int], outcome: KillCounts) -> None:
    held = Saved(home)
    try:
        numbers = held.items(NAME, "numbers").get("both", {})
        for writer, last in said.items():
            if not last <= numbers.get(writer, -1) <= begun[writer]:
                outcome.lost.append(f"{writer} was said to have saved {last}, found {numbers}")
        if (home / FILE).exists():
            with contextlib.closing(sqlite3.connect(home / FILE)) as db:
                (whole,) = db.execute("PRAGMA integrity_check").fetchone()
            if whole != "ok":
                outcome.corrupt.append(str(whole))
    except (DataError, sqlite3.Error) as error:
        outcome.corrupt.append(str(error))


@dataclass(frozen=True)
class Kind:
    """One way of writing."""

    writers: tuple[str, ...]
    """Those who write at once."""
    write: Callable[[Path, str, int], None]
    look: Callable[[Path, Mapping[str, int], Mapping[str, int], KillCounts], None]
    """Notes what is lost or corrupt, given the last number that each writer said to be written, and began."""


KINDS: Final[Mapping[str, Kind]] = {
    "publish": Kind(("one",), _publish, _look_at_dataset),
    "refresh": Kind(("one",), _refresh, _look_at_dataset),
    "save": Kind(("one", "other"), _save, _look_at_saved),
}
