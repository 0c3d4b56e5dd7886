"""Text files: encoding, line ends, dialect, quotes, ragged rows. Every file here is made by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from data.reading import Limits, Reading
from tests.data.reading.conftest import RefusalOf, TableOf, kinds, rows

SALES = [
    ["order", "day", "product", "amount", "place"],
    ["1001", "2024-03-05", "Cup", "3.50", "Rome"],
    ["1002", "2024-03-06", "Tea, green", "12.00", "Oslo"],
    ["1003", "2024-03-07", 'Plate 10"', "7.25", "Rome"],
    ["1004", "2024-03-08", "Don't panic", "1.00", "Bonn"],
    ["1005", "2024-03-09", "", "2.00", "Bonn"],
]


def written(delimiter: str = ",", **keywords: object) -> str:
    """SALES by Python's csv writer."""
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, **{"lineterminator": "\n", **keywords}).writerows(SALES)  # type: ignore[arg-type]
    return target.getvalue()


def assert_sales(found: Reading) -> None:
    """The table is SALES."""
    assert list(found.columns) == SALES[0]
    assert [list(row[1:]) for row in rows(found)] == [[cell or None for cell in row] for row in SALES[1:]]


# --- Dialects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f", ":"])
def test_delimiters(table_of: TableOf, delimiter: str, quoting: int) -> None:
    found = table_of(written(delimiter, quoting=quoting))
    assert_sales(found)
    assert found.details["delimiter"] == delimiter
    assert not kinds(found)


def test_a_delimiter_of_several_signs(table_of: TableOf) -> None:
    content = "\n".join("||".join(row) for row in SALES)
    assert table_of(content).details["delimiter"] == "||"
    assert [row[3] for row in rows(table_of(content))] == ["Cup", "Tea, green", 'Plate 10"', "Don't panic", None]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(table_of: TableOf, line_end: str) -> None:
    found = table_of(written(lineterminator=line_end))
    assert_sales(found)
    assert found.details["line_end"] == {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}[line_end]
    assert [row[0] for row in rows(found)] == [2, 3, 4, 5, 6]


def test_single_quotes(table_of: TableOf) -> None:
    found = table_of(written(quotechar="'", quoting=csv.QUOTE_ALL))
    assert_sales(found)
    assert found.details["quote"] == "'"


@pytest.mark.parametrize(
    ("content", "quote", "first"),
    [
        ("name,kind,n\nAnn,'Scheduled',1\nBob,Charter,2\nCid,'No 32',3\nDan,Charter,4\n", '"', "'Scheduled'"),
        ("title,artist,n\nTil,'Boys,1\nRock,'Bowie',2\nSay 'hi',Joe,3\nX,Y,4\n", '"', "'Boys"),
        ("id,code,n\n1,'00123,2\n2,'00124,3\n3,'00125,4\n", '"', "'00123"),
        ("name,kind,n\nAnn,'a, b',1\nBob,'c, d',2\nCid,'e',3\n", "'", "a, b"),
        ("'name','kind','n'\n'Ann','a','1'\n'Bob','b','2'\n", "'", "a"),
        ("name;kind;n\nAnn;'it''s; so';1\nBob;'c; d';2\nCid;'e';3\n", "'", "it's; so"),
    ],
)
def test_apostrophes_protect_cells_or_are_part_of_them(table_of: TableOf, content: str, quote: str, first: str) -> None:
    found = table_of(content)
    assert found.details["quote"] == quote
    assert rows(found)[0][2] == first
    said = [item for item in found.report if item.kind == "quote"]
    assert len(said) == (quote == "'")


def test_a_small_table_among_sentences(table_of: TableOf) -> None:
    notes = "This is what is known.\nAsk the office, if in doubt.\n\n"
    found = table_of(notes + "Name\tDay\tItem\tCost\nAnn\t01/02/2013\tPen\t3\n\nNothing else, this time.\n")
    assert found.details["delimiter"] == "\t"
    assert [row[1:] for row in rows(found)] == [("Ann", "01/02/2013", "Pen", "3")]


