"""What the kinds share: words in ten languages, sold lines, files as text, and what must come out."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.data.made_files import COMMA, NAMES, ROLES, Line, _sold


@dataclass(frozen=True)
class Truth:
    """What a set of files comes to; None where a kind does not fix it. Money in currency units."""

    revenue: float
    units: float | None = None
    orders: int | None = None
    days: tuple[str, str] | None = None
    products: int | None = None
    customers: int | None = None
    returned: float | None = None
    currency: str | None = None
    members: Sequence[str] | None = None
    """Members that some dimension must have."""
    must_prepare: bool = True
    """Whether a question is one question too many."""


@dataclass
class Files:
    """Files by name, and the truth about them."""

    truth: Truth
    contents: dict[str, bytes] = field(default_factory=dict)


Kind = Callable[["Maker"], Files]
KINDS: Final[dict[str, Kind]] = {}


def kind(function: Kind) -> Kind:
    """Register a kind under its function's name."""
    KINDS[function.__name__.strip("_")] = function
    return function


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
"""As `made_files.NAMES`, with other usual names."""

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


class Maker:
    """One random file: its language, names, numbers and lines."""

    def __init__(self, name: str, seed: int) -> None:
        self.pick = random.Random(f"{name} {seed}")
        self.language = self.pick.choice(sorted(NAMES))
        table = self.pick.choice((NAMES, OTHER_NAMES))[self.language]
        self.names = dict(zip(ROLES, table, strict=True))
        self.comma = self.language in COMMA and self.pick.random() < 0.8
        self.separator = ";" if self.comma else self.pick.choice((",", ",", "\t", ";"))
        self.day_form = self.pick.choice(("%Y-%m-%d", "%d.%m.%Y" if self.comma else "%Y/%m/%d"))

    def sold(self, fewest: int = 15, most: int = 60) -> list[Line]:
        """Lines without discounts."""
        return _sold(self.pick, self.pick.randint(fewest, most), "")

    def word(self, what: str) -> str:
        """One of the language's words for something."""
        return self.pick.choice(WORDS[what][self.language])

    def money(self, cents: float) -> str:
        """An amount as the file writes it."""
        text = f"{abs(cents) / 100:.2f}"
        text = text.replace(".", ",") if self.comma else text
        return f"-{text}" if cents < 0 else text

    def day(self, line: Line) -> str:
        """The day of a line as the file writes it."""
        return line.day.strftime(self.day_form)

    def cells(self, line: Line) -> dict[str, str]:
        """The usual cells of a line, by role."""
        return {
            "order": line.order, "day": self.day(line), "customer": line.customer, "product": line.product,
            "quantity": str(line.quantity), "price": self.money(line.price), "amount": self.money(line.gross),
            "country": line.country,
        }  # fmt: skip

    def columns(self, *roles: str, keep: int = 0) -> list[str]:
        """Roles in a random order, the first `keep` where they are."""
        rest = list(roles[keep:])
        self.pick.shuffle(rest)
        return [*roles[:keep], *rest]

    def csv(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        """A table as text."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.pick.choice(("\n", "\r\n")))
        writer.writerow(header)
        writer.writerows(rows)
        return out.getvalue().encode(self.pick.choice(("utf-8", "utf-8-sig")))

    def table(self, roles: Sequence[str], rows: Sequence[dict[str, str]], **more: str) -> bytes:
        """Rows of cells by role under this file's names; `more` names further roles."""
        names = {**self.names, **more}
        return self.csv([names[role] for role in roles], [[row[role] for role in roles] for row in rows])


def truth(lines: Sequence[Line], **more: object) -> Truth:
    """What lines without discounts come to."""
    days = [line.day for line in lines]
    given: dict[str, object] = {
        "revenue": sum(line.gross for line in lines) / 100, "units": sum(line.quantity for line in lines),
        "orders": len({line.order for line in lines}), "days": (str(min(days)), str(max(days))),
    }  # fmt: skip
    return Truth(**{**given, **more})  # type: ignore[arg-type]
