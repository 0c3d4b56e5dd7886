"""Columns that name the rows of other files: proven by values, and by names where numbers are small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from data import guided
from data.terms.rows import ROW
from data.understanding.relating import relations_of
from data.understanding.tables import table_of
from tests.data.reading.conftest import xlsx


def _related(**files: Mapping[str, Sequence[str]]) -> set[tuple[str, str, str, str]]:
    """(file, column, other file, key) of the relations between some tables of texts."""
    tables = []
    for name, columns in files.items():
        frame = pl.DataFrame(columns).with_row_index(ROW, offset=2)
        tables.append(table_of(f"{name}.csv", frame.lazy(), frame.height))
    return {(item.file[:-4], item.column, item.other[:-4], item.key) for item in relations_of(tables)}


NUMBERS = ("1", "2", "3")


def test_a_column_that_speaks_of_a_file_names_its_rows() -> None:
    assert _related(
        pedidos={"id": NUMBERS, "fecha": ("2024-01-01", "2024-01-02", "2024-02-03")},
        lineas={"id": ("1", "2", "3", "4"), "pedido_id": ("1", "1", "2", "3"), "articulo": ("a", "b", "a", "c")},
    ) == {("lineas", "pedido_id", "pedidos", "id")}


def test_small_numbers_alone_name_nothing() -> None:
    assert not _related(
        shelves={"id": NUMBERS, "label": ("top", "middle", "low")},
        visits={"id": NUMBERS, "guest_no": ("1", "2", "2")},
    )


def test_telling_numbers_name_rows_under_any_name() -> None:
    numbers = [str(4000 + 7 * n) for n in range(8)]
    assert _related(
        alpha={"id": numbers, "label": list("abcdefgh")},
        beta={"beta_id": [str(n) for n in range(1, 10)], "gamma_key": [*numbers, numbers[0]]},
    ) == {("beta", "gamma_key", "alpha", "id")}


def test_a_number_that_two_lists_have_names_neither_unless_a_name_says_which() -> None:
    numbers = [str(4000 + 7 * n) for n in range(8)]
    list_of = {"id": numbers, "label": list("abcdefgh")}
    assert not _related(alpha=list_of, delta=list_of, beta={"x": list("abcdefgh"), "gamma_key": numbers})
    assert _related(alpha=list_of, delta=list_of, beta={"x": list("abcdefgh"), "delta_key": numbers}) == {
        ("beta", "delta_key", "delta", "id")
    }


def test_a_bare_number_names_rows_where_its_values_come_back() -> None:
    heads = {"Nr": NUMBERS, "Tag": ("2024-01-01", "2024-01-02", "2024-02-03")}
    assert _related(kopf=heads, zeilen={"Nr": ("1", "1", "2", "3"), "Ware": ("a", "b", "a", "c")}) == {
        ("zeilen", "Nr", "kopf", "Nr")
    }
    assert not _related(kopf=heads, zeilen={"Nr": NUMBERS, "Ware": ("a", "b", "a")})


def _cells(*rows: str) -> str:
    """The rows of a sheet, from texts with blanks between the cells."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    return "".join(f"<row>{''.join(map(cell.format, row.split()))}</row>" for row in rows)


def test_sheets_of_a_workbook_are_tables_that_name_each_other(tmp_path: Path) -> None:
    (tmp_path / "laden.xlsx").write_bytes(
        xlsx(
            {
                "Posten": _cells("AuftragNr SKU Menge Je", "71 B1 2 4.50", "71 B2 1 9.00", "72 B1 3 4.50"),
                "Auftraege": _cells("AuftragNr Tag KundeNr", "71 2024-03-04 8", "72 2024-03-18 9"),
                "Kunden": _cells("KundeNr Name", "8 Ida", "9 Max"),
            }
        )
    )
    with guided.understood([tmp_path / "laden.xlsx"]) as files:
        roles = {use.role for use in files.understood.files}
        totals = files.understood.totals
    assert roles == {"lines", "orders", "customers"}
    assert totals is not None
    assert (totals.revenue, totals.orders, totals.rows) == (31.5, 2, 3)
