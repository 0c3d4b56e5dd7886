"""Files as public bodies publish them: titles, several tables, header lines of several kinds, notes. Made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.reading import Reading
from data.reading.columns import Row, counting_cells, profile_of
from tests.data.reading.conftest import kinds, rows, sheet_rows, xlsx

TableOf = Callable[..., Reading]

GIFTS = "Minister,Date,From,Value\nAnn,01/02/2013,Kenya,20\nBob,02/02/2013,Chad,35\nCid,03/02/2013,Peru,12\n"
TRIPS = "Name,Purpose,Days\nAnn,Summit,2\nBob,Visit,3\n"


def reported(found: Reading, kind: str) -> set[int]:
    """Row numbers of the findings of a kind."""
    return {row for item in found.changed if item.kind == kind for row in item.rows}


def padded(text: str, width: int) -> str:
    """Lines with as many cells as a spreadsheet program writes them."""
    return "".join(line + "," * (width - 1 - line.count(",")) + "\n" for line in text.splitlines())


# --- Titles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Gifts, travel and hospitality, January 2013\n",
        "Gifts, travel\nOffice, Q1, 2013\n\n",
        "Geschenke, Reisen und Bewirtung, Stand 31.12.2013\n",
        "Ministry,Quarter 1\nVersion,3\n\n",
    ],
)
def test_a_title_with_delimiters_is_no_header(table_of: TableOf, title: str) -> None:
    found = table_of(title + GIFTS)
    assert found.columns == ("Minister", "Date", "From", "Value")
    assert found.rows == 3
    titled = {number for number, line in enumerate(title.splitlines(), start=1) if line}
    assert reported(found, "preamble") == titled
    assert titled <= set(found.issues().collect()["row"])


def test_a_sentence_is_no_header_of_another_separator(table_of: TableOf) -> None:
    note = "Costs are actual costs, including VAT, unless stated otherwise.\n"
    found = table_of(note + "Item|Owner|Place\nPen|Ann|Rome\nCup|Bob|Oslo\nPot|Cid|Bonn\n")
    assert found.columns == ("Item", "Owner", "Place")
    assert found.rows == 3


# --- Header lines -----------------------------------------------------------------------------------------------------

YEARS = "North,1200.5,1301,1420\nSouth,90,95,110.25\nEast,77,81.5,79\n"


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Region,2010,2011,2012\n", ("Region", "2010", "2011", "2012")),
        ("Region,2010-11,2011-12,2012-13\n", ("Region", "2010-11", "2011-12", "2012-13")),
        ("Region,Jan,Feb,Mar\n,(£m),(£m),(£m)\n", ("Region", "Jan (£m)", "Feb (£m)", "Mar (£m)")),
        ("Region,Gold,Silver,Tin\n,kg,kg,g/m2\n", ("Region", "Gold kg", "Silver kg", "Tin g/m2")),
        (",Men,,Women\nRegion,2010,2011,2010\n", ("Region", "Men 2010", "Men 2011", "Women 2010")),
        (
            ",Payroll,,\n,Men,,Women\nRegion,Old,New,Old\n",
            ("Region", "Payroll Men Old", "Payroll Men New", "Payroll Women Old"),
        ),
    ],
)
def test_header_lines(table_of: TableOf, header: str, names: tuple[str, ...]) -> None:
    found = table_of(header + YEARS)
    assert found.columns == names
    assert found.rows == 3
    lines = header.count("\n")
    assert found.details["header_rows"] == list(range(1, lines + 1))
    assert reported(found, "header") == (set(range(1, lines + 1)) if lines > 1 else set())


def test_years_as_data_are_no_header(table_of: TableOf) -> None:
    found = table_of("2010,2011,5\n2012,2013,6\n2014,2015,9\n")
    assert found.details["header_rows"] == []
    assert found.rows == 3


def test_odd_first_rows_are_data(table_of: TableOf) -> None:
    """Rows below the header that lack the usual values are neither header nor title."""
    body = "Ann,April,Kenya,Nil\nBob,May,Chad,Nil\n"
    found = table_of("Minister,Date,From,Value\n" + body + GIFTS.split("\n", 1)[1] * 2)
    assert found.columns == ("Minister", "Date", "From", "Value")
    assert found.rows == 8


@pytest.mark.parametrize(
    ("header", "column"), [(",Date,From,Value", 1), ("Minister,,From,Value", 2), ("Minister,Date,From,", 4)]
)
def test_columns_without_a_name_are_reported(table_of: TableOf, header: str, column: int) -> None:
    found = table_of(header + "\n" + GIFTS.split("\n", 1)[1])
    assert found.columns[column - 1] == f"column {column}"
    (item,) = [item for item in found.changed if item.kind == "header"]
    assert f"column {column} has no name" in item.sentence
    assert item.rows == (1,)


def test_what_counts_from_cell_to_cell() -> None:
    assert counting_cells(["Area", "2001", "2002", "2003"]) == {1, 2, 3}
    assert counting_cells(["", "2003/04", "2004/05", "x", "FY2010", "FY2011"]) == {1, 2, 4, 5}
    assert counting_cells(["0", "1", "2", "3"]) == {0, 1, 2, 3}
    assert counting_cells(["1", "2", "x", "7", "8", "9", "10"]) == frozenset()
    assert counting_cells(["1998", "2003", "120", "121"]) == frozenset()


def test_a_profile_leaves_out_the_first_rows() -> None:
    lines = [Row(number, cells) for number, cells in enumerate([["a", "b"], ["(m)", "(s)"], ["1", "2"], ["3", "4"]])]
    profile = profile_of(lines, 2)
    assert profile.typed == (0, 1)
    assert [profile.is_names(row) for row in lines] == [True, True, False, False]
    assert [profile.is_data(row) for row in lines] == [False, False, True, True]


# --- Several tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["\n", "\nTrips of ministers\n", "\n\nTrips, January 2013\n\n"])
@pytest.mark.parametrize("is_padded", [False, True])
def test_the_first_of_several_tables_is_read(table_of: TableOf, gap: str, is_padded: bool) -> None:
    content = "Gifts received\n" + GIFTS + gap + TRIPS
    found = table_of(padded(content, 5) if is_padded else content)
    assert found.columns[:4] == ("Minister", "Date", "From", "Value")
    assert [row[0] for row in rows(found)] == [3, 4, 5]
    titles = {6 + number for number, line in enumerate(gap.splitlines()) if line.strip()}
    header = 6 + gap.count("\n")
    left_out = reported(found, "other_table") | reported(found, "footer")
    assert left_out == titles | {header, header + 1, header + 2}
    assert left_out <= set(found.issues().collect()["row"])
    (item,) = [item for item in found.changed if item.kind == "other_table"]
    assert f"first row {header}" in item.sentence
    chosen = table_of(content, first_row=header)
    assert chosen.columns == ("Name", "Purpose", "Days")
    assert chosen.rows == 2


def test_a_first_table_of_fewer_columns_is_the_table(table_of: TableOf) -> None:
    wide = "Area,A,B,C,D,E\n" + "".join(f"Area {n},{n},{n + 1},{n + 2},{n + 3},{n + 4}\n" for n in range(8))
    found = table_of(TRIPS + "Cid,Talks,4\n\n" + wide)
    assert found.columns == ("Name", "Purpose", "Days")
    assert found.rows == 3
    assert reported(found, "other_table") == set(range(6, 15))


def test_the_columns_of_a_wider_table_are_not_those_of_the_first(table_of: TableOf) -> None:
    wide = "Area,A,B,C,D,E\nNorth,1,2,3,4,5\nSouth,6,7,8,9,10\n"
    found = table_of(padded(TRIPS + "\n" + wide, 6))
    assert found.columns == ("Name", "Purpose", "Days")
    assert rows(found) == [(2, "Ann", "Summit", "2"), (3, "Bob", "Visit", "3")]


def test_a_few_lines_above_a_large_table_are_said_to_be_a_table(table_of: TableOf) -> None:
    lines = "".join(f"{n},2024-01-{n % 28 + 1:02},Pen,{n}.50\n" for n in range(1, 80))
    found = table_of("Shop,Lines\nRome,40\nOslo,39\n\nOrder,Day,Item,Amount\n" + lines)
    assert found.columns == ("Order", "Day", "Item", "Amount")
    assert found.rows == 79
    assert reported(found, "other_table") == {1, 2, 3}
    assert table_of("Shop,Lines\nRome,40\nOslo,39\n\n" + lines, last_row=3).columns == ("Shop", "Lines")


@pytest.mark.parametrize(
    "between",
    [
        "\n",
        "\nMinister,Date,From,Value\n",
        "\nOffice of Ann\n",
        "\nOffice: Rome,Head: Bob,,\n",
        "\nAnn,April,Kenya,Nil\n",
    ],
)
def test_the_same_table_goes_on(table_of: TableOf, between: str) -> None:
    """Gaps, pages, sections and odd rows do not end a table."""
    body = GIFTS.split("\n", 1)[1]
    found = table_of(GIFTS + between + body + between + body)
    assert "other_table" not in kinds(found)
    assert sum(row[2] is not None and "/02/2013" in row[2] for row in rows(found)) == 9


@pytest.mark.parametrize("size", [1, 2, 3])
def test_rows_above_a_gap_are_no_titles(table_of: TableOf, size: int) -> None:
    lines = [f"Ann {n},{n} High Street,{'note' if n == 7 else ''}" for n in range(9)]
    parts = ["\n".join(lines[start : start + size]) for start in range(0, len(lines), size)]
    found = table_of("List of members\n\nName,Address,Notes\n" + "\n\n".join(parts) + "\n")
    assert found.columns == ("Name", "Address", "Notes")
    assert found.rows == 9


def test_a_running_number_without_a_name(table_of: TableOf) -> None:
    found = table_of(
        ",text,label\n" + "".join(f"d{n:03},said {n} words,{'pos' if n % 2 else 'neg'}\n" for n in range(9))
    )
    assert found.columns == ("column 1", "text", "label")
    assert found.rows == 9


def test_tables_of_a_sheet(table_of: TableOf) -> None:
    first = [["Item", "Day", "Amount"], ["Pen", "2024-01-05", 3], ["Cup", "2024-01-06", 7], ["Pot", "2024-01-07", 9]]
    second = [["Place", "Head", "Area", "Phone"], ["Rome", "Ann", 12, 5], ["Oslo", "Bob", 15, 6]]
    content = sheet_rows(*first) + sheet_rows(*second, first=7)
    found = table_of(xlsx({"S": content}), name="book.xlsx")
    assert found.columns == ("Item", "Day", "Amount")
    assert found.rows == 3
    assert reported(found, "other_table") == {7, 8, 9}


# --- Below ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "\n"])
def test_notes_are_left_out_however_the_file_ends(table_of: TableOf, end: str) -> None:
    notes = "\nNotes\n1. Figures may not add up.\n(2) Nil means nothing was declared\nSource: Office of Ann, 2013"
    found = table_of(GIFTS + notes + end)
    assert found.rows == 3
    assert reported(found, "footer") == {6, 7, 8, 9}


def test_more_notes_than_rows(table_of: TableOf) -> None:
    notes = "".join(f"{number}. This is {'very ' * number}long\n" for number in range(1, 8))
    found = table_of(GIFTS + "\n" + notes)
    assert found.rows == 3
    assert reported(found, "footer") == set(range(6, 13))


@pytest.mark.parametrize(("total", "is_sum"), [("3900.5", True), ("3,900.50", True), ("4711", False)])
def test_a_full_row_of_sums_is_told_by_what_it_adds_up_to(table_of: TableOf, total: str, is_sum: bool) -> None:
    found = table_of(f'Region,Amount\nNorth,1200.5\nSouth,900\nEast,1800\nTotal,"{total}"\n')
    assert found.rows == (3 if is_sum else 4)
    assert reported(found, "footer") == ({5} if is_sum else set())
