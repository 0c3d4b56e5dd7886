"""Kinds of sales files with fees, taxes, tips and gift cards beside the money of a line."""

from __future__ import annotations

from collections.abc import Mapping

from tests.data.understanding.kinds import ONE_UNIT, Kind, table

CHARGES: Mapping[str, Kind] = {
    "a discount on some rows that is called a fee": Kind(
        {
            "vente.csv": table(
                "Bon,Jour,Client,Article,Quantité,Montant,Fee,Reste",
                "1,2025-03-04,Luc,Savon,2,20.00,0.00,20.00",
                "2,2025-03-05,Zoé,Bol,1,35.00,3.20,31.80",
                "3,2025-03-19,Luc,Bol,3,105.00,0.00,105.00",
                "4,2025-03-20,Zoé,Savon,4,40.00,6.10,33.90",
            )
        },
        {"revenue": 190.7, "discount": 9.3, "units": 10},
        answers={"money": "2"},
    ),
    "a share taken off some rows that is called a fee": Kind(
        {
            "ventas.csv": table(
                "Pedido,Fecha,Cliente,Producto,Cantidad,Importe bruto,Fee,Importe neto",
                "1,2025-03-14,Luis,Vela,2,30.00,0,30.00",
                "2,2025-03-15,Eva,Taza,1,18.00,0.25,13.50",
                "3,2025-03-19,Luis,Taza,3,54.00,0,54.00",
                "4,2025-03-20,Eva,Vela,4,60.00,0.1,54.00",
            )
        },
        {"revenue": 151.5, "discount": 10.5, "units": 10},
        answers={"money": "2"},
    ),
    "a discount on some rows of quantity times price that is called a fee": Kind(
        {
            "vendite.csv": table(
                "Ordine,Data,Cliente,Articolo,Quantità,Prezzo unitario,Fee,v3",
                "1,2025-03-14,Luca,Vaso,3,10.50,0.00,31.50",
                "2,2025-03-15,Ada,Lume,2,40.00,-12.00,68.00",
                "3,2025-03-19,Luca,Lume,1,40.00,0.00,40.00",
                "4,2025-03-20,Ada,Vaso,5,10.50,-2.25,50.25",
            )
        },
        {"revenue": 189.75, "discount": 14.25, "units": 11},
        answers={"money": "2"},
    ),
    "a tax that is called a fee": Kind(
        {
            "sold.csv": table(
                "No,Day,Who,What,Pieces,Sales,Fee,Rest",
                "1,2025-03-04,Luc,Soap,2,107.00,7.00,100.00",
                "2,2025-03-05,Zoé,Bowl,1,32.10,2.10,30.00",
                "3,2025-03-19,Luc,Bowl,3,96.30,6.30,90.00",
                "4,2025-03-21,Luc,Soap,1,53.50,3.50,50.00",
            )
        },
        {"revenue": 270.0, "units": 7},
        answers={"money": "2"},
    ),
    "a commission on every sale": Kind(
        {
            "satislar.csv": table(
                "Sipariş No;Tarih;Ürün;Adet;Satış Tutarı;Komisyon Tutarı;Hakediş",
                "71;2025-04-03;Bardak;2;180,00;27,00;153,00",
                "72;2025-04-14;Tepsi;1;95,00;14,25;80,75",
                "73;2025-04-25;Bardak;5;450,00;67,50;382,50",
            )
        },
        {"revenue": 725.0, "units": 8},
        "Komisyon Tutarı is a fee, tip or gift card and not counted; it comes to 108.75.",
    ),
    "a commission and its percentage": Kind(
        {
            "ventas.csv": table(
                "Venta,Fecha,Artículo,Uds,Importe bruto,% Comisión,Comisión,Importe neto",
                "1,2025-05-13,Manta,1,40.00,12%,4.80,35.20",
                "2,2025-05-14,Cojín,2,30.00,10%,3.00,27.00",
                "3,2025-05-25,Manta,3,120.00,12%,14.40,105.60",
            )
        },
        {"revenue": 190.0, "units": 6},
    ),
    "a tip on top": Kind(
        {
            "kassa.csv": table(
                "Bon;Datum;Gerecht;Aantal;Bedrag;Fooi;Totaal",
                "1;2025-06-13;Soep;2;13,00;0,00;13,00",
                "2;2025-06-14;Pasta;1;12,50;1,50;14,00",
                "3;2025-06-25;Pasta;4;50,00;5,00;55,00",
            )
        },
        {"revenue": 75.5, "units": 7},
    ),
    "a rent with charges on top": Kind(
        {
            "mieten.csv": table(
                "Beleg;Datum;Mieter;Objekt;Mietbetrag;Nebenkosten;Gesamtbetrag",
                "M1;13.02.2025;Jung;Laden 1;800,00;120,00;920,00",
                "M2;13.02.2025;Weiss;Laden 2;640,00;95,00;735,00",
                "M3;13.03.2025;Jung;Laden 1;800,00;120,00;920,00",
            )
        },
        {"revenue": 2240.0},
        answers=ONE_UNIT,
    ),
    "paid in part with a gift card": Kind(
        {
            "salg.csv": table(
                "Bilag;Dato;Vare;Antal;Beløb;Gavekort;At betale",
                "1;2025-02-13;Vase;2;300,00;100,00;200,00",
                "2;2025-02-14;Fad;1;180,00;0,00;180,00",
                "3;2025-02-25;Vase;3;450,00;50,00;400,00",
            )
        },
        {"revenue": 930.0, "units": 6},
    ),
    "of which tax": Kind(
        {
            "kvitton.csv": table(
                "Kvitto;Datum;Vara;Antal;Belopp;Varav moms",
                "1;2025-02-13;Te;2;44,80;4,80",
                "2;2025-02-14;Kanna;1;250,00;50,00",
                "3;2025-02-25;Te;5;112,00;12,00",
            )
        },
        {"revenue": 340.0, "units": 8},
    ),
    "rates of the tax that prices hold": Kind(
        {
            "caisse.csv": table(
                "Ticket;Date;Article;Qté;PU TTC;Taux TVA;Total TTC",
                "1;2025-02-13;Bougie;3;18,00;20%;54,00",
                "2;2025-02-14;Roman;2;21,10;5,5%;42,20",
                "3;2025-02-25;Bougie;1;18,00;20%;18,00",
            )
        },
        {"revenue": 100.0, "units": 6},
    ),
    "a tax of one rate on quantity times price is no profit": Kind(
        {
            "bonnen.csv": table(
                "Bon;Datum;Klant;Artikel;Aantal;c2;Extra;Totaal incl. BTW",
                "1;2025-02-13;Eva;Kan;2;25,00;3,50;53,50",
                "2;2025-02-14;Jan;Mok;1;40,00;2,80;42,80",
                "3;2025-02-25;Eva;Kan;3;25,00;5,25;80,25",
                "4;2025-02-26;Jan;Mok;2;40,00;5,60;85,60",
            )
        },
        {"revenue": 245.0, "units": 8},
    ),
    "a discount that is called tax, as a share": Kind(
        {
            "faktury.csv": table(
                "Nr zamówienia;Data;Klient;Produkt;Ilość;Net;Tax;x",
                "1;2025-02-13;Ewa;Kosz;2;80,00;0%;80,00",
                "2;2025-02-14;Jan;Miska;3;150,00;15%;127,50",
                "3;2025-02-25;Ewa;Kosz;4;160,00;0%;160,00",
                "4;2025-02-26;Jan;Kosz;1;40,00;20%;32,00",
            )
        },
        {"revenue": 399.5, "discount": 30.5, "units": 10},
    ),
    "earnings before the host's fee": Kind(
        {
            "stays.csv": table(
                "Confirmation Code,Start Date,Nights,Guest,Listing,Gross earnings,Host fee,Paid out",
                "H1,2025-02-13,2,Ann,Barn,220.00,6.60,213.40",
                "H2,2025-02-20,1,Bob,Barn,115.00,3.45,111.55",
                "H3,2025-03-02,3,Cid,Mill,300.00,9.00,291.00",
            )
        },
        {"revenue": 635.0, "units": 6},
    ),
    "shipping comes in and a commission goes out": Kind(
        {
            "ordini.csv": table(
                "Numero ordine;Data;Articolo;Quantità;Prezzo articolo;Spedizione;Commissioni;Totale accreditato",
                "1;13/02/2025;Zaino;1;60,00;6,00;9,00;57,00",
                "2;14/02/2025;Guanti;3;45,00;6,00;6,75;44,25",
                "3;25/02/2025;Zaino;1;60,00;0,00;9,00;51,00",
            )
        },
        {"revenue": 165.0, "units": 5},
    ),
    "a rate of commission and what it comes to": Kind(
        {
            "buchungen.csv": table(
                "Buchungsnummer;Anreise;Nächte;Gast;Zimmer;Preis;Kommission %;Kommissionsbetrag",
                "B1;13.02.2025;3;Jung;Doppel;210,00;15;31,50",
                "B2;14.02.2025;1;Weiss;Einzel;80,00;15;12,00",
                "B3;25.02.2025;2;Jung;Doppel;140,00;18;25,20",
            )
        },
        {"revenue": 430.0, "units": 6},
    ),
    "a credit that pays a part of the invoice": Kind(
        {
            "invoices.csv": table(
                "invoice,created,customer,plan,seats,unit_amount,subtotal,credit_applied,amount_due",
                "in1,2025-02-13,Acme,Team,4,12.00,48.00,0.00,48.00",
                "in2,2025-02-14,Beta,Solo,1,9.00,9.00,9.00,0.00",
                "in3,2025-03-13,Acme,Team,5,12.00,60.00,7.50,52.50",
            )
        },
        {"revenue": 117.0, "units": 10},
    ),
    "what a buyer paid is no buyer": Kind(
        {
            "ding.csv": table(
                "订单号,下单时间,商品,数量,单价,店铺优惠,运费,买家实付",
                "1,2025-02-13,灯,2,25.00,4.00,6.00,52.00",
                "2,2025-02-14,椅,1,90.00,0.00,0.00,90.00",
                "3,2025-02-25,灯,4,25.00,10.00,6.00,96.00",
            )
        },
        {"revenue": 226.0, "units": 7},
    ),
}  # fmt: skip
