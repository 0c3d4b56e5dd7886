"""Kinds in which cells are written in an unusual way: days, numbers, units, currencies, spellings, damage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.data.made.base import Files, Maker, kind, truth
from tests.data.made.orders import MONEY, flat
from tests.data.made.sold import Line
from tests.data.made.words import WORDS

ENGLISH = WORDS["months"]["en"]


def _dated(maker: Maker, write: object, **more: object) -> Files:
    lines = maker.sold(20, 60)
    rows = [{**maker.cells(line), "day": write(line.day)} for line in lines]  # type: ignore[operator]
    body = maker.table(flat(maker), rows)
    return Files(truth(lines, **more), {"sales.csv": body})


@kind
def serial_days(maker: Maker) -> Files:
    """Days as a spreadsheet counts them, from the end of 1899."""
    timed = maker.pick.random() < 0.5 and not maker.comma

    def written(day: date) -> str:
        return f"{(day - date(1899, 12, 30)).days}" + (f".{maker.pick.randint(1, 999):03}" if timed else "")

    return _dated(maker, written, proven=False)


@kind
def month_names(maker: Maker) -> Files:
    """Days with the language's names of months."""
    words = WORDS["months"][maker.language]
    form = maker.pick.choice(("{d} {m} {y}", "{d}. {m} {y}", "{d}-{m}-{y}", "{d:02} {m} {y}"))
    if maker.language == "ja":
        form = "{y}年{m}{d}日"
    if maker.language == "en":
        form = maker.pick.choice(("{m} {d}, {y}", "{d} {m} {y}", "{d:02}-{m}-{y}"))
    return _dated(maker, lambda day: form.format(d=day.day, m=words[day.month - 1], y=day.year))


@kind
def offsets(maker: Maker) -> Files:
    """Times with an offset from UTC."""
    form = maker.pick.choice(("{}T{} +02:00", "{} {} +0100", "{}T{}-05:00", "{} {}Z", "{}T{}.123+09:00"))
    form = form.replace("T{} +", "T{}+")
    return _dated(maker, lambda day: form.format(day, f"{maker.pick.randint(0, 23):02}:15:09"))


