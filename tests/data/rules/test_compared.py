"""Second exports that overlap the first, and dates that a spreadsheet swapped, at the size of a real company's files.

The oracles are plain loops over the rows that were written.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from data import guided
from data.findings import Findings, RuleFinding
from data.guided import ImportOptions
from tests.data.conftest import SHARED

TODAY = date(2026, 11, 23)
OVERLAPPING: Final = 28_664
"""Lines that the second export repeats."""

ALTERED: Final = 1_234
"""How many of them have another price."""

Line = tuple[str, str, str, str, int, int]
"""Order, day, customer, product, quantity, price in cents."""


@pytest.fixture(scope="module")
def sold() -> list[Line]:
    """AdventureWorks' 56,046 lines in order of time, each order's product once."""
    path = SHARED / "aw_maven_2020_2022_mit.zip"
    if not path.exists():
        pytest.skip(f"needs {path.name} from the shared data, which is not part of the repository")
    with zipfile.ZipFile(path) as archive:

        def rows(part: str) -> Iterable[dict[str, str]]:
            for name in sorted(archive.namelist()):
                if part in name:
                    text = io.TextIOWrapper(archive.open(name), encoding="cp1252")
                    yield from csv.DictReader(text)

        prices = {row["ProductKey"]: round(float(row["ProductPrice"]) * 100) for row in rows("Product Lookup")}
        lines = []
        for row in rows("Sales Data"):
            parts = row["OrderDate"].split("-")
            day = "-".join(parts if len(parts[0]) == 4 else reversed(parts))
            product = row["ProductKey"]
            known = (row["OrderNumber"], day, row["CustomerKey"], product, int(row["OrderQuantity"]), prices[product])
            lines.append(known)
    assert len(lines) == 56_046
    assert len({(order, product) for order, _, _, product, _, _ in lines}) == len(lines)
    return sorted(lines, key=lambda line: (line[1], line[0]))


def _write(path: Path, lines: Sequence[Line]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Order Number", "Order Date", "Customer ID", "Product ID", "Quantity", "Unit Price"))
        for order, day, customer, product, quantity, price in lines:
            writer.writerow((order, day, customer, product, quantity, f"{price / 100:.2f}"))
    return path


def _second(sold: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of the second export that the first has as they are, and those that it has at another price."""
    start = 20_000
    again = sold[start : start + OVERLAPPING]
    altered = {index * len(again) // ALTERED for index in range(ALTERED)}
    other = [(*line[:5], line[5] + 150) for index, line in enumerate(again) if index in altered]
    return [line for index, line in enumerate(again) if index not in altered], other


def _money(lines: Sequence[Line]) -> int:
    """Ten-thousandths."""
    return sum(quantity * price * 100 for *_, quantity, price in lines)


def _of(found: Findings, rule: str) -> RuleFinding:
    return next(one for one in found.by_rule if one.rule == rule)


def test_a_second_export_that_overlaps_the_first(sold: list[Line], tmp_path: Path) -> None:
    first, last = sold[:50_000], sold[50_000:]
    same, other = _second(sold)
    files = [_write(tmp_path / "export_1.csv", first), _write(tmp_path / "export_2.csv", [*same, *other, *last])]
    with guided.understood(files) as read:
        asked = ImportOptions(currency="USD")
        found = read.check(asked, today=TODAY)
        result = read.prepare(asked, home=tmp_path / "home", name="shop", today=TODAY)
    overlaps, contradicts = _of(found, "overlapping_files"), _of(found, "contradicting_files")
    assert (overlaps.rows, overlaps.money) == (OVERLAPPING - ALTERED, _money(same))
    assert (contradicts.rows, contradicts.money) == (ALTERED, _money(other))
    difference = sum(quantity * 150 for *_, quantity, _ in other)
    said = f"1,234 of them have other money than the earlier row: {difference / 100:,.2f} in all."
    assert contradicts.note == said
    # The file's own line numbers: the header is line 1, the altered lines stand below the equal ones.
    assert [example["row"] for example in contradicts.examples[:2]] == [len(same) + 2, len(same) + 3]
    assert {example["file"] for example in contradicts.examples} == {"export_2.csv"}
    counts = result.prepared.reconciliation
    assert (counts.rows_read, counts.lines_kept) == (56_046 + OVERLAPPING, 56_046)
    assert counts.revenue == _money(sold)
    assert {one.rule: one.rows for one in counts.set_aside} == {
        "overlapping_files": OVERLAPPING - ALTERED,
        "contradicting_files": ALTERED,
    }


def test_repeats_inside_one_file(sold: list[Line], tmp_path: Path) -> None:
    same, other = _second(sold)
    with guided.understood([_write(tmp_path / "export.csv", [*sold, *same, *other])]) as read:
        found = read.check(ImportOptions(currency="USD"), today=TODAY)
    repeated, altered = _of(found, "duplicate_lines"), _of(found, "altered_price")
    assert (repeated.rows, repeated.money) == (OVERLAPPING - ALTERED, _money(same))
    assert (altered.rows, altered.money) == (ALTERED, _money(other))


def test_dates_that_a_spreadsheet_swapped(sold: list[Line], tmp_path: Path) -> None:
    lines, swapped = [], 0
    for number, (order, day, *rest) in enumerate(sold):
        year, month, first = day.split("-")
        if number >= 40_000 and int(first) <= 12 and first != month:
            day, swapped = f"{year}-{first}-{month}", swapped + 1
        lines.append((order, day, *rest))
    with guided.understood([_write(tmp_path / "export.csv", lines)]) as read:  # type: ignore[arg-type]
        found = read.check(ImportOptions(currency="USD"), today=TODAY)
        mended = read.prepare(
            ImportOptions(currency="USD", policies={"swapped_date": "swap_back"}),
            home=tmp_path,
            name="shop",
            today=TODAY,
        )
    assert swapped > 5_000
    assert _of(found, "swapped_date").rows == swapped
    days = mended.prepared.lines.group_by("day").len().height
    assert days == len({line[1] for line in sold})
