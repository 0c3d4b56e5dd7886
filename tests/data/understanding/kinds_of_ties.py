"""Kinds of sales files in which equations between columns tie the money: each is right without a question."""

from __future__ import annotations

from collections.abc import Mapping

from tests.data.understanding.kinds import Kind, table

TIES: Mapping[str, Kind] = {
    "a discount that is off the net price already": Kind(
        {
            "auftraege.csv": table(
                "Gesamt;Auftrag;Datum;Kunde;Artikel;Menge;Listenpreis;Nettopreis;Rabatt %",
                "90,00;A1;2025-05-13;Eva;Stuhl;2;50,00;45,00;10",
                "57,00;A2;2025-05-14;Udo;Lampe;3;20,00;19,00;5",
                "80,00;A3;2025-05-15;Eva;Tisch;1;80,00;80,00;0",
                "40,00;A4;2025-05-16;Ida;Stuhl;1;50,00;40,00;20",
            )
        },
        {"revenue": 267.0, "discount": 23.0},
    ),
    "a discount beside quantity x price = amount on every row": Kind(
        {
            "factures.csv": table(
                "Facture;Date;Client;Article;Qté;PU net;Remise (%);Montant",
                "F1;2025-05-13;Luc;Bol;4;9,00;10;36,00",
                "F2;2025-05-14;Zoé;Pot;2;30,00;25;60,00",
                "F3;2025-05-15;Luc;Plat;5;12,00;0;60,00",
                "F4;2025-05-16;Ana;Bol;3;9,00;10;27,00",
            )
        },
        {"revenue": 183.0, "units": 14},
    ),
    "a discount that is still to come off what is named as gross": Kind(
        {
            "sales.csv": table(
                "No,Date,Customer,Item,Qty,Price,Gross amount,Discount %",
                "1,2025-05-13,A,Pot,2,50.00,100.00,10",
                "2,2025-05-14,B,Pan,3,20.00,60.00,5",
                "3,2025-05-15,C,Cup,1,80.00,80.00,0",
                "4,2025-05-16,C,Pot,2,50.00,100.00,20",
            )
        },
        {"revenue": 307.0, "discount": 33.0},
    ),
    "what was bought, sold and earned, by words": Kind(
        {
            "marze.csv": table(
                "Doklad;Datum;Odběratel;Zboží;Množství;Nákup bez DPH;Prodej bez DPH;Marže",
                "1;2025-05-13;A;Hrnek;2;10,00;16,00;6,00",
                "2;2025-05-14;B;Talíř;1;20,00;29,00;9,00",
                "3;2025-05-15;A;Hrnek;3;15,00;24,00;9,00",
            )
        },
        {"revenue": 69.0, "units": 6},
        "Nákup bez DPH = cost",
    ),
    "what was bought and sold, and a margin without a word": Kind(
        {
            "order.csv": table(
                "Ordernr;Datum;Kund;Vara;Antal;Inköp;Försäljning;TB",
                "1;2025-05-13;Ulf;Fat;2;12,00;20,00;8,00",
                "2;2025-05-14;Eva;Sked;1;30,00;45,00;15,00",
                "3;2025-05-15;Ulf;Skål;4;8,00;14,00;6,00",
            )
        },
        {"revenue": 79.0},
    ),
    "a margin of one unit": Kind(
        {
            "ventes.csv": table(
                "Facture;Date;Client;Article;Qté;Prix achat unitaire;Prix vente unitaire;Marge unitaire",
                "F1;2025-05-13;Luc;Bol;2;5,00;8,00;3,00",
                "F2;2025-05-14;Zoé;Pot;3;10,00;14,00;4,00",
                "F3;2025-05-15;Luc;Plat;1;7,00;12,00;5,00",
            )
        },
        {"revenue": 70.0},
    ),
    "a margin in whole yen under a word of its own": Kind(
        {
            "uriage.csv": table(
                "注文番号,注文日,顧客名,商品名,数量,仕入額,売上額,粗利",
                "J1,2025-01-15,山本,緑茶,2,500,800,300",
                "J2,2025-01-16,小林,煎餅,3,1200,1500,300",
                "J3,2025-01-17,山本,羊羹,1,700,1050,350",
                "J4,2025-01-18,佐藤,緑茶,4,1000,1600,600",
            )
        },
        {"revenue": 4950.0, "units": 10},
    ),
    "a margin as a percentage": Kind(
        {
            "faktury.csv": table(
                "Faktura;Data;Kontrahent;Towar;Ilość;Zakup;Sprzedaż;Marża %",
                "1;2025-05-13;A;Pion;2;80,00;100,00;20",
                "2;2025-05-14;B;Król;1;45,00;60,00;25",
                "3;2025-05-15;A;Pion;3;30,00;50,00;40",
            )
        },
        {"revenue": 210.0},
    ),
    "purchases that are sales": Kind(
        {
            "spent.csv": table(
                "Customer ID,Purchase Date,Item Purchased,Quantity,Purchase Amount (USD)",
                "C1,2025-05-13,Pot,2,20.00",
                "C2,2025-05-14,Pan,1,30.50",
                "C3,2025-05-15,Pot,5,50.00",
            )
        },
        {"revenue": 100.5},
    ),
    "an order's value on each of its lines": Kind(
        {
            "bestellungen.csv": table(
                "Bestellnummer;Datum;Kunde;Artikel;Menge;Auftragswert",
                "501;2025-05-13;Eva;Stuhl;2;40,00",
                "501;2025-05-13;Eva;Lampe;1;40,00",
                "502;2025-05-14;Udo;Lampe;1;15,00",
                "503;2025-05-15;Ida;Stuhl;3;72,50",
                "503;2025-05-15;Ida;Tisch;1;72,50",
                "503;2025-05-15;Ida;Lampe;2;72,50",
            )
        },
        {"revenue": 127.5, "orders": 3, "units": 10},
    ),
    "an order's total, the same for every order of several lines": Kind(
        {
            "orders.csv": table(
                "Order,Date,Customer,Item,Qty,Order total",
                "1,2025-05-13,A,Pot,2,30.00",
                "1,2025-05-13,A,Pan,1,30.00",
                "2,2025-05-14,B,Pan,1,15.00",
                "3,2025-05-15,C,Pot,3,30.00",
                "3,2025-05-15,C,Cup,1,30.00",
            )
        },
        {"revenue": 75.0, "orders": 3},
    ),
    "amounts of lines that are equal in one order": Kind(
        {
            "orders.csv": table(
                "Order,Date,Customer,Item,Qty,Amount",
                "1,2025-05-13,A,Pot,1,10.00",
                "1,2025-05-13,A,Pan,2,10.00",
                "2,2025-05-14,B,Pot,2,20.00",
                "2,2025-05-14,B,Cup,3,15.00",
                "3,2025-05-15,A,Pan,1,5.00",
            )
        },
        {"revenue": 60.0},
    ),
    "packs, units in each and price": Kind(
        {
            "pedidos.csv": table(
                "Pedido;Fecha;Cliente;Producto;Uds por caja;Cajas;Precio ud;Importe",
                "1;2025-01-15;Ana;Zumo;12;2;1,50;36,00",
                "2;2025-01-16;Luis;Leche;6;3;2,00;36,00",
                "3;2025-01-17;Ana;Agua;24;1;0,75;18,00",
                "4;2025-01-18;Luis;Zumo;12;4;1,50;72,00",
            )
        },
        {"revenue": 162.0, "units": 10},
        "Cajas x Uds por caja x Precio ud = Importe on every row",
    ),
    "amounts that are converted by a rate": Kind(
        {
            "rechnungen.csv": table(
                "Rechnung;Datum;Kunde;Artikel;Menge;Preis;Währung;Kurs;Betrag EUR",
                "1;2025-01-15;A;Pumpe;3;100,00;USD;0,92;276,00",
                "2;2025-01-16;B;Ventil;2;50,00;EUR;1,00;100,00",
                "3;2025-01-31;C;Pumpe;1;80,00;GBP;1,17;93,60",
                "4;2025-02-02;C;Ventil;4;10,00;USD;0,92;36,80",
            )
        },
        {"revenue": 506.4, "currency": "EUR", "lines": 4, "units": 10},
    ),
    "units that came back, off the amount": Kind(
        {
            "ordini.csv": table(
                "Ordine;Data;Cliente;Articolo;Qtà ordinata;Qtà resa;Prezzo;Importo netto",
                "1;2025-01-15;A;Olio;5;1;10,00;40,00",
                "2;2025-01-16;B;Vino;3;0;20,00;60,00",
                "3;2025-01-17;A;Olio;6;2;10,00;40,00",
            )
        },
        {"revenue": 140.0, "returned": 0.0},
        "Qtà resa holds units that came back, 3 in all",
    ),
    "names that are numbers of orders": Kind(
        {
            "export.csv": table(
                "Name,Created,Email,Quantity,Product,Price,Subtotal,Delivery,Total",
                "#41,2025-01-15,a@x.test,1,Pot,10.00,50.00,5.00,55.00",
                "#41,,a@x.test,2,Pan,20.00,,,",
                "#42,2025-01-17,b@x.test,3,Pot,10.00,30.00,0.00,30.00",
            )
        },
        {"revenue": 80.0, "orders": 2, "customers": 2},
        "over an order + Delivery = Total on every order",
    ),
    "thousands that only products prove": Kind(
        {
            "belege.csv": table(
                "Beleg;Datum;Kunde;Ware;Menge;Preis;Betrag",
                "1;2025-01-15;A;Pumpe;3;1.200;3.600",
                "2;2025-01-16;B;Ventil;10;350;3.500",
                "3;2025-01-31;C;Rohr;1;950;950",
                "4;2025-01-31;C;Pumpe;2;1.200;2.400",
            )
        },
        {"revenue": 10_450.0, "units": 16},
    ),
    "three decimals that only products prove": Kind(
        {
            "bons.csv": table(
                "Bon;Datum;Kunde;Ware;Menge;Preis;Betrag",
                "1;2025-01-15;A;Käse;1,250;8;10",
                "2;2025-01-16;B;Wurst;2,500;4;10",
                "3;2025-01-31;C;Fisch;3,750;12;45",
                "4;2025-01-31;C;Käse;1,500;8;12",
            )
        },
        {"revenue": 77.0, "units": 9.0},
    ),
    "days with points, all of them up to the twelfth": Kind(
        {
            "paragony.csv": table(
                "Paragon;Data;Klient;Towar;Ilość;Wartość",
                "1;03.04.2025;A;Pion;2;10,00",
                "2;05.04.2025;B;Król;1;20,00",
                "3;07.04.2025;A;Pion;3;15,00",
            )
        },
        {"revenue": 45.0, "days": ("2025-04-03", "2025-04-07")},
    ),
    "days with points and the month first": Kind(
        {
            "orders.csv": table(
                "Order,Date,Customer,Item,Qty,Amount",
                "1,04.13.2025,A,Pot,2,10.00",
                "2,03.02.2025,B,Pan,1,20.00",
                "3,04.05.2025,C,Cup,1,5.00",
            )
        },
        {"revenue": 35.0, "days": ("2025-03-02", "2025-04-13")},
    ),
    "payments of which an order has two": Kind(
        {
            "bestellt.csv": table(
                "order_id,created_at,customer_email,item,qty,amount",
                "70,2025-03-01,a@q.test,Boot,1,120.00",
                "71,2025-03-02,b@q.test,Sock,4,32.00",
                "72,2025-03-09,a@q.test,Lace,2,6.00",
            ),
            "payments.csv": table(
                "payment_id,order_id,paid_at,method,amount",
                "1,70,2025-03-01,card,60.00",
                "2,70,2025-03-03,voucher,60.00",
                "3,71,2025-03-02,card,32.00",
                "4,72,2025-03-09,card,6.00",
            ),
        },
        {"revenue": 158.0, "orders": 3},
        "comes to 158.00",
    ),
    "what is paid out beside a fee": Kind(
        {
            "market.csv": table(
                "Sale ID,Sale date,Buyer,Listing,Qty,Item price,Fee,Payout",
                "1,2025-01-15,A,Ring,1,30.00,3.00,27.00",
                "2,2025-01-16,B,Chain,2,40.00,8.00,72.00",
                "3,2025-01-31,A,Ring,1,30.00,3.00,27.00",
            )
        },
        {"revenue": 140.0},
        "Payout is what is paid out and not counted; it comes to 126.00",
    ),
    "an order's discount between its lines and its total": Kind(
        {
            "pedidos.csv": table(
                "pedido;data;cliente;produto;qtd;valor_unitario;valor_item;desconto_pedido;total_pedido",
                "81;2025-05-10;Rita;Sabonete;3;5,00;15,00;4,00;31,00",
                "81;2025-05-10;Rita;Vela;2;10,00;20,00;4,00;31,00",
                "82;2025-05-11;Caio;Vela;1;10,00;10,00;0,00;10,00",
                "83;2025-05-22;Nuno;Sabonete;6;5,00;30,00;3,00;47,00",
                "83;2025-05-22;Nuno;Toalha;1;20,00;20,00;3,00;47,00",
            )
        },
        {"revenue": 95.0},
        "the sum of valor_item over an order - desconto_pedido = total_pedido on every order",
    ),
}