@pytest.mark.parametrize("sign", ["\\", "\x00", "^"])
def test_escaped_quotes(table_of: TableOf, sign: str) -> None:
    lines = [
        ",".join('"' + cell.replace('"', f'{sign}"') + '"' for cell in row)
        for row in [*SALES, *SALES[3:4], *SALES[3:4]]
    ]
    found = table_of("\n".join(lines))
    assert found.details["escape"] == sign
    assert [row[3] for row in rows(found)].count('Plate 10"') == 3
    assert not kinds(found)


def test_quotes_inside_that_nothing_protects(table_of: TableOf) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in SALES]
    found = table_of("\n".join(lines))
    assert_sales(found)
    assert kinds(found) == {"quotes"}


def test_padding_after_the_delimiter(table_of: TableOf) -> None:
    lines = [", ".join(f'"{cell}"' if set(cell) & set(',"') else cell for cell in row) for row in SALES]
    found = table_of("\n".join(lines).replace('10""', '10"""'))
    assert [row[3] for row in rows(found)][:2] == ["Cup", "Tea, green"]
    assert found.details["delimiter"].strip() == ","


def test_columns_lined_up_with_blanks(table_of: TableOf) -> None:
    found = table_of("id   name        amount\n1    New York      2.50\n22   Rome         13.00\n")
    assert found.columns == ("id", "name", "amount")
    assert rows(found) == [(2, "1", "New York", "2.50"), (3, "22", "Rome", "13.00")]


def test_columns_lined_up_with_single_blanks(table_of: TableOf) -> None:
    found = table_of("id day amount\n 00499 19971029  1   2.50\n 22594 19971126 12  13.00\n")
    assert [row[1:] for row in rows(found)] == [
        ("00499", "19971029", "1", "2.50"),
        ("22594", "19971126", "12", "13.00"),
    ]


def test_one_column_of_values_is_not_taken_apart(table_of: TableOf) -> None:
    for values in (["2024-01-01", "2024-01-02"], ["10:30", "11:45"], ["a-1", "b-2"], ["x@y.org", "z@y.org"]):
        found = table_of("\n".join(["Value", *values * 3]))
        assert (found.columns, found.rows) == (("Value",), 6)


def test_excel_says_which_delimiter(table_of: TableOf) -> None:
    found = table_of("sep=;\r\na;b\r\n1,5;2\r\n2,5;3\r\n")
    assert found.details["delimiter"] == ";"
    assert rows(found) == [(3, "1,5", "2"), (4, "2,5", "3")]


def test_hints_win(table_of: TableOf) -> None:
    content = "a,b;c\n1,2;3\n4,5;6\n"
    assert table_of(content, delimiter=";").columns == ("a,b", "c")
    assert table_of(content, delimiter=",").columns == ("a", "b;c")
    assert rows(table_of('a,b\n"1",2\n', quote=""))[0][1] == '"1"'


def test_one_column(table_of: TableOf) -> None:
    found = table_of('name\nfoo bar\n"x, y"\n')
    assert (found.columns, [row[1] for row in rows(found)]) == (("name",), ["foo bar", "x, y"])


def test_decimal_commas_do_not_separate(table_of: TableOf) -> None:
    assert table_of("a;b;c\n1,5;2,5;3,0\n3,5;4,5;1,1\n").columns == ("a", "b", "c")


# --- Rows that are not as they should be ------------------------------------------------------------------------------


def test_short_and_long_rows_are_kept_and_numbered(table_of: TableOf) -> None:
    found = table_of("a,b,c\n1,2,3\n4,5\n6,7,8,9,10\n11,12,13\n")
    assert rows(found) == [(2, "1", "2", "3"), (3, "4", "5", None), (4, "6", "7", "8"), (5, "11", "12", "13")]
    assert kinds(found) == {"short_row", "long_row"}
    issues = found.issues().collect()
    assert issues.select("row", "kind", "cells", "text").rows() == [
        (3, "short_row", 2, "4,5"),
        (4, "long_row", 5, "6,7,8,9,10"),
    ]
    assert issues["extra"].to_list() == [[], ["9", "10"]]


