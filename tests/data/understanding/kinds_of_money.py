"""Kinds of sales files that differ in what the money of a line is."""

from __future__ import annotations

from collections.abc import Mapping

from tests.data.understanding.kinds import ONE_UNIT, Kind, table

MONEY: Mapping[str, Kind] = {
    "an order's total beside the lines": Kind(
        {
            "rechnungen.csv": table(
                "Rechnung;Datum;Kunde;Artikel;Menge;Einzelpreis;Positionsbetrag;Summe",
                "R1;03.02.2025;Lara;Seife;3;4,50;13,50;33,50",
                "R1;03.02.2025;Lara;Kerze;2;10,00;20,00;33,50",
                "R2;14.02.2025;Mona;Kerze;5;10,00;50,00;50,00",
            )
        },
        {"revenue": 83.5, "units": 10, "orders": 2},
        "Summe is the total of the whole order",
    ),
    "a total with tax": Kind(
        {
            "ventes.csv": table(
                "No commande;Date;Client;Produit;Quantité;Montant HT;TVA;Montant TTC",
                "1;2025-03-04;Luc;Savon;2;20,00;4,00;24,00",
                "2;2025-03-05;Zoé;Bol;1;35,00;7,00;42,00",
                "3;2025-03-09;Luc;Bol;3;105,00;21,00;126,00",
            )
        },
        {"revenue": 160.0, "units": 6},
        "The money of a line is Montant TTC without TVA",
    ),
    "a discount that is off already": Kind(
        {
            "pedidos.csv": table(
                "Pedido,Fecha,Cliente,Producto,Cantidad,Precio,Descuento,Importe",
                "7,2025-01-02,Eva,Vela,4,5.00,2.00,18.00",
                "8,2025-01-13,Leo,Taza,2,9.00,0.00,18.00",
                "9,2025-01-14,Leo,Vela,6,5.00,3.00,27.00",
            )
        },
        {"revenue": 63.0, "discount": 5.0},
        "Row 2: 20.00 - 2.00 = 18.00 = Importe",
    ),
    "percent signs": Kind(
        {
            "orders.csv": table(
                "No,Date,Customer,Item,Qty,Unit Price,Rebate",
                "1,2025-01-02,Eva,Candle,4,5.00,25%",
                "2,2025-01-13,Leo,Cup,2,9.00,0%",
                "3,2025-01-14,Leo,Candle,1,5.00,10%",
            )
        },
        {"revenue": 37.5, "discount": 5.5},
    ),
    "prices in another file, whatever was paid in": Kind(
        {
            "list.csv": table("SKU,Name,Price GBP", "A,Candle,5.00", "B,Cup,9.00"),
            "sold.csv": table(
                "Order,Date,Client,SKU,Quantity,Currency",
                "1,2025-01-13,K1,A,4,USD",
                "2,2025-01-14,K2,B,2,GBP",
                "3,2025-01-15,K2,A,1,EUR",
            ),
        },
        {"revenue": 43.0, "currency": "GBP", "units": 7},
    ),
    "status and refunds": Kind(
        {
            "orders.csv": table(
                "No,Date,Status,Customer,Product,Quantity,Amount",
                "1,2025-01-13,paid,Eva,Candle,4,20.00",
                "2,2025-01-14,voided,Leo,Cup,2,18.00",
                "3,2025-01-15,paid,Leo,Cup,1,9.00",
                "3,2025-01-25,refunded,Leo,Cup,1,9.00",
            )
        },
        {"revenue": 29.0, "returned": 9.0},
        "Rows whose Status is voided are no sale",
    ),
    "letters for debit and credit": Kind(
        {
            "ledger.csv": table(
                "Voucher,Date,Customer,Item,Qty,Amount",
                "1,2025-01-13,Eva,Candle,4,20.00 Dr",
                "2,2025-01-14,Leo,Cup,2,18.00 Dr",
                "3,2025-01-16,Leo,Cup,1,9.00 Cr",
            )
        },
        {"revenue": 38.0, "returned": 9.0},
    ),
    "three decimals that the amounts settle": Kind(
        {
            "va.csv": table(
                "Beleg;Datum;Kunde;Artikel;Menge;Betrag",
                "1;05.01.2025;Eva;Kerze;4,000;20,00",
                "2;15.01.2025;Leo;Tasse;12,000;1.108,00",
            )
        },
        {"revenue": 1128.0, "units": 16},
    ),
    "money before a fee": Kind(
        {
            "mouvements.csv": table(
                "Référence;Jour;Acheteur;Article;Hors frais;Frais;Net",
                "A1;03/02/2025;Luc;Bol;30,00;-1,20;28,80",
                "A2;14/02/2025;Zoé;Vase;18,00;-0,90;17,10",
                "A3;25/02/2025;Luc;Vase;45,00;-1,60;43,40",
            )
        },
        {"revenue": 93.0},
        answers=ONE_UNIT,
    ),
    "payouts to the bank are no sale": Kind(
        {
            "konto.csv": table(
                "Nummer;Datum;Käufer;Artikel;Typ;Betrag",
                "1;03.02.2025;Lara;Seife;Zahlung;13,50",
                "2;14.02.2025;Mona;Kerze;Zahlung;20,00",
                "3;20.02.2025;;;Bankgutschrift auf Konto;50,00",
                "4;21.02.2025;Lara;Seife;Rückzahlung;-13,50",
            )
        },
        {"revenue": 33.5, "returned": 13.5},
        answers=ONE_UNIT,
    ),
    "an order's sum among its lines": Kind(
        {
            "orders.csv": table(
                "Sale No,Order Number,Date,Buyer,Item,Quantity,Sold For,Paid Total",
                "501,A1,2025-03-02,Vera,Record,1,$25.00,$29.00",
                "502,A2,2025-03-08,Otto,,3,$58.00,$64.00",
                "502,A2,2025-03-08,Otto,Poster,2,$18.00,",
                "502,A2,2025-03-08,Otto,Frame,1,$22.00,",
                "503,A3,2025-03-10,Mina,Frame,1,$22.00,$25.00",
                "504,A4,2025-03-15,Vera,Record,2,$25.00,$55.00",
            )
        },
        {"revenue": 155.0, "units": 7, "lines": 5},
        "1 row names no product and holds what the other rows of the order come to: set aside",
    ),
    "a line without a product is no sum of its order": Kind(
        {
            "orders.csv": table(
                "Order Number,Date,Buyer,Item,Quantity,Amount",
                "A1,2025-03-02,Vera,Record,1,25.00",
                "A2,2025-03-08,Otto,Poster,2,36.00",
                "A2,2025-03-08,Otto,Frame,1,22.00",
                "A2,2025-03-08,Otto,,1,9.00",
                "A3,2025-03-10,Mina,Frame,3,66.00",
            )
        },
        {"revenue": 158.0, "units": 8, "lines": 5},
    ),
    "sides of a ledger": Kind(
        {
            "buchungen.csv": table(
                "Beleg;Datum;Soll/Haben;Buchungstext;Umsatz",
                "RE1;05.01.2025;S;Hofladen;119,00",
                "RE2;15.01.2025;S;Café;238,00",
                "RE3;25.01.2025;S;Schule;53,50",
                "GS1;05.02.2025;H;Hofladen;119,00",
            )
        },
        {"revenue": 410.5, "returned": 119.0},
        "Rows whose Soll/Haben is H become returns",
        ONE_UNIT,
    ),
    "a discount on one line of an order, now here, now there": Kind(
        {
            "juni.csv": table(
                "Bon;Datum;Gast;Speise;Preis;Anzahl;Rabatt",
                "B1;2025-06-02;Lars;Suppe;6,00;2;",
                "B1;2025-06-02;Lars;Eintopf;9,50;1;0,95",
                "B2;2025-06-03;Mia;Eintopf;9,50;1;1,90",
                "B2;2025-06-03;Mia;Suppe;6,00;1;",
                "B3;2025-06-07;Lars;Saft;3,50;3;",
                "B3;2025-06-07;Lars;Suppe;6,00;1;1,50",
                "B3;2025-06-07;Lars;Eintopf;9,50;1;",
                "B4;2025-06-09;Mia;Saft;3,50;2;",
            )
        },
        {"revenue": 65.65, "discount": 4.35, "orders": 4},
    ),
    "a nameless copy of the cost": Kind(
        {
            "orders.csv": table(
                "Order,Day,Customer,Product,Quantity,Cost,n1,Price",
                "A1,2025-01-15,Eva,Mug,2,6.00,6.00,5.00",
                "A2,2025-01-16,Leo,Tea,1,3.10,3.10,5.20",
                "A3,2025-01-17,Eva,Mug,3,9.00,9.00,5.00",
                "A4,2025-01-18,Leo,Pot,4,14.40,14.40,6.00",
            )
        },
        {"revenue": 54.2, "units": 10},
    ),
    "the same money in cents": Kind(
        {
            "charges.csv": table(
                "id,created,customer,item,qty,amount_cents,amount",
                "c1,2025-02-13,Ann,Mug,2,1990,19.90",
                "c2,2025-02-14,Bob,Bowl,1,1450,14.50",
                "c3,2025-02-20,Ann,Bowl,3,4350,43.50",
            )
        },
        {"revenue": 77.9, "units": 6},
    ),
    "a list price less a discount of each unit": Kind(
        {
            "orders.csv": table(
                "Order,Date,Customer,Product,Qty,List price,Unit discount,Total",
                "1,2025-02-13,Ann,Mug,3,12.00,2.00,30.00",
                "2,2025-02-14,Bob,Bowl,2,18.00,1.50,33.00",
                "3,2025-02-20,Ann,Bowl,1,18.00,0.00,18.00",
                "4,2025-02-21,Ann,Mug,4,12.00,0.75,45.00",
            )
        },
        {"revenue": 126.0, "discount": 12.0, "units": 10},
    ),
    "weighed goods under a name of no list": Kind(
        {
            "salg.csv": table(
                "Bilag;Dato;Vare;Vekt (kg);Pris pr kg;Sum",
                "1;13.02.2025;Sei;0,650;120,00;78,00",
                "2;14.02.2025;Reker;1,400;200,00;280,00",
                "3;25.02.2025;Sei;0,900;120,00;108,00",
            )
        },
        {"revenue": 466.0, "units": 2.95},
    ),
    "payments beside what was charged": Kind(
        {
            "folios.csv": table(
                "Folio,Posted,Guest,Service,Qty,Each,Charge,Payment",
                "F1,2025-02-13,Ann,Room,1,95.00,95.00,",
                "F1,2025-02-14,Ann,Bar,2,7.00,14.00,",
                "F1,2025-02-15,Ann,Card,1,109.00,,109.00",
                "F2,2025-02-20,Bob,Room,1,120.00,120.00,",
                "F2,2025-02-21,Bob,Cash,1,120.00,,120.00",
            )
        },
        {"revenue": 229.0, "units": 4},
    ),
    "amounts in cents alone": Kind(
        {
            "charges.csv": table(
                "id,created,customer,item,quantity,amount_cents",
                "c1,2025-02-13,Ann,Mug,2,2190",
                "c2,2025-02-14,Bob,Spoon,1,5",
                "c3,2025-02-20,Ann,Bowl,3,4125",
            )
        },
        {"revenue": 63.2, "units": 6},
    ),
    "lira behind the amounts": Kind(
        {
            "faturalar.csv": table(
                "Fatura No;Fatura Tarihi;Müşteri;Ürün;Miktar;Birim Fiyat;İskonto %;Tutar",
                "1;13.02.2025;Elif;Masa;2;1.500,00 TL;10;2.700,00 TL",
                "2;14.02.2025;Can;Lamba;1;640,00 TL;0;640,00 TL",
                "3;25.02.2025;Elif;Lamba;3;640,00 TL;5;1.824,00 TL",
            )
        },
        {"revenue": 5164.0, "currency": "TRY"},
    ),
    "yen with marks for thousands": Kind(
        {
            "uriage.csv": table(
                "伝票番号,売上日,得意先名,商品名,数量,単価,売上金額,消費税額,税込金額",
                '1,2025/02/13,佐藤,壺,2,"¥1,500","¥3,000",¥300,"¥3,300"',
                '2,2025/02/14,高橋,盆,1,"¥2,000","¥2,000",¥200,"¥2,200"',
                '3,2025/02/25,佐藤,壺,4,"¥1,500","¥6,000",¥600,"¥6,600"',
            )
        },
        {"revenue": 11000.0, "currency": "JPY", "units": 7},
    ),
}  # fmt: skip
