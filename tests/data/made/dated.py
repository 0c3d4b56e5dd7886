"""Kinds in which days are written in an unusual way, or stand under an unusual name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.data.made.base import Files, Maker, kind, truth
from tests.data.made.orders import flat
from tests.data.made.sold import Line


def _spread(maker: Maker) -> list[Line]:
    """Lines over some months, so that many days are above 12."""
    lines = maker.sold(40, 70)
    first = min(line.day for line in lines)
    spread = [replace(x, day=first + timedelta(2 * (x.day - first).days)) for x in lines]
    return spread


@kind
def dashes_and_slashes(maker: Maker) -> Files:
    """A spreadsheet turned what it took for its dates: dd/mm stands beside mm-dd, each proved by the other."""
    lines = _spread(maker)

    def written(day: date) -> str:
        return day.strftime("%m-%d-%Y") if day.day <= 12 else day.strftime("%d/%m/%Y")

    turned = maker.pick.random() < 0.5
    rows = [{**maker.cells(x), "day": written(x.day) if turned else _either(maker, x.day)} for x in lines]
    return Files(truth(lines, proven=False), {"sales.csv": maker.table(flat(maker), rows)})


def _either(maker: Maker, day: date) -> str:
    return day.strftime(maker.pick.choice(("%d/%m/%Y", "%Y-%m-%d")))


@kind
def signs_for_days(maker: Maker) -> Files:
    """2024年1月5日, 2024年01月05日, 令和6年1月5日, 2024년 1월 5일."""
    lines = maker.sold()
    form = maker.pick.choice(("{y}年{m}月{d}日", "{y}年{m:02}月{d:02}日", "令和{e}年{m}月{d}日", "{y}년 {m}월 {d}일"))
    rows = [
        {**maker.cells(x), "day": form.format(y=x.day.year, m=x.day.month, d=x.day.day, e=x.day.year - 2018)}
        for x in lines
    ]
    return Files(truth(lines), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def days_by_any_name(maker: Maker) -> Files:
    """The only date is a time under a name of its own."""
    names = ("transaction_timestamp", "ts", "event_time", "Closed", "Zeitpunkt", "Horodatage", "Registrado", "stamp",
             "completed_at", "Ora", "Momento", "Tidpunkt", "登録", "Wann")  # fmt: skip
    lines = maker.sold()
    form = maker.pick.choice(("{}T08:15:00Z", "{} 17:45", "{} 09:05:59.123", "{}"))
    rows = [{**maker.cells(x), "day": form.format(x.day)} for x in lines]
    return Files(
        truth(lines, proven=False), {"sales.csv": maker.table(flat(maker), rows, day=maker.pick.choice(names))}
    )


@kind
def days_open(maker: Maker) -> Files:
    """No day is above 12: day and month could be either way round, unless the order of the rows tells."""
    lines = maker.sold(15, 30)
    for number, line in enumerate(lines):
        line.day = date(2024, 1 + number % 3, 1 + (number * 5) % 12)
        line.order = f"C{number}"
    form = maker.pick.choice(("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"))
    rows = [{**maker.cells(x), "day": x.day.strftime(form)} for x in lines]
    return Files(truth(lines, proven=False), {"sales.csv": maker.table(flat(maker), rows)})


@kind
def shipped_later(maker: Maker) -> Files:
    """A later date, of shipping or payment, stands before that of the order."""
    lines = maker.sold(25, 50)
    english = maker.pick.choice(("Ship Date", "Delivery Date", "Paid on"))
    name = {"de": "Versanddatum", "fr": "Date de livraison", "es": "Fecha de envío", "it": "Data di consegna",
            "nl": "Leverdatum", "pt": "Data de entrega", "pl": "Data wysyłki", "sv": "Leveransdatum",
            "ja": "出荷日"}.get(maker.language, english)  # fmt: skip
    later = {x.order: maker.day(replace(x, day=x.day + timedelta(maker.pick.randint(1, 9)))) for x in lines}
    roles = ["shipped", *flat(maker)]
    body = maker.table(roles, [{**maker.cells(x), "shipped": later[x.order]} for x in lines], shipped=name)
    return Files(truth(lines), {"sales.csv": body})
