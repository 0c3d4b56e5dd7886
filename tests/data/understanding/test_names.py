"""What names of columns suggest, in words of many languages."""

from __future__ import annotations

import pytest

from data.understanding.names import is_date_name, likeness, number_role, slug, synonyms, text_role, words


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


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("OrderNo.", "order no"),
        ("order_no", "order no"),
        ("ORDER NO", "order no"),
        ("Größe (cm)", "grosse cm"),
        ("SKU", "sku"),
    ],
)
def test_names_as_words(name: str, plain: str) -> None:
    assert words(name) == plain


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("InvoiceNo", "order_id"),
        ("Order ID", "order_id"),
        ("Order Date", "ordered_on"),
        ("CustomerKey", "customer_id"),
        ("StockCode", "product_id"),
        ("Qty", "quantity"),
        ("dollar_value", "revenue"),
        ("UnitPrice", "unit_price"),
        ("ProductSubcategoryKey", "subcategory_id"),
        ("SalesTerritoryKey", "territory_id"),
    ],
)
def test_a_name_means_one_thing_best(name: str, meaning: str) -> None:
    best = max(synonyms(), key=lambda one: likeness(name, one))
    assert best == meaning


def test_the_most_usual_name_counts_most() -> None:
    assert likeness("ProductName", "product") > likeness("ProductDescription", "product") > 0
    assert likeness("OrderLineItem", "order_id") == 0


@pytest.mark.parametrize(
    ("name", "made"),
    [("Ship Mode", "ship_mode"), ("2nd colour", "c_2nd_colour"), ("Shop ID", "shop_code"), ("日本", "")],
)
def test_names_of_breakdowns(name: str, made: str) -> None:
    assert slug(name) == made
