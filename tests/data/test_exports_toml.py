"""What the TOML of a known export may say; whatever else it says is refused in one sentence."""

from __future__ import annotations

from typing import Final

import pytest

from data.errors import DataError
from data.exports import exports
from data.exports.exports import folded, parse
from data.rules.policies import POLICIES

GOOD: Final = """
says = "a till's export"
title = "Till"
source = "https://example.com/till"
seen = false

[[tables]]
needs = ["Day", "Takings"]
role = "lines"

[tables.columns]
"Day" = "ordered_on"
"Takings" = "revenue"
"State" = "status"

[tables.rows]
no_sale = ["void"]
"""


def test_a_toml_that_says_what_it_must_is_read() -> None:
    export = parse("till.toml", GOOD)
    assert (export.name, export.layouts[0].columns["day"], export.layouts[0].no_sale) == (
        "till",
        "ordered_on",
        ("void",),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Till"', 'title = "Till"\nlogo = "x"', "till.toml, key logo: expected one of"),
        ("[tables.rows]", "[tables.rows]\nkept = []", "key tables.1.rows.kept"),
        ('role = "lines"', 'role = "lines"\nsheet = "1"', "key tables.1.sheet"),
        ('role = "lines"', 'role = "header"', "key tables.1.role: expected"),
        ('role = "lines"', "", "key tables.1.role: expected"),
        ('"Takings" = "revenue"', '"Takings" = "money"', "expected a meaning that lines can have for 'takings'"),
        ('"Takings" = "revenue"', '"Takings" = "ordered_on"', "expected each meaning once"),
        ('"State" = "status"', "", "expected a column with the meaning 'status'"),
        ('["Day", "Takings"]', '["Day"]', "expected two headers or more"),
        ("seen = false", 'seen = "no"', "key seen: expected true or false"),
        ("https://", "http://", "key source: expected an address of https"),
        ("[tables.rows]", '[tables.apart]\n"day" = "x"\n[tables.rows]', "expected no column that has a meaning"),
        ("[[tables]]", '[policies]\nno_such = "keep"\n[[tables]]', "key policies.no_such"),
        ("[[tables]]", '[answers]\nunits = "two"\n[[tables]]', "key answers.units"),
        ("says =", "says", "expected TOML"),
    ],
)
def test_whatever_a_toml_must_not_say_is_one_sentence(old: str, new: str, said: str) -> None:
    with pytest.raises(DataError) as error:
        parse("till.toml", GOOD.replace(old, new, 1))
    assert said in str(error.value)


def test_policies_of_exports_are_those_of_recipes() -> None:
    assert all(set(words) <= set(POLICIES[rule]) for rule, words in exports.POLICIES.items())


def test_headers_are_compared_without_case_blanks_and_marks() -> None:
    assert folded("\ufeff  Order\u00a0 Number* ") == folded("order number")