def test_a_quote_too_many(table_of: TableOf) -> None:
    lines = [f'{number},"text, with {number}",x' for number in range(1, 20)]
    lines[7] = '8,"text, with 8,x'
    lines[11] = '12,""text, with 12",x'
    lines[15] = '16,"text, with 16","'
    found = table_of("\n".join(["id,note,end", *lines]))
    cells = {row[0]: row[1:] for row in rows(found)}
    assert len(cells) == 19
    assert cells[13] == ("12", '"text, with 12', "x")
    assert cells[17] == ("16", "text, with 16", '"')
    assert cells[10] == ("9", "text, with 9", "x")
    assert cells[20] == ("19", "text, with 19", "x")
    flagged = set(found.issues().collect()["row"])
    assert {9, 13, 17} <= flagged <= {9, 13, 17}


def test_line_ends_inside_quotes(table_of: TableOf) -> None:
    found = table_of('a,b\r\n1,"one\r\ntwo\nthree"\r\n2,x\r\n')
    assert rows(found) == [(2, "1", "one\r\ntwo\nthree"), (5, "2", "x")]
    assert "quotes" not in kinds(found)


def test_a_quote_that_never_closes_costs_one_row(table_of: TableOf) -> None:
    lines = [f'{number},"note {number}",{number}.5' for number in range(3_000)]
    lines[1_500] = '1500,"note 1500,1500.5'
    found = table_of("id,note,amount\n" + "\n".join(lines))
    assert found.rows == 3_000
    assert set(found.issues().collect()["row"]) == {1_502}


def test_nothing_is_lost_or_invented(table_of: TableOf) -> None:
    found = table_of("id,text\n1,  two blanks  \n2,NULL\n3,n/a\n4,00123\n5,1e5\n6,true\n")
    assert [row[2] for row in rows(found)] == ["  two blanks  ", "NULL", "n/a", "00123", "1e5", "true"]


def test_a_column_named_like_the_row_number(table_of: TableOf) -> None:
    found = table_of("__row,x\n7,8\n9,10\n")
    assert found.columns == ("__row (2)", "x")
    assert rows(found) == [(2, "7", "8"), (3, "9", "10")]


# --- What is no table -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n\t"])
def test_empty_files_are_tables_without_columns(table_of: TableOf, content: bytes) -> None:
    found = table_of(content)
    assert (found.columns, found.rows, [item.kind for item in found.report]) == ((), 0, ["empty"])
    assert found.scan().collect().is_empty()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(range(256)) * 50, "of another kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(900), "of another kind"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(1, 32)) * 40, "of another kind"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "web page"),
        (b'[{"a": 1, "b": 2}]', "JSON"),
    ],
)
def test_other_files_are_refused_with_a_sentence(refusal_of: RefusalOf, content: bytes, words: str) -> None:
    assert words in refusal_of(content)


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_rows_columns_cells_and_texts_are_bounded(refusal_of: RefusalOf) -> None:
    few = Limits(rows=100, columns=10, cells=500, cell_bytes=1000)
    assert "100 rows" in refusal_of("a,b\n" + "1,2\n" * 101, limits=few)
    assert "10 columns" in refusal_of(",".join(f"c{n}" for n in range(11)) + "\n" + ",".join("1" * 11), limits=few)
    assert "500 cells" in refusal_of("a,b,c,d,e,f\n" + "1,2,3,4,5,6\n" * 99, limits=few)
    assert "1,000 bytes" in refusal_of("a,b\n1," + "x" * 1001 + "\n", limits=few)


def test_one_endless_line(refusal_of: RefusalOf) -> None:
    assert "one line" in refusal_of(b"a,b\n" + b"x" * (17 << 20))


def test_many_quotes_that_never_close_end_in_time(read_file: Callable[..., object]) -> None:
    assert read_file(("id,note\n" + '1,"x\n' * 60_000).encode()) is not None
    assert read_file(("a,b,c\n" + '"' * 30_001 + "\n" + '",","' * 4_000).encode()) is not None
