"""Kinds in which products, customers and places are told in an unusual way."""

from __future__ import annotations

from dataclasses import replace

from tests.data.made.base import Files, Maker, kind, truth
from tests.data.made.orders import MONEY, flat


@kind
def store_key(maker: Maker) -> Files:
    """A store's number leads to no list: it is a way to break numbers down."""
    lines = maker.sold(40, 60)
    stores = [str(n) for n in range(1, maker.pick.randint(4, 9))]
    by_order = {line.order: maker.pick.choice(stores) for line in lines}
    name = maker.pick.choice(("store_id", "StoreKey", "Store No", "Filialnummer", "shop_id", "branch_no"))
    body = maker.table(flat(maker, "store"), [{**maker.cells(x), "store": by_order[x.order]} for x in lines],
                       store=name)  # fmt: skip
    return Files(truth(lines, members=sorted(set(by_order.values()))), {"sales.csv": body})


@kind
def many_stores(maker: Maker) -> Files:
    """More than sixty cities are a way to break numbers down all the same."""
    lines = [replace(x, order=f"B{n}") for n, x in enumerate(maker.sold(300, 340))]
    cities = [f"{maker.pick.choice(('Nor', 'Sund', 'Ber', 'Lin', 'Hal'))}stad {n}" for n in range(70)]
    rows = [{**maker.cells(x), "city": cities[n % 70]} for n, x in enumerate(lines)]
    name = maker.pick.choice(("City", "Store", "Stadt", "Ville", "Ciudad", "Città", "Branch", "Cidade"))
    body = maker.table(flat(maker, "city"), rows, city=name)
    return Files(truth(lines, members=cities, proven=False), {"sales.csv": body})


@kind
def country_twice(maker: Maker) -> Files:
    """The country stands with the orders and, sometimes otherwise, with the customers: that of the order counts."""
    lines = maker.sold(40, 70)
    people = {line.customer: line.country for line in lines}
    homes = {name: "Italy" if n == 0 else place for n, (name, place) in enumerate(people.items())}
    roles = maker.columns("order", "day", "customer", "product", "quantity", "price", "country")
    customers = maker.csv([maker.names["customer"], maker.names["country"], "Segment"],
                          [[name, place, maker.pick.choice("AB")] for name, place in homes.items()])  # fmt: skip
    contents = {"sales.csv": maker.table(roles, [*map(maker.cells, lines)]), "customers.csv": customers}
    return Files(truth(lines, members=sorted(set(people.values())), proven=False), contents)


@kind
def double_key(maker: Maker) -> Files:
    """One product stands twice in the list of products: the row is set aside, not the file."""
    lines = maker.sold(40, 70)
    products = {name: f"P{n}" for n, name in enumerate(dict.fromkeys(line.product for line in lines))}
    key = maker.pick.choice(("SKU", "Product ID", "item_no", "product_code"))
    sales = maker.table(maker.columns("order", "day", "customer", "sku", "quantity", "price"),
                        [{**maker.cells(x), "sku": products[x.product]} for x in lines], sku=key)  # fmt: skip
    listed = [[number, name, "Kitchen"] for name, number in products.items()]
    goods = maker.csv([key, "Product name", "Category"], [*listed, [listed[0][0], f"{listed[0][1]} old", "Other"]])
    given = truth(lines, products=len(products), proven=False)
    return Files(given, {"sales.csv": sales, "products.csv": goods})


@kind
def firm_or_person(maker: Maker) -> Files:
    """Customers are firms or persons: first and last name on each row, a firm on some."""
    lines = maker.sold(30, 60)
    firm, first, last = {
        "de": ("Firma", "Vorname", "Nachname"), "fr": ("Société", "Prénom", "Nom de famille"),
        "es": ("Empresa", "Nombre de pila", "Apellido"), "it": ("Azienda", "Nome", "Cognome"),
        "nl": ("Bedrijf", "Voornaam", "Achternaam"), "sv": ("Företag", "Förnamn", "Efternamn"),
    }.get(maker.language, ("Company", "First Name", "Last Name"))  # fmt: skip
    people = {x.customer: maker.pick.random() < 0.5 for x in lines}
    rows = []
    for line in lines:
        given, _, family = line.customer.partition(" ")
        rows.append({**maker.cells(line), "first": given, "last": f"{family}mann",
                     "firm": f"{family} Ltd" if people[line.customer] else ""})  # fmt: skip
    roles = maker.columns("order", "day", "firm", "first", "last", "product", "quantity", "price")
    body = maker.table(roles, rows, firm=firm, first=first, last=last)
    return Files(truth(lines, customers=len(people), proven=False), {"sales.csv": body})


@kind
def products_by_number(maker: Maker) -> Files:
    """Products have a number and nothing else."""
    lines = maker.sold(30, 60)
    numbers = {name: str(40_100 + 7 * n) for n, name in enumerate(dict.fromkeys(x.product for x in lines))}
    name = maker.pick.choice(("SKU", "EAN", "Artikelnummer", "Item No.", "product_id", "Código de producto", "PLU"))
    body = maker.table(maker.columns("order", "day", "customer", "sku", *maker.pick.choice(MONEY)),
                       [{**maker.cells(x), "sku": numbers[x.product]} for x in lines], sku=name)  # fmt: skip
    return Files(truth(lines, products=len(numbers)), {"sales.csv": body})


@kind
def products_missing(maker: Maker) -> Files:
    """Some rows name no product: their money counts all the same."""
    lines = maker.sold(40, 70)
    gone = {id(line) for line in maker.pick.sample(lines, 3)}
    rows = [{**maker.cells(x), **({"product": ""} if id(x) in gone else {})} for x in lines]
    return Files(truth(lines, proven=False), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def customers_by_name(maker: Maker) -> Files:
    """Customers are known by name only, beside their e-mail or city."""
    lines = maker.sold(30, 60)
    name = {"de": "Name des Kunden", "fr": "Nom client", "es": "Nombre del comprador", "it": "Nome cliente",
            "nl": "Naam klant", "pl": "Nazwa kontrahenta", "pt": "Nome do comprador", "sv": "Köparens namn",
            "ja": "お客様名"}.get(maker.language, maker.pick.choice(("Buyer Name", "Customer Full Name")))  # fmt: skip
    body = maker.table(flat(maker), [*map(maker.cells, lines)], customer=name)
    return Files(truth(lines, customers=len({x.customer for x in lines})), {"sales.csv": body})
