"""Kinds in which orders are told in an unusual way: once, by state, by type, in groups, in two files."""

from __future__ import annotations

from dataclasses import replace

from tests.data.made.base import Files, Maker, Truth, kind, truth
from tests.data.made.sold import Line
from tests.data.made.words import WORDS

MONEY = (("quantity", "price"), ("quantity", "amount"), ("quantity", "price", "amount"))


def flat(maker: Maker, *more: str) -> list[str]:
    """Roles of a flat file, in a random order."""
    return maker.columns("order", "day", "customer", "product", *maker.pick.choice(MONEY), *more)


@kind
def state(maker: Maker) -> Files:
    """Cancelled orders stand among the others, told by a column of states."""
    lines = maker.sold()
    orders = sorted({line.order for line in lines})
    void = set(maker.pick.sample(orders, max(1, len(orders) // 6)))
    done, gone = maker.word("done"), maker.word("void")
    rows = [{**maker.cells(line), "state": gone if line.order in void else done} for line in lines]
    kept = [line for line in lines if line.order not in void]
    body = maker.table(flat(maker, "state"), rows, state=maker.word("state"))
    return Files(truth(kept, proven=False), {"orders.csv": body})


@kind
def refunds_by_type(maker: Maker) -> Files:
    """Rows of refunds with amounts above zero, told by a column of types."""
    lines = maker.sold()
    back = {id(line) for line in maker.pick.sample(lines, max(1, len(lines) // 8))}
    sale, refund = maker.word("sale"), maker.word("refund")
    rows = [{**maker.cells(line), "kind": refund if id(line) in back else sale} for line in lines]
    sold = [line for line in lines if id(line) not in back]
    returned = sum(line.gross for line in lines if id(line) in back) / 100
    body = maker.table(flat(maker, "kind"), rows, kind=maker.word("kind"))
    given = truth(sold, proven=False, returned=returned, orders=None, days=None)
    return Files(given, {"transactions.csv": body})


@kind
def refunded_column(maker: Maker) -> Files:
    """The money given back stands in a column of its own."""
    lines = maker.sold()
    rows = []
    for line in lines:
        off = line.gross if maker.pick.random() < 0.12 else 0
        rows.append({**maker.cells(line), "refunded": maker.money(off) if off or maker.pick.random() < 0.5 else ""})
    body = maker.table(flat(maker, "refunded"), rows, refunded=maker.word("refunded"))
    return Files(truth(lines, proven=False), {"sales.csv": body})


@kind
def order_cells_once(maker: Maker) -> Files:
    """Order, day and customer stand on an order's first line only."""
    lines, rows, last = maker.sold(), [], ""
    for line in lines:
        cells = maker.cells(line)
        if line.order == last:
            cells |= {"order": "", "day": "", "customer": ""}
        last = line.order
        rows.append(cells)
    roles = maker.columns("order", "day", "customer", "product", *maker.pick.choice(MONEY), keep=3)
    return Files(truth(lines, proven=False), {"export.csv": maker.table(roles, rows)})


@kind
def order_money_once(maker: Maker) -> Files:
    """The order's total and shipping stand on an order's first line only, beside the lines' own money."""
    lines, rows, last = maker.sold(), [], ""
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.order] = totals.get(line.order, 0) + line.gross
    for line in lines:
        first = line.order != last
        last = line.order
        more = {"order_total": maker.money(totals[line.order] + 500) if first else "",
                "shipping": maker.money(500) if first else ""}  # fmt: skip
        rows.append({**maker.cells(line), **more})
    roles = maker.columns("order", "day", "customer", "product", "quantity", "price", "order_total", "shipping")
    return Files(truth(lines, proven=False), {"orders_export.csv": maker.table(roles, rows)})


@kind
def place_once(maker: Maker) -> Files:
    """The country stands on an order's first line only; an empty place is the order's."""
    lines, rows, last = maker.sold(), [], ""
    for line in lines:
        rows.append({**maker.cells(line), **({"country": ""} if line.order == last else {})})
        last = line.order
    roles = flat(maker, "country")
    return Files(truth(lines), {"orders.csv": maker.table(roles, rows)})


@kind
def total_rows(maker: Maker) -> Files:
    """The last row is the total."""
    lines = maker.sold()
    rows = [maker.cells(line) for line in lines]
    end = {
        "order": maker.word("total"), "day": "", "customer": "", "product": "", "price": "",
        "quantity": str(sum(line.quantity for line in lines)), "amount": maker.money(sum(line.gross for line in lines)),
    }  # fmt: skip
    roles = maker.columns("order", "day", "customer", "product", "quantity", "amount", keep=1)
    return Files(truth(lines, proven=False), {"report.csv": maker.table(roles, [*rows, end])})


@kind
def groups(maker: Maker) -> Files:
    """Each customer stands in a row above the customer's lines, and a total below."""
    lines = sorted(maker.sold(), key=lambda line: line.customer)
    roles = ["order", "day", "product", "quantity", "price", "amount"]
    header = [maker.names[role] for role in roles]
    rows: list[list[str]] = []
    for customer in sorted({line.customer for line in lines}):
        own = [line for line in lines if line.customer == customer]
        rows.append([customer, *[""] * (len(roles) - 1)])
        rows += [[maker.cells(line)[role] for role in roles] for line in own]
        total = f"{maker.word('total')} {customer}"
        rows.append([total, "", "", "", "", maker.money(sum(line.gross for line in own))])
    return Files(truth(lines, proven=False), {"report.csv": maker.csv(header, rows)})


@kind
def header_and_items(maker: Maker) -> Files:
    """Orders in one file, their items in another."""
    lines = maker.sold(30, 80)
    orders = {line.order: maker.cells(line) for line in lines}
    key = maker.names["order"]
    head = maker.table(maker.columns("order", "day", "customer", "country"), list(orders.values()), order=key)
    items = maker.table(maker.columns("order", "product", "quantity", "price"), [maker.cells(line) for line in lines])
    return Files(truth(lines), {"orders.csv": head, "order_items.csv": items})


@kind
def items_orders_and_payments(maker: Maker) -> Files:
    """Items, orders and payments in three files: each order stands once in two of them."""
    made = header_and_items(maker)
    body = made.contents["order_items.csv"].decode("utf-8-sig").splitlines()
    place = body[0].split(maker.separator).index(maker.names["order"])
    orders = list(dict.fromkeys(line.split(maker.separator)[place] for line in body[1:]))
    rows = [[f"P{n}", order, f"2024-06-{n % 28 + 1:02}", "10"] for n, order in enumerate(orders)]
    name = {"es": "Pago", "de": "Zahlung", "fr": "Paiement"}.get(maker.language, "Payment")
    dated = {"es": "Fecha de pago", "de": "Zahlungsdatum", "fr": "Date de paiement"}.get(maker.language, "Paid on")
    payments = maker.csv([name, maker.names["order"], dated, "Amount"], rows)
    return Files(made.truth, {"a_payments.csv": payments, **made.contents})


@kind
def payments_beside(maker: Maker) -> Files:
    """A file of payments stands beside the orders: it is money received, not sold."""
    lines = maker.sold(30, 60)
    totals: dict[str, int] = {}
    days: dict[str, str] = {}
    for line in lines:
        totals[line.order] = totals.get(line.order, 0) + line.gross
        days[line.order] = maker.day(line)
    sales = maker.table(flat(maker), [maker.cells(line) for line in lines])
    pay = {
        "en": ("payment_id", "paid_on", "method", "amount"), "de": ("Zahlungsnr", "Zahlungsdatum", "Zahlart", "Betrag"),
        "fr": ("paiement_id", "date_paiement", "mode", "montant"), "es": ("pago_id", "fecha_pago", "metodo", "importe"),
    }.get(maker.language, ("payment_id", "paid_on", "method", "amount"))  # fmt: skip
    rows = [
        [f"P{n}", days[order], maker.pick.choice(("card", "cash", "transfer")), order, maker.money(total)]
        for n, (order, total) in enumerate(totals.items(), start=1)
    ]
    body = maker.csv([*pay[:3], maker.names["order"], pay[3]], rows)
    return Files(truth(lines, proven=False), {"sales.csv": sales, "payments.csv": body})


@kind
def no_number_no_customer(maker: Maker) -> Files:
    """Neither order nor customer: a day, a product and money suffice."""
    lines = maker.sold()
    body = maker.table(maker.columns("day", "product", "quantity", "amount"), [maker.cells(line) for line in lines])
    return Files(truth(lines, orders=None, proven=False), {"takings.csv": body})


@kind
def mail_only(maker: Maker) -> Files:
    """Customers have an e-mail and nothing else."""
    lines = maker.sold()
    name = maker.pick.choice(("E-mail", "Email", "customer_email", "Mail"))
    rows = [{**maker.cells(line), "mail": line.customer.lower().replace(" ", ".") + "@example.com"} for line in lines]
    roles = maker.columns("order", "day", "mail", "product", *maker.pick.choice(MONEY))
    customers = len({line.customer for line in lines})
    return Files(truth(lines, customers=customers), {"orders.csv": maker.table(roles, rows, mail=name)})


@kind
def one_line_receipts(maker: Maker) -> Files:
    """A till's receipts, many alike but for their number."""
    lines = [replace_order(line, f"R{n}") for n, line in enumerate(maker.sold(), start=1)]
    body = maker.table(maker.columns("order", "day", "product", "quantity", "amount"), [maker.cells(x) for x in lines])
    return Files(truth(lines), {"receipts.csv": body})


def replace_order(line: Line, order: str) -> Line:
    """A line of another order."""
    return replace(line, order=order)


@kind
def months_across(maker: Maker) -> Files:
    """A row a product, a column a month: revenue only."""
    products = [f"{maker.pick.choice(('Mug', 'Tea', 'Lamp'))} {n}" for n in range(maker.pick.randint(4, 9))]
    names = [f"{name} 2024" for name in _month_names(maker)[: maker.pick.randint(4, 12)]]
    cents = [[maker.pick.randint(0, 90000) for _ in names] for _ in products]
    rows = [[product, *map(maker.money, row)] for product, row in zip(products, cents, strict=True)]
    revenue = sum(map(sum, cents)) / 100
    body = maker.csv([maker.names["product"], *names], rows)
    return Files(Truth(revenue, proven=False), {"sales by month.csv": body})


def _month_names(maker: Maker) -> list[str]:
    nominative = {"pl": ("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień",
                         "październik", "listopad", "grudzień")}  # fmt: skip
    return list(nominative.get(maker.language, WORDS["months"][maker.language]))
