"""What columns and values are called in twenty languages."""

from __future__ import annotations

from typing import Final

NAMES: Final = {
    "en": ("Order No", "Order Date", "Customer", "Product", "Quantity", "Unit Price", "Line Amount", "Discount", "Tax",
           "Total", "Net Sales", "Gross Sales", "Country", "Shipping", "Order Total"),
    "de": ("Belegnummer", "Belegdatum", "Kunde", "Artikel", "Menge", "Einzelpreis", "Betrag", "Rabatt", "MwSt",
           "Gesamtbetrag brutto", "Netto", "Bruttoumsatz", "Land", "Versandkosten", "Auftragssumme"),
    "fr": ("N° de commande", "Date de commande", "Client", "Produit", "Quantité", "Prix unitaire", "Montant", "Remise",
           "TVA", "Total TTC", "Montant HT", "Montant brut", "Pays", "Frais de port", "Total commande"),
    "es": ("Nº pedido", "Fecha de pedido", "Cliente", "Producto", "Cantidad", "Precio unitario", "Importe", "Descuento",
           "IVA", "Total con IVA", "Importe neto", "Importe bruto", "País", "Gastos de envío", "Total pedido"),
    "it": ("Numero ordine", "Data ordine", "Cliente", "Articolo", "Quantità", "Prezzo unitario", "Importo", "Sconto",
           "IVA", "Totale con IVA", "Importo netto", "Importo lordo", "Paese", "Spedizione", "Totale ordine"),
    "nl": ("Ordernummer", "Orderdatum", "Klant", "Artikel", "Aantal", "Stukprijs", "Bedrag", "Korting", "BTW",
           "Totaal incl. BTW", "Netto bedrag", "Bruto bedrag", "Land", "Verzendkosten", "Ordertotaal"),
    "pt": ("Número do pedido", "Data do pedido", "Cliente", "Produto", "Quantidade", "Preço unitário", "Valor",
           "Desconto", "Imposto", "Total com imposto", "Valor líquido", "Valor bruto", "País", "Frete",
           "Total do pedido"),
    "pl": ("Nr zamówienia", "Data zamówienia", "Klient", "Produkt", "Ilość", "Cena jednostkowa", "Kwota", "Rabat",
           "Podatek VAT", "Wartość brutto", "Wartość netto", "Kwota przed rabatem", "Kraj", "Koszt wysyłki",
           "Suma zamówienia"),
    "sv": ("Ordernr", "Orderdatum", "Kund", "Artikel", "Antal", "Pris", "Belopp", "Rabatt", "Moms", "Totalt inkl. moms",
           "Nettobelopp", "Bruttobelopp", "Land", "Frakt", "Ordersumma"),
    "ja": ("注文番号", "注文日", "顧客名", "商品名", "数量", "単価", "金額", "割引", "消費税", "税込金額", "税抜金額",
           "割引前金額", "国", "送料", "注文合計"),
}  # fmt: skip
"""Language -> the names of order, date, customer, product, quantity, price, amount, discount, tax, total, net, gross,
country, shipping and order total."""

ROLES: Final = (
    *("order", "day", "customer", "product", "quantity", "price", "amount", "discount", "tax", "total", "net"),
    *("gross", "country", "shipping", "order_total"),
)

COMMA: Final = frozenset({"de", "fr", "es", "it", "nl", "pt", "pl", "sv", "tr", "cs", "ru", "da", "fi", "hu", "el"})

