"""How a recipe says that files are read: dates, numbers, encoding, separator, shape, and what was chosen by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

import polars as pl

from data.errors import DataError, quoted
from data.reading import codec
from data.recipe.sections import MISSING, Section
from data.terms.numbers import NUMBERS, OR
from data.terms.shaping import TABLES, Reshaping
from data.terms.specs import FileSpec

_DIRECTIVE: Final = re.compile(r"%(?:[-_0]?[aAbBdDeFhHIjklmMpPRsSTyYzZ]|\.f|\.?[369]f|%)")
"""What may stand in a date format."""

_IN_WORDS: Final = re.compile(r"(?:day|month) first.{0,8}|months")
"""What may stand there instead, with the sign that stands between the numbers."""

_YEAR: Final = re.compile(r"%[-_0]?[yYDFs]")

_SEPARATOR: Final = r"[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x2f:-@\[-`{-\x7e]"
"""A sign of ASCII that is no line end, double quote, letter or digit."""

_LAST_ROW: Final = 2**31
_LONGEST_FILE: Final = 300
_MOST_FILES: Final = 1_000

_A_DATE: Final = "a date format such as %d-%m-%Y, 'day first' or 'month first'"


def reading(section: Section, default: FileSpec) -> FileSpec:
    """How to read files: the keys dates, encoding, separator, numbers and options."""
    dates = section.text("dates", default.dates, expected=_A_DATE, most=200)
    if not _reads_dates(dates):
        raise section.wrong("dates", _A_DATE, dates)
    named = section.text("encoding", default.encoding)
    encoding = codec.known(named)
    if encoding is None:
        raise DataError(
            f"{section.wrong('encoding', 'an encoding such as utf-8 or windows-1252', named)} Known: {codec.KNOWN}."
        )
    separator = section.text("separator", default.separator, pattern=_SEPARATOR, expected="one character")
    numbers = numbers_of(section, default.numbers)
    options = _options(section.section("options")) if section.has("options") else default.reading
    return FileSpec(default.file, dates, encoding, separator, numbers, shape_of(section, default.shape), options)


def numbers_of(section: Section, default: str) -> str:
    """One way to write numbers, or two."""
    style = section.text("numbers", default)
    if style and not set(style.split(OR)) <= set(NUMBERS):
        raise section.wrong("numbers", " or ".join(quoted(option) for option in NUMBERS), style)
    return style


def _reads_dates(dates: str) -> bool:
    """Whether every way to write a date is one that can be read: all in words, or all in the signs of strftime."""
    ways = dates.split(OR)
    return all(_IN_WORDS.fullmatch(way) for way in ways) or all(_is_format(way) for way in ways)


def _is_format(form: str) -> bool:
    """Whether a date format has a year, and no sign that means nothing."""
    if "%" in _DIRECTIVE.sub("", form) or not _YEAR.search(form):
        return False
    try:
        pl.Series(["2024-12-31"]).str.to_date(form, strict=False)
    except pl.exceptions.PolarsError:  # Hours without minutes, or without a.m. and p.m.
        return False
    return True


def _options(section: Section) -> dict[str, Any]:
    """Options of `data.reading` that were chosen by hand."""
    result: dict[str, Any] = {}
    for name, pattern in (("delimiter", r"(?s).{1,10}"), ("quote", r"(?s).?"), ("escape", r"(?s).?")):
        if section.has(name):
            result[name] = section.text(name, pattern=pattern, expected="a sign")
    for name in ("encoding", "sheet", "member"):
        if section.has(name):
            result[name] = section.text(name)
    for name, least in (("header_rows", 0), ("first_row", 1), ("last_row", 1)):
        if section.has(name):
            result[name] = section.whole(name, least, _LAST_ROW, least)
    if section.has("keep_total_rows"):
        result["keep_total_rows"] = section.flag("keep_total_rows")
    section.finish()
    return result


def files_of(section: Section, shared: FileSpec) -> tuple[FileSpec, ...]:
    """The files of a table, each read as `shared` says where it does not say otherwise."""
    value = section.take("files")
    entries = value if isinstance(value, list) else [value]
    if value is MISSING or not entries:
        raise section.wrong("files", "a file name or a list of files", MISSING)
    if len(entries) > _MOST_FILES:
        raise section.wrong(
            "files", f"up to {_MOST_FILES:,} files; a name may be a pattern with *", f"{len(entries):,}", counted=True
        )
    files = []
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, str) and 0 < len(entry) <= _LONGEST_FILE:
            files.append(replace(shared, file=entry))
        elif isinstance(entry, dict):
            inner = Section(section.file, f"{section.path}.files {number}", entry)
            file = inner.text("file", expected="a file name", most=_LONGEST_FILE)
            files.append(reading(inner, replace(shared, file=file)))
            inner.finish()
        else:
            raise section.wrong("files", 'a file name or { file = "...", dates = "..." }', entry)
    return tuple(files)


def shape_of(section: Section, default: Reshaping) -> Reshaping:
    """The shape that a recipe says."""
    if not section.has("shape"):
        return default
    inner = section.section("shape")
    tables: dict[str, Any] = {}
    for name in TABLES:
        table = inner.section(name)
        tables[name] = tuple((key, table.text(key)) for key in table.left())
    lists: Mapping[str, Any] = {
        field.name: inner.texts(field.name) for field in fields(Reshaping) if field.name not in (*TABLES, "clean")
    }
    shape = Reshaping(clean=inner.flag("clean"), **lists, **tables)
    if shape.sum_of and (len(shape.sum_of) != 2 or not set(shape.sum_of[1].split(OR)) <= set(NUMBERS)):
        raise inner.wrong("sum_of", 'a column and how it writes numbers, such as ["Amount", "1234.56"]', shape.sum_of)
    inner.finish()
    return shape
