"""Tables of researchers: instruments, loggers, simulations, questionnaires, observations. And all families."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.survey import tables
from benchmarks.survey import words as w
from benchmarks.survey.tables import (
    Columns,
    DraftTable,
    Lines,
    Maker,
    dated,
    decimal,
    filled,
    pick,
    plain,
    seldom,
    whole,
)

_MEASURED: Final = (
    ("Time", "s", 10.0, 1), ("Temp.", "°C", 80.0, 2), ("Storage Modulus", "MPa", 900.0, 4), ("tan(delta)", "", 0.2, 5),
    ("Force", "N", 12.0, 3), ("Wavelength", "nm", 600.0, 0), ("Absorbance", "A.U.", 0.4, 6), ("Current", "mA", 0.3, 4),
    ("Voltage (V)", "V", 3.0, 3), ("2theta", "deg", 40.0, 2), ("Intensity", "counts", 900.0, 0),
    ("Heat flow", "mW/mg", 0.2, 5), ("Pressure", "kPa", 101.0, 1), ("Displacement, total", "mm", 2.0, 3),
)  # fmt: skip


def instrument(r: random.Random) -> DraftTable:
    """Measured curves: names and, often, a line of units."""
    measured = r.sample(_MEASURED, r.choice((2, 2, 3, 4, 5, 6)))
    header: Lines = [[name for name, *_ in measured]]
    kind = r.random()
    if kind < 0.4:
        header.append([r.choice((unit, f"({unit})", f"[{unit}]")) if unit else "" for _, unit, *_ in measured])
    elif kind < 0.6:
        header = [[f"{name} [{unit}]" for name, unit, *_ in measured]]
    elif kind < 0.75:
        header = []
    columns: Columns = [(name, decimal(scale, digits)) for name, _, scale, digits in measured]
    titles = (
        "Sample: PLA 6% talc",
        "Operator, J. Smith",
        "Method: temperature ramp, 1 Hz",
        "Instrument serial 0815-A",
        f"Run {r.randrange(99)}, {w.day(r, 'iso')}",
    )
    return DraftTable(header, filled(r, columns, r.randrange(8, 250)), titles)


def matrix(r: random.Random) -> DraftTable:
    """Numbers without names."""
    columns: Columns = [("", decimal(5, r.randrange(7)))] * r.randrange(2, 14)
    return DraftTable([], filled(r, columns, r.randrange(5, 150)))


def weather(r: random.Random) -> DraftTable:
    """A logger's readings, with their units below the names or beside them."""
    size = r.randrange(3, 8)
    names = ["Date", "Time", "Air temp", "Wind speed", "Humidity", "Rain", "Battery"][:size]
    units = ["dd/mm/yyyy", "hh:mm", "deg C", "m/s", "%", "mm", "Volts"][:size]
    beside = [
        f"{name} ({unit})" if place > 1 else name for place, (name, unit) in enumerate(zip(names, units, strict=True))
    ]
    header = [names, units] if r.random() < 0.5 else [beside]
    reading = seldom(decimal(15, 1), 0.96, r.choice(("NaN", "-9999", "")))
    cells = [dated("slash"), lambda r: f"{r.randrange(24):02}:{r.choice(('00', '30'))}", *[reading] * (size - 2)]
    rows = filled(r, list(zip(names, cells, strict=True)), r.randrange(10, 200))
    return DraftTable(header, rows, ("TOA5,CR1000,station 3", "Camp station: humidity, wind", "Logger 10, GMT+02:00"))


def questionnaire(r: random.Random) -> DraftTable:
    """Answers of people, some in their own words."""
    known: Columns = (
        ("How old are you?", whole(18, 80)), ("What is your gender?", pick("Male", "Female", "Prefer not to say")),
        ("How satisfied are you, overall?", pick(*w.OPINIONS)), ("Please explain:", pick(*w.OPINIONS)),
        ("Do you agree, that it's useful?", pick(*w.OPINIONS)), ("Any other comments", pick(*w.OPINIONS)),
        ("Rating (1-5)", whole(1, 6)),
    )  # fmt: skip
    asked = r.sample(known, r.randrange(3, 7))
    header = [["Respondent", "StartDate", *(name for name, _ in asked)]]
    if r.random() < 0.3:
        header.append(["", "", *("Response" if "?" in name else "Open-Ended Response" for name, _ in asked)])
    answers = filled(r, [("", dated("slash")), *asked], r.randrange(8, 90))
    rows = [[str(number), *answer] for number, answer in enumerate(answers, start=1)]
    return DraftTable(header, rows, ("Survey of users, wave 2",), text=True)


def corpus(r: random.Random) -> DraftTable:
    """Texts with an id and a label."""
    said = (*w.OPINIONS, *w.PURPOSES, "rock'n'roll", "'tis the season", "'til tomorrow'")
    columns: Columns = (
        ("id", lambda r: f"d{r.randrange(9_999):04}"), ("text", lambda r: " ".join(r.sample(said, 3))),
        ("label", pick("pos", "neg", "neutral")),
    )  # fmt: skip
    return plain(r, columns, r.randrange(10, 120), text=True)


def simulation(r: random.Random) -> DraftTable:
    """Results of runs: parameters and figures."""
    columns: Columns = (
        ("instance", lambda r: f"OR{r.choice((30, 50))}x{r.choice((100, 250))}-0.{r.randrange(25, 75)}.dat"),
        ("seed", whole(1, 99)), ("n", pick("30")), ("m", pick("100")), ("obj", whole(20_000, 90_000)),
        ("gap", decimal(0.5, 4)), ("time", decimal(400, 3)), ("status", pick("optimal", "time limit")),
        ("bound", decimal(50_000, 2)),
    )  # fmt: skip
    found = plain(r, columns[: r.randrange(4, 10)], r.randrange(4, 120))
    return found if r.random() < 0.8 else DraftTable([], found.rows)


def frame(r: random.Random) -> DraftTable:
    """A data frame with its index, which has no name."""
    known: Columns = (
        ("species", pick(*w.SPECIES)), ("site", pick(*w.TOWNS)), ("latitude", decimal(50, 5)), ("count", whole(0, 90)),
        ("longitude", decimal(8, 5)), ("p.value", decimal(0.2, 5)), ("treatment", pick("control", "NPK")),
    )  # fmt: skip
    gap = r.choice(("NA", ""))
    chosen = [(name, seldom(cell, 0.95, gap)) for name, cell in r.sample(known, r.randrange(3, 7))]
    rows = filled(r, chosen, r.randrange(8, 150))
    start = r.choice((0, 1))
    return DraftTable(
        [["", *(name for name, _ in chosen)]], [[str(i), *row] for i, row in enumerate(rows, start=start)]
    )


FAMILIES: Final[dict[str, tuple[Maker, float]]] = {
    "spending": (tables.spending, 3.0),
    "register": (tables.register, 3.0),
    "organogram": (tables.organogram, 1.0),
    "workforce": (tables.workforce, 1.5),
    "statistics": (tables.statistics, 3.0),
    "directory": (tables.directory, 1.0),
    "sales": (tables.sales, 2.0),
    "instrument": (instrument, 2.5),
    "matrix": (matrix, 1.0),
    "weather": (weather, 1.5),
    "questionnaire": (questionnaire, 1.0),
    "corpus": (corpus, 0.7),
    "simulation": (simulation, 1.0),
    "frame": (frame, 1.0),
}
"""Family -> how its tables are made, and how many there are beside the others."""
