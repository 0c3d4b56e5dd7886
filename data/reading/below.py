"""Rows below a table that are none of it: notes, sums, and a table of another width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from data.reading import kinds
from data.reading.columns import Profile, Row
from data.reading.findings import Finding, excerpt, finding, numbered
from data.reading.issues import Issues
from data.reading.written import ROW

TAIL: Final = 40
"""Rows at the end among which notes and sums are looked for."""

_BODY: Final = 400
"""Rows above them from which is learned what the table usually holds."""

_TOTAL: Final = re.compile(
    r"(?i:\W*(?:(?:grand|sub|overall)[ -]?)?"
    r"(?:totals?|totale|totaal|sum|summe|gesamt(?:summe)?|somme|suma|итого|всего|razem|celkem|合计|合計|总计)\b[\s\w]{0,24}\W*)"
)
"""First cell of a row that sums up the others."""

_NOTE: Final = re.compile(
    r"(?i:[*†‡§#]|[(\[]\w{1,3}[)\]]|\d{1,2}[.)] |(?:foot)?notes?\b|sources?\b|quellen?\b|fuentes?\b|fonte\b|anmerkung"
    r"|n\.?b\b|©|copyright|(?:last )?updated|generated|exported|created|end of)"
)
"""How notes begin."""

_NUMBER: Final = re.compile(r"[-+(]?\s?[^\d\s(+-]{0,3}\s?([\d][\d,. '’]*)\s?[^\d\s]{0,3}\)?")


def last_rows(parts: Sequence[Path]) -> pl.DataFrame:
    """The last rows of a table that is written in parts, at least as many as are looked at where there are so many."""
    frames: list[pl.DataFrame] = []
    for part in reversed(parts):
        frames.insert(0, pl.read_parquet(part))
        if sum(frame.height for frame in frames) >= TAIL + _BODY:
            break
    return pl.concat(frames)


def other_table(frame: pl.DataFrame, issues: Issues) -> tuple[set[int], Finding | None]:
    """Rows from where the rest of the file has rows of another width, which begin with names. They are noted."""
    ragged = sorted({*issues.numbers.get("short_row", ()), *issues.numbers.get("long_row", ())})
    total = issues.counts.get("short_row", 0) + issues.counts.get("long_row", 0)
    if total < 2 or total != len(ragged):
        return set(), None
    after = set(frame[ROW].tail(total).to_list())
    run: list[int] = []
    for number in reversed(ragged):
        if number not in after:
            break
        run.append(number)
    tail = frame.filter(pl.col(ROW) >= min(run))[ROW].to_list() if run else []
    # Only rows that follow one another to the end of the file.
    while run and len(tail) != len(run):
        run.pop()
        tail = [number for number in tail if run and number >= run[-1]]
    known = issues.held(run)
    widths = {number: known[number][0] if number in known else 0 for number in run}
    while run and (widths[run[-1]] != widths[run[0]] or widths[run[-1]] < 2):
        run.pop()
    if len(run) < 2:
        return set(), None
    first = run[-1]
    held = frame.filter(pl.col(ROW) == first).row(0)[1:]
    cells = [*(cell or "" for cell in held[: widths[first]]), *known[first][2]]
    if any(kinds.kind(cell) in kinds.TYPED for cell in cells) or not all(cell.strip() for cell in cells):
        return set(), None
    issues.rename(run, "other_table")
    sentence = (
        f"Another table with {widths[first]} columns begins in row {first:,}: its {len(run):,} rows are left out. "
        f"Choose it by first row {first:,}."
    )
    return set(run), finding("other_table", sentence, sorted(run), changed=True)


def footer(frame: pl.DataFrame, profile: Profile, issues: Issues) -> tuple[set[int], Finding | None]:
    """Notes and sums below the last row of data. They are noted."""
    width = frame.width - 1
    if width < 2 or frame.height < 2:
        return set(), None
    looked_at = min(TAIL, frame.height - 1)
    always = _always(frame, looked_at)
    blank = {number + 1 for number in issues.numbers.get("blank_line", ())}
    short = set(issues.numbers.get("short_row", ()))
    result: dict[int, str] = {}
    rows = frame.tail(looked_at).rows()
    for position in range(len(rows) - 1, -1, -1):
        number, *cells = rows[position]
        row = Row(number, ["" if cell is None else cell for cell in cells])
        apart = any(number - offset in blank for offset in range(_run_above(rows, position)))
        if _is_sum(row, always, frame, position - looked_at):
            pass
        elif not _is_note(row, always, profile, apart=apart, is_short=number in short):
            break
        result[number] = " ".join(cell for cell in cells if cell is not None)
    if not result:
        return set(), None
    numbers = sorted(result)
    held = issues.held(numbers)
    issues.rename(list(held), "footer")
    for number in numbers:
        if number not in held:
            issues.add(number, "footer", text=result[number])
    are = "is" if len(numbers) == 1 else "are"
    sentence = f"Below the table, {numbered(numbers)} {are} no data, such as {excerpt(result[numbers[0]])}: left out."
    return set(numbers), finding("footer", sentence, numbers, changed=True)


def _always(frame: pl.DataFrame, looked_at: int) -> list[int]:
    """Columns in which a row of data has something, as far as the rows above those looked at show."""
    many = frame.height > 2 * looked_at
    above = frame.head(frame.height - looked_at) if many else frame
    filled = above.select(pl.col(frame.columns[1:]).is_not_null())
    shares = filled.filter(filled.select(pl.sum_horizontal(pl.all()) > 1).to_series()).mean()
    usual = shares.row(0) if shares.height else ()
    return [place for place, share in enumerate(usual) if share is not None and share >= (0.95 if many else 0.7)]


def _run_above(rows: Sequence[tuple[object, ...]], position: int) -> int:
    """How many rows directly above a row, itself included, follow one another in the file without a gap."""
    count = 1
    while position >= count and rows[position - count][0] == rows[position][0] - count:  # type: ignore[operator]
        count += 1
    return count


def _is_note(row: Row, always: Sequence[int], profile: Profile, *, apart: bool, is_short: bool) -> bool:
    """Whether a row at the end is a title or a sentence. `apart` says that a gap stands above the rows around it."""
    filled = [place for place, cell in enumerate(row.cells) if cell.strip()]
    lacking = sum(1 for place in always if place not in filled)
    words = [row.cells[place] for place in filled]
    if not filled or not lacking:
        return False
    begins = bool(_NOTE.match(words[0].strip())) or len(words[0].split()) > 4
    if not (begins and is_short) and any(kinds.kind(cell) in kinds.TYPED for cell in words[1:]):
        return False
    width = len(row.cells)
    if len(filled) == 1:
        if kinds.kind(words[0]) in kinds.TYPED:
            return apart and width >= 3 and lacking >= 2
        return (width >= 3 and lacking >= 2) or (begins and filled == [0]) or (apart and (is_short or width == 2))
    thin = len(filled) <= max(1, width // 3) and width >= 3 and lacking >= 2
    if thin and apart:
        return True
    _, fitting = profile.against(row)
    return begins and not fitting and bool(profile.typed) and (is_short or apart)


def _is_sum(row: Row, always: Sequence[int], frame: pl.DataFrame, position: int) -> bool:
    """Whether a row at the end sums up the others: by its first word, and what it lacks or adds up to."""
    filled = [place for place, cell in enumerate(row.cells) if cell.strip()]
    if not filled or not _TOTAL.fullmatch(row.cells[filled[0]]):
        return False
    if any(place not in filled for place in always):
        return True
    return any(_adds_up(frame, place, position) for place in filled[1:])


def _adds_up(frame: pl.DataFrame, place: int, position: int) -> bool:
    """Whether a cell is the sum of those above it in its column, as far as the rows looked at show."""
    cells = frame.to_series(place + 1)[: frame.height + position + 1].to_list()
    values = [_value(cell) for cell in cells]
    if len(values) < 3 or any(value is None for value in values):
        return False
    *parts, total = [value for value in values if value is not None]
    return total != 0 and abs(sum(parts) - total) <= 0.005 * abs(total) + 0.02 * len(parts)


def _value(cell: str | None) -> float | None:
    """A number as it is written with a decimal point, 0 where there is none, None where it is no number."""
    if cell is None or kinds.kind(cell) in ("empty", "missing"):
        return 0.0
    if kinds.family(kinds.kind(cell)) != "number" or not (match := _NUMBER.fullmatch(cell.strip())):
        return None
    digits = re.sub(r"[ '’\u00a0]", "", match[1]).rstrip(",.")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma > point and (len(digits) - comma != 4 or (digits.count(",") == 1 and "." in digits)):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    negative = cell.strip().startswith(("-", "(", "−"))
    try:
        return -float(digits) if negative else float(digits)
    except ValueError:
        return None