MORE_NAMES: Final = {
    "tr": ("Sipariş No", "Sipariş Tarihi", "Müşteri", "Ürün", "Adet", "Birim Fiyat", "Tutar", "İndirim", "KDV",
           "KDV Dahil Tutar", "Net Tutar", "Brüt Tutar", "Ülke", "Kargo", "Sipariş Toplamı"),
    "cs": ("Číslo objednávky", "Datum objednávky", "Zákazník", "Zboží", "Množství", "Jednotková cena", "Částka",
           "Sleva", "DPH", "Celkem s DPH", "Cena bez DPH", "Cena před slevou", "Země", "Doprava", "Objednávka celkem"),
    "ru": ("Номер заказа", "Дата заказа", "Клиент", "Товар", "Количество", "Цена", "Сумма", "Скидка", "НДС",
           "Сумма с НДС", "Сумма без НДС", "Сумма до скидки", "Страна", "Доставка", "Итого по заказу"),
    "ko": ("주문번호", "주문일", "고객명", "상품명", "수량", "단가", "금액", "할인", "부가세", "부가세 포함 금액",
           "부가세 별도 금액", "할인 전 금액", "국가", "배송비", "주문 합계"),
    "zh": ("订单号", "订单日期", "客户名称", "商品名称", "数量", "单价", "金额", "折扣", "税额", "含税金额",
           "不含税金额", "折前金额", "国家", "运费", "订单总额"),
    "da": ("Ordrenummer", "Ordredato", "Kunde", "Varenavn", "Antal", "Stykpris", "Beløb", "Rabat", "Moms",
           "Total inkl. moms", "Total ekskl. moms", "Beløb før rabat", "Land", "Fragt", "Ordretotal"),
    "fi": ("Tilausnumero", "Tilauspäivä", "Asiakas", "Tuote", "Määrä", "Yksikköhinta", "Summa", "Alennus", "ALV",
           "Summa sis. ALV", "Veroton summa", "Summa ennen alennusta", "Maa", "Toimituskulut", "Tilauksen summa"),
    "hu": ("Rendelésszám", "Rendelés dátuma", "Vevő", "Termék", "Mennyiség", "Egységár", "Összeg", "Kedvezmény", "ÁFA",
           "Bruttó összeg", "Nettó összeg", "Kedvezmény előtti összeg", "Ország", "Szállítás", "Rendelés összege"),
    "ar": ("رقم الطلب", "تاريخ الطلب", "العميل", "المنتج", "الكمية", "سعر الوحدة", "المبلغ", "الخصم", "الضريبة",
           "المبلغ شامل الضريبة", "المبلغ بدون الضريبة", "المبلغ قبل الخصم", "الدولة", "الشحن", "إجمالي الطلب"),
    "el": ("Αριθμός παραγγελίας", "Ημερομηνία", "Πελάτης", "Προϊόν", "Ποσότητα", "Τιμή μονάδας", "Αξία", "Έκπτωση",
           "ΦΠΑ", "Σύνολο με ΦΠΑ", "Καθαρή αξία", "Αξία προ έκπτωσης", "Χώρα", "Μεταφορικά", "Σύνολο παραγγελίας"),
}  # fmt: skip
"""As `NAMES`, in further languages."""

OTHER_NAMES: Final = {
    "en": ("Invoice", "Sold on", "Client", "Item", "Qty", "Price", "Line Total", "Rebate", "VAT", "Total incl. VAT",
           "Net Amount", "Amount before discount", "Country", "Freight", "Invoice Total"),
    "de": ("Auftragsnr", "Datum", "Kundenname", "Produkt", "Anzahl", "VK-Preis", "Positionswert", "Nachlass", "USt",
           "Brutto", "Nettobetrag", "Bruttobetrag", "Lieferland", "Fracht", "Rechnungsbetrag"),
    "fr": ("Facture", "Date facture", "Nom du client", "Article", "Qté", "P.U.", "Total ligne", "Réduction", "Taxe",
           "Montant TTC", "Total HT", "Brut", "Pays", "Port", "Total facture"),
    "es": ("Factura", "Fecha", "Nombre del cliente", "Artículo", "Unidades", "Precio", "Total línea", "Dto", "Impuesto",
           "Total", "Neto", "Bruto", "País de envío", "Portes", "Total factura"),
    "it": ("Fattura", "Data", "Ragione sociale", "Prodotto", "Q.tà", "Prezzo", "Totale riga", "Ribasso", "Imposta",
           "Totale ivato", "Netto", "Lordo", "Nazione", "Trasporto", "Totale fattura"),
    "nl": ("Factuurnr", "Datum", "Klantnaam", "Product", "Stuks", "Prijs", "Regelbedrag", "Korting", "BTW",
           "Incl. BTW", "Netto", "Bruto", "Land", "Porto", "Factuurtotaal"),
    "pt": ("Nota fiscal", "Data", "Nome do cliente", "Item", "Qtd", "Preço", "Total do item", "Abatimento", "IVA",
           "Total c/ imposto", "Líquido", "Bruto", "País", "Envio", "Total da nota"),
    "pl": ("Faktura", "Data", "Nazwa klienta", "Towar", "Sztuk", "Cena", "Wartość", "Upust", "VAT", "Brutto", "Netto",
           "Wartość przed rabatem", "Kraj", "Transport", "Razem faktura"),
    "sv": ("Fakturanr", "Datum", "Kundnamn", "Produkt", "Kvantitet", "Styckpris", "Summa", "Avdrag", "Moms", "Brutto",
           "Netto", "Före rabatt", "Land", "Porto", "Fakturasumma"),
    "ja": ("伝票番号", "日付", "得意先", "品名", "個数", "販売単価", "売上金額", "値引", "税額", "税込合計", "税抜合計",
           "値引前", "国名", "運賃", "伝票合計"),
}  # fmt: skip
"""As `NAMES`, with other usual names."""

WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "state": {
        "en": ("Status", "State", "Order Status", "Condition"), "de": ("Status", "Zustand", "Auftragsstatus"),
        "fr": ("Statut", "État", "Etat commande"), "es": ("Estado", "Situación", "Estado del pedido"),
        "it": ("Stato", "Stato ordine"), "nl": ("Status", "Orderstatus"), "pt": ("Situação", "Status", "Estado"),
        "pl": ("Status", "Stan"), "sv": ("Status", "Orderstatus"), "ja": ("状態", "ステータス"),
    },
    "done": {
        "en": ("paid", "Completed", "Shipped", "delivered"), "de": ("bezahlt", "Versendet", "abgeschlossen"),
        "fr": ("payée", "Expédiée", "terminée"), "es": ("pagado", "Enviado", "completado"),
        "it": ("pagato", "Spedito", "completato"), "nl": ("betaald", "Verzonden", "voltooid"),
        "pt": ("pago", "Enviado", "concluído"), "pl": ("opłacone", "Wysłane", "zrealizowane"),
        "sv": ("betald", "Skickad", "slutförd"), "ja": ("支払済", "発送済", "完了"),
    },
    "void": {
        "en": ("voided", "Cancelled", "Canceled"), "de": ("storniert", "Storno", "abgebrochen"),
        "fr": ("annulée", "Annulé"), "es": ("anulado", "Cancelado"), "it": ("annullato", "Annullata"),
        "nl": ("geannuleerd", "Geannuleerd"), "pt": ("cancelado", "Anulado"), "pl": ("anulowane", "Anulowano"),
        "sv": ("avbruten", "Annullerad"), "ja": ("キャンセル", "取消"),
    },
    "kind": {
        "en": ("Type", "Transaction Type", "Entry type"), "de": ("Art", "Vorgangsart", "Belegart"),
        "fr": ("Type", "Nature"), "es": ("Tipo", "Tipo de movimiento"), "it": ("Tipo", "Tipo documento"),
        "nl": ("Soort", "Type"), "pt": ("Tipo", "Tipo de transação"), "pl": ("Typ", "Rodzaj"), "sv": ("Typ",),
        "ja": ("区分", "種別"),
    },
    "sale": {
        "en": ("Sale", "Order"), "de": ("Verkauf", "Rechnung"), "fr": ("Vente", "Facture"), "es": ("Venta", "Factura"),
        "it": ("Vendita", "Fattura"), "nl": ("Verkoop", "Factuur"), "pt": ("Venda", "Fatura"),
        "pl": ("Sprzedaż", "Faktura"), "sv": ("Försäljning", "Faktura"), "ja": ("売上", "販売"),
    },
    "refund": {
        "en": ("Refund", "Return", "Credit note"), "de": ("Gutschrift", "Retoure", "Erstattung"),
        "fr": ("Avoir", "Remboursement"), "es": ("Devolución", "Reembolso"), "it": ("Reso", "Rimborso"),
        "nl": ("Terugbetaling", "Retour"), "pt": ("Devolução", "Reembolso"), "pl": ("Zwrot", "Korekta"),
        "sv": ("Retur", "Återbetalning"), "ja": ("返品", "返金"),
    },
    "total": {
        "en": ("Total", "Grand total"), "de": ("Summe", "Gesamt"), "fr": ("Total", "Total général"),
        "es": ("Total", "Total general"), "it": ("Totale", "Totale generale"), "nl": ("Totaal", "Eindtotaal"),
        "pt": ("Total", "Total geral"), "pl": ("Razem", "Suma"), "sv": ("Summa", "Totalt"), "ja": ("合計", "総計"),
    },
    "refunded": {
        "en": ("Refunded Amount", "Amount refunded", "Refunds"), "de": ("Erstattet", "Erstattungsbetrag"),
        "fr": ("Montant remboursé",), "es": ("Importe reembolsado", "Reembolsado"), "it": ("Importo rimborsato",),
        "nl": ("Terugbetaald bedrag",), "pt": ("Valor reembolsado",), "pl": ("Kwota zwrotu",),
        "sv": ("Återbetalt belopp",), "ja": ("返金額",),
    },
    "months": {
        "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
               "November", "Dezember"),
        "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
               "novembre", "décembre"),
        "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
               "noviembre", "diciembre"),
        "it": ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
               "novembre", "dicembre"),
        "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
               "november", "december"),
        "pt": ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
               "novembro", "dezembro"),
        "pl": ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
               "października", "listopada", "grudnia"),
        "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
               "november", "december"),
        "ja": tuple(f"{n}月" for n in range(1, 13)),
    },
}  # fmt: skip
"""What is said -> language -> words for it."""
