"""Sides of a ledger in a column of their own, beside amounts that have no sign."""

from __future__ import annotations

import polars as pl
import pytest

from data.sources import ROW
from data.understanding.tables import table_of
from data.understanding.types import Choices, Understanding
from data.understanding.understand import understood

AMOUNTS = (120.10, 80.25, 64.00, 210.40, 95.15, 33.30, 150.75, 71.05)
BACK = (2, 5)
"""Rows that were taken back: 97.30 of 825.00."""


def _ledger(name: str, sold: str, back: str, credited: tuple[int, ...] = BACK, sign: int = 1) -> Understanding:
    header = ["Voucher", "Date", "Client", "Item", "Pieces", "Amount", name]
    body = [
        [f"G{n}", f"2025-03-{n + 3:02d}", f"K{n % 3}", "Oak", "2",
         f"{amount * (sign if n in credited else 1):.2f}", back if n in credited else sold]
        for n, amount in enumerate(AMOUNTS)
    ]  # fmt: skip
    frame = pl.DataFrame(body, schema=header, orient="row").with_row_index(ROW, offset=2)
    return understood([table_of("ledger.csv", frame.lazy(), len(body))])


def _revenue(found: Understanding) -> float:
    assert found.totals is not None
    return found.totals.revenue


@pytest.mark.parametrize(
    ("name", "sold", "back"),
    [
        ("S/H", "S", "H"), ("D/C", "D", "C"), ("D / K", "D", "K"), ("DrCr", "Dr.", "Cr."), ("Wn/Ma", "Wn", "Ma"),
        ("Soll-/Haben-Kennzeichen", "S", "H"), ("MD/D", "MD", "D"), ("B/A", "B", "A"), ("Débit/Crédit", "D", "C"),
        ("Type", "Soll", "Haben"), ("x7", "Dare", "Avere"), ("Debe o haber", "Debe", "Haber"), ("Sens", "D", "C"),
        ("+/-", "+", "-"), ("Sign", "+", "-"), ("Posting side", "credit", "debit"), ("Naturaleza", "H", "D"),
        ("借贷", "借", "贷"), ("Дт/Кт", "Дт", "Кт"),
    ],
)  # fmt: skip
def test_the_side_with_most_of_the_money_is_what_was_sold(name: str, sold: str, back: str) -> None:
    found = _ledger(name, sold, back)
    assert _revenue(found) == 727.70
    assert not found.open({})
    assert found.content["lines"]["columns"]["status"] == {"column": name, "returns": [back]}
    assert found.content["policies"]["negative_quantity"] == "returns"


def test_many_rows_of_little_money_are_taken_back() -> None:
    found = _ledger("D/C", "D", "C", credited=(2, 5, 7))
    assert _revenue(found) == 656.65  # Three of eight rows, but a fifth of the money.


@pytest.mark.parametrize(("name", "credited"), [("D/C", (0, 3, 4)), ("S/H", (0, 1, 2, 6))])
def test_sides_of_much_money_are_asked(name: str, credited: tuple[int, ...]) -> None:
    found = _ledger(name, *name.split("/"), credited=credited)
    assert {question.key for question in found.open({})} == {f"status:{name}:{side}" for side in name.split("/")}


@pytest.mark.parametrize(("name", "sold", "back"), [("Flag", "D", "C"), ("Kind", "Debit", "Credit"), ("z", "S", "H")])
def test_a_name_that_says_nothing_of_sides_is_asked(name: str, sold: str, back: str) -> None:
    found = _ledger(name, sold, back)
    (question,) = found.open({})
    assert question.key == f"status:{name}:{back}"
    totals = {answer.key: answer.totals.revenue for answer in question.answers if answer.totals}
    assert totals == {"sale": 825.00, "no_sale": 727.70, "returns": 727.70}
    recipe = found.recipe(Choices(answers={question.key: "returns"}))
    assert recipe["lines"]["columns"]["status"]["returns"] == [back]


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("Paid by card", "Debit", "Credit"),
        ("Zahlungsart", "Debit", "Credit"),
        ("Shelf", "A", "B"),
        ("Region", "S", "H"),
    ],
)
def test_cards_shelves_and_places_are_no_sides(name: str, one: str, other: str) -> None:
    found = _ledger(name, one, other)
    assert _revenue(found) == 825.00
    assert not found.open({})
    assert "status" not in found.content["lines"]["columns"]


def test_amounts_below_zero_need_no_side() -> None:
    assert _revenue(_ledger("S/H", "S", "H", sign=-1)) == 727.70
