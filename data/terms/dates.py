"""Days as people write them: month names in many languages, 2024年1月5日, eras, offsets, a spreadsheet's day numbers.

Only what order day and month stand in cannot be seen from a text such as 03/05/2024; the recipe says it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

import polars as pl

from data.terms.calendars import BUDDHIST, ERAS, MINGUO, gregorian
from data.terms.numbers import OR

DAY_FIRST: Final = "day first"
MONTH_FIRST: Final = "month first"
MONTHS: Final = "months"
"""The word of a recipe for a column that names months, each of which is taken as its first day."""

_MONTHS: Final = (
    "january januar janvier enero gennaio januari janeiro styczen stycznia ocak leden ledna januar tammikuu tammikuuta"
    " ianuarie января январь januára jan janv ene gen sty oca led jaan янв",
    "february februar fevrier febrero febbraio februari fevereiro luty lutego subat unor unora februar helmikuu"
    " helmikuuta februarie февраля февраль feb febr fev fevr lut sub uno фев",
    "march marz mars marzo maart marco marzec marca mart brezen brezna marcius maaliskuu maaliskuuta martie марта март"
    " mar mrz mrt maa bre мар",
    "april avril abril aprile kwiecien kwietnia nisan duben dubna aprilis huhtikuu huhtikuuta aprilie апреля апрель"
    " apr avr abr kwi nis dub апр",
    "may mai mayo maggio mei maio maj maja mayis kveten kvetna majus toukokuu toukokuuta mai мая май mag kve",
    "june juni juin junio giugno junho czerwiec czerwca haziran cerven cervna junius kesakuu kesakuuta iunie июня июнь"
    " jun giu cze haz iun июн",
    "july juli juillet julio luglio julho lipiec lipca temmuz cervenec cervence julius heinakuu heinakuuta iulie июля"
    " июль jul juil lug lip tem iul июл",
    "august aout agosto augustus sierpien sierpnia agustos augusti srpen srpna augusztus elokuu elokuuta августа август"
    " aug aou ago sie agu srp авг",
    "september septembre septiembre settembre setembro wrzesien wrzesnia eylul zari szeptember syyskuu syyskuuta"
    " septembrie сентября сентябрь sep sept set wrz eyl сен",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika ekim rijen rijna oktober lokakuu"
    " lokakuuta octombrie октября октябрь oct okt ott out paz eki окт",
    "november novembre noviembre novembro listopad listopada kasim listopadu marraskuu marraskuuta noiembrie ноября"
    " ноябрь nov lis kas noi ноя",
    "december dezember decembre diciembre dicembre dezembro desember grudzien grudnia aralik prosinec prosince"
    " joulukuu joulukuuta decembrie декабря декабрь dec dez dic des gru ara pro дек",
)
"""The names and usual abbreviations of each month, without accents: English, German, French, Spanish, Italian, Dutch,
Portuguese, Polish, Turkish, Czech, Hungarian, Finnish, Romanian, Scandinavian, Russian."""

_NUMERALS: Final = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]

_TAIL: Final = r"[日일.,]?(?:\s*(?:t|,|\s|at|um|kl)\s*\d{1,2}[:.h]\d\d.*)?\s*(?:\(.{1,10}\)|\p{L}{2,10}\.?)?\s*$"
"""What may stand behind a day: a time of day, a weekday. An order number such as 2024-01-05-003 is no day."""

_EPOCH: Final = 25_569
"""1970-01-01 as a spreadsheet counts days."""


@cache
def month_words() -> dict[str, int]:
    """Name of a month without accents -> its number."""
    return {word: number for number, names in enumerate(_MONTHS, start=1) for word in names.split()}


def without_accents(text: str) -> str:
    """Small letters without accents; letters of other scripts stay."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFKC", plain).lower().replace("ł", "l").replace("ı", "i")


