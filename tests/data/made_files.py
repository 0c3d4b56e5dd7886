"""Sales files made at random with a known truth: plain ones in ten languages, and hard ones.

Hard ones have lying names, nonsense names, columns that distract, six rows. `python -m tests.data.made_files --kind
hard --count 2000` says how many are read right, asked, or wrong; `--files` takes them through reader and import.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from data.terms.rows import ROW
from data.understanding.names import number_role
from data.understanding.tables import table_of
from data.understanding.types import Understanding
from data.understanding.understand import understood

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

COMMA: Final = frozenset({"de", "fr", "es", "it", "nl", "pt", "pl", "sv"})


@dataclass
class Line:
    """One line as it was sold; money in cents."""

    order: str
    day: date
    customer: str
    product: str
    country: str
    quantity: int
    price: int
    share: int = 0
    """Discount in percent."""
    off: int = 0

    @property
    def gross(self) -> int:
        return self.quantity * self.price

    @property
    def net(self) -> int:
        return self.gross - self.off


@dataclass
class Made:
    """Files, what is true of them, and whether their arithmetic proves it."""

    tables: dict[str, pl.DataFrame]
    lines: list[Line]
    proven: bool
    kind: str
    separator: str = ","
    dates_open: bool = False
    said: list[str] = field(default_factory=list)

    @property
    def revenue(self) -> float:
        return sum(line.net for line in self.lines) / 100

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def days(self) -> tuple[str, str]:
        days = [line.day for line in self.lines]
        return str(min(days)), str(max(days))

    @property
    def orders(self) -> int:
        return len({line.order for line in self.lines})


# --- What was sold ----------------------------------------------------------------------------------------------------


def _sold(pick: random.Random, rows: int, form: str) -> list[Line]:
    products = [
        (
            f"{pick.choice(('Mug', 'Tea', 'Pot', 'Lamp', 'Bowl', 'Pan'))} {n}",
            pick.choice((pick.randint(150, 9900), pick.randint(2, 90) * 100 + pick.choice((0, 50, 95, 99)))),
        )
        for n in range(pick.randint(3, 7))
    ]
    customers = [
        f"{pick.choice(('Ana', 'Ben', 'Cara', 'Dirk', 'Eva'))} {chr(65 + n)}" for n in range(max(2, rows // 4))
    ]
    countries = {name: pick.choice(("Germany", "France", "Spain")) for name in customers}
    lines: list[Line] = []
    number, day = pick.randint(1, 9000), date(2024, 1, 1) + timedelta(pick.randint(0, 60))
    while len(lines) < rows:
        number, day = number + 1, day + timedelta(pick.randint(0, 4))
        customer = pick.choice(customers)
        for product, price in pick.sample(products, min(len(products), pick.choice((1, 1, 2, 3)))):
            quantity = pick.choice((1, 1, 2, 2, 3, 4, 5, 12))
            line = Line(f"A{number}", day, customer, product, countries[customer], quantity, price)
            if form and pick.random() < 0.45:
                line.share = pick.choice((5, 10, 15, 20, 25))
                line.off = _off(line, form, pick)
            lines.append(line)
    return lines[:rows]


def _off(line: Line, form: str, pick: random.Random) -> int:
    if form == "amount" or form == "negative":
        return min(pick.randint(20, max(21, line.gross // 4)), line.gross)
    if form == "per_unit":
        return line.quantity * max(1, line.price * line.share // 100)
    return (line.gross * line.share + 50) // 100


# --- How it is written ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dialect:
    """How numbers and days are written."""

    comma: bool
    thousands: bool
    sign: str
    day: str

    def money(self, cents: int) -> str:
        whole, rest = divmod(abs(cents), 100)
        text = f"{whole:,}" if self.thousands else str(whole)
        text = f"{text}.{rest:02}"
        if self.comma:
            text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
        return f"{'-' if cents < 0 else ''}{self.sign}{text}"


def _dialect(pick: random.Random, language: str) -> Dialect:
    comma = language in COMMA and pick.random() < 0.8
    forms = ["%Y-%m-%d", "%Y/%m/%d", *(["%d.%m.%Y"] if comma else []), "%d/%m/%Y" if language != "en" else "%m/%d/%Y"]
    return Dialect(comma, pick.random() < 0.3, pick.choice(("", "", "", "$", "€")), pick.choice(forms))


Cells = Callable[[Line], str]


def _columns(pick: random.Random, layout: str, form: str, dialect: Dialect, lines: list[Line]) -> dict[str, Cells]:
    """The money columns of a layout."""
    money = dialect.money
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.order] = totals.get(line.order, 0) + line.net
    rate = pick.choice((7, 10, 19, 20, 21))
    tax = {id(line): (line.net * rate + 50) // 100 for line in lines}
    discount: dict[str, Cells] = {
        "amount": lambda line: money(line.off),
        "negative": lambda line: money(-line.off),
        "rate": lambda line: _decimal(f"{line.share / 100:.2f}" if line.off else "0", dialect),
        "percent": lambda line: str(line.share if line.off else 0),
        "sign": lambda line: f"{line.share if line.off else 0}%",
        "per_unit": lambda line: money(line.off // line.quantity),
    }
    every: dict[str, Cells] = {
        "quantity": lambda line: str(line.quantity),
        "price": lambda line: money(line.price),
        "amount": lambda line: money(line.net),
        "gross": lambda line: money(line.gross),
        "net": lambda line: money(line.net),
        "tax": lambda line: money(tax[id(line)]),
        "total": lambda line: money(line.net + tax[id(line)]),
        "order_total": lambda line: money(totals[line.order]),
        "discount": discount.get(form, discount["amount"]),
    }
    return {name: every[name] for name in LAYOUTS[layout]}


def _decimal(text: str, dialect: Dialect) -> str:
    return text.replace(".", ",") if dialect.comma else text


LAYOUTS: Final = {
    "price": ("quantity", "price"),
    "amount": ("quantity", "amount"),
    "all": ("quantity", "price", "amount"),
    "all_order": ("quantity", "price", "amount", "order_total"),
    "price_order": ("quantity", "price", "order_total"),
    "discounted": ("quantity", "price", "discount", "amount"),
    "discount_only": ("quantity", "price", "discount"),
    "gross_net": ("quantity", "gross", "discount", "net"),
    "taxed": ("quantity", "price", "net", "tax", "total"),
    "taxed_price": ("quantity", "price", "tax", "total"),
    "whole": ("quantity", "gross", "discount", "net", "tax", "total"),
    "everything": ("quantity", "price", "discount", "net", "tax", "total", "order_total"),
}
"""Layout -> its columns of numbers."""

_DISCOUNTED: Final = frozenset({"discounted", "discount_only", "gross_net", "whole", "everything"})
_PROVEN: Final = frozenset({"all", "all_order", "discounted", "gross_net", "taxed", "whole", "everything"})


def _table(lines: list[Line], columns: dict[str, Cells], names: dict[str, str], order: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {names[key]: [columns[key](line) for line in lines] for key in order},
        schema_overrides={names[key]: pl.String for key in order},
    )


def plain(seed: int) -> Made:
    """A file as a program exports it, in one of ten languages."""
    pick = random.Random(f"plain {seed}")
    language = pick.choice(sorted(NAMES))
    names = dict(zip(ROLES, NAMES[language], strict=True))
    layout = pick.choice(sorted(LAYOUTS))
    form = pick.choice(("amount", "rate", "percent", "sign", "negative", "per_unit")) if layout in _DISCOUNTED else ""
    if layout == "discount_only":
        form = pick.choice(("sign", "negative", "amount"))
    if layout in ("gross_net", "whole") and form == "per_unit":
        form = "amount"
    dialect = _dialect(pick, language)
    lines = _sold(pick, pick.randint(20, 80), form)
    columns: dict[str, Cells] = {
        "order": lambda line: line.order,
        "day": lambda line: line.day.strftime(dialect.day),
        "customer": lambda line: line.customer,
        "product": lambda line: line.product,
        **({"country": lambda line: line.country} if pick.random() < 0.5 else {}),
        **_columns(pick, layout, form, dialect, lines),
    }
    order = list(columns)
    pick.shuffle(order)
    first = {line.order: line for line in reversed(lines)}
    if pick.random() < 0.2 and "country" in columns:
        columns["country"] = lambda line: line.country if first[line.order] is line else ""
    separator = ";" if dialect.comma else pick.choice((",", ",", "\t", ";"))
    tables = {"sales.csv": _table(lines, columns, names, order)}
    if pick.random() < 0.1:
        height = tables["sales.csv"].height
        cut = next((n for n in range(height // 2, height) if lines[n].order != lines[n - 1].order), 0)
        if cut:
            whole = tables.pop("sales.csv")
            tables = {"sales_1.csv": whole.head(cut), "sales_2.csv": whole.tail(height - cut)}
    return Made(
        tables, lines, layout in _PROVEN and _tells(lines, form), f"{layout}/{form}", separator, _open(lines, dialect)
    )


def _tells(lines: list[Line], form: str) -> bool:
    """Whether enough rows can tell: several of more than one unit and, with a discount, several discounted."""
    many = sum(line.quantity > 1 for line in lines)
    return many >= 3 and (not form or sum(line.off > 2 for line in lines) >= 3)


def _open(lines: list[Line], dialect: Dialect) -> bool:
    both = dialect.day in ("%d/%m/%Y", "%m/%d/%Y")
    return both and all(line.day.day <= 12 for line in lines)


_LIES: Final = {
    "quantity": ("Number", "Value", "Total", "Amount", "x1", "Count", "Price", "Spalte 3"),
    "price": ("Value", "Total", "Amount", "Rate", "col_b", "Sales", "Cost", "Net"),
    "amount": ("Price", "Value", "Gross", "Quantity", "f7", "Unit Price", "Points"),
    "net": ("Price", "Value", "Gross", "z", "Total"),
    "gross": ("Net", "Amount", "Price", "gg"),
    "discount": ("Fee", "Value", "Adjustment", "q9", "Tax", "Bonus"),
    "tax": ("Extra", "Value", "t_1", "Fee", "Discount"),
    "total": ("Amount", "Sum", "Price", "Sales", "w"),
    "order_total": ("Amount", "Sum", "Total", "oo"),
    "order": ("No", "Ref", "a1", "Customer"),
    "day": ("When", "d", "Stamp"),
    "customer": ("Who", "b2", "Product"),
    "product": ("What", "c3", "Order"),
    "country": ("Where", "k"),
}
"""Role -> names that say nothing, or something else."""


_SAME: Final = {"quantity": ("quantity",), "price": ("price",), "amount": ("amount",)}


def hard(seed: int) -> Made:
    """A file with lying or nonsense names, columns that distract, and often few rows."""
    pick = random.Random(f"hard {seed}")
    language = pick.choice(sorted(NAMES))
    names = dict(zip(ROLES, NAMES[language], strict=True))
    layout = pick.choice(sorted(LAYOUTS))
    form = pick.choice(("amount", "rate", "percent", "sign", "negative", "per_unit")) if layout in _DISCOUNTED else ""
    if layout in ("gross_net", "whole") and form == "per_unit":
        form = "amount"
    dialect = _dialect(pick, language)
    lines = _sold(pick, pick.choice((6, 6, 8, 12, 30, 60)), form)
    columns: dict[str, Cells] = {
        "order": lambda line: line.order,
        "day": lambda line: line.day.strftime(dialect.day),
        "customer": lambda line: line.customer,
        "product": lambda line: line.product,
        **_columns(pick, layout, form, dialect, lines),
    }
    lying = pick.choice((0, 1, 1, 2, 3, 9))
    for role in pick.sample(list(columns), min(lying, len(columns))):
        # Nothing contradicts a name that speaks of something else where no equation holds: there names say nothing.
        lies = [name for name in _LIES[role] if layout in _PROVEN or number_role(name) in ("", *_SAME.get(role, ()))]
        names[role] = pick.choice(lies)
    _apart(names, columns)
    for number in range(pick.choice((0, 1, 1, 2, 3))):
        role = f"distract {number}"
        names[role], columns[role] = _distraction(pick, dialect, lines, number)
    _apart(names, columns)
    order = list(columns)
    pick.shuffle(order)
    proven = layout in _PROVEN and _tells(lines, form) and len(lines) >= 12
    return Made({"sales.csv": _table(lines, columns, names, order)}, lines, proven, f"{layout}/{form}/lies {lying}",
                ";" if dialect.comma else ",", _open(lines, dialect))  # fmt: skip


def _apart(names: dict[str, str], columns: dict[str, Cells]) -> None:
    seen: set[str] = set()
    for role in columns:
        while names[role].lower() in seen:
            names[role] += " 2"
        seen.add(names[role].lower())


def _distraction(pick: random.Random, dialect: Dialect, lines: list[Line], number: int) -> tuple[str, Cells]:
    """A column that has nothing to do with the money of a line."""
    kind = pick.choice(("rating", "stock", "weight", "points", "list", "cost", "shipping", "index", "budget"))
    made: dict[int, str] = {}
    for line in lines:
        made[id(line)] = {
            "rating": str(pick.randint(1, 5)),
            "stock": str(pick.randint(0, 400)),
            "weight": _decimal(f"{pick.random() * 9:.3f}", dialect),
            "points": str(pick.randint(0, 60) * 10),
            "list": dialect.money(line.price + pick.choice((0, 100, 250))),
            "cost": dialect.money(line.price * 6 // 10 * line.quantity),
            "shipping": dialect.money(pick.choice((0, 495, 990))),
            "index": str(1000 + len(made)),
            "budget": dialect.money(pick.randint(1000, 90000)),
        }[kind]
    names = {"rating": "Rating", "stock": "Stock", "weight": "Weight", "points": "Points", "list": "List Price",
             "cost": "Cost", "shipping": "Shipping", "index": "Row", "budget": "Budget"}  # fmt: skip
    name = pick.choice((names[kind], f"n{number}", names[kind]))
    return name, lambda line: made[id(line)]


# --- Judging ----------------------------------------------------------------------------------------------------------


def understanding(made: Made) -> Understanding:
    """What a made file is taken for."""
    tables = []
    for name, frame in made.tables.items():
        numbered = frame.with_columns(pl.when(pl.all() != "").then(pl.all())).with_row_index(ROW, offset=2)
        tables.append(table_of(name, numbered.lazy(), frame.height))
    return understood(tables)


def verdict(made: Made, found: Understanding) -> str:
    """`right`, `asked`, `lost` (asked without the truth among the answers), `refused` or `wrong`."""
    if not found.content or found.totals is None:
        return "refused"
    must = [question for question in found.questions if question.must]
    if not must:
        return (
            "right"
            if _fits(made, found.totals.revenue, found.totals.units, (found.totals.first_day, found.totals.last_day))
            else "wrong"
        )
    for question in must:
        totals = [answer.totals for answer in question.answers if answer.totals is not None]
        if question.key.startswith("dates:"):
            fits = any((one.first_day, one.last_day) == made.days for one in totals)
        elif question.key == "units":
            fits = found.totals.units == made.units or len(question.answers) > 1
        else:
            fits = any(abs(one.revenue - made.revenue) < 0.006 * max(1, made.units) ** 0.5 for one in totals)
        if not fits:
            return "lost"
    money = any(question.key == "money" for question in must)
    if not money and abs(found.totals.revenue - made.revenue) > 0.06:
        return "wrong"
    return "asked"


def _fits(made: Made, revenue: float, units: float, days: tuple[str, str]) -> bool:
    # A rate is rounded line by line; the totals may differ by half a cent each.
    return abs(revenue - made.revenue) <= 0.0051 * len(made.lines) and units == made.units and days == made.days


def write(made: Made, folder: Path) -> list[Path]:
    """The files as text."""
    paths = []
    for name, frame in made.tables.items():
        path = folder / name
        frame.write_csv(path, separator=made.separator)
        paths.append(path)
    return paths


def main(arguments: list[str] | None = None) -> int:
    """Make files, understand them, and say how many come out how; 1 where any is wrong or its truth is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", choices=("plain", "hard"), default="plain")
    parser.add_argument("--show", type=int, default=5, help="files that did not come out right to be shown")
    parser.add_argument("--files", action="store_true", help="through the command line instead of in memory")
    asked = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    proven: Counter[str] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    for seed in range(asked.first, asked.first + asked.count):
        made = (plain if asked.kind == "plain" else hard)(seed)
        found = _prepared(made) if asked.files else verdict(made, understanding(made))
        counts[found] += 1
        if found != "right":
            kinds[(found, made.kind)] += 1
        if made.proven and not made.dates_open:
            proven[found] += 1
        if found in ("wrong", "lost", "refused") and asked.show > 0:
            asked.show -= 1
            print(f"\n{asked.kind} {seed}: {found}, {made.kind}: {made.revenue}, {made.units} units, {made.days}")
            print(next(iter(made.tables.values())).head(8))
    print(dict(counts), "proven:", dict(proven))
    for (found, kind), count in kinds.most_common(25):
        print(f"  {found:8} {kind:40} {count}")
    return int(counts["wrong"] + counts["lost"] > 0)


def _prepared(made: Made) -> str:
    """The verdict on a file that goes all the way through the command line's steps."""
    from data import guided
    from data.errors import DataError

    with tempfile.TemporaryDirectory() as folder, guided.understood(write(made, Path(folder))) as files:
        if files.understood.content and not files.understood.open({}):
            try:
                result = files.prepare(
                    guided.ImportOptions(currency="EUR"),
                    home=Path(folder) / "home",
                    name="made",
                    today=date(2026, 1, 1),
                )
            except DataError:
                return "refused"
            revenue = int(result.prepared.lines["revenue"].sum()) / 10_000
            units = int(result.prepared.lines["quantity"].cast(int).sum())
            first, last = result.prepared.days
            return "right" if _fits(made, revenue, units, (str(first), str(last))) else "wrong"
        return verdict(made, files.understood)


if __name__ == "__main__":
    sys.exit(main())
