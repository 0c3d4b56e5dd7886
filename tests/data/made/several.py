"""Kinds of several files, sheets and typed tables that belong together."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.sax.saxutils import escape

import polars as pl

from tests.data.made.base import Files, Maker, kind, truth
from tests.data.made.orders import flat
from tests.data.made.sold import Line
from tests.data.made.words import NAMES, OTHER_NAMES, ROLES
from tests.data.reading.conftest import xlsx


def _months(maker: Maker) -> list[list[Line]]:
    """Three months of lines, with orders of their own each."""
    months = []
    for number in range(1, 4):
        lines = maker.sold(10, 25)
        months.append(
            [
                replace(x, order=f"{number}{x.order}", day=x.day.replace(month=number, day=min(x.day.day, 28)))
                for x in lines
            ]
        )
    return months


@kind
def months_with_other_names(maker: Maker) -> Files:
    """A file a month; in one of them columns have other names and another order."""
    months, tables = _months(maker), {}
    roles = ["order", "day", "customer", "product", "quantity", "amount"]
    second = dict(zip(ROLES, (OTHER_NAMES if maker.pick.random() < 0.5 else NAMES)[maker.language], strict=True))
    for number, lines in enumerate(months, start=1):
        own = maker.columns(*roles)
        names = second if number == 2 else maker.names
        rows = [[maker.cells(line)[role] for role in own] for line in lines]
        tables[f"sales_2024_{number:02}.csv"] = maker.csv([names[role] for role in own], rows)
    return Files(truth([line for lines in months for line in lines], proven=False), tables)


@kind
def month_with_an_empty_column(maker: Maker) -> Files:
    """A file a month; one has no discount at all."""
    months, tables, money = _months(maker), {}, 0
    roles = maker.columns("order", "day", "customer", "product", "quantity", "price", "discount")
    for number, lines in enumerate(months, start=1):
        rows = []
        for line in lines:
            off = 0 if number == 2 or maker.pick.random() < 0.6 else min(line.gross // 10 + 1, line.gross)
            money += line.gross - off
            rows.append({**maker.cells(line), "discount": maker.money(off) if off else ""})
        tables[f"{number:02}.csv"] = maker.table(roles, rows)
    given = truth([line for lines in months for line in lines], revenue=money / 100, proven=False)
    return Files(given, tables)


@kind
def overlapping(maker: Maker) -> Files:
    """Two exports share some orders, which count once."""
    lines = maker.sold(30, 60)
    orders = sorted({line.order for line in lines}, key=[line.order for line in lines].index)
    low, high = len(orders) // 3, 2 * len(orders) // 3
    roles = flat(maker)
    parts = (set(orders[:high]), set(orders[low:]))
    tables = {
        f"export_{n}.csv": maker.table(roles, [maker.cells(line) for line in lines if line.order in part])
        for n, part in enumerate(parts)
    }
    return Files(truth(lines, proven=False), tables)


@kind
def star(maker: Maker) -> Files:
    """Lines name products and customers by number; lists describe them, with junk rows at the end of one."""
    lines = maker.sold(40, 80)
    products = {name: 100 + n for n, name in enumerate(dict.fromkeys(line.product for line in lines))}
    customers = {name: 7000 + n for n, name in enumerate(dict.fromkeys(line.customer for line in lines))}
    key, who = maker.pick.choice(
        (("ProductID", "CustomerID"), ("product_id", "customer_id"), ("ProductKey", "CustomerKey"))
    )
    rows = [
        {**maker.cells(x), "pid": str(products[x.product]), "cid": str(customers[x.customer])} for x in lines
    ]  # fmt: skip
    sales = maker.table(maker.columns("order", "day", "cid", "pid", "quantity", "price"), rows, pid=key, cid=who)
    goods = maker.csv([key, "ProductName", "Category"], [[str(n), name, "Kitchen"] for name, n in products.items()])
    junk = [["90---", ""], ["90---", ""]] if maker.pick.random() < 0.5 else []
    people = maker.csv([who, "Name"], [*([str(n), name] for name, n in customers.items()), *junk])
    given = truth(lines, products=len(products), customers=len(customers), proven=False)
    return Files(given, {"sales.csv": sales, "products.csv": goods, "customers.csv": people})


@kind
def price_list(maker: Maker) -> Files:
    """The lines have no money: prices stand in the list of products."""
    lines = maker.sold(30, 60)
    prices = {line.product: line.price for line in lines}
    rows = [{**maker.cells(x), "product": f"P{sorted(prices).index(x.product)}"} for x in lines]
    number = maker.pick.choice(("SKU", "Product Code", "item_no"))
    sales = maker.table(maker.columns("order", "day", "customer", "product", "quantity"), rows, product=number)
    listed = [[f"P{n}", name, maker.money(prices[name])] for n, name in enumerate(sorted(prices))]
    goods = maker.csv([number, maker.names["product"], maker.names["price"]], listed)
    return Files(truth(lines, proven=False), {"sales.csv": sales, "products.csv": goods})


def _book(sheets: dict[str, tuple[list[str], list[list[object]]]]) -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    return xlsx(
        {
            name: "".join(f"<row>{''.join(cell(one) for one in row)}</row>" for row in [list[object](header), *rows])
            for name, (header, rows) in sheets.items()
        }
    )


def _typed(maker: Maker, line: Line) -> dict[str, object]:
    return {**maker.cells(line), "day": str(line.day), "quantity": line.quantity, "price": line.price / 100,
            "amount": line.gross / 100}  # fmt: skip


@kind
def sheet_a_month(maker: Maker) -> Files:
    """A workbook with a sheet a month."""
    months = _months(maker)
    roles = ["order", "day", "customer", "product", "quantity", "amount"]
    header = [maker.names[role] for role in roles]
    sheets = {
        f"{maker.word('months')} {n}": (header, [[_typed(maker, x)[role] for role in roles] for x in lines])
        for n, lines in enumerate(months, start=1)
    }
    every = [line for lines in months for line in lines]
    return Files(truth(every, proven=False), {"sales.xlsx": _book(sheets)})


@kind
def sheets_as_tables(maker: Maker) -> Files:
    """A workbook whose sheets are orders and items."""
    lines = maker.sold(30, 60)
    head = ["order", "day", "customer", "country"]
    items = ["order", "product", "quantity", "price"]
    orders = {line.order: _typed(maker, line) for line in lines}
    sheets = {
        "Orders": ([maker.names[r] for r in head], [[cells[r] for r in head] for cells in orders.values()]),
        "Items": ([maker.names[r] for r in items], [[_typed(maker, x)[r] for r in items] for x in lines]),
    }
    return Files(truth(lines, proven=False), {"shop.xlsx": _book(sheets)})


@kind
def typed_keys(maker: Maker) -> Files:
    """Parquet tables whose keys are whole numbers here and floats there."""
    lines = maker.sold(40, 80)
    products = {name: 10 + n for n, name in enumerate(dict.fromkeys(line.product for line in lines))}
    customers = {name: 17000 + n for n, name in enumerate(dict.fromkeys(line.customer for line in lines))}
    sales = pl.DataFrame(
        {
            "order_id": [int(x.order[1:]) for x in lines], "order_date": [x.day for x in lines],
            "product_id": [float(products[x.product]) for x in lines],
            "customer_id": [float(customers[x.customer]) for x in lines],
            "quantity": [x.quantity for x in lines], "unit_price": [x.price / 100 for x in lines],
        }
    )  # fmt: skip
    goods = pl.DataFrame({"product_id": list(products.values()), "product_name": list(products)})
    tables = {}
    for name, frame in (("sales.parquet", sales), ("products.parquet", goods)):
        out = io.BytesIO()
        frame.write_parquet(out)
        tables[name] = out.getvalue()
    return Files(truth(lines, products=len(products), customers=len(customers)), tables)


@kind
def refunds_file(maker: Maker) -> Files:
    """Refunds stand in a file of their own, by order and product."""
    lines = maker.sold(30, 60)
    back = maker.pick.sample(lines, 4)
    sales = maker.table(
        maker.columns("order", "day", "customer", "product", "quantity", "price"), [*map(maker.cells, lines)]
    )
    rows = [[x.order, x.day.isoformat(), x.product, str(x.quantity), maker.money(x.gross)] for x in back]
    header = [maker.names["order"], "Refund date", maker.names["product"], "Returned quantity", "Refund amount"]
    if maker.language == "de":
        header[1], header[3], header[4] = "Erstattungsdatum", "Menge zurück", "Erstattungsbetrag"
    given = truth(lines, proven=False)
    name = maker.pick.choice(("refunds.csv", "returns.csv", "Retouren.csv"))
    return Files(given, {"orders.csv": sales, name: maker.csv(header, rows)})
