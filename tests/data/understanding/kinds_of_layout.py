"""Kinds of sales files that differ in how their rows, columns and cells are laid out."""

from __future__ import annotations

from collections.abc import Mapping

from tests.data.understanding.kinds import ONE_UNIT, Kind, table

LAYOUTS: Mapping[str, Kind] = {
    "blank cells repeat the row above": Kind(
        {
            "so.csv": table(
                "Order,Order Date,Client,Item,Quantity,Amount",
                "S7,2025-01-02,Eva,Candle,4,20.00",
                ",,,Cup,2,18.00",
                "S8,2025-02-13,Leo,Cup,1,9.00",
                ",,,Candle,1,5.00",
            )
        },
        {"revenue": 52.0, "orders": 2, "customers": 2, "units": 8},
        "Blank cells of Order, Order Date, Client repeat the row above",
    ),
    "a place on the first line of an order": Kind(
        {
            "orders.csv": table(
                "Order,Date,Client,Land,Item,Quantity,Amount",
                "1,2025-01-02,Eva,Spain,Candle,4,20.00",
                "1,2025-01-02,Eva,,Cup,2,18.00",
                "2,2025-02-13,Leo,Italy,Cup,1,9.00",
            )
        },
        {"revenue": 47.0, "orders": 2, "country": ["Italy", "Spain"]},
    ),
    "headings above their lines, totals below": Kind(
        {
            "report.csv": table(
                ",Date,No,Item,Quantity,Amount",
                "Eva Store,,,,,",
                ",2025-01-13,81,Candle,4,20.00",
                ",2025-01-19,84,Cup,2,18.00",
                "Total for Eva Store,,,,6,38.00",
                "Leo Shop,,,,,",
                ",2025-02-13,85,Cup,1,9.00",
                "Total for Leo Shop,,,,1,9.00",
            )
        },
        {"revenue": 47.0, "orders": 3, "customers": 2},
    ),
    "orders and their items": Kind(
        {
            "orders.csv": table(
                "OrderID,Client,OrderDate,Country",
                *(f"{n},K{n % 4},2025-01-{n:02},{('Spain', 'Italy')[n % 2]}" for n in range(1, 25)),
            ),
            "items.csv": table(
                "OrderID,Item,UnitPrice,Quantity,Discount",
                *(f"{n},P{n % 3},{10 + n % 3}.50,{n % 2 + 1},{0.2 if n % 3 == 0 else 0}" for n in range(1, 25)),
            ),
        },
        {
            "revenue": sum((10.5 + n % 3) * (n % 2 + 1) * (0.8 if n % 3 == 0 else 1) for n in range(1, 25)),
            "orders": 24,
            "customers": 4,
        },
        "items.csv joins orders.csv by OrderID: every value is found there.",
    ),
    "months with other names and another order": Kind(
        {
            "jan.csv": table(
                "Order No,Date,Customer,Product,Quantity,Amount",
                "1,2025-01-13,Eva,Candle,4,20.00",
                "2,2025-01-14,Leo,Cup,2,18.00",
            ),
            "feb.csv": table(
                "Sum,Client,Order Number,Order Date,Item,Qty",
                "9.00,Eva,3,2025-02-13,Cup,1", "5.00,Leo,4,2025-02-15,Candle,1"
            ),
        },
        {"revenue": 52.0, "orders": 4, "customers": 2, "units": 8},
    ),
    "days and digits of Japan": Kind(
        {
            "uriage.csv": table(
                "注文番号,注文日,顧客名,商品名,数量,金額",
                "1,2025年1月5日,山田,皿,２,￥2400",
                "2,2025年2月17日,鈴木,鍋,１,￥3000",
            )
        },
        {"revenue": 5400.0, "currency": "JPY", "days": ("2025-01-05", "2025-02-17")},
    ),
    "kilograms": Kind(
        {
            "markt.csv": table(
                "Bon,Date,Client,Item,Quantity,Unit Price",
                "1,2025-01-13,Eva,Cheese,0.45,20.00",
                "2,2025-01-14,Leo,Ham,1.5,30.00",
            )
        },
        {"revenue": 54.0, "units": 1.95},
        "quantities are kept exactly, in hundredths of a unit. The file's 1.95 units are 1.95 sold.",
    ),
    "the day of a report beside the days of its rows": Kind(
        {
            "payout.csv": table(
                "Deposit day,Order,Posted,Item,Quantity,Amount",
                *(f"2025-04-30,{n},2025-04-{n + 3:02},Cup,2,{n}.50" for n in range(1, 7)),
            )
        },
        {"revenue": 24.0, "days": ("2025-04-04", "2025-04-09")},
    ),
    "guarded numbers": Kind(
        {
            "o.csv": table(
                "Order No,Date,Customer,Product,Quantity,Amount",
                '"=""00077""",2025-01-13,Eva,Candle,4,20.00',
                '"=""00078""",2025-01-14,Leo,Cup,2,18.00',
            )
        },
        {"revenue": 38.0, "order_ids": ["00077", "00078"]},
    ),
    "no order number and no customer": Kind(
        {
            "list.csv": table(
                "Day,Item,Units,Revenue", "2025-01-13,Candle,4,20.00", "2025-01-13,Cup,2,18.00", "2025-01-15,Cup,1,9.00"
            )
        },
        {"revenue": 47.0, "orders": 3},
        "each row is one order",
    ),
    "no order number and guests without a customer": Kind(
        {
            "shop.csv": table(
                "Date,E-mail,Product,Quantity,Amount",
                "2025-01-13,eva@x.example,Candle,4,20.00",
                "2025-01-13,eva@x.example,Cup,2,18.00",
                "2025-01-13,,Cup,1,9.00",
                "2025-01-13,,Cup,3,27.00",
                "2025-01-15,leo@x.example,Cup,1,9.00",
            )
        },
        {"revenue": 83.0, "lines": 5, "orders": 4, "customers": 2},
        "what a customer bought on one day is one order",
    ),
    "a cell in forty is a word": Kind(
        {
            "s.csv": table(
                "Order No,Date,Customer,Product,Quantity,Amount",
                *(f"{n},2025-01-{n % 28 + 1:02},C{n % 5},Cup,2,{n}.50" for n in range(1, 41) if n != 7),
                "7,soon,C2,Cup,2,7.50",
            )
        },
        {"revenue": sum(n + 0.5 for n in range(1, 41) if n != 7), "lines": 39},
        "1 cells of Date cannot be read, such as 'soon'",
    ),
    "many shops": Kind(
        {
            "r.csv": table(
                "Receipt,Date,Shop,Item,Quantity,Unit Price",
                *(f"{n},2025-{n % 12 + 1:02}-13,Shop {n % 90:02},Roll,{n % 3 + 1},2.50" for n in range(540)),
            )
        },
        {"revenue": sum((n % 3 + 1) * 2.5 for n in range(540)), "shops": 90},
    ),
    "two months side by side": Kind(
        {"report.csv": table("SKU,2025-03,2025-04", "B7,11,6", "C9,4,9")},
        {"revenue": 30.0, "days": ("2025-03-01", "2025-04-01")},
        answers=ONE_UNIT,
    ),
    "items that name their documents by a bare number": Kind(
        {
            "belege.csv": table("Nr;Datum;Kunde", "7;13.02.2025;Jana", "8;14.02.2025;Timo", "9;25.02.2025;Jana"),
            "posten.csv": table(
                "Nr;Artikel;Menge;Preis", "7;Honig;2;6,50", "7;Wachs;1;12,00", "8;Wachs;2;12,00", "9;Honig;3;6,50"
            ),
        },
        {"revenue": 68.5, "units": 8, "orders": 3, "customers": 2},
    ),
    "refunds without a day beside the sales": Kind(
        {
            "orders.csv": table(
                "Order,Date,Customer,Product,Qty,Amount",
                "1,2025-02-13,Ann,Mug,2,24.00",
                "2,2025-02-14,Bob,Bowl,3,45.00",
                "3,2025-02-20,Ann,Bowl,1,15.00",
            ),
            "refunds.csv": table("Order,Refund amount,Reason", "2,45.00,broken"),
        },
        {"revenue": 84.0, "returned": 0.0},
        "Refund amount comes to 45.00: that is money given back, but no column says when, so that no return",
    ),
    "products under the name of orders, one after the other": Kind(
        {
            "s.csv": table(
                "Date,Order,Who,Ref,Quantity,Amount",
                "2025-03-02,Teapot,Ben,K701,1,24.50",
                "2025-03-06,Lamp,Ben,K702,1,38.00",
                "2025-03-14,Lamp,Eva,K703,2,76.00",
                "2025-03-14,Mug,Eva,K703,2,15.00",
                "2025-03-19,Mug,Ben,K704,5,37.50",
                "2025-03-23,Mug,Eva,K705,2,15.00",
            )
        },
        {"revenue": 206.0, "orders": 5, "days": ("2025-03-02", "2025-03-23")},
    ),
}  # fmt: skip
