"""Formats: texts against hand-written expectations, escapes and file names against a list of naughty strings."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import formats

# ---- texts


@pytest.mark.parametrize(
    ("value", "unit", "currency", "short", "full"),
    [
        (24_914_586.82, "money", "USD", "$24.9M", "$24,914,586.82"),
        (25_164, "count", "", "25.2K", "25,164"),
        (0.021717, "share", "", "2.17%", "2.17%"),
        (0.419743, "share", "", "42.0%", "41.97%"),
        (1, "share", "", "100%", "100.00%"),
        (3.345017, "number", "", "3.35", "3.35"),
        (990.0885, "money", "USD", "$990.09", "$990.09"),
        (1_234.5, "money", "USD", "$1,234", "$1,234.50"),
        (9_999, "count", "", "9,999", "9,999"),
        (9_999.6, "money", "USD", "$10K", "$9,999.60"),
        (999_950, "count", "", "1M", "999,950"),
        (2_500_000_000, "money", "EUR", "€2.5B", "€2,500,000,000.00"),
        (3.2e12, "money", "GBP", "£3.2T", "£3,200,000,000,000.00"),
        (-1_234_567.891, "money", "USD", "-$1.23M", "-$1,234,567.89"),
        (-0.001, "money", "USD", "$0.00", "$0.00"),
        (-0.00001, "share", "", "0.00%", "0.00%"),
        (0, "money", "USD", "$0.00", "$0.00"),
        (0, "count", "", "0", "0"),
        (1_234_567, "money", "JPY", "¥1.23M", "¥1,234,567"),
        (54.321, "money", "KWD", "KWD\u00a054.321", "KWD\u00a054.321"),
        (5_000_000, "money", "CHF", "CHF\u00a05M", "CHF\u00a05,000,000.00"),
        (12, "money", "CAD", "CA$12.00", "CA$12.00"),
        (12, "money", "", "12.00", "12.00"),
        (None, "money", "USD", "–", "–"),
        (float("nan"), "share", "", "–", "–"),
    ],
)
def test_text(value: float | None, unit: str, currency: str, short: str, full: str) -> None:
    assert formats.text(value, unit, currency) == short
    assert formats.text(value, unit, currency, compact=False) == full


def test_unknown_unit() -> None:
    with pytest.raises(ValueError, match="unknown unit 'weight'; one of money, count, units, share, number"):
        formats.text(1, "weight")


@given(st.floats(1e4, 9.99e14))
@settings(max_examples=100, deadline=None)
def test_compact_numbers_have_three_digits_and_are_near(value: float) -> None:
    shown = formats.text(value, "count")
    scales = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
    digits, letter = shown[:-1], shown[-1]
    assert 1 <= len(digits.replace(".", "")) <= 3
    assert 1 <= float(digits) < 1000
    assert float(digits) * scales[letter] == pytest.approx(value, rel=0.00501)


@given(st.floats(-1e12, 1e12), st.sampled_from(["money", "count", "share", "number"]), st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_value_and_its_opposite_differ_by_the_sign_only(value: float, unit: str, compact: bool) -> None:
    one = formats.text(abs(value), unit, "USD", compact=compact)
    other = formats.text(-abs(value), unit, "USD", compact=compact)
    assert other == (f"-{one}" if re.search("[1-9]", one) else one)


@pytest.mark.parametrize(
    ("change", "relative", "points"),
    [
        (0.0331, "+3.31%", "+3.31 pp"),
        (166 / 169 - 1, "-1.78%", "-1.78 pp"),
        (2.11, "+211%", "+211 pp"),
        (0.004, "+0.4%", "+0.4 pp"),
        (0.1, "+10%", "+10 pp"),
        (12.345, "+1,234%", "+1,234 pp"),
        (-1, "-100%", "-100 pp"),
        (0, "0%", "0 pp"),
        (-1e-7, "0%", "0 pp"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_changes(change: float | None, relative: str, points: str) -> None:
    assert formats.change_text(change, "money") == formats.change_text(change, "count") == relative
    assert formats.change_text(change, "share") == points


def test_differences_are_signed() -> None:
    assert formats.signed_text(1_200_000, "money", "USD") == "+$1.2M"
    assert formats.signed_text(-340, "count") == "-340"
    assert formats.signed_text(0, "count") == "0"
    assert formats.signed_text(0.001, "money", "USD") == "$0.00"
    assert formats.signed_text(0.004, "share") == "+0.4 pp"
    assert formats.signed_text(None, "money", "USD") == "–"


# ---- Vega and tables


def test_axis_labels() -> None:
    """Run with d3-format 3 they give: 0 $0, 0.5 $0.5, 2.5e9 $2.5B, -4500 -$4.5K, 99950 $100K, 1234567 $1.23M."""
    number = (
        "(abs(datum.value) < 1 ? format(abs(datum.value), '.2~f') : "
        "replace(replace(format(abs(datum.value), '.3~s'), 'k', 'K'), 'G', 'B'))"
    )
    assert formats.axis_label("count") == f"(datum.value < 0 ? '-' : '') + {number}"
    assert formats.axis_label("number") == formats.axis_label("money") == formats.axis_label("count")
    assert formats.axis_label("money", "EUR") == f"(datum.value < 0 ? '-' : '') + '€' + {number}"
    assert formats.axis_label("share") == "(datum.value < 0 ? '-' : '') + format(abs(datum.value) * 100, '.3~r') + '%'"


def test_columns() -> None:
    units = ("money", "count", "share", "number")
    assert [formats.column(unit, "USD") for unit in units] == ["$%,.2f", "%,.0f", "percent", "%,.2f"]
    assert formats.column("money", "JPY") == "¥%,.0f"
    assert formats.column("money", "CHF") == "CHF\u00a0%,.2f"
    assert [formats.change_column(unit) for unit in units] == ["percent", "percent", "%+.2f pp", "percent"]


# ---- Markdown


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("Ada Kim · #4612", r"Ada Kim · \#4612"),
        ("$5 and $6", r"\$5 and \$6"),
        ("a*b_c`d~e|f", r"a\*b\_c\`d\~e\|f"),
        ("[x](http://y) <b>", "\\[x\\](http\\:\u2060//y) \\<b\\>"),
        ("back\\slash", "back\\\\slash"),
        (":red[alarm]", r"\:red\[alarm\]"),
        (":material/check: :tada:", "\\:\u2060material/check\\: \\:\u2060tada\\:"),
        ("&lt;", r"\&lt;"),
        ("1. one", r"1\. one"),
        ("2) two", r"2\) two"),
        ("- x", r"\- x"),
        ("+1 555", r"\+1 555"),
        ("# head", r"\# head"),
        ("> quote", r"\> quote"),
        ("two\n\nlines", "two lines"),
        ("Smith, Jones & Co. (UK) 4.5-6%", r"Smith, Jones \& Co. (UK) 4.5-6%"),
        ("A -> B -- C >= 1 a->b", "A -\u2060\\> B -\u2060- C \\>\u2060= 1 a-\\>b"),
        ("www.x.com a@b.com", "www\u2060.x.com a\u2060@b.com"),
        ("", ""),
    ],
)
def test_plain(words: str, escaped: str) -> None:
    assert formats.plain(words) == escaped


# what Streamlit's Markdown still looks for in the text once its escapes are gone
SHORTCODE = re.compile(r":\+1:|:-1:|:[\w-]+:|:material_\w+:|:streamlit:|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)")
ADDRESS = re.compile(r"(https?://|www(?=\.))[-.\w]+|(?<![^\s\W])[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.IGNORECASE)


def assert_inert(words: str) -> None:
    escaped = formats.plain(words)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped)  # without the escapes and what they escape
    assert not re.search(r"[\\`*_\[\]{}<>#$:~&|]", bare), escaped
    assert "\n" not in escaped
    assert "\r" not in escaped
    assert not re.match(r"\s|[-+=]|\d+[.)]", escaped), escaped
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped)
    assert not SHORTCODE.search(f"{shown.replace(':material/', ':material_')}: {shown}"), escaped
    assert not ADDRESS.search(shown), escaped
    assert shown.replace("\u2060", "") == " ".join(words.split()).replace("\u2060", "")


def test_naughty_strings_are_inert_in_markdown(naughty: list[str]) -> None:
    for words in naughty:
        assert_inert(words)


@given(st.text(alphabet=":$*_[]`~#<>|\\&-+=1.)( \nabw@/", max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_text_is_inert_in_markdown(words: str) -> None:
    assert_inert(words)


@pytest.mark.parametrize(
    "words", [":material/check_circle:", ":streamlit:", ":+1:", ":a:b:", "http://x.y", "WWW.x.y", "a@b.c"]
)
def test_what_survives_escapes_is_broken_up(words: str) -> None:
    assert_inert(words)


# ---- file names


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("Revenue by country (São Paulo)", "revenue-by-country-sao-paulo"),
        ("../../etc/passwd", "etc-passwd"),
        ("con", "con-file"),
        ("LPT1", "lpt1-file"),
        ("Контакты", "sales"),
        ("", "sales"),
        ("x" * 200, "x" * 80),
    ],
)
def test_file_names(words: str, stem: str) -> None:
    assert formats.file_name(words) == stem


def test_naughty_file_names(naughty: list[str]) -> None:
    for words in naughty:
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,83}[a-z0-9])?", formats.file_name(words)), words


def test_the_ends_of_an_interval_never_read_alike() -> None:
    assert formats.interval(111_204, 118_876, 113_000, unit="money", currency="USD") == ["$111K", "$119K", "$113K"]
    assert formats.interval(111_204, 111_376, unit="money", currency="USD") == ["$111,204.00", "$111,376.00"]
    assert formats.interval(12, 12.4, 12.1, 12, unit="count") == ["12.00", "12.40", "12.10", "12.00"]
    assert formats.interval(25_110, 25_140, unit="units") == ["25,110", "25,140"]
