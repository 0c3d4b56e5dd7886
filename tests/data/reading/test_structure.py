"""Where a table begins and ends: header lines, junk above, notes and sums below, a second table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.reading import Reading
from data.reading.header import unique
from tests.data.reading.conftest import kinds, rows

TableOf = Callable[..., Reading]

BODY = "2024-01-01,Pen,2,3.50\n2024-01-02,Cup,1,7.00\n2024-01-03,Cup,1,7.00\n"
HEADER = "Date,Item,Qty,Amount\n"


def found_rows(found: Reading, kind: str) -> tuple[int, ...]:
    """Row numbers of the findings of a kind."""
    return tuple(row for item in found.changed if item.kind == kind for row in item.rows)


def test_a_plain_table_needs_no_word(table_of: TableOf) -> None:
    found = table_of(HEADER + BODY)
    assert found.columns == ("Date", "Item", "Qty", "Amount")
    assert found.report == ()
    assert found.details["header_rows"] == [1]
    assert [row[0] for row in rows(found)] == [2, 3, 4]


def test_without_a_header(table_of: TableOf) -> None:
    found = table_of(BODY)
    assert found.columns == ("column 1", "column 2", "column 3", "column 4")
    assert found.rows == 3
    assert kinds(found) == {"no_header"}


def test_the_header_can_be_said(table_of: TableOf) -> None:
    assert table_of(HEADER + BODY, header_rows=0).rows == 4
    assert table_of("a,b\nc,d\n1,2\n", header_rows=2).columns == ("a c", "b d")
    assert table_of("7,8\n1,2\n3,4\n", header_rows=1).columns == ("7", "8")


@pytest.mark.parametrize(
    "junk",
    [
        "Sales report\nMade by X, on Monday\n\n",
        "Sales report,,,\n,,,\n",
        "Report: sales\nPeriod: 2024-01\nCurrency: EUR\n",
        '"A long title, with a comma"\n\n\n',
    ],
)
def test_junk_above_the_header(table_of: TableOf, junk: str) -> None:
    found = table_of(junk + HEADER + BODY)
    assert found.columns == ("Date", "Item", "Qty", "Amount")
    assert found.rows == 3
    above = junk.count("\n")
    assert found.details["header_rows"] == [above + 1]
    preamble = found_rows(found, "preamble")
    assert preamble
    assert set(preamble) <= set(range(1, above + 1))
    noted = found.issues().collect()
    assert set(noted["row"]) >= set(preamble)


def test_header_lines_are_joined(table_of: TableOf) -> None:
    found = table_of("Order,Order,Net\nday,item,EUR\n2024-01-01,Pen,3.50\n2024-01-02,Cup,7.00\n2024-01-03,Cup,7.00\n")
    assert found.columns == ("Order day", "Order item", "Net EUR")
    assert found.rows == 3
    assert found_rows(found, "header") == (1, 2)


def test_names_of_groups_reach_over_their_columns(table_of: TableOf) -> None:
    found = table_of("Region,2023,,2024,\n,Q1,Q2,Q1,Q2\nNorth,1,2,3,4\nSouth,5,6,7,8\nEast,5,6,7,8\n")
    assert found.columns == ("Region", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2")


def test_a_header_with_its_own_separator(table_of: TableOf) -> None:
    found = table_of("Date Item Qty Amount\n" + BODY)
    assert found.columns == ("Date", "Item", "Qty", "Amount")
    assert "header" in kinds(found)


def test_headers_that_do_not_fit_are_reported(table_of: TableOf) -> None:
    short = table_of("Date,Item,Qty\n" + BODY)
    assert short.columns == ("Date", "Item", "Qty", "column 4")
    long = table_of("Date,Item,Qty,Amount,Note\n" + BODY)
    assert long.columns == ("Date", "Item", "Qty", "Amount", "Note")
    gap = table_of("Date,,Item,Qty,Amount\n" + BODY)
    assert gap.columns == ("Date", "Item", "Qty", "Amount")
    counted = table_of("item,amount\n1,Pen,3.5\n2,Cup,7\n3,Cup,7\n")
    assert counted.columns == ("row number", "item", "amount")
    for found in (short, long, gap, counted):
        assert found_rows(found, "header") == (1,)
        assert found.rows == 3


def test_repeated_and_missing_names(table_of: TableOf) -> None:
    found = table_of("id,name,name,,name (2)\n1,a,b,c,d\n2,a,b,c,d\n3,a,b,c,d\n4,a,b,c,d\n")
    assert found.columns == ("id", "name", "name (3)", "column 4", "name (2)")
    assert "header" in kinds(found)


def test_names_are_unique_whatever_they_are() -> None:
    for names in (["a", "a", "a"], ["", ""], ["a", "a (2)", "a"], ["__row", "__row"], ["column 2", "", "column 2"]):
        made = unique(names, [])
        assert len(set(made)) == len(names)
        assert "__row" not in made


def test_all_text_is_told_to_be_unproved(table_of: TableOf) -> None:
    found = table_of("city,country\nParis,France\nRome,Italy\n")
    assert found.columns == ("city", "country")
    assert kinds(found) == {"header"}


def test_a_repeated_header_is_left_out(table_of: TableOf) -> None:
    found = table_of(HEADER + BODY + HEADER + BODY)
    assert found.rows == 6
    assert found_rows(found, "repeated_header") == (5,)


@pytest.mark.parametrize(
    ("below", "gone"),
    [
        ("Total,,4,17.50\n", {5}),
        ("\nGrand total:,,,17.50\n", {6}),
        ("\nExported on 2024-02-01 by X\n", {6}),
        ("Total,,4,17.50\n\nEnd of report\n", {5, 7}),
        ("Summe,,4,17.50\n", {5}),
        ("3 rows\n", {5}),
    ],
)
def test_notes_and_sums_below_are_left_out(table_of: TableOf, below: str, gone: set[int]) -> None:
    found = table_of(HEADER + BODY + below)
    assert [row[0] for row in rows(found)] == [2, 3, 4]
    assert set(found_rows(found, "footer")) == gone
    assert table_of(HEADER + BODY + below, keep_total_rows=True).rows == 3 + len(gone)


@pytest.mark.parametrize("last", ["2024-01-04,Total care,1,7.00\n", "2024-01-04,,1,7.00\n", "2024-01-04,Cup\n"])
def test_real_last_rows_are_kept(table_of: TableOf, last: str) -> None:
    found = table_of(HEADER + BODY + last)
    assert found.rows == 4
    assert "footer" not in kinds(found)


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize("other", ["City,Country\nRome,Italy\nOslo,Norway\n", "A,B,C,D,E\nx,1,2,3,4\ny,1,2,3,4\n"])
def test_a_second_table_is_left_out_and_can_be_chosen(table_of: TableOf, gap: str, other: str) -> None:
    content = HEADER + BODY + gap + other
    found = table_of(content)
    first = 5 + len(gap)
    assert [row[0] for row in rows(found)] == [2, 3, 4]
    assert found_rows(found, "other_table") == (first, first + 1, first + 2)
    second = table_of(content, first_row=first)
    assert second.columns == tuple(other.split("\n")[0].split(","))
    assert [row[0] for row in rows(second)] == [first + 1, first + 2]
    assert [row[0] for row in rows(table_of(content, last_row=3))] == [2, 3]


def test_rows_without_content(table_of: TableOf) -> None:
    found = table_of("a,b\n\n1,2\n,\n3,4\n   \n\n")
    assert [row[0] for row in rows(found)] == [3, 5]
    (item,) = [item for item in found.report if item.kind == "blank_line"]
    assert item.rows == (4, 6, 7)
    assert not item.changed
