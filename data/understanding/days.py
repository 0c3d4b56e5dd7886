"""In which form a column writes its days, decided over all of its different texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Final

import polars as pl

from data.terms import dates
from data.terms.calendars import calendar_of

_DAYS: Final = (
    *(sep.join(parts) for sep in "-/." for parts in (("%Y", "%m", "%d"), ("%d", "%m", "%Y"), ("%m", "%d", "%Y"))),
    *(sep.join(parts) for sep in "-/." for parts in (("%d", "%m", "%y"), ("%m", "%d", "%y"))),
    "%Y%m%d",
    *(sep.join(("%d", month, year)) for sep in "- " for month in ("%b", "%B") for year in ("%Y", "%y")),
    *(f"{month} %d, %Y" for month in ("%b", "%B")),
    "%Y-%d-%m",
)
_TIMES: Final = (
    *("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S%.f", "T%H:%M:%S%.f"),
    *("T%H:%M:%SZ", "T%H:%M:%S%.fZ"),
)

_CANDIDATES: Final = tuple(
    (day + time, frozenset(re.sub(r"%\.?\w", "", day + time))) for day, time in product(_DAYS, _TIMES)
)
"""Each form, with the signs that stand in every text of it."""

READ: Final = 0.9
"""Share of the filled cells of a column that must read as days, or as numbers, for it to hold them."""


def day_forms(values: pl.DataFrame, *, named: bool, period: bool) -> tuple[tuple[str, ...], str, pl.Series | None]:
    """How a column of texts and their counts writes days, why, and which texts are none (None for none of them).

    Two forms mean that day and month could be either way round. Bare numbers are days only in a column `named` so,
    and months without their names only in one that is named as a `period`.
    """
    texts = values["text"]
    head = texts.head(50)
    if all(map(dates.month_of, head.to_list())) and (period or head.str.contains(r"\p{L}{3}|月").all()):
        return _as_months(values)
    if head.str.contains(r"\d").mean() < 0.5 or (head.str.len_chars().median() or 0) > 40:  # type: ignore[operator]
        return (), "", None
    bare = head.str.contains(r"^\d+([.,]\d+)?$").mean()
    compact = head.str.contains(r"^(19|20|21)\d{6}$").mean()
    if (bare or 0) > 0.5 and not (named or compact == 1):  # type: ignore[operator]
        return (), "", None
    formats, sentences = date_formats(texts)
    if not formats and head.str.contains(r"^\d{6}$").all():
        formats, sentences = _of_six_digits(texts)
    if formats:
        return formats, sentences, None
    parts = dates.parts(texts)
    readable = dates.days(parts, {"": "d"}).is_not_null() | dates.days(parts, {"": "m"}).is_not_null()
    if int(values.filter(readable)["len"].sum()) < READ * int(values["len"].sum()):
        return (), "", None
    formats, sentences = date_formats(texts.filter(readable))
    if not formats:
        formats, sentences = _in_words(texts.filter(readable), parts.filter(readable))
    return formats, sentences, texts.filter(~readable) if not readable.all() else None


def _as_months(values: pl.DataFrame) -> tuple[tuple[str, ...], str, pl.Series | None]:
    """What a column that names months is taken for."""
    readable = dates.months(values["text"]).is_not_null()
    if int(values.filter(readable)["len"].sum()) < READ * int(values["len"].sum()):
        return (), "", None
    texts = values["text"]
    sentence = f"It holds months such as {texts[0]}, no days: each is taken as its first day."
    ways = [dates.MONTHS]
    if texts.str.contains(r"^\d{6}$").all():
        ways += [form for form in _of_six_digits(texts)[0] if form != dates.MONTHS]
    return tuple(ways[:2]), sentence, texts.filter(~readable) if not readable.all() else None


def _of_six_digits(texts: pl.Series) -> tuple[tuple[str, ...], str]:
    """Forms that read days written with six digits and no sign, such as 240113, at most two of them."""
    forms = [form for form in ("%y%m%d", "%d%m%y", "%m%d%y") if _reads(texts, form).all()]
    forms = _different(texts, forms)
    # Days of sales lie together: many years apart, two digits of a day were taken for those of a year.
    spans = {form: _span(_days(texts, form)) for form in forms}
    forms = [form for form in forms if spans[form] <= 3 * min(spans.values()) + 366]
    why = "Six digits could be read as days in more than one order." if len(forms) > 1 else ""
    return tuple(forms[:2]), why or (_why(texts, forms[0]) if forms else "")


def _span(days: pl.Series) -> int:
    """How many days lie between the first and the last."""
    first, last = days.min(), days.max()
    return (last - first).days if isinstance(first, date) and isinstance(last, date) else 0


def _in_words(texts: pl.Series, parts: pl.DataFrame) -> tuple[tuple[str, ...], str]:
    """The order of day and month for each sign between them, as far as the texts prove it."""
    marks = {str(mark): group for (mark,), group in parts.filter(pl.col("mark").is_not_null()).group_by("mark")}
    orders = {mark: _proven(group) for mark, group in marks.items()}
    for mark in marks:
        # A spreadsheet rewrote the cells that it could take for its own dates: what it left shows days above 12 only.
        if not orders[mark]:
            for other, rest in marks.items():
                if other != mark and orders[other] and _late(rest).mean() > 0.9:  # type: ignore[operator]
                    orders[mark] = _among(marks[mark], dates.days(rest, {"": orders[other]}))
    if "" in orders.values():
        ways = [dates.in_words({mark: order or way for mark, order in orders.items()}) for way in "dm"]
        if not dates.read(texts, ways[0]).equals(dates.read(texts, ways[1])):
            return tuple(ways), "Every day is 12 or less, so day and month could be either way round."
        return (ways[0],), ""
    words = dates.in_words(orders)
    if years := [year for year in parts["year"].drop_nulls().to_list() if calendar_of(year)]:
        calendar, day = calendar_of(years[0]), dates.read(texts.head(1), words)[0]
        name = calendar.name if calendar else ""
        return (words,), f"Its days are of the {name} calendar: {texts[0]} is {day}."
    return (words,), f"Its days are written like {texts[0]}{f', {words}' if marks else ''}."


def _among(group: pl.DataFrame, proven: pl.Series) -> str:
    """The order in which days lie about among proven ones, no more than a month off; empty where both ways do."""
    low, high = proven.min(), proven.max()
    if not isinstance(low, date) or not isinstance(high, date):
        return ""
    days = {way: dates.days(group, {"": way}) for way in "dm"}
    near = timedelta(days=31)
    ways = {way: int(day.is_between(low - near, high + near).sum()) / day.len() for way, day in days.items()}
    best, other = sorted(ways, key=lambda way: -ways[way])
    return best if ways[best] > READ > ways[other] + 0.1 else ""


def _late(group: pl.DataFrame) -> pl.Series:
    return (group["a"] > 12) | (group["b"] > 12)


def _proven(group: pl.DataFrame) -> str:
    """ "d" or "m" where days above 12 prove it, or a point, which stands after a day; empty where nothing does."""
    day, month = int((group["a"] > 12).sum()), int((group["b"] > 12).sum())
    if day > 10 * month or (group["mark"][0] == "." and not month):
        return "d"
    return "m" if month > 10 * day else ""


def date_formats(texts: pl.Series) -> tuple[tuple[str, ...], str]:
    """Formats that read every one of some texts as a date, and why; empty where none does.

    Two formats mean that day and month could be either way round; " | " joins the formats of a column that has both.
    """
    first = texts.head(50)
    if not first.str.contains(r"\d").all() or first.str.len_chars().max() > 40:  # type: ignore[operator]
        return (), ""
    if first.str.contains(r"^\d+$").all() and not first.str.contains(r"^(19|20|21)\d{6}$").all():
        return (), ""
    signs = set("".join(first.to_list()))
    candidates = [form for form, needed in _CANDIDATES if needed <= signs]
    some = [candidate for candidate in candidates if _reads(first, candidate).any()]
    whole = [item for item in some if _reads(texts, item).all() and "%Y-%d" not in item]
    # %y reads the first two digits of a year: where %Y fits as well, it is meant.
    whole = [item for item in whole if "%Y" in item] or whole
    whole = _different(texts, whole)
    if len(whole) > 1 and whole[0].startswith("%d."):
        # Between points the day comes first, as far as no row contradicts it.
        return (whole[0],), f"Its days are written like {texts[0]}, with points: the day comes first."
    if len(whole) == 1:
        return (whole[0],), _why(texts, whole[0])
    if whole:
        return tuple(whole[:2]), "Every day is 12 or less, so day and month could be either way round."
    return _mixed(texts, some)


def _different(texts: pl.Series, forms: Sequence[str]) -> list[str]:
    """The formats without those that read the same days as an earlier one."""
    kept: list[tuple[str, pl.Series]] = []
    for form in forms:
        days = _days(texts, form)
        if not any(days.equals(other) for _, other in kept):
            kept.append((form, days))
    return [form for form, _ in kept]


def _days(texts: pl.Series, form: str) -> pl.Series:
    if "%H" in form or "%I" in form:
        return texts.str.to_datetime(form, strict=False).dt.date()
    return texts.str.to_date(form, strict=False)


def _reads(texts: pl.Series, form: str) -> pl.Series:
    """Which texts a format reads as a day of this or a nearby century."""
    return _days(texts, form).is_between(date(1900, 1, 1), date(2199, 12, 31)).fill_null(False)


def _why(texts: pl.Series, form: str) -> str:
    if not re.match(r"%[dm][-/.]%[dm]", form):
        return f"Its days are written like {texts[0]}."
    place = 0 if form.startswith("%d") else 1
    parts = texts.str.extract_all(r"\d+").list.get(place).cast(pl.Int64, strict=False)
    proof = texts.filter(parts > 12)
    order = "day first" if place == 0 else "month first"
    if not proof.len():
        return ""
    return f"{proof[0]} can only be read {order}{f', as {proof.len() - 1:,} more can' if proof.len() > 1 else ''}."


def _mixed(texts: pl.Series, some: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Two formats that together read every text, as where a spreadsheet turned only some texts into dates.

    A spreadsheet that expects the month first turns 3/4/2024 into the date 2024-03-04 and leaves 13/4/2024 a text.
    """
    for main in sorted(some, key=lambda form: not form.startswith("%d")):
        own = _reads(texts, main)
        rest = texts.filter(~own)
        if not own.sum() or not re.match(r"%[dm][-/.]%[dm]", main):
            continue
        for other in some:
            if not other.startswith("%Y-%m") or not _reads(rest, other).all():
                continue
            late, days = texts.filter(own), rest.str.slice(8, 2).cast(pl.Int64, strict=False)
            swapped = (days <= 12).all() and (late.str.extract(r"^(\d+)").cast(pl.Int64, strict=False) > 12).all()
            if main.startswith("%d") and swapped:
                form = "%Y-%d-%m" + other.removeprefix("%Y-%m-%d")
                return (f"{main} | {form}",), (
                    f"A spreadsheet has swapped day and month of {rest.len():,} different dates such as {rest[0]}:"
                    f" those up to the 12th are dates, later ones such as {late[0]} are still texts."
                    " They are swapped back."
                )
            return _ways(late, main, other, rest)
    return (), ""


def _ways(late: pl.Series, main: str, other: str, rest: pl.Series) -> tuple[tuple[str, ...], str]:
    """Two formats that together read every text; day and month of the first either way round where nothing tells."""
    sentence = f"{rest.len():,} different dates are written another way, such as {rest[0]}."
    turned = main.replace("%d", "%x").replace("%m", "%d").replace("%x", "%m")
    if _reads(late, turned).all() and not _days(late, turned).equals(_days(late, main)):
        return (f"{main} | {other}", f"{turned} | {other}"), sentence
    return (f"{main} | {other}",), sentence
