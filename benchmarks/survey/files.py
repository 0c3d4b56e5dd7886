"""A file around a table: titles above, notes and further tables below, and the signs with which it is all written."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Final

from benchmarks.survey import words as w
from benchmarks.survey.research import FAMILIES
from benchmarks.survey.tables import DraftTable, Lines
from benchmarks.survey.writing import Line, Signs, signs, written

_KINSHIP: Final = {
    "register": ("register", "register", "directory"),
    "statistics": ("statistics", "statistics", "workforce"),
    "workforce": ("statistics", "directory"),
    "spending": ("statistics", "register"),
    "sales": ("statistics", "sales"),
    "instrument": ("instrument", "weather", "simulation"),
    "weather": ("statistics", "instrument"),
    "simulation": ("simulation", "instrument"),
}
"""Families that follow in the same file."""


@dataclass
class File:
    """One file and its answer."""

    name: str
    content: bytes
    answer: Lines
    traits: tuple[str, ...]
    """What is special about it."""


@dataclass
class _Draft:
    """The lines of a file, and what they are called."""

    family: str
    table: DraftTable
    signs: Signs
    lines: list[Line] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)


def make(seed: int) -> File:
    """The file of a number; the same each time."""
    r = random.Random(seed)
    family = r.choices(list(FAMILIES), [weight for _, weight in FAMILIES.values()])[0]
    table = FAMILIES[family][0](r)
    draft = _Draft(family, table, signs(r, text=table.text))
    header, rows = _columns(r, draft)
    if draft.signs.delimiter in ";\t" and r.random() < 0.5:
        rows = [[_with_comma(cell) for cell in row] for row in rows]
        draft.traits.append("decimal_comma")
    answer = [_joined(header, table.groups), *rows] if header else rows
    simple = r.random() < 0.25
    if not simple and header:
        _titles(r, draft)
    draft.lines += header
    _body(r, draft, header, rows, simple=simple)
    if not simple:
        _below(r, draft)
    traits = tuple(dict.fromkeys([family, *draft.signs.traits, *draft.traits]))
    return File(f"{seed:06}_{'_'.join(traits)}.csv", written(r, draft.lines, draft.signs), answer, traits)


def _with_comma(cell: str) -> str:
    return cell.replace(".", ",") if re.fullmatch(r"-?\d+\.\d+", cell) else cell


# --- The table --------------------------------------------------------------------------------------------------------


def _columns(r: random.Random, draft: _Draft) -> tuple[Lines, Lines]:
    """Header and rows with columns that have no name: empty ones, or one with a few comments."""
    header, rows = [list(line) for line in draft.table.header], [list(row) for row in draft.table.rows]
    chance = r.random()
    if header and chance < 0.05:
        extra = r.choice((1, 1, 2, 3, 7))
        header, rows = [[*line, *[""] * extra] for line in header], [[*row, *[""] * extra] for row in rows]
        draft.traits.append("empty_columns")
    elif header and chance < 0.08:
        header = [[*line, ""] for line in header]
        rows = [[*row, r.choice(w.OPINIONS[:6]) if r.random() < 0.1 else ""] for row in rows]
        draft.traits.append("side_comments")
    elif header and chance < 0.10:
        header, rows = [["", *line] for line in header], [["", *row] for row in rows]
        draft.traits.append("margin")
    elif header and len(header) == 1 and chance < 0.13:
        header[0][r.randrange(len(header[0]))] = ""
        draft.traits.append("unnamed")
    elif header and chance < 0.15 and draft.table.width > 3:
        place = r.randrange(1, draft.table.width - 1)
        header[-1][place] = header[-1][place + 1]
        draft.traits.append("same_name")
    if len(header) > 1:
        draft.traits.append(f"header_{len(header)}")
    if not header:
        draft.traits.append("no_header")
    return header, rows


def _joined(header: Lines, groups: bool) -> list[str]:
    """The header as one line; the name of a group of columns belongs to each of them."""
    lines = [[" ".join(cell.split()) for cell in line] for line in header]
    for line in lines[:-1] if groups else []:
        last = ""
        for place, cell in enumerate(line):
            last = cell or (last if lines[-1][place] else "")
            line[place] = last
    return [" ".join(part for part in column if part) for column in zip(*lines, strict=True)]


def _body(r: random.Random, draft: _Draft, header: Lines, rows: Lines, *, simple: bool) -> None:
    """The rows, some files with gaps among them, the header again on each page, or a sum below."""
    kind = r.random() if not simple and len(rows) > 6 else 1.0
    every = r.randrange(5, 30)
    for number, row in enumerate(rows):
        if number and number % every == 0 and kind < 0.1:
            draft.lines.append([])
            if kind < 0.04 and header:
                draft.lines += header
        draft.lines.append(row)
    if kind < 0.1:
        draft.traits.append("pages" if kind < 0.04 and header else "gaps")
    places = range(1, len(rows[0]))
    numeric = [place for place in places if sum(_is_number(row[place]) for row in rows) > 0.8 * len(rows)]
    if not simple and numeric and header and r.random() < 0.15:
        line = [r.choice(("Total", "TOTAL", "Grand Total", "Summe", "Total spend")), *[""] * (len(rows[0]) - 1)]
        for place in numeric[-1:] if draft.table.text else numeric:
            total = sum(_value(row[place]) for row in rows)
            line[place] = f"{total:,.2f}" if any("," in row[place] for row in rows) else f"{total:.2f}"
        draft.lines.append(line)
        draft.traits.append("total")


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-£(]*[\d,]+(?:\.\d+)?\)?", cell))


def _value(cell: str) -> float:
    """A number as this module writes it, 0 for what is none."""
    decimal = re.fullmatch(r"-?\d+,\d{1,2}|-?\d+,\d{4,}", cell)
    digits = (cell.replace(",", ".") if decimal else cell.replace(",", "")).replace("£", "")
    return float(digits) if re.fullmatch(r"-?\d+(?:\.\d+)?", digits) else 0.0


# --- Above and below --------------------------------------------------------------------------------------------------


def _titles(r: random.Random, draft: _Draft) -> None:
    """Lines above the table: titles as cells, as they stand, or as pairs of a name and a value."""
    titles = list(draft.table.titles)
    if not titles or r.random() < 0.45:
        return
    style = r.choices(("cells", "raw", "keys"), (60, 20, 20))[0]
    chosen = titles[: r.randrange(1, len(titles) + 1)]
    if r.random() < 0.3:
        chosen.append(r.choice(w.NOTES))
    draft.traits.append("keys" if style == "keys" else "title")
    for title in chosen:
        if style == "keys" and re.search("[:,]", title):
            key, value = re.split("[:,]", title, maxsplit=1)
            draft.lines.append([key, value.strip()])
        elif style == "raw" and not draft.signs.padded:
            draft.lines.append(title)
            if draft.signs.delimiter in title:
                draft.traits.append("title_split")
        else:
            draft.lines.append([*[""] * (r.random() < 0.1), title])
        if r.random() < 0.15:
            draft.lines.append([])
    if style == "keys" and r.random() < 0.5:
        draft.lines += [["Date", w.day(r, "slash")], ["Number of records", str(r.randrange(900))]]
    if r.random() < 0.6:
        draft.lines.append([])


def _below(r: random.Random, draft: _Draft) -> None:
    """Lines below the table: other tables, notes, nothing."""
    if draft.family in _KINSHIP and draft.table.header and r.random() < 0.22:
        for _ in range(r.choice((1, 1, 1, 2))):
            _another(r, draft)
    if draft.table.header and r.random() < 0.35:
        if r.random() < 0.7:
            draft.lines += [[]] * r.randrange(1, 3)
        if r.random() < 0.3:
            draft.lines.append(["Notes"])
        for number, note in enumerate(r.sample(w.NOTES, r.randrange(1, 4)), start=1):
            text = f"{r.choice(('', f'{number}. ', f'({number}) ', '* '))}{note}"
            draft.lines.append(text if not draft.signs.padded and r.random() < 0.3 else [text])
        if r.random() < 0.4:
            draft.lines.append([f"Source: {r.choice(w.BODIES)}, {r.randrange(2010, 2020)}"])
        draft.traits.append("notes")
    if r.random() < 0.06:
        draft.lines += [[]] * r.randrange(1, 12)


def _another(r: random.Random, draft: _Draft) -> None:
    """A further table below, of other columns, after a gap or a title."""
    for _ in range(20):
        other = FAMILIES[r.choice(_KINSHIP[draft.family])][0](r)
        named = bool(other.header) and {*other.header[-1]} - {""} != {*draft.table.header[-1]} - {""}
        if named and len(other.rows) <= 2 * len(draft.table.rows):
            break
    else:
        return
    gap = r.random() < 0.85
    if gap:
        draft.lines += [[]] * r.randrange(1, 3)
    if other.titles and (not gap or r.random() < 0.6):
        draft.lines.append([r.choice(other.titles)])
        if r.random() < 0.3:
            draft.lines.append([])
    draft.lines += [*other.header, *other.rows]
    draft.traits += ["tables", "same_width" if other.width == draft.table.width else "other_width"]
