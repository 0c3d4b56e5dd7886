"""Random shops and random views of them: small ones and larger ones, with and without what a file may lack."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics import metrics, periods
from analytics.dataset import Calendar, Dataset
from analytics.filters import Filters, where
from analytics.grains import GRAINS, ONE_DAY
from analytics.periods import Period
from benchmarks.calibration.shops import FILES, SHARED
from data.building import layout
from data.prepare import prepare
from data.recipe import recipes
from data.store import store, writing
from ui.queries import VersionKey
from ui.sidebar import View

PLACES: Final = (
    ("Europe", "France", "Nord"), ("Europe", "France", "Sud"), ("Europe", "Spain", "Norte"),
    ("Asia", "Japan", "Kanto"), ("Asia", "South Korea", "Seoul"), ("Africa", "Ghana", "Ashanti"),
)  # fmt: skip
PRODUCTS: Final = (
    ("Road bike", "Bikes", "Road"), ("Racer", "Bikes", "Road"), ("Trail bike", "Bikes", "Mountain"),
    ("Glove", "Clothing", "Gloves"), ("Sock", "Clothing", "Socks"), ("Wool sock", "Clothing", "Socks"),
    ("Lamp", "Extras", "Lights"), ("Lock", "Extras", "Locks"),
)  # fmt: skip
CHANNELS: Final = ("shop", "web", "phone")
MODES: Final = ("previous_year", "previous_year", "previous_period", "weekday", "none")


def shop(seed: int) -> layout.Prepared:
    """A shop of a few to some hundred orders."""
    draw = random.Random(seed)
    days, orders = draw.choice((40, 200, 500, 900)), draw.choice((3, 8, 30, 120, 300))
    first = date(2021, 1, 1) + timedelta(days=draw.randrange(700))
    people = draw.choice((0, 2, 12, 60))
    has = {name: draw.random() < 0.6 for name in ("places", "levels", "channel", "cost", "discount", "returns")}
    return made(f"shop-{seed}", _rows(draw, days, orders, first, people, has), draw, people, has)


def _rows(
    draw: random.Random, days: int, orders: int, first: date, people: int, has: dict[str, bool]
) -> list[dict[str, Any]]:
    large = draw.choice((1, 1, 1000))
    # Half of the shops have one member that sells much more, or less, from some day on: something stands out there.
    odd, factor = draw.choice((None, *PLACES[:3], *CHANNELS[:2], *PRODUCTS[:2])), draw.choice((0.1, 6.0))
    turn = first + timedelta(days=days // 2)
    rows: list[dict[str, Any]] = []
    for number in range(orders):
        buyer = draw.randrange(people + 1) if people else 0
        day, place = first + timedelta(days=draw.randrange(days)), draw.choice(PLACES)
        channel = draw.choice(CHANNELS)
        for _ in range(draw.choice((1, 1, 2, 4))):
            name, category, level = draw.choice(PRODUCTS)
            units = draw.choice((0, 1, 1, 1, 2, 9))
            revenue = draw.randrange(0, 900_000) * 100 * large
            if day >= turn and odd in (place, channel, (name, category, level)):
                revenue = int(revenue * factor) // 100 * 100
            row: dict[str, Any] = {"order_id": f"{number:04d}", "ordered_on": day, "product_id": name, "product": name}
            row["customer_id"] = f"c{buyer}" if buyer else None
            row |= {"quantity": units, "revenue": revenue}
            row |= {"category": category, "subcategory": level} if has["levels"] else {}
            row |= dict(zip(("continent", "country", "region"), place, strict=True)) if has["places"] else {}
            row |= {"channel": channel} if has["channel"] else {}
            row |= {"cost": int(revenue * draw.uniform(0.3, 1.2))} if has["cost"] else {}
            row |= {"discount": draw.choice((0, 0, revenue // 10))} if has["discount"] else {}
            rows.append(row)
    return rows


THIN: Final = (
    "one customer", "one product", "one line", "one day", "five days", "thirteen months", "free", "partly free",
    "below 0", "nobody",
)  # fmt: skip


def thin(kind: str, seed: int) -> layout.Prepared:
    """A shop with one of something, of a short time, without customers or without (positive) revenue: one of THIN."""
    draw = random.Random(f"{kind} {seed}")
    days = {"one day": 1, "five days": 5, "thirteen months": 395}.get(kind, 300)
    has = dict.fromkeys(("places", "levels", "channel", "cost", "discount", "returns"), True)
    rows = _rows(draw, days, 150, date(2022, 3, 1), 12, has)
    if kind == "one customer":
        rows = [row | {"customer_id": "c1"} for row in rows if row["customer_id"] == "c1"]
    elif kind == "one product":
        rows = [row for row in rows if row["product"] == "Lamp"]
    elif kind == "one line":
        rows = rows[:1]
    elif kind == "nobody":
        rows = [row | {"customer_id": None} for row in rows]
    elif kind in FACTORS:
        rows = [row | {name: row[name] * FACTORS[kind][row["product"] in FREE] for name in MONEY} for row in rows]
    people = {"one customer": 1, "nobody": 0}.get(kind, 12)
    return made(f"{kind.replace(' ', '-')}-{seed}", rows, draw, people, has)


FREE: Final = ("Glove", "Sock", "Lamp")
"""Products that a partly free shop gives away."""
FACTORS: Final = {"free": (0, 0), "partly free": (1, 0), "below 0": (-1, 0)}
"""Kind of shop -> what its revenue is times that of another, and that of FREE products."""
MONEY: Final = ("revenue", "discount")


def made(
    name: str, rows: list[dict[str, Any]], draw: random.Random, people: int, has: dict[str, bool], share: float = 0.0
) -> layout.Prepared:
    """A dataset of some order lines, with customers, a share of the lines returned (or six), and monthly targets."""
    carried: tuple[str, ...] = ("product_id", "product", "category", "subcategory", "country")
    if share or draw.random() < 0.5:
        carried += ("order_id", "customer_id")
    back = [
        {"returned_on": row["ordered_on"] + timedelta(days=draw.randrange(30)), "quantity": 1, "amount": row["revenue"]}
        | {"reason": draw.choice(("Too small", "Broken", None))}
        | {name: row[name] for name in carried if name in row}
        for row in draw.sample(rows, min(len(rows), max(6, int(share * len(rows)))))
    ]
    by = next((one for one in ("country", "channel") if one in rows[0]), None)
    months: dict[tuple[date, str], int] = {}
    for row in rows:
        key = (row["ordered_on"].replace(day=1), row[by] if by else "")
        months[key] = months.get(key, 0) + row["revenue"]
    targets = [
        {"month": month, "revenue": int(sold * draw.uniform(0.6, 1.6))} | ({by: member} if by else {})
        for (month, member), sold in sorted(months.items())
        if draw.random() < 0.9 and sold >= 0
    ]
    known = [
        {"customer_id": f"c{n}", "name": f"Person {n}", "gender": draw.choice(("F", "M", None))}
        for n in range(1, people + 1)
    ]
    texts = dict.fromkeys(("customer_id", "gender"), pl.String)
    kinds: dict[str, type[pl.DataType]] = {
        column: pl.String for column in ("customer_id", "reason") if column in back[0]
    }
    tables = layout.Tables(
        lines=pl.DataFrame(rows, schema_overrides={"customer_id": pl.String}),
        customers=pl.DataFrame(known, schema_overrides=texts) if known else None,
        returns=pl.DataFrame(back, schema_overrides=kinds) if has["returns"] else None,
        targets=pl.DataFrame(targets) if targets else None,
    )
    return layout.build(tables, name=name, title=name.capitalize(), currency="EUR", calendar=Calendar())


def published(made: layout.Prepared, home: Path) -> tuple[VersionKey, Dataset]:
    """A shop as the app opens it."""
    version = writing.publish(made.name, made, home=home)
    return VersionKey(made.name, version), made.dataset()


def prepared(name: str, home: Path) -> tuple[VersionKey, Dataset]:
    """The demo, or a public shop whose file is there, as the app opens it."""
    if name == "demo":
        entry = store.find(name)
    else:
        recipe, file, _ = FILES[name]
        prepare(recipes.read(recipe), SHARED / file, home=home, name=recipe)
        entry = store.find(recipe, home=home)
    return VersionKey(entry.name, entry.version), store.load_version(entry.path, name=entry.name)


def opening(source: VersionKey, data: Dataset) -> View:
    """The view that a dataset opens with."""
    name, mode = periods.opening(data.first_day, data.last_day)
    period = periods.preset(name, data.first_day, data.last_day)
    comparison = periods.compare(period, mode, data.first_day, calendar=data.calendar)
    return View(source, Filters(period, comparison, ()), "month", "revenue")


def view(source: VersionKey, data: Dataset, draw: random.Random) -> View:
    """A random view: any period and base, members of up to two dimensions, any metric."""
    whole = Period(data.first_day, data.last_day)
    if draw.random() < 0.4:
        period = periods.preset(draw.choice(tuple(periods.PRESETS)[:-1]), data.first_day, data.last_day)
    else:
        start = data.first_day + timedelta(days=draw.randrange(whole.days))
        period = Period(start, min(start + timedelta(days=draw.choice((6, 30, 90, 364))), data.last_day))
    if draw.random() < 0.3:
        # A whole month, of which the one before is the previous period.
        start = period.start.replace(day=1)
        period = Period(start, (start + timedelta(days=32)).replace(day=1) - ONE_DAY)
    grain = periods.coarsen(draw.choice(tuple(GRAINS)), whole, data.calendar)
    comparison = periods.compare(period, draw.choice(MODES), data.first_day, grain=grain, calendar=data.calendar)
    if draw.random() < 0.2 and whole.days > 60:
        # The second half against the first, where what changed in between stands out.
        middle = data.first_day + timedelta(days=whole.days // 2)
        period, before = Period(middle, data.last_day), Period(data.first_day, middle - ONE_DAY)
        comparison = periods.compare(period, "custom", data.first_day, custom=before, grain=grain)
    chosen = {
        name: draw.sample(list(data.members[name]), min(len(data.members[name]), draw.choice((1, 1, 2))))
        for name in draw.sample(sorted(data.members), min(len(data.members), draw.choice((0, 0, 1, 1, 2))))
    }
    metric = draw.choice([one.name for one in metrics.available(data)])
    return View(source, Filters(period, comparison, where(chosen)), grain, metric)