def parts(texts: pl.Series) -> pl.DataFrame:
    """For each text: year, month and day where it says them, else `a`, `b`, `year` and the sign `mark` between them.

    All are null where the text is no day.
    """
    low = texts.fill_null("").str.strip_chars().str.to_lowercase()
    if low.str.contains(r"\p{L}{3}|\p{Han}|^[rhs]\d").any():
        low = pl.Series([_plain(text) for text in low.to_list()], dtype=pl.String)
    frame = low.alias("t").to_frame()

    def groups(pattern: str, *names: str) -> pl.Expr:
        result = pl.col("t").str.extract_groups(pattern)
        fields = [
            result.struct.field(str(n)).cast(pl.Int32, strict=False).alias(name) for n, name in enumerate(names, 1)
        ]
        return pl.struct(fields)

    ways = (
        groups(rf"^(\d{{4}})[-/.\s年년]\s?(\d{{1,2}})[-/.\s月월]\s?(\d{{1,2}}){_TAIL}", "y", "m", "d"),
        groups(rf"^(1\d\d)[-/.]\s?(\d{{1,2}})[-/.]\s?(\d{{1,2}}){_TAIL}", "y", "m", "d"),
        groups(r"^(1\d\d)(\d\d)(\d\d)$", "y", "m", "d"),
        # No month is 19, 20 or 21, so that eight digits are one of both and never either.
        groups(r"^(\d\d)(\d\d)((?:19|20|21)\d\d)$", "d", "m", "y"),
        groups(r"^(\d{4})(\d\d)(\d\d)(?:[t\s]?\d{6})?$", "y", "m", "d"),
        groups(r"(\d{4})\D{0,3}~(\d\d)~\D{0,3}(\d{1,2})(?:\D|$)", "y", "m", "d"),
        groups(r"(\d{1,2})\D{0,4}~(\d\d)~\D{0,5}(\d{4}|\d{2})(?:\D|$)", "d", "m", "y"),
        groups(r"~(\d\d)~\D{0,3}(\d{1,2})\D{1,4}(\d{4})", "m", "d", "y"),
        groups(r"^~(\d\d)~[-/.](\d{1,2})[-/.](\d\d)$", "m", "d", "y"),
    )
    frame = frame.with_columns(way.alias(f"w{n}") for n, way in enumerate(ways))
    result = {
        name: pl.coalesce(pl.col(f"w{n}").struct.field(name) for n in range(len(ways))).alias(name) for name in "ymd"
    }
    open_form = rf"^(\d{{1,2}})\s?[-/.]\s?(\d{{1,2}})\s?[-/.]\s?(\d{{4}}|\d{{2}}){_TAIL}"
    frame = frame.select(
        "t",
        *result.values(),
        groups(open_form, "a", "b", "c").alias("open"),
        pl.col("t").str.extract(r"^\d{1,2}\s?([-/.])").alias("mark"),
    ).unnest("open")
    serial = pl.col("t").str.extract(r"^([2-6]\d{4})(?:[.,]\d+)?$").cast(pl.Int32, strict=False) - _EPOCH
    seconds = pl.col("t").str.extract(r"^(\d{10})(?:\d{3}|\.\d+)?$").cast(pl.Int64, strict=False)
    day = pl.coalesce(serial.cast(pl.Date), pl.from_epoch(seconds, "s").dt.date())
    fixed = pl.col("y").is_null() & pl.col("a").is_null()
    return frame.select(
        year=_full_year(pl.coalesce("y", "c", pl.when(fixed).then(day.dt.year()))),
        month=pl.coalesce("m", pl.when(fixed).then(day.dt.month().cast(pl.Int32))),
        day=pl.coalesce("d", pl.when(fixed).then(day.dt.day().cast(pl.Int32))),
        a=pl.when(pl.col("y").is_null()).then("a"),
        b=pl.when(pl.col("y").is_null()).then("b"),
        mark=pl.when(pl.col("y").is_null() & pl.col("a").is_not_null()).then("mark"),
    )


def _full_year(year: pl.Expr) -> pl.Expr:
    """A year with four digits; 24 is 2024, 85 is 1985, 113 and 2567 are 2024 in Taiwan and Thailand."""
    return (
        pl.when(year < 70)
        .then(year + 2000)
        .when(year < 100)
        .then(year + 1900)
        .when(year < 200)
        .then(year + MINGUO)
        .when(year.is_between(2450, 2700))
        .then(year - BUDDHIST)
        .otherwise(year)
    )


@cache
def _word_pattern() -> re.Pattern[str]:
    words = sorted(month_words(), key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])({'|'.join(map(re.escape, words))})(?![^\W\d_])\.?")


_ERA: Final = re.compile(
    rf"({'|'.join(era for era in ERAS if len(era) > 1)})\s?(\d{{1,3}}|元)|^([rhs])\s?(\d{{1,2}})(?=[-/.年])"
)


