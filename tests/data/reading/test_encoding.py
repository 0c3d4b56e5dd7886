"""Encodings of texts are found out, assumed with a note, or named."""

from __future__ import annotations

import pytest

from tests.data.reading.conftest import RefusalOf, TableOf, kinds, rows

CITIES = "Stadt;Länge;Preis\nKöln;12;3,50 €\nGenève;7;2,00 €\nKraków;1;5,00 €\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_unicode_encodings(table_of: TableOf, encoding: str) -> None:
    found = table_of(CITIES.encode(encoding))
    assert found.columns == ("Stadt", "Länge", "Preis")
    assert [row[1] for row in rows(found)] == ["Köln", "Genève", "Kraków"]
    assert ("encoding" in kinds(found)) == (encoding in ("utf-16-le", "utf-16-be", "utf-32-le"))


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("cp1252", "Müller & Söhne – „Größe“ €"),
        ("cp1250", "Łódź Kraków Wrocław Gdańsk"),
        ("cp850", "Jürgen Köln Größe"),
        ("mac_roman", "Jürgen Köln René"),
        ("cp1251", "Молоко и хлеб из Москвы"),
        ("shift_jis", "日本語の商品を買いました"),
        ("gb18030", "这是中文产品名称和说明"),
    ],
)
def test_other_encodings_are_assumed_and_reported(table_of: TableOf, encoding: str, word: str) -> None:
    found = table_of(f"name;n\n{word};1\n{word};2\n".encode(encoding))
    assert rows(found)[0][1] == word
    assert "encoding" in kinds(found)


@pytest.mark.parametrize("text", ["Exports (£m)", "£m", "Cost £25,000", "£k a year"])
def test_a_pound_sign_is_no_letter(table_of: TableOf, text: str) -> None:
    found = table_of(f"Area;{text}\nNorth;1\nSouth;2\n".encode("cp1252"))
    assert found.columns[1] == text
    polish = table_of("Miasto;n\nŁódź;1\nŁomża;2\n".encode("cp1250"))
    assert [row[1] for row in rows(polish)] == ["Łódź", "Łomża"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", ["Café Œuvre", "L’Épicerie"]),
        ("cp1252", ["Bœuf", "Sœur"]),
        ("cp1252", ["ŒUFS"]),
        ("cp1250", ["Jaś", "Ośrodek"]),
        ("cp1250", ["Środa", "Śniadanie"]),
        ("cp1250", ["Kość"]),
    ],
)
def test_the_letters_oe_and_s_acute_share_a_byte(table_of: TableOf, encoding: str, words: list[str]) -> None:
    found = table_of("\n".join(["name;n", *(f"{word};1" for word in words * 3)]).encode(encoding))
    assert [row[1] for row in rows(found)] == words * 3


def test_the_word_that_shows_the_choice_is_no_row(table_of: TableOf) -> None:
    found = table_of("Société;Commande;n\nCafé Œuvre;Été;1\nHôtel;Noël;2\n".encode("cp1252"))
    (item,) = [item for item in found.changed if item.kind == "encoding"]
    assert item.sentence.startswith("The letters are read as windows-1252, the likeliest encoding")
    assert item.sentence.endswith(": it makes words such as 'Œuvre'.")


def test_an_encoding_can_be_named(table_of: TableOf, refusal_of: RefusalOf) -> None:
    assert rows(table_of("a;b\nł;1\n".encode("iso8859-2"), encoding="iso-8859-2"))[0][1] == "ł"
    assert "expected an encoding such as utf-8" in refusal_of(b"a;b\n1;2\n", encoding="klingon")


def test_damaged_utf8_is_read_and_numbered(table_of: TableOf) -> None:
    found = table_of("name,n\ncafé,1\nnaïve,2\nüber,3\n".encode() + b"b\xe9,4\n")
    assert rows(found)[3][1] == "bé"
    (item,) = [item for item in found.changed if item.kind == "bytes"]
    assert item.rows == (5,)
