"""Kinds whose money is written in an unusual way: prices of the line, discounts that are off, marks before decimals."""

from __future__ import annotations

from tests.data.made.base import Files, Maker, kind, truth
from tests.data.made.orders import flat
from tests.data.made.sold import Line

NAMED: tuple[str, ...] = ("order", "day", "customer", "product")


def _discounted(maker: Maker, share: float = 0.4) -> list[Line]:
    """Lines of which some have a discount in cents."""
    lines = maker.sold(30, 60)
    for line in lines:
        if maker.pick.random() < share:
            line.off = max(1, line.gross * maker.pick.choice((5, 10, 20, 25)) // 100)
    return lines


@kind
def price_of_the_line(maker: Maker) -> Files:
    """What is called the price is that of the whole line: only its quantity undone is one price a product."""
    lines = maker.sold(40, 70)
    rows = [{**maker.cells(line), "price": maker.money(line.gross)} for line in lines]
    body = maker.table(maker.columns(*NAMED, "quantity", "price"), rows)
    return Files(truth(lines, proven=False), {"sales.csv": body})


@kind
def off_already(maker: Maker) -> Files:
    """The amount is what a discount left; nothing but the products' prices before it says so."""
    lines = _discounted(maker)
    rows = [{**maker.cells(x), "amount": maker.money(x.net), "discount": maker.money(x.off)} for x in lines]
    body = maker.table(maker.columns(*NAMED, "quantity", "amount", "discount"), rows)
    return Files(truth(lines, proven=False), {"sales.csv": body})


@kind
def cents_off(maker: Maker) -> Files:
    """Discounts of less than one are cents, not shares: quantity x price less them is the amount."""
    lines = maker.sold(30, 60)
    for line in lines:
        line.off = maker.pick.choice((0, 0, 5, 10, 20, 50, 75)) if line.gross > 200 else 0
    rows = [{**maker.cells(x), "amount": maker.money(x.net), "discount": maker.money(x.off)} for x in lines]
    body = maker.table(maker.columns(*NAMED, "quantity", "price", "discount", "amount"), rows)
    return Files(truth(lines), {"sales.csv": body})


@kind
def own_download(maker: Maker) -> Files:
    """The lines as this app gives them: revenue after the discount beside it."""
    lines = _discounted(maker)
    header = ["order_id", "day", "customer", "product", "country", "quantity", "revenue", "discount"]
    rows = [[x.order, str(x.day), x.customer, x.product, x.country, str(x.quantity), f"{x.net / 100:.2f}",
             f"{x.off / 100:.2f}"] for x in lines]  # fmt: skip
    maker.separator = ","
    return Files(truth(lines), {"lines.csv": maker.csv(header, rows)})


@kind
def two_styles(maker: Maker) -> Files:
    """Two people typed the amounts: 1,234.50 on some rows, 1.234,50 on others."""
    lines = maker.sold(30, 60)
    for line in lines:
        line.price *= 21
    rows = []
    for line in lines:
        text = f"{line.gross / 100:,.2f}"
        swapped = text.replace(",", " ").replace(".", ",").replace(" ", ".")
        rows.append({**maker.cells(line), "amount": swapped if maker.pick.random() < 0.4 else text})
    maker.separator = ";"
    body = maker.table(maker.columns(*NAMED, "quantity", "amount"), rows)
    return Files(truth(lines, proven=False), {"sales.csv": body})


@kind
def three_decimals(maker: Maker) -> Files:
    """Every amount has three digits behind its only mark: thousands, or parts of a currency with three decimals."""
    lines = maker.sold(20, 40)
    mark = maker.pick.choice((",", "."))
    for line in lines:
        line.quantity, line.price = 1, maker.pick.randint(1001, 9899) * 100
    rows = [{**maker.cells(x), "amount": f"{x.price // 100_000}{mark}{x.price // 100 % 1000:03}"} for x in lines]
    maker.separator = ";"
    body = maker.table(maker.columns(*NAMED, "quantity", "amount"), rows)
    return Files(truth(lines, proven=False), {"sales.csv": body})


@kind
def subtotal_and_total(maker: Maker) -> Files:
    """Beside the lines' own money each line repeats its order's subtotal, tax and total."""
    lines, totals = maker.sold(30, 60), dict[str, int]()
    for line in lines:
        totals[line.order] = totals.get(line.order, 0) + line.gross
    rate = maker.pick.choice((7, 19, 20, 21))
    tax = {order: (total * rate + 50) // 100 for order, total in totals.items()}
    rows = [
        {**maker.cells(x), "net": maker.money(totals[x.order]), "tax": maker.money(tax[x.order]),
         "order_total": maker.money(totals[x.order] + tax[x.order])}
        for x in lines
    ]  # fmt: skip
    sub = {"en": "Subtotal", "de": "Zwischensumme", "fr": "Sous-total", "es": "Subtotal", "it": "Subtotale",
           "nl": "Subtotaal", "pt": "Subtotal", "pl": "Suma częściowa", "sv": "Delsumma", "ja": "小計"}  # fmt: skip
    body = maker.table(
        maker.columns(*NAMED, "quantity", "price", "net", "tax", "order_total"), rows, net=sub[maker.language]
    )
    return Files(truth(lines, proven=False), {"sales.csv": body})


@kind
def prices_with_tax(maker: Maker) -> Files:
    """Quantity x price is the amount with tax; the tax in it stands beside it, and the amount without it."""
    lines = maker.sold(30, 60)
    rate, rows, money = maker.pick.choice((7, 19, 20, 21)), list[dict[str, str]](), 0
    for line in lines:
        net = round(line.gross * 100 / (100 + rate))
        money += net
        more = {"net": maker.money(net), "tax": maker.money(line.gross - net), "total": maker.money(line.gross)}
        rows.append({**maker.cells(line), **more})
    body = maker.table(maker.columns(*NAMED, "quantity", "price", "net", "tax", "total"), rows)
    return Files(truth(lines, revenue=money / 100, proven=False), {"sales.csv": body})


@kind
def sold_by_any_name(maker: Maker) -> Files:
    """The quantity has an unusual name; prices and amounts prove it."""
    names = ("Items sold", "Pieces", "Verkaufte Stück", "Pcs", "Nb articles", "Unidades vendidas", "Pezzi venduti",
             "Sold", "Stuks verkocht", "Qtde vendida", "Sprzedano", "Sålda", "販売個数", "n", "How many")  # fmt: skip
    lines = maker.sold(25, 50)
    body = maker.table(
        maker.columns(*NAMED, "quantity", "price", "amount"), [*map(maker.cells, lines)],
        quantity=maker.pick.choice(names),
    )  # fmt: skip
    return Files(truth(lines), {"sales.csv": body})


@kind
def windows_text(maker: Maker) -> Files:
    """Written by an old Windows program: cp1252 with no-break spaces and curly quotes."""
    lines = maker.sold(20, 50)
    if maker.language in ("ja", "pl"):
        maker.names |= {"order": "Order", "day": "Date", "customer": "Customer", "product": "Product",
                        "quantity": "Quantity", "price": "Price", "amount": "Amount"}  # fmt: skip
    rows = [{**maker.cells(x), "product": f"“{x.product}” – Größe\u00a0L"} for x in lines]
    body = maker.table(flat(maker), rows).decode("utf-8-sig").encode("cp1252")
    return Files(truth(lines, products=len({x.product for x in lines})), {"sales.csv": body})
