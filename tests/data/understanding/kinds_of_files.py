"""Kinds of files that belong together: each small and invented, with what must come out of them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.data.understanding.kinds import Kind, table

_HEADERS = table(
    "id;fecha;cliente_id;estado",
    "301;2024-05-02;21;entregado",
    "302;2024-05-09;22;entregado",
    "303;2024-06-11;21;cancelado",
    "304;2024-06-20;23;entregado",
)
_ITEMS = table(
    "id;pedido_id;producto_id;cantidad;precio",
    "1;301;71;2;10,00",
    "2;301;72;1;4,50",
    "3;302;71;1;10,00",
    "4;303;73;3;7,00",
    "5;304;73;2;7,00",
    "6;304;72;4;4,50",
)
_SALES = table(
    "order_id,created_at,buyer_mail,item,qty,amount",
    "810,2024-07-01,u@mail.test,Kettle,1,60.00",
    "811,2024-07-02,v@mail.test,Cup,4,24.00",
    "812,2024-07-09,u@mail.test,Spoon,2,5.00",
    "813,2024-07-20,w@mail.test,Kettle,2,120.00",
)

FILES: Mapping[str, Kind] = {
    "orders.id, items.order_id, in Spanish": Kind(
        {
            "pedidos.csv": _HEADERS,
            "lineas_pedido.csv": _ITEMS,
            "clientes.csv": table("id;nombre;ciudad", "21;Eva Ruiz;Lugo", "22;Leo Paz;Vigo", "23;Ana Gil;Lugo"),
            "productos.csv": table("id;nombre;categoria", "71;Taza;Mesa", "72;Vela;Casa", "73;Plato;Mesa"),
        },
        {"revenue": 66.5, "orders": 3, "lines": 5, "customers": 3, "products": ["Plato", "Taza", "Vela"]},
        "pedido_id = id: every value is found there",
    ),
    "heads and positions that share a bare Nr": Kind(
        {
            "Kopf.csv": table("Nr;Datum;Kunde", "5001;03.04.2024;Ida", "5002;14.04.2024;Max", "5003;20.05.2024;Ida"),
            "Positionen.csv": table(
                "Nr;Artikel;Menge;Einzelpreis",
                "5001;Kanne;1;18,40",
                "5001;Tasse;2;7,50",
                "5002;Tasse;1;7,50",
                "5003;Kanne;3;18,40",
            ),
        },
        {"revenue": 96.1, "orders": 3, "lines": 4, "customers": 2},
    ),
    "a list whose short key has the same name in the sales": Kind(
        {
            "umsatz.csv": table(
                "order,day,kd,art,qty,price",
                "1,2024-01-05,101,7,1,9.50",
                "2,2024-01-06,102,8,2,4.00",
                "2,2024-01-06,102,7,1,9.50",
                "3,2024-02-01,101,7,3,9.50",
            ),
            "artikel.csv": table("art;name;group", "7;Seife;Bad", "8;Salz;Haus"),
        },
        {"revenue": 55.5, "orders": 3, "products": ["Salz", "Seife"]},
    ),
    "payments beside orders that say when": Kind(
        {
            "orders.csv": _SALES,
            "payments.csv": table(
                "payment_id,order_id,paid_at,method,amount",
                "1,810,2024-07-01,card,30.00",
                "2,810,2024-07-03,voucher,30.00",
                "3,811,2024-07-02,card,24.00",
                "4,812,2024-07-09,card,5.00",
                "5,813,2024-07-20,card,120.00",
            ),
        },
        {"revenue": 209.0, "orders": 4, "customers": 3, "lines": 4},
        "amount comes to 209.00: payments are no sales",
    ),
    "refunds that name what came back and why": Kind(
        {
            "orders.csv": _SALES,
            "refunds.csv": table(
                "refund_id,order_id,refund_date,item,reason,amount",
                "R1,813,2024-07-28,Kettle,too loud,60.00",
                "R2,811,2024-07-30,Cup,broken,6.00",
            ),
        },
        {"revenue": 209.0, "returned": 66.0, "orders": 4},
        "66.00 in all: it becomes returns",
    ),
    "refunds by the bare ID of sales": Kind(
        {
            "ordini.csv": table(
                "id;cliente;data;prodotto;quantita;importo",
                "1;Ugo;2024-01-03;Vaso;1;12,00",
                "2;Lia;2024-01-09;Tazza;2;9,00",
            ),
            "rimborsi.csv": table(
                "id;ordine_id;data_rimborso;prodotto;motivo;importo", "1;2;2024-01-20;Tazza;rotta;4,50"
            ),
        },
        {"revenue": 21.0, "orders": 2, "returned": 4.5},
    ),
    "numbers of one digit everywhere, categories behind products": Kind(
        {
            "orders.csv": table("id,customer_id,date", "1,1,2024-01-03", "2,2,2024-01-17", "3,1,2024-02-11"),
            "order_lines.csv": table(
                "id,order_id,product_id,quantity,price",
                "1,1,1,2,5.00",
                "2,1,2,1,8.00",
                "3,2,1,4,5.00",
                "4,3,3,2,8.00",
            ),
            "products.csv": table("id,name,category_id", "1,Soap,1", "2,Salt,2", "3,Mop,1"),
            "categories.csv": table("id,name", "1,Bath", "2,Food"),
            "customers.csv": table("id,name", "1,Ada", "2,Bo"),
        },
        {"revenue": 54.0, "orders": 3, "customers": 2, "products": ["Mop", "Salt", "Soap"]},
        "products.csv joins categories.csv by category_id = id: every value is found there",
    ),
    "a list with rows twice and without a key": Kind(
        {
            "sales.csv": table(
                "order_no,date,cust,item_code,qty,amount",
                "1,2024-01-05,Ann,A1,2,10.00",
                "2,2024-01-16,Ben,B2,1,7.00",
                "3,2024-02-06,Ann,C3,3,9.00",
            ),
            "items.csv": table("code,name", "A1,Soap", "B2,Salt", "B2,Salt", ",Unknown", "C3,Mop"),
        },
        {"revenue": 26.0, "orders": 3, "lines": 3, "products": ["Mop", "Salt", "Soap"]},
    ),
}