def _plain(text: str) -> str:
    """A text whose month is a number between tildes and whose era is a year."""
    low = without_accents(text)
    low = _ERA.sub(lambda item: _year_of_era(item[1] or item[3], item[2] or item[4]), low)
    return _word_pattern().sub(lambda item: f"~{month_words()[item[1]]:02d}~", low)


def _year_of_era(era: str, year: str) -> str:
    return str(ERAS[era] + (1 if year == "元" else int(year)))


def days(table: pl.DataFrame, orders: Mapping[str, str]) -> pl.Series:
    """The days of `parts`; `orders` says for each mark, or for "" where it is the same for all, "d" or "m"."""
    default = orders.get("", "d")
    day_first = pl.col("mark").replace_strict(dict(orders), default=default, return_dtype=pl.String) == "d"
    month = pl.coalesce("month", pl.when(day_first).then("b").otherwise("a"))
    day = pl.coalesce("day", pl.when(day_first).then("a").otherwise("b"))
    return gregorian(table.select("year", month.alias("month"), day.alias("day")))


def read(texts: pl.Series, words: str) -> pl.Series:
    """Texts as days in the words of a recipe, such as "day first" or "day first - | month first /"."""
    distinct = texts.drop_nulls().unique()
    if not distinct.len():
        return pl.Series(texts.name, [None] * texts.len(), dtype=pl.Date)
    known = months(distinct) if words == MONTHS else days(parts(distinct), orders(words))
    return texts.replace_strict(distinct, known, default=None, return_dtype=pl.Date)


def orders(words: str) -> dict[str, str]:
    """Mark -> "d" or "m", and "" for all others, in the words of a recipe."""
    result: dict[str, str] = {}
    for item in words.split(OR):
        order = "d" if item.startswith(DAY_FIRST) else "m"
        result[item.removeprefix(DAY_FIRST).removeprefix(MONTH_FIRST).strip()] = order
    return result


def in_words(orders_by_mark: Mapping[str, str]) -> str:
    """The words of a recipe for the order of each mark."""
    kinds = set(orders_by_mark.values())
    if len(kinds) <= 1:
        return MONTH_FIRST if kinds == {"m"} else DAY_FIRST
    named = {"d": DAY_FIRST, "m": MONTH_FIRST}
    return OR.join(f"{named[order]} {mark}" for mark, order in sorted(orders_by_mark.items()))


def by_words(dates: str) -> bool:
    """Whether a recipe says in words, not in the signs of strftime, how days are written."""
    return dates.startswith((DAY_FIRST, MONTH_FIRST)) or dates == MONTHS


def bare_month(text: str | None) -> int:
    """The number of the month that a text such as Mar., März, 3月 or 三月 is; 0 where it is none."""
    low = without_accents(text or "").strip(" .").removesuffix("月").removesuffix("월")
    if low in _NUMERALS and low != (text or "").strip():
        return _NUMERALS.index(low) + 1
    if low.isascii() and low.isdigit() and low != (text or "").strip():
        return int(low) if 1 <= int(low) <= 12 else 0
    return month_words().get(low, 0)


def month_of(text: str) -> str:
    """The first day of a month such as 2024-01, 01/2024, 202401, 2024年1月 or enero 2024; empty where it is none."""
    low = without_accents(text).strip()
    year, month = "", 0
    if match := re.fullmatch(r"((?:19|20)\d\d)\s?[-/.年]?m?\s?(\d{1,2})月?", low):
        year, month = match[1], int(match[2])
    elif match := re.fullmatch(r"(\d{1,2})\s?[-/.月]\s?((?:19|20)\d\d)年?", low):
        year, month = match[2], int(match[1])
    else:
        words = re.findall(r"[^\W\d_]+|\d+", low)
        numbers = [month_words()[word] for word in words if word in month_words()]
        years = [word for word in words if re.fullmatch(r"(19|20)\d\d|\d\d", word)]
        if len(words) - words.count("de") == 2 and len(numbers) == len(years) == 1:
            year, month = years[0] if len(years[0]) == 4 else f"20{years[0]}", numbers[0]
    return f"{year}-{month:02d}-01" if 1 <= month <= 12 and year else ""


def months(texts: pl.Series) -> pl.Series:
    """Texts that name months as their first days, null for all others."""
    return (
        pl.Series(texts.name, [month_of(text or "") or None for text in texts.to_list()]).cast(pl.String).str.to_date()
    )
