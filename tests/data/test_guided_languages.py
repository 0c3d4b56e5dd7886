"""Files in other languages, or without a header, are understood without a recipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import guided
from data.errors import DataError
from data.guided import ImportOptions
from tests.data.without_recipe import prepare_files, totals_of

GERMAN = (
    "Belegnr;Datum;Kundennr;Kunde;Artikelnr;Artikel;Warengruppe;Menge;Umsatz (€)\n"
    "R1;31.12.2023;00123;Anna Koch;P1;Kanne;Küche;2;1.234,50 €\n"
    "R2;02.01.2024;00124;Bo Wolf;P2;Lampe;Licht;1;20,00 €\n"
)


def test_german_names_numbers_dates_and_money(tmp_path: Path) -> None:
    path = tmp_path / "umsatz_2024.csv"
    path.write_text(GERMAN, encoding="windows-1252")
    with guided.understood([path]) as files:
        found = files.understood
        prepared = prepare_files(files)
    assert {column: one.meaning for column, one in found.files[0].meanings.items()} == {
        "Belegnr": "order_id",
        "Datum": "ordered_on",
        "Kundennr": "customer_id",
        "Kunde": "name",
        "Artikelnr": "product_id",
        "Artikel": "product",
        "Warengruppe": "category",
        "Menge": "quantity",
        "Umsatz (€)": "revenue",
    }
    assert (found.currency, found.questions) == ("EUR", ())
    assert totals_of(prepared) == {"lines": 2, "revenue": 1254.5, "orders": 2, "customers": 2, "units": 3}


@pytest.mark.parametrize(
    "header",
    [
        "N° de commande;Date de commande;Nom du client;Désignation;Quantité;Montant HT",
        "Nº Pedido;Fecha;Cliente;Producto;Cantidad;Importe",
        "Numero ordine;Data;Cliente;Prodotto;Quantità;Importo",
        "Ordernummer;Orderdatum;Klant;Productnaam;Aantal;Bedrag",
        "Número do pedido;Data;Cliente;Produto;Quantidade;Valor total",
    ],
)
def test_other_languages_are_understood(header: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = "".join(
        f"R{number};{number + 12}/01/2024;Ana {number % 4};Taza {number % 3};2;10,50\n" for number in range(18)
    )
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    with guided.understood([path]) as files:
        found = files.understood
        prepared = prepare_files(files)
    meanings = [one.meaning for one in found.files[0].meanings.values()]
    assert meanings[:2] + meanings[3:] == ["order_id", "ordered_on", "product", "quantity", "revenue"]
    assert meanings[2] in ("customer_id", "name")
    assert totals_of(prepared)["revenue"] == 189.0


def test_lines_without_a_header_are_told_by_their_values(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = (f"R{n},2024-01-{n % 28 + 1:02},Bo Li,Tin of biscuits {n % 5},{n % 6 + 1},{n * 3}.50\n" for n in range(60))
    path.write_text("".join(rows), encoding="utf-8")
    with guided.understood([path]) as files:
        (question,) = [one for one in files.understood.questions if one.must]
        with pytest.raises(DataError, match="Which is the money of a line"):
            files.recipe(ImportOptions())
        right = next(one for one in question.answers if one.label == "column 6, column 5 the units")
        prepared = prepare_files(files, ImportOptions(answers={"money": right.key}))
    # Nothing says whether the last number is a line's or a unit's; each answer says what it comes to, and on which row.
    assert right.totals is not None
    assert (right.totals.revenue, right.row) == (sum(n * 3 + 0.5 for n in range(60)), "Row 2: 3.50 = column 6")
    assert totals_of(prepared) == {
        "lines": 60,
        "revenue": right.totals.revenue,
        "orders": 60,
        "customers": 0,
        "units": sum(n % 6 + 1 for n in range(60)),
    }
