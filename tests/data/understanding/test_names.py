"""What names of columns suggest, in words of many languages."""

from __future__ import annotations

import pytest

from data.understanding.names import is_date_name, number_role, text_role


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Value before discount", "amount"),
        ("Wert nach Abzug vor Rabatt", "amount"),
        ("Montant avant remise", "amount"),
        ("Importe después de descuento", "amount"),
        ("Suma po rabacie", "amount"),
        ("値引後", "amount"),
        ("할인 후 금액", "amount"),
        ("Discounted unit price", "price"),
        ("Excl. VAT", "amount"),
        ("Valor c/ imposto", "amount"),
        ("KDV hariç", "amount"),
        ("Итого без доставки", "amount"),
        ("Sum incl. shipping", "amount"),
        ("Sconto prima dell'IVA", "discount"),
        ("Tax before discount", "tax"),
        ("Rabatt", "discount"),
        ("VAT", "tax"),
        ("Bruto", "amount"),
        ("Valor líquido", "amount"),
        ("الخصم", "discount"),
        ("Έκπτωση", "discount"),
        ("Preis pro Stück", "price"),
        ("Prix par pièce", "price"),
        ("Цена за шт.", "price"),
        ("Cena za szt.", "price"),
        ("Db", "quantity"),
    ],
)
def test_what_a_number_is_beside_is_not_what_it_is(name: str, role: str) -> None:
    assert number_role(name) == role


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Nazwa kontrahenta", "customer"),
        ("Název zákazníka", "customer"),
        ("Libellé client", "customer"),
        ("Kundenbezeichnung", "customer"),
        ("Наименование магазина", "place"),
        ("Category description", "category"),
        ("Nazwa", "product"),
        ("Opis", "product"),
        ("Artikelbezeichnung", "product"),
        ("País de entrega", "country"),
    ],
)
def test_a_name_of_something_is_of_what_it_names(name: str, role: str) -> None:
    assert text_role(name) == role


@pytest.mark.parametrize("name", ["Ordredato", "Tilauspäivä", "주문일", "تاريخ البيع"])
def test_dates_are_named_in_many_languages(name: str) -> None:
    assert is_date_name(name)