@kind
def short_years(maker: Maker) -> Files:
    """Days in a usual short form that can be read in one way only."""
    form = maker.pick.choice(("%d.%m.%y", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y %H:%M"))
    lines = maker.sold(30, 60)
    while max(line.day.day for line in lines) <= 12:
        lines = maker.sold(30, 60)
    rows = [{**maker.cells(line), "day": line.day.strftime(form)} for line in lines]
    return Files(truth(lines), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def unreadable_days(maker: Maker) -> Files:
    """A few days are words: those rows are set aside, the others count."""
    lines = maker.sold(60, 90)
    bad = {id(line) for line in maker.pick.sample(lines, 2)}
    word = maker.pick.choice(("tbd", "?", "ERROR", "unknown", "offen", "n/a"))
    rows = [{**maker.cells(line), **({"day": word} if id(line) in bad else {})} for line in lines]
    kept = [line for line in lines if id(line) not in bad]
    return Files(truth(kept, proven=False, orders=None), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def indian_grouping(maker: Maker) -> Files:
    """Lakhs and crores: 1,03,000.00."""
    maker.comma, maker.separator = False, ","
    lines = [replace(line, price=line.price * 1700) for line in maker.sold()]

    def written(cents: int) -> str:
        whole, rest = divmod(cents, 100)
        text = str(whole)
        head, tail = text[:-3], text[-3:]
        parts = list[str]()
        while head:
            parts.insert(0, head[-2:])
            head = head[:-2]
        return ",".join([*parts, tail]) + f".{rest:02}"

    rows = [{**maker.cells(x), "price": written(x.price), "amount": written(x.gross)} for x in lines]
    return Files(truth(lines), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def swiss_grouping(maker: Maker) -> Files:
    """1'234.50 or 1’234.50."""
    maker.comma = False
    mark = maker.pick.choice(("'", "’"))
    lines = [replace(line, price=line.price * 90) for line in maker.sold()]

    def written(cents: int) -> str:
        return f"{cents / 100:,.2f}".replace(",", mark)

    rows = [{**maker.cells(x), "price": written(x.price), "amount": written(x.gross)} for x in lines]
    return Files(truth(lines), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def other_digits(maker: Maker) -> Files:
    """Arabic-Indic, Persian, Devanagari or full-width digits."""
    maker.comma = False
    zero = maker.pick.choice((0x0660, 0x06F0, 0x0966, 0xFF10))
    table = {48 + n: zero + n for n in range(10)}
    lines = maker.sold()
    rows = [
        {role: text.translate(table) if role in ("day", "quantity", "price", "amount") else text
         for role, text in maker.cells(line).items()}
        for line in lines
    ]  # fmt: skip
    return Files(truth(lines), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def currency_in_cells(maker: Maker) -> Files:
    """The currency stands in each amount, before or behind."""
    signs = {"€": "EUR", "£": "GBP", "CHF": "CHF", "zł": "PLN", "￥": "JPY", "₹": "INR"}
    sign, code = maker.pick.choice(sorted(signs.items()))
    form = maker.pick.choice(("{s}{n}", "{n} {s}", "{s} {n}")) if sign not in ("CHF", "zł") else "{n} {s}"
    lines = maker.sold()
    rows = []
    for line in lines:
        cells = maker.cells(line)
        rows.append({**cells, **{role: form.format(s=sign, n=cells[role]) for role in ("price", "amount")}})
    return Files(truth(lines, currency=code), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def currency_in_header(maker: Maker) -> Files:
    """The currency stands in the header."""
    sign, code = maker.pick.choice((("EUR", "EUR"), ("$", "USD"), ("£", "GBP"), ("CHF", "CHF"), ("SEK", "SEK")))
    form = maker.pick.choice(("{} ({})", "{} in {}", "{} [{}]"))
    for role in ("price", "amount"):
        maker.names[role] = form.format(maker.names[role], sign)
    lines = maker.sold()
    body = maker.table(flat(maker), [maker.cells(line) for line in lines])
    return Files(truth(lines, currency=code), {"sales.csv": body})


@kind
def guarded(maker: Maker) -> Files:
    """Long order numbers guarded as formulas."""
    lines = maker.sold()
    rows = [{**maker.cells(line), "order": f'="00{line.order[1:]:>011}"'.replace(" ", "0")} for line in lines]
    return Files(truth(lines), {"orders.csv": maker.table(flat(maker), rows)})


@kind
def spoilt_numbers(maker: Maker) -> Files:
    """Order numbers that a spreadsheet cut: they tell no orders apart."""
    lines = maker.sold()
    point = "," if maker.comma else "."
    rows = [{**maker.cells(line), "order": f"1{point}1{line.order[1]}E+16"} for line in lines]
    return Files(truth(lines, orders=None, proven=False), {"orders.csv": maker.table(flat(maker), rows)})


@kind
def minus_behind(maker: Maker) -> Files:
    """Returns have their minus behind the number, or stand in parentheses."""
    lines = maker.sold()
    form = maker.pick.choice(("{}-", "({})"))
    back = maker.pick.sample(lines, 2)
    gone = {id(line) for line in back}
    rows = []
    for line in lines:
        cells = maker.cells(line)
        if id(line) in gone:
            cells |= {role: form.format(cells[role]) for role in ("quantity", "amount")}
        rows.append(cells)
    roles = maker.columns("order", "day", "customer", "product", "quantity", "price", "amount")
    net = sum(x.gross * (-1 if id(x) in gone else 1) for x in lines) / 100
    sold = truth([x for x in lines if id(x) not in gone], proven=False, orders=None, days=None)
    return Files(replace(sold, returned=sold.revenue - net), {"sales.csv": maker.table(roles, rows)})


@kind
def units_in_cells(maker: Maker) -> Files:
    """Quantities carry a unit."""
    unit = maker.pick.choice((" pcs", "x", " Stk", " st", " pz", " ud.", " 個", " szt."))
    lines = maker.sold()
    rows = [{**maker.cells(line), "quantity": f"{line.quantity}{unit}"} for line in lines]
    return Files(truth(lines), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def many_decimals(maker: Maker) -> Files:
    """Whole quantities with three or four decimals, as databases write them."""
    zeros = maker.pick.choice((3, 4)) if not maker.comma else 4
    lines = maker.sold()
    point = "," if maker.comma else "."
    rows = [{**maker.cells(line), "quantity": f"{line.quantity}{point}{'0' * zeros}"} for line in lines]
    return Files(truth(lines, proven=False), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def weighed(maker: Maker) -> Files:
    """Goods are weighed: quantity x price = amount with decimals of a kilogram."""
    lines = maker.sold(25, 60)
    rows, money, units = [], 0, 0.0
    for line in lines:
        grams = maker.pick.choice((250, 450, 500, 750, 1000, 1250, 1500, 2000, 335))
        line.price = maker.pick.randint(2, 60) * 100 + maker.pick.choice((0, 50, 90, 99))
        amount = (line.price * grams + 500) // 1000
        money, units = money + amount, units + grams / 1000
        text = f"{grams / 1000:g}" if maker.pick.random() < 0.5 else f"{grams / 1000:.3f}"
        text = text.replace(".", ",") if maker.comma else text
        cells = maker.cells(line)
        rows.append({**cells, "quantity": text, "amount": maker.money(amount)})
    weight = {"de": "Gewicht (kg)", "fr": "Poids (kg)", "es": "Peso (kg)", "it": "Peso kg", "en": "Weight (kg)"}
    if maker.pick.random() < 0.5:
        maker.names["quantity"] = weight.get(maker.language, "kg")
    roles = maker.columns("order", "day", "customer", "product", "quantity", "price", "amount")
    given = truth(lines, revenue=money / 100, units=None, proven=False)
    return Files(given, {"sales.csv": maker.table(roles, rows)})


@kind
def na_is_a_member(maker: Maker) -> Files:
    """NA beside other codes is a member like them."""
    codes = maker.pick.choice((("NA", "EMEA", "APAC", "LATAM"), ("NA", "EU", "AS", "SA"), ("NA", "DE", "FR", "ZA")))
    name = maker.pick.choice(("Territory", "Sales Region", "Area", "Market"))
    lines = maker.sold(40, 60)
    rows = [{**maker.cells(line), "area": codes[n % len(codes)]} for n, line in enumerate(_one_a_line(lines))]
    lines = _one_a_line(lines)
    body = maker.table(flat(maker, "area"), rows, area=name)
    return Files(truth(lines, members=codes, proven=False), {"sales.csv": body})


def _one_a_line(lines: list[Line]) -> list[Line]:
    return [replace(line, order=f"B{n}") for n, line in enumerate(lines)]


@kind
def spellings(maker: Maker) -> Files:
    """One member is spelt in several ways: trailing blanks, capitals."""
    lines = maker.sold(40, 60)
    rows = []
    for line in lines:
        cells = maker.cells(line)
        odd = maker.pick.choice((str, str, str, str.upper, lambda text: text + " ", str.lower))
        rows.append({**cells, "country": odd(cells["country"])})
    body = maker.table(flat(maker, "country"), rows)
    members = sorted({line.country for line in lines})
    return Files(truth(lines, members=members), {"sales.csv": body})


@kind
def debit_and_credit(maker: Maker) -> Files:
    """Dr and Cr stand behind the amounts."""
    lines = maker.sold()
    back = {id(line) for line in maker.pick.sample(lines, 2)}
    dr, cr = maker.pick.choice(((" Dr", " Cr"), ("D", "C"), (" DR", " CR")))
    rows = [{**maker.cells(x), "amount": maker.money(x.gross) + (cr if id(x) in back else dr)} for x in lines]
    sold = truth([x for x in lines if id(x) not in back], proven=False, orders=None, days=None)
    roles = maker.columns("order", "day", "customer", "product", "quantity", "amount")
    return Files(sold, {"ledger.csv": maker.table(roles, rows)})


@kind
def percent_in_header(maker: Maker) -> Files:
    """The sign of percent stands in the header of the discounts, the cells hold bare numbers."""
    lines = maker.sold(20, 50)
    rows, money = [], 0
    for line in lines:
        share = maker.pick.choice((0, 0, 5, 10, 15, 25))
        off = (line.gross * share + 50) // 100
        money += line.gross - off
        rows.append({**maker.cells(line), "discount": str(share), "amount": maker.money(line.gross - off)})
    name = maker.names["discount"] + maker.pick.choice((" %", " (%)", " in %"))
    roles = maker.columns("order", "day", "customer", "product", "quantity", "price", "discount",
                          *maker.pick.choice(((), ("amount",))))  # fmt: skip
    given = truth(lines, revenue=money / 100)
    return Files(given, {"sales.csv": maker.table(roles, rows, discount=name)})


@kind
def errors_in_cells(maker: Maker) -> Files:
    """Some quantities are errors of a spreadsheet: those rows are set aside."""
    lines = maker.sold(60, 90)
    word = maker.pick.choice(("#N/A", "ERROR", "UNKNOWN", "#REF!", "N/A"))
    bad = {id(line) for line in maker.pick.sample(lines, 3)}
    rows = [{**maker.cells(x), **({"quantity": word} if id(x) in bad else {})} for x in lines]
    roles = maker.columns("order", "day", "customer", "product", *MONEY[0])
    kept = [x for x in lines if id(x) not in bad]
    return Files(truth(kept, proven=False, orders=None, days=None), {"cafe.csv": maker.table(roles, rows)})
